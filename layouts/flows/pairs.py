"""The map of the largest flows between two members, drawn as goods move."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from layouts.charts import Figure, base_layout, figure, mark, tooltip
from layouts.flows.listing import map_list
from layouts.flows.quality import DOUBTFUL, quality_lines, standing
from layouts.flows.wording import (
    amount,
    measured_column,
    nothing,
    region_colour,
    source_text,
    trade_subtitle,
)
from layouts.flows.world import geo
from layouts.palette import REGION_COLOURS
from layouts.panels import Drawing, Frames
from layouts.scene import Scene

ARCS_AT_MOST: Final = 40
ARCS_ON_STAGE: Final = 20
STEPS: Final = 24
BULGE: Final = 0.18
"""How far an arc leaves the straight line, as a share of its length: to the left of its way, so
that the two directions of a pair part."""

NORTH_AT_MOST: Final = 78.0

WIDTHS: Final = (1.0, 2.0, 3.5, 5.5, 8.0)
Point = tuple[float, float]


def draw_arcs(frames: Frames, scene: Scene) -> Drawing:
    """The largest flows as arcs; what is not drawn is said."""
    frame = frames["pair_flows"]
    column = measured_column(scene)
    drawn = drawable(frame, scene)
    if drawn.empty:
        return Drawing(empty=nothing(scene))
    words, rows = scene.words, drawn.to_dict("records")
    total = float(frame[f"all_{column}"].iloc[0])
    shown = float(drawn[column].sum())
    note = words(
        "flows.arcs.rest",
        count=len(drawn),
        pairs=words.number(int(frame["pair_count"].iloc[0])),
        share=words.value(shown / total, "share"),
        rest=amount(total - shown, scene),
    )
    return Drawing(
        figure=flow_map(frame, scene, is_small=False),
        subtitle=trade_subtitle(scene, frame, towards=True),
        note=" ".join(
            [
                note,
                words("flows.arcs.read"),
                *([words("flows.quality.arc")] if any(_is_doubtful(row) for row in rows) else []),
                words("flows.map.disclaimer"),
            ]
        ),
        listing=_listing(drawn, column, scene),
    )


def _is_doubtful(row: Any) -> bool:
    return standing(row).doubtful >= DOUBTFUL


def _listing(drawn: pd.DataFrame, column: str, scene: Scene) -> Any:
    """Return the arcs as a list, from origin to destination; what is no member is only named."""
    is_import = scene.selection.flow in ("M", "RM")
    entries = []
    for row in drawn.to_dict("records"):
        ours, theirs = str(row["reporter_iso3"]), str(row["partner_iso3"])
        event = mark("member", ours) if ours in scene.catalogue.members else ""
        ends = [
            (scene.names.member(ours), event),
            (scene.names.member(theirs), mark("partner", theirs)),
        ]
        entries.append((ends[::-1] if is_import else ends, amount(row[column], scene)))
    return map_list(scene.words("flows.arcs.list"), entries, scene)


def drawable(frame: pd.DataFrame, scene: Scene, *, is_small: bool = False) -> pd.DataFrame:
    """Return the largest pairs of which both places are known, largest first."""
    column = measured_column(scene)
    places = scene.names.coordinates
    known = (
        frame["reporter_iso3"].isin(list(places))
        & frame["partner_iso3"].isin(list(places))
        & (frame[column] > 0)
    )
    most = ARCS_ON_STAGE if is_small or scene.is_present else ARCS_AT_MOST
    return frame[known].head(most)


def arc(start: Point, end: Point) -> list[Point]:
    """Return (longitude, latitude) along a bow on the map from start to end, the shorter way round.

    A great circle would lead half of the world's trade over the pole.
    """
    east = (end[0] - start[0] + 180) % 360 - 180
    north = end[1] - start[1]
    points = []
    for step in range(STEPS + 1):
        t = step / STEPS
        bow = BULGE * 4 * t * (1 - t)
        lon = start[0] + t * east - bow * north
        lat = start[1] + t * north + bow * east
        points.append(((lon + 180) % 360 - 180, max(-NORTH_AT_MOST, min(NORTH_AT_MOST, lat))))
    return points


def width_of(value: float, largest: float) -> float:
    """Return the width of an arc: in proportion to its value, in a few steps."""
    wanted = WIDTHS[-1] * value / largest
    return min(WIDTHS, key=lambda width: abs(width - wanted))


def flow_map(frame: pd.DataFrame, scene: Scene, *, is_small: bool) -> Figure:
    """Return the largest pairs as arcs from origin to destination.

    Arcs of one origin region and one width are one trace; an arrow ends each.
    """
    palette = scene.palette
    column = measured_column(scene)
    drawn = drawable(frame, scene, is_small=is_small)
    places = scene.names.coordinates
    is_import = scene.selection.flow in ("M", "RM")
    largest = float(drawn[column].max()) if len(drawn) else 1.0
    grow = 2.0 if scene.is_present else 0.6 if is_small else 1.0
    chosen = set(scene.chosen.partners)
    groups: dict[tuple[str, float, bool, bool], list[Any]] = {}
    for row in drawn.to_dict("records"):
        region = row["partner_region_id"] if is_import else row["reporter_region_id"]
        is_muted = bool(chosen) and row["partner_iso3"] not in chosen
        width = width_of(row[column], largest)
        key = (str(region), width, is_muted, _is_doubtful(row))
        groups.setdefault(key, []).append(row)
    data: list[dict[str, Any]] = []
    middles: list[tuple[Point, Any]] = []
    # Thin arcs last, so that wide ones do not hide them.
    for key, members in sorted(groups.items(), key=lambda g: -g[0][1]):
        region, width, is_muted, is_doubtful = key
        lon: list[float | None] = []
        lat: list[float | None] = []
        sizes: list[float] = []
        for row in members:
            start, end = places[row["reporter_iso3"]], places[row["partner_iso3"]]
            line = arc(end, start) if is_import else arc(start, end)
            lon += [*(p[0] for p in line), None]
            lat += [*(p[1] for p in line), None]
            sizes += [0.0] * (len(line) - 1) + [(8 + 1.6 * width) * grow, 0.0]
            middles.append((line[len(line) // 2], row))
        colour = region_colour(region, palette)
        data.append(
            {
                "type": "scattergeo",
                "mode": "lines+markers",
                "lon": lon,
                "lat": lat,
                "opacity": 0.2 if is_muted else 0.8,
                "line": {
                    "width": width * grow,
                    "color": colour,
                    "dash": "dot" if is_doubtful else "solid",
                },
                "marker": {
                    "symbol": "arrow",
                    "angleref": "previous",
                    "size": sizes,
                    "color": colour,
                    "opacity": 1,
                    "line": {"width": 0},
                },
                "hoverinfo": "skip",
                "name": region,
            }
        )
    data.append(_handles(middles, scene, is_small=is_small))
    return figure(data, _layout(scene, is_small=is_small))


def _handles(middles: list[tuple[Point, Any]], scene: Scene, *, is_small: bool) -> dict[str, Any]:
    """Return the points that tell an arc's story and take its clicks."""
    by_partner = bool(scene.chosen.members)
    marks = [
        mark("partner", row["partner_iso3"]) if by_partner else mark("member", row["reporter_iso3"])
        for _, row in middles
    ]
    return {
        "type": "scattergeo",
        "mode": "markers",
        "lon": [point[0] for point, _ in middles],
        "lat": [point[1] for point, _ in middles],
        "marker": {
            "size": scene.font_size * (0.35 if is_small else 0.45),
            "color": scene.palette.paper,
            "opacity": 0.9,
            "line": {
                "width": 1.5,
                "color": [
                    region_colour(
                        row["partner_region_id"]
                        if scene.selection.flow in ("M", "RM")
                        else row["reporter_region_id"],
                        scene.palette,
                    )
                    for _, row in middles
                ],
            },
        },
        "hovertext": [_story(row, scene) for _, row in middles],
        "hoverinfo": "text",
        "customdata": marks,
        "name": "handles",
    }


