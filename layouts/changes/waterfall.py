"""What moved a total: from the base range to the selected one, the largest changes one by one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from dashboard.comparing import Comparison
from layouts.changes.subject import (
    CHANGE_OF,
    change_text,
    range_text,
    ranges_of,
    subtitle,
    why_empty,
)
from layouts.charts import Figure, annotation, figure, mark, tooltip, waterfall_layout
from layouts.flows.wording import amount, measured_column
from layouts.incentives.reading import shortened
from layouts.panels import Drawing, Frames
from layouts.scene import Scene
from layouts.shell import commodity_name

SHOWN: Final = 8
"""Changes that are drawn one by one."""
BAR: Final = 0.62
NAME: Final = 22


@dataclass(frozen=True)
class Step:
    """One bar: what it is called, what it changed by, and its hover text and mark."""

    name: str
    change: float
    story: str
    event: str
    is_uneven: bool = False
    is_rest: bool = False


def draw_members(frames: Frames, scene: Scene) -> Drawing:
    """Return the waterfall by member."""
    return _draw(frames["change_members"], "members", scene)


def draw_partners(frames: Frames, scene: Scene) -> Drawing:
    """Return the waterfall by partner."""
    return _draw(frames["change_partners"], "partners", scene)


def draw_commodities(frames: Frames, scene: Scene) -> Drawing:
    """Return the waterfall by chapter, section or code."""
    return _draw(frames["change_commodities"], "commodities", scene)


_KEYS: Final = {
    "members": ("member_iso3", "member"),
    "partners": ("partner_iso3", "partner"),
    "commodities": ("commodity_code", "commodity"),
}


def _draw(frame: pd.DataFrame, kind: str, scene: Scene) -> Drawing:
    ranges = ranges_of(scene)
    empty = why_empty(frame, ranges, scene)
    if empty is not None or ranges is None:
        return empty or Drawing(empty="")
    words, name_of = scene.words, _namer(kind, scene)
    if len(frame) == 1:
        name = name_of(str(frame[_KEYS[kind][0]].iloc[0]))
        return Drawing(empty=words(f"changes.{kind}.only", name=name))
    steps = steps_of(frame, kind, ranges, scene)
    notes = [words("changes.rest_note", count=words.number(len(frame) - SHOWN))]
    notes = notes if any(step.is_rest for step in steps) else []
    if any(step.is_uneven for step in steps):
        notes.append(words("changes.uneven_note"))
    return Drawing(
        figure=change_waterfall(steps, frame, ranges, scene),
        title=_finding(steps, kind, scene),
        subtitle=subtitle(ranges, scene),
        note=" ".join(notes) or None,
    )


def _finding(steps: list[Step], kind: str, scene: Scene) -> str:
    moved = [step for step in steps if not step.is_rest]
    largest = max(moved, key=lambda step: abs(step.change))
    if largest.change == 0:
        return scene.words(f"changes.{kind}.title")
    return scene.words(
        "changes.moved_most", name=largest.name, change=change_text(largest.change, scene)
    )


def _namer(kind: str, scene: Scene) -> Callable[[str], str]:
    if kind == "commodities":
        return lambda code: commodity_name(scene, code)
    return scene.names.member


def steps_of(frame: pd.DataFrame, kind: str, ranges: Comparison, scene: Scene) -> list[Step]:
    """Return the largest changes, rises before falls, then the sum of all others."""
    words = scene.words
    key, event = _KEYS[kind]
    name_of = _namer(kind, scene)
    column = measured_column(scene)
    change = CHANGE_OF[column]
    order = frame.assign(size=frame[change].abs()).sort_values(
        ["size", key], ascending=[False, True]
    )
    # One left over has as much room by its own name.
    count = SHOWN if len(order) > SHOWN + 1 else len(order)
    top, rest = order.head(count), order.iloc[count:]
    base_total = float(frame[f"base_{column}"].sum())
    steps = []
    for row in top.to_dict("records"):
        code = str(row[key])
        steps.append(
            Step(
                name=name_of(code),
                change=float(row[change]),
                story=_story(row, name_of(code), base_total, ranges, scene),
                event=mark(event, code),
                is_uneven=_is_uneven(row),
            )
        )
    steps.sort(key=lambda step: (step.change < 0, -abs(step.change)))
    if len(rest):
        moved = float(rest[change].sum())
        name = words("changes.rest", count=words.number(len(rest)))
        steps.append(Step(name, moved, tooltip(name, change_text(moved, scene)), "", is_rest=True))
    return steps


def _is_uneven(row: dict[Any, Any]) -> bool:
    periods, before = row.get("periods"), row.get("base_periods")
    return not pd.isna(periods) and not pd.isna(before) and periods != before


def _story(
    row: dict[Any, Any], name: str, base_total: float, ranges: Comparison, scene: Scene
) -> str:
    words, column = scene.words, measured_column(scene)
    change = float(row[CHANGE_OF[column]])
    before, now = (
        range_text(ranges.base_first, ranges.base_last, scene),
        range_text(ranges.first, ranges.last, scene),
    )
    lines = [
        name,
        change_text(change, scene),
        f"{before}: {amount(row[f'base_{column}'], scene)}",
        f"{now}: {amount(row[column], scene)}",
    ]
    if base_total > 0:
        points = words.value(change / base_total, "share", is_change=True)
        lines.append(words("changes.points", points=points))
    if not pd.isna(row.get("periods")):
        lines.append(
            words(
                "changes.periods",
                now=words.number(row["periods"]),
                base=words.number(row["base_periods"]),
            )
        )
    return tooltip(*lines)


def change_waterfall(
    steps: list[Step],
    frame: pd.DataFrame,
    ranges: Comparison,
    scene: Scene,
    column: str | None = None,
) -> Figure:
    """Return a row per range and step: dots for the two totals, floating bars between."""
    palette = scene.palette
    column = column or measured_column(scene)
    write = scene.words.measured
    size = scene.font_size if scene.is_present else 12
    base, now = float(frame[f"base_{column}"].sum()), float(frame[column].sum())
    levels = [base]
    for step in steps:
        levels.append(levels[-1] + step.change)
    places = list(range(1, len(steps) + 1))
    last = len(steps) + 1
    links: dict[str, list[float | None]] = {"x": [], "y": []}
    for place in range(last):
        links["x"] += [levels[place], levels[place], None]
        links["y"] += [place, place + 1, None]
    labels = [
        range_text(ranges.base_first, ranges.base_last, scene),
        *(shortened(step.name, NAME) for step in steps),
        range_text(ranges.first, ranges.last, scene),
    ]
    data: list[dict[str, Any]] = [
        {
            "type": "scatter",
            "mode": "lines",
            "name": "links",
            **links,
            "line": {"color": palette.muted, "width": 1, "dash": "dot"},
            "hoverinfo": "skip",
        },
        {
            "type": "bar",
            "orientation": "h",
            "name": "changes",
            "y": places,
            "x": [step.change for step in steps],
            "base": levels[:-1],
            "width": BAR,
            "marker": {
                "color": [_colour(step, scene) for step in steps],
                "pattern": {
                    "shape": ["/" if step.is_uneven else "" for step in steps],
                    "fgcolor": palette.paper,
                    "size": 5,
                    "solidity": 0.35,
                },
            },
            "hovertext": [step.story for step in steps],
            "hoverinfo": "text",
            "customdata": [step.event for step in steps],
        },
        {
            "type": "scatter",
            "mode": "markers",
            "name": "totals",
            "x": [base, now],
            "y": [0, last],
            "marker": {
                "symbol": ["circle-open", "circle"],
                "size": scene.font_size * 0.9,
                "color": palette.ink,
                "line": {"width": 2},
            },
            "hovertext": [
                tooltip(labels[0], write(base, column)),
                tooltip(labels[-1], write(now, column)),
            ],
            "hoverinfo": "text",
            "cliponaxis": False,
        },
    ]
    texts = [
        write(base, column),
        *(write(step.change, column, is_change=True) for step in steps),
        write(now, column),
    ]
    layout = waterfall_layout(
        scene,
        levels,
        labels,
        size,
        top=0.6,
        right=size * 8,
        annotations=[
            annotation(
                scene,
                1,
                place,
                text,
                xref="paper",
                xanchor="right",
                xshift=size * 7.6,
                font={"size": size, "color": palette.ink},
            )
            for place, text in enumerate(texts)
        ],
    )
    return figure(data, layout)


def _colour(step: Step, scene: Scene) -> str:
    palette = scene.palette
    if step.is_rest:
        return palette.muted
    return palette.diverging[-1] if step.change >= 0 else palette.diverging[0]
