"""Check-ins: what is accepted, and how each refusal says what was found and what to do."""

from __future__ import annotations

import string
import unicodedata
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.check_ins import (
    ANALYSIS_AT_MOST,
    AUTHOR_AT_MOST,
    FIELDS,
    NEXT_STEP_AT_MOST,
    VALUES,
    CheckIn,
    CheckInError,
    Problem,
    Scale,
    checked_check_in,
    read_number,
)
from dashboard.framework import KeyResult, Text
from dashboard.words import read_words

WORDS = {language: read_words(language) for language in ("en", "fr")}
NOW = datetime.fromisoformat("2026-11-27T09:00:00")


def result(**changes: Any) -> KeyResult:
    given: dict[str, Any] = {
        "id": "tool_users",
        "tactic": "1.3",
        "name": Text(en="Users", fr="Utilisateurs"),
        "source": "check_in",
        "unit": "count",
        "baseline": 40,
        "target": 400,
        "started_on": date(2023, 1, 1),
        "deadline_on": date(2027, 12, 31),
        "cadence_days": 91,
        "owner": "Analytics",
        **changes,
    }
    if given["source"] != "check_in":
        given["binding"] = "portal_share"
    return KeyResult(**given)


def entry(**changes: object) -> dict[str, object]:
    return {
        "value": "210",
        "confidence": "70",
        "analysis": "Two regions joined",
        "next_step": "Train the third",
        "author": "Ann Lee",
        "checked_in_on": "2026-11-20",
        **changes,
    }


def problems(typed: dict[str, object], about: KeyResult, **options: Any) -> list[Problem]:
    with pytest.raises(CheckInError) as caught:
        checked_check_in(typed, about, now=NOW, **options)
    return list(caught.value.problems)


def test_what_was_typed_is_read() -> None:
    found = checked_check_in(entry(), result(), now=NOW)
    assert found == CheckIn(
        date(2026, 11, 20), 210.0, 0.7, "Two regions joined", "Train the third", "Ann Lee"
    )


def test_what_need_not_be_typed_has_its_default() -> None:
    found = checked_check_in(
        {"confidence": "0", "analysis": "Stuck", "author": "Ann"}, result(), now=NOW
    )
    assert found == CheckIn(date(2026, 11, 27), None, 0.0, "Stuck", "", "Ann")


def test_a_share_is_typed_in_percent_on_the_page_and_as_a_fraction_by_command() -> None:
    about = result(unit="share", baseline=0.1, target=0.9)
    cases: tuple[tuple[str, Scale, float], ...] = (
        ("62.5", "percent", 0.625),
        ("62.5 %", "percent", 0.625),
        ("62.5%", "fraction", 0.625),
        ("0.625", "fraction", 0.625),
        ("0.625", "percent", 0.00625),
    )
    for typed, scale, value in cases:
        found = checked_check_in(entry(value=typed, confidence="1%"), about, now=NOW, scale=scale)
        assert found.value == pytest.approx(value)
        assert found.confidence == pytest.approx(0.01)


@pytest.mark.parametrize(
    ("text", "language", "number"),
    [
        ("1250", "en", 1250.0),
        ("1,250", "en", 1250.0),
        ("1,250.5", "en", 1250.5),
        ("12.5", "en", 12.5),
        ("-3", "en", -3.0),
        ("\u22123", "en", -3.0),
        ("12,5", "en", None),
        ("1,25,0", "en", None),
        ("1 250,5", "fr", 1250.5),
        ("1\u202f250,5", "fr", 1250.5),
        ("1\u00a0250", "fr", 1250.0),
        ("12.5", "fr", 12.5),
        ("0.125", "fr", 0.125),
        ("1.250", "fr", None),
        ("1,250.5", "fr", None),
        *(
            (text, "en", None)
            for text in ("", "nan", "inf", "1e5", "0x10", "1_000", "--1", "٣", "½")
        ),
        *((text, "fr", None) for text in ("", "NaN", "-inf", "1e5", "deux", "1 2", "1\n000")),
        ("9" * 16, "en", None),
    ],
)
def test_numbers_are_read_as_a_language_writes_them(
    text: str, language: str, number: float | None
) -> None:
    assert read_number(text, language) == number


@given(st.floats(0, 1e9), st.sampled_from(["en", "fr"]))
def test_a_number_that_the_product_writes_is_read_again(number: float, language: str) -> None:
    shown = WORDS[language].number(number, 2)
    assert read_number(shown, language) == pytest.approx(round(number, 2), abs=0.011)


