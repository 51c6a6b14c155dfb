"""Named frames: the very data that figures are drawn from and ``/data/`` gives.

A named frame is a function of services and a resolved selection; the fields
of the selection that it depends on are declared, so that a change elsewhere
sends no query.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import pandas as pd

from callbacks.disclosing import DISCLOSURES, disclosed, is_open
from callbacks.services import Services, computing, is_computing
from dashboard.disclosure import CLOSED, Disclosure
from dashboard.errors import ClosedError, DataContractError
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

    @property
    def disclosure(self) -> Disclosure:
        """What of it an audience gets that does not name everybody: nothing if none is declared."""
        return DISCLOSURES.get(self.name, CLOSED)

    def read(self, services: Services, selection: Selection) -> pd.DataFrame:
        """Return what the audience of a selection gets of the frame, from the cache if there.

        While another frame is computed of it, it is read whole: the audience gets that one.

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
        ClosedError
            If the audience gets nothing of it.
        DataContractError
            If ``compute`` returned other columns than declared.
        """
        narrowed = replace(selection.only(self.fields), audience=None)
        extra = (services.ledger.stamp(),) if self.is_live else ()
        if is_computing() or services.audience(selection).is_everything:
            return self._whole(services, narrowed, extra)
        sight = services.sight(selection)
        names = [column.name for column in self.columns]
        if not is_open(self.disclosure, sight.audience.mode, names):
            raise ClosedError(f"Frame {self.name!r} is not shown to this audience.")

        def disclose() -> pd.DataFrame:
            whole = self._whole(services, narrowed, extra)
            return disclosed(self.name, whole, self.fields, services, narrowed, sight)

        key = services.key(self.name, narrowed, str(sight.audience), *extra)
        return services.cache.frame(key, disclose)

    def _whole(
        self, services: Services, narrowed: Selection, extra: tuple[object, ...]
    ) -> pd.DataFrame:
        def compute() -> pd.DataFrame:
            with computing():
                frame = self.compute(services, narrowed).reset_index(drop=True)
            declared = [column.name for column in self.columns]
            if list(frame.columns) != declared:
                raise DataContractError(
                    f"Frame {self.name!r} has columns {list(frame.columns)}.",
                    f"Declared are {declared}.",
                )
            return frame

        return services.cache.frame(services.key(self.name, narrowed, *extra), compute)
