"""What would lift a member to the next tier: the cheapest changes, each tried out on the score.

Frames in, frame out. It must not read a warehouse, nor know how a change is told.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dashboard.frames import Column
from dashboard.framework import Framework
from dashboard.incentive_rules import Tier
from dashboard.levers import Lever, changed_values, levers_of
from dashboard.pillar_scores import ERRORS, PILLARS, is_treated, score_pillars
from dashboard.ranking import DRAWS, chance_of, scored_rows
from dashboard.stats.composite import MEANS, aggregate, rank_scores
from dashboard.stats.normalisation import normalise
from dashboard.stats.rank_bands import Chance, draw_scores
from dashboard.stats.whole_lift import Score, whole_lift
from dashboard.tiers import rising_tiers, tier_names

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

NORMALISATION: Final = "goalposts"
"""The only one that gives a change its points whatever the others do."""


def next_tier(score: float, framework: Framework) -> Tier | None:
    """Return the lowest tier above a score; None for a score in the highest.

    Parameters
    ----------
    score : float
        0 to 100.
    framework : Framework
        Its tiers.

    Returns
    -------
    Tier or None
        The tier.
    """
    above = [tier for tier in rising_tiers(framework.tiers)[1:] if tier.threshold > score]
    return above[0] if above else None


def is_fixed(framework: Framework, normalisation: str | None) -> bool:
    """Tell whether a change is worth the same points whatever the other members do.

    Parameters
    ----------
    framework : Framework
        Its rules about outliers.
    normalisation : str or None
        How a raw value becomes 0 to 100.

    Returns
    -------
    bool
        True by goalposts, unless outliers among the members bend them.
    """
    return normalisation == NORMALISATION and not is_treated(framework.ranking, NORMALISATION)


def lift_plans(
    pillars: pd.DataFrame,
    weights: Mapping[str, float],
    aggregation: str,
    framework: Framework,
    member_iso3: str,
) -> pd.DataFrame:
    """Find the least changes that lift a member to the next tier.

    Parameters
    ----------
    pillars : DataFrame
        The frame ``pillars`` by goalposts.
    weights : mapping of str to float
        By pillar.
    aggregation : {"arithmetic", "geometric"}
        The mean that makes the score. There are no tiers by comparisons.
    framework : Framework
        Tiers, goalposts and the feasible changes.
    member_iso3 : str
        The member.

    Returns
    -------
    DataFrame
        One row per plan and lever; the columns of ``LIFT_COLUMNS``. Plan 1 is the cheapest of
        all; the others do it by one lever alone, cheapest first. Only plans with which the score,
        made anew, reaches the tier. None for a member that is not ranked, or in the highest
        tier, or for which nothing feasible is enough.
    """
    empty = no_plans()
    inside = pillars[pillars["span"] == "selected"].reset_index(drop=True)
    scores, standing, weight = scored_rows(inside, weights, framework)
    at = np.flatnonzero((inside["member_iso3"] == member_iso3).to_numpy(dtype=bool))
    if aggregation not in MEANS or not at.size or standing[at[0]] != "ranked":
        return empty
    place = int(at[0])
    every = aggregate(scores, weight, aggregation)
    tier = next_tier(float(every[place]), framework)
    row: dict[str, Any] = {str(name): value for name, value in inside.iloc[place].items()}
    levers = levers_of(row, framework)
    if tier is None or not levers:
        return empty

    def score_of(steps: IntArray) -> FloatArray:
        return _quick_score(
            row | changed_values(row, levers, steps), weight, aggregation, framework
        )

    plans = _plans(score_of, levers, tier.threshold)
    if not len(plans):
        return empty
    # The search scores by a short way; what is shown is what the ranking makes of it.
    steps = np.vstack([np.zeros((1, len(levers)), dtype=np.int64), plans])
    after = inside.iloc[np.full(len(steps), place)].assign(**changed_values(row, levers, steps))
    after = score_pillars(after, framework, NORMALISATION)
    scored, _, _ = scored_rows(after, weights, framework)
    new = aggregate(scored, weight, aggregation)
    # The same draws as those of the ranking, of the same member: chance does not change.
    whole = chance_of(DRAWS, len(inside))
    count = DRAWS // len(MEANS)
    deviates = np.repeat(whole.deviates[:, :count, place, np.newaxis], len(after), axis=2)
    drawn = draw_scores(
        scored,
        after[list(ERRORS)].to_numpy(dtype=np.float64),
        weight,
        Chance(whole.factors[:count], deviates),
        (aggregation,),
    )
    reached = (drawn >= tier.threshold).mean(axis=0)
    names = tier_names(new, framework.tiers)
    rows: list[dict[str, Any]] = []
    number = 0
    for i, plan in enumerate(plans, start=1):
        if new[i] < tier.threshold:
            continue
        number += 1
        others = every.copy()
        others[place] = new[i]
        common = {
            "member_iso3": member_iso3,
            "region_id": row["region_id"],
            "tier_before": names[0],
            "score_before": new[0],
            "tier": tier.id,
            "threshold": tier.threshold,
            "plan": number,
            "incentive_score": new[i],
            "rank": rank_scores(others)[place],
            "tier_chance_before": reached[0],
            "tier_chance": reached[i],
            "effort": float(sum(plan[j] * lever.effort for j, lever in enumerate(levers))),
        }
        rows += [
            {**common, **_change(row, lever, int(plan[j]))}
            for j, lever in enumerate(levers)
            if plan[j]
        ]
    return _typed(pd.DataFrame(rows, columns=list(empty.columns)))


def _quick_score(
    values: Mapping[str, Any], weight: FloatArray, aggregation: str, framework: Framework
) -> FloatArray:
    """Return the score by goalposts of many values of a member, shape (c,)."""
    count = len(values["on_time"])
    scores = np.full((count, len(PILLARS)), np.nan)
    for pillar in framework.pillars:
        raw = np.column_stack([np.broadcast_to(values[one.id], count) for one in pillar.indicators])
        worst = np.array([one.worst for one in pillar.indicators])
        best = np.array([one.best for one in pillar.indicators])
        own = np.array([one.weight for one in pillar.indicators])
        points = normalise(raw, worst, best, NORMALISATION)
        scores[:, PILLARS.index(pillar.id)] = aggregate(points, own)
    return aggregate(scores, weight, aggregation)


def _plans(score_of: Score, levers: list[Lever], threshold: float) -> IntArray:
    """Return the cheapest plan, then those of one lever alone by effort; none twice."""
    efforts = np.array([lever.effort for lever in levers])
    found = whole_lift(score_of, [lever.most for lever in levers], efforts, threshold)
    if not found.together.any():
        return np.empty((0, len(levers)), dtype=np.int64)
    alone = np.diag(found.alone)[found.alone > 0]
    others = alone[(alone != found.together).any(axis=1)]
    return np.vstack([found.together, others[np.argsort(others @ efforts, kind="stable")]])


def _change(row: Mapping[str, Any], lever: Lever, steps: int) -> dict[str, Any]:
    """Return what a lever changes: steps, and its value before and after in its raw unit."""
    value, whole = {
        "on_time": ("on_time", row["counted"]),
        "received": ("received", row["owed"]),
        "quality": ("quality_score", np.nan),
    }.get(lever.id, (lever.id, 1))
    return {
        "lever": lever.id,
        "steps": steps,
        "value_before": float(row[value]),
        "value_after": float(row[value]) + steps,
        "out_of": float(whole),
    }


def no_plans() -> pd.DataFrame:
    """Return the frame of no plan.

    Returns
    -------
    DataFrame
        The columns of ``LIFT_COLUMNS``, no row.
    """
    return _typed(pd.DataFrame(columns=[column.name for column in LIFT_COLUMNS]))


def _typed(frame: pd.DataFrame) -> pd.DataFrame:
    texts = ["member_iso3", "region_id", "tier_before", "tier", "lever"]
    counts = ["plan", "rank", "steps"]
    others = [name for name in frame.columns if name not in {*texts, *counts}]
    kinds = {
        **dict.fromkeys(texts, "str"),
        **dict.fromkeys(counts, "Int64"),
        **dict.fromkeys(others, "float64"),
    }
    return frame.astype(kinds)


LIFT_COLUMNS: Final = (
    Column("member_iso3"),
    Column("region_id"),
    Column("tier_before", words="column.tier_now"),
    Column("score_before", unit="points"),
    Column("tier"),
    Column("threshold", unit="points"),
    Column("plan", unit="count"),
    Column("lever"),
    Column("steps", unit="count"),
    Column("value_before", unit="count"),
    Column("value_after", unit="count"),
    Column("out_of", unit="count"),
    Column("incentive_score", measure="incentive_score"),
    Column("rank", measure="rank"),
    Column("tier_chance_before", unit="share"),
    Column("tier_chance", unit="share"),
    Column("effort", unit="ratio"),
)

__all__ = ["LIFT_COLUMNS", "NORMALISATION", "is_fixed", "lift_plans", "next_tier", "no_plans"]
