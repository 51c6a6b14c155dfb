"""Builders of trade: between regions, by member, partner, commodity and period.

Every builder reads the source that ``queries.rollups`` chooses; it must not name a table of
trade. Columns are those of our side, whoever recorded the trade: see ``queries.trade_scope``.
Re-imports and re-exports have no mirror, so with mirror data a builder then finds nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Double,
    Integer,
    Select,
    cast,
    func,
    null,
    select,
    union_all,
)
from sqlalchemy.sql.selectable import Subquery

from dashboard.flows import MIRRORED_FLOW
from dashboard.selection import Selection
from queries.areas import areas
from queries.rollups import COVERED, MEASURED, SIDED, summed
from queries.scope import ratio, text
from queries.trade_scope import Side, is_other_side, record_name, trade_filters

PAIRS_AT_MOST: Final = 60
"""Pairs that ``pair_flows`` gives; the totals beside them tell the rest."""


def selected_trade(
    selection: Selection,
    by: Sequence[str],
    *,
    sides: Iterable[Side],
    is_past: bool,
    is_whole: bool = False,
    columns: Sequence[str] = MEASURED,
) -> Subquery:
    """Return the selected trade by some columns, in our names whichever side recorded it.

    Parameters
    ----------
    selection : Selection
        Resolved.
    by : sequence of str
        Key columns, in our names.
    sides : iterable of {"ours", "theirs"}
        Which sides the selection narrows.
    is_past : bool
        See :func:`region_flows`.
    is_whole : bool, default False
        All periods held, not only those of the range.
    columns : sequence of str, default ``queries.rollups.MEASURED``
        What to sum.

    Returns
    -------
    Subquery
        One row per ``by``, with the sums of ``columns``.
    """
    flow = selection.flow or ""
    is_swapped = is_other_side(selection, flow)
    is_reconciled = selection.source == "reconciled"
    # An unknown flow finds nothing, as re-exports have no mirror.
    code = MIRRORED_FLOW.get(flow, "") if selection.source == "mirror" else flow
    ours = trade_filters(selection, sides, [code], is_whole=is_whole)
    if is_reconciled:
        del ours["flow_code"]
    found = summed(
        [record_name(name, is_mirror=is_swapped) for name in by],
        {record_name(name, is_mirror=is_swapped): values for name, values in ours.items()},
        as_of=selection.as_of if is_past else None,
        is_reconciled=is_reconciled,
        measured=columns,
    )
    if not is_swapped:
        return found
    keys = [found.c[record_name(name, is_mirror=True)].label(name) for name in by]
    return select(*keys, *[found.c[name] for name in columns]).subquery()


def measured(rows: Subquery) -> list[ColumnElement[Any]]:
    """Return the columns that every frame of trade ends with.

    Parameters
    ----------
    rows : Subquery
        Of :func:`selected_trade`.

    Returns
    -------
    list of ColumnElement
        ``value_usd``, ``mass_kg``, ``estimated_share``, ``n``.
    """
    return [
        rows.c.value_usd,
        rows.c.mass_kg,
        ratio(rows.c.estimated_usd, rows.c.value_usd).label("estimated_share"),
        rows.c.row_count.label("n"),
    ]


def _with_quality(
    selection: Selection, by: Sequence[str], *, sides: Iterable[Side], is_past: bool
) -> Subquery:
    """Return :func:`selected_trade` with what of it stands on partners' records, and what lacks."""
    columns = SIDED if selection.source == "reconciled" else COVERED
    return selected_trade(selection, by, sides=sides, is_past=is_past, columns=columns)


def _qualified(rows: Subquery, selection: Selection) -> list[ColumnElement[Any]]:
    """Return the measured columns with ``mirrored_share`` and ``uncovered_share`` before ``n``."""
    if selection.source == "reconciled":
        theirs = "importer_only_usd" if selection.flow == "X" else "exporter_only_usd"
        mirrored = ratio(rows.c[theirs], rows.c.value_usd)
        lack: ColumnElement[Any] = cast(null(), Double)
    else:
        mirrored = cast(1.0 if selection.source == "mirror" else 0.0, Double)
        lack = ratio(rows.c.uncovered_usd, rows.c.value_usd)
    columns = measured(rows)
    quality = [mirrored.label("mirrored_share"), lack.label("uncovered_share")]
    return [*columns[:-1], *quality, columns[-1]]


