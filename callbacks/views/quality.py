"""The quality view: how good is the data, which rules fail where, and what to do about it?"""

from __future__ import annotations

from callbacks.views.quality_frames import (
    DIMENSIONS,
    EVERYBODY,
    FRAMES,
    RULE_MEMBER_COLUMNS,
    range_before,
    read_by_period,
    read_by_rule_and_member,
    read_totals,
)
from layouts import quality as drawings
from layouts.panels import Panel, View

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
            "scores",
            ("quality_by_member",),
            drawings.draw_scores,
            kind="block",
            fields=frozenset({"regions", "members", "dimension"}),
            area="two-rows",
        ),
        Panel(
            "rules",
            ("rule_failures",),
            drawings.draw_rules,
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

# Other views draw on these frames; this module is where they find them.
__all__ = [
    "DIMENSIONS",
    "EVERYBODY",
    "FRAMES",
    "RULE_MEMBER_COLUMNS",
    "VIEW",
    "range_before",
    "read_by_period",
    "read_by_rule_and_member",
    "read_totals",
]
