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
from layouts.charts import Figure, mark, tooltip
from layouts.chips import commodity_name
from layouts.flows.wording import amount, measured_column
from layouts.incentives.reading import shortened
from layouts.panels import Drawing, Frames
from layouts.scene import Scene
from layouts.waterfall import Bar, End, label_size, rising_or_falling, waterfall, written

SHOWN: Final = 8
"""Changes that are drawn one by one."""
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
    column = column or measured_column(scene)
    write = scene.words.measured
    size = label_size(scene)
    ends = [
        End(total, name, tooltip(name, write(total, column)), symbol)
        for total, name, symbol in (
            (
                float(frame[f"base_{column}"].sum()),
                range_text(ranges.base_first, ranges.base_last, scene),
                "circle-open",
            ),
            (
                float(frame[column].sum()),
                range_text(ranges.first, ranges.last, scene),
                "circle",
            ),
        )
    ]
    bars = [
        Bar(
            step.change,
            shortened(step.name, NAME),
            step.story,
            scene.palette.muted if step.is_rest else rising_or_falling(step.change, scene),
            event=step.event,
            is_hatched=step.is_uneven,
        )
        for step in steps
    ]
    texts = [
        write(ends[0].value, column),
        *(write(step.change, column, is_change=True) for step in steps),
        write(ends[1].value, column),
    ]
    return waterfall(
        scene,
        ends[0],
        bars,
        ends[1],
        names=("changes", "totals"),
        right=size * 8,
        annotations=[written(scene, place, text, size * 7.6) for place, text in enumerate(texts)],
    )
