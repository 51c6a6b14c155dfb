"""The members of the scope as dots, one measure against the value; a lasso chooses several."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import numpy as np
import pandas as pd

from layouts.charts import (
    Figure,
    annotation,
    axis,
    base_layout,
    figure,
    mark,
    rows,
    tooltip,
)
from layouts.explore.answering import nothing_here
from layouts.explore.wording import figure_of, lack_at, reading
from layouts.flows.wording import estimated_of, region_name, source_text, trade_subtitle
from layouts.palette import REGION_COLOURS
from layouts.panels import Drawing, Frames
from layouts.scene import Scene

NAMED_AT_MOST: Final = 8
FALLBACKS: Final = ("growth", "grubel_lloyd", "balance_usd", "estimated_share")
"""What stands on the height where the selected measure is the value itself or cannot be shown."""

MOST: Final = 0.5
"""Share of the members that must have a figure that nobody asked for."""

TICKS_AT_MOST: Final = 6
POWERS_AT_MOST: Final = 4
"""Ticks of an axis of powers: on a phone more would be turned aside."""


def draw_scatter(frames: Frames, scene: Scene) -> Drawing:
    """Dots of members: value across, the selected measure up."""
    frame, words = frames["member_measures"], scene.words
    measure = up_measure(frame, scene)
    known = frame[(frame["value_usd"] > 0) & frame[measure].notna()]
    if known.empty:
        return Drawing(empty=nothing_here(scene))
    left_out = int((frame["value_usd"] > 0).sum()) - len(known)
    note = [reading(measure, "member", scene)]
    if not scene.is_present:
        note.insert(0, words("explore.scatter.lasso"))
    if left_out:
        note.append(words("explore.scatter.left_out", count=words.number(left_out)))
    return Drawing(
        figure=member_dots(known, measure, scene),
        title=words("explore.scatter.of", measure=words.label(measure)),
        subtitle=_subtitle(frame, measure, scene),
        note=" ".join(one for one in note if one),
    )


def _subtitle(frame: pd.DataFrame, measure: str, scene: Scene) -> str:
    """Say what is shown; members chosen are among the dots and narrow nothing."""
    wide = replace(scene, chosen=replace(scene.chosen, members=()))
    return trade_subtitle(
        wide, frame, towards=True, label=scene.words.label(measure), unreconciled="view"
    )


def up_measure(frame: pd.DataFrame, scene: Scene) -> str:
    """Return the measure on the height: the selected one, or the first that can be shown."""
    asked = scene.selection.measure or "value_usd"
    is_own = asked not in ("value_usd", "trade_share") and not lack_at(asked, "member", scene)
    if is_own and frame[asked].notna().any():
        return asked
    for measure in FALLBACKS[:-1]:
        if not lack_at(measure, "member", scene) and frame[measure].notna().mean() >= MOST:
            return measure
    return FALLBACKS[-1]


def member_dots(known: pd.DataFrame, measure: str, scene: Scene) -> Figure:
    """Return the scatter; members chosen stand out, the largest and the chosen are named."""
    palette = scene.palette
    is_log = measure == "mass_kg"
    if is_log:
        known = known[known[measure] > 0]
    ordered = known.sort_values(["value_usd", "item"], ascending=[False, True])
    listed = rows(ordered)
    chosen = scene.chosen.members
    dots = {
        "type": "scatter",
        "mode": "markers",
        "x": [float(row.value_usd) for row in listed],
        "y": [float(getattr(row, measure)) for row in listed],
        "customdata": [
            mark("member", row.item) if row.item in scene.catalogue.members else ""
            for row in listed
        ],
        "hovertext": [_story(row, measure, scene) for row in listed],
        "hoverinfo": "text",
        "cliponaxis": False,
        "marker": {
            "size": [_size(row, scene) for row in listed],
            "color": [REGION_COLOURS.get(str(row.region_id), palette.muted) for row in listed],
            "opacity": [0.9 if not chosen or row.item in chosen else 0.35 for row in listed],
            "line": {
                "color": [
                    palette.accent if row.item in chosen else palette.paper for row in listed
                ],
                "width": [2 if row.item in chosen else 0.5 for row in listed],
            },
        },
        # What the lasso leaves out must not fade: the answer comes at once.
        "selected": {"marker": {"opacity": 0.9}},
        "unselected": {"marker": {"opacity": 0.9}},
    }
    values = np.array(dots["x"])
    layout = base_layout(
        scene,
        dragmode=False if scene.is_present else "lasso",
        xaxis=_axis(values, "value_usd", scene, is_log=True),
        yaxis=_axis(np.array(dots["y"]), measure, scene, is_log=is_log),
        annotations=_names(listed, measure, scene, is_log=is_log),
        newselection={"line": {"color": palette.accent, "width": 1.5}},
        margin={"l": 8, "r": 24, "t": 16, "b": 8},
    )
    if measure == "balassa_index":
        layout["shapes"] = [_one(scene)]
    return figure([dots], layout)


def _size(row: Any, scene: Scene) -> float:
    size = 18 if scene.is_present else 9
    return size * (1.5 if row.item in scene.chosen.members else 1)


def _one(scene: Scene) -> dict[str, Any]:
    """Return the line at 1, above which a member is specialised."""
    line = {"color": scene.palette.soft_ink, "width": 1, "dash": "dot"}
    return {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": 1, "y1": 1, "line": line}


def _axis(values: Any, measure: str, scene: Scene, *, is_log: bool) -> dict[str, Any]:
    """Return an axis whose ticks are written like every value of the measure."""
    words, palette = scene.words, scene.palette
    low, high = float(values.min()), float(values.max())
    if is_log:
        powers = range(int(np.floor(np.log10(low))), int(np.ceil(np.log10(high))) + 1)
        step = max(1, -(-len(powers) // POWERS_AT_MOST))
        ticks = [10.0**power for power in powers][::step]
    else:
        ticks = _round_ticks(low, high)
    title = {
        "text": words.label(measure),
        "standoff": 6,
        "font": {"size": scene.font_size, "color": palette.soft_ink},
    }
    return axis(
        palette,
        type="log" if is_log else "linear",
        tickvals=ticks,
        ticktext=[figure_of(tick, measure, scene) for tick in ticks],
        title=title,
        zeroline=not is_log and low < 0,
        zerolinecolor=palette.soft_ink,
    )


def _round_ticks(low: float, high: float) -> list[float]:
    """Return four or so round numbers that span the values."""
    spread = (high - low) or abs(high) or 1.0
    step = 10.0 ** np.floor(np.log10(spread / 4))
    step *= next(factor for factor in (1, 2, 5, 10) if spread / (step * factor) <= TICKS_AT_MOST)
    first = int(np.floor(low / step))
    return [float(number * step) for number in range(first, int(np.ceil(high / step)) + 1)]


def _names(listed: list[Any], measure: str, scene: Scene, *, is_log: bool) -> list[dict[str, Any]]:
    """Return names beside the chosen and the largest dots, where they have room."""
    chosen = [row for row in listed if row.item in scene.chosen.members]
    named = [*chosen, *(row for row in listed if row not in chosen)][: NAMED_AT_MOST * 3]
    xs = {row.item: float(np.log10(row.value_usd)) for row in listed}
    ys = {
        row.item: float(np.log10(getattr(row, measure)) if is_log else getattr(row, measure))
        for row in listed
    }
    wide, high = (max(1e-9, float(np.ptp(list(side.values())))) for side in (xs, ys))
    middle = (min(xs.values()) + max(xs.values())) / 2
    taken: list[tuple[float, float]] = []
    found: list[dict[str, Any]] = []
    for row in named:
        x, y = xs[row.item], ys[row.item]
        is_near = any(abs(a - x) < 0.28 * wide and abs(b - y) < 0.07 * high for a, b in taken)
        if is_near or len(found) >= NAMED_AT_MOST:
            continue
        taken.append((x, y))
        is_right = x > middle
        found.append(
            annotation(
                scene,
                x,
                y,
                scene.names.member(row.item),
                xanchor="right" if is_right else "left",
                xshift=(-1 if is_right else 1) * (16 if scene.is_present else 8),
                font={
                    "size": scene.font_size * 0.92,
                    "color": scene.palette.accent if row in chosen else scene.palette.ink,
                },
            )
        )
    return found


def _story(row: Any, measure: str, scene: Scene) -> str:
    words = scene.words
    return tooltip(
        scene.names.member(row.item),
        f"{words.label('value_usd')}: {figure_of(float(row.value_usd), 'value_usd', scene)}",
        f"{words.label(measure)}: {figure_of(float(getattr(row, measure)), measure, scene)}",
        region_name(str(row.region_id), scene) if row.region_id == row.region_id else "",
        estimated_of(row.estimated_share, scene),
        words("common.n", n=words.number(row.n)),
        source_text(scene, "view"),
    )
