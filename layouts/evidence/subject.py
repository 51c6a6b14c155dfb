"""The key result that the evidence is about, and how its values and changes are written."""

from __future__ import annotations

from typing import Any

import pandas as pd

from layouts.charts import rows
from layouts.panels import Drawing, Frames
from layouts.scene import Scene
from layouts.strategy.values import written


def facts_of(frames: Frames) -> dict[str, str]:
    """Return the facts of the receipt."""
    frame = frames["key_result_receipt"]
    return dict(zip(frame["fact"], frame["value"], strict=True))


def result_of(frames: Frames) -> Any | None:
    """Return the key result that the evidence is about, as the strategy assesses it."""
    chosen = facts_of(frames).get("key_result_id")
    results = frames["key_results"]
    found = rows(results[results["key_result_id"] == chosen])
    return found[0] if found else None


def result_name(result: Any, scene: Scene) -> str:
    """Name of a key result, with its tactic."""
    return f"{result.tactic_id} {getattr(result, f'name_{scene.words.language}')}"


def change_text(change: float, unit: str, scene: Scene) -> str:
    """Write what a member did to a change: parts of a point matter here."""
    words = scene.words
    if unit == "share":
        sign = "+" if change > 0 else ""
        return f"{sign}{words.number(change * 100, 2)} {words('unit.points')}"
    if unit in ("score", "points"):
        return f"{'+' if change > 0 else ''}{words.number(change, 2)}"
    return written(change, unit, scene, is_change=True)


def value_text(value: float, unit: str, scene: Scene) -> str:
    """Write a value in full enough for changes to add up to."""
    if unit == "share":
        return scene.words.number(value * 100, 1) + (
            "\u202f%" if scene.words.language == "fr" else " %"
        )
    if unit in ("score", "points"):
        return scene.words.number(value, 2)
    return written(value, unit, scene)


def part_name(row: Any, scene: Scene) -> str:
    """Name of whose part it is: a member, a region without a member, or nobody."""
    if not pd.isna(row.member_iso3):
        return scene.names.member(row.member_iso3)
    if not pd.isna(row.region_id):
        return scene.names.region(row.region_id)
    return scene.words("evidence.nobody")


def why_no_parts(frames: Frames, scene: Scene) -> Drawing:
    """Say why a key result has no members' parts: it is reported, or not measured yet."""
    words, result = scene.words, result_of(frames)
    if result is None:
        return Drawing(empty=words("strategy.none"))
    name = result_name(result, scene)
    if result.source != "check_in":
        return Drawing(empty=words("evidence.not_measured", name=name, range=scene.range_text))
    reports = frames["check_ins"]
    own = reports[reports["key_result_id"] == result.key_result_id].dropna(subset=["value"])
    if own.empty:
        return Drawing(empty=words("evidence.never_reported", name=name, owner=result.owner))
    last = rows(own)[0]
    return Drawing(
        empty=words(
            "evidence.reported",
            name=name,
            author=last.author,
            value=written(last.value, result.unit, scene),
            day=words.day(last.checked_in_on.date()),
        )
    )
