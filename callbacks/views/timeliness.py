"""The timeliness view: who is late, and by how much?"""

from __future__ import annotations

from typing import Final

from callbacks.named import NamedFrame
from callbacks.views import timeliness_frames as frames
from callbacks.views.timeliness_frames import (
    COMPARING_FIELDS,
    STATUS_BOARD,
    STATUS_COLUMNS,
    STATUS_HISTORY,
    TRADE_WEIGHTS,
)
from dashboard.frames import BASE_FIELDS, Column
from layouts import timeliness as drawings
from layouts.panels import Panel, View

_STATUS_COUNTS: Final = (
    Column("on_time", unit="count"),
    Column("late", unit="count"),
    Column("overdue", unit="count"),
    Column("pending", unit="count"),
    Column("unknown", unit="count"),
    Column("waived", unit="count"),
    Column("counted", unit="count"),
    Column("on_time_share", measure="on_time_share"),
)
_SHARE: Final = (
    Column("on_time", unit="count"),
    Column("counted", unit="count"),
    Column("on_time_share", measure="on_time_share"),
    Column("low", unit="share"),
    Column("high", unit="share"),
)
_HIGHLIGHTED: Final = frozenset({"regions", "members"})

FRAMES: Final = (
    NamedFrame("obligation_status", STATUS_COLUMNS, frames.read_obligation_status),
    STATUS_BOARD,
    STATUS_HISTORY,
    TRADE_WEIGHTS,
    NamedFrame(
        "member_collections",
        STATUS_COLUMNS,
        frames.read_member_collections,
        BASE_FIELDS - {"collection", "regions"},
    ),
    NamedFrame(
        "on_time_by_region",
        (Column("region_id"), *_SHARE),
        frames.read_on_time_by_region,
        COMPARING_FIELDS,
    ),
    NamedFrame(
        "on_time_by_member",
        (
            Column("region_id"),
            Column("member_iso3"),
            *_SHARE,
            Column("overdue", unit="count"),
            Column("slope_days", unit="ratio"),
            Column("trend_p_value", unit="ratio"),
        ),
        frames.read_on_time_by_member,
        COMPARING_FIELDS,
    ),
    NamedFrame(
        "on_time_over_time",
        (
            Column("kind"),
            Column("series_id"),
            Column("period_id"),
            *_SHARE,
            Column("pending", unit="count"),
        ),
        frames.read_on_time_over_time,
        COMPARING_FIELDS | {"members"},
    ),
    NamedFrame(
        "status_by_region",
        (Column("region_id"), Column("period_id"), *_STATUS_COUNTS),
        frames.read_status_by_region,
        COMPARING_FIELDS,
    ),
    NamedFrame(
        "on_time_by_collection",
        (Column("collection_id"), Column("period_id"), *_STATUS_COUNTS),
        frames.read_on_time_by_collection,
        BASE_FIELDS - {"collection"},
    ),
    NamedFrame(
        "timeliness_by_period",
        (Column("period_id"), *_STATUS_COUNTS),
        frames.read_timeliness_by_period,
    ),
    NamedFrame(
        "timeliness_totals",
        (
            Column("span"),
            *_SHARE,
            Column("overdue_count", measure="overdue_count"),
            Column("received", unit="count"),
            Column("owed", unit="count"),
            Column("received_share", measure="received_share"),
        ),
        frames.read_timeliness_totals,
    ),
    NamedFrame(
        "delay_curve",
        (
            Column("group"),
            Column("days", unit="days"),
            Column("received_share", measure="received_share"),
            Column("low", unit="share"),
            Column("high", unit="share"),
        ),
        frames.read_delay_curve,
    ),
    NamedFrame(
        "delay_summary",
        (
            Column("group"),
            Column("median_delay_days", measure="median_delay_days"),
            Column("low", unit="days"),
            Column("high", unit="days"),
            Column("n", unit="count"),
            Column("outstanding", unit="count"),
            Column("upper_bounds", unit="count"),
            Column("left_out", unit="count"),
        ),
        frames.read_delay_summary,
    ),
    NamedFrame(
        "overdue",
        (
            Column("member_iso3"),
            Column("region_id"),
            Column("collection_id"),
            Column("period_id"),
            Column("due_on"),
            Column("days_late", measure="days_late"),
            Column("trade_share", measure="trade_share"),
        ),
        frames.read_overdue,
        BASE_FIELDS - {"collection"},
    ),
)

VIEW: Final = View(
    "timeliness",
    (
        Panel(
            "board",
            ("status_board", "on_time_by_member"),
            drawings.draw_status_board,
            fields=_HIGHLIGHTED | {"status", "sort"},
            area="full board",
        ),
        Panel(
            "regions",
            ("on_time_by_region", "on_time_by_member"),
            drawings.draw_on_time_by_region,
            fields=_HIGHLIGHTED,
            area="third scrolls",
        ),
        Panel(
            "trend",
            ("on_time_over_time",),
            drawings.draw_on_time_over_time,
            fields=_HIGHLIGHTED,
            area="two-thirds",
        ),
        Panel(
            "collections",
            ("on_time_by_collection", "member_collections"),
            drawings.draw_collections,
            fields=frozenset({"collection"}),
            area="scrolls",
        ),
        Panel("delays", ("delay_curve", "delay_summary"), drawings.draw_delays),
        Panel("overdue", ("overdue",), drawings.draw_overdue, kind="block", area="full"),
    ),
)
