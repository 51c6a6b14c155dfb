"""The gap as a waterfall: from our record, cause by cause, to the partners'."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from layouts.charts import Figure, annotation, figure, rows, tooltip, waterfall_layout
from layouts.mirror.subject import (
    nothing,
    part_colours,
    record_name,
    short,
    side_names,
    signed,
    subtitle,
)
from layouts.panels import Drawing, Frames
from layouts.scene import Scene

BAR: Final = 0.56
NAME_ON_AXIS: Final = 30


def draw_waterfall(frames: Frames, scene: Scene) -> Drawing:
    """Return the waterfall; its title says how much of the gap is explained."""
    frame = frames["mirror_split"]
    if frame.empty:
        return nothing(scene)
    words = scene.words
    margin = words.value(scene.framework.framework.cif_fob_margin, "share")
    return Drawing(
        figure=gap_waterfall(frame, scene),
        title=_finding(frame, scene),
        subtitle=subtitle(frame, scene),
        note=words("mirror.waterfall_note", margin=margin),
    )


def _finding(frame: pd.DataFrame, scene: Scene) -> str:
    words = scene.words
    gap = float(frame["part_usd"].sum())
    if abs(gap) < 0.5:
        return words("mirror.no_gap")
    largest = str(frame["part"].to_numpy()[frame["part_usd"].abs().to_numpy().argmax()])
    is_importers = (gap > 0) == (scene.selection.flow != "M")
    return words(
        "mirror.importer_higher" if is_importers else "mirror.exporter_higher",
        amount=words.value(abs(gap), "usd"),
        part=words(f"mirror.part.{largest}").lower(),
    )


def gap_waterfall(frame: pd.DataFrame, scene: Scene) -> Figure:
    """Return a row per record and part: dots for records, floating bars for parts."""
    words, palette = scene.words, scene.palette
    size = scene.font_size if scene.is_present else 12
    colours = part_colours(palette)
    parts = rows(frame)
    start = float(parts[0].reported_usd)
    end = float(parts[0].mirrored_usd)
    ours, theirs = side_names(frame, scene)
    labels = [short(record_name(ours, scene, is_ours=True), NAME_ON_AXIS)]
    bars: dict[str, list[Any]] = {"y": [], "x": [], "base": [], "color": [], "hover": []}
    links: dict[str, list[float | None]] = {"x": [], "y": []}
    level = start
    ends = [start]
    for place, row in enumerate(parts, start=1):
        links["x"] += [level, level, None]
        links["y"] += [place - 1, place, None]
        bars["y"].append(place)
        bars["x"].append(row.part_usd)
        bars["base"].append(level)
        bars["color"].append(colours[row.part])
        bars["hover"].append(_story(row, scene))
        labels.append(words(f"mirror.part.{row.part}"))
        level += row.part_usd
        ends.append(level)
    last = len(parts) + 1
    links["x"] += [level, end, None]
    links["y"] += [last - 1, last, None]
    labels.append(short(record_name(theirs, scene, is_ours=False), NAME_ON_AXIS))
    dot = scene.font_size * 0.9
    data: list[dict[str, Any]] = [
        {
            "type": "scatter",
            "mode": "lines",
            "name": "links",
            "x": links["x"],
            "y": links["y"],
            "line": {"color": palette.muted, "width": 1, "dash": "dot"},
            "hoverinfo": "skip",
        },
        {
            "type": "bar",
            "orientation": "h",
            "name": "parts",
            "y": bars["y"],
            "x": bars["x"],
            "base": bars["base"],
            "width": BAR,
            "marker": {"color": bars["color"]},
            "hovertext": bars["hover"],
            "hoverinfo": "text",
        },
        {
            "type": "scatter",
            "mode": "markers",
            "name": "records",
            "x": [start, end],
            "y": [0, last],
            "marker": {
                "symbol": ["circle", "diamond-open"],
                "size": dot,
                "color": palette.ink,
                "line": {"width": 2},
            },
            "hovertext": [
                tooltip(labels[0], words.value(start, "usd")),
                tooltip(labels[-1], words.value(end, "usd")),
            ],
            "hoverinfo": "text",
            "cliponaxis": False,
        },
    ]
    layout = waterfall_layout(
        scene,
        [*ends, end],
        labels,
        size,
        top=0.9,
        right=size * 14,
        annotations=_values(parts, (start, end), scene, size),
    )
    return figure(data, layout)


def _values(
    parts: list[Any], records: tuple[float, float], scene: Scene, size: int
) -> list[dict[str, Any]]:
    """Return two columns at the right: the net part, and what moves both ways."""
    words, palette = scene.words, scene.palette
    strong = {"size": size, "color": palette.ink}
    soft = {"size": size, "color": palette.soft_ink}

    def written(place: float, text: str, shift: float, font: dict[str, Any]) -> dict[str, Any]:
        return annotation(
            scene,
            1,
            place,
            text,
            xref="paper",
            xanchor="right",
            xshift=shift,
            font=font,
        )

    first, second = size * 6.6, size * 13.6
    found = [
        written(-0.7, words("mirror.net"), first, soft),
        written(-0.7, words("mirror.both_ways"), second, soft),
        written(0, words.value(records[0], "usd"), first, strong),
        written(len(parts) + 1, words.value(records[1], "usd"), first, strong),
    ]
    for place, row in enumerate(parts, start=1):
        gross = row.raised_usd - row.lowered_usd
        gross = gross if gross >= 0.5 else 0.0
        found.append(written(place, signed(row.part_usd, scene), first, strong))
        found.append(written(place, words.value(gross, "usd"), second, soft))
    return found


def _story(row: Any, scene: Scene) -> str:
    words = scene.words
    return tooltip(
        words(f"mirror.part.{row.part}"),
        signed(row.part_usd, scene),
        words("mirror.raised", amount=words.value(row.raised_usd, "usd")),
        words("mirror.lowered", amount=words.value(-row.lowered_usd, "usd")),
        words(f"mirror.means.{row.part}"),
    )
