# ruff: noqa: S608 - names and constants of this package make up statements; values are bound

"""Records findings about rows that a file has and the warehouse has not.

Counts are exact, examples capped. Rules about loaded rows are in `rules`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from dashboard.warehouse.intake import next_id
from dashboard.warehouse.report import Example
from dashboard.warehouse.rules import EXAMPLES
from dashboard.warehouse.staging import SourceFile, Staged

if TYPE_CHECKING:
    import duckdb

EXPECTED: Final[Mapping[str, str]] = {
    "unknown_reporter": "a code, ISO code or name of an area",
    "unknown_period": "a year or month of the collection, not in the future",
    "unknown_flow": "M, X, RM, RX or one of their parts",
    "unknown_partner": "a code, ISO code or name of an area",
    "unknown_commodity": "TOTAL or an HS code of 2, 4 or 6 digits",
    "missing_required_field": "a figure",
    "unreadable_number": "a number such as 1234.56",
    "negative_value": "0 or more",
    "duplicate_key": "each row once",
    "breakdown_without_total": "the row of all procedures, modes and second partners beside it",
}


def insert_findings(
    connection: duckdb.DuckDBPyConnection, source: SourceFile, staged: Staged, load_id: int
) -> int:
    """Record what could not be placed, and what was noted while conforming.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
        Connection to a workshop, with ``conformed`` and ``incoming`` in it.
    source : SourceFile
        The file.
    staged : Staged
        Knows its ragged rows.
    load_id : int
        The load.

    Returns
    -------
    int
        How many reporters and periods were left without a usable row.
    """
    connection.execute(
        """
        insert into loaded_line
        select i.submission_id, $file, c.line, c.flow_code, c.partner_id, c.commodity_code
        from conformed c join incoming i using (reporter_id, period_id)
        where c.problem is null and i.fate <> 'unchanged'
        """,
        {"file": source.name},
    )
    connection.execute(
        """
        create or replace temp table placed_or_not as
        select c.*, i.submission_id, i.fate
        from conformed c left join incoming i using (reporter_id, period_id)
        where c.problem is not null
        """
    )
    connection.execute(
        "insert into unplaced select submission_id, problem, count(*) from placed_or_not "
        "where submission_id is not null and fate <> 'unchanged' group by 1, 2"
    )
    first = next_id(connection, "fct_finding", "finding_id")
    connection.execute(
        f"""
        insert into fct_finding
        select $first + row_number() over (order by line) - 1, $load_id,
            submission_id, problem, $file, line,
            problem_field, left(problem_value, 200), {_expected_case()},
            partner_id, commodity_code, flow_code, abs(value_usd)
        from placed_or_not where coalesce(fate, '') <> 'unchanged'
        qualify row_number() over (
            partition by problem, coalesce(submission_id, -1) order by line
        ) <= {EXAMPLES}
        """,
        {"first": first, "load_id": load_id, "file": source.name},
    )
    if staged.ragged:
        first = next_id(connection, "fct_finding", "finding_id")
        width = staged.recognised.width
        connection.executemany(
            "insert into fct_finding values "
            "(?, ?, null, 'ragged_row', ?, ?, 'row', ?, ?, null, null, null, null)",
            [
                [
                    *(first + place, load_id, source.name, row.line),
                    f"{row.fields} fields: {row.beginning}",
                    f"{width} fields",
                ]
                for place, row in enumerate(staged.ragged)
            ],
        )
    _note_former(connection, source, load_id)
    return _note_empty(connection, source, load_id)


def _note_empty(connection: duckdb.DuckDBPyConnection, source: SourceFile, load_id: int) -> int:
    """An empty submission is none: a reporter and period of which no row could be placed."""
    first = next_id(connection, "fct_finding", "finding_id")
    rows = connection.execute(
        "select reporter_id, period_id, min(line) from placed_or_not "
        "where submission_id is null and reporter_id is not null and period_id is not null "
        "and problem <> 'unknown_period' and problem <> 'unknown_reporter' "
        "group by 1, 2 order by 1, 2"
    ).fetchall()
    for place, (reporter_id, period_id, line) in enumerate(rows[:EXAMPLES]):
        connection.execute(
            "insert into fct_finding values (?, ?, null, 'empty_submission', ?, ?, "
            "'reporter period', ?, 'at least one row', null, null, null, null)",
            [first + place, load_id, source.name, line, f"{reporter_id} {period_id}"],
        )
    return len(rows)


def _note_former(connection: duckdb.DuckDBPyConnection, source: SourceFile, load_id: int) -> None:
    """A code used after the area's end is loaded, and noted."""
    connection.execute("""
        create or replace temp table former_code as
        select c.*, i.submission_id from conformed c join incoming i
            using (reporter_id, period_id)
        where c.problem is null and i.fate <> 'unchanged'
            and (c.is_reporter_ended or c.is_partner_ended)
    """)
    connection.execute(
        "insert into unplaced select submission_id, 'former_code', count(*) "
        "from former_code group by 1"
    )
    first = next_id(connection, "fct_finding", "finding_id")
    connection.execute(
        f"""
        insert into fct_finding
        select $first + row_number() over (order by line) - 1, $load_id, submission_id,
            'former_code', $file, line,
            case when is_reporter_ended then 'reporter' else 'partner' end,
            case when is_reporter_ended then stated_reporter else stated_partner end,
            'a code of its time', partner_id, commodity_code, flow_code, abs(value_usd)
        from former_code
        qualify row_number() over (
            partition by submission_id order by value_usd desc, line) <= {EXAMPLES}
        """,
        {"first": first, "load_id": load_id, "file": source.name},
    )


def findings_since(
    connection: duckdb.DuckDBPyConnection, finding_id: int, *, limit: int = EXAMPLES
) -> dict[str, list[Example]]:
    """Return examples of the findings that were recorded last.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
        The workshop's connection.
    finding_id : int
        The first finding of interest.
    limit : int
        Examples per rule.

    Returns
    -------
    dict of str to list of Example
        Rule -> its findings of greatest effect.
    """
    rows = connection.execute(
        """
        select f.rule_id, f.file_name, f.line_number, f.field, f.value, f.expected,
            s.reporter_id, s.period_id, f.partner_id, f.commodity_code, f.flow_code, f.effect_usd
        from fct_finding f left join fct_submission s using (submission_id)
        where f.finding_id >= ?
        qualify row_number() over (
            partition by f.rule_id order by f.effect_usd desc nulls last, f.finding_id) <= ?
        order by f.rule_id, f.effect_usd desc nulls last, f.finding_id
        """,
        [finding_id, limit],
    ).fetchall()
    found: dict[str, list[Example]] = {}
    for rule_id, *rest in rows:
        found.setdefault(rule_id, []).append(Example(*rest))
    return found


def _expected_case() -> str:
    branches = " ".join(f"when '{rule}' then '{text}'" for rule, text in EXPECTED.items())
    return f"case problem {branches} end"
