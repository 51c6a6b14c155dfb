"""Reads the fields of one record with their meaning: numbers, days, areas, texts of a list.

Nothing here knows a file or a table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Final

from dashboard.warehouse.resolving import NO_REPORTER_KINDS, Areas

YES: Final = ("1", "true", "yes", "y", "t", "oui")
NO: Final = ("0", "false", "no", "n", "f", "non")


class RecordError(Exception):
    """A record cannot be placed; it becomes a finding and stops nothing."""

    def __init__(self, field_name: str, value: str, expected: str) -> None:
        self.field = field_name
        self.value = value
        self.expected = expected
        super().__init__(f"{field_name}={value!r}: expected {expected}")


class Fields:
    """One record's fields, read with their meaning; each reader raises `RecordError`."""

    def __init__(self, values: Mapping[str, str], areas: Areas) -> None:
        self._values = values
        self._areas = areas

    def text(self, name: str) -> str:
        """Return a field as text, empty if the file lacks it.

        Parameters
        ----------
        name : str
            Name of the field.

        Returns
        -------
        str
            Without outer blanks.
        """
        return self._values.get(name, "").strip()

    def needed(self, name: str) -> str:
        """Return a field that must not be empty.

        Parameters
        ----------
        name : str
            Name of the field.

        Returns
        -------
        str
            Without outer blanks.
        """
        text = self.text(name)
        if not text:
            raise RecordError(name, text, "a text")
        return text

    def one_of(self, name: str, accepted: Sequence[str], default: str | None = None) -> str:
        """Return a field that must be one of some texts.

        Parameters
        ----------
        name : str
            Name of the field.
        accepted : sequence of str
            The texts.
        default : str, optional
            Stands for an empty field.

        Returns
        -------
        str
            One of ``accepted``.
        """
        text = self.text(name) or (default or "")
        if text not in accepted:
            shown = sorted(accepted)
            tail = "" if len(shown) <= 8 else f" and {len(shown) - 8} more"
            raise RecordError(name, text, "one of " + ", ".join(shown[:8]) + tail)
        return text

    def number(
        self,
        name: str,
        low: float = float("-inf"),
        high: float = float("inf"),
        *,
        default: float | None = None,
    ) -> float | None:
        """Return a field as a number within bounds; the default if it is empty.

        Parameters
        ----------
        name : str
            Name of the field.
        low, high : float
            Bounds, both included.
        default : float, optional
            Stands for an empty field.

        Returns
        -------
        float or None
            Finite; None only if the field is empty and there is no default.
        """
        text = self.text(name)
        if not text:
            return default
        try:
            value = float(text)
        except ValueError:
            value = float("nan")
        if not low <= value <= high or value in (float("inf"), float("-inf")):
            bounds = "" if low == float("-inf") else f" from {low:g} to {high:g}"
            raise RecordError(name, text, "a number" + bounds)
        return value

    def day(self, name: str, latest: date | None = None) -> date:
        """Return a field as a date not after ``latest``.

        Parameters
        ----------
        name : str
            Name of the field.
        latest : date, optional
            The last day that is accepted.

        Returns
        -------
        date
            In UTC.
        """
        return self.moment(name, latest).date()

    def moment(self, name: str, latest: date | None = None) -> datetime:
        """Return a field as a moment in UTC; a date is the beginning of its day.

        Parameters
        ----------
        name : str
            Name of the field.
        latest : date, optional
            The last day that is accepted.

        Returns
        -------
        datetime
            Without an offset.
        """
        text = self.text(name)
        try:
            value = datetime.fromisoformat(text)
        except ValueError:
            raise RecordError(
                name, text, "a date 2024-08-27 or a moment 2024-08-27T09:30:00Z"
            ) from None
        if value.tzinfo is not None:
            value = value.astimezone(UTC).replace(tzinfo=None)
        if latest is not None and value.date() > latest:
            raise RecordError(name, text, f"not after {latest}")
        return value

    def truth(self, name: str, *, default: bool) -> bool:
        """Return a field as yes or no.

        Parameters
        ----------
        name : str
            Name of the field.
        default : bool
            Stands for an empty field.

        Returns
        -------
        bool
            Whether it says yes.
        """
        text = self.text(name).lower()
        if not text:
            return default
        if text in YES:
            return True
        if text in NO:
            return False
        raise RecordError(name, text, "true or false")

    def area(self, name: str) -> int:
        """Return the code of a member or other reporter, given by code, ISO code or name.

        Parameters
        ----------
        name : str
            Name of the field.

        Returns
        -------
        int
            Area code, that of the successor for a former state.
        """
        text = self.needed(name)
        found = self._areas.resolve(code=text, iso=text, name=text)
        if found is None or found.kind in NO_REPORTER_KINDS:
            raise RecordError(name, text, "an area code, ISO code or name")
        return found.area_id
