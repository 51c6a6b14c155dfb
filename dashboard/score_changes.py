"""Who moves, and how far, from one ranking to another.

Rankings in, moves out. It must not know why they differ.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from dashboard.stats.agreement import rank_correlation

MOVE_COLUMNS: Final = (
    *("member_iso3", "region_id"),
    *("score_before", "score", "rank_before", "rank", "change", "tier_before", "tier"),
)


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change does to a ranking as a whole."""

    members: int
    """Ranked in both."""

    moved: int
    """Of these, whose rank differs."""

    largest: int
    """The most places that one of them moves; 0 if none does."""

    tier_changes: int
    rho: float
    """Spearman's correlation of the ranks; NaN with fewer than four members."""

    entered: int
    """Ranked only after."""

    left: int
    """Ranked only before."""


def results_frame(results: Mapping[str, Mapping[str, Any]]) -> pd.DataFrame:
    """Return a run's results as a frame.

    Parameters
    ----------
    results : mapping
        Member to column to value.

    Returns
    -------
    DataFrame
        ``member_iso3``, ``region_id``, ``incentive_score``, ``rank`` and ``tier``; one row per
        member, sorted by member.
    """
    names = ("region_id", "incentive_score", "rank", "tier")
    rows = [
        {"member_iso3": member, **{name: values.get(name) for name in names}}
        for member, values in sorted(results.items())
    ]
    frame = pd.DataFrame(rows, columns=["member_iso3", *names])
    texts = dict.fromkeys(("member_iso3", "region_id", "tier"), "str")
    return frame.astype(texts | {"incentive_score": "float64", "rank": "Int64"})


def moves(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Return how each member moves.

    Parameters
    ----------
    before, after : DataFrame
        ``member_iso3``, ``region_id``, ``incentive_score``, ``rank``, ``tier``.

    Returns
    -------
    DataFrame
        One row per member of either, who moves most first; ``change`` is the places gained,
        missing for a member that only one of them ranks.

    Examples
    --------
    >>> one = pd.DataFrame({"member_iso3": ["FRA", "KEN"], "region_id": "r",
    ...     "incentive_score": [70.0, 60.0], "rank": [1, 2], "tier": "gold"})
    >>> moves(one, one.assign(rank=[2, 1]))["change"].tolist()
    [-1, 1]
    """
    old = before.set_index("member_iso3")
    new = after.set_index("member_iso3")
    every = old.index.union(new.index)
    old, new = old.reindex(every), new.reindex(every)
    frame = pd.DataFrame(
        {
            "member_iso3": pd.array(every.tolist(), dtype="str"),
            "region_id": new["region_id"].fillna(old["region_id"]).array,
            "score_before": old["incentive_score"].array,
            "score": new["incentive_score"].array,
            "rank_before": old["rank"].astype("Int64").array,
            "rank": new["rank"].astype("Int64").array,
            "tier_before": old["tier"].array,
            "tier": new["tier"].array,
        }
    )
    frame["change"] = frame["rank_before"] - frame["rank"]
    order = frame.assign(size=-frame["change"].abs().fillna(-1).astype("float64"))
    order = order.sort_values(["size", "member_iso3"], kind="stable")
    return frame.loc[order.index, list(MOVE_COLUMNS)].reset_index(drop=True)


def effect(moved: pd.DataFrame) -> Effect:
    """Return the effect as a whole.

    Parameters
    ----------
    moved : DataFrame
        From :func:`moves`.

    Returns
    -------
    Effect
        Counts and the rank correlation.
    """
    both = moved[moved["rank_before"].notna() & moved["rank"].notna()]
    change = both["change"].abs().astype("int64")
    has_before, has_after = moved["rank_before"].notna(), moved["rank"].notna()
    ranks = both[["rank_before", "rank"]].to_numpy(dtype="float64")
    return Effect(
        members=len(both),
        moved=int((change > 0).sum()),
        largest=int(change.max()) if len(both) else 0,
        tier_changes=int((both["tier_before"] != both["tier"]).sum()),
        rho=rank_correlation(ranks[:, 0], ranks[:, 1]).rho,
        entered=int((has_after & ~has_before).sum()),
        left=int((has_before & ~has_after).sum()),
    )
