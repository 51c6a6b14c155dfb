"""Where figures of trade are read from: the smallest rollup that answers, else the facts.

The one place of that choice: a new rollup is one entry of ``ROLLUPS``, and one of ``REPLACED``
if it knows its reporter. It must not know a selection.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    and_,
    case,
    cast,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.sql.selectable import FromClause, Subquery

from dashboard.warehouse.schema import (
    agg_reconciled_pair,
    agg_reconciled_section,
    agg_trade_chapter,
    agg_trade_partner,
    agg_trade_partner_chapter,
    agg_trade_region,
    agg_trade_reporter,
    agg_trade_section,
    dim_commodity,
    fct_submission,
    fct_trade,
)
from queries.areas import areas
from queries.coverage import known, uncovered
from queries.past_rollups import REPLACED, as_known
from queries.scope import text

MEASURED: Final = ("value_usd", "mass_kg", "weighed_usd", "estimated_usd", "row_count")
"""Measured columns that every source has; ``weighed_usd`` is the value of the records that give a
weight."""

SIDED: Final = (
    *MEASURED,
    "exporter_only_usd",
    "importer_only_usd",
    "exported_both_usd",
    "imported_both_usd",
)
"""With what reconciled trade alone has: the value that one side alone records, and each record of
what both record."""

COVERED: Final = (*MEASURED, "uncovered_usd")
"""With the value times the share of the range that its reporter has not reported."""

ALWAYS: Final = frozenset({"collection_id", "period_id", "flow_code"})
"""Key columns that every source has."""

_IMPLIED: Final[Mapping[str, tuple[str, ...]]] = {
    "reporter_iso3": ("reporter_region_id", "reporter_area_id", "reporter_id"),
    "partner_iso3": ("partner_region_id", "partner_area_id", "partner_id"),
    "chapter_code": ("section_id",),
    "commodity_code": ("chapter_code", "section_id"),
}
"""What follows from a column by a dimension."""


@dataclass(frozen=True)
class Rollup:
    """A table of current trade and the key columns that it was summed over.

    Parameters
    ----------
    name : str
        Of the table.
    table : FromClause
        The table.
    keys : frozenset of str
        Its finest key columns, in the names of :data:`COLUMNS`.
    """

    name: str
    table: FromClause
    keys: frozenset[str]

    @property
    def columns(self) -> frozenset[str]:
        """Return every key column that it can answer.

        Returns
        -------
        frozenset of str
            Its keys, what they imply, and what every source has.
        """
        implied = {name for key in self.keys for name in _IMPLIED.get(key, ())}
        return self.keys | implied | ALWAYS


ROLLUPS: Final[tuple[Rollup, ...]] = (
    Rollup("agg_trade_reporter", agg_trade_reporter, frozenset({"reporter_iso3"})),
    Rollup(
        "agg_trade_region",
        agg_trade_region,
        frozenset({"reporter_region_id", "partner_region_id", "section_id"}),
    ),
    Rollup("agg_trade_chapter", agg_trade_chapter, frozenset({"reporter_iso3", "chapter_code"})),
    Rollup("agg_trade_partner", agg_trade_partner, frozenset({"reporter_iso3", "partner_iso3"})),
    Rollup(
        "agg_trade_partner_chapter",
        agg_trade_partner_chapter,
        frozenset({"partner_iso3", "chapter_code"}),
    ),
    Rollup(
        "agg_trade_section",
        agg_trade_section,
        frozenset({"section_id", "reporter_iso3", "partner_iso3"}),
    ),
)
"""Smallest first."""

RECONCILED: Final[tuple[Rollup, ...]] = (
    Rollup(
        "agg_reconciled_pair", agg_reconciled_pair, frozenset({"reporter_iso3", "partner_iso3"})
    ),
    Rollup(
        "agg_reconciled_section",
        agg_reconciled_section,
        frozenset({"section_id", "reporter_iso3", "partner_iso3"}),
    ),
)
"""Tables of reconciled trade, smallest first; each row is an export of its reporter."""

FACTS: Final = Rollup(
    "fct_trade", fct_trade, frozenset({"reporter_iso3", "partner_iso3", "commodity_code"})
)
"""What answers everything else."""

COLUMNS: Final = FACTS.columns
"""Every key column that may be asked for."""


def choose(
    columns: Iterable[str], *, as_of: date | None = None, is_reconciled: bool = False
) -> Rollup:
    """Return the smallest source that has all the columns.

    Parameters
    ----------
    columns : iterable of str
        Key columns that are grouped by or filtered on; of :data:`COLUMNS`.
    as_of : date, optional
        A past day of knowledge; without it, the current state.
    is_reconciled : bool, default False
        Whether reconciled trade is asked for, which only rollups have.

    Returns
    -------
    Rollup
        One of :data:`ROLLUPS`, for a past day brought back to it, or :data:`FACTS`; or one of
        :data:`RECONCILED`.

    Raises
    ------
    KeyError
        If no source has one of the columns.

    Examples
    --------
    >>> choose({"reporter_region_id", "partner_region_id"}).name
    'agg_trade_region'
    >>> choose({"reporter_region_id", "partner_region_id"}, as_of=date(2024, 8, 27)).name
    'agg_trade_partner'
    >>> choose({"reporter_iso3", "commodity_code"}).name
    'fct_trade'
    """
    wanted = frozenset(columns)
    if unknown := wanted - COLUMNS:
        raise KeyError(f"no source of trade has {sorted(unknown)}")
    if is_reconciled:
        known_ones = () if as_of else RECONCILED
    else:
        known_ones = tuple(one for one in ROLLUPS if not as_of or one.name in REPLACED)
    for rollup in known_ones:
        if wanted <= rollup.columns:
            return replace(rollup, table=as_known(rollup.name, as_of)) if as_of else rollup
    if is_reconciled:
        raise KeyError(f"no reconciled trade has {sorted(wanted)}")
    return FACTS


Filters = Mapping[str, Sequence[Any]]
"""Key column to the values that are let through; of a commodity, the leading digits."""

SIDES: Final = ("reporter", "partner")


def summed(
    by: Sequence[str],
    filters: Filters,
    *,
    as_of: date | None = None,
    measured: Sequence[str] = MEASURED,
    is_reconciled: bool = False,
) -> Subquery:
    """Return trade summed over everything but some columns, from the smallest source.

    Sums are taken over the source's own numbers first and joined to names
    afterwards: on text, grouping takes several times as long.

    Parameters
    ----------
    by : sequence of str
        Key columns to keep; of :data:`COLUMNS`.
    filters : mapping of str to sequence
        What is let through; of :data:`COLUMNS`.
    as_of : date, optional
        A past day of knowledge; without it, the current state.
    measured : sequence of str, default MEASURED
        What to sum: :data:`COVERED` too, or of reconciled trade :data:`SIDED`.
    is_reconciled : bool, default False
        Sum reconciled trade; nothing of it is told apart by ``flow_code``.

    Returns
    -------
    Subquery
        One row per ``by``: those columns, then :data:`MEASURED`; the weight is
        empty where no record gives one. Areas outside the six regions have
        the region id ``outside``.
    """
    asks_coverage = "uncovered_usd" in measured
    wanted = {*by, *filters, *(("reporter_id",) if asks_coverage else ())}
    rollup = choose(wanted, as_of=as_of, is_reconciled=is_reconciled)
    own = own_columns(rollup)
    table = source_of(rollup)
    if asks_coverage:
        lack = uncovered(filters["collection_id"], filters["period_id"], as_of)
        table = table.join(lack, own["reporter_id"] == lack.c.reporter_id)
        own["uncovered_usd"] = own["value_usd"] * lack.c.uncovered_share
    raw = {name: _raw_column(name, own) for name in by}
    keys = {column: own[column] for column in raw.values()}
    inner = (
        select(*[key.label(name) for name, key in keys.items()], *_sums(own, measured))
        .select_from(table)
        .where(*allowed(filters, own), *([known(as_of)] if rollup is FACTS else []))
        .group_by(*keys.values())
        .subquery()
    )
    if all(name == column for name, column in raw.items()):
        return inner
    source: FromClause = inner
    named: dict[str, ColumnElement[Any]] = {}
    for name, column in raw.items():
        named[name] = inner.c[column]
    for side in SIDES:
        columns = {f"{side}_{part}": part for part in ("iso3", "region_id", "area_id")}
        asked = [name for name in columns if raw.get(name) == f"{side}_id"]
        if asked:
            area = areas()
            source = source.join(area, inner.c[f"{side}_id"] == area.c.partner_id)
            named |= {name: area.c[columns[name]] for name in asked}
    if raw.get("section_id") not in (None, "section_id"):
        code = inner.c[raw["section_id"]]
        source = source.join(dim_commodity, code == dim_commodity.c.commodity_code)
        named["section_id"] = dim_commodity.c.section_id
    return (
        select(*[named[name].label(name) for name in by], *_sums(inner.c, measured))
        .select_from(source)
        .group_by(*[named[name] for name in by])
        .subquery()
    )


def own_columns(rollup: Rollup) -> dict[str, ColumnElement[Any]]:
    """Return the columns of a source, with those that every source has.

    Parameters
    ----------
    rollup : Rollup
        The source.

    Returns
    -------
    dict of str to ColumnElement
        By name.
    """
    own: dict[str, ColumnElement[Any]] = dict(rollup.table.c.items())
    if rollup is FACTS:
        facts = fct_trade.c
        own |= {
            "collection_id": fct_submission.c.collection_id,
            "chapter_code": func.substr(facts.commodity_code, 1, 2),
            "estimated_usd": case((facts.is_estimated, facts.value_usd), else_=0.0),
            "weighed_usd": case((facts.mass_kg > 0, facts.value_usd), else_=0.0),
            "row_count": literal(1),
        }
    elif rollup in RECONCILED:
        exported, imported = own["exported_usd"], own["imported_usd"]
        own |= {
            "weighed_usd": case((own["mass_kg"] > 0, own["value_usd"]), else_=0.0),
            "exporter_only_usd": case((imported.is_(None), own["value_usd"]), else_=0.0),
            "importer_only_usd": case((exported.is_(None), own["value_usd"]), else_=0.0),
            "exported_both_usd": case((imported.is_not(None), exported), else_=0.0),
            "imported_both_usd": case((exported.is_not(None), imported), else_=0.0),
        }
    return own


def source_of(rollup: Rollup) -> FromClause:
    """Return what to select from; the facts with their submissions.

    Parameters
    ----------
    rollup : Rollup
        The source.

    Returns
    -------
    FromClause
        Has every column of :func:`own_columns`.
    """
    if rollup is not FACTS:
        return rollup.table
    return fct_trade.join(
        fct_submission, fct_trade.c.submission_id == fct_submission.c.submission_id
    )


def _raw_column(name: str, own: Mapping[str, Any]) -> str:
    """Return the source's column that a key column is or follows from."""
    if name in own:
        return name
    if name == "section_id":
        return "chapter_code"
    return f"{name.partition('_')[0]}_id"