@pytest.mark.parametrize(
    ("field", "typed", "flaw"),
    [
        ("value", "many", "number_unreadable"),
        ("value", "nan", "number_unreadable"),
        ("value", "inf", "number_unreadable"),
        ("value", 210, "number_unreadable"),
        ("value", ["210"], "number_unreadable"),
        ("value", "-1", "number_outside"),
        ("value", "1000000000001", "number_outside"),
        ("value", "50%", "number_unreadable"),
        ("confidence", "", "confidence_empty"),
        ("confidence", None, "confidence_empty"),
        ("confidence", "101", "number_outside"),
        ("confidence", "-1", "number_outside"),
        ("confidence", "sure", "number_unreadable"),
        ("confidence", True, "number_unreadable"),
        ("analysis", "", "analysis_empty"),
        ("analysis", " \n ", "analysis_empty"),
        ("analysis", "x" * (ANALYSIS_AT_MOST + 1), "long"),
        ("analysis", "a\x00b", "control"),
        ("analysis", {"a": 1}, "not_text"),
        ("next_step", "x" * (NEXT_STEP_AT_MOST + 1), "long"),
        ("next_step", "a\x1bb", "control"),
        ("next_step", 7, "not_text"),
        ("author", "", "author_empty"),
        ("author", "x" * (AUTHOR_AT_MOST + 1), "long"),
        ("author", "A\ud800", "control"),
        ("checked_in_on", "2026-11-29", "day_future"),
        ("checked_in_on", "9999-12-31", "day_future"),
        ("checked_in_on", "2022-12-31", "day_early"),
        ("checked_in_on", "2026-02-30", "day_unreadable"),
        ("checked_in_on", "27/11/2026", "day_unreadable"),
        ("checked_in_on", "20261127", "day_unreadable"),
        ("checked_in_on", "2026-W48-5", "day_unreadable"),
        ("checked_in_on", "today", "day_unreadable"),
        ("checked_in_on", 20261127, "day_unreadable"),
    ],
)
def test_what_is_not_accepted_is_told_of_its_field(field: str, typed: object, flaw: str) -> None:
    (problem,) = problems(entry(**{field: typed}), result())
    assert (problem.field, problem.flaw) == (field, flaw)
    for language in ("en", "fr"):
        sentence = problem.sentence(WORDS[language])
        assert "{found}" not in sentence
        assert sentence.endswith(".")
        shown = str(typed).strip()
        if flaw.startswith(("number", "day")):
            assert shown[:40] in sentence
        assert all(unicodedata.category(one) not in {"Cc", "Cs"} for one in sentence)


@pytest.mark.parametrize(("source", "word"), [("warehouse", "computed"), ("activity", "counted")])
def test_a_number_that_nobody_reports_is_refused_and_says_why(source: str, word: str) -> None:
    about = result(source=source, unit="share", baseline=0.1, target=0.9)
    (problem,) = problems(entry(value="50"), about)
    assert problem.field == "value"
    assert word in problem.sentence(WORDS["en"])
    assert checked_check_in(entry(value=" "), about, now=NOW).value is None


def test_every_problem_is_told_at_once_in_the_order_of_the_form() -> None:
    found = problems({"checked_in_on": "soon", "value": "x", "next_step": 1}, result())
    assert [one.field for one in found] == list(FIELDS)


def test_today_has_begun_where_it_begins_first() -> None:
    assert checked_check_in(entry(checked_in_on="2026-11-27"), result(), now=NOW)
    assert checked_check_in(
        entry(checked_in_on="2026-11-28"),
        result(),
        now=datetime.fromisoformat("2026-11-27T10:00:00"),
    )
    assert problems(entry(checked_in_on="2026-11-28"), result())[0].flaw == "day_future"


def test_bounds_are_told_in_the_unit_that_is_typed() -> None:
    about = result(unit="share", baseline=0.1, target=0.9)
    (problem,) = problems(entry(value="120"), about)
    assert "“120” is outside 0 % to 100 %" in problem.sentence(WORDS["en"])
    (problem,) = problems(
        entry(value="120", confidence="0,7"), about, language="fr", scale="fraction"
    )
    assert "0,7" in problem.sentence(WORDS["fr"])


def test_each_unit_of_the_framework_has_bounds() -> None:
    units = KeyResult.model_fields["unit"].annotation
    assert set(VALUES) == set(units.__args__)  # type: ignore[union-attr]  # a Literal


_TYPED = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=50),
    st.text(string.digits + ".,-% ", max_size=12), st.lists(st.text(), max_size=2),
)  # fmt: skip


@given(st.fixed_dictionaries(dict.fromkeys(FIELDS, _TYPED)), st.sampled_from(["en", "fr"]))
def test_whatever_comes_is_either_within_bounds_or_told(
    typed: dict[str, object], language: str
) -> None:
    about = result(unit="share", baseline=0.1, target=0.9)
    found: CheckIn | None = None
    told: list[str] = []
    try:
        found = checked_check_in(typed, about, now=NOW, language=language)
    except CheckInError as error:
        told = [one.sentence(WORDS[language]) for one in error.problems]
    assert (found is None) == bool(told)
    assert all(told)
    if found is not None:
        assert found.value is None or 0 <= found.value <= 1
        assert 0 <= found.confidence <= 1
        assert about.started_on <= found.checked_in_on <= date(2026, 11, 27)
        assert 0 < len(found.analysis) <= ANALYSIS_AT_MOST
        assert 0 < len(found.author) <= AUTHOR_AT_MOST