def _story(row: Any, scene: Scene) -> str:
    words, names = scene.words, scene.names
    column = measured_column(scene)
    total = float(row[f"all_{column}"])
    way = "in" if scene.selection.flow in ("M", "RM") else "out"
    return tooltip(
        words(
            f"flows.way.{way}",
            ours=names.member(row["reporter_iso3"]),
            theirs=names.member(row["partner_iso3"]),
        ),
        amount(row[column], scene),
        words("flows.share_of_all", share=words.value(row[column] / total, "share")),
        *quality_lines(row, scene),
        words("common.n", n=words.number(row["n"])),
        source_text(scene),
    )


def _layout(scene: Scene, *, is_small: bool) -> dict[str, Any]:
    layout = base_layout(
        scene,
        geo=geo(scene),
        margin={"l": 0, "r": 0, "t": 0, "b": 0},
        annotations=[] if is_small else _legend(scene),
    )
    del layout["xaxis"], layout["yaxis"]
    return layout


def _legend(scene: Scene) -> list[dict[str, Any]]:
    """Return the colours of origin regions as a direct key at the lower left."""
    names = [
        f'<span style="color:{REGION_COLOURS[region]}">■</span> {scene.names.region(region)}'
        for region in scene.catalogue.regions
    ]
    return [
        {
            "x": 0,
            "y": 0,
            "xref": "paper",
            "yref": "paper",
            "xanchor": "left",
            "yanchor": "bottom",
            "align": "left",
            "showarrow": False,
            "text": "<br>".join(names),
            "font": {"size": scene.font_size if scene.is_present else 11},
        }
    ]
