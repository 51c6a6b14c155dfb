"""Named frames: the very data that figures are drawn from and ``/data/`` gives.

A named frame is a function of services and a resolved selection; the fields
of the selection that it depends on are declared, so that a change elsewhere
sends no query.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from callbacks.services import Services
from dashboard.errors import DataContractError
from dashboard.frames import BASE_FIELDS, Column
from dashboard.selection import Selection

Compute = Callable[[Services, Selection], pd.DataFrame]


@dataclass(frozen=True)
class NamedFrame:
    """A frame with a name.

    Parameters
    ----------
    name : str
        Its place in ``/data/``; ``frame.<name>`` in the words says what a row is.
    columns : tuple of Column
        In order; ``compute`` returns exactly these.
    compute : callable
        ``(services, resolved selection) -> DataFrame``.
    fields : frozenset of str
        Fields of the selection that it depends on.
    is_live : bool
        Whether it also tells what people wrote about cases, which changes
        between two generations.
    """

    name: str
    columns: tuple[Column, ...]
    compute: Compute
    fields: frozenset[str] = BASE_FIELDS
    is_live: bool = False

    def read(self, services: Services, selection: Selection) -> pd.DataFrame:
        """Return the frame, from the cache if it is there.

        Parameters
        ----------
        services : Services
            Warehouse and cache.
        selection : Selection
            Resolved.

        Returns
        -------
        DataFrame
            With the declared columns.

        Raises
        ------
        DataContractError
            If ``compute`` returned other columns than declared.
        """
        narrowed = selection.only(self.fields)

        def compute() -> pd.DataFrame:
            frame = self.compute(services, narrowed).reset_index(drop=True)
            declared = [column.name for column in self.columns]
            if list(frame.columns) != declared:
                raise DataContractError(
                    f"Frame {self.name!r} has columns {list(frame.columns)}.",
                    f"Declared are {declared}.",
                )
            return frame

        extra = (services.ledger.stamp(),) if self.is_live else ()
        return services.cache.frame(services.key(self.name, narrowed, *extra), compute)