def _sums(columns: Any, measured: Sequence[str]) -> list[ColumnElement[Any]]:
    sums: dict[str, ColumnElement[Any]] = {name: func.sum(columns[name]) for name in measured}
    sums["row_count"] = cast(sums["row_count"], BigInteger)
    return [column.label(name) for name, column in sums.items()]


def allowed(filters: Filters, own: Mapping[str, Any]) -> list[ColumnElement[bool]]:
    """Return the conditions of filters, each on a column of the source itself.

    Parameters
    ----------
    filters : mapping of str to sequence
        As of :func:`summed`.
    own : mapping of str to ColumnElement
        Of :func:`own_columns`.

    Returns
    -------
    list of ColumnElement
        All of them must hold.
    """
    found: list[ColumnElement[bool]] = []
    for name, values in filters.items():
        raw = own[_raw_column(name, own)]
        if name == "commodity_code":
            found.append(or_(*[_begins(raw, value) for value in values]))
        elif name in own:
            found.append(raw.in_(list(values)))
        elif name == "section_id":
            commodity = dim_commodity.c
            found.append(
                raw.in_(select(commodity.commodity_code).where(commodity.section_id.in_(values)))
            )
        else:
            area = areas()
            column = area.c[name.partition("_")[2]]
            found.append(raw.in_(select(area.c.partner_id).where(column.in_(list(values)))))
    return found


def _begins(code: ColumnElement[str], digits: str) -> ColumnElement[bool]:
    """Return the condition that a code begins with digits, as a range: blocks of facts outside
    it are skipped, which no function of the code allows.
    """
    after = str(int(digits) + 1).zfill(len(digits))
    if len(after) > len(digits):
        return code >= text(digits)
    return and_(code >= text(digits), code < text(after))