def _totals(
    selection: Selection,
    by: Mapping[str, str],
    *,
    sides: Iterable[Side],
    is_past: bool,
) -> Select:
    """Return the trade of the selected flow and periods; ``by`` maps columns to their labels."""
    rows = _with_quality(selection, list(by), sides=sides, is_past=is_past)
    keys = [rows.c[name] for name in by]
    return select(
        *[key.label(label) for key, label in zip(keys, by.values(), strict=True)],
        *_qualified(rows, selection),
    ).order_by(*keys)


def region_flows(selection: Selection, *, is_past: bool) -> Select:
    """Return the trade between regions, of everybody.

    Grain: one row per region and partner region.

    Parameters
    ----------
    selection : Selection
        Resolved; its collection is one of trade. Regions and members do not
        filter: the figure compares them.
    is_past : bool
        Whether ``as_of`` is before the last day known; so for all builders
        here.

    Returns
    -------
    Select
        ``reporter_region_id``, ``partner_region_id`` (``outside`` beside the
        six), ``value_usd``, ``mass_kg`` (of the records that give it),
        ``estimated_share`` of the value, ``mirrored_share`` that only the
        partners record, ``uncovered_share`` of the range that the reporters
        have not reported, weighted by value (empty of reconciled records),
        ``n`` records.
    """
    by = {name: name for name in ("reporter_region_id", "partner_region_id")}
    return _totals(selection, by, sides=(), is_past=is_past)


def member_trade(selection: Selection, *, is_past: bool) -> Select:
    """Return the trade of every area with the selected partners.

    Grain: one row per area on our side.

    Parameters
    ----------
    selection : Selection
        Resolved. Regions and members do not filter.
    is_past : bool
        See :func:`region_flows`.

    Returns
    -------
    Select
        ``member_iso3``, ``region_id``, then as :func:`region_flows`.
    """
    by = {"reporter_iso3": "member_iso3", "reporter_region_id": "region_id"}
    return _totals(selection, by, sides=("theirs",), is_past=is_past)


def partner_trade(selection: Selection, *, is_past: bool) -> Select:
    """Return the trade of the selected members with each partner.

    Grain: one row per partner.

    Parameters
    ----------
    selection : Selection
        Resolved. Partner regions filter, partners do not: they are compared.
    is_past : bool
        See :func:`region_flows`.

    Returns
    -------
    Select
        ``partner_iso3``, ``region_id``, then as :func:`region_flows`.
    """
    return _totals(
        replace(selection, partners=()),
        {"partner_iso3": "partner_iso3", "partner_region_id": "region_id"},
        sides=("ours", "theirs"),
        is_past=is_past,
    )


def chapter_trade(selection: Selection, *, is_past: bool) -> Select:
    """Return the selected trade by HS chapter; a selected commodity does not filter.

    Grain: one row per chapter.

    Parameters
    ----------
    selection : Selection
        Resolved.
    is_past : bool
        See :func:`region_flows`.

    Returns
    -------
    Select
        ``section_id``, ``commodity_code`` (a chapter), then as
        :func:`region_flows`.
    """
    return _totals(
        replace(selection, commodity=None),
        {"section_id": "section_id", "chapter_code": "commodity_code"},
        sides=("ours", "theirs"),
        is_past=is_past,
    )


def subheading_trade(selection: Selection, *, is_past: bool) -> Select:
    """Return the selected trade inside the chapter of the selected commodity.

    Grain: one row per commodity code, at the finest level that records have.

    Parameters
    ----------
    selection : Selection
        Resolved, with a chapter, heading or subheading as its commodity.
    is_past : bool
        See :func:`region_flows`.

    Returns
    -------
    Select
        ``section_id``, ``commodity_code`` (2, 4 or 6 digits; they do not
        overlap), then as :func:`region_flows`.
    """
    assert selection.commodity is not None
    return _totals(
        replace(selection, commodity=selection.commodity[:2]),
        {"section_id": "section_id", "commodity_code": "commodity_code"},
        sides=("ours", "theirs"),
        is_past=is_past,
    )


