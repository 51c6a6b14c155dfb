"""The matrix of regions: what each sells to, or buys from, every other."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from dashboard.flows import OUTSIDE
from layouts.charts import Figure, annotation, axis, base_layout, figure, mark, safe, tooltip
from layouts.flows.quality import DOUBTFUL, quality_lines, standing
from layouts.flows.scale import breaks_of, class_of, colours_for, discrete_scale
from layouts.flows.wording import (
    amount,
    chosen_regions,
    measured_column,
    nothing,
    region_code,
    region_colour,
    region_name,
    source_text,
    trade_subtitle,
)
from layouts.panels import Drawing, Frames
from layouts.scene import Scene

LINE_AT_MOST: Final = 20


def draw_matrix(frames: Frames, scene: Scene) -> Drawing:
    """Regions down, partner regions across."""
    frame = frames["region_flows"]
    if not frame[measured_column(scene)].sum() > 0:
        return Drawing(empty=nothing(scene))
    drawn = region_matrix(frame, scene, is_small=False)
    notes = [scene.words(f"flows.matrix.read.{'in' if _is_import(scene) else 'out'}")]
    if len(drawn["data"]) > 1:
        notes.append(scene.words("flows.quality.line"))
    return Drawing(
        figure=drawn,
        subtitle=trade_subtitle(scene, frame, scope=False),
        note=" ".join(notes),
    )


def _is_import(scene: Scene) -> bool:
    return scene.selection.flow in ("M", "RM")


def region_matrix(frame: pd.DataFrame, scene: Scene, *, is_small: bool) -> Figure:
    """Return the matrix as a classed heatmap with the values written in.

    ``is_small`` leaves out the sums and shortens the labels, for a panel among others.
    """
    words, palette = scene.words, scene.palette
    column = measured_column(scene)
    regions = [*scene.catalogue.regions]
    if OUTSIDE in {*frame["reporter_region_id"], *frame["partner_region_id"]}:
        regions.append(OUTSIDE)
    cells = {
        (str(row["reporter_region_id"]), str(row["partner_region_id"])): row
        for row in frame.to_dict("records")
    }
    breaks = breaks_of([row[column] for row in cells.values()], scene)
    colours = colours_for(breaks, scene)
    total = float(frame[column].sum())
    z: list[list[int | None]] = []
    texts: list[list[str]] = []
    hover: list[list[str]] = []
    marks: list[list[str]] = []
    for ours in regions:
        lines: list[tuple[int | None, str, str, str]] = []
        for theirs in regions:
            row = cells.get((ours, theirs))
            value = float(row[column]) if row else float("nan")
            if row is None or not value > 0:
                lines.append((None, "", _story(ours, theirs, None, total, scene), ""))
                continue
            link = mark("pair", ours, theirs) if OUTSIDE not in (ours, theirs) else ""
            lines.append(
                (
                    class_of(value, breaks),
                    words.short(value / 1000 if column == "mass_kg" else value),
                    _story(ours, theirs, row, total, scene),
                    link,
                )
            )
        z.append([line[0] for line in lines])
        texts.append([line[1] for line in lines])
        hover.append([line[2] for line in lines])
        marks.append([line[3] for line in lines])
    places = list(range(len(regions)))
    cell_size = scene.font_size if scene.is_present else 11 if is_small else 12
    data: list[dict[str, Any]] = [
        {
            "type": "heatmap",
            "x": places,
            "y": places,
            "z": z,
            "zmin": -0.5,
            "zmax": len(colours) - 0.5,
            "colorscale": discrete_scale(colours),
            "showscale": False,
            "xgap": 2,
            "ygap": 2,
            "text": texts,
            "texttemplate": "%{text}",
            "textfont": {"size": cell_size},
            "hovertext": hover,
            "hoverinfo": "text",
            "hoverongaps": False,
            "customdata": marks,
        }
    ]
    if not is_small:
        data += _doubts(cells, regions, breaks, scene)
    annotations = [] if is_small else _sums(frame, regions, scene, cell_size)
    count = len(regions)
    edge = count - 0.5 + (0 if is_small else 1.05)
    layout = base_layout(
        scene,
        xaxis=axis(
            palette,
            side="top",
            showgrid=False,
            tickangle=0,
            tickvals=places if is_small else [*places, count + 0.05],
            ticktext=[
                *(_heading(region, scene) for region in regions),
                *([] if is_small else [words("flows.matrix.sum")]),
            ],
            tickfont={"size": scene.font_size if scene.is_present else 12, "color": palette.ink},
            range=[-0.5, edge],
        ),
        yaxis=axis(
            palette,
            showgrid=False,
            tickvals=places if is_small else [*places, count + 0.05],
            ticktext=[
                *(
                    _heading(region, scene)
                    if is_small
                    else _wrapped(region_name(region, scene), region, scene)
                    for region in regions
                ),
                *([] if is_small else [words("flows.matrix.sum")]),
            ],
            tickfont={"size": scene.font_size if scene.is_present else 12, "color": palette.ink},
            range=[edge, -0.5],
        ),
        shapes=_emphasis(regions, scene),
        annotations=annotations,
        margin={"l": 8, "r": 4, "t": 8, "b": 4},
    )
    return figure(data, layout)


def _heading(region: str, scene: Scene) -> str:
    colour = region_colour(region, scene.palette)
    return f'<span style="color:{colour}">■</span> {safe(region_code(region, scene))}'


def _wrapped(text: str, region: str, scene: Scene) -> str:
    """Break a long name in two, with its region's colour before it."""
    words = text.split()
    lines = [""]
    for word in words:
        if lines[-1] and len(lines[-1]) + len(word) + 1 > LINE_AT_MOST:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    colour = region_colour(region, scene.palette)
    return f'<span style="color:{colour}">■</span> ' + "<br>".join(safe(line) for line in lines)


