"""Reminders: when a check-in is due, and what an owner is written, on hand cases."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest

from dashboard.reminders import next_due, reminder
from dashboard.stats.progress import is_stale
from dashboard.words import read_words

TODAY = date(2024, 4, 2)


def results(*rows: tuple[str, str | None, int]) -> pd.DataFrame:
    """Id, last check-in, cadence; all began on 1 January 2024."""
    return pd.DataFrame(
        {
            "key_result_id": [one[0] for one in rows],
            "tactic_id": "1.3",
            "name_en": [f"Result {one[0]}" for one in rows],
            "name_fr": [f"Résultat {one[0]}" for one in rows],
            "owner": "Analytics",
            "last_check_in_on": pd.to_datetime([one[1] for one in rows]),
            "started_on": pd.Timestamp("2024-01-01"),
            "cadence_days": [one[2] for one in rows],
        }
    )


@pytest.mark.parametrize(
    ("last", "cadence", "due_on", "late", "state"),
    [
        ("2024-01-01", 91, "2024-04-01", 1, "overdue"),
        ("2024-01-02", 91, "2024-04-02", 0, "soon"),
        ("2024-02-01", 91, "2024-05-02", -30, "soon"),
        ("2024-02-02", 91, "2024-05-03", -31, "later"),
        (None, 91, "2024-04-01", 1, "overdue"),  # from the start
        (None, 200, "2024-07-19", -108, "later"),
        ("2024-04-20", 10, "2024-04-30", -28, "soon"),  # typed about a later day
    ],
)
def test_the_cadence_runs_from_the_last_check_in(
    last: str | None, cadence: int, due_on: str, late: int, state: str
) -> None:
    row = next_due(results(("r", last, cadence)), TODAY).iloc[0]
    assert str(row["due_on"].date()) == due_on
    assert row["days_overdue"] == late
    assert row["check_in_state"] == state


def test_overdue_is_what_the_board_calls_stale() -> None:
    for ago in range(85, 96):
        last = TODAY - timedelta(days=ago)
        row = next_due(results(("r", last.isoformat(), 91)), TODAY).iloc[0]
        stale = is_stale(np.datetime64(last), np.datetime64(TODAY), 91)
        assert (row["check_in_state"] == "overdue") == bool(stale)


def test_the_longest_overdue_come_first_and_ties_by_name() -> None:
    table = next_due(
        results(("c", "2024-01-01", 30), ("b", "2023-06-01", 30), ("a", "2024-01-01", 30)), TODAY
    )
    assert table["key_result_id"].tolist() == ["b", "a", "c"]


def test_no_key_result_owes_nothing() -> None:
    table = next_due(results(), TODAY)
    assert table.empty
    assert {"due_on", "days_overdue", "check_in_state"} <= set(table.columns)


@pytest.mark.parametrize(
    ("language", "overdue", "soon", "never", "last"),
    [
        ("en", "overdue:", "due by 2 May 2024", "none yet", "Last check-in: 20 Mar 2024"),
        ("fr", "en retard :", "d'ici le 2 mai 2024", "pas encore", "20 mars 2024"),
    ],
)
def test_an_owner_is_told_what_is_overdue_and_what_is_due(
    language: str, overdue: str, soon: str, never: str, last: str
) -> None:
    table = next_due(results(("old", None, 60), ("near", "2024-03-20", 30)), TODAY)
    rows: list[Any] = table.to_dict("records")
    words = read_words(language)
    title, text = reminder("Analytics", rows, words, TODAY, "Synthetic sample.")
    assert "2" in title
    assert "Analytics" in text
    first, second = text.index(overdue), text.index(soon)
    assert first < text.index(rows[0][f"name_{language}"]) < second
    assert second < text.index(rows[1][f"name_{language}"])
    assert never in text
    assert last in text
    assert text.endswith("Synthetic sample.")


def test_a_part_without_anything_is_left_out() -> None:
    rows: list[Any] = next_due(results(("near", "2024-03-20", 30)), TODAY).to_dict("records")
    _, text = reminder("Analytics", rows, read_words("en"), TODAY, "")
    assert "overdue" not in text
