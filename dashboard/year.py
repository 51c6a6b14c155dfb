"""Which year the annual page is about.

It must not know what the page shows.
"""

from __future__ import annotations

from dashboard.selection import Catalogue, Selection


def chosen_year(selection: Selection, catalogue: Catalogue) -> int:
    """Return the last whole year of a range.

    Parameters
    ----------
    selection : Selection
        Resolved.
    catalogue : Catalogue
        What the warehouse holds.

    Returns
    -------
    int
        The last year whose December is not after the end of the range; the first year there is
        if none is.
    """
    assert selection.last is not None
    year = int(selection.last[:4])
    if selection.last[5:7] != "12":
        year -= 1
    return max(year, int(catalogue.months[0][:4]))


def whole_years(catalogue: Catalogue, most: int) -> list[int]:
    """Return the latest whole years, the latest first.

    Parameters
    ----------
    catalogue : Catalogue
        What the warehouse holds.
    most : int
        How many at most.

    Returns
    -------
    list of int
        Years whose December lies in the catalogue's months.
    """
    first, last = catalogue.months
    latest = int(last[:4]) if last[5:7] == "12" else int(last[:4]) - 1
    return list(range(latest, int(first[:4]) - 1, -1))[:most]
