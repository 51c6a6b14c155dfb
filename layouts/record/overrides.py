"""Overrides: who gave which tier or score by decision, and why."""

from __future__ import annotations

from typing import Any

import pandas as pd

from layouts.charts import rows
from layouts.elements import Element, element, member_heading
from layouts.panels import Drawing, Frames
from layouts.record.parts import cell, day, nothing_published, table, tier_name
from layouts.scene import Scene


def draw_overrides(frames: Frames, scene: Scene) -> Drawing:
    """A row per override, the latest first; a withdrawn one stays, and says so."""
    frame, words = frames["score_overrides"], scene.words
    if frames["scoring_runs"].empty:
        return Drawing(empty=nothing_published(scene))
    if frame.empty:
        return Drawing(empty=words("record.no_override", scope=scene.scope_text))
    names = ("member", "run_of", "given", "reason", "two_names", "state")
    heads = [(words(f"record.head_{name}"), "") for name in names]
    holding = int(frame["withdrawn"].isna().sum())
    return Drawing(
        children=table(
            heads, [_row(row, scene) for row in rows(frame)], words("record.overrides.title")
        ),
        subtitle=words(
            "record.overrides_unit", count=words.number(len(frame)), holding=words.number(holding)
        ),
        note=words("record.overrides_note"),
    )


def override_text(value: Any, scene: Scene) -> str:
    """Write what was given: ``tier gold`` or ``score 71.5`` in words."""
    kind, _, given = str(value).partition(" ")
    if kind == "tier":
        return scene.words("record.given_tier", tier=tier_name(given, scene))
    return scene.words("record.given_score", score=scene.words.number(float(given), 1))


def _row(row: Any, scene: Scene) -> Element:
    words = scene.words
    is_tier = str(row.override).startswith("tier")
    computed = tier_name(row.computed, scene) if is_tier else str(row.computed) or "–"
    if pd.isna(row.withdrawn):
        state = words("record.holds")
    else:
        state = words("record.withdrawn", entry=words.number(row.withdrawn))
    names = f"{row.decided_by}, {row.seconded_by}"
    when = words("record.entry_on", entry=words.number(row.entry), day=day(row.written_at, scene))
    return element(
        "Tr",
        [
            member_heading(row, scene),
            cell(words.number(row.run)),
            cell(
                [
                    element("Div", override_text(row.override, scene)),
                    element("Div", words("record.computed", value=computed), className="hint"),
                ]
            ),
            cell(str(row.reason)),
            cell([element("Div", names), element("Div", when, className="hint")]),
            cell(state),
        ],
    )
