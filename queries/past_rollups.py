"""What rollups of trade held on a past day.

It must not choose among them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from sqlalchemy import Table, select, union_all
from sqlalchemy.sql.selectable import Subquery

from dashboard.warehouse.schema import agg_past_chapter, agg_past_section, metadata
from queries.scope import night_of

REPLACED: Final[Mapping[str, Table]] = {
    "agg_trade_reporter": agg_past_chapter,
    "agg_trade_chapter": agg_past_chapter,
    "agg_trade_partner": agg_past_section,
    "agg_trade_section": agg_past_section,
}
"""Rollups that know their submission by its reporter, with the table of what has been replaced."""


def as_known(name: str, as_of: date) -> Subquery:
    """Return what a rollup held on a past day.

    Parameters
    ----------
    name : str
        Of the rollup; one of :data:`REPLACED`.
    as_of : date
        The day of knowledge.

    Returns
    -------
    Subquery
        The columns of the rollup but ``known_at``: of the current submissions those known by
        then, and those that have been replaced since.
    """
    rollup, past, night = metadata.tables[name], REPLACED[name], night_of(as_of)
    columns = [column.key for column in rollup.c if column.key != "known_at"]
    return union_all(
        select(*[rollup.c[name] for name in columns]).where(rollup.c.known_at < night),
        select(*[past.c[name] for name in columns]).where(
            past.c.known_at < night, past.c.superseded_at >= night
        ),
    ).subquery()
