"""From trade lines to months: every reported row, inside the database.

Noise is hashed from the line, the month and a purpose, so a row's value
depends on nothing but the seed: not on threads, order or memory. Values are
whole dollars, whose sums are exact in any order. Months are written in order
and each sorted, which leaves the facts sorted as the schema wants them.
"""

# ruff: noqa: S608 -- the statements are put together from constants of this package

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

import duckdb
import numpy as np
import pandas as pd

from dashboard.warehouse.sample.traits import LATE_SWITCH_MONTH, SWITCH_MONTH
from dashboard.warehouse.workshop import Progress

ROWS_AT_ONCE: Final = 1_000_000
"""About so many rows are written and sorted at once; more would cost memory."""

WORLD_LEVELS: Final = {
    2016: 0.72, 2017: 0.79, 2018: 0.87, 2019: 0.85, 2020: 0.80, 2021: 0.98, 2022: 1.09,
    2023: 1.04, 2024: 1.06, 2025: 1.09,
}  # fmt: skip
"""World trade by year in relation to the base year, roughly as it went."""

GROWTH_AFTERWARDS: Final = 0.03
SHOCK: Final = {
    202002: 0.96, 202003: 0.92, 202004: 0.76, 202005: 0.75, 202006: 0.86, 202007: 0.92,
    202008: 0.95,
}  # fmt: skip
"""Months of the pandemic in relation to the course of their year."""

ANNUAL_NOISE: Final = 0.01
LINE_DROPPED: Final = 0.05
"""Of a submission that is revised later, so many lines are still missing."""

LINE_REVISED: Final = 0.35
CHAPTER_GAPS: Final = 0.5
"""How much rarer than a line a whole chapter is missing."""

ZERO_VALUES: Final = 0.0004


@dataclass(frozen=True, slots=True)
class Expansion:
    """What the statements need to know."""

    connection: duckdb.DuckDBPyConnection
    seed: int
    progress: Progress

    def hash(self, purpose: int, *columns: str) -> str:
        """Return an expression for 64 random bits.

        Parameters
        ----------
        purpose : int
            Different purposes give independent bits.
        *columns : str
            What the bits depend on.

        Returns
        -------
        str
            A SQL expression.
        """
        keys = ", ".join(f"CAST({column} AS BIGINT)" for column in columns)
        # Hashed twice: DuckDB combines the hashes of several columns too weakly to let two
        # purposes be independent.
        return f"hash(hash({keys}, CAST({self.seed * 64 + purpose} AS BIGINT)))"


def uniform(bits: str, place: int = 0) -> str:
    """Return an expression for a number from 0 to 1 out of random bits.

    Parameters
    ----------
    bits : str
        A SQL expression of 64 bits.
    place : int
        Which of three groups of 20 bits.

    Returns
    -------
    str
        A SQL expression.
    """
    return f"((({bits}) >> {20 * place}) & 1048575) / 1048576.0"


def normal(bits: str) -> str:
    """Return an expression for a number of mean 0 and variance 1 out of random bits.

    The sum of four uniform numbers: near enough to a normal one, and bounded.

    Parameters
    ----------
    bits : str
        A SQL expression of 64 bits.

    Returns
    -------
    str
        A SQL expression.
    """
    quarters = " + ".join(f"((({bits}) >> {shift}) & 65535)" for shift in (0, 16, 32, 48))
    return f"((({quarters}) / 65536.0 - 2.0) * 1.7320508075688772)"


def world_months(first_year: int, today: date) -> pd.DataFrame:
    """Return the months of the sample and the course of world trade.

    Parameters
    ----------
    first_year : int
        The first year of the sample.
    today : date
        The last month is the one before it.

    Returns
    -------
    DataFrame
        ``period_id``, ``month_number`` counted from 2016-01, ``month`` and
        ``world_level`` in relation to the base year. A month before the first
        is there too: late arrivals look back at it.
    """
    last = pd.Timestamp(today).to_period("M")
    periods = pd.period_range(f"{first_year - 1}-12", last, freq="M")
    number = (periods.year - 2016) * 12 + periods.month - 1
    levels = dict(WORLD_LEVELS)
    for year in range(max(levels) + 1, last.year + 2):
        levels[year] = levels[year - 1] * (1 + GROWTH_AFTERWARDS)
    middles = np.array([(year - 2016) * 12 + 5.5 for year in levels])
    course = np.interp(number, middles, np.array(list(levels.values())))
    period_ids = periods.year * 100 + periods.month
    shock = np.array([SHOCK.get(int(period), 1.0) for period in period_ids])
    return pd.DataFrame(
        {
            "period_id": period_ids.astype(np.int32),
            "month_number": number.astype(np.int32),
            "month": periods.month.astype(np.int32),
            "days": periods.days_in_month.astype(np.int32),
            "world_level": course * shock * periods.days_in_month / 30.4375,
        }
    )


