"""Indicators, activities and check-ins are taken in record by record."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dashboard.errors import DataContractError
from dashboard.warehouse.records import load_activity, load_check_ins, load_indicators
from dashboard.warehouse.report import FileReport
from tests.support.trade_files import NOW, Bench, blank_bench, write

Loader = Callable[..., Any]


@pytest.fixture
def bench() -> Bench:
    return blank_bench()


def take(bench: Bench, loader: Loader, path: Path, text: str) -> FileReport:
    (file,) = loader(bench, write(path, text), loaded_at=NOW).files
    assert file.adds_up()
    return file


def counts(file: FileReport) -> tuple[int, int, int, int]:
    return (
        file.submissions_new,
        file.submissions_revised,
        file.submissions_unchanged,
        file.rows_finding,
    )


SCORES = "member,year,indicator,value,source\n"


def test_score_replaces_the_one_of_the_same_year(bench: Bench, tmp_path: Path) -> None:
    path = tmp_path / "scores.csv"
    text = SCORES + "NAM,2018,spi_overall,51.25,World Bank\nFRA,2018,spi_overall,80,World Bank\n"
    assert counts(take(bench, load_indicators, path, text)) == (2, 0, 0, 0)
    assert counts(take(bench, load_indicators, path, text)) == (0, 0, 2, 0)
    newer = text.replace("51.25", "52.5")
    assert counts(take(bench, load_indicators, path, newer)) == (0, 1, 1, 0)
    assert bench.rows("select member_id, year, value from fct_indicator order by 1") == [
        (251, 2018, 80.0),
        (516, 2018, 52.5),
    ]
    assert bench.rows("select kind, rows_read, submissions_revised from load_log") == [
        ("indicators", 2, 0),
        ("indicators", 2, 1),
    ]


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("TWN,2018,spi_overall,5,x", "member"),
        ("NAM,2018.5,spi_overall,5,x", "year"),
        ("NAM,2090,spi_overall,5,x", "year"),
        ("NAM,2018,happiness,5,x", "indicator"),
        ("NAM,2018,spi_overall,NA,x", "value"),
        ("NAM,2018,spi_overall,,x", "value"),
        ("NAM,2018,spi_overall,inf,x", "value"),
        ("NAM,2018,spi_overall,5,", "source"),
    ],
)
def test_score_that_cannot_be_placed_is_a_finding(
    bench: Bench, tmp_path: Path, line: str, field: str
) -> None:
    text = SCORES + line + "\nNAM,2018,spi_overall,5,x\n"
    assert counts(take(bench, load_indicators, tmp_path / "s.csv", text)) == (1, 0, 0, 1)
    assert bench.rows("select line_number, field from fct_finding") == [(2, field)]


def test_header_that_lacks_a_column_is_refused(bench: Bench, tmp_path: Path) -> None:
    path = write(tmp_path / "s.csv", "member,year,value\nNAM,2018,5\n")
    with pytest.raises(DataContractError, match=r"lacks \['indicator', 'source'\]"):
        load_indicators(bench, path, loaded_at=NOW)  # type: ignore[arg-type]


def test_columns_may_stand_in_any_order_and_more_may_be_there(bench: Bench, tmp_path: Path) -> None:
    text = "Source,Colour,Value,Indicator,Year,Member\nx,red,5,spi_overall,2018,Namibia\n"
    assert counts(take(bench, load_indicators, tmp_path / "s.csv", text)) == (1, 0, 0, 0)


def test_activity_takes_the_region_of_its_member_and_is_not_repeated(
    bench: Bench, tmp_path: Path
) -> None:
    tactic = bench.framework.tactics[0].id
    text = (
        "tactic,kind,member,region,happened_on,amount,is_done,note\n"
        f"{tactic},training,NAM,,2024-05-02,12,true,Windhoek\n"
        f"{tactic},meeting,,europe,2024-06-02,,no,\n"
        f"9.9,meeting,,europe,2024-06-02,,no,\n"
    )
    assert counts(take(bench, load_activity, tmp_path / "a.csv", text)) == (2, 0, 0, 1)
    assert counts(take(bench, load_activity, tmp_path / "a.csv", text)) == (0, 0, 2, 1)
    assert bench.rows(
        "select member_id, region_id, amount, is_done, note from fct_activity order by activity_id"
    ) == [
        (516, "east_southern_africa", 12.0, True, "Windhoek"),
        (None, "europe", 1.0, False, None),
    ]


def test_check_in_is_appended_and_never_repeated(bench: Bench, tmp_path: Path) -> None:
    result = bench.framework.key_results[0].id
    head = "key_result,checked_in_on,value,confidence,note,author\n"
    text = head + f"{result},2024-05-02,0.4,0.7,on course,A. Nelago\n"
    assert counts(take(bench, load_check_ins, tmp_path / "c.csv", text)) == (1, 0, 0, 0)
    more = text + f"{result},2024-06-02,,,,A. Nelago\n{result},2024-06-02,1,7,,A. Nelago\n"
    assert counts(take(bench, load_check_ins, tmp_path / "c.csv", more)) == (1, 0, 1, 1)
    assert bench.rows("select value, confidence from fct_check_in order by check_in_id") == [
        (0.4, 0.7),
        (None, None),
    ]


def test_check_in_of_the_future_is_a_finding(bench: Bench, tmp_path: Path) -> None:
    result = bench.framework.key_results[0].id
    text = f"key_result,checked_in_on,author\n{result},2031-01-01,A\n"
    assert counts(take(bench, load_check_ins, tmp_path / "c.csv", text)) == (0, 0, 0, 1)
    assert bench.value("select count(*) from load_log") == 0
