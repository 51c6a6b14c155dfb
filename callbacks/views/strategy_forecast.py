"""Forecasts of key results to their deadlines, and the test of such forecasts on the past."""

from __future__ import annotations

from datetime import date
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dashboard.frames import Column
from dashboard.stats.progress import expected_progress, progress, status
from dashboard.stats.target_forecast import (
    Forecast,
    Trials,
    chance_of,
    drift_forecast,
    held_out,
    interval,
    line_forecast,
    misses,
    widening,
)

FloatArray = NDArray[np.float64]

TESTED_MONTHS: Final = (3, 6, 12, 18, 24)
"""Months ahead of the forecasts that are tested."""


class Series(NamedTuple):
    """Key results in rows, month ends in columns: what was declared, and the values known."""

    declared: pd.DataFrame
    months: NDArray[np.int64]  # months since 1970-01
    values: FloatArray


def as_series(declared: pd.DataFrame, values: pd.DataFrame) -> Series:
    """Lay month-end values out, one key result a row; NaN where none is known."""
    declared = declared.reset_index(drop=True)
    kept = values[values["key_result_id"].isin(declared["key_result_id"])]
    month = kept["measured_on"].to_numpy("datetime64[M]").astype(np.int64)
    if not month.size:
        return Series(declared, np.zeros(0, dtype=np.int64), np.zeros((len(declared), 0)))
    months = np.arange(month.min(), month.max() + 1)
    place = pd.Index(declared["key_result_id"]).get_indexer(pd.Index(kept["key_result_id"]))
    laid = np.full((len(declared), months.size), np.nan)
    # Of several values in a month the last one stays: they are in the order of their days.
    laid[place, month - months[0]] = kept["value"].to_numpy("float64", na_value=np.nan)
    return Series(declared, months, laid)


def month_end(month: int) -> date:
    """Return the last day of a month that is counted since January 1970."""
    after = np.datetime64(int(month) + 1, "M").astype("datetime64[D]") - np.timedelta64(1, "D")
    day: date = after.item()
    return day


class Widened(NamedTuple):
    """Past forecasts with what happened, and the factor that intervals need, by month."""

    trials: Trials
    factors: FloatArray

    @property
    def now(self) -> float:
        """The factor of the last month; 1 while too few forecasts could be judged."""
        known = self.factors[-1] if self.factors.size else np.nan
        return 1.0 if np.isnan(known) else float(known)


def judge(series: Series) -> Widened:
    """Put every past forecast beside what happened."""
    forecast = drift_forecast(series.values, TESTED_MONTHS)
    trials = held_out(series.values, TESTED_MONTHS, forecast)
    return Widened(trials, widening(trials, series.values.shape[1]))


def paths(series: Series, judged: Widened) -> pd.DataFrame:
    """Return the forecast of each month from the last one known to the deadline's.

    Parameters
    ----------
    series : Series
        Up to the as-of day.
    judged : Widened
        Of the same series.

    Returns
    -------
    DataFrame
        The columns of the frame ``key_result_forecast``; of the last row of each key result also
        ``chance``, the probability of the target. No rows of a key result whose deadline is past
        or whose history is too short.
    """
    table = series.declared
    # The last month end by the deadline.
    after = table["deadline_on"].to_numpy("datetime64[D]") + np.timedelta64(1, "D")
    last = int(series.months[-1]) if series.months.size else 0
    count = after.astype("datetime64[M]").astype(np.int64) - 1 - last
    most = int(count.max(initial=0)) if series.months.size else 0
    if most < 1:
        return pd.DataFrame({name: [] for name in PATH_TYPES}).astype(PATH_TYPES)
    ahead = np.arange(1, most + 1)
    every = drift_forecast(series.values, ahead)
    # The forecast is from the last month alone; earlier ones only feed its pace and errors.
    one = Forecast(*(part[:, -1, :] for part in every))
    low, high = interval(one, widening=judged.now)
    target = table["target"].to_numpy("float64")[:, None]
    is_higher = target > table["baseline"].to_numpy("float64")[:, None]
    chance = chance_of(one, target, is_higher, widening=judged.now)
    unit = table["unit"].to_numpy()[:, None]
    least = np.where(np.isin(unit, ["share", "count"]), 0.0, -np.inf)
    greatest = np.where(unit == "share", 1.0, np.inf)
    row, place = np.nonzero((ahead <= count[:, None]) & np.isfinite(one.centre))
    ends = np.array([month_end(last + step) for step in ahead.tolist()], dtype="datetime64[us]")
    names = ("forecast", "forecast_low", "forecast_high")
    parts = {
        name: np.clip(part, least, greatest)[row, place]
        for name, part in zip(names, (one.centre, low, high), strict=True)
    }
    is_last = ahead[place] == count[row]
    frame = {
        "key_result_id": table["key_result_id"].to_numpy()[row],
        "measured_on": ends[place],
        **parts,
        "chance": np.where(is_last, chance[row, place], np.nan),
    }
    return pd.DataFrame(frame).astype(PATH_TYPES)


