"""The areas of trade: one number for all codes that share an ISO code.

It must not know a table of trade.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from sqlalchemy import ColumnElement, Integer, Text, case, cast, func, select
from sqlalchemy.sql.selectable import Subquery

from dashboard.flows import OUTSIDE
from dashboard.warehouse.schema import dim_partner
from queries.scope import text


def areas() -> Subquery:
    """Return the areas of trade with one number for all codes that share an ISO code.

    Returns
    -------
    Subquery
        One row per area: ``partner_id``, ``iso3``, ``region_id`` (``outside``
        beside the six regions), ``area_id``.
    """
    table = dim_partner.c
    # Areas without an ISO code are groups, which are never in the flows.
    key = func.coalesce(table.iso3, cast(table.partner_id, Text))
    return select(
        table.partner_id.label("partner_id"),
        table.iso3.label("iso3"),
        func.coalesce(table.region_id, text(OUTSIDE)).label("region_id"),
        cast(func.min(table.partner_id).over(partition_by=key), Integer).label("area_id"),
    ).subquery()


def area_number(
    column: ColumnElement[int], numbers: Mapping[str, Sequence[int]]
) -> ColumnElement[int]:
    """Return one number for all numbers of an area, as :func:`areas` does, without asking it.

    Parameters
    ----------
    column : ColumnElement
        A ``partner_id`` or ``reporter_id``.
    numbers : mapping of str to sequence of int
        Numbers by ISO code, the smallest of each area among them; an area without a code has one.

    Returns
    -------
    ColumnElement
        The smallest number that shares the area's ISO code.
    """
    others = tuple((one, min(own)) for own in numbers.values() for one in own if one != min(own))
    return _smallest(column, others)


@lru_cache(maxsize=64)  # such a long expression takes as long to put together as to compile
def _smallest(
    column: ColumnElement[int], others: tuple[tuple[int, int], ...]
) -> ColumnElement[int]:
    if not others:
        return cast(column, Integer)
    return cast(case(dict(others), value=column, else_=column), Integer)
