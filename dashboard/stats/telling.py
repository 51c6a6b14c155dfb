"""How telling a fact about trade is, from 0 (unremarkable) to 1, so that facts can be ranked.

It must not word anything, nor know where the numbers came from.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

FACTS_TOLD: Final = 3
CAVEAT_FROM: Final = 0.1
"""A caveat that concerns at least this share of the figure is told whatever else there is."""


def excess_share(share: float, count: int) -> float:
    """Return how far the largest share stands out from equal shares.

    ``(s - 1/n) / (1 - 1/n)``: 0 if all are equal, 1 if there is nothing else.

    Parameters
    ----------
    share : float
        The largest share, 1/n to 1.
    count : int
        Number of parts, n.

    Returns
    -------
    float
        0 to 1; NaN if there are fewer than two parts: then there is nothing to say.

    References
    ----------
    .. [1] The normalisation of the Herfindahl-Hirschman index, as in UNCTAD's statistics,
       applied to the largest share.

    Examples
    --------
    >>> round(excess_share(0.6, 5), 9)
    0.5
    """
    if count < 2:
        return float("nan")
    return max(0.0, (share - 1.0 / count) / (1.0 - 1.0 / count))


def excess_ratio(ratio: float) -> float:
    """Return how far a ratio stands from 1, in either direction alike.

    ``1 - min(r, 1/r)``: twice as much and half as much are both 0.5.

    Parameters
    ----------
    ratio : float
        0 or more.

    Returns
    -------
    float
        0 to 1; NaN if the ratio is missing.

    Examples
    --------
    >>> excess_ratio(2.0), excess_ratio(0.5), excess_ratio(1.0)
    (0.5, 0.5, 0.0)
    """
    if ratio != ratio:
        return float("nan")
    return 1.0 - (ratio if ratio <= 1.0 else 1.0 / ratio)


def most_telling(
    telling: Sequence[float], group: Sequence[str], is_caveat: Sequence[bool]
) -> list[int]:
    """Choose the facts to tell: the most telling, at most one of each group.

    A caveat that concerns :data:`CAVEAT_FROM` of the figure or more has the last place if it did
    not win one.

    Parameters
    ----------
    telling : sequence of float
        How telling each fact is; NaN leaves it out. Of equals the first wins.
    group : sequence of str
        Facts of one group say much the same.
    is_caveat : sequence of bool
        Whether a fact is about the quality of the figure.

    Returns
    -------
    list of int
        Places of at most :data:`FACTS_TOLD` facts, the most telling first, caveats last.

    Examples
    --------
    >>> most_telling([0.5, 0.4, 0.3, 0.2, 0.15], list("aabcd"), [False] * 4 + [True])
    [0, 2, 4]
    """
    order = sorted(
        (place for place, value in enumerate(telling) if value == value),
        key=lambda place: (-telling[place], place),
    )
    best: dict[str, int] = {}
    for place in order:
        best.setdefault(group[place], place)
    ranked = list(best.values())
    told = ranked[:FACTS_TOLD]
    caveats = [place for place in ranked if is_caveat[place] and telling[place] >= CAVEAT_FROM]
    if caveats and not any(is_caveat[place] for place in told):
        told = [*told[: FACTS_TOLD - 1], caveats[0]]
    return sorted(told, key=lambda place: is_caveat[place])
