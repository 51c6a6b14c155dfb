"""What the frames of the forecast's calibration hold: held-out forecasts beside what happened.

Nothing is drawn here.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from callbacks.named import NamedFrame
from callbacks.services import Services
from dashboard.frames import BASE_FIELDS, PERIOD_FIELDS, Column
from dashboard.selection import Selection
from dashboard.stats.calibration import (
    brier_parts,
    count_intervals,
    reliability_curve,
    skill_interval,
)
from queries.arrivals import forecast_tests

FIELDS: Final = BASE_FIELDS - PERIOD_FIELDS
"""The tested periods are the last ones before the as-of day, whatever the range."""

LEADS: Final = ("due_month", "period_end")
"""When a forecast was made: the one that the list of next month is like comes first."""

SEED: Final = 1950
"""Of the resampling, so that a figure does not change by itself."""

RELIABILITY_COLUMNS: Final = (
    Column("lead"),
    Column("bin_low", unit="share"),
    Column("bin_high", unit="share"),
    Column("n", unit="count"),
    Column("forecast_share", unit="share"),
    Column("observed_share", unit="share"),
    Column("low", unit="share"),
    Column("high", unit="share"),
)


def read_forecast_reliability(services: Services, selection: Selection) -> pd.DataFrame:
    """Return what happened by what had been forecast, of each lead."""
    tests = services.frame(forecast_tests(selection))
    parts = [
        reliability_curve(part["forecast_share"], part["is_on_time"].astype(bool)).assign(lead=lead)
        for lead in LEADS
        for part in [tests[tests["lead"] == lead]]
    ]
    return pd.concat(parts, ignore_index=True)[[column.name for column in RELIABILITY_COLUMNS]]


SCORE_COLUMNS: Final = (
    Column("lead"),
    Column("n", unit="count"),
    Column("member_count", unit="count"),
    Column("period_count", unit="count"),
    Column("first_period_id"),
    Column("last_period_id"),
    Column("brier_score", measure="brier_score"),
    Column("own_brier_score", measure="brier_score", words="column.own_brier_score"),
    Column("everyone_brier_score", measure="brier_score", words="column.everyone_brier_score"),
    Column("own_skill", measure="forecast_skill", words="column.own_skill"),
    Column("own_skill_low", unit="share"),
    Column("own_skill_high", unit="share"),
    Column("everyone_skill", measure="forecast_skill", words="column.everyone_skill"),
    Column("everyone_skill_low", unit="share"),
    Column("everyone_skill_high", unit="share"),
    Column("reliability", unit="ratio"),
    Column("resolution", unit="ratio"),
    Column("uncertainty", unit="ratio"),
    Column("counts_tested", unit="count"),
    Column("counts_held", unit="count"),
)


def read_forecast_scores(services: Services, selection: Selection) -> pd.DataFrame:
    """Return the Brier scores of each lead, beside those of the two baselines."""
    tests = services.frame(forecast_tests(selection))
    rows = [scores(tests[tests["lead"] == lead]) | {"lead": lead} for lead in LEADS]
    return pd.DataFrame(rows)[[column.name for column in SCORE_COLUMNS]]


def scores(tests: pd.DataFrame) -> dict[str, float]:
    """Return the scores of held-out forecasts, and how often their counts held."""
    forecast = tests["forecast_share"].to_numpy()
    happened = tests["is_on_time"].to_numpy(dtype=bool)
    parts = brier_parts(forecast, happened)
    member = tests["member_id"].to_numpy(dtype="int64")
    errors = (forecast - happened) ** 2
    found: dict[str, float] = {
        "n": len(tests),
        "member_count": tests["member_id"].nunique(),
        "period_count": tests["period_id"].nunique(),
        "first_period_id": tests["period_id"].min(),
        "last_period_id": tests["period_id"].max(),
        "brier_score": parts.score,
        "reliability": parts.reliability,
        "resolution": parts.resolution,
        "uncertainty": parts.uncertainty,
    }
    baselines = {"own": tests["own_share"].to_numpy(), "everyone": np.ones(len(tests))}
    for name, given in baselines.items():
        other = (given - happened) ** 2
        found[f"{name}_brier_score"] = float(other.mean()) if len(tests) else float("nan")
        skill = skill_interval(errors, other, member, rng=np.random.default_rng(SEED))
        found |= dict(
            zip((f"{name}_skill", f"{name}_skill_low", f"{name}_skill_high"), skill, strict=True)
        )
    tested, held = counts_held(tests)
    return found | {"counts_tested": tested, "counts_held": held}


def counts_held(tests: pd.DataFrame) -> tuple[int, int]:
    """Return how many counts of late ones, by region and day, were forecast, and lay inside."""
    group = tests.groupby(["region_id", "made_on"], sort=True).ngroup().to_numpy()
    groups = int(group.max(initial=-1)) + 1
    _, low, high = count_intervals(1.0 - tests["forecast_share"].to_numpy(), group, groups)
    late = np.bincount(group, ~tests["is_on_time"].to_numpy(dtype=bool), groups)
    return groups, int(((low <= late) & (late <= high)).sum())


FRAMES: Final = (
    NamedFrame("forecast_reliability", RELIABILITY_COLUMNS, read_forecast_reliability, FIELDS),
    NamedFrame("forecast_scores", SCORE_COLUMNS, read_forecast_scores, FIELDS),
)
