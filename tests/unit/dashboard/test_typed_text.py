"""Typed texts: what is trimmed, and which cannot be kept."""

from __future__ import annotations

import pytest

from dashboard.typed_text import Flaw, typed_text


@pytest.mark.parametrize(
    ("value", "is_line", "text"),
    [
        ("", False, ""),
        ("  one\r\ntwo \n", False, "one\ntwo"),
        ("  Ann \n Lee ", True, "Ann Lee"),
        ("Пример 例 ❄", False, "Пример 例 ❄"),
        ("x" * 10, False, "x" * 10),
    ],
)
def test_blanks_around_do_not_count(value: str, is_line: bool, text: str) -> None:
    assert typed_text(value, 10 + 10 * is_line, is_line=is_line) == (text, None)


@pytest.mark.parametrize(
    ("value", "flaw"),
    [
        (None, "not_text"),
        (7, "not_text"),
        (["a"], "not_text"),
        ("x" * 11, "long"),
        ("a\x00b", "control"),
        ("a\x1bb", "control"),
        ("a\tb", "control"),
        ("a\ud800b", "control"),
    ],
)
def test_what_cannot_be_kept_is_told_and_left_out(value: object, flaw: Flaw) -> None:
    assert typed_text(value, 10) == ("", flaw)
