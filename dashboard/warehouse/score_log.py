"""The record of scores in the ledger: read the chain, and append to it.

It must not compute a score, nor judge whether the chain holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import select

from dashboard.score_record import Content, Entry, sealed
from dashboard.warehouse import ledger
from dashboard.warehouse.ledger import Ledger
from dashboard.warehouse.ledger_tables import SCORE_ENTRY


class ScoreLog:
    """The chain of scoring runs, overrides, withdrawals and recognition.

    Parameters
    ----------
    ledger : Ledger
        Of the warehouse.
    """

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger

    def entries(
        self,
        kinds: Sequence[str] | None = None,
        *,
        before: datetime | None = None,
        last: int | None = None,
    ) -> list[Entry]:
        """Return the chain, or some of its entries, the first one first.

        Parameters
        ----------
        kinds : sequence of str, optional
            Only entries of these kinds.
        before : datetime, optional
            Only what was written before that instant, UTC.
        last : int, optional
            Only so many of the last ones.

        Returns
        -------
        list of Entry
            Empty if nothing was ever written.

        Raises
        ------
        LedgerError
            If the store is there and cannot be read.
        """
        found = SCORE_ENTRY.table.c
        statement = select(SCORE_ENTRY.table).order_by(found.number.desc()).limit(last)
        if kinds is not None:
            statement = statement.where(found.kind.in_(kinds))
        if before is not None:
            statement = statement.where(found.written_at < before)
        with self.ledger.reading(SCORE_ENTRY) as connection:
            rows = [] if connection is None else connection.execute(statement).mappings().all()
        return [_entry(dict(row)) for row in reversed(rows)]

    def append(
        self,
        kind: str,
        content: Content,
        *,
        after: Sequence[Entry],
        author: str,
        request_id: str,
        at: datetime,
    ) -> Entry:
        """Append an entry to the chain.

        Parameters
        ----------
        kind : str
            Such as ``run``.
        content : mapping
            What it holds.
        after : sequence of Entry
            The chain that the writer saw.
        author : str
            Who writes.
        request_id : str
            Of the request.
        at : datetime
            The moment, UTC without an offset; kept to the second.

        Returns
        -------
        Entry
            As it is kept.

        Raises
        ------
        EntryMovedError
            If somebody else appended since.
        LedgerError
            If nothing may or can be written.
        """
        previous = after[-1] if after else None
        second = at.replace(microsecond=0)
        entry = sealed(kind, content, author=author, written_at=second, previous=previous)
        held = asdict(entry)
        own = {name: held[name] for name in ("kind", "content", "seals", "previous_hash", "hash")}
        written = self.ledger.append(
            SCORE_ENTRY,
            {},
            own,
            author=author,
            seen=entry.number - 1,
            request_id=request_id,
            at=second,
        )
        return _entry(written)


def _entry(row: ledger.Entry) -> Entry:
    names: tuple[str, ...] = ("number", "kind", "author", "written_at")
    names += ("content", "seals", "previous_hash", "hash")
    values: dict[str, Any] = {name: row[name] for name in names}
    return Entry(**values)
