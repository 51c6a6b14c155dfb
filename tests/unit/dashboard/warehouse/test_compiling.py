"""Statements compiled once per shape are what compiling each anew gives."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from duckdb_sqlalchemy import Dialect
from sqlalchemy import Integer, Select, Text, case, column, func, literal, select, union_all, values

from dashboard.warehouse.compiling import Compiler
from dashboard.warehouse.schema import fct_submission, fct_trade

TRADE, SENT = fct_trade.c, fct_submission.c


def _chosen(periods: list[int], code: str, day: date, most: int | None) -> Select[Any]:
    """Return one shape whatever is chosen: lists, texts, days and limits differ in value alone."""
    sent = select(SENT.submission_id).where(SENT.known_at < day, SENT.is_accepted)
    is_code = case((TRADE.commodity_code == code, TRADE.value_usd), else_=literal(0.0))
    rows = union_all(
        select(TRADE.period_id, is_code.label("value")).where(TRADE.period_id.in_(periods)),
        select(TRADE.period_id, TRADE.value_usd).where(TRADE.submission_id.in_(sent)),
    ).subquery()
    total = func.sum(rows.c.value) / literal(len(periods))
    return (
        select(rows.c.period_id, total.label("total"))
        .group_by(rows.c.period_id)
        .order_by(total.desc())
        .limit(most)
    )


def _anew(statement: Select[Any], dialect: Dialect) -> tuple[str, list[Any]]:
    compiled = statement.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
    return str(compiled), [compiled.params[name] for name in compiled.positiontup or ()]


@pytest.fixture(scope="module")
def dialect() -> Dialect:
    return Dialect(paramstyle="numeric_dollar")


CHOICES = [
    ([202301, 202302], "030354", date(2024, 1, 1), 5),
    ([202301, 202303], "030354", date(2024, 1, 1), 5),
    ([202301], "27", date(2023, 6, 30), 10),
    ([], "27", date(2023, 6, 30), 10),
    ([2020, 2021, 2022, 2023], "", date(2023, 6, 30), 1),
]


def test_values_of_each_statement_are_its_own(dialect: Dialect) -> None:
    compiler = Compiler(dialect)
    for _ in range(2):
        for choice in CHOICES:
            statement = _chosen(*choice)
            assert compiler.compile(statement) == _anew(statement, dialect)


def test_a_shape_is_compiled_once(dialect: Dialect, monkeypatch: pytest.MonkeyPatch) -> None:
    compiler, compiled = Compiler(dialect), []
    first = Compiler._compiled

    def counting(self: Compiler, statement: Select[Any], **named: Any) -> Any:
        compiled.append(statement)
        return first(self, statement, **named)

    monkeypatch.setattr(Compiler, "_compiled", counting)
    for choice in CHOICES:
        compiler.compile(_chosen(*choice))
    assert len(compiled) == 1
    compiler.compile(_chosen([1], "27", date(2023, 6, 30), None))
    assert len(compiled) == 2


def test_a_statement_that_holds_a_table_has_no_shape(dialect: Dialect) -> None:
    compiler = Compiler(dialect)
    for rows in ([(1, "a"), (2, "b")], [(3, "c")]):
        table = values(column("number", Integer), column("name", Text), name="t").data(rows)
        statement = select(table.c.number, table.c.name)
        assert compiler.compile(statement) == _anew(statement, dialect)
