"""How a ranking depends on the choices behind it, and whom it can tell apart.

Frames in, frame out. It must not read a warehouse, nor know how the answer is drawn.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dashboard.frames import Column
from dashboard.incentive_rules import Tier
from dashboard.pillar_scores import ERRORS, PILLARS, SCORES
from dashboard.ranking import SEED, chance_of
from dashboard.stats.composite import MEANS, METHODS, tier_probabilities
from dashboard.stats.dominance import dominance_matrix
from dashboard.stats.leave_one_out import leave_one_out
from dashboard.stats.normalisation import NORMALISATIONS
from dashboard.stats.quality import goalpost_points
from dashboard.stats.rank_bands import bands_of, draw_scores
from dashboard.stats.sensitivity import choice_effects
from dashboard.stats.treatment import apply_treatment, treat_outliers
from dashboard.tiers import rising_tiers, tier_bounds

FloatArray = NDArray[np.float64]

DRAWS: Final = 1200
"""Draws of the dominance matrix: as many for each method and normalisation."""

RUNS: Final = 128
"""Size of either sample of the Sobol indices, a power of 2."""

CHOICES: Final = (*PILLARS, "normalisation", "aggregation", "treatment", "sampling")
"""The weights of the pillars, then the other choices, as `choice_effects` has them."""


@dataclass(frozen=True)
class _Table:
    """The ranked members, best first, and what they are ranked by."""

    members: list[str]
    ranks: FloatArray
    scores: FloatArray
    errors: FloatArray
    weight: FloatArray

    @property
    def is_weighted(self) -> bool:
        return len(self.members) > 0 and bool(self.weight.sum() > 0)


def _table(pillars: pd.DataFrame, ranking: pd.DataFrame, weights: Mapping[str, float]) -> _Table:
    placed = ranking.dropna(subset=["rank"])
    members = placed["member_iso3"].tolist()
    now = pillars[pillars["span"] == "selected"].set_index("member_iso3").reindex(members)
    return _Table(
        members,
        placed["rank"].to_numpy(dtype=np.float64),
        now[list(SCORES)].to_numpy(dtype=np.float64),
        now[list(ERRORS)].to_numpy(dtype=np.float64),
        np.array([float(weights.get(pillar, 0)) for pillar in PILLARS]),
    )


def _no_rows(columns: Sequence[Column]) -> pd.DataFrame:
    return pd.DataFrame({column.name: [] for column in columns})


def _methods(aggregation: str) -> tuple[str, ...]:
    """Return all methods, the one in use first."""
    return (aggregation, *(name for name in METHODS if name != aggregation))


def dominance(
    pillars: pd.DataFrame, ranking: pd.DataFrame, weights: Mapping[str, float], aggregation: str
) -> pd.DataFrame:
    """Return with what probability each ranked member is ahead of each other.

    Parameters
    ----------
    pillars, ranking : DataFrame
        The frames of these names.
    weights : mapping of str to float
        By pillar, 0 or more, any scale.
    aggregation : str
        How the pillars make one score.

    Returns
    -------
    DataFrame
        One row per pair, by rank of the one and of the other; the columns of the frame
        ``ranking_dominance``.
    """
    table = _table(pillars, ranking, weights)
    if not table.is_weighted:
        return _no_rows(DOMINANCE_COLUMNS)
    drawn = draw_scores(
        table.scores,
        table.errors,
        table.weight,
        chance_of(DRAWS, len(table.members)),
        _methods(aggregation),
        NORMALISATIONS,
    )
    share = dominance_matrix(bands_of(drawn).draw_ranks)
    one, other = np.nonzero(~np.eye(len(table.members), dtype=bool))
    names = pd.array(table.members, dtype="str")
    return pd.DataFrame(
        {
            "member_iso3": names.take(one),
            "rank": table.ranks[one].astype(np.int64),
            "other_iso3": names.take(other),
            "other_rank": table.ranks[other].astype(np.int64),
            "ahead_share": share[one, other],
        }
    )


def choices(
    pillars: pd.DataFrame, ranking: pd.DataFrame, weights: Mapping[str, float], aggregation: str
) -> pd.DataFrame:
    """Return how much each choice behind the ranking moves it.

    Parameters
    ----------
    pillars, ranking : DataFrame
        The frames of these names.
    weights : mapping of str to float
        By pillar, 0 or more, any scale.
    aggregation : str
        How the pillars make one score.

    Returns
    -------
    DataFrame
        One row per choice, that with the largest total effect first; the columns of the
        frame ``ranking_choices``.
    """
    table = _table(pillars, ranking, weights)
    if not table.is_weighted:
        return _no_rows(CHOICE_COLUMNS)
    found = choice_effects(
        [table.scores, _treated(table.scores)],
        table.errors,
        table.weight,
        methods=_methods(aggregation),
        runs=RUNS,
        rng=np.random.default_rng(SEED),
    )
    frame = pd.DataFrame(
        {
            "choice": pd.array(CHOICES, dtype="str"),
            "first_effect": found.first,
            "first_effect_low": found.first_low,
            "first_effect_high": found.first_high,
            "total_effect": found.total,
            "total_effect_low": found.total_low,
            "total_effect_high": found.total_high,
            "mean_shift": float(found.shifts.mean()),
        }
    )
    is_used = np.concatenate([table.weight > 0, np.ones(len(CHOICES) - len(PILLARS), dtype=bool)])
    return frame[is_used].sort_values("total_effect", ascending=False, kind="stable")


def _treated(scores: FloatArray) -> FloatArray:
    """Return the pillars with their outliers treated, on the same scale."""
    columns = []
    for column in scores.T:
        found = treat_outliers(column)
        worst, best = apply_treatment(found, [0.0, 100.0])
        columns.append(column if worst == best else goalpost_points(found.values, worst, best))
    return np.stack(columns, axis=1)


def left_out(
    pillars: pd.DataFrame, ranking: pd.DataFrame, weights: Mapping[str, float], aggregation: str
) -> pd.DataFrame:
    """Return the rank of each member without each pillar.

    Parameters
    ----------
    pillars, ranking : DataFrame
        The frames of these names.
    weights : mapping of str to float
        By pillar, 0 or more, any scale.
    aggregation : str
        How the pillars make one score.

    Returns
    -------
    DataFrame
        One row per pillar with a weight and member, by rank; the columns of the frame
        ``ranking_left_out``.
    """
    table = _table(pillars, ranking, weights)
    if not table.is_weighted:
        return _no_rows(LEFT_OUT_COLUMNS)
    ranks = leave_one_out(table.scores, table.weight, aggregation)
    names = pd.array(table.members, dtype="str")
    parts = [
        pd.DataFrame(
            {
                "pillar": pd.array([pillar] * len(names), dtype="str"),
                "member_iso3": names,
                "rank": table.ranks.astype(np.int64),
                "rank_without": pd.Series(without).astype("Int64"),
                "places_gained_without": pd.Series(table.ranks - without).astype("Int64"),
            }
        )
        for pillar, without, weight in zip(PILLARS, ranks, table.weight, strict=True)
        if weight > 0
    ]
    return pd.concat(parts, ignore_index=True)


def tier_chances(
    pillars: pd.DataFrame,
    ranking: pd.DataFrame,
    weights: Mapping[str, float],
    aggregation: str,
    tiers: list[Tier],
) -> pd.DataFrame:
    """Return with what probability each member is in each tier.

    Parameters
    ----------
    pillars, ranking : DataFrame
        The frames of these names.
    weights : mapping of str to float
        By pillar, 0 or more, any scale.
    aggregation : str
        How the pillars make one score. A score by comparison has no tiers.
    tiers : list of Tier
        Of the framework, in any order.

    Returns
    -------
    DataFrame
        One row per member and tier, by rank and from the lowest tier; the columns of the
        frame ``ranking_tier_chances``.
    """
    table = _table(pillars, ranking, weights)
    if not table.is_weighted or not tiers or aggregation not in MEANS:
        return _no_rows(TIER_COLUMNS)
    rising = rising_tiers(tiers)
    drawn = draw_scores(
        table.scores,
        table.errors,
        table.weight,
        chance_of(DRAWS, len(table.members)),
        [aggregation],
    )
    chances = tier_probabilities(drawn, tier_bounds(tiers))
    names = pd.array(table.members, dtype="str")
    return pd.DataFrame(
        {
            "member_iso3": names.repeat(len(rising)),
            "rank": table.ranks.astype(np.int64).repeat(len(rising)),
            "tier": pd.array([tier.id for tier in rising] * len(names), dtype="str"),
            "tier_probability": chances.ravel(),
        }
    )


DOMINANCE_COLUMNS: Final = (
    Column("member_iso3"),
    Column("rank", measure="rank"),
    Column("other_iso3"),
    Column("other_rank", unit="rank"),
    Column("ahead_share", unit="share"),
)
CHOICE_COLUMNS: Final = (
    Column("choice"),
    Column("first_effect", unit="share"),
    Column("first_effect_low", unit="share"),
    Column("first_effect_high", unit="share"),
    Column("total_effect", unit="share"),
    Column("total_effect_low", unit="share"),
    Column("total_effect_high", unit="share"),
    Column("mean_shift", unit="rank"),
)
LEFT_OUT_COLUMNS: Final = (
    Column("pillar"),
    Column("member_iso3"),
    Column("rank", measure="rank"),
    Column("rank_without", unit="rank"),
    Column("places_gained_without", unit="count"),
)
TIER_COLUMNS: Final = (
    Column("member_iso3"),
    Column("rank", measure="rank"),
    Column("tier"),
    Column("tier_probability", unit="share"),
)
