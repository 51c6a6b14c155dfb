"""The test of past forecasts: each is the one that could have been made on its own day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from dashboard.stats.open_obligations import (
    HISTORY_DAYS,
    NOT_KNOWN,
    Obligations,
    eve_of_month,
    forecast,
)
from dashboard.warehouse.statistics.forecast_tests import HELD_OUT, held_out

TODAY = date(2025, 1, 1)
MONTHS = 40


def number(day: date) -> int:
    return (day - date(1970, 1, 1)).days


def month_ends() -> list[date]:
    firsts = [date(2021 + i // 12, i % 12 + 1, 1) for i in range(1, MONTHS + 1)]
    return [first - timedelta(days=1) for first in firsts]


def drawn(seed: int, members: int = 6) -> dict[str, Any]:
    """Obligations of 45 days, drawn; a few never come."""
    rng = np.random.default_rng(seed)
    ended = np.repeat([number(day) for day in month_ends()], members)
    period = np.repeat([day.year * 100 + day.month for day in month_ends()], members)
    member = np.tile(np.arange(members), MONTHS)
    delay = rng.integers(5, 70, ended.size) + 3 * member
    known = np.where(rng.random(ended.size) < 0.05, NOT_KNOWN, ended + delay)
    due = ended + 45
    return {
        "member_id": member + 100,
        "region_id": np.array([f"region {m % 2}" for m in member], dtype=object),
        "period_id": period,
        "ended": ended,
        "due": due,
        "known": known,
        "is_dated": np.ones(ended.size, dtype=bool),
        "is_watched": np.ones(ended.size, dtype=bool),
        "outcome": (known <= due).astype(int),
    }


def test_the_last_periods_due_are_tested_at_both_leads() -> None:
    found = held_out(drawn(1), "M", number(TODAY))
    assert len(found) == 2 * HELD_OUT["M"]
    dues = sorted({int(one["due_on"][0]) for one in found})
    assert dues[-1] < number(TODAY)
    assert (
        dues
        == [number(day) + 45 for day in month_ends() if number(day) + 45 < number(TODAY)][
            -HELD_OUT["M"] :
        ]
    )
    for one in found:
        made, due = int(one["made_on"][0]), int(one["due_on"][0])
        if one["lead"][0] == "period_end":
            assert made == due - 45
        else:
            day = date(1970, 1, 1) + timedelta(days=made + 1)
            due_day = date(1970, 1, 1) + timedelta(days=due)
            assert (day.year, day.month, day.day) == (due_day.year, due_day.month, 1)


def test_a_test_is_the_forecast_of_its_day() -> None:
    rows = drawn(2)
    one = held_out(rows, "M", number(TODAY))[7]
    made, due = int(one["made_on"][0]), int(one["due_on"][0])
    # Everything that came later is struck out; the forecast must not have needed it.
    known = np.where(rows["known"] <= made, rows["known"], NOT_KNOWN)
    waits = (rows["due"] == due) & (rows["known"] > made)
    past = Obligations(
        member=rows["member_id"] - 100,
        ended=rows["ended"],
        due=rows["due"],
        known=known,
        is_dated=rows["is_dated"],
        is_watched=rows["is_watched"],
        region=np.arange(6) % 2,
    )
    share, _, _, history = forecast(
        past, made, HISTORY_DAYS["M"], past.member[waits], past.ended[waits], past.due[None, waits]
    )
    assert one["forecast_share"] == pytest.approx(share[0], abs=1e-12)
    assert one["member_id"].tolist() == rows["member_id"][waits].tolist()
    assert one["is_on_time"].tolist() == (rows["outcome"][waits] == 1).tolist()
    assert one["history_count"].tolist() == history.counts[past.member[waits]].tolist()


def test_the_baseline_is_the_members_own_share_by_then() -> None:
    rows = drawn(3)
    one = held_out(rows, "M", number(TODAY))[0]
    made = int(one["made_on"][0])
    for member, own in zip(one["member_id"], one["own_share"], strict=True):
        mine = (rows["member_id"] == member) & (rows["ended"] >= made - HISTORY_DAYS["M"])
        mine &= rows["ended"] <= made
        came = mine & (rows["known"] <= made)
        over = came | (mine & (rows["due"] < made))
        met = came & (rows["known"] <= rows["due"])
        assert own == pytest.approx(met.sum() / over.sum())


def test_what_happened_must_be_known() -> None:
    rows = drawn(4)
    last = rows["due"] == max(due for due in rows["due"] if due < number(TODAY))
    rows["outcome"] = np.where(last & (rows["member_id"] == 101), -1, rows["outcome"])
    found = held_out(rows, "M", number(TODAY))
    assert 101 in found[0]["member_id"]
    assert all(101 not in one["member_id"] for one in found[-2:])


def test_waived_obligations_are_not_tested() -> None:
    rows = drawn(5)
    rows["is_watched"] = rows["member_id"] != 102
    assert all(102 not in one["member_id"] for one in held_out(rows, "M", number(TODAY)))


def test_a_log_without_days_tests_nothing() -> None:
    rows = drawn(6)
    rows["is_dated"] = np.zeros(rows["ended"].size, dtype=bool)
    assert held_out(rows, "M", number(TODAY)) == []


def test_a_member_without_a_past_is_as_punctual_as_all() -> None:
    rows = drawn(7)
    period = rows["period_id"][rows["due"] < number(TODAY)].max()
    is_new = (rows["member_id"] == 103) & (rows["period_id"] < period)
    kept = {name: values[~is_new] for name, values in rows.items()}
    at_end = held_out(kept, "M", number(TODAY))[-2]
    made = int(at_end["made_on"][0])
    old = (kept["ended"] >= made - HISTORY_DAYS["M"]) & (kept["ended"] <= made)
    came = old & (kept["known"] <= made)
    over = came | (old & (kept["due"] < made))
    share = (came & (kept["known"] <= kept["due"])).sum() / over.sum()
    (own,) = at_end["own_share"][at_end["member_id"] == 103]
    assert own == pytest.approx(share)


@pytest.mark.parametrize(
    ("day", "eve"),
    [
        (date(2024, 3, 15), date(2024, 2, 29)),
        (date(2024, 3, 1), date(2024, 2, 29)),
        (date(2025, 1, 31), date(2024, 12, 31)),
    ],
)
def test_the_eve_of_a_month(day: date, eve: date) -> None:
    assert eve_of_month(number(day)) == number(eve)
