"""Builders of the path through trade: what each level lists, and the titles of its goods.

Every builder reads the source that ``queries.rollups`` chooses; it must not name a table of
trade. Columns are those of our side, whoever recorded the trade: see ``queries.trade_scope``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import ColumnElement, Integer, Select, case, cast, func, select

from dashboard.flows import MIRRORED_FLOW
from dashboard.measures import Level
from dashboard.selection import Selection
from dashboard.warehouse.schema import dim_commodity
from queries.rollups import MEASURED, summed
from queries.scope import in_period, text
from queries.trade_scope import record_name, trade_filters

ITEM_COLUMN: Final[Mapping[Level, str]] = {
    "region": "reporter_region_id",
    "member": "reporter_iso3",
    "partner": "partner_iso3",
    "section": "section_id",
    "chapter": "chapter_code",
    "heading": "commodity_code",
    "subheading": "commodity_code",
}
"""Key column that tells the items of a level apart; headings are the first four digits of it."""


def drill_trade(
    selection: Selection, level: Level, flows: Sequence[str], *, is_past: bool
) -> Select:
    """Return the trade behind the items of a level.

    Grain: one row per area on our side, item and flow.

    Parameters
    ----------
    selection : Selection
        Resolved; its collection is one of trade. Everything that is chosen
        filters, but for a subheading, which is listed among those of its
        heading.
    level : Level
        What is listed.
    flows : sequence of str
        Flow codes of our side.
    is_past : bool
        Whether ``as_of`` is before the last day known.

    Returns
    -------
    Select
        As :func:`trade_by`, by ``reporter_iso3``, the column of
        :data:`ITEM_COLUMN` if it is another, and ``flow_code``.
    """
    if level == "subheading" and selection.commodity:
        selection = replace(selection, commodity=selection.commodity[:4])
    by = tuple(dict.fromkeys(("reporter_iso3", ITEM_COLUMN[level], "flow_code")))
    return trade_by(selection, by, flows, is_past=is_past)


def trade_by(
    selection: Selection,
    by: Sequence[str],
    flows: Sequence[str],
    *,
    is_past: bool,
) -> Select:
    """Return trade by some columns.

    Grain: one row per ``by``.

    Parameters
    ----------
    selection : Selection
        Resolved; its collection is one of trade. Everything that is chosen
        filters.
    by : sequence of str
        Key columns of our side; of ``queries.rollups.COLUMNS``.
    flows : sequence of str
        Flow codes of our side.
    is_past : bool
        Whether ``as_of`` is before the last day known.

    Returns
    -------
    Select
        ``by`` (flows of our side), then ``value_usd``, ``mass_kg`` (of the
        records that give it), ``weighed_usd`` (the value of these),
        ``estimated_usd`` and ``row_count``.
    """
    is_mirror = selection.source == "mirror"
    codes = [MIRRORED_FLOW.get(flow, "") for flow in flows] if is_mirror else list(flows)
    filters = trade_filters(selection, ("ours", "theirs"), codes)
    if "commodity_code" in by and "chapter_code" in filters:
        # The facts can skip what lies outside a range of codes, not of chapters.
        filters["commodity_code"] = filters.pop("chapter_code")
    rows = summed(
        [record_name(name, is_mirror=is_mirror) for name in by],
        {record_name(name, is_mirror=is_mirror): values for name, values in filters.items()},
        as_of=selection.as_of if is_past else None,
    )
    keys: dict[str, ColumnElement[Any]] = {
        name: rows.c[record_name(name, is_mirror=is_mirror)] for name in by
    }
    if is_mirror and "flow_code" in keys:
        keys["flow_code"] = case((rows.c.flow_code == "M", text("X")), else_=text("M"))
    return select(
        *[key.label(name) for name, key in keys.items()],
        *[rows.c[name] for name in MEASURED],
    ).order_by(*keys.values())


def reports(selection: Selection, before: Selection, *, is_past: bool) -> Select:
    """Return of how many periods each area has reported any trade at all.

    Grain: one row per area on our side.

    Parameters
    ----------
    selection, before : Selection
        Resolved; of the range, and of the range of the same length just
        before. Neither partners nor goods filter.
    is_past : bool
        Whether ``as_of`` is before the last day known.

    Returns
    -------
    Select
        ``reporter_iso3``, ``now_count`` periods of the range, ``whole_count``
        of both ranges, ``way_count`` of flows in the range: exports, imports.
    """
    own = replace(selection, partners=(), partner_regions=(), commodity=None)
    rows = summed(
        ("reporter_iso3", "period_id", "flow_code"),
        trade_filters(replace(own, first=before.first), ("ours",), ("X", "M")),
        as_of=selection.as_of if is_past else None,
    )
    is_now = in_period(selection, rows.c.period_id)
    return (
        select(
            rows.c.reporter_iso3,
            _distinct(case((is_now, rows.c.period_id))).label("now_count"),
            _distinct(rows.c.period_id).label("whole_count"),
            _distinct(case((is_now, rows.c.flow_code))).label("way_count"),
        )
        .group_by(rows.c.reporter_iso3)
        .order_by(rows.c.reporter_iso3)
    )


def _distinct(column: ColumnElement[Any]) -> ColumnElement[int]:
    return cast(func.count(column.distinct()), Integer)


def commodity_titles(codes: Sequence[str]) -> Select:
    """Return the titles of HS codes.

    Grain: one row per code that is known.

    Parameters
    ----------
    codes : sequence of str
        Chapters, headings or subheadings.

    Returns
    -------
    Select
        ``commodity_code``, ``title_en``, ``title_fr``.
    """
    table = dim_commodity.c
    return (
        select(table.commodity_code, table.title_en, table.title_fr)
        .where(table.commodity_code.in_(sorted(codes)))
        .order_by(table.commodity_code)
    )
