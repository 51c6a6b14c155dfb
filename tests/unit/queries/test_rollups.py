"""The choice of the source of trade, and the conditions put on it."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.dialects import postgresql

from queries.rollups import COLUMNS, FACTS, ROLLUPS, Rollup, choose, summed

DAY = date(2024, 8, 27)
ROLLUP_TABLES = {rollup.name: rollup.table for rollup in ROLLUPS}


@pytest.mark.parametrize(
    ("columns", "name"),
    [
        ({"reporter_region_id", "partner_region_id"}, "agg_trade_region"),
        ({"reporter_region_id", "partner_region_id", "section_id"}, "agg_trade_region"),
        ({"period_id", "flow_code", "section_id"}, "agg_trade_region"),
        ({"reporter_iso3", "chapter_code"}, "agg_trade_chapter"),
        ({"reporter_iso3", "section_id"}, "agg_trade_chapter"),
        ({"reporter_region_id", "chapter_code"}, "agg_trade_chapter"),
        ({"reporter_iso3"}, "agg_trade_reporter"),
        ({"reporter_region_id", "reporter_area_id", "flow_code"}, "agg_trade_reporter"),
        ({"reporter_iso3", "partner_region_id"}, "agg_trade_partner"),
        ({"reporter_iso3", "partner_iso3"}, "agg_trade_partner"),
        ({"partner_iso3", "period_id"}, "agg_trade_partner"),
        ({"partner_iso3", "chapter_code"}, "agg_trade_partner_chapter"),
        ({"reporter_iso3", "partner_iso3", "section_id"}, "agg_trade_section"),
        ({"reporter_iso3", "partner_iso3", "chapter_code"}, "fct_trade"),
        ({"partner_region_id", "chapter_code"}, "agg_trade_partner_chapter"),
        ({"reporter_region_id", "commodity_code"}, "fct_trade"),
    ],
)
def test_the_smallest_source_that_has_the_columns_is_chosen(columns: set[str], name: str) -> None:
    assert choose(columns).name == name


@pytest.mark.parametrize("rollup", ROLLUPS, ids=lambda rollup: rollup.name)
def test_a_past_day_is_answered_by_what_knows_its_reporter(rollup: Rollup) -> None:
    assert choose(rollup.columns) is not FACTS
    chosen = choose(rollup.columns, as_of=DAY)
    assert chosen is not rollup
    if rollup.name == "agg_trade_region":
        assert chosen.name == "agg_trade_section"
    elif rollup.name == "agg_trade_partner_chapter":
        assert chosen is FACTS
    else:
        assert chosen.name == rollup.name
    if chosen is not FACTS:
        columns = set(ROLLUP_TABLES[chosen.name].c.keys())
        assert set(chosen.table.c.keys()) == columns - {"known_at"}


@pytest.mark.parametrize("rollup", [*ROLLUPS, FACTS], ids=lambda rollup: rollup.name)
def test_a_source_has_the_columns_that_it_declares(rollup: Rollup) -> None:
    assert rollup.columns <= COLUMNS
    for key in rollup.keys - {"reporter_iso3", "partner_iso3"}:
        assert key in rollup.table.c


@pytest.mark.parametrize(
    ("columns", "name"),
    [
        ({"reporter_region_id", "partner_region_id", "period_id"}, "agg_reconciled_pair"),
        ({"reporter_iso3", "section_id"}, "agg_reconciled_section"),
    ],
)
def test_reconciled_trade_has_sources_of_its_own(columns: set[str], name: str) -> None:
    assert choose(columns, is_reconciled=True).name == name


@pytest.mark.parametrize(("columns", "as_of"), [({"chapter_code"}, None), ({"period_id"}, DAY)])
def test_what_is_not_reconciled_is_never_answered_from_the_records(
    columns: set[str], as_of: date | None
) -> None:
    with pytest.raises(KeyError, match="reconciled"):
        choose(columns, as_of=as_of, is_reconciled=True)


def test_an_unknown_column_is_refused() -> None:
    with pytest.raises(KeyError, match="colour"):
        choose({"colour"})


def _sql(statement: object) -> str:
    return str(statement.select().compile(dialect=postgresql.dialect()))  # type: ignore[attr-defined]


def test_the_current_state_of_the_facts_asks_for_no_day() -> None:
    text = _sql(summed(["commodity_code"], {"collection_id": ["trade_monthly"]}))
    assert "superseded_at IS NULL" in text
    assert "known_at" not in text


def test_a_past_day_ends_with_the_day() -> None:
    rows = summed(["reporter_region_id"], {}, as_of=date(2024, 8, 27))
    compiled = rows.select().compile(dialect=postgresql.dialect())
    assert "known_at" in str(compiled)
    days = {str(value) for value in compiled.params.values() if hasattr(value, "year")}
    assert days == {"2024-08-28 00:00:00"}


def test_a_rollup_is_summed_before_names_are_joined() -> None:
    text = _sql(summed(["partner_iso3"], {"reporter_iso3": ["KEN"]}))
    assert text.index("GROUP BY agg_trade_partner.partner_id") < text.rindex("JOIN")
