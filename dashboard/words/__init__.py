"""The product's texts in its two languages, and how numbers, days and months read in each.

Texts live in ``<language>/<subject>.toml``; a key is ``subject.name``. It must
not know what the texts are used for.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

from dashboard.measures import MEASURES, Unit

_FOLDER: Final = Path(__file__).parent
MISSING: Final = "–"
THIN_SPACE: Final = "\u202f"

_MONTHS: Final[Mapping[str, tuple[str, ...]]] = {
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    "fr": (
        *("janv.", "févr.", "mars", "avr.", "mai", "juin"),
        *("juil.", "août", "sept.", "oct.", "nov.", "déc."),
    ),
}
_SCALES: Final[Mapping[str, tuple[tuple[float, str], ...]]] = {
    "en": ((1e12, "tn"), (1e9, "bn"), (1e6, "m"), (1e3, "k")),
    "fr": ((1e12, "Bn"), (1e9, "Md"), (1e6, "M"), (1e3, "k")),
}

_PLAIN: Final = tuple(f"{{:,.{digits}f}}".format for digits in range(7))
"""Writers of a number by its digits: made once, since a page has tens of thousands."""


@dataclass(frozen=True)
class Words:
    """The texts and number forms of one language.

    Parameters
    ----------
    language : str
        ``en`` or ``fr``.
    texts : mapping of str to str
        Key to text.
    """

    language: str
    texts: Mapping[str, str] = field(repr=False)

    def __call__(self, key: str, /, **values: object) -> str:
        """Return a text with its blanks filled.

        Parameters
        ----------
        key : str
            ``subject.name``.
        **values : object
            What fills the ``{blanks}``.

        Returns
        -------
        str
            The text.

        Raises
        ------
        KeyError
            If there is no such text: a programming error.
        """
        text = self.texts[key]
        return text.format(**values) if values else text

    def has(self, key: str) -> bool:
        """Tell whether a text exists.

        Parameters
        ----------
        key : str
            ``subject.name``.

        Returns
        -------
        bool
            True if it does.
        """
        return key in self.texts

    def label(self, measure: str) -> str:
        """Return a measure's label.

        Parameters
        ----------
        measure : str
            A key of ``MEASURES``.

        Returns
        -------
        str
            Its label in this language.
        """
        return self(f"measure.{measure}")

    def name(self, row: Mapping[str, Any], stem: str = "name") -> str:
        """Return the column of a row that is in this language.

        Parameters
        ----------
        row : mapping
            Has ``<stem>_en`` and ``<stem>_fr``.
        stem : str, default "name"
            Of the column's name.

        Returns
        -------
        str
            The text.
        """
        return str(row[f"{stem}_{self.language}"])

    def number(self, value: float | None, digits: int = 0) -> str:
        r"""Return a plain number, grouped as the language does.

        Parameters
        ----------
        value : float or None
            NaN and None read as missing.
        digits : int, default 0
            After the decimal sign.

        Returns
        -------
        str
            Such as ``1,204`` or ``1 204``.

        Examples
        --------
        >>> read_words("en").number(1204), read_words("fr").number(1204.5, 1)
        ('1,204', '1\u202f204,5')
        """
        if _is_missing(value):
            return MISSING
        assert value is not None
        return self._number(value, digits)

    def _number(self, value: float, digits: int) -> str:
        text = _PLAIN[digits](value)
        if text[0] == "-":
            text = "\u2212" + text[1:] if text.strip("-0.,") else text[1:]
        if self.language == "fr":
            text = text.replace(",", THIN_SPACE).replace(".", ",")
        return text

    def short(self, value: float | None) -> str:
        """Return a large number in three significant digits and a scale word.

        Parameters
        ----------
        value : float or None
            Any size.

        Returns
        -------
        str
            Such as ``1.2 bn`` or ``1,2 Md``.

        Examples
        --------
        >>> read_words("en").short(1_203_441_220.31)
        '1.2 bn'
        """
        if _is_missing(value):
            return MISSING
        assert value is not None
        return self._short(value)

    def _short(self, value: float) -> str:
        size = abs(value)
        for scale, word in _SCALES[self.language]:
            # 999.95 would print as 1,000 of the scale below.
            if size >= scale * 0.99995:
                scaled = value / scale
                return f"{self._number(scaled, 1 if abs(scaled) < 99.95 else 0)} {word}"
        if size >= 100 or value == int(value):
            return self._number(value, 0)
        return self._number(value, 1 if size >= 10 else 2)

    def value(self, value: float | None, unit: Unit, *, is_change: bool = False) -> str:
        """Return a number with its unit.

        Parameters
        ----------
        value : float or None
            In the unit's stored form: a share is 0 to 1.
        unit : str
            A unit of ``dashboard.measures``.
        is_change : bool, default False
            Write the sign, and differences of shares as points.

        Returns
        -------
        str
            Such as ``78 %``, ``USD 1.2 bn``, ``USD 4.20/kg``, ``12 days``.
        """
        if _is_missing(value):
            return MISSING
        assert value is not None
        sign = "+" if is_change and value > 0 else ""
        match unit:
            case "share":
                percent = value * 100
                digits = 1 if 0 < abs(percent) < 9.95 or 99 < percent < 100 else 0
                text = self.number(percent, digits)
                if is_change:
                    return f"{sign}{text} {self('unit.points')}"
                return f"{text}{THIN_SPACE if self.language == 'fr' else ' '}%"
            case "usd":
                short = self._short(value)
                return f"{sign}{short} USD" if self.language == "fr" else f"USD {sign}{short}"
            case "usd_per_kg":
                return f"{self.value(value, 'usd', is_change=is_change)}/kg"
            case "kg":
                return f"{sign}{self.short(value / 1000)} t"
            case "days":
                word = "unit.day" if abs(round(value)) == 1 else "unit.days"
                return f"{sign}{self.number(value)} {self(word)}"
            case "months":
                word = "unit.month" if abs(round(value)) == 1 else "unit.months"
                return f"{sign}{self.number(value)} {self(word)}"
            case "score" | "points":
                return sign + self.number(value, 0 if abs(value) >= 10 or value == 0 else 1)
            case "ratio" | "index":
                return sign + self.number(value, 2)
            case _:
                return sign + (self.number(value) if abs(value) < 1e6 else self.short(value))

    def measured(self, value: float | None, measure: str, *, is_change: bool = False) -> str:
        """Return a measure's value with its unit.

        Parameters
        ----------
        value : float or None
            In the stored form.
        measure : str
            A key of ``MEASURES``.
        is_change : bool, default False
            See :meth:`value`.

        Returns
        -------
        str
            As :meth:`value`.
        """
        return self.value(value, MEASURES[measure].unit, is_change=is_change)

    def day(self, day: date | None) -> str:
        """Return a day, such as ``3 Mar 2024``.

        Parameters
        ----------
        day : date or None
            Missing reads as a dash.

        Returns
        -------
        str
            The day in this language.
        """
        if day is None or day != day:
            return MISSING
        return f"{day.day} {_MONTHS[self.language][day.month - 1]} {day.year}"

    def period(self, period_id: int) -> str:
        """Return a period, such as ``Mar 2024`` or ``2024``.

        Parameters
        ----------
        period_id : int
            202403 or 2024.

        Returns
        -------
        str
            The period in this language.
        """
        if period_id < 10_000:
            return str(period_id)
        return f"{_MONTHS[self.language][period_id % 100 - 1]} {period_id // 100}"

    def month(self, month: str) -> str:
        """Return a month given as ``YYYY-MM``.

        Parameters
        ----------
        month : str
            ``YYYY-MM``.

        Returns
        -------
        str
            Such as ``Mar 2024``.
        """
        return self.period(int(month[:4]) * 100 + int(month[5:7]))


def read_words(language: str) -> Words:
    """Read the texts of a language.

    Parameters
    ----------
    language : str
        ``en`` or ``fr``.

    Returns
    -------
    Words
        Its texts.
    """
    texts: dict[str, str] = {}
    for path in sorted((_FOLDER / language).glob("*.toml")):
        with path.open("rb") as file:
            document = tomllib.load(file)
        for key, text in _flat(document):
            texts[f"{path.stem}.{key}"] = text
    return Words(language, texts)


def _flat(document: Mapping[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for key, value in document.items():
        if isinstance(value, dict):
            pairs += _flat(value, f"{prefix}{key}.")
        else:
            pairs.append((prefix + key, str(value)))
    return pairs


def _is_missing(value: float | None) -> bool:
    if type(value) is float:  # nearly always, and asked of every number on a page
        return value != value
    # pandas' NA compares to nothing, so it is told by its name.
    return value is None or type(value).__name__ == "NAType" or math.isnan(value)
