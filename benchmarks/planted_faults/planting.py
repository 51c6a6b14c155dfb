"""A file in which faults are planted: its rows, what was planted where, what was touched."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pandas as pd

ANY: Final = None
"""In a scope: not told, or not asked."""

Scope = tuple[int | None, int | None, str | None, int | None, str | None]
"""Reporter, period, flow, partner, commodity."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One planted fault: the rule that must find it, and where."""

    rule: str
    scope: Scope
    value: str | None = None
    """The finding's value, where the scope does not tell two findings apart."""


@dataclass
class Bed:
    """The rows that faults are planted into.

    ``rows`` has texts in the columns of the current layout of UN Comtrade, and an index that
    is never used twice. A reporter and period takes at most one structural fault.
    """

    rows: pd.DataFrame
    rng: np.random.Generator
    faults: list[Fault] = field(default_factory=list)
    touched: set[Scope] = field(default_factory=set)
    lines: list[str] = field(default_factory=list)
    used: set[Any] = field(default_factory=set)

    def choose(self, candidates: Iterable[Any], count: int) -> list[Any]:
        """Draw places at random of those that no fault has used yet."""
        free = [one for one in candidates if one not in self.used]
        if len(free) < count:
            raise ValueError(f"only {len(free)} places for {count} faults")
        drawn = [free[place] for place in sorted(self.rng.choice(len(free), count, replace=False))]
        self.used.update(drawn)
        return drawn

    def scope(self, label: Any) -> Scope:
        """Return the scope of a row."""
        return scopes_of(self.rows.loc[[label]])[0]

    def touch(self, labels: Iterable[Any]) -> None:
        """Remember rows as touched, as they are now."""
        self.touched.update(scopes_of(self.rows.loc[list(labels)]))

    def change(self, labels: Iterable[Any], **cells: Any) -> None:
        """Change cells of rows, remembering them as they were and as they are then."""
        listed = list(labels)
        self.touch(listed)
        for column, value in cells.items():
            self.rows.loc[listed, column] = value
        self.touch(listed)

    def scale(self, labels: Iterable[Any], column: str, factor: float) -> None:
        """Multiply a figure of rows."""
        listed = list(labels)
        figures = self.rows.loc[listed, column].astype(float) * factor
        self.change(listed, **{column: figures.map("{:.4f}".format)})

    def drop(self, labels: Iterable[Any]) -> None:
        """Remove rows."""
        listed = list(labels)
        self.touch(listed)
        self.rows = self.rows.drop(index=listed)

    def add(self, added: pd.DataFrame) -> list[Any]:
        """Append rows and return their labels."""
        first = int(self.rows.index.max()) + 1
        fresh = added.set_axis(range(first, first + len(added)), axis=0)
        self.rows = pd.concat([self.rows, fresh])
        self.touch(fresh.index)
        return list(fresh.index)

    def plant(self, rule: str, scope: Scope, value: str | None = None) -> None:
        """Remember a fault."""
        self.faults.append(Fault(rule, scope, value))


SCOPE_COLUMNS: Final = ("reporter_code", "period", "flow_code", "partner_code", "cmd_code")


def scopes_of(rows: pd.DataFrame) -> list[Scope]:
    """Return the scopes of rows of texts; what is no number or code is not told."""
    columns = (rows[name].tolist() for name in SCOPE_COLUMNS)
    return [
        (_number(reporter), _number(period), flow or None, _number(partner), code or None)
        for reporter, period, flow, partner, code in zip(*columns, strict=True)
    ]


def _number(text: Any) -> int | None:
    return int(text) if str(text).isdecimal() else None


FLOW_GROUPS: Final = {"M": "M", "RM": "M", "FM": "M", "X": "X", "RX": "X", "DX": "X"}


def overlaps(finding: Scope, touched: Scope) -> bool:
    """Tell whether a finding's scope takes in a touched row, or the mirror of one."""
    return _covers(finding, touched) or _covers(finding, _mirror(touched))


def _covers(finding: Scope, row: Scope) -> bool:
    for mine, theirs in zip(finding[:2], row[:2], strict=True):
        if mine is not None and theirs is not None and mine != theirs:
            return False
    if finding[2] and row[2] and _group(finding[2]) != _group(row[2]):
        return False
    if finding[3] is not None and row[3] not in (None, 0) and finding[3] not in (0, row[3]):
        return False
    ours, code = finding[4], row[4]
    if not ours or not code or "TOTAL" in (ours, code):
        return True
    return ours.startswith(code) or code.startswith(ours)


def _mirror(row: Scope) -> Scope:
    other = {"M": "X", "X": "M"}.get(_group(row[2] or ""), row[2])
    return (row[3], row[1], other, row[0], None)


def _group(flow: str) -> str:
    return FLOW_GROUPS.get(flow, flow)
