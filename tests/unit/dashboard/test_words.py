"""The words of both languages fit each other, and numbers read as each language writes them."""

from __future__ import annotations

import math
import string
from datetime import date

import pytest

from dashboard.measures import MEASURES
from dashboard.words import MISSING, THIN_SPACE, Words, read_words

ENGLISH, FRENCH = read_words("en"), read_words("fr")


def _blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_languages_have_the_same_keys() -> None:
    assert set(ENGLISH.texts) == set(FRENCH.texts)


@pytest.mark.parametrize("key", sorted(ENGLISH.texts))
def test_both_languages_fill_the_same_blanks(key: str) -> None:
    assert _blanks(ENGLISH.texts[key]) == _blanks(FRENCH.texts[key])


@pytest.mark.parametrize("measure", sorted(MEASURES))
def test_every_measure_has_a_label_in_both_languages(measure: str) -> None:
    assert ENGLISH.label(measure)
    assert FRENCH.label(measure)


@pytest.mark.parametrize(
    ("value", "english", "french"),
    [
        (1_203_441_220.31, "USD 1.2 bn", "1,2 Md USD"),
        (999_960, "USD 1.0 m", "1,0 M USD"),
        (999.0, "USD 999", "999 USD"),
        (-2_500_000, "USD −2.5 m", "−2,5 M USD"),
        (0.0, "USD 0", "0 USD"),
        (4.2e13, "USD 42.0 tn", "42,0 Bn USD"),
        (math.nan, MISSING, MISSING),
        (None, MISSING, MISSING),
    ],
)
def test_money_is_short_and_carries_its_unit(
    value: float | None, english: str, french: str
) -> None:
    assert ENGLISH.value(value, "usd") == english
    assert FRENCH.value(value, "usd") == french


@pytest.mark.parametrize(
    ("share", "english", "french"),
    [
        (0.78, "78 %", f"78{THIN_SPACE}%"),
        (0.0, "0 %", f"0{THIN_SPACE}%"),
        (1.0, "100 %", f"100{THIN_SPACE}%"),
        (0.0123, "1.2 %", f"1,2{THIN_SPACE}%"),
        (0.996, "99.6 %", f"99,6{THIN_SPACE}%"),
    ],
)
def test_shares_are_percentages_only_on_screen(share: float, english: str, french: str) -> None:
    assert ENGLISH.value(share, "share") == english
    assert FRENCH.value(share, "share") == french


def test_a_change_of_a_share_is_in_points_with_its_sign() -> None:
    assert ENGLISH.value(0.03, "share", is_change=True) == "+3.0 points"
    assert FRENCH.value(-0.12, "share", is_change=True) == "−12 points"


def test_days_and_periods_are_written_in_the_language() -> None:
    assert ENGLISH.day(date(2024, 8, 27)) == "27 Aug 2024"
    assert FRENCH.day(date(2024, 8, 27)) == "27 août 2024"
    assert ENGLISH.period(202402) == "Feb 2024"
    assert FRENCH.month("2024-02") == "févr. 2024"
    assert ENGLISH.period(2024) == "2024"
    assert ENGLISH.day(None) == MISSING


def test_one_day_is_singular() -> None:
    assert ENGLISH.value(1, "days") == "1 day"
    assert ENGLISH.value(12, "days") == "12 days"
    assert FRENCH.value(1, "days") == "1 jour"


def test_an_unknown_key_is_a_programming_error() -> None:
    with pytest.raises(KeyError):
        Words("en", {})("nothing.here")


def test_negative_zero_has_no_sign() -> None:
    assert ENGLISH.number(-0.0001, 1) == "0.0"
