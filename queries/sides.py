"""The records of both sides of the same trade, pair by pair.

It must not know a selection, nor judge which side is right.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, Double, Select, case, cast, func, null, select, union_all
from sqlalchemy.sql.selectable import FromClause, Subquery

from queries.areas import area_number, areas
from queries.coverage import known
from queries.rollups import (
    FACTS,
    Filters,
    Rollup,
    allowed,
    choose,
    own_columns,
    source_of,
)

Numbers = Mapping[str, Sequence[int]]
"""ISO code to all numbers of its area."""

RE_EXPORTS: Final = "RX"
"""Flow of the part of exports that was imported before."""


def both_sides(
    ours: Filters,
    theirs: Filters,
    *,
    by: Sequence[str] = (),
    as_of: date | None = None,
    with_re_exports: bool = False,
    numbers: Numbers | None = None,
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
    numbers : mapping of str to sequence of int, optional
        Numbers of the areas by ISO code, if they are known: no table of areas is joined then.

    Returns
    -------
    Subquery
        One row per ``reporter_area_id`` (our side), ``partner_area_id``,
        period and `by`: ``reported_usd``, ``mirrored_usd`` (empty where that side has
        no record), and ``estimated_usd`` of both together; if RX is let
        through on either side, ``re_exported_usd``, which is part of X.
    """
    asked = {"reporter_iso3", "partner_iso3", *by, *ours, *theirs}
    rollup = choose(asked, as_of=as_of)
    has_parts = with_re_exports or RE_EXPORTS in {*ours["flow_code"], *theirs["flow_code"]}
    rows = union_all(
        _one_side(rollup, ours, ("reporter", "partner"), by, as_of, numbers, has_parts=has_parts),
        _one_side(rollup, theirs, ("partner", "reporter"), by, as_of, numbers, has_parts=has_parts),
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
    numbers: Numbers | None,
    *,
    has_parts: bool,
) -> Select:
    """Return the filtered records of one side, with ours first and their value in its place."""
    own = own_columns(rollup)
    source, (ours, theirs) = _with_areas(rollup, own, sides, numbers)
    is_reported = sides[0] == "reporter"
    value, nothing = own["value_usd"], cast(null(), Double)
    parts: list[ColumnElement[Any]] = []
    if has_parts:
        is_part = own["flow_code"] == RE_EXPORTS
        parts = [case((is_part, value), else_=nothing).label("re_exported_usd")]
        value = case((is_part, nothing), else_=value)
    return (
        select(
            ours.label("reporter_area_id"),
            theirs.label("partner_area_id"),
            own["period_id"].label("period_id"),
            *[own[name].label(name) for name in by],
            (value if is_reported else nothing).label("reported_usd"),
            (nothing if is_reported else value).label("mirrored_usd"),
            own["estimated_usd"].label("estimated_usd"),
            *parts,
        )
        .select_from(source)
        .where(
            ours != theirs,
            *allowed(filters, own),
            *([known(as_of)] if rollup is FACTS else []),
        )
    )


def _with_areas(
    rollup: Rollup,
    own: Mapping[str, ColumnElement[Any]],
    sides: tuple[str, str],
    numbers: Numbers | None,
) -> tuple[FromClause, list[ColumnElement[int]]]:
    """Return what to select from, and the area of each side in it."""
    source = source_of(rollup)
    found = []
    for side in sides:
        source, area = with_area(source, own[f"{side}_id"], numbers)
        found.append(area)
    return source, found


def with_area(
    source: FromClause, column: ColumnElement[int], numbers: Numbers | None
) -> tuple[FromClause, ColumnElement[int]]:
    """Return a source from which an area's one number can be selected, and that number.

    Parameters
    ----------
    source : FromClause
        A table or join.
    column : ColumnElement
        A number of an area in it.
    numbers : mapping of str to sequence of int or None
        As of :func:`both_sides`.

    Returns
    -------
    source : FromClause
        Joined with the areas, unless their numbers are known.
    area : ColumnElement
        The same for all numbers that share an ISO code.
    """
    if numbers is not None:
        return source, area_number(column, numbers)
    area = areas()
    return source.join(area, column == area.c.partner_id), area.c.area_id


def records(
    filters: Filters, *, as_of: date | None = None, numbers: Numbers | None = None
) -> Select:
    """Return the single records of the facts, with both areas.

    Parameters
    ----------
    filters : mapping of str to sequence
        As of :func:`summed`.
    as_of : date, optional
        As of :func:`summed`.
    numbers : mapping of str to sequence of int, optional
        As of :func:`both_sides`.

    Returns
    -------
    Select
        ``reporter_area_id``, ``partner_area_id``, ``period_id``, ``chapter_code``, ``value_usd``.
    """
    own = own_columns(FACTS)
    source, (reporter, partner) = _with_areas(FACTS, own, ("reporter", "partner"), numbers)
    return (
        select(
            reporter.label("reporter_area_id"),
            partner.label("partner_area_id"),
            *[own[name].label(name) for name in ("period_id", "chapter_code", "value_usd")],
        )
        .select_from(source)
        .where(*allowed(filters, own), known(as_of))
    )