def prepare(
    expansion: Expansion,
    sides: pd.DataFrame,
    months: pd.DataFrame,
    submissions: pd.DataFrame,
    reporters: pd.DataFrame,
) -> None:
    """Hand the parameters to the database, as temporary tables.

    Parameters
    ----------
    expansion : Expansion
        Connection and seed.
    sides : DataFrame
        As `sides.reported_sides` gives them.
    months : DataFrame
        As `world_months` gives them.
    submissions : DataFrame
        Submissions with rows, as `receipts.submission_log` gives them.
    reporters : DataFrame
        ``reporter_id``, ``switches_late``, ``annual_level`` and ``is_detailed``.
    """
    carried = submissions[submissions["has_data"]][
        ["submission_id", "reporter_id", "collection_id", "period_id", "revision", "is_final"]
    ]
    for name, frame in (
        ("sample_side", sides),
        ("sample_month", months),
        ("sample_carried", carried),
        ("sample_reporter", reporters),
    ):
        expansion.connection.register("sample_frame", frame)
        expansion.connection.execute(
            f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM sample_frame"
        )
        expansion.connection.unregister("sample_frame")


def clean_up(connection: duckdb.DuckDBPyConnection) -> None:
    """Drop the temporary tables.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
        The workshop's connection.
    """
    for name in ("sample_side", "sample_month", "sample_carried", "sample_reporter"):
        connection.execute(f"DROP TABLE IF EXISTS {name}")


def cells(expansion: Expansion) -> str:
    """Return the query of what each side saw in each month: ``m`` is the month's table.

    Parameters
    ----------
    expansion : Expansion
        Connection and seed.

    Returns
    -------
    str
        A SELECT from ``sample_side`` and ``sample_month``, to be bounded by a WHERE
        clause; ``seen_usd`` is what a perfect clerk would have written down.
    """
    at = "least(m.month_number, s.frozen_from) - s.lag"
    shipped = expansion.hash(1, "s.line_id", at)
    traded = expansion.hash(2, "s.line_id", at)
    return f"""
        SELECT
            s.*, m.period_id, m.month_number,
            CASE WHEN m.period_id >= CASE WHEN r.switches_late THEN {LATE_SWITCH_MONTH}
                                          ELSE {SWITCH_MONTH} END
                 THEN 'H6' ELSE 'H5' END AS hs_edition,
            CASE WHEN hs_edition = 'H5' THEN s.code_h5
                 WHEN m.month_number < r.old_codes_until AND s.code_h5 <> '' THEN s.code_h5
                 ELSE s.code_h6 END AS commodity_code,
            s.usd_month
                * CASE WHEN m.month_number > s.frozen_from THEN 1.0 ELSE m.world_level END
                * exp(s.growth * ({at} - 84))
                * (1 + s.season * cos(0.5235987755982988 * ({at} % 12 + 1 - s.peak_month)))
                * exp(s.line_noise * {normal(shipped)}) AS seen_usd
        FROM sample_side AS s
        JOIN sample_reporter AS r USING (reporter_id)
        CROSS JOIN sample_month AS m
        WHERE m.month_number BETWEEN s.first_month AND s.last_month
            AND {uniform(traded)} < s.active
    """


def write_annual(expansion: Expansion, years: list[int]) -> None:
    """Write the annual collection: sums of the months, with a noise of their own.

    Parameters
    ----------
    expansion : Expansion
        Connection and seed.
    years : list of int
        In rising order.
    """
    noise = expansion.hash(
        11,
        "y.reporter_id",
        "y.partner_id",
        "hash(y.code, right(y.flow_code, 1)) >> 1",
        "y.period_id",
    )
    slip = expansion.hash(12, "y.reporter_id", "y.partner_id", "hash(y.code) >> 1", "c.revision")
    for year in years:
        expansion.connection.execute(f"""
            INSERT INTO fct_trade BY NAME
            WITH cell AS ({cells(expansion)}
                AND m.period_id BETWEEN {year}01 AND {year}12
            ), y AS (
                SELECT
                    cell.reporter_id, partner_id, flow_code, {year} AS period_id,
                    left(commodity_code, r.annual_level) AS code, max(hs_edition) AS hs_edition,
                    sum(greatest(round(seen_usd), 1.0)) AS usd,
                    sum(greatest(round(seen_usd / price_usd_kg), 1.0)) AS kg
                FROM cell JOIN sample_reporter AS r USING (reporter_id)
                WHERE commodity_code <> ''
                GROUP BY ALL
            )
            SELECT
                c.submission_id, y.reporter_id, y.partner_id, y.period_id, y.flow_code,
                y.code AS commodity_code, length(y.code) AS hs_level, y.hs_edition,
                greatest(1.0, round(y.usd
                    * exp({ANNUAL_NOISE} * {normal(noise)})
                    * CASE WHEN c.is_final THEN 1.0 ELSE exp(0.06 * {normal(slip)}) END
                )) AS value_usd,
                y.kg AS mass_kg, NULL AS quantity, NULL AS quantity_unit, false AS is_estimated
            FROM y
            JOIN sample_carried AS c
                ON c.reporter_id = y.reporter_id AND c.period_id = y.period_id
                    AND c.collection_id = 'trade_annual'
            ORDER BY y.period_id, y.reporter_id, y.flow_code, y.code, y.partner_id,
                c.submission_id
        """)
        expansion.progress.advance()


