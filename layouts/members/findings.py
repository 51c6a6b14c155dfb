"""What is wrong with one member's data, rule by rule, and what to do about each."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from dash import dcc, html

from dashboard.framework import Rule
from layouts.charts import rows
from layouts.members.subject import nobody, subject
from layouts.panels import Drawing, Frames
from layouts.quality.mending import mending_sentences
from layouts.scene import Scene

RULES_AT_MOST = 6
SEVERITY_ORDER = {"error": 0, "warning": 1, "note": 2}


def draw_findings(frames: Frames, scene: Scene) -> Drawing:
    """The rules that the member's data breaks most, each with its remedy."""
    iso3 = subject(scene)
    if iso3 is None:
        return nobody(scene)
    words, name = scene.words, scene.names.member(iso3)
    frame = frames["member_rules"]
    if frame.empty:
        return Drawing(empty=words("members.nothing_checked", name=name, range=scene.range_text))
    failing = frame[frame["rows_failed"] > 0]
    if failing.empty:
        return Drawing(
            children=html.P(words("members.nothing_failed", name=name), className="member-well"),
            subtitle=scene.subtitle(),
        )
    ordered = failing.assign(place=failing["severity"].map(SEVERITY_ORDER)).sort_values(
        ["place", "failed_share", "rule_id"], ascending=[True, False, True]
    )
    rules = {rule.id: rule for rule in scene.framework.rules}
    most = 3 if scene.is_present else RULES_AT_MOST
    items = [_item(row, rules.get(row.rule_id), scene) for row in rows(ordered.head(most))]
    parts: list[Any] = [html.Ul(items, className="member-findings")]
    if len(ordered) > most:
        parts.append(
            html.P(
                dcc.Link(
                    words("members.more_rules", count=words.number(len(ordered) - most)),
                    href="/quality" + scene.chosen.search(),
                    className="mark",
                ),
                className="hint",
            )
        )
    return Drawing(
        children=html.Div(parts),
        subtitle=scene.subtitle(words("members.findings_unit")),
        title=words(
            "members.findings_title",
            count=words.number(len(ordered)),
            checked=words.number(len(frame)),
        ),
        note=mending_sentences(frames["remedies_of_members"], iso3, scene) or None,
    )


def _item(row: Any, rule: Rule | None, scene: Scene) -> html.Li:
    words = scene.words
    title = getattr(rule.title, words.language) if rule else row.rule_id
    remedy = getattr(rule.remedy, words.language) if rule else ""
    return html.Li(
        [
            html.Div(
                [
                    dcc.Link(
                        title,
                        href="/quality" + replace(scene.chosen, rule=row.rule_id).search(),
                        className="mark",
                    ),
                    html.Span(
                        words(f"members.severity.{row.severity}"),
                        className=f"member-severity member-severity--{row.severity}",
                    ),
                    html.Span(
                        words(
                            "members.rows_failed",
                            failed=words.number(row.rows_failed),
                            checked=words.number(row.rows_checked),
                            share=words.value(row.failed_share, "share"),
                        ),
                        className="member-findings__count",
                    ),
                ],
                className="member-findings__head",
            ),
            html.P(remedy, className="member-findings__remedy"),
        ]
    )
