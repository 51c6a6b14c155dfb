"""Receipts meet their data in either order, and say no more than is known."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.warehouse.receipts import Entry, Held, after_period, enter, load_log
from tests.support.trade_files import NOW, Bench, blank_bench, csv_text, row, write

DAY = timedelta(days=1)
BASE = datetime.fromisoformat("2023-03-01T00:00:00")
HEAD = "member,collection,period,received_at,bound,channel\n"


@pytest.fixture
def bench() -> Bench:
    return blank_bench()


def at(day: int) -> datetime:
    return BASE + day * DAY


def log(bench: Bench, path: Path, *lines: str, head: str = HEAD) -> tuple[int, int, int, int]:
    """Load a log; return records created, changed, unchanged and found fault with."""
    report = load_log(bench, write(path, head + "\n".join(lines) + "\n"), loaded_at=NOW)  # type: ignore[arg-type]
    (file,) = report.files
    assert file.adds_up()
    return (
        file.submissions_new,
        file.submissions_revised,
        file.submissions_unchanged,
        file.rows_finding,
    )


def receipts(bench: Bench) -> list[tuple[object, ...]]:
    return bench.rows(
        "select revision, received_at, received_bound, known_at, has_data "
        "from fct_submission order by reporter_id, period_id, revision"
    )


def test_log_makes_receipts_without_data(bench: Bench, tmp_path: Path) -> None:
    line = "NAM,monthly,202301,2023-03-05,upper,public_api"
    assert log(bench, tmp_path / "log.csv", line) == (1, 0, 0, 0)
    assert receipts(bench) == [(0, at(4), "upper", at(4), False)]
    assert bench.rows("select reporter_id, channel, row_count from fct_submission") == [
        (516, "public_api", 0)
    ]


def test_same_log_again_changes_nothing(bench: Bench, tmp_path: Path) -> None:
    lines = ["NAM,monthly,202301,2023-03-05,exact,email", "516,monthly,202302,2023-04-05,upper,"]
    assert log(bench, tmp_path / "log.csv", *lines) == (2, 0, 0, 0)
    before = receipts(bench)
    assert log(bench, tmp_path / "log.csv", *lines) == (0, 0, 2, 0)
    assert receipts(bench) == before
    assert bench.value("select count(*) from load_log") == 1


def test_data_that_is_loaded_later_attaches_to_its_receipt(bench: Bench, tmp_path: Path) -> None:
    log(bench, tmp_path / "log.csv", "NAM,monthly,202301,2023-03-05,exact,email")
    report = bench.load_one(write(tmp_path / "f.csv", csv_text([row()])))
    assert report.submissions_new == 1
    assert receipts(bench) == [(0, at(4), "exact", at(4), True)]
    assert bench.rows("select row_count, channel, layout_id from fct_submission") == [
        (1, "email", "comtrade_current")
    ]


def test_log_that_is_loaded_later_fills_the_day_in(bench: Bench, tmp_path: Path) -> None:
    bench.load_one(write(tmp_path / "f.csv", csv_text([row()])))
    assert receipts(bench)[0][1:3] == (None, "unknown")
    assert log(bench, tmp_path / "log.csv", "NAM,monthly,202301,2023-03-05,upper,") == (0, 1, 0, 0)
    assert receipts(bench) == [(0, at(4), "upper", at(4), True)]


def test_each_order_of_log_and_data_comes_to_the_same(tmp_path: Path) -> None:
    path = write(tmp_path / "f.csv", csv_text([row()]))
    line = "NAM,monthly,202301,2023-03-05,exact,file"
    first, second = blank_bench(), blank_bench()
    log(first, tmp_path / "log.csv", line)
    first.load_one(path)
    second.load_one(path)
    log(second, tmp_path / "log.csv", line)
    assert receipts(first) == receipts(second)


def test_data_of_two_receipts_goes_to_them_in_order(bench: Bench, tmp_path: Path) -> None:
    log(
        bench,
        tmp_path / "log.csv",
        "NAM,monthly,202301,2023-05-01,exact,",
        "NAM,monthly,202301,2023-03-05,exact,",
    )
    for name, value in (("a.csv", 1), ("b.csv", 2)):
        bench.load_one(write(tmp_path / name, csv_text([row(primaryValue=value)])))
    assert bench.rows(
        "select s.revision, s.received_at, t.value_usd from fct_submission s "
        "join fct_trade t using (submission_id) order by 1"
    ) == [(0, at(4), 1.0), (1, at(61), 2.0)]


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("ZZZ,monthly,202301,2023-03-05,exact,email", "member"),
        ("World,monthly,202301,2023-03-05,exact,email", "member"),
        ("NAM,weekly,202301,2023-03-05,exact,email", "collection"),
        ("NAM,monthly,2023,2023-03-05,exact,email", "period"),
        ("NAM,monthly,202301,5 March,exact,email", "received_at"),
        ("NAM,monthly,202301,2022-12-31,exact,email", "received_at"),
        ("NAM,monthly,202301,2031-01-01,exact,email", "received_at"),
        ("NAM,monthly,202301,2023-03-05,about,email", "bound"),
        ("NAM,monthly,202301,2023-03-05,exact,pigeon", "channel"),
        ("NAM,monthly", "row"),
    ],
)
def test_entry_that_cannot_be_placed_is_a_finding_and_stops_no_other(
    bench: Bench, tmp_path: Path, line: str, field: str
) -> None:
    good = "NAM,monthly,202302,2023-04-05,exact,email"
    assert log(bench, tmp_path / "log.csv", line, good) == (1, 0, 0, 1)
    assert bench.rows("select rule_id, line_number, field from fct_finding") == [
        ("unreadable_record", 2, field)
    ]


def test_moment_with_an_offset_is_kept_in_utc(bench: Bench, tmp_path: Path) -> None:
    log(bench, tmp_path / "log.csv", "NAM,monthly,202301,2023-03-05T01:30:00+02:00,exact,")
    assert receipts(bench)[0][1] == datetime.fromisoformat("2023-03-04T23:30:00")


def test_rejected_receipt_stays_rejected_and_takes_no_data(bench: Bench, tmp_path: Path) -> None:
    log(
        bench,
        tmp_path / "log.csv",
        "NAM,monthly,202301,2023-03-05,false",
        head="member,collection,period,received_at,is_accepted\n",
    )
    bench.load_one(write(tmp_path / "f.csv", csv_text([row()])))
    assert bench.rows(
        "select revision, is_accepted, has_data from fct_submission order by revision"
    ) == [(0, False, False), (1, True, True)]


def held(day: int | None, bound: str = "exact", number: int = 1) -> Held:
    moment = None if day is None else at(day)
    return Held(number, moment, bound, None, moment or at(0), "file", True, True)


def entry(day: int, bound: str = "exact") -> Entry:
    return Entry(at(day), bound)


@pytest.mark.parametrize(
    ("before", "new", "fate", "after"),
    [
        ([], entry(5), "created", [(5, "exact")]),
        ([held(None, "unknown")], entry(5), "changed", [(5, "exact")]),
        ([held(5)], entry(5), "unchanged", [(5, "exact")]),
        ([held(5)], entry(9), "created", [(5, "exact"), (9, "exact")]),
        ([held(5)], entry(2), "created", [(2, "exact"), (5, "exact")]),
        ([held(5, "upper")], entry(5), "changed", [(5, "exact")]),
        ([held(5, "upper")], entry(3), "changed", [(3, "exact")]),
        ([held(5, "upper")], entry(9), "created", [(5, "upper"), (9, "exact")]),
        ([held(5, "upper")], entry(3, "upper"), "changed", [(3, "upper")]),
        ([held(5, "upper")], entry(9, "upper"), "unchanged", [(5, "upper")]),
        ([held(5)], entry(9, "upper"), "unchanged", [(5, "exact")]),
        ([held(5)], entry(2, "upper"), "created", [(2, "upper"), (5, "exact")]),
    ],
)
def test_receipt_fills_in_sharpens_or_adds(
    before: list[Held], new: Entry, fate: str, after: list[tuple[int, str]]
) -> None:
    found, told = enter(before, new, 99)
    assert told == fate
    assert [(one.received_at, one.bound) for one in found] == [(at(day), b) for day, b in after]


@given(
    st.lists(
        st.tuples(st.integers(0, 9), st.sampled_from(["exact", "upper"])), min_size=1, max_size=8
    )
)
def test_any_log_is_in_order_of_receipt_and_entering_it_again_adds_no_exact_day(
    entries: list[tuple[int, str]],
) -> None:
    found: list[Held] = []
    for number, (day, bound) in enumerate(entries):
        found, _ = enter(found, entry(day, bound), number)
    known = [one.known_at for one in found]
    assert known == sorted(known)
    assert len({one.submission_id for one in found}) == len(found)
    exact = {at(day) for day, bound in entries if bound == "exact"}
    assert {one.received_at for one in found if one.bound == "exact"} == exact
    for day in exact:
        assert enter(found, Entry(day), 100)[1] == "unchanged"


def test_day_after_a_period_is_the_first_of_the_next() -> None:
    days = [after_period(period).date().isoformat() for period in (202302, 202312, 2023, 2024)]
    assert days == ["2023-03-01", "2024-01-01", "2024-01-01", "2025-01-01"]
