"""How members rank by their pillars, and how sure it is.

Frames in, frame out. It must not read a warehouse, nor know how a ranking is drawn.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dashboard.frames import Column
from dashboard.incentive_rules import Tier
from dashboard.pillar_scores import ERRORS, PILLARS, SCORES
from dashboard.selection import AGGREGATIONS
from dashboard.stats.composite import (
    aggregate,
    indistinguishable_groups,
    rank_scores,
    tier_probabilities,
)
from dashboard.stats.rank_bands import BAND, Chance, bands_of, draw_chance, draw_scores

FloatArray = NDArray[np.float64]

SEED: Final = 2008
"""One seed for every ranking: the same selection gives the same picture, and moving a weight
moves the ranks by that weight alone."""

DRAWS: Final = 2000
CHANGE_DRAWS: Final = 400


@lru_cache(maxsize=4)
def _chance(draws: int, members: int) -> Chance:
    """Return the chance of so many draws: it is the same for every selection and weight."""
    return draw_chance(draws, members, len(PILLARS), rng=np.random.default_rng(SEED))


def rank_members(
    pillars: pd.DataFrame, weights: Mapping[str, float], aggregation: str, tiers: list[Tier]
) -> pd.DataFrame:
    """Rank the members.

    Parameters
    ----------
    pillars : DataFrame
        The frame ``pillars``.
    weights : mapping of str to float
        By pillar, 0 or more, any scale.
    aggregation : {"arithmetic", "geometric"}
        How the pillars make one score.
    tiers : list of Tier
        Of the framework, in any order.

    Returns
    -------
    DataFrame
        By rank; the columns of the frame ``ranking``.
    """
    weight = np.array([float(weights.get(pillar, 0)) for pillar in PILLARS])
    now, before = (np.flatnonzero(pillars["span"] == span) for span in ("selected", "before"))
    # The chosen way comes first: its half of the draws says how sure a tier is.
    methods = (aggregation, *(name for name in AGGREGATIONS if name != aggregation))
    every = pillars[list(SCORES)].to_numpy(dtype=np.float64)
    errors = pillars[list(ERRORS)].to_numpy(dtype=np.float64)
    scores = every[now]
    drawn = draw_scores(scores, errors[now], weight, _chance(DRAWS, len(now)), methods)
    bands = bands_of(drawn)
    score = aggregate(scores, weight, aggregation)
    rank = rank_scores(score)
    # By rank rather than by median rank, so that a group is a block of the ranking.
    place_in_band = np.clip(rank, bands.low, bands.high)
    member = np.array(pillars["member_iso3"].tolist(), dtype=object)
    both = np.concatenate([now, before])
    changes = _rank_changes(member[both], len(now), every[both], errors[both], weight, methods)
    ranks = {
        "rank": rank,
        "rank_median": bands.median,
        "rank_low": bands.low,
        "rank_high": bands.high,
        **changes,
    }
    missing = [",".join(np.array(PILLARS)[gone]) for gone in np.isnan(scores)]
    columns = {
        "member_iso3": pd.array(member[now], dtype="str"),
        "region_id": pillars["region_id"].array.take(now),
        **dict(zip(SCORES, scores.T, strict=True)),
        "incentive_score": score,
        **_tiers(score, drawn[: DRAWS // len(methods)], tiers),
        "group": indistinguishable_groups(place_in_band, bands.low, bands.high),
        **{name: pd.Series(values).astype("Int64") for name, values in ranks.items()},
        "pillars_missing": pd.array(missing, dtype="str"),
    }
    order = np.lexsort((np.unique(member[now], return_inverse=True)[1], rank))
    table = pd.DataFrame({column.name: columns[column.name] for column in RANKING_COLUMNS})
    return table.take(order)


def _tiers(score: FloatArray, drawn: FloatArray, tiers: list[Tier]) -> dict[str, Any]:
    """Return the tier of each score, and how sure it is; none without a score."""
    rising = sorted(tiers, key=lambda tier: tier.threshold)
    bounds = np.array([tier.threshold for tier in rising[1:]])
    place = np.searchsorted(bounds, score, side="right")
    chances = tier_probabilities(drawn, bounds)
    has_score = ~np.isnan(score)
    names = [rising[i].id if known else None for i, known in zip(place, has_score, strict=True)]
    return {
        "tier": pd.Series(names, dtype="str"),
        "tier_probability": np.where(has_score, chances[np.arange(len(place)), place], np.nan),
    }


def _rank_changes(
    member: NDArray[np.object_],
    count: int,
    scores: FloatArray,
    errors: FloatArray,
    weight: FloatArray,
    methods: tuple[str, ...],
) -> dict[str, FloatArray]:
    """Return the places gained since the span before, with their 5-95 % band.

    Of the rows the first ``count`` are of the selected span, the others of the one
    before. Both are drawn at once: a draw has one set of weights for both, since the
    scheme is the same, but sampling errors of their own.
    """
    columns = {
        name: np.full(count, np.nan)
        for name in ("rank_before", "change", "change_low", "change_high")
    }
    position = {iso3: place for place, iso3 in enumerate(member[count:].tolist())}
    paired = np.flatnonzero([iso3 in position for iso3 in member[:count].tolist()])
    if paired.size:
        then = np.array([position[iso3] for iso3 in member[paired].tolist()])
        drawn = draw_scores(scores, errors, weight, _chance(CHANGE_DRAWS, len(member)), methods)
        score = aggregate(scores, weight, methods[0])
        rank_then = rank_scores(score[count:])[then]
        columns["rank_before"][paired] = rank_then
        columns["change"][paired] = rank_then - rank_scores(score[:count])[paired]
        gained = rank_scores(drawn[:, count:])[:, then] - rank_scores(drawn[:, :count])[:, paired]
        low, high = np.quantile(gained, BAND, axis=0, method="inverted_cdf")
        columns["change_low"][paired], columns["change_high"][paired] = low, high
    return columns


RANKING_COLUMNS: Final = (
    Column("member_iso3"),
    Column("region_id"),
    *(Column(name, measure=name) for name in SCORES),
    Column("incentive_score", measure="incentive_score"),
    Column("rank", measure="rank"),
    Column("rank_median", unit="rank"),
    Column("rank_low", unit="rank"),
    Column("rank_high", unit="rank"),
    Column("tier"),
    Column("tier_probability", unit="share"),
    Column("group", unit="count"),
    Column("rank_before", unit="rank"),
    Column("change", unit="count"),
    Column("change_low", unit="count"),
    Column("change_high", unit="count"),
    Column("pillars_missing"),
)
