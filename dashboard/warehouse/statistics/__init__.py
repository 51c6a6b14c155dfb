"""Statistics that cost too much for a request: computed once per generation, at publication.

Each module fills the ``agg_*`` tables of one subject from the facts of a workshop. None may read
a clock, publish anything, or depend on another module's tables being filled after its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

import duckdb

from dashboard.framework import Framework
from dashboard.warehouse.statistics import (
    arrivals,
    forecast_tests,
    mirror_reporters,
    outliers,
    quality,
    reconciled,
    rule_revisions,
    submission_totals,
    training_effect,
    trend_chance,
)

Builder = Callable[[duckdb.DuckDBPyConnection, Framework, date], None]
"""Fills the tables of one subject; the day is the last that the warehouse knows of."""

BUILDERS: Final[Mapping[str, Builder]] = {
    "quality": quality.fill,
    "rule revisions": rule_revisions.fill,
    "submission totals": submission_totals.fill,
    "training effect": training_effect.fill,
    "trends by chance": trend_chance.fill,
    "mirror reporters": mirror_reporters.fill,
    "reconciled trade": reconciled.fill,
    "arrivals": arrivals.fill,
    "forecast tests": forecast_tests.fill,
    "outliers": outliers.fill,
}
"""Subject to its builder, in the order they run."""


def fill(connection: duckdb.DuckDBPyConnection, framework: Framework, day: date) -> None:
    """Compute the statistics of every subject.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
        A workshop whose obligations, rollups, quality and key results are there.
    framework : Framework
        Its framework.
    day : date
        The last day that the warehouse knows of.
    """
    for build in BUILDERS.values():
        build(connection, framework, day)
