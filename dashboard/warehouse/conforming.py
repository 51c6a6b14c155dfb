"""Turns staged text into typed trade rows, and says of each row what it is.

Distinct codes, names, flows and periods are resolved in Python (there are few),
then joined to the rows inside the engine. Nothing is written to the warehouse's
own tables here.
"""

# ruff: noqa: S608 - names and constants of this package make up statements; values are bound

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from dashboard.warehouse.resolving import (
    AGGREGATE_KINDS,
    EDITION_UNKNOWN,
    EDITIONS,
    FLOW_TOKENS,
    FLOWS,
    NO_REPORTER_KINDS,
    TOTAL,
    Areas,
    Commodities,
    parse_period,
)

if TYPE_CHECKING:
    import duckdb

NO_UNIT: Final = ("", "N/A", "-1", "NO QUANTITY")
TRUE_TEXTS: Final = ("true", "1", "t", "yes")
TOTALS_OF_BREAKDOWNS: Final[Mapping[str, tuple[str, ...]]] = {
    "partner2": ("", "0", "W00"),
    "customs": ("", "C00"),
    "supply": ("", "0"),
    "transport": ("", "0"),
}
"""What a breakdown column says on the row that is the whole."""


def conform(
    connection: duckdb.DuckDBPyConnection, *, areas: Areas, commodities: Commodities, today: date
) -> None:
    """Turn ``stage`` into the temporary table ``conformed``.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
        The workshop's connection, with ``stage`` in it.
    areas : Areas
        Resolves reporters and partners.
    commodities : Commodities
        Resolves commodity codes.
    today : date
        Later periods are errors.

    Notes
    -----
    ``conformed`` has one row per staged row: its keys and figures, ``kind``
    (trade, or that of a control total) and, if the row cannot be placed,
    ``problem`` (rule), ``problem_field`` and ``problem_value``.
    """
    _map_areas(connection, "reporter", areas)
    _map_areas(connection, "partner", areas)
    _map(
        connection,
        "flow",
        ("flow", "flow_name"),
        ("flow_code", pa.string()),
        lambda code, name: FLOW_TOKENS.get(code.lower()) or FLOW_TOKENS.get(name.lower()),
    )
    _map(
        connection,
        "period",
        ("period", "frequency"),
        ("period_id", pa.int32()),
        lambda text, frequency: parse_period(text, frequency.upper(), today),
    )
    _map_commodities(connection, commodities)
    detail = " or ".join(
        f"s.{column} not in ({_texts(totals)})" for column, totals in TOTALS_OF_BREAKDOWNS.items()
    )
    connection.execute(f"""
        create or replace temp table conformed as
        with typed as (
            select
                s.line, r.area_id as reporter_id, r.kind as reporter_kind, p.area_id as partner_id,
                p.kind as partner_kind, t.period_id, f.flow_code, c.commodity_code,
                c.is_retired, s.reporter_code, s.reporter_iso, s.reporter_name, s.partner_code,
                s.partner_iso, s.partner_name, s.period, s.flow, s.flow_name, s.commodity,
                s.hs_edition as edition_text, s.value as value_text,
                r.stated_id as stated_reporter, p.stated_id as stated_partner,
                r.ended as reporter_ended, p.ended as partner_ended,
                case when s.hs_edition in ({_texts(EDITIONS)}) then s.hs_edition end as hs_edition,
                {_number("s.value")} as value_usd, {_number("s.mass")} as mass_kg,
                {_number("s.quantity")} as quantity_read,
                case when upper(s.unit) not in ({_texts(NO_UNIT)}) then s.unit end as quantity_unit,
                lower(s.is_quantity_estimated) in ({_texts(TRUE_TEXTS)})
                    or lower(s.is_mass_estimated) in ({_texts(TRUE_TEXTS)})
                    or s.estimation_flag not in ('', '0') as is_estimated,
                {detail} as is_detail
            from stage s
            left join map_reporter r on r.code = s.reporter_code and r.iso = s.reporter_iso
                and r.name = s.reporter_name
            left join map_partner p on p.code = s.partner_code and p.iso = s.partner_iso
                and p.name = s.partner_name
            left join map_period t on t.period = s.period and t.frequency = s.frequency
            left join map_flow f on f.flow = s.flow and f.flow_name = s.flow_name
            left join map_commodity c on c.commodity = s.commodity and c.hs_edition = s.hs_edition
        ),
        judged as (
            select *,
                case
                    when reporter_id is null or reporter_kind in ({_texts(NO_REPORTER_KINDS)})
                        then 'unknown_reporter'
                    when period_id is null then 'unknown_period'
                    when flow_code is null then 'unknown_flow'
                    when partner_id is null then 'unknown_partner'
                    when commodity_code is null then 'unknown_commodity'
                    when value_text = '' then 'missing_required_field'
                    when value_usd is null then 'unreadable_number'
                    when value_usd < 0 then 'negative_value'
                end as problem
            from typed
        )
        select
            line, reporter_id, partner_id, period_id, flow_code, commodity_code,
            case when commodity_code = '{TOTAL}' then 0 else length(commodity_code) end as hs_level,
            hs_edition, value_usd, mass_kg,
            case when quantity_unit is null and quantity_read = 0 then null
                else quantity_read end as quantity,
            quantity_unit, is_estimated, is_detail, is_retired,
            stated_reporter, stated_partner,
            coalesce(reporter_ended, 9999) < left(cast(period_id as varchar), 4)::int
                as is_reporter_ended,
            coalesce(partner_ended, 9999) < left(cast(period_id as varchar), 4)::int
                as is_partner_ended,
            case
                when flow_code not in ({_texts(FLOWS)}) then 'part'
                when is_detail then 'part'
                when partner_kind = 'world' then 'world'
                when partner_kind in ({_texts(AGGREGATE_KINDS)}) then 'aggregate_partner'
                when commodity_code = '{TOTAL}' then 'aggregate_commodity'
                else 'trade'
            end as kind,
            problem,
            case problem
                when 'unknown_reporter' then 'reporter'
                when 'unknown_period' then 'period'
                when 'unknown_flow' then 'flow'
                when 'unknown_partner' then 'partner'
                when 'unknown_commodity' then 'commodity'
                else 'value_usd'
            end as problem_field,
            case problem
                when 'unknown_reporter'
                    then concat_ws(' ', reporter_code, reporter_iso, reporter_name)
                when 'unknown_period' then period
                when 'unknown_flow' then concat_ws(' ', flow, flow_name)
                when 'unknown_partner' then concat_ws(' ', partner_code, partner_iso, partner_name)
                when 'unknown_commodity' then concat_ws(' ', edition_text, commodity)
                when 'missing_required_field' then ''
                else value_text
            end as problem_value
        from judged
    """)
    _set_aside_duplicates(connection)
    _set_aside_breakdowns(connection)
    _find_aggregates(connection)


