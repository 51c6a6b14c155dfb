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
from scipy.special import ndtr
from scipy.stats import false_discovery_control

from dashboard.frames import Column
from dashboard.framework import Framework
from dashboard.incentive_rules import Ranking, Tier
from dashboard.pillar_scores import ERRORS, PILLARS, SCORES, deviations
from dashboard.stats.composite import (
    MEANS,
    aggregate,
    indistinguishable_groups,
    rank_scores,
    tier_probabilities,
)
from dashboard.stats.rank_bands import BAND, Chance, bands_of, draw_chance, draw_scores
from dashboard.tiers import tier_bounds, tier_names, tier_places

FloatArray = NDArray[np.float64]

SEED: Final = 2008
"""One seed for every ranking: the same selection gives the same picture, and moving a weight
moves the ranks by that weight alone."""

DRAWS: Final = 2000
CHANGE_DRAWS: Final = 400

FALSE_DISCOVERIES: Final = 0.1
"""Share of the changes called clear that may be chance, after Benjamini and Hochberg."""


@lru_cache(maxsize=4)
def chance_of(draws: int, members: int) -> Chance:
    """Return the chance of so many draws: it is the same for every selection and weight.

    Parameters
    ----------
    draws, members : int
        Shape.

    Returns
    -------
    Chance
        Of all pillars; the same for the same shape.
    """
    return draw_chance(draws, members, len(PILLARS), rng=np.random.default_rng(SEED))


def spread_weights(pillars: pd.DataFrame) -> dict[str, float]:
    """Return weights in proportion to how far each pillar's scores spread.

    Parameters
    ----------
    pillars : DataFrame
        The frame ``pillars``.

    Returns
    -------
    dict of str to float
        By pillar: the standard deviation of its scores over the ranked members in the
        selected range, points. A pillar that nobody has, or all alike, has 0; if that is
        so of every pillar all have 1.

    Examples
    --------
    >>> frame = pd.DataFrame({name: [50.0, 50.0] for name in SCORES})
    >>> frame["timeliness_pillar"] = [40.0, 60.0]
    >>> spread_weights(frame.assign(span="selected"))["timeliness"]
    10.0
    """
    scores = pillars.loc[pillars["span"] == "selected", list(SCORES)].to_numpy(dtype=np.float64)
    spread = deviations(scores)
    if not spread.any():
        spread = np.ones(len(PILLARS))
    return dict(zip(PILLARS, spread.tolist(), strict=True))


def standing_of(
    scores: FloatArray, seen: NDArray[np.object_], weight: FloatArray, ranking: Ranking
) -> NDArray[np.object_]:
    """Tell who is ranked, and why the others are not.

    Parameters
    ----------
    scores : ndarray of float, shape (n, p)
        Pillars, NaN where missing.
    seen : ndarray of str, shape (n,)
        ``standing`` of the frame ``pillars``.
    weight : ndarray of float, shape (p,)
        Weights.
    ranking : Ranking
        What is done about missing pillars, and how many are needed.

    Returns
    -------
    ndarray of str, shape (n,)
        As ``seen``, or ``no_pillars`` (none with a weight) or ``few_pillars`` (fewer than
        are needed of those with a weight).
    """
    has = ~np.isnan(scores) & (weight > 0)
    weighted = int((weight > 0).sum())
    needed = weighted if ranking.missing == "leave_out" else min(ranking.minimum_pillars, weighted)
    count = has.sum(axis=1)
    standing = seen.copy()
    standing[(seen == "ranked") & (count < needed)] = "few_pillars"
    standing[(seen == "ranked") & (count == 0)] = "no_pillars"
    return standing


