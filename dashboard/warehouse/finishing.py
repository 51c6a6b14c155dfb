"""Turn a filled workshop into a whole generation: everything that follows from its facts.

It must not publish anything, nor read a clock: the moment is handed in.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Final

import duckdb

from dashboard.framework import Framework, fingerprint
from dashboard.measures import METHOD_VERSION
from dashboard.warehouse import (
    dimensions,
    key_results,
    obligations,
    rollups,
    schema,
    scoring,
    statistics,
)
from dashboard.warehouse.tables import definition, insert_rows, sort_facts
from dashboard.warehouse.workshop import Progress, Silent, Workshop

_SOURCES: Final = {
    True: (
        "Synthetic sample data drawn by a model; no real administration's figures",
        "Données d'exemple synthétiques issues d'un modèle ; aucun chiffre réel d'administration",
    ),
    False: (
        "Data submitted by member administrations, as loaded into the central warehouse",
        "Données transmises par les administrations membres, telles que chargées dans l'entrepôt",
    ),
}


def finish(
    workshop: Workshop,
    *,
    built_at: datetime,
    data_on: date | None = None,
    is_synthetic: bool,
    progress: Progress | None = None,
) -> None:
    """Compute all that follows from the facts: dimensions, obligations, rollups, statistics.

    Doing it again changes nothing; it may be done to a copy of a finished generation.

    Parameters
    ----------
    workshop : Workshop
        Filled: submissions, trade, control totals, checks, findings, indicators, activities,
        check-ins, log.
    built_at : datetime
        The moment, with or without an offset (UTC then).
    data_on : date, optional
        The last day that the warehouse knows of; without it the last receipt's day, else the
        last load's, else the day of `built_at`.
    is_synthetic : bool
        Whether the data were drawn by a model.
    progress : Progress, optional
        Told of each step.
    """
    progress = progress or Silent()
    connection, framework = workshop.connection, workshop.framework
    if built_at.tzinfo is not None:
        built_at = built_at.astimezone(UTC).replace(tzinfo=None)
    day = data_on or _last_day(connection) or built_at.date()
    progress.step("dimensions")
    dimensions.fill(connection, framework, last_day=day)
    progress.done()
    progress.step("obligations")
    obligations.fill(connection, framework, day)
    progress.done()
    progress.step("facts")
    for name in ("fct_trade", "fct_control_total"):
        sort_facts(connection, name)
    progress.done()
    progress.step("rollups")
    rollups.fill(connection)
    progress.done()
    progress.step("quality")
    scoring.fill(connection, framework)
    progress.done()
    progress.step("key results")
    key_results.fill(connection, framework, day)
    progress.done()
    progress.step("statistics")
    statistics.fill(connection, framework, day)
    progress.done()
    _write_info(connection, framework, built_at, day, is_synthetic)


def _last_day(connection: duckdb.DuckDBPyConnection) -> date | None:
    row = connection.execute("""
        SELECT coalesce(
            (SELECT CAST(max(received_at) AS DATE) FROM fct_submission),
            (SELECT CAST(max(loaded_at) AS DATE) FROM load_log)
        )
    """).fetchone()
    return None if row is None else row[0]


def _write_info(
    connection: duckdb.DuckDBPyConnection,
    framework: Framework,
    built_at: datetime,
    data_on: date,
    is_synthetic: bool,
) -> None:
    text = framework.model_dump_json()
    source_en, source_fr = _SOURCES[is_synthetic]
    facts = {
        "built_at": built_at.isoformat(timespec="seconds") + "Z",
        "data_on": data_on.isoformat(),
        "is_synthetic": "true" if is_synthetic else "false",
        "framework": text,
        "framework_id": framework.framework.id,
        "framework_version": framework.framework.version,
        "framework_fingerprint": fingerprint(text),
        "schema_version": str(schema.SCHEMA_VERSION),
        "method_version": METHOD_VERSION,
        "source": source_en,
        "source_fr": source_fr,
    }
    connection.execute(definition(schema.warehouse_info))
    insert_rows(connection, "warehouse_info", sorted(facts.items()))