def write_monthly(expansion: Expansion, months: pd.DataFrame, lines: int) -> None:
    """Write the monthly collection, a bounded number of rows at a time.

    Parameters
    ----------
    expansion : Expansion
        Connection and seed.
    months : DataFrame
        As `world_months` gives them.
    lines : int
        Reported sides, from which the rows of a month are guessed.
    """
    for first, last in _batches(months["period_id"].tolist(), lines):
        expansion.connection.execute(_monthly_statement(expansion, first, last))
        expansion.progress.advance()


def batch_count(months: pd.DataFrame, lines: int) -> int:
    """Return in how many steps `write_monthly` works.

    Parameters
    ----------
    months : DataFrame
        As `world_months` gives them.
    lines : int
        Reported sides.

    Returns
    -------
    int
        Steps.
    """
    return len(list(_batches(months["period_id"].tolist(), lines)))


def _batches(period_ids: list[int], lines: int) -> Iterator[tuple[int, int]]:
    size = max(1, ROWS_AT_ONCE // max(lines, 1))
    for start in range(0, len(period_ids), size):
        part = period_ids[start : start + size]
        yield part[0], part[-1]


def _monthly_statement(expansion: Expansion, first: int, last: int) -> str:
    reported = expansion.hash(3, "noise_key", "month_number")
    weighed = expansion.hash(4, "noise_key", "month_number")
    chance = expansion.hash(5, "noise_key", "month_number")
    slipped = expansion.hash(6, "noise_key", "month_number")
    unlabelled = expansion.hash(10, "noise_key", "month_number")
    earlier = expansion.hash(7, "noise_key", "month_number", "c.revision")
    left_out = expansion.hash(9, "cell.reporter_id", "left(commodity_code, 2)", "month_number")
    moved = expansion.hash(8, "noise_key", "month_number", "c.revision")
    return f"""
        INSERT INTO fct_trade BY NAME
        WITH cell AS ({cells(expansion)}
            AND m.period_id BETWEEN {first} AND {last}
        ), written AS (
            SELECT
                c.submission_id, cell.reporter_id, partner_id, cell.period_id, flow_code,
                commodity_code, hs_edition, month_number > frozen_from AS is_frozen,
                {chance} AS chance, {slipped} AS slipped, slip, without_unit,
                {unlabelled} AS unlabelled, unit, unit_mass_kg,
                round(seen_usd * exp(CASE WHEN is_frozen THEN 0.0 ELSE report_noise END
                    * {normal(reported)})) AS usd,
                -- Slips of value spare the largest lines: no total may hang on one of them.
                CASE
                    WHEN {uniform("slipped")} >= slip OR c.revision > 0 THEN 1.0
                    WHEN {uniform("slipped", 1)} < 0.3 AND usd < 3e5 THEN 1000.0
                    WHEN {uniform("slipped", 1)} < 0.7 AND usd < 2e7 THEN 10.0
                    ELSE 1.0
                END AS value_slip,
                CASE
                    WHEN {uniform("slipped")} >= slip OR value_slip > 1 THEN 1.0
                    WHEN {uniform("slipped", 2)} < 0.5 THEN 1000.0 ELSE 0.001
                END AS mass_slip,
                CASE
                    WHEN c.is_final OR {uniform(earlier)} >= {LINE_REVISED} THEN 1.0
                    ELSE exp(revision_spread * {normal(moved)})
                END AS revision_factor,
                greatest(1.0, round(seen_usd / price_usd_kg
                    * exp(CASE WHEN is_frozen THEN 0.0 ELSE 0.12 END * {normal(weighed)})))
                    AS kg,
                {uniform("chance")} < missing_mass AS is_weightless,
                {uniform("chance", 1)} < estimated AS is_estimated
            FROM cell
            JOIN sample_carried AS c
                ON c.reporter_id = cell.reporter_id AND c.period_id = cell.period_id
                    AND c.collection_id = 'trade_monthly'
            WHERE commodity_code <> ''
                AND {uniform(earlier, 2)} >= gaps
                AND (gaps = 0 OR {uniform(left_out)} >= {CHAPTER_GAPS} * gaps)
                AND (c.is_final OR active >= 1 OR {uniform(earlier, 1)} >= {LINE_DROPPED})
        )
        SELECT
            submission_id, reporter_id, partner_id, period_id, flow_code, commodity_code,
            6 AS hs_level, hs_edition,
            CASE WHEN {uniform("chance", 2)} < {ZERO_VALUES} THEN 0.0
                 ELSE greatest(1.0, round(usd * value_slip * revision_factor)) END AS value_usd,
            CASE WHEN is_weightless THEN NULL ELSE round(kg * mass_slip, 3) END AS mass_kg,
            CASE WHEN unit <> '' THEN greatest(1.0, round(kg / unit_mass_kg)) END AS quantity,
            CASE WHEN {uniform("unlabelled")} >= without_unit THEN nullif(unit, '') END
                AS quantity_unit,
            is_estimated
        FROM written
        ORDER BY period_id, reporter_id, flow_code, commodity_code, partner_id, submission_id
    """
