"""Fill a workshop with a synthetic sample.

Members, economies and goods are real; everything said about them is drawn
from a seed. It must not publish anything.
"""

# ruff: noqa: S608 -- the statements are put together from constants of this package

from __future__ import annotations

import hashlib
from datetime import date
from typing import Final

import duckdb
import numpy as np
import pandas as pd

from dashboard.warehouse import dimensions, schema
from dashboard.warehouse.rules import run_checks
from dashboard.warehouse.sample import expansion
from dashboard.warehouse.sample.control_totals import write_control_totals
from dashboard.warehouse.sample.engagement import activities, check_ins, indicator_values
from dashboard.warehouse.sample.gravity import VOLUNTARY_REPORTERS, trade_lines, trading_areas
from dashboard.warehouse.sample.products import sample_products
from dashboard.warehouse.sample.receipts import submission_log
from dashboard.warehouse.sample.scales import SCALES, Scale, ScaleName, sample_framework
from dashboard.warehouse.sample.sides import reported_sides
from dashboard.warehouse.sample.traits import (
    HardCases,
    hard_cases,
    member_traits,
    sample_members,
)
from dashboard.warehouse.workshop import Progress, Workshop

DEFAULT_SEED: Final = 20160101
SOURCE: Final = "Synthetic sample: a seeded gravity model, no real data"
SOURCE_FR: Final = "Échantillon synthétique : modèle de gravité à graine fixe, aucune donnée réelle"


def build_sample(
    workshop: Workshop,
    *,
    scale: ScaleName | Scale,
    today: date,
    seed: int = DEFAULT_SEED,
    progress: Progress,
) -> None:
    """Fill a workshop with a synthetic sample and check it.

    Parameters
    ----------
    workshop : Workshop
        Emptied of all facts first. Its framework's collections are made to
        start no earlier than the sample does.
    scale : {"small", "standard", "large"} or Scale
        How much is drawn.
    today : date
        Nothing in the sample is dated after this day.
    seed : int
        The same seed and day give the same sample.
    progress : Progress
        Told about every step.
    """
    size = SCALES[scale] if isinstance(scale, str) else scale
    connection = workshop.connection
    progress.step("draw the sample")
    workshop.framework = sample_framework(workshop.framework, size, today)
    dimensions.fill(connection, workshop.framework, last_day=today)
    _empty(connection)
    members = sample_members()
    traits = member_traits(members, seed)
    cases = hard_cases(members, traits, workshop.framework, seed)
    log = submission_log(workshop.framework, members, traits, cases, today=today, seed=seed)
    _write_trade(workshop, size, members, traits, log, today=today, seed=seed, progress=progress)
    progress.step("write the submission log")
    _write_log(connection, log, seed=seed)
    _write_strategy(workshop, members, traits, cases, today=today, seed=seed)
    progress.done()
    progress.step("check the submissions")
    run_checks(
        connection,
        workshop.framework,
        "SELECT submission_id FROM fct_submission WHERE has_data",
    )
    progress.done()
    _complete_load_log(connection)


def _empty(connection: duckdb.DuckDBPyConnection) -> None:
    for name in schema.metadata.tables:
        if name.startswith(("fct_", "agg_", "load_")):
            connection.execute(f"DELETE FROM {name}")


def _write_trade(
    workshop: Workshop,
    size: Scale,
    members: pd.DataFrame,
    traits: pd.DataFrame,
    log: pd.DataFrame,
    *,
    today: date,
    seed: int,
    progress: Progress,
) -> None:
    areas = trading_areas(members)
    products = sample_products(seed)
    lines = trade_lines(areas, products, traits, size, seed)
    sides = reported_sides(lines, areas, products, traits, seed)
    months = expansion.world_months(size.first_year(today), today)
    reporters = pd.DataFrame({"reporter_id": [*traits["member_id"], *VOLUNTARY_REPORTERS]})
    habits = {
        "switches_late": False,
        "annual_level": 4,
        "is_detailed": False,
        "total_slip": 0.01,
        "old_codes_until": 0,
    }
    reporters = reporters.merge(
        traits[["member_id", *habits]], left_on="reporter_id", right_on="member_id", how="left"
    ).drop(columns="member_id")
    reporters = reporters.fillna(habits).astype({one: type(two) for one, two in habits.items()})
    context = expansion.Expansion(workshop.connection, seed, progress)
    expansion.prepare(context, sides, months, log, reporters)
    progress.done()
    annual = log[(log["collection_id"] == "trade_annual") & log["has_data"]]
    years = sorted({int(year) for year in annual["period_id"]})
    progress.step("write annual trade", len(years))
    expansion.write_annual(context, years)
    progress.done()
    progress.step("write monthly trade", expansion.batch_count(months, len(sides)))
    expansion.write_monthly(context, months, len(sides))
    progress.done()
    progress.step("write control totals")
    write_control_totals(context)
    expansion.clean_up(workshop.connection)
    progress.done()