def rank_members(
    pillars: pd.DataFrame,
    weights: Mapping[str, float] | None,
    aggregation: str,
    framework: Framework,
) -> pd.DataFrame:
    """Rank the members.

    Parameters
    ----------
    pillars : DataFrame
        The frame ``pillars``.
    weights : mapping of str to float, or None
        By pillar, 0 or more, any scale; None for those of :func:`spread_weights`.
    aggregation : {"arithmetic", "geometric", "copeland"}
        How the pillars make one score.
    framework : Framework
        Its tiers, and what it says about missing pillars.

    Returns
    -------
    DataFrame
        By rank, then those without; the columns of the frame ``ranking``.
    """
    weights = spread_weights(pillars) if weights is None else weights
    every, standing, weight = scored_rows(pillars, weights, framework)
    now, before = (np.flatnonzero(pillars["span"] == span) for span in ("selected", "before"))
    # The chosen way comes first: its part of the draws says how sure a tier is.
    methods = (aggregation, *(name for name in MEANS if name != aggregation))
    errors = pillars[list(ERRORS)].to_numpy(dtype=np.float64)
    scores = every[now]
    drawn = draw_scores(scores, errors[now], weight, chance_of(DRAWS, len(now)), methods)
    bands = bands_of(drawn)
    score = aggregate(scores, weight, aggregation)
    rank = rank_scores(score)
    # By rank rather than by median rank, so that a group is a block of the ranking.
    place_in_band = np.clip(rank, bands.low, bands.high)
    member = np.array(pillars["member_iso3"].tolist(), dtype=object)
    both = np.concatenate([now, before])
    changes = _changes(member[both], len(now), every[both], errors[both], weight, methods)
    ranks = {
        "rank": rank,
        "rank_median": bands.median,
        "rank_low": bands.low,
        "rank_high": bands.high,
        **{name: changes[name] for name in PLACES},
    }
    tiers = framework.tiers if aggregation in MEANS else []
    columns = {
        "member_iso3": pd.array(member[now], dtype="str"),
        "region_id": pillars["region_id"].array.take(now),
        "standing": pd.array(standing[now], dtype="str"),
        **dict(zip(SCORES, scores.T, strict=True)),
        "incentive_score": score,
        **_tiers(score, drawn[: DRAWS // len(methods)], tiers),
        "group": indistinguishable_groups(place_in_band, bands.low, bands.high),
        **{name: pd.Series(values).astype("Int64") for name, values in ranks.items()},
        "score_change": changes["score_change"],
        "change_chance": changes["change_chance"],
        "pillars_missing": _missing(scores, weight),
    }
    order = np.lexsort((np.unique(member[now], return_inverse=True)[1], rank))
    table = pd.DataFrame({column.name: columns[column.name] for column in RANKING_COLUMNS})
    return table.take(order)


def _missing(scores: FloatArray, weight: FloatArray) -> pd.Series:
    """Return the pillars that have a weight and no score, joined by commas."""
    gone = np.isnan(scores) & (weight > 0)
    return pd.Series([",".join(np.array(PILLARS)[row]) for row in gone], dtype="str")


def _tiers(score: FloatArray, drawn: FloatArray, tiers: list[Tier]) -> dict[str, Any]:
    """Return the tier of each score, and how sure it is; none without a score or a tier."""
    if not tiers:
        nothing = [None] * len(score)
        return {
            "tier": pd.Series(nothing, dtype="str"),
            "tier_probability": np.full(len(score), np.nan),
        }
    chances = tier_probabilities(drawn, tier_bounds(tiers))
    own = chances[np.arange(len(score)), tier_places(score, tiers)]
    return {
        "tier": pd.Series(tier_names(score, tiers), dtype="str"),
        "tier_probability": np.where(np.isnan(score), np.nan, own),
    }


def scored_rows(
    pillars: pd.DataFrame, weights: Mapping[str, float], framework: Framework
) -> tuple[FloatArray, NDArray[np.object_], FloatArray]:
    """Return the pillars that are ranked by, who is ranked, and the weights in order.

    Parameters
    ----------
    pillars : DataFrame
        The frame ``pillars``, or one of other spans.
    weights : mapping of str to float
        By pillar.
    framework : Framework
        What it says about missing pillars.

    Returns
    -------
    scores : ndarray of float, shape (n, p)
        All NaN for a member that is not ranked.
    standing : ndarray of str, shape (n,)
        As of :func:`standing_of`.
    weight : ndarray of float, shape (p,)
        In the order of ``PILLARS``.
    """
    weight = np.array([float(weights.get(pillar, 0)) for pillar in PILLARS])
    scores = pillars[list(SCORES)].to_numpy(dtype=np.float64, copy=True)
    seen = pillars["standing"].to_numpy(dtype=object)
    standing = standing_of(scores, seen, weight, framework.ranking)
    scores[standing != "ranked"] = np.nan
    return scores, standing, weight


PLACES: Final = ("rank_before", "change", "change_low", "change_high")


def _changes(
    member: NDArray[np.object_],
    count: int,
    scores: FloatArray,
    errors: FloatArray,
    weight: FloatArray,
    methods: tuple[str, ...],
) -> dict[str, FloatArray]:
    """Return places and points gained since the span before, and whether chance would do it.

    Of the rows the first ``count`` are of the selected span, the others of the one
    before. Both are drawn at once: a draw has one set of weights for both, since the
    scheme is the same, but sampling errors of their own.
    """
    columns = {name: np.full(count, np.nan) for name in (*PLACES, "score_change", "change_chance")}
    position = {iso3: place for place, iso3 in enumerate(member[count:].tolist())}
    paired = np.flatnonzero([iso3 in position for iso3 in member[:count].tolist()])
    if not paired.size:
        return columns
    then = np.array([position[iso3] for iso3 in member[paired].tolist()])
    drawn = draw_scores(scores, errors, weight, chance_of(CHANGE_DRAWS, len(member)), methods)
    score = aggregate(scores, weight, methods[0])
    rank_then = rank_scores(score[count:])[then]
    columns["rank_before"][paired] = rank_then
    columns["change"][paired] = rank_then - rank_scores(score[:count])[paired]
    gained = rank_scores(drawn[:, count:])[:, then] - rank_scores(drawn[:, :count])[:, paired]
    low, high = np.quantile(gained, BAND, axis=0, method="inverted_cdf")
    columns["change_low"][paired], columns["change_high"][paired] = low, high
    own = drawn[: CHANGE_DRAWS // len(methods)]
    difference = score[:count][paired] - score[count:][then]
    columns["score_change"][paired] = difference
    spread = (own[:, :count][:, paired] - own[:, count:][:, then]).std(axis=0)
    columns["change_chance"][paired] = change_chances(difference, spread)
    return columns


def change_chances(difference: FloatArray, spread: FloatArray) -> FloatArray:
    """Return how likely chance alone makes a change so large, adjusted for many looks.

    Parameters
    ----------
    difference : ndarray of float, shape (n,)
        Change of a score, points. NaN where it is not known.
    spread : ndarray of float, shape (n,)
        Its standard error, points; 0 where nothing is left to chance.

    Returns
    -------
    ndarray of float, shape (n,)
        Two-sided p-value of the difference over its error against a normal distribution,
        adjusted by Benjamini and Hochberg for all that are known, 0 to 1. NaN where the
        difference is.

    References
    ----------
    .. [1] Benjamini, Y. and Hochberg, Y. (1995). Controlling the false discovery rate.
       J. R. Stat. Soc. B 57(1), 289-300.

    Examples
    --------
    Of two changes the smaller p-value is doubled, the larger stays:

    >>> found = change_chances(np.array([1.959964, 0.0]), np.array([1.0, 1.0]))
    >>> found.round(3).tolist()
    [0.1, 1.0]
    """
    known = ~np.isnan(difference) & ~np.isnan(spread)
    size = np.abs(np.where(known, difference, 0.0))
    ratio = np.divide(size, spread, out=np.where(size > 0, np.inf, 0.0), where=known & (spread > 0))
    chance = np.full(len(difference), np.nan)
    if known.any():
        chance[known] = false_discovery_control(2.0 * ndtr(-ratio[known]))
    return chance


RANKING_COLUMNS: Final = (
    Column("member_iso3"),
    Column("region_id"),
    Column("standing", words="column.rank_standing"),
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
    Column("score_change", unit="points"),
    Column("change_chance", unit="share"),
    Column("pillars_missing"),
)

__all__ = [
    "CHANGE_DRAWS",
    "DRAWS",
    "FALSE_DISCOVERIES",
    "RANKING_COLUMNS",
    "SEED",
    "chance_of",
    "change_chances",
    "rank_members",
    "scored_rows",
    "spread_weights",
    "standing_of",
]
