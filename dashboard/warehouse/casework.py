"""What people wrote about the cases of the outlier desk: a log of the ledger.

It must not know where the log is kept.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

import pandas as pd

from dashboard.cases import OPEN, Entry
from dashboard.warehouse import ledger
from dashboard.warehouse.ledger import Ledger
from dashboard.warehouse.ledger_tables import CASE_EVENT


@dataclass(frozen=True, slots=True)
class Judged:
    """A case, and what the generation said of it when somebody wrote about it."""

    collection_id: str
    case_id: str
    warehouse_version: str
    value_usd: float
    expected_usd: float
    member_share: float | None
    region_share: float | None


@dataclass(frozen=True, slots=True)
class Position:
    """Where a case stands: the number of its last event (0: none), and its state."""

    number: int
    state: str


class Casework:
    """The log of cases.

    Parameters
    ----------
    ledger : Ledger
        Of the warehouse.
    """

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger

    def events(self, before: datetime | None = None) -> pd.DataFrame:
        """Return the log, the oldest event first.

        Parameters
        ----------
        before : datetime, optional
            Only what was written before that instant, UTC.

        Returns
        -------
        pandas.DataFrame
            The columns of ``case_event`` but ``request_id``, one row per event.

        Raises
        ------
        LedgerError
            If the store is there and cannot be read.
        """
        return self.ledger.entries(CASE_EVENT, before)

    def position(self, collection_id: str, case_id: str) -> Position:
        """Return where a case stands.

        Parameters
        ----------
        collection_id, case_id : str
            The case.

        Returns
        -------
        Position
            Number 0 and open if nobody has written about it.

        Raises
        ------
        LedgerError
            If the store is there and cannot be read.
        """
        found = self.ledger.last(CASE_EVENT, _subject(collection_id, case_id))
        return Position(0, OPEN) if found is None else _position(found)

    def answered(self, collection_id: str, case_id: str, request_id: str) -> Position | None:
        """Return what a request was answered that was carried out before.

        Parameters
        ----------
        collection_id, case_id : str
            The case.
        request_id : str
            Of the request.

        Returns
        -------
        Position or None
            None if it was not carried out.

        Raises
        ------
        LedgerError
            If the store is there and cannot be read.
        """
        found = self.ledger.answered(CASE_EVENT, _subject(collection_id, case_id), request_id)
        return None if found is None else _position(found)

    def write(
        self, judged: Judged, entry: Entry, *, seen: int, request_id: str, at: datetime
    ) -> Position:
        """Append an event.

        Parameters
        ----------
        judged : Judged
            The case.
        entry : Entry
            Checked before.
        seen : int
            Number of the case's last event that the writer saw; 0 for none.
        request_id : str
            Of the request; the same one again writes nothing and gives the same answer.
        at : datetime
            The moment, UTC.

        Returns
        -------
        Position
            Where the case stands after this event.

        Raises
        ------
        EntryMovedError
            If the case has another last event than `seen`.
        LedgerError
            If nothing may or can be written.
        """
        subject = _subject(judged.collection_id, judged.case_id)
        said = {name: value for name, value in asdict(judged).items() if name not in subject}
        written = self.ledger.append(
            CASE_EVENT,
            subject,
            {**said, "state": entry.state, "note": entry.note},
            author=entry.author,
            seen=seen,
            request_id=request_id,
            at=at,
        )
        return _position(written)


def _subject(collection_id: str, case_id: str) -> dict[str, str]:
    return {"collection_id": collection_id, "case_id": case_id}


def _position(found: ledger.Entry) -> Position:
    return Position(int(found["number"]), str(found["state"]))


__all__ = ["Casework", "Judged", "Position"]
