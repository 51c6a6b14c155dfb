"""The small board of regions: regions down, periods across, on-time share by class."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from layouts.charts import Figure, axis, base_layout, figure, mark, rows, safe, tooltip
from layouts.palette import REGION_COLOURS
from layouts.panels import Drawing, Frames
from layouts.scene import Scene
from layouts.timeliness.board_rows import member_regions, sorting_name
from layouts.timeliness.fitting import period_ticks
from layouts.timeliness.legend import (
    STATUS_CODES,
    STATUS_ORDER,
    hatched,
    share_class,
    share_legend,
    status_colours,
    status_legend,
    stepped_scale,
    with_muted,
)
from layouts.timeliness.stories import cell_stories, values_of

NAMED_ROWS: Final = 20
"""Most rows of a small board that have a name each."""


def draw_region_status_board(frames: Frames, scene: Scene) -> Drawing:
    """Regions by periods; the members of the one region that is selected."""
    frame = frames["status_by_region"]
    words, regions = scene.words, scene.chosen.regions
    members = frames.get("status_board", frames.get("obligation_status"))
    collection = scene.names.collections[scene.selection.collection or ""]
    if members is not None and len(regions) == 1 and not scene.is_present:
        inside = members[members["region_id"] == regions[0]]
        if not inside.empty:
            counts = {str(k): int(n) for k, n in inside["status"].value_counts().items()}
            return Drawing(
                figure=region_status_board(inside, scene),
                subtitle=scene.subtitle(collection, scene.names.region(regions[0])),
                note=status_legend(scene, counts),
            )
    if frame.empty:
        return Drawing(
            empty=words(
                "timeliness.no_obligations",
                scope=scene.scope_within,
                range=scene.range_text,
                collection=collection,
            )
        )
    return Drawing(
        figure=region_status_board(frame, scene, is_small=not scene.is_present),
        subtitle=scene.subtitle(collection, words.label("on_time_share")),
        note=share_legend(scene),
    )


def region_status_board(frame: pd.DataFrame, scene: Scene, *, is_small: bool = True) -> Figure:
    """Return the board of ``status_by_region``, or of obligations: then members are the rows.

    ``is_small`` is for a quarter of a screen, where many members have no room for names.
    """
    if "member_iso3" in frame.columns:
        return _board_of_members(frame, scene, is_small=is_small)
    return _board_of_regions(frame, scene)


def _board_of_regions(frame: pd.DataFrame, scene: Scene) -> Figure:
    palette, words, names = scene.palette, scene.words, scene.names
    regions = [one for one in scene.catalogue.regions if one in set(frame["region_id"])]
    periods = sorted(frame["period_id"].unique())
    places = {region: y for y, region in enumerate(regions)}
    columns = {period: x for x, period in enumerate(periods)}
    classes = len(palette.sequential)
    chosen = _highlighted_regions(scene)
    z, texts, marks = _grids(len(regions), len(periods))
    missing: tuple[list[float], list[float]] = ([], [])
    stories: list[str] = []
    sums = {region: [0, 0] for region in regions}
    for row in rows(frame):
        x, y = columns[row.period_id], places[row.region_id]
        story = _region_story(row, scene)
        marks[y][x], texts[y][x] = mark("region", row.region_id), story
        if row.counted:
            sums[row.region_id][0] += round(row.on_time_share * row.counted)
            sums[row.region_id][1] += int(row.counted)
        if pd.isna(row.on_time_share) or row.pending:
            missing[0].append(y)
            missing[1].append(x - 0.5)
            stories.append(story)
            continue
        muted = classes if chosen and row.region_id not in chosen else 0
        z[y][x] = share_class(row.on_time_share) + muted
    data = [
        _grid(z, texts, marks, with_muted(palette.sequential, palette)),
        hatched(
            scene,
            *missing,
            hovertext=stories,
            customdata=[mark("region", regions[int(y)]) for y in missing[0]],
        ),
    ]
    ends = [
        words.measured(done / counted, "on_time_share")
        if counted
        else words("timeliness.none_short")
        for done, counted in sums.values()
    ]
    ticks = [
        f'<span style="color:{REGION_COLOURS[region]}">■</span> {safe(names.region(region))}'
        for region in regions
    ]
    data.append(_ends(ends, [mark("region", region) for region in regions], len(periods), scene))
    return figure(data, _board_layout(periods, ticks, scene))


def _board_of_members(frame: pd.DataFrame, scene: Scene, *, is_small: bool) -> Figure:
    palette, names = scene.palette, scene.names
    order = {region: i for i, region in enumerate(scene.catalogue.regions)}
    regions = member_regions(frame)
    members = sorted(regions, key=lambda m: (order[regions[m]], sorting_name(names.member(m))))
    periods = sorted(frame["period_id"].unique())
    places = {iso3: y for y, iso3 in enumerate(members)}
    columns = {period: x for x, period in enumerate(periods)}
    chosen = set(scene.chosen.members) & set(members)
    z, texts, marks = _grids(len(members), len(periods))
    for iso3, period, status, story in zip(
        values_of(frame["member_iso3"]),
        values_of(frame["period_id"]),
        values_of(frame["status"]),
        cell_stories(frame, scene),
        strict=True,
    ):
        x, y = columns[period], places[iso3]
        muted = len(STATUS_ORDER) if chosen and iso3 not in chosen else 0
        z[y][x] = STATUS_CODES[status] + muted
        texts[y][x], marks[y][x] = story, mark("member", iso3)
    data = [_grid(z, texts, marks, with_muted(status_colours(palette), palette))]
    is_named = len(members) <= NAMED_ROWS or not is_small
    ticks = [
        f"<b>{safe(names.member(iso3))}</b>"
        if iso3 in chosen
        else safe(names.member(iso3))
        if is_named
        else ""
        for iso3 in members
    ]
    return figure(data, _board_layout(periods, ticks, scene, end=12))


def _highlighted_regions(scene: Scene) -> set[str]:
    chosen = scene.chosen
    if chosen.members:
        return {scene.catalogue.members[iso3] for iso3 in chosen.members}
    return set(chosen.regions)


def _grids(
    height: int, width: int
) -> tuple[list[list[int | None]], list[list[str]], list[list[str]]]:
    return (
        [[None] * width for _ in range(height)],
        [[""] * width for _ in range(height)],
        [[""] * width for _ in range(height)],
    )


def _grid(
    z: list[list[int | None]],
    texts: list[list[str]],
    marks: list[list[str]],
    colours: list[str],
) -> dict[str, Any]:
    return {
        "type": "heatmap",
        "x0": 0,
        "dx": 1,
        "y0": 0,
        "dy": 1,
        "z": z,
        "zmin": -0.5,
        "zmax": len(colours) - 0.5,
        "colorscale": stepped_scale(colours),
        "showscale": False,
        "xgap": 1,
        "ygap": 1,
        "customdata": marks,
        "text": texts,
        "hoverinfo": "text",
        "hoverongaps": False,
    }


def _region_story(row: Any, scene: Scene) -> str:
    words = scene.words
    states = ("on_time", "late", "overdue", "pending", "unknown", "waived")
    counts = [
        f"{words.number(getattr(row, state))} {words(f'status.{state}')}"
        for state in states
        if getattr(row, state)
    ]
    share = (
        words("timeliness.still_open", pending=words.number(row.pending))
        if row.pending
        else words("timeliness.nothing_counted")
        if pd.isna(row.on_time_share)
        else f"{words.label('on_time_share')} {words.measured(row.on_time_share, 'on_time_share')}"
    )
    return tooltip(
        f"{scene.names.region(row.region_id, is_short=False)}, {words.period(int(row.period_id))}",
        share,
        ", ".join(counts),
        words("common.n", n=words.number(row.counted)),
    )


def _ends(texts: list[str], marks: list[str], periods: int, scene: Scene) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "text",
        "x": [periods - 0.5] * len(texts),
        "y": list(range(len(texts))),
        "text": texts,
        "textposition": "middle right",
        "textfont": {"size": scene.font_size, "color": scene.palette.ink},
        "customdata": marks,
        "hoverinfo": "skip",
        "cliponaxis": False,
    }


def _board_layout(
    periods: list[int], ticks: list[str], scene: Scene, *, end: int = 44
) -> dict[str, Any]:
    palette, shown = scene.palette, period_ticks(periods, scene.words)
    size = scene.font_size
    return base_layout(
        scene,
        xaxis=axis(
            palette,
            side="top",
            showgrid=False,
            tickangle=0,
            tickvals=[i for i, _ in shown],
            ticktext=[text for _, text in shown],
            range=[-0.5, len(periods) - 0.5],
        ),
        yaxis=axis(
            palette,
            showgrid=False,
            tickvals=[y for y, text in enumerate(ticks) if text],
            ticktext=[text for text in ticks if text],
            tickfont={"size": size if len(ticks) <= 12 else max(9, size - 3), "color": palette.ink},
            range=[len(ticks) - 0.5, -0.5],
        ),
        bargap=0,
        margin={"l": 4, "r": end * (2 if scene.is_present else 1), "t": 4, "b": 4},
    )