PATH_TYPES: Final = {
    "key_result_id": "str",
    "measured_on": "datetime64[us]",
    "forecast": "float64",
    "forecast_low": "float64",
    "forecast_high": "float64",
    "chance": "float64",
}

METHODS: Final = ("widened", "drift", "line", "everyone", "base_rate")
"""The forecast that is shown, the same before widening, and what it is compared with."""


def backtest(series: Series, judged: Widened) -> pd.DataFrame:
    """Test the forecasts on the past: coverage of intervals, Brier score of probabilities.

    The target lies ahead of all of them, so a probability is that of being at or beyond the
    even pace in the month that was forecast. Every method is tested on the same trials: those
    of which the widening could be known, and for which a line could be drawn.

    Parameters
    ----------
    series : Series
        Up to the as-of day.
    judged : Widened
        Of the same series.

    Returns
    -------
    DataFrame
        One row per method and horizon, and one for all horizons (``horizon`` 0); empty without
        trials. The columns of the frame ``forecast_backtest``.
    """
    trials, factors = judged
    if not trials.origin.size:
        return pd.DataFrame({name: [] for name in BACKTEST_TYPES}).astype(BACKTEST_TYPES)
    lines = line_forecast(series.values, TESTED_MONTHS)
    place = np.searchsorted(TESTED_MONTHS, trials.horizon)
    line = Forecast(*(part[trials.series, trials.origin, place] for part in lines))
    factor = factors[trials.origin]
    known = np.isfinite(factor) & np.isfinite(line.centre)
    if not known.any():
        return pd.DataFrame({name: [] for name in BACKTEST_TYPES}).astype(BACKTEST_TYPES)
    even, is_higher = _even_pace(series, trials)
    happened = _reached(trials.actual, even, is_higher).astype(np.float64)
    drawn = trials._replace(forecast=line)
    told: dict[str, tuple[FloatArray | None, FloatArray]] = {
        "widened": (
            misses(trials) / np.where(np.isfinite(factor), factor, 1.0),
            _chance(trials.forecast, even, is_higher, factor),
        ),
        "drift": (misses(trials), _chance(trials.forecast, even, is_higher, np.ones_like(factor))),
        "line": (misses(drawn), _reached(line.centre, even, is_higher).astype(np.float64)),
        "everyone": (None, np.ones_like(even)),
        "base_rate": (None, _base_rate(trials, happened)),
    }
    rows = []
    for method in METHODS:
        missed, chance = told[method]
        for horizon in (0, *TESTED_MONTHS):
            kept = known & (np.ones_like(known) if not horizon else trials.horizon == horizon)
            if kept.any():
                rows.append(
                    {
                        "method": method,
                        "horizon": horizon,
                        "trials": int(kept.sum()),
                        "coverage": np.nan if missed is None else float((missed[kept] <= 1).mean()),
                        "brier": float(((chance[kept] - happened[kept]) ** 2).mean()),
                        "widening": judged.now if method == "widened" else np.nan,
                    }
                )
    return pd.DataFrame(rows).astype(BACKTEST_TYPES)


