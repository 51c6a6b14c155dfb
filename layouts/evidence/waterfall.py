"""Who moved a key result: from one month end to another, member by member."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from layouts.charts import Figure, mark, rows, tooltip
from layouts.evidence.subject import (
    change_text,
    part_name,
    result_name,
    result_of,
    value_text,
    why_no_parts,
)
from layouts.flows.listing import map_list
from layouts.incentives.reading import shortened
from layouts.panels import Drawing, Frames
from layouts.scene import Scene
from layouts.waterfall import Bar, End, label_size, rising_or_falling, waterfall, written

SHOWN: Final = 10
"""Members that are drawn one by one."""
NAME: Final = 22
DECIMALS: Final = 12
NOTHING: Final = 1e-12
"""A change below it is none: sums of doubles."""


@dataclass(frozen=True)
class Step:
    """One bar: whose it is, what it changed, its hover text, its mark, whether it is muted."""

    name: str
    change: float
    story: str
    event: str
    is_rest: bool = False
    is_muted: bool = False


def draw_waterfall(frames: Frames, scene: Scene) -> Drawing:
    """Return the waterfall; its title names who moved the value most."""
    frame, result, words = frames["evidence_members"], result_of(frames), scene.words
    if result is None or frame.empty:
        return why_no_parts(frames, scene)
    base_on, measured_on = frame["base_on"].iloc[0].date(), frame["measured_on"].iloc[0].date()
    name = result_name(result, scene)
    if base_on == measured_on:
        return Drawing(empty=words("evidence.one_day", name=name, day=words.day(measured_on)))
    steps = steps_of(frame, result.unit, scene)
    return Drawing(
        figure=result_waterfall(steps, frame, result.unit, scene),
        title=_finding(frame, steps, result.unit, scene),
        subtitle=f"{name} · {words.day(base_on)} – {words.day(measured_on)}",
        note=words("evidence.waterfall_note", count=words.number(len(frame))),
        listing=map_list(
            words("evidence.members_list"),
            [
                ([(step.name, step.event)], change_text(step.change, result.unit, scene))
                for step in steps
                if not step.is_rest
            ],
            scene,
        ),
    )


def _finding(frame: pd.DataFrame, steps: list[Step], unit: str, scene: Scene) -> str:
    """Name who moved the value most, or count them where many did so alike."""
    words = scene.words
    largest = max((step for step in steps if not step.is_rest), key=lambda step: abs(step.change))
    size = abs(largest.change)
    if size < NOTHING:
        return words("evidence.nobody_moved")
    alike = frame.loc[(frame["change"].abs() - size).abs() < NOTHING, "change"]
    if len(alike) == 1:
        change = change_text(largest.change, unit, scene)
        return words("evidence.moved_most", name=largest.name, change=change)
    up, down = int((alike > 0).sum()), int((alike < 0).sum())
    changes = {"gain": change_text(size, unit, scene), "loss": change_text(-size, unit, scene)}
    counts = {"up": words.number(up), "down": words.number(down)}
    key = "both" if up and down else "up" if up else "down"
    return words(f"evidence.moved_alike_{key}", **counts, **changes)


def steps_of(frame: pd.DataFrame, unit: str, scene: Scene) -> list[Step]:
    """Return the largest parts, rises before falls, then the sums of all other rises and falls.

    Of parts as large as each other, rises and falls are taken in turn.
    """
    falls = frame["change"] < 0
    order = pd.DataFrame(
        {"size": -frame["change"].abs().round(DECIMALS), "turn": frame.groupby(falls).cumcount()}
    ).sort_values(["size", "turn"], kind="stable")
    ordered = frame.loc[order.index]
    # One left over has as much room by its own name.
    count = SHOWN if len(frame) > SHOWN + 1 else len(frame)
    steps = [_step(row, unit, scene) for row in rows(ordered.head(count))]
    steps.sort(key=lambda step: (step.change < 0, -abs(step.change)))
    rest = ordered["change"].iloc[count:]
    for key, part in (("up", rest[rest > NOTHING]), ("down", rest[rest < -NOTHING])):
        if len(part):
            moved = float(part.sum())
            name = scene.words(f"evidence.others_{key}", count=scene.words.number(len(part)))
            story = tooltip(name, change_text(moved, unit, scene))
            steps.append(Step(name, moved, story, "", is_rest=True))
    return steps


def _step(row: Any, unit: str, scene: Scene) -> Step:
    chosen, name = scene.chosen, part_name(row, scene)
    is_member, has_region = not pd.isna(row.member_iso3), not pd.isna(row.region_id)
    event = ""
    if is_member:
        event = mark("member", row.member_iso3)
    elif has_region:
        event = mark("region", row.region_id)
    is_muted = bool(chosen.members) and row.member_iso3 not in chosen.members
    if not chosen.members and chosen.regions:
        is_muted = row.region_id not in chosen.regions
    return Step(name, float(row.change), _story(row, name, unit, scene), event, is_muted=is_muted)


def _story(row: Any, name: str, unit: str, scene: Scene) -> str:
    words = scene.words
    lines = [name, change_text(float(row.change), unit, scene)]
    if pd.isna(row.denominator):
        now, base = float(row.numerator), float(row.base_numerator)
        lines.append(f"{value_text(base, unit, scene)} → {value_text(now, unit, scene)}")
    else:
        lines += [
            words(
                "evidence.of_then",
                base=words.number(row.base_numerator),
                base_of=words.number(row.base_denominator),
                now=words.number(row.numerator),
                now_of=words.number(row.denominator),
            ),
            words("evidence.own", change=change_text(float(row.own_part), unit, scene)),
            words("evidence.weight", change=change_text(float(row.weight_part), unit, scene)),
        ]
    lines.append(words("evidence.row_count", count=words.number(row.row_count)))
    return tooltip(*lines)


def ends_of(frame: pd.DataFrame) -> tuple[float, float]:
    """Return the values of both days: what the parts add up to."""
    base, now = float(frame["base_numerator"].sum()), float(frame["numerator"].sum())
    if frame["denominator"].notna().any():
        base /= float(frame["base_denominator"].sum())
        now /= float(frame["denominator"].sum())
    return base, now


def result_waterfall(steps: list[Step], frame: pd.DataFrame, unit: str, scene: Scene) -> Figure:
    """Return a row per day and step: dots for the two values, floating bars between."""
    size = label_size(scene)
    ends = [
        End(value, day, tooltip(day, value_text(value, unit, scene)), symbol)
        for value, day, symbol in zip(
            ends_of(frame),
            [scene.words.day(frame[name].iloc[0].date()) for name in ("base_on", "measured_on")],
            ("circle-open", "circle"),
            strict=True,
        )
    ]
    bars = [
        Bar(
            step.change,
            shortened(step.name, NAME),
            step.story,
            scene.palette.muted if step.is_rest else rising_or_falling(step.change, scene),
            event=step.event,
            opacity=0.28 if step.is_muted else 1.0,
        )
        for step in steps
    ]
    texts = [
        value_text(ends[0].value, unit, scene),
        *(change_text(step.change, unit, scene) for step in steps),
        value_text(ends[1].value, unit, scene),
    ]
    return waterfall(
        scene,
        ends[0],
        bars,
        ends[1],
        names=("changes", "values"),
        right=size * 9,
        annotations=[written(scene, place, text, size * 8.6) for place, text in enumerate(texts)],
    )
