"""What a forecast may know on a day, and what it must not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.stats.open_obligations import (
    ASKED,
    HISTORY_DAYS,
    NOT_KNOWN,
    Obligations,
    end_of_month,
    forecast,
    known_history,
    outstanding,
)

MONTH, DUE = 30, 45
DAY = 10 * MONTH + 10
SPAN = HISTORY_DAYS["M"]


def owed(delays: list[list[int | None]], region: list[int], **flags: list[bool]) -> Obligations:
    """Each member's delays, days, of months that end on day 0, 30, 60 ...; None: it never came."""
    member = np.repeat(np.arange(len(delays)), [len(own) for own in delays])
    ended = np.concatenate([MONTH * np.arange(len(own)) for own in delays]).astype("int64")
    days = [delay for own in delays for delay in own]
    known = [NOT_KNOWN if d is None else e + d for e, d in zip(ended, days, strict=True)]
    every = np.ones(member.size, dtype=bool)
    return Obligations(
        member=member,
        ended=ended,
        due=ended + DUE,
        known=np.array(known, dtype="int64"),
        is_dated=np.array(flags.get("is_dated", every)),
        is_watched=np.array(flags.get("is_watched", every)),
        region=np.array(region),
    )


def asked(past: Obligations, day: int, ahead: int = 90) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities within so many days of what is open, and the history's counts."""
    waits = (past.known > day) & (past.ended <= day)
    until = np.full((1, int(waits.sum())), day + ahead)
    share, _, _, history = forecast(past, day, SPAN, past.member[waits], past.ended[waits], until)
    return share[0], history.counts


def test_history_is_what_had_come_and_what_was_still_missing() -> None:
    # Month 0 came after 20 days, month 1 (ends on day 30) after 40, month 2 (day 60) never.
    history = known_history(owed([[20, 40, None]], [0]), 65, SPAN)
    assert history.days.tolist() == [20, 35, 5]
    assert history.has_arrived.tolist() == [True, False, False]
    assert history.counts.tolist() == [1]  # neither of the others has fallen due by day 65
    assert history.on_time_share.tolist() == [1.0]
    later = known_history(owed([[20, 50, None]], [0]), 120, SPAN)
    assert later.counts.tolist() == [3]
    assert later.on_time_share.tolist() == [1 / 3]


def test_waived_and_unlogged_periods_are_not_looked_at() -> None:
    history = known_history(owed([[20, None]], [0], is_watched=[True, False]), 200, SPAN)
    assert history.days.tolist() == [20]


def test_old_periods_are_not_looked_at() -> None:
    assert known_history(owed([[20, 21]], [0]), 200, 180).days.tolist() == [21]


def test_receipts_without_a_day_are_left_out() -> None:
    history = known_history(owed([[20, 30, 40]], [0], is_dated=[True, False, True]), 200, SPAN)
    assert history.days.tolist() == [20, 40]


def test_a_member_known_mostly_without_days_has_no_history() -> None:
    past = owed([[20, 30, 40, None], [10]], [0, 0], is_dated=[True, False, False, False, True])
    history = known_history(past, 250, SPAN)
    assert history.member.tolist() == [1]
    assert history.counts.tolist() == [0, 1]


@pytest.mark.parametrize(
    ("delays", "expected"),
    [
        ([[]], []),  # nothing owed
        ([[None]], [np.nan]),  # a single obligation, never met
        ([[None] * 10], [np.nan] * 10),  # all overdue
        ([[20] * 10], []),  # all received
    ],
)
def test_histories_that_say_nothing(delays: list[list[int | None]], expected: list[float]) -> None:
    assert asked(owed(delays, [0]), DAY)[0].tolist() == pytest.approx(expected, nan_ok=True)


def test_all_waived_says_nothing() -> None:
    past = owed([[20, None]], [0], is_watched=[False, False])
    assert np.isnan(asked(past, DAY)[0]).all()


def test_delays_that_never_vary_give_a_sure_forecast() -> None:
    # Always after 20 days; on the 10th day after the last month it is sure to come by the 20th.
    past = owed([[20] * 10 + [None]], [0])
    sure, _ = asked(past, DAY, ahead=10)
    assert sure[-1] == pytest.approx(1, abs=0.1)  # the month still open counts against it a little
    assert asked(past, DAY, ahead=9)[0][-1] == 0


def test_a_new_member_borrows_from_its_region() -> None:
    past = owed([[20, 40] * 5, [None]], [0, 0])
    ended, due = np.append(past.ended[:-1], DAY), np.append(past.due[:-1], DAY + DUE)
    share, counts = asked(replace(past, ended=ended, due=due), DAY, ahead=25)
    assert counts.tolist()[1] == 0
    assert share[-1] == pytest.approx(0.5, abs=0.15)


delay = st.one_of(st.none(), st.integers(0, 120))


@given(
    st.lists(st.lists(delay, min_size=6, max_size=14), min_size=2, max_size=4),
    st.integers(60, 400),
    st.randoms(use_true_random=False),
)
def test_what_becomes_known_later_changes_no_forecast(
    delays: list[list[int | None]], day: int, random: object
) -> None:
    past = owed(delays, [i % 2 for i in range(len(delays))])
    is_later = past.known > day
    changed = past.known.copy()
    drawn = [day + 1 + random.randrange(300) for _ in range(int(is_later.sum()))]  # type: ignore[attr-defined]
    changed[is_later] = drawn
    dated = np.where(is_later, ~past.is_dated, past.is_dated)
    told = replace(past, known=changed, is_dated=dated)
    for one, other in zip(
        (*asked(past, day), *asked(past, day, 10)),
        (*asked(told, day), *asked(told, day, 10)),
        strict=True,
    ):
        np.testing.assert_array_equal(one, other)


def test_outstanding_are_forecast_for_three_days() -> None:
    past = owed([[20, 25, 60, None], [30, None, 35, None], [None, 10, 12, 15]], [0, 0, 1])
    is_asked = np.ones(past.member.size, dtype=bool)
    is_asked[-1] = False
    found = outstanding(past, is_asked, DAY, SPAN)
    assert found["place"].tolist() == [3, 5, 7, 8]
    assert found["days_gone"].tolist() == [DAY - 90, DAY - 30, DAY - 90, DAY]
    assert found["history_count"].tolist() == [4, 4, 4, 4]
    until = {
        "by_due": past.due[found["place"]],
        "by_month_end": np.full(4, end_of_month(DAY)),
        "within_90_days": np.full(4, DAY + 90),
    }
    assert tuple(until) == ASKED
    member, ended = past.member[found["place"]], past.ended[found["place"]]
    for name, days in until.items():
        share, low, high, _ = forecast(past, DAY, SPAN, member, ended, days[None])
        for part, expected in (("share", share), ("low", low), ("high", high)):
            np.testing.assert_array_equal(found[f"{name}_{part}"], expected[0])


def test_nothing_outstanding_is_nothing() -> None:
    past = owed([[20, 25], [30, 10]], [0, 1])
    found = outstanding(past, np.ones(4, dtype=bool), DAY, SPAN)
    assert {len(values) for values in found.values()} == {0}
