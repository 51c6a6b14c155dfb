"""Builders of the selected trade in total, by whose records tell it.

It must not say which record is right.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Select, select

from dashboard.selection import Selection
from queries.flows import measured, selected_trade
from queries.rollups import SIDED

_SIDES: Final = {
    "X": ("exporter_only_usd", "importer_only_usd", "exported_both_usd", "imported_both_usd"),
    "M": ("importer_only_usd", "exporter_only_usd", "imported_both_usd", "exported_both_usd"),
}
"""Columns of reconciled trade by our flow: ours and theirs alone, ours and theirs of both."""


def source_total(selection: Selection, *, is_past: bool) -> Select:
    """Return the selected trade in total, from the records that the selection names.

    Grain: one row, or none without trade.

    Parameters
    ----------
    selection : Selection
        Resolved; ``source`` is whose records tell it.
    is_past : bool
        Whether ``as_of`` is before the last day known.

    Returns
    -------
    Select
        ``value_usd``, ``mass_kg``, ``estimated_share``, ``n``.
    """
    rows = selected_trade(selection, ("collection_id",), sides=("ours", "theirs"), is_past=is_past)
    return select(*measured(rows)).order_by(rows.c.collection_id)


def both_totals(selection: Selection) -> Select:
    """Return what of the selected trade each side records alone, and what both record.

    Grain: one row, or none without trade.

    Parameters
    ----------
    selection : Selection
        Resolved, with reconciled records of imports or exports.

    Returns
    -------
    Select
        ``ours_only_usd`` and ``theirs_only_usd`` of the reconciled value;
        ``ours_usd`` and ``theirs_usd``, each side's record of what both
        record. All FOB.
    """
    rows = selected_trade(
        selection, ("collection_id",), sides=("ours", "theirs"), is_past=False, columns=SIDED
    )
    names = ("ours_only_usd", "theirs_only_usd", "ours_usd", "theirs_usd")
    columns = _SIDES[selection.flow or "X"]
    return select(
        *[rows.c[column].label(name) for column, name in zip(columns, names, strict=True)]
    ).order_by(rows.c.collection_id)
