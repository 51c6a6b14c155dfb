"""The quality view: how good is the data, which rules fail where, and what to do about it?"""

from __future__ import annotations

from dataclasses import fields

from callbacks.views.quality_frames import RULE_FRAMES
from callbacks.views.quality_remedies import REMEDY_FRAMES
from callbacks.views.quality_scores import EVERYBODY, SCORE_FRAMES, range_before
from dashboard.selection import Selection
from layouts import quality as drawings
from layouts.panels import Panel, View

FRAMES = (*SCORE_FRAMES, *REMEDY_FRAMES, *RULE_FRAMES)

EVERY_FIELD = frozenset(field.name for field in fields(Selection))
"""For panels with links to other views: a link carries the whole selection."""

VIEW = View(
    "quality",
    (
        Panel(
            "regions",
            ("quality_by_member", "quality_by_region"),
            drawings.draw_regions,
            fields=frozenset({"regions", "members", "dimension"}),
        ),
        Panel(
            "trend",
            ("quality_by_period", "quality_of_members"),
            drawings.draw_trend,
            fields=frozenset({"regions", "dimension"}),
        ),
        Panel(
            "concerns",
            ("quality_by_member", "remedies"),
            drawings.draw_concerns,
            kind="block",
            fields=EVERY_FIELD,
            area="full",
        ),
        Panel(
            "scores",
            ("quality_by_member",),
            drawings.draw_scores,
            kind="block",
            fields=frozenset({"regions", "members", "dimension"}),
            area="two-rows",
        ),
        Panel(
            "mending",
            ("remedies_by_rule", "remedies_of_members"),
            drawings.draw_mending,
            kind="block",
            fields=EVERY_FIELD,
            area="two-rows",
        ),
        Panel(
            "makeup",
            ("quality_by_member", "quality_by_region"),
            drawings.draw_makeup,
            kind="block",
            fields=frozenset({"regions", "members"}),
        ),
        Panel(
            "rules",
            ("rule_failures",),
            drawings.draw_rules,
            kind="block",
            fields=frozenset({"rule", "dimension"}),
            area="scrolls short",
        ),
        Panel(
            "findings",
            ("findings", "rule_failures"),
            drawings.draw_findings,
            kind="block",
            area="full",
        ),
    ),
)

# Other views draw on these; this module is where they find them.
__all__ = ["EVERYBODY", "FRAMES", "VIEW", "range_before"]
