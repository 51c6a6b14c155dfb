"""Cases: their ids, and what may be written after what."""

from __future__ import annotations

import pytest

from dashboard.cases import (
    AUTHOR_AT_MOST,
    NEXT_STATES,
    NOTE_AT_MOST,
    STATES,
    Case,
    checked_entry,
    read_case,
)
from dashboard.errors import SelectionError


def test_a_case_and_its_id() -> None:
    case = Case("KEN", "X", "27", 202403)
    assert case.id == "KEN.X.27.202403"
    assert read_case(case.id) == case
    assert read_case("S19.M.0302.2019") == Case("S19", "M", "0302", 2019)


@pytest.mark.parametrize(
    "text",
    [None, "", "KEN", "KEN.X.27", "ken.X.27.202403", "KEN.RX.27.202403", "KEN.X.2.202403",
     "KEN.X.271.202403", "KEN.X.27.20240", "KEN.X.27.202403 ", "KEN.X.27.202403\n",
     "KEN.X.27.٢٠٢٤", "../../x"],
)  # fmt: skip
def test_what_is_no_case_is_none(text: str | None) -> None:
    assert read_case(text) is None


@pytest.mark.parametrize("before", STATES)
@pytest.mark.parametrize("state", STATES)
def test_only_a_state_that_may_follow_is_accepted(before: str, state: str) -> None:
    if state in NEXT_STATES[before]:
        assert checked_entry(state, "because", "Ann", before).state == state
    else:
        with pytest.raises(SelectionError, match="does not follow"):
            checked_entry(state, "because", "Ann", before)


def test_an_explanation_needs_a_note_and_a_question_does_not() -> None:
    assert checked_entry("asked", "  ", "Ann", "open").note == ""
    for state, before in (("explained", "asked"), ("open", "corrected")):
        with pytest.raises(SelectionError, match="needs a note"):
            checked_entry(state, "  ", "Ann", before)


def test_blanks_around_and_in_names_do_not_count() -> None:
    entry = checked_entry("asked", "  one\r\ntwo ", "  Ann   Lee ", "open")
    assert (entry.note, entry.author) == ("one\ntwo", "Ann Lee")


@pytest.mark.parametrize(
    ("state", "note", "author", "found"),
    [
        ("asked", "n" * (NOTE_AT_MOST + 1), "Ann", "note has 1001 characters"),
        ("asked", "", "a" * (AUTHOR_AT_MOST + 1), "author has 81 characters"),
        ("asked", "", "   ", "author is empty"),
        ("asked", "a\x00b", "Ann", "control character"),
        ("asked", "a\ud800b", "Ann", "control character"),
        ("asked", "", "A\x1bnn", "control character"),
        ("asked", None, "Ann", "note is not a text"),
        ("asked", "", 7, "author is not a text"),
        ("closed", "", "Ann", "state='closed' is none of"),
        (["asked"], "", "Ann", "is none of"),
        (None, "", "Ann", "is none of"),
    ],
)
def test_what_is_not_accepted_is_named(
    state: object, note: object, author: object, found: str
) -> None:
    with pytest.raises(SelectionError, match=found):
        checked_entry(state, note, author, "open")


def test_all_problems_are_named_at_once() -> None:
    with pytest.raises(SelectionError) as caught:
        checked_entry("closed", None, 5, "open")
    for name in ("note", "author", "state"):
        assert name in caught.value.found


def test_as_long_as_allowed_is_accepted() -> None:
    entry = checked_entry("asked", "é" * NOTE_AT_MOST, "a" * AUTHOR_AT_MOST, "open")
    assert len(entry.note) == NOTE_AT_MOST
