"""The view of rules: what each asks, where and when it fails, and whether it is right."""

from __future__ import annotations

from callbacks.views.rules_frames import FRAMES
from layouts import rules as drawings
from layouts.panels import Panel, View

VIEW = View(
    "rules",
    (
        Panel(
            "catalogue",
            ("rule_catalogue", "rule_failures_of_each_period"),
            drawings.draw_catalogue,
            kind="block",
            fields=frozenset({"rule", "dimension"}),
            area="full",
        ),
        Panel(
            "rule",
            ("rule_catalogue", "rule_failures"),
            drawings.draw_rule,
            kind="block",
            fields=frozenset({"rule"}),
        ),
        Panel(
            "precision",
            ("rule_catalogue", "rule_failures"),
            drawings.draw_precision,
            fields=frozenset({"rule", "dimension"}),
            area="scrolls short",
        ),
        Panel(
            "members",
            ("rule_failures_of_all",),
            drawings.draw_rule_members,
            area="scrolls short",
        ),
        Panel(
            "trend",
            ("rule_failures_by_period",),
            drawings.draw_rule_trend,
            area="short",
        ),
        Panel(
            "findings",
            ("rule_findings", "rule_failures"),
            drawings.draw_rule_findings,
            kind="block",
            area="full",
        ),
    ),
    parent="quality",
)

__all__ = ["FRAMES", "VIEW"]