def _set_aside_duplicates(connection: duckdb.DuckDBPyConnection) -> None:
    """Mark the second and later exact copies of a row as duplicates."""
    same = (
        "reporter_id, stated_reporter, period_id, partner_id, stated_partner, flow_code, "
        "commodity_code, hs_edition, value_usd, mass_kg, quantity, quantity_unit, is_detail"
    )
    connection.execute(f"""
        create or replace temp table copies as
        with suspects as (
            select hash({same}) as key from conformed where problem is null and not is_detail
            group by 1 having count(*) > 1
        ),
        ranked as (
            select line, row_number() over (partition by {same} order by line) as copy
            from conformed
            where problem is null and not is_detail
                and hash({same}) in (select key from suspects)
        )
        select line from ranked where copy > 1
    """)
    if _scalar(connection, "select count(*) from copies"):
        connection.execute("""
            update conformed set problem = 'duplicate_key', problem_field = 'row',
                problem_value = 'the same row again'
            where line in (select line from copies)
        """)


def _set_aside_breakdowns(connection: duckdb.DuckDBPyConnection) -> None:
    """Mark breakdowns (by customs procedure, transport, ...) of a row that the file lacks.

    They are parts of a whole; adding them up would guess that none is missing.
    """
    connection.execute("""
        update conformed set problem = 'breakdown_without_total', problem_field = 'row',
            problem_value = 'a breakdown'
        where problem is null and is_detail and
            (reporter_id, period_id, flow_code, stated_partner, commodity_code) not in (
                select (reporter_id, period_id, flow_code, stated_partner, commodity_code)
                from conformed where problem is null and not is_detail)
    """)


