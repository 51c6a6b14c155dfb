"""The view of revisions: how much do first figures change, and when?"""

from __future__ import annotations

from typing import Final

from callbacks.named import NamedFrame
from callbacks.views import revisions_frames as frames
from callbacks.views.revisions_frames import COMPARING_FIELDS, RELEASES
from dashboard.frames import BASE_FIELDS, Column
from layouts import revisions as drawings
from layouts.panels import Panel, View

_HIGHLIGHTED: Final = frozenset({"regions", "members"})
_FLOW: Final = frozenset({"flow"})

FRAMES: Final[tuple[NamedFrame, ...]] = (
    RELEASES,
    NamedFrame(
        "revised_figures",
        (
            Column("member_iso3"),
            Column("region_id"),
            Column("period_id"),
            Column("flow_code"),
            Column("first_usd", unit="usd"),
            Column("latest_usd", unit="usd"),
            Column("revision_usd", unit="usd"),
            Column("relative_revision", unit="share"),
            Column("first_on"),
            Column("latest_on"),
            Column("revision_count", unit="count"),
            Column("revision_days", unit="days"),
        ),
        frames.read_revised_figures,
    ),
    NamedFrame(
        "revision_sizes",
        (Column("region_id"), Column("member_iso3"), Column("flow_code"), *frames.SIZE_COLUMNS),
        frames.read_revision_sizes,
    ),
    NamedFrame(
        "revision_regions", frames.REGION_COLUMNS, frames.read_revision_regions, COMPARING_FIELDS
    ),
    NamedFrame(
        "revision_ages",
        (
            Column("group"),
            Column("days", unit="days"),
            Column("revised_share", measure="revised_share"),
            Column("low", unit="share"),
            Column("high", unit="share"),
            Column("n", unit="count"),
            Column("revised", unit="count"),
        ),
        frames.read_revision_ages,
        COMPARING_FIELDS | {"members"},
    ),
    NamedFrame(
        "revision_triangle",
        (
            Column("member_iso3"),
            Column("period_id"),
            Column("release", unit="count"),
            Column("first_age", unit="count"),
            Column("last_age", unit="count"),
            Column("value_usd", measure="value_usd"),
            Column("relative_revision", unit="share"),
            Column("known_on"),
            Column("received_bound"),
        ),
        frames.read_revision_triangle,
        BASE_FIELDS | _FLOW,
    ),
)

VIEW: Final = View(
    "revisions",
    (
        Panel(
            "sizes",
            ("revision_sizes", "revised_figures", "releases"),
            drawings.draw_sizes,
            fields=_HIGHLIGHTED | _FLOW,
            area="two-thirds scrolls tall",
        ),
        Panel(
            "regions",
            ("revision_regions", "releases"),
            drawings.draw_regions,
            fields=_HIGHLIGHTED,
            area="third tall",
        ),
        Panel(
            "triangle",
            ("revision_triangle", "releases"),
            drawings.draw_triangle,
            fields=_HIGHLIGHTED | _FLOW,
            area="full scrolls",
        ),
        Panel(
            "ages",
            ("revision_ages", "releases"),
            drawings.draw_ages,
            fields=_HIGHLIGHTED,
            area="third tall",
        ),
        Panel(
            "largest",
            ("revised_figures", "releases"),
            drawings.draw_largest,
            kind="block",
            fields=_HIGHLIGHTED,
            area="two-thirds",
        ),
    ),
    controls=drawings.controls,
    parent="timeliness",
)
