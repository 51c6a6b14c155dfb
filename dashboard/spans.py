"""Spans of one length, one before the other, that members are compared over.

It must not read anything, nor know what is compared.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from dashboard.selection import months_between, shift_month

HALF_YEAR: Final = 6
YEAR: Final = 12
FEWEST: Final = 4
MOST: Final = 8
"""Spans that are compared at least and at most, as far as there is data."""


@dataclass(frozen=True, slots=True)
class Steps:
    """Spans that end with the selected range, the latest first.

    ``months`` is the length of each; the last of the names only tells what was before the
    others.
    """

    names: tuple[str, ...]
    months: int


def steps_within(first: str, last: str, begins: str) -> Steps:
    """Return the half-years or years that a range is made of.

    Half-years, or years where more than eight half-years fit; at least four and at
    most eight of them, but none that begins before there is data.

    Parameters
    ----------
    first, last : str
        First and last month of the range, ``YYYY-MM``.
    begins : str
        First month of data, ``YYYY-MM``.

    Returns
    -------
    Steps
        Named by their last month, and one more before them; at least one besides that.

    Examples
    --------
    >>> steps_within("2023-01", "2025-06", "2016-01")
    Steps(names=('2025-06', '2024-12', '2024-06', '2023-12', '2023-06', '2022-12'), months=6)
    >>> steps_within("2016-01", "2025-12", "2016-01").months
    12
    """
    length = months_between(first, last)
    months = HALF_YEAR if length <= MOST * HALF_YEAR else YEAR
    there = months_between(begins, last) // months if begins <= last else 0
    count = max(1, min(there, max(FEWEST, min(MOST, length // months))))
    names = tuple(shift_month(last, -back * months) for back in range(count + 1))
    return Steps(names, months)
