"""The members view: one member's page, and up to six beside it."""

from __future__ import annotations

from dataclasses import fields

from callbacks.views.members_frames import FRAMES as FRAMES
from dashboard.selection import Selection
from layouts import members as drawings
from layouts.panels import Panel, View

EVERY_FIELD = frozenset(field.name for field in fields(Selection))
"""For panels with links to other views: a link carries the whole selection."""

SUBJECT = frozenset({"members"})
PAGE = frozenset({"members", "compared"})

VIEW = View(
    "members",
    (
        Panel(
            "profile",
            (
                "member_profiles",
                "member_on_time_by_period",
                "quality_of_members",
                "member_series",
                "member_due_dates",
                "member_rules",
            ),
            drawings.draw_profile,
            kind="block",
            fields=SUBJECT | {"regions"},
            area="strip",
        ),
        Panel(
            "board",
            ("member_obligations", "member_facts"),
            drawings.draw_board,
            fields=SUBJECT | {"collection"},
            area="two-thirds",
        ),
        Panel(
            "due",
            ("member_due_dates", "member_facts"),
            drawings.draw_due_dates,
            kind="block",
            fields=SUBJECT,
            is_staged=False,
            area="third",
        ),
        Panel(
            "dimensions",
            ("quality_by_member",),
            drawings.draw_dimensions,
            fields=SUBJECT,
            is_staged=False,
        ),
        Panel(
            "pillars",
            ("ranking", "member_facts"),
            drawings.draw_pillars,
            fields=PAGE,
        ),
        Panel("trade", ("member_series",), drawings.draw_series, fields=SUBJECT, is_staged=False),
        Panel(
            "partners",
            ("member_partners",),
            drawings.draw_partners,
            fields=SUBJECT,
            is_staged=False,
        ),
        Panel(
            "findings",
            ("member_rules", "remedies_of_members"),
            drawings.draw_findings,
            kind="block",
            fields=EVERY_FIELD,
            is_staged=False,
        ),
        Panel(
            "over_time",
            ("member_on_time_by_period",),
            drawings.draw_over_time,
            fields=PAGE,
        ),
        Panel(
            "comparison",
            ("member_comparison", "member_profiles"),
            drawings.draw_comparison,
            kind="block",
            fields=PAGE,
            area="strip",
        ),
    ),
)
