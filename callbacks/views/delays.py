"""The view of delays: how long does it take, and is it getting better?"""

from __future__ import annotations

from typing import Final

from callbacks.named import NamedFrame
from callbacks.views import delays_frames as frames
from callbacks.views import delays_trends as trends
from callbacks.views.timeliness_frames import COMPARING_FIELDS
from dashboard.frames import BASE_FIELDS, Column
from layouts import delays as drawings
from layouts.panels import Panel, View

_GROUPED: Final = BASE_FIELDS | {"grouping"}
_HIGHLIGHTED: Final = frozenset({"regions", "members", "collection"})

FRAMES: Final = (
    frames.EVERY_COLLECTION,
    NamedFrame(
        "delay_group_curves",
        (
            Column("group"),
            Column("estimate"),
            Column("days", unit="days"),
            Column("received_share", measure="received_share"),
            Column("low", unit="share"),
            Column("high", unit="share"),
            Column("at_risk", unit="count"),
        ),
        frames.read_group_curves,
        _GROUPED,
    ),
    NamedFrame(
        "delay_groups",
        (
            Column("group"),
            Column("estimate"),
            Column("member_count", unit="count"),
            Column("n", unit="count"),
            Column("outstanding", unit="count"),
            Column("median_delay_days", measure="median_delay_days"),
            Column("low", unit="days"),
            Column("high", unit="days"),
            Column("upper_bounds", unit="count"),
            Column("day_unknown", unit="count"),
            Column("waived", unit="count"),
            Column("before_log", unit="count"),
            Column("observed_ratio", unit="ratio"),
            Column("chi_square", unit="index"),
            Column("group_p_value", unit="ratio"),
            Column("all_chi_square", unit="index"),
            Column("degrees", unit="count"),
            Column("all_p_value", unit="ratio"),
        ),
        frames.read_groups,
        _GROUPED,
    ),
    NamedFrame(
        "delay_estimates",
        (
            Column("collection_id"),
            Column("estimate"),
            Column("exact", unit="count"),
            Column("upper_bounds", unit="count"),
            Column("day_unknown", unit="count"),
            Column("overdue", unit="count"),
            Column("pending", unit="count"),
            Column("waived", unit="count"),
            Column("before_log", unit="count"),
            Column("inspected_on"),
        ),
        frames.read_estimates,
        COMPARING_FIELDS - {"collection"},
    ),
    trends.MEMBER_TRENDS,
    NamedFrame(
        "delay_trend_chance",
        (
            Column("members_seen", unit="count"),
            Column("members_tested", unit="count"),
            Column("below_raw", unit="count"),
            Column("below_adjusted", unit="count"),
            Column("expected_below", unit="ratio"),
            Column("below_low", unit="ratio"),
            Column("below_high", unit="ratio"),
            Column("slope_least", unit="ratio"),
            Column("slope_most", unit="ratio"),
            Column("draws", unit="count"),
        ),
        trends.read_trend_chance,
        COMPARING_FIELDS,
    ),
)

VIEW: Final = View(
    "delays",
    (
        Panel(
            "curves",
            ("delay_group_curves",),
            drawings.draw_curves,
            fields=_HIGHLIGHTED,
            area="two-thirds scrolls",
        ),
        Panel(
            "medians",
            ("delay_groups",),
            drawings.draw_medians,
            fields=_HIGHLIGHTED,
            area="third",
        ),
        Panel(
            "differences",
            ("delay_groups",),
            drawings.draw_differences,
            kind="block",
            fields=_HIGHLIGHTED,
            area="full",
        ),
        Panel(
            "trends",
            ("member_delay_trends", "delay_trend_chance"),
            drawings.draw_trends,
            fields=_HIGHLIGHTED,
        ),
        Panel(
            "movers",
            ("member_delay_trends", "delay_trend_chance"),
            drawings.draw_movers,
            fields=_HIGHLIGHTED,
            area="scrolls",
        ),
        Panel(
            "estimates",
            ("delay_estimates",),
            drawings.draw_estimates,
            kind="block",
            fields=frozenset({"collection"}),
            area="full",
        ),
    ),
    controls=drawings.controls,
    parent="timeliness",
)
