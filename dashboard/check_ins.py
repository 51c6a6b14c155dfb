"""A check-in on a key result: what may be written, and how two kinds of them make one list.

It must not store anything, nor know where check-ins are kept.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Literal

from dashboard.errors import SelectionError
from dashboard.framework import KeyResult
from dashboard.measures import Unit
from dashboard.typed_text import typed_text
from dashboard.words import Words

ANALYSIS_AT_MOST: Final = 1000
NEXT_STEP_AT_MOST: Final = 500
AUTHOR_AT_MOST: Final = 80
"""Characters."""

FIELDS: Final = ("value", "confidence", "analysis", "next_step", "author", "checked_in_on")
"""What is typed, in the order of the form."""

REPORTED: Final = "check_in"
"""Source of the key results whose number is what their owner says it is."""

VALUES: Final[Mapping[str, tuple[float, float]]] = {
    "share": (0.0, 1.0),
    "count": (0.0, 1e12),
    "days": (0.0, 36_600.0),
    "score": (0.0, 100.0),
    "points": (-1e6, 1e6),
}
"""Unit of a key result to its least and largest value."""

LATEST_ZONE: Final = timedelta(hours=14)
"""A day begins in Kiribati fourteen hours before it begins in Greenwich."""

_ENGLISH: Final = re.compile(r"[+-]?(?:\d{1,15}|\d{1,3}(?:[, ]\d{3}){1,4})(?:\.\d{1,12})?")
_FRENCH: Final = re.compile(r"[+-]?(?:\d{1,15}|\d{1,3}(?: \d{3}){1,4})(?:[.,]\d{1,12})?")
_AMBIGUOUS: Final = re.compile(r"[+-]?[1-9]\d{0,2}\.\d{3}")
"""In French either twelve hundred or one and a quarter."""

_NEEDED: Final = ("analysis", "author")
"""Texts without which a check-in says nothing."""

_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

Scale = Literal["percent", "fraction"]


@dataclass(frozen=True, slots=True)
class CheckIn:
    """What somebody says about a key result; a share is 0 to 1, a missing value None."""

    checked_in_on: date
    value: float | None
    confidence: float
    analysis: str
    next_step: str
    author: str


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a field: the key of its sentence, and what the sentence names."""

    field: str
    flaw: str
    found: str = ""
    low: float | date | None = None
    high: float | date | None = None
    unit: Unit | None = None

    def sentence(self, words: Words) -> str:
        """Say what was found, what is accepted and what to do.

        Parameters
        ----------
        words : Words
            Of the reader's language.

        Returns
        -------
        str
            One or two sentences.
        """
        return words(
            f"check-in.flaw_{self.flaw}",
            found=self.found,
            low=_bound(self.low, self.unit, words),
            high=_bound(self.high, self.unit, words),
        )


