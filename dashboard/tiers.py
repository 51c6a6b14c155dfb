"""The tier of a score, by the thresholds that a framework declares.

It must not know how a score is made, nor how sure a tier is.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from dashboard.incentive_rules import Tier

FloatArray = NDArray[np.float64]


def rising_tiers(tiers: Sequence[Tier]) -> list[Tier]:
    """Return tiers by their threshold, the lowest first.

    Parameters
    ----------
    tiers : sequence of Tier
        Of a framework.

    Returns
    -------
    list of Tier
        Rising.
    """
    return sorted(tiers, key=lambda tier: tier.threshold)


def tier_bounds(tiers: Sequence[Tier]) -> FloatArray:
    """Return the least score of each tier above the lowest.

    Parameters
    ----------
    tiers : sequence of Tier
        Of a framework, at least one.

    Returns
    -------
    ndarray of float, shape (t - 1,)
        Rising, points of 100.
    """
    return np.array([tier.threshold for tier in rising_tiers(tiers)[1:]])


def tier_places(score: FloatArray, tiers: Sequence[Tier]) -> NDArray[np.intp]:
    """Return the place of each score's tier among the rising ones.

    Parameters
    ----------
    score : ndarray of float, shape (n,)
        0 to 100; a missing one gets the place of the highest tier, which means nothing.
    tiers : sequence of Tier
        Of a framework, at least one.

    Returns
    -------
    ndarray of int, shape (n,)
        0 for the lowest tier.
    """
    return np.searchsorted(tier_bounds(tiers), score, side="right")


def tier_names(score: FloatArray, tiers: Sequence[Tier]) -> list[str | None]:
    """Return the tier of each score.

    Parameters
    ----------
    score : ndarray of float, shape (n,)
        0 to 100, NaN where there is none.
    tiers : sequence of Tier
        Of a framework; none at all give no tier.

    Returns
    -------
    list of str or None
        Ids. A score below every threshold is in the lowest tier.
    """
    if not tiers:
        return [None] * len(score)
    rising, place = rising_tiers(tiers), tier_places(score, tiers)
    known = ~np.isnan(score)
    return [rising[i].id if is_known else None for i, is_known in zip(place, known, strict=True)]
