"""What flows of trade mean beyond one record: the mirror of a flow, the collection, the past.

It must not query or draw anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final, Literal

from dashboard.measures import SUMMED_MEASURES
from dashboard.selection import Catalogue, Selection

MIRRORED_FLOW: Final[Mapping[str, str]] = {"M": "X", "X": "M"}
"""The partner's record of a flow. Re-imports and re-exports have none of their own: a partner
records them among its imports and exports."""

OUTSIDE: Final = "outside"
"""Region id of areas that lie in none of the six WCO regions."""


def trade_collection(collection: str | None, catalogue: Catalogue) -> str:
    """Return the collection that figures of trade are taken from.

    Parameters
    ----------
    collection : str or None
        The collection selected.
    catalogue : Catalogue
        What the warehouse holds.

    Returns
    -------
    str
        ``collection`` if it is one of trade, else the first that is; with no
        trade in the warehouse, ``collection`` again (or empty), so that a
        query finds nothing.
    """
    if collection in catalogue.trade_collections or not catalogue.trade_collections:
        return collection or ""
    return catalogue.trade_collections[0]


def of_trade(
    selection: Selection, catalogue: Catalogue, *, can_reconcile: bool = False
) -> Selection:
    """Return a selection whose collection is one of trade, and whose records there are.

    Parameters
    ----------
    selection : Selection
        Resolved.
    catalogue : Catalogue
        What the warehouse holds.
    can_reconcile : bool, default False
        Whether the figure can be drawn from reconciled records.

    Returns
    -------
    Selection
        The same but for ``collection``, see :func:`trade_collection`; a
        measure that is no sum: figures of flows then show the value; and
        reconciled records where there are none: those as reported then.
    """
    measure = selection.measure if selection.measure in SUMMED_MEASURES else "value_usd"
    collection = trade_collection(selection.collection, catalogue)
    found = replace(selection, collection=collection, measure=measure)
    past = is_past(selection, catalogue)
    if found.source == "reconciled" and (not can_reconcile or why_not_reconciled(found, past=past)):
        return replace(found, source="reported")
    return found


def why_not_reconciled(
    selection: Selection, *, past: bool
) -> Literal["flow", "past", "commodity"] | None:
    """Tell why there are no reconciled records of a selection.

    Parameters
    ----------
    selection : Selection
        Resolved.
    past : bool
        Whether it asks for an earlier state of knowledge.

    Returns
    -------
    str or None
        ``flow``: re-exports and re-imports have no mirror; ``past``: only the current state is
        reconciled; ``commodity``: a chapter or finer. None if there are reconciled records.
    """
    if selection.flow not in MIRRORED_FLOW:
        return "flow"
    if past:
        return "past"
    if selection.commodity and not selection.commodity.startswith("S"):
        return "commodity"
    return None


def is_past(selection: Selection, catalogue: Catalogue) -> bool:
    """Tell whether a selection asks for an earlier state of knowledge.

    Parameters
    ----------
    selection : Selection
        Resolved.
    catalogue : Catalogue
        What the warehouse holds.

    Returns
    -------
    bool
        True if ``as_of`` is before the last day that the warehouse knows of.
    """
    return selection.as_of is not None and selection.as_of < catalogue.data_on
