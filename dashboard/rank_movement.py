"""How ranks moved from span to span, and what moved a score.

Frames in, frame out. It must not read a warehouse, nor know how a movement is drawn.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtri

from dashboard.frames import Column
from dashboard.framework import Framework
from dashboard.pillar_scores import ERRORS, PILLARS
from dashboard.ranking import CHANGE_DRAWS, chance_of, change_chances, scored_rows
from dashboard.selection import shift_month
from dashboard.stats.composite import MEANS, aggregate, rank_scores
from dashboard.stats.movement import movement
from dashboard.stats.rank_bands import BAND, Chance, bands_of, draw_scores
from dashboard.tiers import tier_names

FloatArray = NDArray[np.float64]

STEP_DRAWS: Final = 200
"""Draws of each span: enough for a band in a chart of all of them, in a third of the time."""

MOVED: Final = tuple(f"{pillar}_moved" for pillar in PILLARS)


def ranks_over_time(
    pillars: pd.DataFrame,
    weights: Mapping[str, float],
    aggregation: str,
    framework: Framework,
    months: int,
) -> pd.DataFrame:
    """Rank the members in every span by itself.

    Parameters
    ----------
    pillars : DataFrame
        Of :func:`dashboard.pillar_scores.score_pillars`; the spans are named by their last
        month.
    weights : mapping of str to float
        By pillar, the same in all spans.
    aggregation : {"arithmetic", "geometric", "copeland"}
        How the pillars make one score.
    framework : Framework
        Its tiers, and what it says about missing pillars.
    months : int
        Length of a span.

    Returns
    -------
    DataFrame
        One row per member and span in which it owed something, by span and member; the
        columns of ``STEP_COLUMNS``. Rank, band and tier are missing where it is not ranked.
    """
    scores, standing, weight = scored_rows(pillars, weights, framework)
    errors = pillars[list(ERRORS)].to_numpy(dtype=np.float64)
    score = np.full(len(scores), np.nan)
    methods = (aggregation, *(name for name in MEANS if name != aggregation))
    span = pillars["span"].to_numpy(dtype=object)
    ranks = {name: np.full(len(score), np.nan) for name in ("rank", "rank_low", "rank_high")}
    spans = [np.flatnonzero((span == one) & (standing == "ranked")) for one in pd.unique(span)]
    chance = chance_of(STEP_DRAWS, max(map(len, spans), default=0))
    for rows in spans:
        own = Chance(chance.factors, chance.deviates[:, :, : len(rows)])
        bands = bands_of(draw_scores(scores[rows], errors[rows], weight, own, methods))
        # By comparisons a score is of those who are there: of its span alone.
        score[rows] = aggregate(scores[rows], weight, aggregation)
        ranks["rank"][rows] = rank_scores(score[rows])
        ranks["rank_low"][rows], ranks["rank_high"][rows] = bands.low, bands.high
    tiers = framework.tiers if aggregation in MEANS else []
    table = pd.DataFrame(
        {
            "member_iso3": pillars["member_iso3"],
            "region_id": pillars["region_id"],
            "first_month": [shift_month(str(last), 1 - months) for last in span],
            "last_month": pillars["span"],
            "standing": pd.array(standing, dtype="str"),
            "incentive_score": score,
            **{name: pd.Series(values).astype("Int64") for name, values in ranks.items()},
            "tier": pd.Series(tier_names(score, tiers), dtype="str"),
        }
    ).astype({"first_month": "str", "last_month": "str"})
    return table.sort_values(["last_month", "member_iso3"], ignore_index=True)


def score_movement(
    pillars: pd.DataFrame, weights: Mapping[str, float], aggregation: str, framework: Framework
) -> pd.DataFrame:
    """Split the change of each member's score by the pillars that made it.

    Parameters
    ----------
    pillars : DataFrame
        The frame ``pillars``: the selected range and the one before.
    weights : mapping of str to float
        By pillar, the same in both.
    aggregation : {"arithmetic", "geometric", "copeland"}
        How the pillars make one score. A score by comparisons is no sum over pillars: its
        parts are missing, and it has no tier.
    framework : Framework
        Its tiers, and what it says about missing pillars.

    Returns
    -------
    DataFrame
        One row per member that is ranked in either, the largest rise first; the columns of
        ``MOVEMENT_COLUMNS``. The parts add up to the change. ``change_chance`` is the one
        of the frame ``ranking``; the band of the change is the normal one of the same error.
    """
    scores, _, weight = scored_rows(pillars, weights, framework)
    errors = pillars[list(ERRORS)].to_numpy(dtype=np.float64)
    spans = [np.flatnonzero(pillars["span"] == name) for name in ("selected", "before")]
    drawn = _drawn(scores, errors, weight, aggregation, spans)
    parts = [
        pd.DataFrame(
            np.hstack([scores[rows], part]), index=pillars["member_iso3"].array.take(rows)
        ).dropna(how="all")
        for rows, part in zip(spans, drawn, strict=True)
    ]
    everybody = parts[0].index.union(parts[1].index)
    now, then = (part.reindex(everybody).to_numpy(dtype=np.float64) for part in parts)
    count = len(PILLARS)
    score = [aggregate(table[:, :count], weight, aggregation) for table in (then, now)]
    change = score[1] - score[0]
    spread = (now - then)[:, count:].std(axis=1)
    low, high = (change + float(ndtri(level)) * spread for level in BAND)
    tiers = framework.tiers if aggregation in MEANS else []
    region = dict(zip(pillars["member_iso3"], pillars["region_id"], strict=True))
    if aggregation in MEANS:
        found = movement(then[:, :count], now[:, :count], weight, aggregation)
        moved, weights_moved = found.by_value, found.by_weight.sum(axis=1)
    else:
        moved = np.full((len(everybody), len(PILLARS)), np.nan)
        weights_moved = np.full(len(everybody), np.nan)
    columns = {
        "member_iso3": everybody.astype("str"),
        "region_id": everybody.map(region).astype("str"),
        "score_before": score[0],
        "incentive_score": score[1],
        "score_change": change,
        "score_change_low": low,
        "score_change_high": high,
        "change_chance": change_chances(change, spread),
        "tier_before": pd.Series(tier_names(score[0], tiers), dtype="str"),
        "tier": pd.Series(tier_names(score[1], tiers), dtype="str"),
        **dict(zip(MOVED, moved.T, strict=True)),
        "weights_moved": weights_moved,
    }
    table = pd.DataFrame(columns)
    return table.sort_values(
        ["score_change", "member_iso3"],
        ascending=[False, True],
        na_position="last",
        ignore_index=True,
    )


def _drawn(
    scores: FloatArray,
    errors: FloatArray,
    weight: FloatArray,
    aggregation: str,
    spans: Sequence[NDArray[np.intp]],
) -> Iterator[FloatArray]:
    """Yield the scores of each span with their sampling error, a column per draw.

    The draws are those of the ranking, of the chosen way alone: its p-values are of these.
    """
    whole = chance_of(CHANGE_DRAWS, sum(map(len, spans)))
    count = CHANGE_DRAWS // len({aggregation, *MEANS})
    start = 0
    for rows in spans:
        own = slice(start, start + len(rows))
        chance = Chance(whole.factors[:count], whole.deviates[:, :count, own])
        yield draw_scores(scores[rows], errors[rows], weight, chance, (aggregation,)).T
        start += len(rows)


STEP_COLUMNS: Final = (
    Column("member_iso3"),
    Column("region_id"),
    Column("first_month"),
    Column("last_month"),
    Column("standing", words="column.rank_standing"),
    Column("incentive_score", measure="incentive_score"),
    Column("rank", measure="rank"),
    Column("rank_low", unit="rank"),
    Column("rank_high", unit="rank"),
    Column("tier"),
)

MOVEMENT_COLUMNS: Final = (
    Column("member_iso3"),
    Column("region_id"),
    Column("score_before", unit="points", words="column.past_score"),
    Column("incentive_score", measure="incentive_score"),
    Column("score_change", unit="points"),
    Column("score_change_low", unit="points"),
    Column("score_change_high", unit="points"),
    Column("change_chance", unit="share"),
    Column("tier_before"),
    Column("tier"),
    *(Column(name, unit="points") for name in MOVED),
    Column("weights_moved", unit="points"),
)
