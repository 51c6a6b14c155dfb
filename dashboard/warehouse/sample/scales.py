"""How large a sample is: how many trade lines it draws and how far back it goes.

It must not draw anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from dashboard.framework import Framework

ScaleName = Literal["small", "standard", "large"]

FIRST_YEAR: Final = 2016
SMALL_YEARS: Final = 4


@dataclass(frozen=True, slots=True)
class Scale:
    """The size of a sample.

    ``lines`` is the number of distinct exporter x importer x product lines,
    ``least_exports`` and ``least_imports`` how many of them every member has at
    least on either side; ``years`` cuts the history, none means all of it.
    """

    name: str
    lines: int
    least_exports: int
    least_imports: int
    years: int | None = None

    def first_year(self, today: date) -> int:
        """Return the first year of the sample.

        Parameters
        ----------
        today : date
            The day that the sample is drawn for.

        Returns
        -------
        int
            A calendar year, never before 2016.
        """
        if self.years is None:
            return FIRST_YEAR
        return max(FIRST_YEAR, today.year - self.years + 1)


SCALES: Final[dict[str, Scale]] = {
    "small": Scale("small", lines=720, least_exports=1, least_imports=2, years=SMALL_YEARS),
    "standard": Scale("standard", lines=17_500, least_exports=12, least_imports=20),
    "large": Scale("large", lines=560_000, least_exports=150, least_imports=250),
}


def sample_framework(framework: Framework, scale: Scale, today: date) -> Framework:
    """Return the framework that a sample of this scale is drawn by.

    A sample with a short history must not owe the years before it, so its
    collections start later.

    Parameters
    ----------
    framework : Framework
        The framework to draw by.
    scale : Scale
        The size of the sample.
    today : date
        The day that the sample is drawn for.

    Returns
    -------
    Framework
        The same framework, its collections starting no earlier than the sample.
    """
    earliest = f"{scale.first_year(today)}-01"
    collections = [
        one.model_copy(update={"starts": max(one.starts, earliest)})
        for one in framework.collections
    ]
    return framework.model_copy(update={"collections": collections})
