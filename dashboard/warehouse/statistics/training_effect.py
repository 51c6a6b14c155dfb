"""What came after members' training, against members not trained yet.

The same seed for every generation: the same data gives the same interval. It must not say why.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

import duckdb
import numpy as np

from dashboard.framework import Framework
from dashboard.stats.training_effect import Estimate, event_study, mean_effect, placebo
from dashboard.warehouse import training
from dashboard.warehouse.schema import agg_training_effect
from dashboard.warehouse.tables import definition, insert_rows

DRAWS: Final = 499
SEED: Final = 1957
TIMES: Final = (-8, 8)
"""First and last quarter before and after the training that are shown."""

Laid = Callable[[duckdb.DuckDBPyConnection, Framework, date], training.Panel | None]

PANELS: Final[Mapping[str, Laid]] = {
    "quality_score": training.quality_panel,
    "on_time_share": training.on_time_panel,
}
"""Measure to what lays it out."""


def fill(connection: duckdb.DuckDBPyConnection, framework: Framework, day: date) -> None:
    """Fill ``agg_training_effect``.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
        A workshop with its obligations and the parts of its quality.
    framework : Framework
        Its goalposts, weights and default collection.
    day : date
        The last known day.
    """
    connection.execute(definition(agg_training_effect))
    rows: list[tuple[Any, ...]] = []
    for measure, laid in PANELS.items():
        panel = laid(connection, framework, day)
        if panel is not None:
            rows += _rows(measure, panel)
    insert_rows(connection, "agg_training_effect", rows)


def _rows(measure: str, panel: training.Panel) -> list[tuple[Any, ...]]:
    rng = np.random.default_rng(SEED)
    mean = mean_effect(panel.outcomes, panel.began, horizon=training.HORIZON, draws=DRAWS, rng=rng)
    if min(mean.treated, mean.controls) < training.FEWEST_UNITS:
        return []
    found = [_row(measure, "mean", mean)]
    unreal = placebo(panel.outcomes, panel.began, training.LEAD)
    before = mean_effect(*unreal, horizon=training.LEAD, draws=DRAWS, rng=rng)
    if min(before.treated, before.controls) >= training.FEWEST_UNITS:
        found.append(_row(measure, "placebo", before))
    events = event_study(
        panel.outcomes, panel.began, least=TIMES[0], most=TIMES[1], draws=DRAWS, rng=rng
    )
    columns = (events.time, events.effect, events.error, events.low, events.high, events.treated)
    for time, *numbers, treated in zip(*(one.tolist() for one in columns), strict=True):
        if treated >= training.FEWEST_UNITS and not np.isnan(numbers).any():
            found.append((measure, "event", time, *numbers, treated, None))
    return found


def _row(measure: str, part: str, one: Estimate) -> tuple[Any, ...]:
    return (
        *(measure, part, None, one.effect, one.error, one.low, one.high),
        *(one.treated, one.controls),
    )