def _story(ours: str, theirs: str, row: Any, total: float, scene: Scene) -> str:
    words = scene.words
    way = ("in" if _is_import(scene) else "out", region_name(ours, scene))
    head = words(f"flows.way.{way[0]}", ours=way[1], theirs=region_name(theirs, scene))
    if row is None:
        return tooltip(head, words("flows.none"))
    value = float(row[measured_column(scene)])
    return tooltip(
        head,
        amount(value, scene),
        words("flows.share_of_all", share=words.value(value / total if total else None, "share")),
        *quality_lines(row, scene),
        words("common.n", n=words.number(row["n"])),
        source_text(scene),
    )


def _doubts(
    cells: dict[tuple[str, str], Any], regions: list[str], breaks: list[float], scene: Scene
) -> list[dict[str, Any]]:
    """Return dotted lines at the foot of cells, as long as what is not plainly reported."""
    palette, column = scene.palette, measured_column(scene)
    lines: dict[str, tuple[list[float | None], list[float | None]]] = {}
    for (ours, theirs), row in cells.items():
        value, share = float(row[column]), standing(row).doubtful
        if not value > 0 or share < DOUBTFUL:
            continue
        x, y = regions.index(theirs), regions.index(ours)
        is_deep = class_of(value, breaks) >= (len(breaks) - 1) // 2
        xs, ys = lines.setdefault(palette.paper if is_deep else palette.ink, ([], []))
        xs += [x - 0.44, x - 0.44 + 0.88 * share, None]
        ys += [y + 0.38, y + 0.38, None]
    return [
        {
            "type": "scatter",
            "mode": "lines",
            "name": "doubts",
            "x": xs,
            "y": ys,
            "line": {"width": 4 if scene.is_present else 2, "dash": "dot", "color": colour},
            "hoverinfo": "skip",
        }
        for colour, (xs, ys) in lines.items()
    ]


def _sums(frame: pd.DataFrame, regions: list[str], scene: Scene, size: int) -> list[dict[str, Any]]:
    column = measured_column(scene)
    divisor = 1000 if column == "mass_kg" else 1
    by_ours = frame.groupby("reporter_region_id")[column].sum()
    by_theirs = frame.groupby("partner_region_id")[column].sum()
    beyond = len(regions) + 0.05
    font = {"size": size, "color": scene.palette.soft_ink}

    def written(x: float, y: float, value: float) -> dict[str, Any]:
        return annotation(scene, x, y, scene.words.short(value / divisor), font=font)

    found = [written(beyond, i, by_ours.get(r, 0.0)) for i, r in enumerate(regions)]
    found += [written(i, beyond, by_theirs.get(r, 0.0)) for i, r in enumerate(regions)]
    return [*found, written(beyond, beyond, float(frame[column].sum()))]


def _emphasis(regions: list[str], scene: Scene) -> list[dict[str, Any]]:
    """Mute what is not chosen, and outline what is."""
    ours = [regions.index(r) for r in chosen_regions(scene) if r in regions]
    theirs = [regions.index(r) for r in scene.chosen.partner_regions if r in regions]
    if not ours and not theirs:
        return []
    everything = range(len(regions))
    rows, columns = ours or list(everything), theirs or list(everything)
    palette = scene.palette
    shapes: list[dict[str, Any]] = []
    for y in everything:
        muted = [x for x in everything if y not in rows or x not in columns]
        shapes += [
            {
                "type": "rect",
                "x0": x - 0.5,
                "x1": x + 0.5,
                "y0": y - 0.5,
                "y1": y + 0.5,
                "line": {"width": 0},
                "fillcolor": palette.paper,
                "opacity": 0.6,
            }
            for x in muted
        ]
    shapes += [
        {
            "type": "rect",
            "x0": min(columns) - 0.5 if not theirs else x - 0.5,
            "x1": max(columns) + 0.5 if not theirs else x + 0.5,
            "y0": y - 0.5,
            "y1": y + 0.5,
            "line": {"width": 2, "color": palette.accent},
        }
        for y in rows
        for x in (theirs or [0])
        if ours
    ]
    if not ours:
        shapes += [
            {
                "type": "rect",
                "x0": x - 0.5,
                "x1": x + 0.5,
                "y0": -0.5,
                "y1": len(regions) - 0.5,
                "line": {"width": 2, "color": palette.accent},
            }
            for x in theirs
        ]
    return shapes