def _even_pace(series: Series, trials: Trials) -> tuple[FloatArray, NDArray[np.bool_]]:
    """Return the value of an even pace in the month of each trial, and which way is up."""
    table = series.declared.iloc[trials.series]
    then = series.months[trials.origin + trials.horizon]
    days = (np.datetime64(0, "M") + (then + 1)).astype("datetime64[D]") - np.timedelta64(1, "D")
    started, deadline = (
        table[name].to_numpy("datetime64[D]") for name in ("started_on", "deadline_on")
    )
    due = expected_progress(days, started, deadline)
    baseline, target = (table[name].to_numpy("float64") for name in ("baseline", "target"))
    return baseline + due * (target - baseline), target > baseline


def _reached(
    value: FloatArray, even: FloatArray, is_higher: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    return np.where(is_higher, value >= even, value <= even)


def _chance(
    forecast: Forecast, even: FloatArray, is_higher: NDArray[np.bool_], factor: FloatArray
) -> FloatArray:
    widened = forecast._replace(spread=forecast.spread * factor)
    return chance_of(widened, even, is_higher)


def _base_rate(trials: Trials, happened: FloatArray) -> FloatArray:
    """Return the share that was at its even pace, of the trials judged by each one's origin."""
    judged = trials.origin + trials.horizon
    order = np.argsort(judged, kind="stable")
    sums = np.concatenate([[0.0], np.cumsum(happened[order])])
    count = np.searchsorted(judged[order], trials.origin, side="right")
    return np.where(count > 0, sums[count] / np.maximum(count, 1), 0.5)


BACKTEST_TYPES: Final = {
    "method": "str",
    "horizon": "int64",
    "trials": "int64",
    "coverage": "float64",
    "brier": "float64",
    "widening": "float64",
}

PATH_COLUMNS: Final = (
    Column("key_result_id"),
    Column("measured_on"),
    Column("forecast"),
    Column("forecast_low"),
    Column("forecast_high"),
)
BACKTEST_COLUMNS: Final = (
    Column("method", words="column.forecast_method"),
    Column("horizon", unit="count", words="column.months_ahead"),
    Column("trials", unit="count", words="column.trials"),
    Column("coverage", unit="share", words="column.coverage_of_interval"),
    Column("brier", unit="index", words="column.brier_score"),
    Column("widening", unit="index", words="column.interval_widening"),
)

STATUS_TYPES: Final = {
    "key_result_id": "str",
    "tactic_id": "str",
    "period_id": "int64",
    "value": "float64",
    "progress": "float64",
    "expected": "float64",
    "status": "str",
}


def month_statuses(series: Series) -> pd.DataFrame:
    """Return what every key result stood at, at every month end since its start.

    Parameters
    ----------
    series : Series
        Up to the as-of day.

    Returns
    -------
    DataFrame
        One row per key result and month; ``status`` is ``missing`` before the first value. The
        columns of the frame ``key_result_status_by_month``.
    """
    table, months = series.declared, series.months
    count = months.size
    if not count or table.empty:
        return pd.DataFrame({name: [] for name in STATUS_TYPES}).astype(STATUS_TYPES)
    ends = np.array([month_end(month) for month in months.tolist()], dtype="datetime64[D]")
    column = {name: table[name].to_numpy("float64")[:, None] for name in ("baseline", "target")}
    days = {
        name: table[name].to_numpy("datetime64[D]")[:, None]
        for name in ("started_on", "deadline_on")
    }
    made = progress(series.values, column["baseline"], column["target"])
    due = expected_progress(ends[None, :], days["started_on"], days["deadline_on"])
    found = np.where(np.isnan(made), "missing", status(made, due))
    began = ends[None, :] >= days["started_on"]
    row, place = np.nonzero(began)
    years, rest = np.divmod(months, 12)
    frame = {
        "key_result_id": table["key_result_id"].to_numpy()[row],
        "tactic_id": table["tactic_id"].to_numpy()[row],
        "period_id": ((years + 1970) * 100 + rest + 1)[place],
        "value": series.values[began],
        "progress": made[began],
        "expected": due[began],
        "status": found[began],
    }
    return pd.DataFrame(frame).astype(STATUS_TYPES)


STATUS_COLUMNS: Final = (
    Column("key_result_id"),
    Column("tactic_id"),
    Column("period_id"),
    Column("value"),
    Column("progress", measure="progress"),
    Column("expected", unit="share"),
    Column("status"),
)
