"""What members are ranked by, in raw units: the indicators that a framework can declare.

Frames in, frame out. Nothing is scored here, except that the quality score is one of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dashboard.frames import Column
from dashboard.framework import Framework
from dashboard.incentive_rules import IndicatorId
from dashboard.measures import Unit
from dashboard.stats.pillars import mean_error, ratio_error, share_error
from dashboard.stats.quality import goalpost_score, overall_score

FloatArray = NDArray[np.float64]

INDICATORS: Final[tuple[str, ...]] = get_args(IndicatorId)
DIMENSION_SCORES: Final = ("completeness_score", "coherence_score")
"""Indicators that are one dimension of quality by itself."""

INDICATOR_ERRORS: Final = {
    name: f"{name}_sampling_error"
    for name in (
        "on_time_share",
        "quality_score",
        "received_share",
        "on_time_change",
        *DIMENSION_SCORES,
    )
}
"""Indicator to the column of its standard error; the others are known without one."""

UNITS: Final[Mapping[str, Unit]] = {
    "months_behind": "months",
    **dict.fromkeys(("quality_score", *DIMENSION_SCORES, "outside_score"), "points"),
}
"""Of the indicators that are no share."""

COUNTS: Final = ("on_time", "counted", "received", "owed")
SPANS: Final = ("selected", "before", "earlier")
"""The selected range, the range of the same length before it, and the one before that."""

ENGAGEMENT_KINDS: Final = ("correspondent", "survey", "training")
"""Kinds of activity that show a member's engagement, if they were done."""

SHOWN_SPANS: Final = SPANS[:-1]
"""Spans that have indicators; the one before them only tells how they changed."""


def indicator_values(
    receipts: pd.DataFrame,
    quality: pd.DataFrame,
    engagement: pd.DataFrame,
    framework: Framework,
    regions: Mapping[str, str],
    outside: Mapping[str, float] | None = None,
    spans: Sequence[str] = SPANS,
) -> pd.DataFrame:
    """Compute the indicators.

    Parameters
    ----------
    receipts, quality, engagement : DataFrame
        As ``queries.incentives`` gives them.
    framework : Framework
        Goalposts and weights of the dimensions of quality.
    regions : mapping of str to str
        Region of each member.
    outside : mapping of str to float, optional
        External score of each member that has one: the same in every span.
    spans : sequence of str, optional
        Names of the spans, the latest first; the last only tells how they changed.

    Returns
    -------
    DataFrame
        One row per member and span (selected, before) in which it owes
        something; the columns of ``VALUE_COLUMNS``.
    """
    names = list(spans)
    numbers = pd.Index(receipts["member_iso3"].unique()).sort_values()
    places = _places(receipts, numbers, names)
    counts = {name: _spread(places, receipts[name], numbers, names) for name in COUNTS}
    owes = counts["owed"] > 0
    met, judged, received, owed = (np.where(owes, counts[name], np.nan) for name in COUNTS)
    share = np.divide(met, judged, out=np.full_like(met, np.nan), where=judged > 0)
    spread = share_error(met, judged)
    shown = owes[:-1]
    scored = quality_of_members(quality, framework)
    places = _places(scored, numbers, names)
    table = {
        name: _spread(places, scored[name], numbers, names)[:-1]
        for name in ("quality_score", "quality_error", "rows_checked", *_dimension_columns())
    }
    kinds = _engaged(engagement, numbers, shown, names[:-1])
    external = numbers.map(dict(outside or {})).to_numpy(dtype=np.float64)
    values = {
        "on_time_share": share[:-1],
        "quality_score": table["quality_score"],
        "received_share": np.divide(received, owed, out=np.full_like(owed, np.nan), where=owes)[
            :-1
        ],
        "on_time_change": share[:-1] - share[1:],
        "engaged_share": np.mean(list(kinds.values()), axis=0),
        **kinds,
        "months_behind": _months_behind(receipts, numbers, names)[:-1],
        **{name: table[name] for name in DIMENSION_SCORES},
        "outside_score": np.broadcast_to(external, shown.shape),
    }
    errors = {
        "on_time_share": spread[:-1],
        "quality_score": table["quality_error"],
        "received_share": share_error(received, owed)[:-1],
        "on_time_change": np.hypot(spread[:-1], spread[1:]),
        **{name: table[_error_of(name)] for name in DIMENSION_SCORES},
    }
    span, member = np.nonzero(shown)
    iso3 = numbers.take(member)
    columns = {
        "member_iso3": pd.array(iso3, dtype="str"),
        "region_id": pd.array([regions.get(one) for one in iso3.tolist()], dtype="str"),
        "span": pd.array([names[one] for one in span.tolist()], dtype="str"),
        **{name: counts[name][:-1][shown].astype("int64") for name in COUNTS},
        "rows_checked": np.nan_to_num(table["rows_checked"])[shown].astype("int64"),
        **{name: values[name][shown] for name in INDICATORS},
        **{column: errors[name][shown] for name, column in INDICATOR_ERRORS.items()},
    }
    return pd.DataFrame(columns)


