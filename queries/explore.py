"""Builders of the path through trade: what each level lists, and the titles of its goods.

Every builder reads the source that ``queries.rollups`` chooses; it must not name a table of
trade. Columns are those of our side, whoever recorded the trade: see ``queries.trade_scope``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, case, select

from dashboard.drill import Level
from dashboard.flows import MIRRORED_FLOW
from dashboard.selection import Selection
from dashboard.warehouse.schema import dim_commodity
from queries.rollups import MEASURED, summed
from queries.scope import text
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
        ``reporter_iso3``, the column of :data:`ITEM_COLUMN` if it is another,
        ``flow_code`` (of our side), then ``value_usd``, ``mass_kg`` (of the records that
        give it), ``estimated_usd``, ``row_count``.
    """
    is_mirror = selection.source == "mirror"
    if level == "subheading" and selection.commodity:
        selection = replace(selection, commodity=selection.commodity[:4])
    codes = [MIRRORED_FLOW.get(flow, "") for flow in flows] if is_mirror else list(flows)
    by = tuple(dict.fromkeys(("reporter_iso3", ITEM_COLUMN[level], "flow_code")))
    filters = trade_filters(selection, ("ours", "theirs"), codes)
    rows = summed(
        [record_name(name, is_mirror=is_mirror) for name in by],
        {record_name(name, is_mirror=is_mirror): values for name, values in filters.items()},
        as_of=selection.as_of if is_past else None,
    )
    keys: dict[str, ColumnElement[Any]] = {
        name: rows.c[record_name(name, is_mirror=is_mirror)] for name in by
    }
    if is_mirror:
        keys["flow_code"] = case((rows.c.flow_code == "M", text("X")), else_=text("M"))
    return select(
        *[key.label(name) for name, key in keys.items()],
        *[rows.c[name] for name in MEASURED],
    ).order_by(*keys.values())


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
