"""The strategy view: is the strategy working, what has gone stale, who owes a check-in?"""

from __future__ import annotations

from datetime import date
from typing import Final

import numpy as np
import pandas as pd

from callbacks.named import NamedFrame
from callbacks.services import Services
from callbacks.views import strategy_forecast
from callbacks.views.strategy_reports import (
    AS_OF,
    CHECK_INS,
    SERIES,
    known,
)
from dashboard.frames import Column
from dashboard.selection import Selection
from dashboard.stats.progress import (
    expected_progress,
    is_stale,
    progress,
    status,
)
from layouts import strategy as drawings
from layouts.check_in.owed import draw_owed
from layouts.panels import Panel, View

QUARTER_DAYS = 92
DISAGREEMENT = 0.5
"""Confidence below it contradicts "on track"; above it contradicts "off track"."""


def read_key_results(services: Services, selection: Selection) -> pd.DataFrame:
    """Return every key result with progress, status, confidence, staleness and forecast."""
    assessed = assess_all(services, selection)
    return assessed[[column.name for column in RESULT_COLUMNS]]


def assess_all(services: Services, selection: Selection) -> pd.DataFrame:
    """Assess the key results of the framework on the as-of day."""
    assert selection.as_of is not None
    return assess(*known(services, selection), selection.as_of)


def assess(
    declared: pd.DataFrame, values: pd.DataFrame, reports: pd.DataFrame, today: date
) -> pd.DataFrame:
    """Assess key results on a day, and forecast them; as of ``judge_results``.

    Parameters
    ----------
    declared, values, reports : DataFrame
        As of ``judge_results``.
    today : date
        The day.

    Returns
    -------
    DataFrame
        With what ``judge_results`` gives, the ``change`` against the last value at least a
        quarter before the newest (NaN where there is none) and the forecast with its interval.
    """
    table = judge_results(declared, values, reports, today)
    table["change"] = _changes(table["key_result_id"], values)
    series = strategy_forecast.as_series(declared, values)
    path = strategy_forecast.paths(series, strategy_forecast.judge(series))
    ends = path.groupby("key_result_id").tail(1).set_index("key_result_id")
    ends = ends.reindex(table["key_result_id"])
    table["hit_probability"] = ends["chance"].to_numpy("float64")
    for name in ("forecast", "forecast_low", "forecast_high"):
        table[name] = ends[name].to_numpy("float64")
    return table


def judge_results(
    declared: pd.DataFrame, values: pd.DataFrame, reports: pd.DataFrame, today: date
) -> pd.DataFrame:
    """Judge key results on a day.

    Parameters
    ----------
    declared : DataFrame
        ``dim_key_result``.
    values : DataFrame
        ``key_result_id``, ``measured_on``, ``value``, none after ``today``.
    reports : DataFrame
        Check-ins, none after ``today``.
    today : date
        The day.

    Returns
    -------
    DataFrame
        One row per key result, in the order declared. ``disagrees``: the
        owner's confidence contradicts the status.
    """
    table = declared.copy()
    newest = _with_reported(declared, values, reports)
    newest = newest.groupby("key_result_id").tail(1).set_index("key_result_id")
    newest = newest.reindex(table["key_result_id"])
    table["value"] = newest["value"].to_numpy("float64", na_value=np.nan)
    table["measured_on"] = newest["measured_on"].to_numpy("datetime64[us]")
    table["progress"] = progress(table["value"], table["baseline"], table["target"])
    table["expected"] = expected_progress(
        np.datetime64(today), days(table["started_on"]), days(table["deadline_on"])
    )
    table["status"] = pd.array(
        status(table["progress"].to_numpy(), table["expected"].to_numpy()), dtype="str"
    )
    last = reports.groupby("key_result_id").tail(1).set_index("key_result_id")
    last = last.reindex(table["key_result_id"])
    table["confidence"] = last["confidence"].to_numpy("float64", na_value=np.nan)
    table["last_check_in_on"] = last["checked_in_on"].to_numpy("datetime64[us]")
    # Where nobody ever checked in, the cadence runs from the start.
    since = table["last_check_in_on"].fillna(table["started_on"])
    table["is_stale"] = is_stale(
        days(since), np.datetime64(today), table["cadence_days"].to_numpy("int64")
    )
    doubts = (table["status"] == "on_track") & (table["confidence"] < DISAGREEMENT)
    hopes = (table["status"] == "off_track") & (table["confidence"] >= DISAGREEMENT)
    table["disagrees"] = (doubts | hopes).astype("bool")
    return table


