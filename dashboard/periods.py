"""Periods as numbers: months (202403) and years (2024).

It must not know a selection or a calendar of due dates.
"""

from __future__ import annotations


def periods_through(first: int, last: int) -> list[int]:
    """Return every period from the first to the last.

    Parameters
    ----------
    first, last : int
        Both months or both years.

    Returns
    -------
    list of int
        Both ends included.

    Examples
    --------
    >>> periods_through(202411, 202501)
    [202411, 202412, 202501]
    """
    if first < 10_000:
        return list(range(first, last + 1))
    start, end = first // 100 * 12 + first % 100 - 1, last // 100 * 12 + last % 100 - 1
    return [index // 12 * 100 + index % 12 + 1 for index in range(start, end + 1)]
