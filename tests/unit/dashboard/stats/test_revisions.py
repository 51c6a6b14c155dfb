"""Comparing releases: Student's example, slow forms, and cases worked by hand."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats as reference

from dashboard.stats.quality import revision_size
from dashboard.stats.revisions import (
    comparable,
    first_and_latest,
    revision_counts,
    revision_sizes,
    times_to_revision,
    vintages,
)


def _releases(*rows: tuple[Any, ...]) -> pd.DataFrame:
    """Rows of (member, period, known on, export, import); no value at all is a mere receipt."""
    frame = pd.DataFrame(
        [
            (member, "europe", period, known, x is not None or m is not None, x, m)
            for member, period, known, x, m in rows
        ],
        columns=[
            *("member_iso3", "region_id", "period_id", "known_on"),
            *("has_data", "export_usd", "import_usd"),
        ],
    )
    kinds = {"known_on": "datetime64[us]", "export_usd": "float64", "import_usd": "float64"}
    return frame.astype(kinds).assign(received_bound="exact")


def test_a_receipt_without_data_is_no_release_of_a_figure_that_has_data() -> None:
    frame = _releases(
        ("FRA", 202310, "2023-12-01", 100, 200),
        ("FRA", 202310, "2023-12-10", None, None),
        ("FRA", 202310, "2024-01-15", 110, 190),
        ("KEN", 202310, "2023-12-01", None, None),
        ("KEN", 202310, "2023-12-05", None, None),
        ("UGA", 202310, "2023-12-05", 5, 5),
        ("UGA", 202311, "2023-12-09", 5, 5),
    )
    found = comparable(frame)
    assert found["member_iso3"].tolist() == ["FRA", "FRA", "KEN", "KEN", "UGA", "UGA"]
    assert found["release"].tolist() == [0, 1, 0, 1, 0, 0]
    assert found["release_count"].tolist() == [2, 2, 2, 2, 1, 1]
    assert comparable(frame.iloc[:0]).empty


def test_first_and_latest_of_three_releases_by_hand() -> None:
    found = first_and_latest(
        comparable(
            _releases(
                ("FRA", 202310, "2023-12-01", 100, 200),
                ("FRA", 202310, "2024-01-15", 110, 190),
                ("FRA", 202310, "2024-02-20", 99, None),
                ("UGA", 202310, "2023-12-05", 5, 5),
            )
        )
    )
    exports, imports = found.to_dict("records")
    assert (exports["first_usd"], exports["latest_usd"]) == (100.0, 99.0)
    assert exports["revision_usd"] == -1.0
    assert exports["relative_revision"] == pytest.approx(-0.01)
    assert exports["revision_count"] == 2
    assert exports["latest_on"] == pd.Timestamp("2024-02-20")
    # Imports were withdrawn: the latest release has none of them.
    assert (imports["first_usd"], imports["latest_usd"]) == (200.0, 0.0)
    assert imports["relative_revision"] == -1.0


def test_a_first_value_of_zero_has_no_relative_revision_and_a_missing_flow_no_row() -> None:
    found = first_and_latest(
        comparable(
            _releases(
                ("FRA", 202310, "2023-12-01", 0, None),
                ("FRA", 202310, "2024-01-15", 10, None),
            )
        )
    )
    assert found["flow_code"].tolist() == ["X"]
    assert found["revision_usd"].tolist() == [10.0]
    assert math.isnan(found["relative_revision"].iloc[0])


def _pairs(first: Any, latest: Any, group: Any = "a") -> pd.DataFrame:
    return pd.DataFrame({"group": group, "first_usd": first, "latest_usd": latest})


def test_the_test_of_the_mean_reproduces_students_sleep_data() -> None:
    """Student (1908): ten differences of sleep, mean 1.58 hours, t = 4.06, two-sided p 0.0028."""
    first = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
    latest = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]
    found = revision_sizes(_pairs(first, latest), ["group"]).iloc[0]
    assert found["n"] == 10
    assert found["mean_revision"] == pytest.approx(1.58)
    assert found["p_value"] == pytest.approx(0.00283, abs=5e-6)
    # The published 95 % interval of the mean is 0.70 to 2.46; here it is over the latest values.
    mean_latest = np.abs(latest).mean()
    assert found["low"] * mean_latest == pytest.approx(0.70, abs=0.005)
    assert found["high"] * mean_latest == pytest.approx(2.46, abs=0.005)


CASES = {
    "drawn": (5, [12.0, 8.0, 30.0], [10.0, 9.0, 33.0]),
    "with zeros": (7, [0.0, 5.0, 0.0, 7.0], [2.0, 0.0, 0.0, 7.0]),
    "negative": (11, [-3.0, 4.0], [-5.0, 6.5]),
    "large": (13, [1.7e11, 1.6e11, 4.6e10], [1.5e11, 1.75e11, 6.1e10]),
}


@pytest.mark.parametrize("case", CASES)
def test_sizes_are_those_of_the_slow_forms(case: str) -> None:
    seed, first, latest = CASES[case]
    rng = np.random.default_rng(seed)
    before = np.array([*first, *rng.normal(50, 20, 6)])
    after = np.array([*latest, *rng.normal(52, 20, 6)])
    groups = np.array(["a"] * len(first) + ["b"] * 6)
    found = revision_sizes(_pairs(before, after, groups), ["group"]).set_index("group")
    for group in ("a", "b"):
        f, later = before[groups == group], after[groups == group]
        total = sum(abs(value) for value in later)
        mean, rmar = revision_size(f, later)
        row = found.loc[group]
        assert row["mean_absolute_revision"] == pytest.approx(mean, rel=1e-12)
        assert row["rmar"] == pytest.approx(rmar, rel=1e-12)
        assert row["rmar"] == pytest.approx(
            sum(abs(b - a) for a, b in zip(f, later, strict=True)) / total, rel=1e-12
        )
        assert row["relative_mean_revision"] == pytest.approx(
            sum(b - a for a, b in zip(f, later, strict=True)) / total, rel=1e-12
        )
        test = reference.ttest_1samp(later - f, 0.0)
        assert row["p_value"] == pytest.approx(test.pvalue, rel=1e-9)
        bounds = test.confidence_interval(0.95)
        assert row["low"] == pytest.approx(bounds.low * len(f) / total, rel=1e-9)
        assert row["high"] == pytest.approx(bounds.high * len(f) / total, rel=1e-9)


@pytest.mark.parametrize(
    ("first", "latest"),
    [([10.0], [12.0]), ([10.0, 20.0], [12.0, 22.0]), ([10.0, 20.0], [10.0, 20.0])],
    ids=["one figure", "all by the same amount", "none moved"],
)
def test_without_spread_there_is_no_test(first: list[float], latest: list[float]) -> None:
    found = revision_sizes(_pairs(first, latest), ["group"]).iloc[0]
    assert found["rmar"] == pytest.approx(revision_size(first, latest)[1])
    assert found[["low", "high", "p_value"]].isna().all()


def test_latest_values_of_zero_have_no_relative_size() -> None:
    found = revision_sizes(_pairs([10.0, 20.0], [0.0, 0.0]), ["group"]).iloc[0]
    assert found["mean_absolute_revision"] == 15.0
    assert math.isnan(found["rmar"])
    assert math.isnan(found["relative_mean_revision"])
    assert revision_sizes(_pairs([], []), ["group"]).empty


def _periods(*ids: int) -> pd.DataFrame:
    months = [period // 100 * 12 + period % 100 for period in ids]
    return pd.DataFrame({"period_id": ids, "end_month": months})


def test_the_triangle_by_hand() -> None:
    releases = comparable(
        _releases(
            ("FRA", 202310, "2023-12-01", 100, 1),
            ("FRA", 202310, "2023-12-20", 104, 1),
            ("FRA", 202310, "2024-02-20", 99, 1),
            ("FRA", 202311, "2024-01-09", 50, 1),
        )
    )
    found = vintages(releases, _periods(202310, 202311, 202312), "X", 2024 * 12 + 3)
    told = [
        (row.period_id, None if pd.isna(row.release) else int(row.release), row.first_age,
         row.last_age)
        for row in found.itertuples()
    ]  # fmt: skip
    assert told == [
        (202310, None, 1, 1),  # November: nothing yet
        (202310, 1, 2, 3),  # December and January; the first was replaced within December
        (202310, 2, 4, 5),  # February and March
        (202311, None, 1, 1),
        (202311, 0, 2, 4),
        (202312, None, 1, 3),  # never received
    ]
    assert found["relative_revision"].dropna().tolist() == pytest.approx([0.04, -0.01])
    assert found.loc[found["release"].isna(), "value_usd"].isna().all()


def test_a_revision_known_before_what_it_replaces_holds_from_then_on() -> None:
    releases = comparable(
        _releases(
            ("FRA", 202310, "2024-02-01", 100, 1),
            ("FRA", 202310, "2023-11-01", 120, 1),
        )
    )
    found = vintages(releases, _periods(202310), "X", 2024 * 12 + 3)
    assert found["release"].tolist() == [1]
    assert (found["first_age"].item(), found["last_age"].item()) == (1, 5)


def test_a_triangle_of_nothing_is_all_gaps() -> None:
    nothing = comparable(_releases(("FRA", 202310, "2024-02-01", 1, 1))).iloc[:0]
    found = vintages(nothing, _periods(202310, 202311), "M", 2023 * 12 + 12)
    assert found["first_age"].tolist() == [1, 1]
    assert found["last_age"].tolist() == [2, 1]


def test_how_often_figures_are_revised() -> None:
    rows = [("FRA", 202301 + i, "2024-01-01", 1, 1) for i, n in enumerate((1, 2, 3, 4, 5))
            for _ in range(n)]  # fmt: skip
    found = revision_counts(comparable(_releases(*rows)), ["region_id"]).iloc[0]
    assert found[["received", "once", "twice", "more", "revised"]].tolist() == [5, 1, 1, 2, 4]


def test_how_long_figures_hold() -> None:
    frame = _releases(
        ("FRA", 202310, "2023-12-01", 100, 1),
        ("FRA", 202310, "2023-12-11", 101, 1),
        ("FRA", 202310, "2024-01-11", 102, 1),
        ("FRA", 202311, "2024-01-01", 50, 1),
        ("FRA", 202312, "2024-02-01", 50, 1),
        ("FRA", 202312, "2024-02-03", 50, 1),
    )
    frame.loc[4, "received_bound"] = "unknown"
    found = times_to_revision(comparable(frame), pd.Timestamp("2024-01-31"))
    assert found["days"].tolist() == [10.0, 30.0]
    assert found["is_censored"].tolist() == [False, True]