def _with_reported(
    declared: pd.DataFrame, values: pd.DataFrame, reports: pd.DataFrame
) -> pd.DataFrame:
    """Return the series with what owners reported since the last month end."""
    is_reported = declared["source"] == "check_in"
    own = reports[reports["key_result_id"].isin(declared.loc[is_reported, "key_result_id"])]
    stated = own.dropna(subset=["value"]).rename(columns={"checked_in_on": "measured_on"})
    if stated.empty:
        return values
    columns = ["key_result_id", "measured_on", "value"]
    together = pd.concat([values[columns], stated[columns]])
    return together.sort_values(["key_result_id", "measured_on"], kind="stable")


def _changes(results: pd.Series, values: pd.DataFrame) -> np.ndarray:
    """Return the change of each key result over a quarter."""
    when, value = days(values["measured_on"]), values["value"].to_numpy("float64", na_value=np.nan)
    places = values.groupby("key_result_id").indices
    found = np.full(len(results), np.nan)
    for row, name in enumerate(results):
        own = places.get(name)
        if own is not None and len(own):
            earlier = own[when[own] <= when[own[-1]] - np.timedelta64(QUARTER_DAYS, "D")]
            found[row] = value[own[-1]] - value[earlier[-1]] if earlier.size else np.nan
    return found


def days(column: pd.Series) -> np.ndarray:
    """Return dates as numpy days."""
    return column.to_numpy("datetime64[D]")


def read_forecasts(services: Services, selection: Selection) -> pd.DataFrame:
    """Return the forecast of every key result, month by month to its deadline."""
    series = read_series(services, selection)
    path = strategy_forecast.paths(series, strategy_forecast.judge(series))
    return path[[column.name for column in strategy_forecast.PATH_COLUMNS]]


def read_series(services: Services, selection: Selection) -> strategy_forecast.Series:
    """Return what was declared, and the month-end values known on the as-of day."""
    found = known(services, selection)
    return strategy_forecast.as_series(found.declared, found.values)


RESULT_COLUMNS = (
    Column("key_result_id"),
    Column("strategy_id"),
    Column("tactic_id"),
    Column("name_en"),
    Column("name_fr"),
    Column("source"),
    Column("unit"),
    Column("baseline"),
    Column("target"),
    Column("value"),
    Column("measured_on"),
    Column("change"),
    Column("progress", measure="progress"),
    Column("expected", unit="share"),
    Column("status"),
    Column("confidence", unit="share"),
    Column("disagrees"),
    Column("last_check_in_on"),
    Column("is_stale"),
    Column("hit_probability", unit="share"),
    Column("forecast"),
    Column("forecast_low"),
    Column("forecast_high"),
    Column("started_on"),
    Column("deadline_on"),
    Column("cadence_days", unit="days"),
    Column("owner"),
    Column("view"),
)

KEY_RESULTS: Final = NamedFrame(
    "key_results", RESULT_COLUMNS, read_key_results, AS_OF, is_live=True
)
FORECAST_FRAME: Final = NamedFrame(
    "key_result_forecast", strategy_forecast.PATH_COLUMNS, read_forecasts, AS_OF, is_live=True
)
FRAMES = (
    KEY_RESULTS,
    FORECAST_FRAME,
    SERIES,
    CHECK_INS,
)

TACTIC = frozenset({"tactic"})

VIEW = View(
    "strategy",
    (
        Panel("status", ("key_results",), drawings.draw_status, kind="block", area="strip"),
        Panel(
            "board",
            ("key_results", "key_result_series"),
            drawings.draw_board,
            kind="block",
            fields=TACTIC,
            area="two-thirds",
            is_staged=False,
        ),
        Panel(
            "series",
            ("key_result_series", "key_results", "check_ins", "key_result_forecast"),
            drawings.draw_series,
            fields=TACTIC,
            area="third sticky",
        ),
        Panel(
            "evidence",
            ("check_ins", "key_results"),
            drawings.draw_evidence,
            kind="block",
            fields=TACTIC | {"first", "last", "regions", "members", "collection"},
            area="full",
            is_staged=False,
        ),
        Panel(
            "owed",
            ("check_ins_due",),
            draw_owed,
            kind="block",
            fields=frozenset({"result"}),
            area="full",
            is_staged=False,
        ),
    ),
)
