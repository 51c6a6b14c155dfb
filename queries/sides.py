"""The records of both sides of the same trade, pair by pair.

It must not know a selection, nor judge which side is right.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, Double, Select, case, cast, func, null, select, union_all
from sqlalchemy.sql.selectable import Subquery

from queries.rollups import (
    FACTS,
    Filters,
    Rollup,
    allowed,
    areas,
    choose,
    known,
    own_columns,
    source_of,
)

RE_EXPORTS: Final = "RX"
"""Flow of the part of exports that was imported before."""


def both_sides(
    ours: Filters,
    theirs: Filters,
    *,
    by: Sequence[str] = (),
    as_of: date | None = None,
    with_re_exports: bool = False,
) -> Subquery:
    """Return each pair of areas and period with the records of both sides, in one grouping.

    Parameters
    ----------
    ours : mapping of str to sequence
        What is let through of our records; ``flow_code`` holds one flow, or X and RX.
    theirs : mapping of str to sequence
        What is let through of the partners' records, in the columns of the
        records: their reporter is our partner.
    by : sequence of str, default ()
        What else to tell apart: ``commodity_code``.
    as_of : date, optional
        As of :func:`summed`.
    with_re_exports : bool, default False
        Give ``re_exported_usd`` even if no re-exports are let through.

    Returns
    -------
    Subquery
        One row per ``reporter_area_id`` (our side), ``partner_area_id``,
        period and `by`: ``reported_usd``, ``mirrored_usd`` (empty where that side has
        no record), and ``estimated_usd`` of both together; if RX is let
        through on either side, ``re_exported_usd``, which is part of X.
    """
    asked = {"reporter_iso3", "partner_iso3", *by, *ours, *theirs}
    rollup = choose(asked, is_past=as_of is not None)
    has_parts = with_re_exports or RE_EXPORTS in {*ours["flow_code"], *theirs["flow_code"]}
    rows = union_all(
        _one_side(rollup, ours, ("reporter", "partner"), by, as_of, has_parts=has_parts),
        _one_side(rollup, theirs, ("partner", "reporter"), by, as_of, has_parts=has_parts),
    ).subquery()
    columns = list(rows.c)
    cell, values = columns[: 3 + len(by)], columns[3 + len(by) :]
    sums = [func.sum(column).label(column.key) for column in values]
    return select(*cell, *sums).group_by(*cell).subquery()


def _one_side(
    rollup: Rollup,
    filters: Filters,
    sides: tuple[str, str],
    by: Sequence[str],
    as_of: date | None,
    *,
    has_parts: bool,
) -> Select:
    """Return the filtered records of one side, with ours first and their value in its place."""
    own = own_columns(rollup)
    ours, theirs = areas(), areas()
    is_reported = sides[0] == "reporter"
    value, nothing = own["value_usd"], cast(null(), Double)
    parts: list[ColumnElement[Any]] = []
    if has_parts:
        is_part = own["flow_code"] == RE_EXPORTS
        parts = [case((is_part, value), else_=nothing).label("re_exported_usd")]
        value = case((is_part, nothing), else_=value)
    return (
        select(
            ours.c.area_id.label("reporter_area_id"),
            theirs.c.area_id.label("partner_area_id"),
            own["period_id"].label("period_id"),
            *[own[name].label(name) for name in by],
            (value if is_reported else nothing).label("reported_usd"),
            (nothing if is_reported else value).label("mirrored_usd"),
            own["estimated_usd"].label("estimated_usd"),
            *parts,
        )
        .select_from(
            source_of(rollup)
            .join(ours, own[f"{sides[0]}_id"] == ours.c.partner_id)
            .join(theirs, own[f"{sides[1]}_id"] == theirs.c.partner_id)
        )
        .where(
            ours.c.area_id != theirs.c.area_id,
            *allowed(filters, own),
            *([known(as_of)] if rollup is FACTS else []),
        )
    )


def records(filters: Filters, *, as_of: date | None = None) -> Select:
    """Return the single records of the facts, with both areas.

    Parameters
    ----------
    filters : mapping of str to sequence
        As of :func:`summed`.
    as_of : date, optional
        As of :func:`summed`.

    Returns
    -------
    Select
        ``reporter_area_id``, ``partner_area_id``, ``period_id``, ``chapter_code``, ``value_usd``.
    """
    own = own_columns(FACTS)
    reporter, partner = areas(), areas()
    return (
        select(
            reporter.c.area_id.label("reporter_area_id"),
            partner.c.area_id.label("partner_area_id"),
            *[own[name].label(name) for name in ("period_id", "chapter_code", "value_usd")],
        )
        .select_from(
            source_of(FACTS)
            .join(reporter, own["reporter_id"] == reporter.c.partner_id)
            .join(partner, own["partner_id"] == partner.c.partner_id)
        )
        .where(*allowed(filters, own), known(as_of))
    )
