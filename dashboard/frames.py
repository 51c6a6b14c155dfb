"""What a named frame of data is: its columns, their units and what it depends on.

A named frame is what a figure is drawn from and what ``/data/<name>.csv``
gives. It must not compute anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from dashboard.measures import MEASURES, Unit

PERIOD_FIELDS: Final = frozenset({"first", "last"})
SCOPE_FIELDS: Final = frozenset({"regions", "members"})
BASE_FIELDS: Final = PERIOD_FIELDS | SCOPE_FIELDS | {"as_of", "collection"}
"""Fields of the selection that nearly every frame answers to."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a named frame.

    ``measure`` is a key of ``MEASURES`` where the column is a measured value;
    ``unit`` may be given for plain numbers. ``words`` is the key of its label,
    by default ``measure.<measure>`` or ``column.<name>``.
    """

    name: str
    measure: str | None = None
    unit: Unit | None = None
    words: str | None = None

    @property
    def label_key(self) -> str:
        """Key of the column's label in the words."""
        if self.words:
            return self.words
        return f"measure.{self.measure}" if self.measure else f"column.{self.name}"

    @property
    def unit_name(self) -> Unit | None:
        """Unit of the stored number, or None for text and keys."""
        return self.unit or (MEASURES[self.measure].unit if self.measure else None)
