"""The page of one rule: what it asks, what it found, why it matters and what to do."""

from __future__ import annotations

from typing import Any

import pandas as pd
from dash import html

from layouts.attributes import attributes
from layouts.charts import rows
from layouts.panels import Drawing, Frames
from layouts.quality.subject import (
    collection_text,
    counts_text,
    in_language,
    rules,
    small_share,
)
from layouts.scene import Scene


def focus(frame: pd.DataFrame, scene: Scene) -> str | None:
    """Return the rule in focus: the chosen one, else the one with the greatest failed share."""
    if scene.chosen.rule:
        return scene.chosen.rule
    failing = frame[frame["rows_failed"] > 0]
    return None if failing.empty else str(failing.iloc[0]["rule_id"])


def draw_rule(frames: Frames, scene: Scene) -> Drawing:
    """The page of one rule: what it asks, what it found, why it matters, what to do."""
    frame = frames["rule_failures"]
    words = scene.words
    rule_id = focus(frame, scene)
    if rule_id is None:
        return Drawing(empty=words("quality.choose_rule"))
    rule = rules(scene).get(rule_id)
    if rule is None:
        return Drawing(empty=words("quality.unknown_rule", rule=rule_id))
    found = [row for row in rows(frame) if row.rule_id == rule_id]
    row = found[0] if found else None
    facts = [words(f"quality.{rule.severity}"), words(f"dimension.{rule.dimension}")]
    if rule.threshold is not None:
        facts.append(words("quality.threshold", value=words.short(rule.threshold)))
    parts: list[Any] = [
        html.P(" · ".join(facts), className="rule__facts"),
        html.P(_finding_of(row, scene), className="rule__finding"),
        html.Dl(
            [
                html.Dt(words("quality.why")),
                html.Dd(in_language(rule.rationale, scene)),
                html.Dt(words("quality.remedy")),
                html.Dd(in_language(rule.remedy, scene)),
            ],
            className="rule__texts",
        ),
    ]
    if not scene.is_present:
        key = "quality.release_rule" if scene.chosen.rule else "quality.keep_rule"
        parts.append(
            html.Button(
                words(key),
                type="button",
                className="button",
                **attributes(data_event=f"rule:{rule_id}"),
            )
        )
    return Drawing(
        children=html.Div(parts, className="rule"),
        title=in_language(rule.title, scene),
        subtitle=scene.subtitle(scene.scope_text, collection_text(scene)),
        note=None if scene.chosen.rule else words("quality.worst_rule_note"),
    )


def _finding_of(row: Any, scene: Scene) -> str:
    words = scene.words
    if row is None:
        return words("quality.rule_not_applied", scope=scene.scope_text, range=scene.range_text)
    if row.rows_failed == 0 and row.unplaced_count:
        return words("quality.unplaced", count=words.number(row.unplaced_count))
    if row.rows_failed == 0:
        return words("quality.rule_clean", checked=words.number(row.rows_checked))
    return f"{small_share(row.failed_share, scene)}: {counts_text(row, scene)}"