class CheckInError(SelectionError):
    """A check-in that is not accepted; every problem is named."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__(
            "; ".join(f"{one.field} is {one.flaw}: {one.found!r}" for one in problems) + ".",
            "Each field says what it accepts.",
            "Mend what is named and send it again.",
        )


def checked_check_in(
    typed: Mapping[str, object],
    result: KeyResult,
    *,
    now: datetime,
    language: str = "en",
    scale: Scale = "percent",
) -> CheckIn:
    """Return a check-in that may be written about a key result.

    Parameters
    ----------
    typed : mapping of str to object
        The fields as they came: text, or None where nothing was typed. Blanks around do not
        count. A number is written as `language` does.
    result : KeyResult
        What it is about: only a reported one takes a value.
    now : datetime
        The moment, UTC. A missing day is that of now; a later one must have begun somewhere.
    language : {"en", "fr"}, default "en"
        Whose decimal sign is used.
    scale : {"percent", "fraction"}, default "percent"
        What a share without a percent sign is.

    Returns
    -------
    CheckIn
        Trimmed; shares are 0 to 1.

    Raises
    ------
    CheckInError
        If something is not accepted; every problem is named at once.
    """
    problems: list[Problem] = []
    given = {name: "" if typed.get(name) is None else typed[name] for name in FIELDS}
    texts = {
        name: _text(given[name], name, most, problems)
        for name, most in {
            "analysis": ANALYSIS_AT_MOST,
            "next_step": NEXT_STEP_AT_MOST,
            "author": AUTHOR_AT_MOST,
        }.items()
    }
    value = _value(given["value"], result, language, scale, problems)
    confidence = _number("confidence", given["confidence"], "share", language, scale, problems)
    day = _day(given["checked_in_on"], result, now, problems)
    blamed = {one.field for one in problems}
    said = {"confidence": confidence is not None, **{name: bool(texts[name]) for name in _NEEDED}}
    problems += [
        Problem(name, f"{name}_empty")
        for name, is_said in said.items()
        if not (is_said or name in blamed)
    ]
    if problems:
        raise CheckInError(tuple(sorted(problems, key=lambda one: FIELDS.index(one.field))))
    assert confidence is not None
    return CheckIn(day, value, confidence, texts["analysis"], texts["next_step"], texts["author"])


def read_number(text: str, language: str) -> float | None:
    r"""Read a number as people of a language write it.

    Parameters
    ----------
    text : str
        Such as ``1,250.5`` in English, ``1 250,5`` in French.
    language : {"en", "fr"}
        Whose signs are used.

    Returns
    -------
    float or None
        None if it is no number, or could be two.

    Examples
    --------
    >>> read_number("1,250.5", "en"), read_number("1\u202f250,5", "fr")
    (1250.5, 1250.5)
    >>> read_number("1.250", "fr") is None, read_number("nan", "en") is None
    (True, True)
    """
    plain = text.strip().replace("\u2212", "-")
    form = _FRENCH if language == "fr" else _ENGLISH
    if not plain.isascii():
        plain = re.sub(r"[\u00a0\u2009\u202f]", " ", plain)
    if not plain.isascii() or form.fullmatch(plain) is None:
        return None
    if language == "fr":
        if _AMBIGUOUS.fullmatch(plain):
            return None
        plain = plain.replace(",", ".")
    return float(re.sub(r"[, ]", "", plain))


def _text(value: object, name: str, most: int, problems: list[Problem]) -> str:
    text, flaw = typed_text(value, most, is_line=name == "author")
    if flaw == "long":
        problems.append(Problem(name, "long", str(len(str(value).strip())), high=float(most)))
    elif flaw is not None:
        problems.append(Problem(name, flaw, _shown(value)))
    return text


def _value(
    given: object, result: KeyResult, language: str, scale: Scale, problems: list[Problem]
) -> float | None:
    if result.source == REPORTED:
        return _number("value", given, result.unit, language, scale, problems)
    if not isinstance(given, str) or given.strip():
        problems.append(Problem("value", f"value_{result.source}", _shown(given)))
    return None


def _number(
    name: str,
    given: object,
    unit: Unit,
    language: str,
    scale: Scale,
    problems: list[Problem],
) -> float | None:
    """Read a number within the bounds of its unit; None if nothing was typed or it is wrong."""
    text = given.strip() if isinstance(given, str) else given
    if text == "":
        return None
    is_percent = isinstance(text, str) and text.endswith("%") and unit == "share"
    plain = text.removesuffix("%") if is_percent and isinstance(text, str) else text
    number = read_number(plain, language) if isinstance(plain, str) else None
    if number is None or not math.isfinite(number):
        problems.append(Problem(name, "number_unreadable", _shown(given)))
        return None
    if unit == "share" and (is_percent or scale == "percent"):
        number /= 100
    low, high = VALUES[unit]
    if not low <= number <= high:
        flaw = "share_outside" if unit == "share" and scale == "fraction" else "number_outside"
        problems.append(Problem(name, flaw, _shown(given), low, high, unit))
        return None
    return number


def _day(given: object, result: KeyResult, now: datetime, problems: list[Problem]) -> date:
    today, latest = now.date(), (now + LATEST_ZONE).date()
    text = given.strip() if isinstance(given, str) else given
    if text == "":
        return today
    try:
        day = date.fromisoformat(text) if isinstance(text, str) and _DAY.fullmatch(text) else None
    except ValueError:
        day = None
    flaw = None
    if day is None:
        flaw = "day_unreadable"
    elif day > latest:
        flaw = "day_future"
    elif day < result.started_on:
        flaw = "day_early"
    if flaw is None and day is not None:
        return day
    problems.append(Problem("checked_in_on", flaw or "", _shown(given), result.started_on, latest))
    return today


def _shown(value: object) -> str:
    """Return what was typed, short and without what cannot be shown."""
    return "".join(one if one.isprintable() else "\u00b7" for one in str(value).strip()[:40])


def _bound(bound: float | date | None, unit: Unit | None, words: Words) -> str:
    if isinstance(bound, date):
        return words.day(bound)
    return words.value(bound, unit) if unit else words.number(bound)