def trade_series(selection: Selection, *, is_past: bool, is_whole: bool = False) -> Select:
    """Return the selected trade by period.

    Grain: one row per period and flow, imports and exports.

    Parameters
    ----------
    selection : Selection
        Resolved.
    is_past : bool
        See :func:`region_flows`.
    is_whole : bool, default False
        All periods held, not only those of the range: its surroundings.

    Returns
    -------
    Select
        ``period_id``, ``flow_code`` (of our side), the measured columns of
        :func:`region_flows`, and ``reporter_count``, who reported any of it;
        of reconciled trade, the areas on our side that either side reports.
    """
    key = "partner_area_id" if selection.source == "mirror" else "reporter_area_id"
    flows = [
        (
            code,
            selected_trade(
                replace(selection, flow=code),
                ("period_id", key),
                sides=("ours", "theirs"),
                is_past=is_past,
                is_whole=is_whole,
            ),
        )
        for code in ("M", "X")
    ]
    rows = union_all(
        *[select(text(code).label("flow_code"), *rows.c) for code, rows in flows]
    ).subquery()
    totals = (
        select(
            rows.c.period_id,
            rows.c.flow_code,
            *[func.sum(rows.c[name]).label(name) for name in MEASURED[:-1]],
            cast(func.sum(rows.c.row_count), BigInteger).label("row_count"),
            cast(func.count(), Integer).label("reporter_count"),
        )
        .group_by(rows.c.period_id, rows.c.flow_code)
        .subquery()
    )
    return select(
        totals.c.period_id, totals.c.flow_code, *measured(totals), totals.c.reporter_count
    ).order_by(totals.c.period_id, totals.c.flow_code)


def pair_flows(selection: Selection, *, is_past: bool) -> Select:
    """Return the largest flows between two areas, with the totals of all.

    Grain: one row per area on our side and partner, the largest by the
    selected measure first; an area's trade with itself is left out.

    Parameters
    ----------
    selection : Selection
        Resolved.
    is_past : bool
        See :func:`region_flows`.

    Returns
    -------
    Select
        ``reporter_iso3``, ``reporter_region_id``, ``partner_iso3``,
        ``partner_region_id``, the measured columns of :func:`region_flows`;
        and of all pairs, on every row: ``all_value_usd``, ``all_mass_kg``,
        ``pair_count``. At most :data:`PAIRS_AT_MOST` rows.
    """
    rows = _with_quality(
        selection,
        ("reporter_area_id", "partner_area_id"),
        sides=("ours", "theirs"),
        is_past=is_past,
    )
    largest = rows.c[selection.measure or "value_usd"]
    pairs = (
        select(
            *rows.c,
            func.sum(rows.c.value_usd).over().label("all_value_usd"),
            func.sum(rows.c.mass_kg).over().label("all_mass_kg"),
            cast(func.count().over(), Integer).label("pair_count"),
        )
        .where(rows.c.reporter_area_id != rows.c.partner_area_id)
        .order_by(largest.desc().nulls_last(), rows.c.reporter_area_id, rows.c.partner_area_id)
        .limit(PAIRS_AT_MOST)
        .subquery()
    )
    ours, theirs = areas(), areas()
    return (
        select(
            ours.c.iso3.label("reporter_iso3"),
            ours.c.region_id.label("reporter_region_id"),
            theirs.c.iso3.label("partner_iso3"),
            theirs.c.region_id.label("partner_region_id"),
            *_qualified(pairs, selection),
            pairs.c.all_value_usd,
            pairs.c.all_mass_kg,
            pairs.c.pair_count,
        )
        .select_from(
            pairs.join(ours, pairs.c.reporter_area_id == ours.c.partner_id).join(
                theirs, pairs.c.partner_area_id == theirs.c.partner_id
            )
        )
        .order_by(
            pairs.c[largest.key].desc().nulls_last(),
            pairs.c.reporter_area_id,
            pairs.c.partner_area_id,
        )
    )
