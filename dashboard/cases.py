"""A case of the outlier desk: how it is named, the states it can be in, and which may follow which.

It must not store anything, nor know where cases are kept.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from dashboard.errors import SelectionError
from dashboard.typed_text import typed_text

OPEN: Final = "open"
STATES: Final = (OPEN, "asked", "explained", "corrected")
"""States that people set; a case that nobody has touched is open."""

NEXT_STATES: Final[Mapping[str, tuple[str, ...]]] = {
    OPEN: ("asked", "explained", "corrected"),
    "asked": ("asked", "explained", "corrected", OPEN),
    "explained": ("asked", "corrected", OPEN),
    "corrected": ("asked", OPEN),
}
"""State to those that may follow it; asked may be asked again."""

NOTE_NEEDED: Final = frozenset({"explained", OPEN})
"""States that say nothing without a note: what the explanation is, why it is open again."""

NOTE_AT_MOST: Final = 1000
AUTHOR_AT_MOST: Final = 80
"""Characters."""

CASE_ID: Final = re.compile(
    r"([A-Z0-9_]{2,6})\.(M|X)\.([0-9]{2}|[0-9]{4}|[0-9]{6})\.([0-9]{4}|[0-9]{6})"
)


@dataclass(frozen=True, slots=True)
class Case:
    """A figure: what a member reported of a flow and commodity in a period."""

    iso3: str
    flow: str
    code: str
    period_id: int

    @property
    def id(self) -> str:
        """Such as ``KEN.X.27.202403``."""
        return f"{self.iso3}.{self.flow}.{self.code}.{self.period_id}"


def read_case(text: str | None) -> Case | None:
    """Read the id of a case.

    Parameters
    ----------
    text : str or None
        Such as ``KEN.X.27.202403``.

    Returns
    -------
    Case or None
        None if it is not one.

    Examples
    --------
    >>> read_case("KEN.X.27.202403")
    Case(iso3='KEN', flow='X', code='27', period_id=202403)
    """
    found = CASE_ID.fullmatch(text or "")
    if found is None:
        return None
    iso3, flow, code, period = found.groups()
    return Case(iso3, flow, code, int(period))


@dataclass(frozen=True, slots=True)
class Entry:
    """What somebody wants to write about a case: the new state, a note, and a name."""

    state: str
    note: str
    author: str


def checked_entry(state: object, note: object, author: object, before: str) -> Entry:
    """Return an entry that may be written after a state.

    Parameters
    ----------
    state, note, author : object
        As they came; blanks around note and name do not count.
    before : str
        The state that the case is in.

    Returns
    -------
    Entry
        Trimmed.

    Raises
    ------
    SelectionError
        If something of it is not accepted; all problems are named at once.
    """
    problems: list[str] = []
    remark = _plain(note, "note", NOTE_AT_MOST, problems)
    name = _plain(author, "author", AUTHOR_AT_MOST, problems)
    if not name and not problems:
        problems.append("author is empty")
    if not isinstance(state, str) or state not in STATES:
        problems.append(f"state={str(state)[:40]!r} is none of {', '.join(STATES)}")
    elif state not in NEXT_STATES[before]:
        accepted = ", ".join(NEXT_STATES[before])
        problems.append(f"state={state!r} does not follow {before!r}; {accepted} do")
    elif state in NOTE_NEEDED and not remark:
        problems.append(f"state={state!r} needs a note")
    if problems:
        raise SelectionError(
            "; ".join(problems) + ".",
            f"Accepted are a note of at most {NOTE_AT_MOST} and a name of at most "
            f"{AUTHOR_AT_MOST} characters.",
            "Mend the entry and send it again.",
        )
    return Entry(str(state), remark, name)


def _plain(value: object, name: str, most: int, problems: list[str]) -> str:
    text, flaw = typed_text(value, most, is_line=name != "note")
    if flaw is not None:
        problems.append(
            {
                "not_text": f"{name} is not a text",
                "long": f"{name} has {len(str(value).strip())} characters",
                "control": f"{name} holds a control character",
            }[flaw]
        )
    return text