def _write_log(connection: duckdb.DuckDBPyConnection, log: pd.DataFrame, *, seed: int) -> None:
    """Write submissions with the counts of their rows, and one load per month of receipt."""
    known = log["known_at"]
    month = known.dt.year * 100 + known.dt.month
    loads = (
        pd.DataFrame({"collection_id": log["collection_id"], "month": month})
        .drop_duplicates()
        .sort_values(["month", "collection_id"], ignore_index=True)
    )
    loads["load_id"] = np.arange(1, len(loads) + 1)
    keyed = log.assign(month=month).merge(loads, on=["month", "collection_id"], how="left")
    keyed["content_hash"] = [
        _digest(seed, *key)
        for key in zip(
            keyed["reporter_id"],
            keyed["collection_id"],
            keyed["period_id"],
            keyed["revision"],
            strict=True,
        )
    ]
    loads["file_sha256"] = [
        _digest(seed, *key) for key in zip(loads["collection_id"], loads["month"], strict=True)
    ]
    loads["loaded_at"] = keyed.groupby("load_id")["known_at"].max().to_numpy()
    connection.register("sample_log", keyed)
    connection.register("sample_loads", loads)
    connection.execute("""
        INSERT INTO fct_submission BY NAME
        WITH traded AS (
            SELECT submission_id, count(*) AS row_count FROM fct_trade GROUP BY submission_id
        ), controlled AS (
            SELECT submission_id, count(*) AS control_row_count FROM fct_control_total
            GROUP BY submission_id
        )
        SELECT
            submission_id, reporter_id, collection_id, period_id, revision, received_at,
            received_bound, absent_at, known_at, superseded_at, channel, is_accepted,
            has_data AND row_count IS NOT NULL AS has_data,
            coalesce(row_count, 0) AS row_count,
            coalesce(control_row_count, 0) AS control_row_count,
            content_hash, layout_id, load_id
        FROM sample_log
        LEFT JOIN traded USING (submission_id)
        LEFT JOIN controlled USING (submission_id)
        ORDER BY submission_id
    """)
    connection.execute("""
        INSERT INTO load_log BY NAME
        WITH counted AS (
            SELECT load_id, sum(row_count) AS rows_loaded, sum(control_row_count) AS rows_control,
                count(*) FILTER (revision = 0) AS submissions_new,
                count(*) FILTER (revision > 0) AS submissions_revised,
                min(layout_id) AS layout_id
            FROM fct_submission GROUP BY load_id
        )
        SELECT load_id, 'sample/' || collection_id || '/' || month AS file_name, file_sha256,
            'sample' AS kind, layout_id, collection_id, loaded_at,
            rows_loaded + rows_control AS rows_read, rows_loaded, rows_control, 0 AS rows_finding,
            submissions_new, submissions_revised, 0 AS submissions_unchanged
        FROM sample_loads JOIN counted USING (load_id)
        ORDER BY load_id
    """)
    connection.unregister("sample_log")
    connection.unregister("sample_loads")


def _write_strategy(
    workshop: Workshop,
    members: pd.DataFrame,
    traits: pd.DataFrame,
    cases: HardCases,
    *,
    today: date,
    seed: int,
) -> None:
    frames = {
        "fct_indicator": indicator_values(workshop.framework, members, traits, today, seed),
        "fct_activity": activities(workshop.framework, members, traits, cases, today, seed),
        "fct_check_in": check_ins(workshop.framework, today, seed),
    }
    for name, frame in frames.items():
        workshop.connection.register("sample_frame", frame)
        workshop.connection.execute(f"INSERT INTO {name} BY NAME SELECT * FROM sample_frame")
        workshop.connection.unregister("sample_frame")


def _complete_load_log(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("""
        UPDATE load_log SET rows_finding = found.findings
        FROM (SELECT load_id, count(*) AS findings FROM fct_finding GROUP BY load_id) AS found
        WHERE load_log.load_id = found.load_id
    """)


def _digest(*parts: object) -> str:
    return hashlib.sha256("|".join(str(part) for part in parts).encode()).hexdigest()
