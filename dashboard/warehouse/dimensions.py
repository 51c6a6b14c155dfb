"""Fill the dimensions from the reference facts and from the framework.

It must not look at a file that members sent: only codes that facts already hold count here.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

import duckdb
import pandas as pd

from dashboard import reference
from dashboard.framework import SEVERITY_WEIGHTS, Collection, Framework
from dashboard.warehouse import schema
from dashboard.warehouse.tables import insert_rows

FIRST_YEAR: Final = 1988
"""The Harmonized System's first year, and that of the oldest data."""

NO_SECTION: Final = 0
"""Section of codes outside the 21 (chapters 98, 99 and codes of no chapter)."""


def fill(
    connection: duckdb.DuckDBPyConnection, framework: Framework, *, last_day: date | None = None
) -> None:
    """Fill every dimension anew.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
        A workshop's.
    framework : Framework
        Collections, rules, indicators and key results.
    last_day : date, optional
        Periods reach to the end of the year after it, or of the last fact if that is later;
        without it, after today.
    """
    _replace(connection, "dim_region", _regions())
    _replace(connection, "dim_member", reference.members())
    _replace(connection, "dim_partner", _partners())
    _fill_periods(connection, last_day)
    _replace(connection, "dim_section", _sections())
    _fill_commodities(connection)
    fill_from_framework(connection, framework)


def fill_from_framework(connection: duckdb.DuckDBPyConnection, framework: Framework) -> None:
    """Fill the dimensions that the framework declares, and store the framework.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
        A workshop's.
    framework : Framework
        The framework. An indicator that it does not have stays if there are values of it.
    """
    (last_period,) = connection.execute("SELECT max(year) FROM dim_period").fetchone() or (
        FIRST_YEAR,
    )
    rows = [
        (
            *(one.id, one.name.en, one.name.fr, one.domain, one.frequency, one.due_days),
            *_period_range(one, last_period),
            None,
            place,
        )
        for place, one in enumerate(framework.collections)
    ]
    _replace_rows(connection, "dim_collection", rows)
    connection.execute(LOG_BEGAN)
    _replace_rows(
        connection,
        "dim_rule",
        [
            (
                *(one.id, one.dimension, one.severity, SEVERITY_WEIGHTS[one.severity]),
                *(one.title.en, one.title.fr, one.rationale.en, one.rationale.fr),
                *(one.remedy.en, one.remedy.fr, place),
            )
            for place, one in enumerate(framework.rules)
        ],
    )
    _fill_indicators(connection, framework)
    strategy_of = {tactic.id: tactic.strategy for tactic in framework.tactics}
    _replace_rows(
        connection,
        "dim_key_result",
        [
            (
                *(one.id, strategy_of[one.tactic], one.tactic, one.name.en, one.name.fr),
                *(one.source, one.binding, one.unit, one.baseline, one.target),
                *(one.started_on, one.deadline_on, one.cadence_days, one.owner, one.view, place),
            )
            for place, one in enumerate(framework.key_results)
        ],
    )


LOG_BEGAN: Final = """
    UPDATE dim_collection SET log_began_on = (
        SELECT CAST(min(s.received_at) AS DATE) FROM fct_submission AS s
        WHERE s.collection_id = dim_collection.collection_id AND s.received_bound <> 'unknown'
    )
"""
"""The first day of a collection's receipt log; none if no receipt's day is known."""


def period_id(frequency: str, day: date) -> int:
    """Return the period that a day lies in.

    Parameters
    ----------
    frequency : str
        M (months) or A (years).
    day : date
        The day.

    Returns
    -------
    int
        Such as 202301 or 2023.

    Examples
    --------
    >>> period_id("M", date(2023, 1, 31)), period_id("A", date(2023, 1, 31))
    (202301, 2023)
    """
    return day.year if frequency == "A" else day.year * 100 + day.month


def _period_range(collection: Collection, last_year: int) -> tuple[int, int]:
    def first_day(month: str) -> date:
        return date.fromisoformat(f"{month}-01")

    first = period_id(collection.frequency, first_day(collection.starts))
    end = first_day(collection.ends) if collection.ends else date(last_year, 12, 1)
    return first, period_id(collection.frequency, end)


def _regions() -> pd.DataFrame:
    return reference.regions().rename(columns={"position": "sort_order"})


def _partners() -> pd.DataFrame:
    return reference.areas().rename(columns={"area_id": "partner_id"})


