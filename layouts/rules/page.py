"""The page of one rule: what it counts, what it found, why, what to do, how sure it is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
from dash import html

from layouts.attributes import attributes
from layouts.charts import rows
from layouts.panels import Drawing, Frames
from layouts.quality.findings import draw_findings
from layouts.quality.subject import (
    collection_text,
    counts_text,
    in_language,
    past_note,
    rules,
    small_share,
)
from layouts.rules.precision import precision_sentence
from layouts.scene import Scene


def focus(frame: pd.DataFrame, scene: Scene) -> str | None:
    """Return the rule in focus: the chosen one, else the one with the greatest failed share."""
    if scene.chosen.rule:
        return scene.chosen.rule
    failing = frame[frame["rows_failed"] > 0]
    return None if failing.empty else str(failing.iloc[0]["rule_id"])


def draw_rule(frames: Frames, scene: Scene) -> Drawing:
    """What the rule in focus counts and found, why, what to do, and its precision."""
    frame = frames["rule_failures"]
    words = scene.words
    rule_id = focus(frame, scene)
    if rule_id is None:
        return Drawing(empty=words("rules.choose_rule"))
    rule = rules(scene).get(rule_id)
    if rule is None:
        return Drawing(empty=words("rules.unknown_rule", rule=rule_id))
    row = _row_of(frame, rule_id)
    facts = [words(f"quality.{rule.severity}"), words(f"dimension.{rule.dimension}")]
    if rule.threshold is not None:
        facts.append(words("rules.threshold", value=words.short(rule.threshold)))
    texts = {
        "rules.counts": in_language(rule.counts, scene),
        "rules.why": in_language(rule.rationale, scene),
        "quality.remedy": in_language(rule.remedy, scene),
        "rules.precision_term": precision_sentence(
            _row_of(frames["rule_catalogue"], rule_id), scene
        ),
    }
    parts: list[Any] = [
        html.P(" · ".join(facts), className="rule__facts"),
        html.P(_finding_of(row, scene), className="rule__finding"),
        html.Dl(
            [item for key, text in texts.items() for item in (html.Dt(words(key)), html.Dd(text))],
            className="rule__texts",
        ),
    ]
    if not scene.is_present:
        key = "rules.release_rule" if scene.chosen.rule else "rules.keep_rule"
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
        note=_note(rule.dimension, scene),
    )


def _note(dimension: str, scene: Scene) -> str | None:
    """Say why this rule stands here, and what a past day cannot put back of it."""
    parts = [] if scene.chosen.rule else [scene.words("rules.worst_rule_note")]
    if dimension == "coherence":
        parts.append(past_note(scene))
    return " ".join(part for part in parts if part) or None


def draw_rule_findings(frames: Frames, scene: Scene) -> Drawing:
    """The findings of the rule in focus, down to file and line."""
    failures = frames["rule_failures"]
    rule_id = focus(failures, scene)
    if rule_id is None:
        return Drawing(empty=scene.words("rules.choose_rule"))
    focused = replace(scene, chosen=replace(scene.chosen, rule=rule_id))
    row = _row_of(failures, rule_id)
    if frames["rule_findings"].empty and row is not None and row.unplaced_count:
        return Drawing(
            empty=scene.words("rules.unplaced", count=scene.words.number(row.unplaced_count))
        )
    return draw_findings(
        {"findings": frames["rule_findings"], "rule_failures": failures}, focused, has_remedy=False
    )


def _row_of(frame: pd.DataFrame, rule_id: str) -> Any:
    found = rows(frame[frame["rule_id"] == rule_id])
    return found[0] if found else None


def _finding_of(row: Any, scene: Scene) -> str:
    words = scene.words
    if row is None:
        return words("rules.not_applied_here", scope=scene.scope_text, range=scene.range_text)
    if row.rows_failed == 0 and row.unplaced_count:
        return words("quality.unplaced", count=words.number(row.unplaced_count))
    if row.rows_failed == 0:
        return words("rules.clean", checked=words.number(row.rows_checked))
    return f"{small_share(row.failed_share, scene)}: {counts_text(row, scene)}"
