"""The incentives view: how do members rank, and how sure is it?"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from callbacks.named import NamedFrame
from callbacks.services import Services
from callbacks.views.incentives_pillars import ERRORS, PILLAR_FRAME, PILLARS, SCORES
from dashboard.frames import Column
from dashboard.framework import Tier
from dashboard.selection import AGGREGATIONS, Selection
from dashboard.stats.composite import (
    aggregate,
    indistinguishable_groups,
    rank_scores,
    tier_probabilities,
)
from dashboard.stats.rank_bands import BAND, Chance, bands_of, draw_chance, draw_scores
from layouts import incentives as drawings
from layouts.panels import Panel, View

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


def read_ranking(services: Services, selection: Selection) -> pd.DataFrame:
    """Return all members by rank, with bands, tiers and the change against the range before."""
    assert selection.aggregation is not None
    return rank_members(
        PILLAR_FRAME.read(services, selection.only(PILLAR_FRAME.fields)),
        dict(selection.weights),
        selection.aggregation,
        services.framework.tiers,
    )


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
    now = pillars[pillars["span"] == "selected"].reset_index(drop=True)
    before = pillars[pillars["span"] == "before"].reset_index(drop=True)
    # The chosen way comes first: its half of the draws says how sure a tier is.
    methods = (aggregation, *(name for name in AGGREGATIONS if name != aggregation))
    scores = now[list(SCORES)].to_numpy(dtype=np.float64)
    errors = now[list(ERRORS)].to_numpy(dtype=np.float64)
    chance = _chance(DRAWS, len(now))
    bands = bands_of(draw_scores(scores, errors, weight, chance, methods))
    score = aggregate(scores, weight, aggregation)
    table = now[["member_iso3", "region_id", *SCORES]].copy()
    table["incentive_score"] = score
    table["rank"] = rank_scores(score)
    table["rank_median"] = bands.median
    table["rank_low"] = bands.low
    table["rank_high"] = bands.high
    rising = sorted(tiers, key=lambda tier: tier.threshold)
    bounds = np.array([tier.threshold for tier in rising[1:]])
    place = np.searchsorted(bounds, score, side="right")
    chances = tier_probabilities(bands.draw_scores[: DRAWS // len(methods)], bounds)
    has_score = ~np.isnan(score)
    table["tier"] = pd.Series([rising[i].id for i in place], dtype="str").where(has_score)
    table["tier_probability"] = np.where(has_score, chances[np.arange(len(place)), place], np.nan)
    # By rank rather than by median rank, so that a group is a block of the ranking.
    place_in_band = np.clip(rank_scores(score), bands.low, bands.high)
    table["group"] = indistinguishable_groups(place_in_band, bands.low, bands.high)
    table = table.merge(_rank_changes(now, before, weight, methods), on="member_iso3", how="left")
    missing = np.isnan(scores)
    table["pillars_missing"] = pd.Series(
        [",".join(p for p, gone in zip(PILLARS, row, strict=True) if gone) for row in missing],
        dtype="str",
    )
    table = table.sort_values(["rank", "member_iso3"], na_position="last")
    for column in ("rank", "rank_median", "rank_low", "rank_high", "rank_before", "change"):
        table[column] = table[column].astype("Int64")
    for column in ("change_low", "change_high"):
        table[column] = table[column].astype("Int64")
    return table[[column.name for column in RANKING_COLUMNS]]


def _rank_changes(
    now: pd.DataFrame, before: pd.DataFrame, weight: FloatArray, methods: tuple[str, ...]
) -> pd.DataFrame:
    """Return the places gained since the span before, with their 5-95 % band.

    Both spans are drawn at once: a draw has one set of weights for both, since the
    scheme is the same, but sampling errors of their own.
    """
    both = pd.concat([now, before], ignore_index=True)
    count = len(now)
    columns = {
        name: np.full(count, np.nan)
        for name in ("rank_before", "change", "change_low", "change_high")
    }
    position = pd.Series(before.index, index=before["member_iso3"], dtype="float64")
    place: FloatArray = position.reindex(now["member_iso3"]).to_numpy(dtype=np.float64)
    paired = np.flatnonzero(~np.isnan(place))
    if paired.size:
        scores = both[list(SCORES)].to_numpy(dtype=np.float64)
        errors = both[list(ERRORS)].to_numpy(dtype=np.float64)
        chance = _chance(CHANGE_DRAWS, len(both))
        drawn = draw_scores(scores, errors, weight, chance, methods)
        score = aggregate(scores, weight, methods[0])
        then = place[paired].astype(np.int64)
        rank_then = rank_scores(score[count:])[then]
        columns["rank_before"][paired] = rank_then
        columns["change"][paired] = rank_then - rank_scores(score[:count])[paired]
        gained = rank_scores(drawn[:, count:])[:, then] - rank_scores(drawn[:, :count])[:, paired]
        low, high = np.quantile(gained, BAND, axis=0, method="inverted_cdf")
        columns["change_low"][paired], columns["change_high"][paired] = low, high
    return pd.DataFrame({"member_iso3": now["member_iso3"], **columns})


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

RANKING_FRAME: Final = NamedFrame(
    "ranking",
    RANKING_COLUMNS,
    read_ranking,
    PILLAR_FRAME.fields | {"weights", "aggregation"},
)

FRAMES = (PILLAR_FRAME, RANKING_FRAME)

HIGHLIGHTS: Final = frozenset({"regions", "members"})

VIEW = View(
    "incentives",
    (
        Panel(
            "ranking",
            ("ranking",),
            drawings.draw_ranking,
            fields=HIGHLIGHTS,
            area="two-thirds tall scrolls",
        ),
        Panel(
            "claims",
            ("ranking",),
            drawings.draw_claims,
            kind="block",
            fields=HIGHLIGHTS,
            area="third",
        ),
        Panel(
            "tiers", ("ranking",), drawings.draw_tiers, fields=frozenset({"regions"}), area="third"
        ),
        Panel(
            "pillars",
            ("ranking", "pillars"),
            drawings.draw_pillars,
            fields=HIGHLIGHTS,
        ),
        Panel("movers", ("ranking",), drawings.draw_movers, fields=HIGHLIGHTS),
    ),
    controls=drawings.controls,
)
