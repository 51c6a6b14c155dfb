"""The pillars that members are ranked by, in the selected range and before it.

Frames in, frame out. It must not rank, nor read a warehouse.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dashboard.frames import Column
from dashboard.framework import Framework
from dashboard.stats.normalisation import normalise
from dashboard.stats.pillars import mean_error, ratio_error, share_error
from dashboard.stats.quality import goalpost_score, overall_score

FloatArray = NDArray[np.float64]

PILLARS: Final = ("timeliness", "quality", "coverage", "improvement", "engagement")
SCORES: Final = tuple(f"{pillar}_pillar" for pillar in PILLARS)
ERRORS: Final = tuple(f"{pillar}_error" for pillar in PILLARS)
SPANS: Final = ("selected", "before", "earlier")
"""The selected range, the range of the same length before it, and the one before that."""

ENGAGEMENT_KINDS: Final = ("correspondent", "survey", "training")
"""Kinds of activity that show a member's engagement, if they were done."""

SHOWN_SPANS: Final = SPANS[:-1]
"""Spans that have pillars; the one before them only tells how they changed."""


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
    names = list(SPANS)
    numbers = pd.Index(receipts["member_iso3"].unique()).sort_values()
    places = _places(receipts, numbers, names)
    counts = {
        name: _spread(places, receipts[name], numbers, names)
        for name in ("on_time", "counted", "received", "owed")
    }
    owes = counts["owed"] > 0
    met, judged, received, owed = (np.where(owes, counts[name], np.nan) for name in counts)
    share = np.divide(met, judged, out=np.full_like(met, np.nan), where=judged > 0)
    share_spread = share_error(met, judged)
    scored = quality_of_members(quality, framework)
    places = _places(scored, numbers, names)
    quality_score = _spread(places, scored["quality_score"], numbers, names)[:-1]
    quality_spread = _spread(places, scored["quality_error"], numbers, names)[:-1]
    kinds = np.nan_to_num(_engaged(engagement, numbers))
    shown = owes[:-1]
    # Without an activity log nobody was asked for anything: no engagement, rather than none at all.
    is_logged = (kinds * shown).sum(axis=1, keepdims=True) > 0
    engaged = np.where(is_logged, kinds / len(ENGAGEMENT_KINDS), np.nan)
    change = share[:-1] - share[1:]
    reached = np.divide(received, owed, out=np.full_like(owed, np.nan), where=owes)
    raw = np.stack([share[:-1], quality_score, reached[:-1], change, engaged], axis=-1)
    errors = np.stack(
        [
            share_spread[:-1],
            quality_spread,
            share_error(received, owed)[:-1],
            np.hypot(share_spread[:-1], share_spread[1:]),
            np.zeros_like(change),
        ],
        axis=-1,
    )
    scores, points = _scored_pillars(raw[shown], errors[shown], framework)
    span, member = np.nonzero(shown)
    iso3 = numbers.take(member)
    columns = {
        "member_iso3": pd.array(iso3, dtype="str"),
        "region_id": pd.array([regions.get(one) for one in iso3.tolist()], dtype="str"),
        "span": pd.array([names[one] for one in span.tolist()], dtype="str"),
        **{name: table[:-1][shown].astype("int64") for name, table in counts.items()},
        "on_time_share": share[:-1][shown],
        "quality_score": quality_score[shown],
        "on_time_change": change[shown],
        "engaged_kinds": kinds[shown].astype("int64"),
        **dict(zip(SCORES, scores.T, strict=True)),
        **dict(zip(ERRORS, points.T, strict=True)),
    }
    return pd.DataFrame(columns)


def _places(
    frame: pd.DataFrame, numbers: pd.Index, names: Sequence[str]
) -> tuple[NDArray[np.bool_], NDArray[np.intp], NDArray[np.intp]]:
    """Return which rows are of a known member and span, and the places of these."""
    span = pd.Index(names).get_indexer(pd.Index(frame["span"]))
    member = numbers.get_indexer(pd.Index(frame["member_iso3"]))
    known = (span >= 0) & (member >= 0)
    return known, span[known], member[known]


def _spread(
    places: tuple[NDArray[np.bool_], NDArray[np.intp], NDArray[np.intp]],
    values: pd.Series,
    numbers: pd.Index,
    names: Sequence[str],
) -> FloatArray:
    """Return values as a table, a row per span and a column per member; NaN where none is."""
    known, span, member = places
    table = np.full((len(names), len(numbers)), np.nan)
    table[span, member] = values.to_numpy(dtype=np.float64, na_value=np.nan)[known]
    return table


def _engaged(engagement: pd.DataFrame, numbers: pd.Index) -> FloatArray:
    """Return the kinds of engagement shown, a row per span and a column per member."""
    place = numbers.get_indexer(pd.Index(engagement["member_iso3"]))
    table = np.full((len(SHOWN_SPANS), len(numbers)), np.nan)
    for row, span in enumerate(SHOWN_SPANS):
        values = engagement[span].to_numpy(dtype=np.float64, na_value=np.nan)
        table[row, place[place >= 0]] = values[place >= 0]
    return table


def _scored_pillars(
    raw: FloatArray, errors: FloatArray, framework: Framework
) -> tuple[FloatArray, FloatArray]:
    """Return scores and their errors in points; none of a pillar the framework leaves out."""
    posts = {pillar.id: (pillar.worst, pillar.best) for pillar in framework.pillars}
    known = np.array([pillar in posts for pillar in PILLARS])
    worst, best = np.array([posts.get(pillar, (0.0, 1.0)) for pillar in PILLARS]).T
    scores = normalise(np.where(known, raw, np.nan), worst, best)
    points = errors * 100 / np.abs(best - worst)
    return scores, np.where(np.isnan(scores), np.nan, points)


def quality_of_members(sums: pd.DataFrame, framework: Framework) -> pd.DataFrame:
    """Return the overall quality score of each member and span, and its standard error.

    Dimensions are sums over sums, scored by their goalposts; one that cannot be
    computed leaves its weight to the others. No score below the framework's
    minimum number of checked rows.

    Parameters
    ----------
    sums : DataFrame
        As ``queries.incentives.quality_sums`` gives it.
    framework : Framework
        Goalposts and weights of the dimensions.

    Returns
    -------
    DataFrame
        ``member_iso3``, ``span``, ``quality_score`` and ``quality_error`` in points.
    """
    dimensions = framework.dimensions
    known, column = _of_dimensions(sums, [dimension.id for dimension in dimensions])
    member, members = pd.factorize(known["member_iso3"])
    span, spans = pd.factorize(known["span"])
    cells, row = np.unique(member * max(1, len(spans)) + span, return_inverse=True)
    numbers = known[list(known.columns[3:])].to_numpy(dtype=np.float64, na_value=np.nan)
    cube = np.full((numbers.shape[1], len(cells), len(dimensions)), np.nan)
    cube[:, row, column] = numbers.T
    part = dict(zip(known.columns[3:], cube, strict=True))
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
    owner, when = np.divmod(cells, max(1, len(spans)))
    return pd.DataFrame(
        {
            "member_iso3": members.take(owner),
            "span": spans.take(when),
            "quality_score": overall,
            "quality_error": mean_error(errors, scores, weights),
        }
    )


def _of_dimensions(
    sums: pd.DataFrame, dimensions: list[str]
) -> tuple[pd.DataFrame, NDArray[np.intp]]:
    """Return the rows of known dimensions, and the place of each one's dimension."""
    place = pd.Index(dimensions, dtype="str").get_indexer(pd.Index(sums["dimension_id"]))
    return sums[place >= 0], place[place >= 0]


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
