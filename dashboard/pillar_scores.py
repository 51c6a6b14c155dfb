"""The pillars that members are ranked by, in the selected range and before it.

Frames in, frame out. It must not rank, nor read a warehouse.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dashboard.frames import Column
from dashboard.framework import Framework
from dashboard.incentive_rules import Pillar, PillarIndicator, Ranking
from dashboard.incentive_values import INDICATOR_ERRORS, VALUE_COLUMNS
from dashboard.stats.normalisation import normalise
from dashboard.stats.pillars import mean_error
from dashboard.stats.treatment import Treatment, apply_treatment, treat_outliers

FloatArray = NDArray[np.float64]

PILLARS: Final = ("timeliness", "quality", "coverage", "improvement", "engagement")
SCORES: Final = tuple(f"{pillar}_pillar" for pillar in PILLARS)
ERRORS: Final = tuple(f"{pillar}_error" for pillar in PILLARS)

PUNCTUAL: Final = frozenset({"on_time_share", "on_time_change"})
"""Indicators that rest on judged obligations."""

RELATIVE: Final = ("min_max", "z_score")
"""Normalisations whose scale a single extreme value can stretch."""


def score_pillars(
    values: pd.DataFrame, framework: Framework, normalisation: str = "goalposts"
) -> pd.DataFrame:
    """Score the pillars.

    Parameters
    ----------
    values : DataFrame
        Of :func:`dashboard.incentive_values.indicator_values`.
    framework : Framework
        Pillars with their indicators, and the rules of the ranking.
    normalisation : {"goalposts", "min_max", "z_score", "rank"}
        How a raw value becomes 0 to 100. Standard errors go along a straight line; where the
        scores are no line of the raw values, along the ratio of their spreads.

    Returns
    -------
    DataFrame
        The rows of ``values`` with ``standing`` and, of members that are not too few to
        rank, the scores of the pillars and their standard errors in points. Each span is
        scored by itself. A missing indicator leaves its weight to the pillar's others; NaN
        where a pillar has none, or the framework leaves it out.
    """
    standing = standings(values, framework)
    scores = np.full((len(values), len(PILLARS)), np.nan)
    errors = np.full_like(scores, np.nan)
    for span in values["span"].unique():
        rows = np.flatnonzero((values["span"] == span).to_numpy() & (standing == "ranked"))
        inside = values.take(rows)
        for pillar in framework.pillars:
            place = PILLARS.index(pillar.id)
            scores[rows, place], errors[rows, place] = _score(
                inside, pillar, framework.ranking, normalisation
            )
    return values.assign(
        standing=pd.array(standing, dtype="str"),
        **dict(zip(SCORES, scores.T, strict=True)),
        **dict(zip(ERRORS, errors.T, strict=True)),
    )[[column.name for column in PILLAR_COLUMNS]]


def standings(values: pd.DataFrame, framework: Framework) -> NDArray[np.object_]:
    """Tell who is not ranked because too little was seen of it.

    Parameters
    ----------
    values : DataFrame
        Of :func:`dashboard.incentive_values.indicator_values`.
    framework : Framework
        The least numbers, and the indicators: judged obligations count where one of them tells
        who was on time, those owed where none does.

    Returns
    -------
    ndarray of str, shape (n,)
        ``ranked``, ``few_obligations`` or ``few_rows``. Where nobody's obligations can be
        judged, because no day of receipt is known, those owed are counted. A member of
        which no row was checked is ranked by the rest: silence is no way out of a ranking.
    """
    ranking = framework.ranking
    used = {one.id for pillar in framework.pillars for one in pillar.indicators}
    judged = values["counted" if used & PUNCTUAL else "owed"].to_numpy()
    for span in values["span"].unique():
        inside = (values["span"] == span).to_numpy()
        if not judged[inside].any():
            judged = np.where(inside, values["owed"].to_numpy(), judged)
    checked = values["rows_checked"].to_numpy()
    standing = np.full(len(values), "ranked", dtype=object)
    standing[(checked > 0) & (checked < ranking.minimum_checked_rows)] = "few_rows"
    standing[judged < ranking.minimum_obligations] = "few_obligations"
    return standing


def _score(
    values: pd.DataFrame, pillar: Pillar, ranking: Ranking, normalisation: str
) -> tuple[FloatArray, FloatArray]:
    """Return a pillar's scores of some members, and their standard errors in points."""
    raw, errors = indicator_table(values, pillar.indicators)
    scores = normalised(raw, pillar.indicators, ranking, normalisation)
    points = errors * _slopes(raw, scores, pillar.indicators, normalisation)
    weights = np.array([one.weight for one in pillar.indicators])
    has = ~np.isnan(scores)
    whole = has @ weights
    total = np.where(has, scores, 0.0) @ weights
    mean = np.divide(total, whole, out=np.full(len(raw), np.nan), where=whole > 0)
    if len(weights) == 1:
        error = np.where(has[:, 0], points[:, 0], np.nan)
    else:
        error = mean_error(points, scores, weights)
    return mean, error