def _find_aggregates(connection: duckdb.DuckDBPyConnection) -> None:
    """Make a commodity row a control total where the file gives finer rows of the same cell."""
    levels = [
        int(level)
        for (level,) in connection.execute(
            "select distinct hs_level from conformed "
            "where problem is null and kind = 'trade' order by 1"
        ).fetchall()
    ]
    for level in levels[:-1]:
        connection.execute(f"""
            update conformed set kind = 'aggregate_commodity'
            from (
                select distinct reporter_id as r, period_id as t, flow_code as f, partner_id as p,
                    left(commodity_code, {level}) as c
                from conformed
                where problem is null and kind = 'trade' and hs_level > {level}
            ) finer
            where problem is null and kind = 'trade' and hs_level = {level}
                and reporter_id = r and period_id = t and flow_code = f and partner_id = p
                and commodity_code = c
        """)


def _map_areas(connection: duckdb.DuckDBPyConnection, role: str, areas: Areas) -> None:
    triples = connection.execute(
        f"select distinct {role}_code, {role}_iso, {role}_name from stage"
    ).fetchall()
    resolved = [areas.resolve(*triple) for triple in triples]
    _register(
        connection,
        f"map_{role}",
        {
            "code": ([t[0] for t in triples], pa.string()),
            "iso": ([t[1] for t in triples], pa.string()),
            "name": ([t[2] for t in triples], pa.string()),
            "area_id": ([a and a.area_id for a in resolved], pa.int16()),
            "kind": ([a and a.kind for a in resolved], pa.string()),
            "stated_id": ([a and a.stated_id for a in resolved], pa.int16()),
            "ended": ([a and a.ended for a in resolved], pa.int16()),
        },
    )


def _map_commodities(connection: duckdb.DuckDBPyConnection, commodities: Commodities) -> None:
    pairs = connection.execute("select distinct commodity, hs_edition from stage").fetchall()
    resolved = [
        commodities.resolve(code, edition) if edition in (*EDITIONS, *EDITION_UNKNOWN) else None
        for code, edition in pairs
    ]
    _register(
        connection,
        "map_commodity",
        {
            "commodity": ([p[0] for p in pairs], pa.string()),
            "hs_edition": ([p[1] for p in pairs], pa.string()),
            "commodity_code": ([r and r[0] for r in resolved], pa.string()),
            "is_retired": ([r and r[1] for r in resolved], pa.bool_()),
        },
    )


def _map(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    keys: Sequence[str],
    result: tuple[str, pa.DataType],
    resolve: Callable[..., Any],
) -> None:
    rows = connection.execute(f"select distinct {', '.join(keys)} from stage").fetchall()
    columns = {key: ([row[place] for row in rows], pa.string()) for place, key in enumerate(keys)}
    columns[result[0]] = ([resolve(*row) for row in rows], result[1])
    _register(connection, f"map_{name}", columns)


def _register(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    columns: Mapping[str, tuple[list[Any], pa.DataType]],
) -> None:
    table = pa.table({key: pa.array(values, kind) for key, (values, kind) in columns.items()})
    connection.register("map_source", table)
    connection.execute(f"create or replace temp table {name} as select * from map_source")
    connection.unregister("map_source")


def _number(column: str) -> str:
    # NaN stands for missing in floating-point files; an infinity is no figure
    return f"case when isfinite(try_cast({column} as double)) then try_cast({column} as double) end"


def _texts(values: Iterable[str]) -> str:
    return ", ".join("'" + value.replace("'", "''") + "'" for value in values)


def _scalar(connection: duckdb.DuckDBPyConnection, statement: str) -> Any:
    row = connection.execute(statement).fetchone()
    return row[0] if row else None
