"""What is kept beside the generations and never changed: one store of append-only logs.

A generation is read-only and replaced at each publication; this stays. With DuckDB it is a SQLite
file beside the warehouse, with PostgreSQL a schema of its own, which publication never drops.
Nothing here changes or deletes an entry, and the database refuses it too.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Final

import pandas as pd
from sqlalchemy import (
    Connection,
    Date,
    DateTime,
    Double,
    Integer,
    func,
    insert,
    inspect,
    select,
    text,
)
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from dashboard.warehouse.ledger_store import (
    ADVISORY_LOCK,
    SCHEMA,
    EntryMovedError,
    LedgerError,
    ledger_path,
    lost,
    make_file,
    make_guards,
    open_engine,
)
from dashboard.warehouse.ledger_tables import LOGS, Log, metadata
from dashboard.warehouse.targets import DUCKDB, parse_target

Entry = Mapping[str, Any]
"""An entry as it is kept: a value for each column of its log."""

Fill = Entry | Callable[[Entry | None], Entry]
"""What an entry holds: given, or made of the last entry about the same subject."""

ATTEMPTS: Final = 5
"""How often a writer who saw no number looks again when another one was faster."""


class Ledger:
    """The logs of one warehouse; safe to share between threads and processes.

    Parameters
    ----------
    url : str
        ``WAREHOUSE_URL``. Nothing is opened or made before it is needed; reading makes nothing.
    is_writable : bool, default True
        Whether this process may write at all.
    """

    def __init__(self, url: str, *, is_writable: bool = True) -> None:
        target = parse_target(url)
        self.is_writable = is_writable
        self._path = ledger_path(target) if target.engine == DUCKDB else None
        self._engine = open_engine(target, self._path)
        self._known: frozenset[str] = frozenset()
        self._lock = threading.Lock()

    def stamp(self) -> str:
        """Return a text that changes with every entry of any log.

        Returns
        -------
        str
            ``0`` before the first one; ``lost`` if the store cannot be read.
        """
        parts = []
        try:
            with self._connected() as connection:
                if connection is None:
                    return "0"
                for log in LOGS:
                    if self._has(connection, log):
                        # The largest number alone would miss one whose writer took longer.
                        key = log.table.c.event_id
                        row = connection.execute(select(func.max(key), func.count(key))).one()
                        parts += [str(part) for part in row if part]
                    else:
                        parts.append("")
        except LedgerError:
            return "lost"
        return "-".join(parts).strip("-") or "0"

    def entries(self, log: Log, before: datetime | None = None) -> pd.DataFrame:
        """Return a log, the oldest entry first.

        Parameters
        ----------
        log : Log
            Of the store.
        before : datetime, optional
            Only what was written before that instant, UTC.

        Returns
        -------
        pandas.DataFrame
            The columns of the log but ``request_id``, one row per entry.

        Raises
        ------
        LedgerError
            If the store is there and cannot be read.
        """
        columns = [column for column in log.table.columns if column.name != "request_id"]
        statement = select(*columns).order_by(log.table.c.event_id)
        if before is not None:
            statement = statement.where(log.table.c.written_at < before)
        with self.reading(log) as connection:
            rows = [] if connection is None else connection.execute(statement).all()
        frame = pd.DataFrame(rows, columns=[column.name for column in columns])
        return frame.astype({column.name: _kind(column.type) for column in columns})

    def last(self, log: Log, subject: Mapping[str, str]) -> Entry | None:
        """Return the last entry about a subject.

        Parameters
        ----------
        log : Log
            Of the store.
        subject : mapping of str to str
            A value for each of ``log.subject``.

        Returns
        -------
        mapping or None
            None if nobody has written about it.

        Raises
        ------
        LedgerError
            If the store is there and cannot be read.
        """
        with self.reading(log) as connection:
            return None if connection is None else _last(connection, log, subject)

    def answered(self, log: Log, subject: Mapping[str, str], request_id: str) -> Entry | None:
        """Return the entry that a request made before.

        Parameters
        ----------
        log : Log
            Of the store.
        subject : mapping of str to str
            A value for each of ``log.subject``.
        request_id : str
            Of the request.

        Returns
        -------
        mapping or None
            None if it made none about that subject.

        Raises
        ------
        LedgerError
            If the store is there and cannot be read.
        """
        with self.reading(log) as connection:
            return None if connection is None else _made(connection, log, subject, request_id)

    def check_writable(self) -> None:
        """Refuse if this process may not write.

        Raises
        ------
        LedgerError
            If writing is turned off.
        """
        if not self.is_writable:
            raise LedgerError(
                "Writing is turned off here.",
                "CASEWORK_WRITING=on turns it on.",
                "Write in the office's own instance.",
            )

    def append(
        self,
        log: Log,
        subject: Mapping[str, str],
        fill: Fill,
        *,
        author: str,
        seen: int | None,
        request_id: str,
        at: datetime,
    ) -> Entry:
        """Append an entry.

        Parameters
        ----------
        log : Log
            Of the store.
        subject : mapping of str to str
            A value for each of ``log.subject``.
        fill : mapping, or callable
            The values of the log's own columns; a callable is given the last entry about the
            subject (None for the first), under the lock.
        author : str
            A name that was typed, no proof of identity.
        seen : int or None
            Number of the last entry about the subject that the writer saw, 0 for none; None if
            the entry holds whatever was written before.
        request_id : str
            Of the request; the same one again writes nothing and gives the same answer.
        at : datetime
            The moment, UTC.

        Returns
        -------
        mapping
            The entry as it is kept.

        Raises
        ------
        EntryMovedError
            If the subject has another last entry than `seen`.
        LedgerError
            If nothing may or can be written.
        """
        self.check_writable()
        common = {
            "author": author,
            "written_at": at.astimezone(UTC).replace(tzinfo=None) if at.tzinfo else at,
            "request_id": request_id,
        }
        for attempt in range(1 if seen is not None else ATTEMPTS):
            try:
                self._prepare(log)
                with self._engine.begin() as connection:
                    return _append(connection, log, subject, fill, common, seen)
            except IntegrityError:
                # Another writer was between the look and the write: look once more.
                own = self.answered(log, subject, request_id)
                if own is not None:
                    return own
                if seen is not None or attempt == ATTEMPTS - 1:
                    raise _moved(self.last(log, subject)) from None
            except SQLAlchemyError as error:
                raise lost(error) from None
        raise AssertionError("every attempt returns or raises")  # pragma: no cover

    def close(self) -> None:
        """Let go of every connection that is not in use."""
        self._engine.dispose()

    @contextmanager
    def reading(self, log: Log) -> Iterator[Connection | None]:
        """Yield a connection for reading a log, or None if nothing was ever written in it.

        Parameters
        ----------
        log : Log
            Of the store.

        Yields
        ------
        Connection or None
            Only for reading.

        Raises
        ------
        LedgerError
            If the store is there and cannot be read.
        """
        with self._connected() as connection:
            if connection is not None and self._has(connection, log):
                yield connection
            else:
                yield None

    @contextmanager
    def _connected(self) -> Iterator[Connection | None]:
        if self._path is not None and not self._path.exists():
            yield None
            return
        try:
            with self._engine.connect().execution_options(is_reading=True) as connection:
                yield connection
        except SQLAlchemyError as error:
            raise lost(error) from None

    def _has(self, connection: Connection, log: Log) -> bool:
        """Tell whether a log was made; once made it stays."""
        if log.name not in self._known:
            found = inspect(connection).get_table_names(schema=None if self._path else SCHEMA)
            self._known = frozenset(found)
        return log.name in self._known

    def _prepare(self, log: Log) -> None:
        """Make the logs and their guards, once; two processes may try at the same time."""
        with self._lock:
            if log.name in self._known and (self._path is None or self._path.exists()):
                return
            if self._path is not None:
                make_file(self._path)
            with self._engine.begin() as connection:
                if self._path is None:
                    connection.execute(
                        text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK}
                    )
                    connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"))
                metadata.create_all(connection)
                names = [one.name for one in LOGS]
                make_guards(connection, names, is_sqlite=self._path is not None)
            self._known = frozenset(names)


def _kind(column_type: object) -> str:
    if isinstance(column_type, Integer):
        return "Int64"
    if isinstance(column_type, Double):
        return "float64"
    return "datetime64[us]" if isinstance(column_type, Date | DateTime) else "str"


def _about(log: Log, subject: Mapping[str, str]) -> list[Any]:
    return [log.table.c[name] == subject[name] for name in log.subject]


def _last(connection: Connection, log: Log, subject: Mapping[str, str]) -> Entry | None:
    statement = select(log.table).where(*_about(log, subject))
    ordered = statement.order_by(log.table.c.number.desc()).limit(1)
    row = connection.execute(ordered).mappings().first()
    return None if row is None else dict(row)


def _made(
    connection: Connection, log: Log, subject: Mapping[str, str], request_id: str
) -> Entry | None:
    statement = select(log.table).where(log.table.c.request_id == request_id, *_about(log, subject))
    row = connection.execute(statement).mappings().first()
    return None if row is None else dict(row)


def _append(
    connection: Connection,
    log: Log,
    subject: Mapping[str, str],
    fill: Fill,
    common: Entry,
    seen: int | None,
) -> Entry:
    own = _made(connection, log, subject, common["request_id"])
    if own is not None:
        return own
    before = _last(connection, log, subject)
    number = 0 if before is None else int(before["number"])
    if seen is not None and number != seen:
        raise _moved(before)
    held = fill(before) if callable(fill) else fill
    values = {**held, **subject, **common, "number": number + 1}
    connection.execute(insert(log.table).values(**values))
    return values


def _moved(now: Entry | None) -> EntryMovedError:
    number = 0 if now is None else now["number"]
    state = f": it is {now['state']!r} now" if now is not None and "state" in now else ""
    return EntryMovedError(
        f"Somebody else has written about this ({number} entries){state}.",
        "An entry is accepted on the last one that its writer saw.",
        "Read what was written, then send yours again.",
    )


__all__ = ["Entry", "EntryMovedError", "Ledger", "LedgerError"]