def _error_of(score: str) -> str:
    return score.replace("_score", "_error")


def _dimension_columns() -> list[str]:
    return [column for name in DIMENSION_SCORES for column in (name, _error_of(name))]


def _months_behind(receipts: pd.DataFrame, numbers: pd.Index, names: Sequence[str]) -> FloatArray:
    """Return how far each member's newest period lies behind the newest that anybody owes.

    A row per span and a column per member, months; NaN where a member sent nothing.
    """
    places = _places(receipts, numbers, names)
    received, owed = (
        _spread(places, _month_number(receipts[name]), numbers, names)
        for name in ("newest_received_on", "newest_owed_on")
    )
    newest = np.fmax.reduce(owed, axis=1, keepdims=True, initial=-np.inf)
    return np.where(np.isfinite(newest), newest - received, np.nan)


def _month_number(days: pd.Series) -> pd.Series:
    when = pd.to_datetime(days)
    return (when.dt.year * 12 + when.dt.month).astype("float64")


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


def _engaged(
    engagement: pd.DataFrame, numbers: pd.Index, shown: NDArray[np.bool_], names: Sequence[str]
) -> dict[str, FloatArray]:
    """Return 1 or 0 for each kind of engagement, a row per span and a column per member.

    Without an activity log nobody was asked for anything: unknown, rather than none at all.
    """
    table = {kind: np.zeros((len(names), len(numbers))) for kind in ENGAGEMENT_KINDS}
    place = numbers.get_indexer(pd.Index(engagement["member_iso3"]))
    flags = engagement[list(names)].to_numpy(dtype=np.float64, na_value=0.0).T
    for kind, done in table.items():
        mine = np.flatnonzero((engagement["kind"] == kind).to_numpy(dtype=bool) & (place >= 0))
        done[:, place[mine]] = flags[:, mine]
    is_logged = (np.sum(list(table.values()), axis=0) * shown).sum(axis=1, keepdims=True) > 0
    return {kind: np.where(is_logged, done, np.nan) for kind, done in table.items()}


def quality_of_members(sums: pd.DataFrame, framework: Framework) -> pd.DataFrame:
    """Return the quality score of each member and span, its standard error, and rows checked.

    Dimensions are sums over sums, scored by their goalposts; one that cannot be
    computed leaves its weight to the others. No score below the framework's
    minimum number of checked rows.

    Parameters
    ----------
    sums : DataFrame
        As ``queries.incentives.quality_sums`` gives them.
    framework : Framework
        Goalposts and weights of the dimensions.

    Returns
    -------
    DataFrame
        One row per member and span: ``member_iso3``, ``span``, ``quality_score`` and
        ``quality_error`` in points, ``rows_checked``, and score and error of each of
        ``DIMENSION_SCORES``. NaN where nothing can be scored.
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
    by_dimension: dict[str, int] = {
        dimension.id: place for place, dimension in enumerate(dimensions)
    }
    own = {}
    for name in DIMENSION_SCORES:
        place = by_dimension.get(name.removesuffix("_score"))
        own[name] = np.nan if place is None else scores[:, place]
        own[_error_of(name)] = np.nan if place is None else errors[:, place]
    owner, when = np.divmod(cells, max(1, len(spans)))
    return pd.DataFrame(
        {
            "member_iso3": members.take(owner),
            "span": spans.take(when),
            "quality_score": overall,
            "quality_error": mean_error(errors, scores, weights),
            # Every dimension looks at the same rows, some at fewer of them.
            "rows_checked": np.nan_to_num(part["rows_checked"]).max(axis=1),
            **own,
        }
    )


def _of_dimensions(
    sums: pd.DataFrame, dimensions: list[str]
) -> tuple[pd.DataFrame, NDArray[np.intp]]:
    """Return the rows of known dimensions, and the place of each one's dimension."""
    place = pd.Index(dimensions, dtype="str").get_indexer(pd.Index(sums["dimension_id"]))
    return sums[place >= 0], place[place >= 0]


VALUE_COLUMNS: Final = (
    Column("member_iso3"),
    Column("region_id"),
    Column("span"),
    *(Column(name, unit="count") for name in (*COUNTS, "rows_checked")),
    Column("on_time_share", measure="on_time_share"),
    Column("quality_score", measure="quality_score"),
    *(Column(name, unit=UNITS.get(name, "share")) for name in INDICATORS[2:]),
    *(Column(column, unit=UNITS.get(name, "share")) for name, column in INDICATOR_ERRORS.items()),
)