def _sections() -> pd.DataFrame:
    other = {
        "section_id": NO_SECTION,
        "roman": "–",
        "title_en": "Outside the sections",
        "title_fr": "Hors sections",
    }
    return pd.concat([pd.DataFrame([other]), reference.sections()], ignore_index=True)


def _fill_periods(connection: duckdb.DuckDBPyConnection, last_day: date | None) -> None:
    (last_fact,) = connection.execute("""
        SELECT max(if(period_id > 9999, period_id // 100, period_id)) FROM fct_submission
    """).fetchone() or (None,)
    last_year = max((last_day or date.today()).year + 1, last_fact or 0)  # noqa: DTZ011 -- a default
    connection.execute("DELETE FROM dim_period")
    connection.execute(
        """
        INSERT INTO dim_period
        SELECT CAST(if(frequency = 'M', y * 100 + m, y) AS INTEGER), frequency, y,
            if(frequency = 'M', (m + 2) // 3, NULL), if(frequency = 'M', m, NULL),
            make_date(y, m, 1),
            if(frequency = 'M', last_day(make_date(y, m, 1)), make_date(y, 12, 31))
        FROM (
            SELECT frequency, CAST(y AS INTEGER) AS y, CAST(m AS INTEGER) AS m
            FROM (VALUES ('M'), ('A')) AS f (frequency), range($first, $last + 1) AS years (y),
                range(1, 13) AS months (m)
            WHERE frequency = 'M' OR m = 1
        )
        ORDER BY 1
        """,
        {"first": FIRST_YEAR, "last": last_year},
    )


def _fill_commodities(connection: duckdb.DuckDBPyConnection) -> None:
    chapters = reference.chapters()
    codes = reference.hs_codes()
    named = pd.concat(
        [
            chapters.rename(columns={"chapter_code": "commodity_code"}),
            codes[codes["level"] > 2]
            .rename(columns={"code": "commodity_code"})
            .assign(title_fr=lambda frame: frame["title_en"]),
        ],
        ignore_index=True,
    )[["commodity_code", "title_en", "title_fr"]]
    connection.register("named_codes", named)
    connection.register("chapters", chapters[["chapter_code", "section_id"]])
    connection.execute("DELETE FROM dim_commodity")
    # Codes of older editions are in the facts but not in HS 2022, nor are their headings always.
    connection.execute(
        """
        INSERT INTO dim_commodity
        WITH found AS (
            SELECT DISTINCT commodity_code AS code FROM fct_trade
        ),
        codes AS (
            SELECT code FROM found UNION SELECT left(code, 4) FROM found
            UNION SELECT left(code, 2) FROM found
            UNION SELECT commodity_code FROM named_codes
        )
        SELECT code, CAST(length(code) AS SMALLINT), left(code, 2),
            coalesce(c.section_id, $no_section),
            if(length(code) > 2, left(code, length(code) - 2), NULL),
            coalesce(n.title_en, code), coalesce(n.title_fr, code)
        FROM codes
        LEFT JOIN named_codes AS n ON n.commodity_code = code
        LEFT JOIN chapters AS c ON c.chapter_code = left(code, 2)
        WHERE length(code) IN (2, 4, 6)
        ORDER BY code
        """,
        {"no_section": NO_SECTION},
    )
    connection.unregister("named_codes")
    connection.unregister("chapters")


def _fill_indicators(connection: duckdb.DuckDBPyConnection, framework: Framework) -> None:
    connection.execute(
        """
        DELETE FROM dim_indicator
        WHERE indicator_id NOT IN (SELECT indicator_id FROM fct_indicator)
            OR indicator_id IN (SELECT unnest($ids::TEXT[]))
        """,
        {"ids": [one.id for one in framework.indicators]},
    )
    rows = [
        (one.id, one.name.en, one.name.fr, one.unit, one.source) for one in framework.indicators
    ]
    insert_rows(connection, "dim_indicator", rows)


def _replace(connection: duckdb.DuckDBPyConnection, name: str, frame: pd.DataFrame) -> None:
    """Replace a table's rows by those of a frame that has its columns; empty text is missing."""
    columns = [column.name for column in schema.metadata.tables[name].columns]
    rows = [
        tuple(None if pd.isna(value) or value == "" else value for value in record)
        for record in frame[columns].astype(object).itertuples(index=False)
    ]
    _replace_rows(connection, name, rows)


def _replace_rows(
    connection: duckdb.DuckDBPyConnection, name: str, rows: Sequence[tuple[Any, ...]]
) -> None:
    connection.execute(f"DELETE FROM {name}")  # noqa: S608 -- a table of the schema
    insert_rows(connection, name, rows)
