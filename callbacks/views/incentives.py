"""The incentives view: how do members rank, and how sure is it?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from callbacks.named import NamedFrame
from callbacks.services import Services
from dashboard.frames import Column
from dashboard.framework import Framework, Tier
from dashboard.selection import AGGREGATIONS, Selection
from dashboard.stats.composite import (
    BAND,
    aggregate,
    indistinguishable_groups,
    normalise,
    rank_bands,
    rank_scores,
    tier_probabilities,
)
from dashboard.stats.pillars import mean_error, ratio_error, share_error
from dashboard.stats.quality import goalpost_score, overall_score
from layouts import incentives as drawings
from layouts.panels import Panel, View
from queries import incentives as statements

FloatArray = NDArray[np.float64]

PILLARS: Final = ("timeliness", "quality", "coverage", "improvement", "engagement")
SCORES: Final = tuple(f"{pillar}_pillar" for pillar in PILLARS)
ERRORS: Final = tuple(f"{pillar}_error" for pillar in PILLARS)

SEED: Final = 2008
"""One seed for every ranking: the same selection gives the same picture, and moving a weight
moves the ranks by that weight alone."""

DRAWS: Final = 2000
CHANGE_DRAWS: Final = 400


def read_pillars(services: Services, selection: Selection) -> pd.DataFrame:
    """Return the pillars of every member that owes something, in the range and before it."""
    return score_pillars(
        services.frame(statements.receipts_by_member(selection)),
        services.frame(statements.quality_sums(selection)),
        services.frame(statements.engagement_by_member(selection)),
        services.framework,
        services.catalogue.members,
    )


def score_pillars(
    receipts: pd.DataFrame,
    quality: pd.DataFrame,
    engagement: pd.DataFrame,
    framework: Framework,
    regions: Mapping[str, str],
) -> pd.DataFrame:
    """Score the pillars.

    Parameters
    ----------
    receipts, quality, engagement : DataFrame
        As ``queries.incentives`` gives them.
    framework : Framework
        Goalposts of pillars and dimensions, weights of dimensions.
    regions : mapping of str to str
        Region of each member.

    Returns
    -------
    DataFrame
        One row per member and span (selected, before) in which it owes
        something; the columns of the frame ``pillars``.
    """
    counts = receipts.set_index(["member_iso3", "span"]).astype("float64")
    table = counts[counts["owed"] > 0].copy()
    table["on_time_share"] = table["on_time"] / table["counted"].where(table["counted"] > 0)
    table["on_time_error"] = share_error(table["on_time"], table["counted"])
    table = table.join(quality_of_members(quality, framework))
    table["on_time_change"], table["change_error"] = _against_past(table)
    span = table.index.get_level_values("span")
    table = table[span != "earlier"].reset_index()
    table = table.merge(engagement_shares(engagement), on=["member_iso3", "span"], how="left")
    table["engaged_kinds"] = table["engaged_kinds"].fillna(0.0)
    # Without an activity log nobody was asked for anything: no engagement, rather than none at all.
    is_logged = table.groupby("span")["engaged_kinds"].transform("sum") > 0
    table["region_id"] = table["member_iso3"].map(dict(regions)).astype("str")
    raw = np.column_stack(
        [
            table["on_time_share"],
            table["quality_score"],
            table["received"] / table["owed"],
            table["on_time_change"],
            (table["engaged_kinds"] / len(statements.ENGAGEMENT_KINDS)).where(is_logged),
        ]
    )
    errors = np.column_stack(
        [
            table["on_time_error"],
            table["quality_error"],
            share_error(table["received"], table["owed"]),
            table["change_error"],
            np.zeros(len(table)),
        ]
    )
    posts = {pillar.id: (pillar.worst, pillar.best) for pillar in framework.pillars}
    known = [pillar in posts for pillar in PILLARS]
    worst = np.array([posts.get(pillar, (0.0, 1.0))[0] for pillar in PILLARS])
    best = np.array([posts.get(pillar, (0.0, 1.0))[1] for pillar in PILLARS])
    raw[:, ~np.array(known)] = np.nan
    scores = normalise(raw, worst, best)
    table[list(SCORES)] = scores
    points = errors * 100 / np.abs(best - worst)
    table[list(ERRORS)] = np.where(np.isnan(scores), np.nan, points)
    order = table["span"].map({"selected": 0, "before": 1})
    table = table.assign(order=order).sort_values(["order", "member_iso3"])
    for column in ("on_time", "counted", "received", "owed", "engaged_kinds"):
        table[column] = table[column].astype("int64")
    return table[[column.name for column in PILLAR_COLUMNS]]


def _against_past(table: pd.DataFrame) -> tuple[FloatArray, FloatArray]:
    """Return the change of the on-time share against the span before, and its error."""
    earlier = {"selected": "before", "before": "earlier"}
    past = table[["on_time_share", "on_time_error"]].reindex(
        pd.MultiIndex.from_tuples(
            [(member, earlier.get(span, "")) for member, span in table.index],
            names=["member_iso3", "span"],
        )
    )
    change = table["on_time_share"].to_numpy() - past["on_time_share"].to_numpy()
    error = np.hypot(table["on_time_error"].to_numpy(), past["on_time_error"].to_numpy())
    return change, error


def engagement_shares(engagement: pd.DataFrame) -> pd.DataFrame:
    """Return the kinds of engagement shown, one row per member and span."""
    return engagement.melt(
        id_vars=["member_iso3"],
        value_vars=["selected", "before"],
        var_name="span",
        value_name="engaged_kinds",
    ).astype({"engaged_kinds": "float64"})


def quality_of_members(sums: pd.DataFrame, framework: Framework) -> pd.DataFrame:
    """Return the overall quality score of each member and span, and its standard error.

    Dimensions are sums over sums, scored by their goalposts; one that cannot be
    computed leaves its weight to the others. No score below the framework's
    minimum number of checked rows.
    """
    dimensions = framework.dimensions
    places = {dimension.id: place for place, dimension in enumerate(dimensions)}
    known = sums[sums["dimension_id"].isin(places)]
    keys = ["member_iso3", "span"]
    # Groups are numbered as they first appear, which is also the order of the index.
    row = known.groupby(keys, sort=False).ngroup().to_numpy(dtype=np.int64)
    index = pd.MultiIndex.from_frame(known[keys].drop_duplicates())
    column = known["dimension_id"].map(places).to_numpy(dtype=np.int64)

    def spread_out(name: str) -> FloatArray:
        table = np.full((len(index), len(dimensions)), np.nan)
        table[row, column] = known[name].to_numpy(dtype=np.float64)
        return table

    part = {name: spread_out(name) for name in known.columns[3:]}
    enough = part["rows_checked"] >= framework.framework.minimum_checked_rows
    low = np.where(enough & (part["denominator"] > 0), part["denominator"], np.nan)
    worst = np.array([dimension.worst for dimension in dimensions])
    best = np.array([dimension.best for dimension in dimensions])
    scores = goalpost_score(part["numerator"] / low, worst, best)
    spread = ratio_error(
        np.nan_to_num(part["submissions"]),
        part["numerator"],
        np.nan_to_num(part["denominator"]),
        part["numerator_squares"],
        part["products"],
        part["denominator_squares"],
    )
    errors = spread * 100 / np.abs(best - worst)
    weights = np.array([dimension.weight for dimension in dimensions])
    overall, _ = overall_score(scores, weights)
    return pd.DataFrame(
        {"quality_score": overall, "quality_error": mean_error(errors, scores, weights)},
        index=index,
    )


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
    bands = rank_bands(
        scores,
        now[list(ERRORS)].to_numpy(dtype=np.float64),
        weight,
        draws=DRAWS,
        methods=methods,
        rng=np.random.default_rng(SEED),
    )
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
        drawn = rank_bands(
            scores,
            both[list(ERRORS)].to_numpy(dtype=np.float64),
            weight,
            draws=CHANGE_DRAWS,
            methods=methods,
            rng=np.random.default_rng(SEED),
        ).draw_scores
        score = aggregate(scores, weight, methods[0])
        then = place[paired].astype(np.int64)
        rank_then = rank_scores(score[count:])[then]
        columns["rank_before"][paired] = rank_then
        columns["change"][paired] = rank_then - rank_scores(score[:count])[paired]
        gained = rank_scores(drawn[:, count:])[:, then] - rank_scores(drawn[:, :count])[:, paired]
        low, high = np.quantile(gained, BAND, axis=0, method="inverted_cdf")
        columns["change_low"][paired], columns["change_high"][paired] = low, high
    return pd.DataFrame({"member_iso3": now["member_iso3"], **columns})


PILLAR_COLUMNS: Final = (
    Column("member_iso3"),
    Column("region_id"),
    Column("span"),
    Column("on_time", unit="count"),
    Column("counted", unit="count"),
    Column("received", unit="count"),
    Column("owed", unit="count"),
    Column("on_time_share", measure="on_time_share"),
    Column("quality_score", measure="quality_score"),
    Column("on_time_change", unit="share"),
    Column("engaged_kinds", unit="count"),
    *(Column(name, measure=name) for name in SCORES),
    *(Column(name, unit="points") for name in ERRORS),
)

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

PILLAR_FRAME: Final = NamedFrame(
    "pillars", PILLAR_COLUMNS, read_pillars, frozenset({"first", "last", "as_of"})
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
