"""How many members are in each tier: of all, and of each region.

Frames in, frame out; nobody is named in it.
"""

from __future__ import annotations

from typing import Final

import pandas as pd

from dashboard.disclosure import ALL
from dashboard.frames import Column

SURE_FROM: Final = 0.9
"""Probability from which a member counts as surely in its tier."""

TIER_COUNT_COLUMNS: Final = (
    Column("region_id"),
    Column("tier"),
    Column("member_count", unit="count"),
    Column("sure_count", unit="count"),
    Column("tier_share", unit="share"),
    Column("tier_probability", unit="share"),
)


def tier_counts(ranking: pd.DataFrame) -> pd.DataFrame:
    """Count the members of each tier.

    Parameters
    ----------
    ranking : DataFrame
        ``region_id``, ``tier`` and ``tier_probability`` (0 to 1) of each member. A member
        without a tier counts nowhere.

    Returns
    -------
    DataFrame
        One row per region and tier that has members, and per tier of all (region ``all``):
        ``member_count``; ``sure_count``, those that are in it with a probability of
        ``SURE_FROM`` or more; ``tier_share``, of the region's members with a tier, 0 to 1;
        ``tier_probability``, the mean of the members in it.

    Examples
    --------
    >>> ranking = pd.DataFrame(
    ...     {
    ...         "region_id": ["a", "a", "b"],
    ...         "tier": ["gold", "gold", "silver"],
    ...         "tier_probability": [0.95, 0.55, 0.9],
    ...     }
    ... )
    >>> tier_counts(ranking)[["region_id", "tier", "member_count", "sure_count"]].values.tolist()
    [['a', 'gold', 2, 1], ['all', 'gold', 2, 1], ['all', 'silver', 1, 1], ['b', 'silver', 1, 1]]
    """
    known = ranking.loc[ranking["tier"].notna(), ["region_id", "tier", "tier_probability"]]
    both = pd.concat([known, known.assign(region_id=ALL)]).astype({"region_id": "str"})
    both = both.assign(is_sure=both["tier_probability"] >= SURE_FROM)
    table = (
        both.groupby(["region_id", "tier"], sort=True)
        .agg(
            member_count=("tier", "size"),
            sure_count=("is_sure", "sum"),
            tier_probability=("tier_probability", "mean"),
        )
        .reset_index()
    )
    whole = table.groupby("region_id")["member_count"].transform("sum")
    table = table.assign(tier_share=table["member_count"] / whole)
    return table[[column.name for column in TIER_COUNT_COLUMNS]].astype(
        {"region_id": "str", "tier": "str", "member_count": "int64", "sure_count": "int64"}
    )
