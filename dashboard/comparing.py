"""Which range the selected one is compared with.

It must not query or compute anything of trade.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from dashboard.flows import trade_collection
from dashboard.selection import Catalogue, Selection, months_between, shift_month

Kind = Literal["chosen", "years_before", "just_before", "shortened"]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two ranges of equal length, the base wholly before the other.

    Months are text ``YYYY-MM``, both ends included. ``kind`` says how the base came about:
    chosen; the same months whole years before; the months just before; or ``shortened``, where
    so little is held before the range that only its last part is compared.
    """

    first: str
    last: str
    base_first: str
    base_last: str
    kind: Kind

    def now(self, selection: Selection) -> Selection:
        """Return a selection of the later range.

        Parameters
        ----------
        selection : Selection
            Resolved.

        Returns
        -------
        Selection
            The same but for its range.
        """
        return replace(selection, first=self.first, last=self.last)

    def before(self, selection: Selection) -> Selection:
        """Return a selection of the base range.

        Parameters
        ----------
        selection : Selection
            Resolved.

        Returns
        -------
        Selection
            The same but for its range.
        """
        return replace(selection, first=self.base_first, last=self.base_last)


def comparison(selection: Selection, catalogue: Catalogue) -> Comparison | None:
    """Return what the selected range is compared with.

    Unless a base is chosen it is the same months as few whole years before as keep the two apart,
    then the months just before. Where neither is held, the last part of the range is compared with
    the equally long part before it: whole years if there is one, and as many as are held twice.

    Parameters
    ----------
    selection : Selection
        Resolved.
    catalogue : Catalogue
        What the warehouse holds.

    Returns
    -------
    Comparison or None
        None where fewer than two periods of trade are held up to the range's end.
    """
    assert selection.first is not None and selection.last is not None
    collection = trade_collection(selection.collection, catalogue)
    is_annual = catalogue.collections.get(collection) == "A"
    first, last, base = selection.first, selection.last, selection.base
    if is_annual:
        first, last = f"{first[:4]}-01", f"{last[:4]}-12"
        base = base and f"{base[:4]}-01"
    length = months_between(first, last)
    if base and shift_month(base, length) <= first:
        return Comparison(first, last, base, shift_month(base, length - 1), "chosen")
    held = catalogue.traded_range(collection)
    if held is None:
        return None
    for kind, before in (("years_before", -(-length // 12) * 12), ("just_before", length)):
        start = shift_month(first, -before)
        if start >= held[0]:
            end = shift_month(start, length - 1)
            return Comparison(first, last, start, end, kind)  # type: ignore[arg-type]  # of Kind
    return _shortened(min(last, held[1]), held[0])


def _shortened(last: str, low: str) -> Comparison | None:
    half = months_between(low, last) // 2 if low <= last else 0
    length = half - half % 12 if half >= 12 else half
    if length < 1:
        return None
    first = shift_month(last, 1 - length)
    return Comparison(first, last, shift_month(first, -length), shift_month(first, -1), "shortened")
