"""Two kinds of check-ins as one list, and month ends with what was typed, by hand and slowly."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from dashboard.warehouse.check_ins import COLUMNS, month_end_values, one_list

AS_OF = date(2024, 3, 31)
RESULTS = pd.DataFrame(
    {
        "key_result_id": ["told", "other", "computed"],
        "source": ["check_in", "check_in", "warehouse"],
        "started_on": pd.to_datetime(["2023-11-15", "2023-11-15", "2023-11-15"]),
    }
)


def loaded(*rows: tuple[str, str, float | None]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "key_result_id": pd.array([one[0] for one in rows], dtype="str"),
            "checked_in_on": pd.to_datetime([one[1] for one in rows]),
            "value": [one[2] for one in rows],
            "confidence": 0.5,
            "note": "noted",
            "author": "File",
        }
    ).astype({"value": "float64"})


def typed(*rows: tuple[str, str, float | None]) -> pd.DataFrame:
    frame = pd.DataFrame({name: [None] * len(rows) for name in COLUMNS})
    frame["key_result_id"] = [one[0] for one in rows]
    frame["checked_in_on"] = pd.to_datetime([one[1] for one in rows])
    frame["value"] = [one[2] for one in rows]
    frame["channel"], frame["author"], frame["analysis"] = "typed", "Ann", "told"
    frame["number"] = range(1, len(rows) + 1)
    return frame.astype(dict(COLUMNS))


def values(*rows: tuple[str, str, float]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "key_result_id": pd.array([one[0] for one in rows], dtype="str"),
            "measured_on": pd.to_datetime([one[1] for one in rows]).astype("datetime64[us]"),
            "value": [one[2] for one in rows],
        }
    )


def test_files_and_typed_ones_are_one_list_by_day() -> None:
    found = one_list(
        loaded(("told", "2024-01-10", 1.0), ("told", "2024-02-10", 2.0)),
        typed(("told", "2024-02-10", 3.0), ("told", "2023-12-10", 4.0), ("other", "2024-01-01", 5)),
        None,
    )
    assert found["value"].tolist() == [5.0, 4.0, 1.0, 2.0, 3.0]
    assert found["channel"].tolist() == ["typed", "typed", "file", "file", "typed"]
    assert found["analysis"].tolist() == ["told", "told", "noted", "noted", "told"]
    assert found["number"].isna().tolist() == [False, False, True, True, False]
    assert {name: str(kind) for name, kind in found.dtypes.items()} == dict(COLUMNS)


@pytest.mark.parametrize("until", [None, date(2024, 1, 31)])
def test_without_either_kind_the_columns_stay(until: date | None) -> None:
    for files, log in ((loaded(), typed()), (loaded(("told", "2024-01-10", 1.0)), typed())):
        found = one_list(files, log, until)
        assert len(found) == len(files)
        assert {name: str(kind) for name, kind in found.dtypes.items()} == dict(COLUMNS)


def test_typed_ones_about_later_days_are_not_known() -> None:
    found = one_list(
        loaded(), typed(("told", "2024-02-01", 1.0), ("told", "2024-01-31", 2.0)), date(2024, 1, 31)
    )
    assert found["value"].tolist() == [2.0]


def test_where_nothing_was_typed_the_series_is_that_of_the_generation() -> None:
    built = values(("computed", "2024-01-31", 0.5), ("told", "2024-01-31", 9.0))
    reports = one_list(loaded(("told", "2024-01-10", 1.0)), typed(), None)
    assert month_end_values(built, reports, RESULTS, AS_OF) is built
    # A typed check-in without a number moves none either.
    reports = one_list(loaded(), typed(("told", "2024-01-10", None)), None)
    assert month_end_values(built, reports, RESULTS, AS_OF) is built


def test_month_ends_take_the_latest_value_reported_by_then() -> None:
    built = values(
        ("computed", "2024-01-31", 0.5), ("told", "2024-01-31", 1.0), ("told", "2024-02-29", 1.0)
    )
    reports = one_list(
        loaded(("told", "2024-01-10", 1.0)),
        typed(
            ("told", "2023-12-31", 7.0),
            ("told", "2024-02-29", 2.0),
            ("told", "2024-02-29", 3.0),
            ("told", "2024-04-02", 4.0),
            ("computed", "2024-01-01", None),
        ),
        None,
    )
    found = month_end_values(built, reports, RESULTS, AS_OF)
    expected = values(
        ("computed", "2024-01-31", 0.5),
        ("told", "2023-12-31", 7.0),
        ("told", "2024-01-31", 1.0),
        ("told", "2024-02-29", 3.0),
        ("told", "2024-03-31", 3.0),
    )
    assert_frame_equal(found, expected, check_dtype=False)


@pytest.mark.parametrize("seed", range(20))
def test_month_ends_agree_with_a_slow_walk_over_days(seed: int) -> None:
    draw = random.Random(seed)
    first = date(2023, 11, 15)

    def drawn(count: int) -> list[tuple[str, str, float | None]]:
        days = [first + timedelta(days=draw.randrange(150)) for _ in range(count)]
        return [
            ("told", day.isoformat(), draw.choice([None, float(draw.randrange(100))]))
            for day in days
        ]

    files, log = sorted(drawn(6), key=lambda one: one[1]), drawn(6)
    reports = one_list(loaded(*files), typed(*log), None)
    if all(one[2] is None for one in log):
        log.append(("told", "2024-01-05", 5.0))
        reports = one_list(loaded(*files), typed(*log), None)
    found = month_end_values(values(), reports, RESULTS, AS_OF)
    expected: list[tuple[str, float]] = []
    now: float | None = None
    day = first
    while day <= AS_OF:
        for _, when, value in [*files, *log]:
            if when == day.isoformat() and value is not None:
                now = value
        if (day + timedelta(days=1)).day == 1 and now is not None:
            expected.append((day.isoformat(), now))
        day += timedelta(days=1)
    told = [
        (str(row.measured_on.date()), float(row.value)) for row in found.itertuples(index=False)
    ]
    assert told == expected