def indicator_table(
    values: pd.DataFrame, indicators: Sequence[PillarIndicator]
) -> tuple[FloatArray, FloatArray]:
    """Return the raw values of some indicators and their standard errors, a column each.

    Parameters
    ----------
    values : DataFrame
        Of :func:`dashboard.incentive_values.indicator_values`.
    indicators : sequence of PillarIndicator
        The columns that are asked for.

    Returns
    -------
    raw, errors : ndarray of float, shape (n, k)
        In the indicators' units, NaN where missing; an error is 0 where none is known.
    """
    raw = np.column_stack([values[one.id].to_numpy(dtype=np.float64) for one in indicators])
    known = [INDICATOR_ERRORS.get(one.id) for one in indicators]
    zeros = np.zeros(len(values))
    errors = [values[name].to_numpy(dtype=np.float64) if name else zeros for name in known]
    return raw, np.column_stack(errors)


def is_treated(ranking: Ranking, normalisation: str) -> bool:
    """Tell whether raw values are treated for outliers under a normalisation.

    Parameters
    ----------
    ranking : Ranking
        Says under which.
    normalisation : str
        One of ``dashboard.stats.normalisation.NORMALISATIONS``.

    Returns
    -------
    bool
        True if so.
    """
    if ranking.treat_outliers == "relative":
        return normalisation in RELATIVE
    return ranking.treat_outliers == "always"


def treatment_of(raw: FloatArray, ranking: Ranking) -> Treatment | None:
    """Return the treatment that an indicator's shape calls for; None for a yes or no.

    Of two values neither is an outlier of the other: bringing the rarer one in would make
    everybody alike.

    Parameters
    ----------
    raw : ndarray of float, shape (n,)
        Values of one indicator, NaN where missing.
    ranking : Ranking
        How many values may be brought in.

    Returns
    -------
    Treatment or None
        What is done; it may be nothing.
    """
    if len(np.unique(raw[~np.isnan(raw)])) <= 2:
        return None
    return treat_outliers(raw, most=ranking.winsorise_at_most)


def normalised(
    raw: FloatArray, indicators: Sequence[PillarIndicator], ranking: Ranking, normalisation: str
) -> FloatArray:
    """Return scores of 0 to 100 of raw values, a row per member and a column per indicator.

    Parameters
    ----------
    raw : ndarray of float, shape (n, k)
        In the indicators' units, NaN where missing.
    indicators : sequence of PillarIndicator
        Goalposts of each column.
    ranking : Ranking
        When and how far outliers are treated.
    normalisation : str
        One of ``dashboard.stats.normalisation.NORMALISATIONS``.

    Returns
    -------
    ndarray of float, shape (n, k)
        Scores, NaN where the value is missing.
    """
    values = raw.copy()
    worst = np.array([one.worst for one in indicators])
    best = np.array([one.best for one in indicators])
    if is_treated(ranking, normalisation):
        for place in range(len(indicators)):
            treatment = treatment_of(raw[:, place], ranking)
            if treatment is None:
                continue
            posts = np.array([worst[place], best[place]])
            if treatment.kind == "log":
                posts = apply_treatment(treatment, posts)
            # Goalposts that the logarithm brings together leave the values as they came.
            if posts[0] != posts[1]:
                values[:, place] = treatment.values
                worst[place], best[place] = posts
    return normalise(values, worst, best, normalisation)


def _slopes(
    raw: FloatArray,
    scores: FloatArray,
    indicators: Sequence[PillarIndicator],
    normalisation: str,
) -> FloatArray:
    """Return how many points one raw unit makes; between members where it is no straight line."""
    if normalisation == "goalposts":
        return np.array([100.0 / abs(one.best - one.worst) for one in indicators])
    before, after = deviations(raw), deviations(scores)
    return np.divide(after, before, out=np.zeros_like(before), where=before > 0)


def deviations(table: FloatArray) -> FloatArray:
    """Return the standard deviation of each column over what is known; 0 for nothing.

    Parameters
    ----------
    table : ndarray of float, shape (n, k)
        NaN where missing.

    Returns
    -------
    ndarray of float, shape (k,)
        Of the population, in the unit of the column.
    """
    known = ~np.isnan(table)
    count = np.maximum(known.sum(axis=0), 1)
    mean = np.where(known, table, 0.0).sum(axis=0) / count
    away = np.where(known, table - mean, 0.0)
    return np.asarray(np.sqrt((away**2).sum(axis=0) / count))


PILLAR_COLUMNS: Final = (
    *VALUE_COLUMNS,
    Column("standing", words="column.rank_standing"),
    *(Column(name, measure=name) for name in SCORES),
    *(Column(name, unit="points") for name in ERRORS),
)
