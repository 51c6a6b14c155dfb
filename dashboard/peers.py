"""With whom a member is fairly compared: its peers by income, trade or region, and its place.

Frames in, frame out. It must not read a warehouse.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd

from dashboard.frames import Column
from dashboard.stats.composite import rank_scores

UNCLASSIFIED: Final = "unclassified"
"""Peer group of members of which it is not known."""

TRADE_GROUPS: Final = ("trade_1", "trade_2", "trade_3", "trade_4")
"""Quarters of the members by trade, the largest first."""

INCOME_GROUPS: Final = ("high_income", "upper_middle_income", "lower_middle_income", "low_income")


def trade_groups(traded: Mapping[str, float]) -> dict[str, str]:
    """Put members into quarters by what they trade.

    Parameters
    ----------
    traded : mapping of str to float
        Trade of each member, USD; those without any are left out.

    Returns
    -------
    dict of str to str
        Member to one of ``TRADE_GROUPS``; quarters differ by one member at most, equal
        trade is split by code.

    Examples
    --------
    >>> trade_groups({"KEN": 3.0, "FRA": 9.0, "UGA": 1.0, "USA": 20.0, "NAM": 0.0})
    {'USA': 'trade_1', 'FRA': 'trade_2', 'KEN': 'trade_3', 'UGA': 'trade_4'}
    """
    known = sorted((-value, iso3) for iso3, value in traded.items() if value > 0)
    parts = len(TRADE_GROUPS)
    return {
        iso3: TRADE_GROUPS[place * parts // len(known)] for place, (_, iso3) in enumerate(known)
    }


def with_peers(ranking: pd.DataFrame, groups: Mapping[str, str] | None) -> pd.DataFrame:
    """Add each member's peer group, and its place there.

    Parameters
    ----------
    ranking : DataFrame
        Of :func:`dashboard.ranking.rank_members`.
    groups : mapping of str to str, or None
        Member to its group; None where members are not compared with peers.

    Returns
    -------
    DataFrame
        ``ranking`` with ``PEER_COLUMNS``: the rank among the ranked members of the group by
        the same score, ties sharing the best rank, and how many those are. Missing without
        ``groups``, and of members without a rank.

    Examples
    --------
    >>> ranking = pd.DataFrame({"member_iso3": ["A", "B", "C"], "incentive_score": [9.0, 5, 7]})
    >>> with_peers(ranking, {"A": "x", "B": "y", "C": "x"})["peer_rank"].tolist()
    [1, 1, 2]
    """
    size = len(ranking)
    members = ranking["member_iso3"].tolist()
    names = [groups.get(iso3, UNCLASSIFIED) if groups else None for iso3 in members]
    rank, count = np.full(size, np.nan), np.full(size, np.nan)
    score = ranking["incentive_score"].to_numpy(dtype=np.float64)
    group = np.array(names, dtype=object)
    for one in sorted({name for name in names if name}):
        inside = np.flatnonzero((group == one) & ~np.isnan(score))
        rank[inside], count[inside] = rank_scores(score[inside]), len(inside)
    return ranking.assign(
        peer_group=pd.array(names, dtype="str"),
        peer_rank=pd.array(rank, dtype="Float64").astype("Int64"),
        peer_count=pd.array(count, dtype="Float64").astype("Int64"),
    )


PEER_COLUMNS: Final = (
    Column("peer_group"),
    Column("peer_rank", unit="rank"),
    Column("peer_count", unit="count"),
)
