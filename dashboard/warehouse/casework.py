"""What people wrote about cases: an append-only log beside the generations.

A generation is read-only and replaced at each publication; this stays. With DuckDB it is a SQLite
file beside the warehouse, with PostgreSQL a schema of its own, which publication never drops.
Nothing here changes or deletes an event, and the database refuses it too.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import pandas as pd
from sqlalchemy import Connection, func, insert, inspect, select, text
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from dashboard.cases import OPEN, Entry
from dashboard.warehouse.casework_store import (
    ADVISORY_LOCK,
    SCHEMA,
    CaseMovedError,
    CaseworkError,
    case_event,
    casework_path,
    lost,
    make_file,
    make_guards,
    metadata,
    open_engine,
)
from dashboard.warehouse.targets import DUCKDB, parse_target


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
    """The log of cases of one warehouse; safe to share between threads and processes.

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
        self._path = casework_path(target) if target.engine == DUCKDB else None
        self._engine = open_engine(target, self._path)
        self._is_ready = False
        self._lock = threading.Lock()

    def stamp(self) -> str:
        """Return a text that changes with every event.

        Returns
        -------
        str
            The number of the last event; ``lost`` if the store cannot be read.
        """
        try:
            with self._reading() as connection:
                if connection is None:
                    return "0"
                # The largest number alone would miss an event whose writer took longer.
                counted = select(func.max(case_event.c.event_id), func.count())
                return "-".join(str(part) for part in connection.execute(counted).one())
        except CaseworkError:
            return "lost"

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
        CaseworkError
            If the store is there and cannot be read.
        """
        columns = [column for column in case_event.columns if column.name != "request_id"]
        statement = select(*columns).order_by(case_event.c.event_id)
        if before is not None:
            statement = statement.where(case_event.c.written_at < before)
        with self._reading() as connection:
            rows = [] if connection is None else connection.execute(statement).all()
        frame = pd.DataFrame(rows, columns=[column.name for column in columns])
        numbers = {"event_id": "Int64", "number": "Int64"}
        measured = ("value_usd", "expected_usd", "member_share", "region_share")
        kinds = dict.fromkeys(frame.columns, "str") | numbers | dict.fromkeys(measured, "float64")
        kinds["written_at"] = "datetime64[us]"
        return frame.astype(kinds)

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
        CaseworkError
            If the store is there and cannot be read.
        """
        with self._reading() as connection:
            if connection is None:
                return Position(0, OPEN)
            return _position(connection, collection_id, case_id)

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
        CaseworkError
            If the store is there and cannot be read.
        """
        with self._reading() as connection:
            if connection is None:
                return None
            return _written(connection, collection_id, case_id, request_id)

    def check_writable(self) -> None:
        """Refuse if this process may not write.

        Raises
        ------
        CaseworkError
            If writing is turned off.
        """
        if not self.is_writable:
            raise CaseworkError(
                "Writing about cases is turned off here.",
                "CASEWORK_WRITING=on turns it on.",
                "Write in the office's own instance.",
            )

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
        CaseMovedError
            If the case has another last event than `seen`.
        CaseworkError
            If nothing may or can be written.
        """
        self.check_writable()
        try:
            self._prepare()
            with self._engine.begin() as connection:
                return _append(connection, judged, entry, seen, request_id, at)
        except IntegrityError:
            # Another writer was between the look and the write: look once more.
            return self._explain_collision(judged, request_id)
        except SQLAlchemyError as error:
            raise lost(error) from None

    def close(self) -> None:
        """Let go of every connection that is not in use."""
        self._engine.dispose()

    def _explain_collision(self, judged: Judged, request_id: str) -> Position:
        with self._reading() as connection:
            assert connection is not None
            own = _written(connection, judged.collection_id, judged.case_id, request_id)
            if own is not None:
                return own
            raise _moved(_position(connection, judged.collection_id, judged.case_id))

    @contextmanager
    def _reading(self) -> Iterator[Connection | None]:
        """Yield a connection, or None if nothing was ever written."""
        if self._path is not None and not self._path.exists():
            yield None
            return
        try:
            with self._engine.connect().execution_options(is_reading=True) as connection:
                has_log = self._is_ready or inspect(connection).has_table(
                    "case_event", schema=None if self._path else SCHEMA
                )
                yield connection if has_log else None
                self._is_ready = has_log
        except SQLAlchemyError as error:
            raise lost(error) from None

    def _prepare(self) -> None:
        """Make the log and its guards, once; two processes may try at the same time."""
        with self._lock:
            if self._is_ready and (self._path is None or self._path.exists()):
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
                make_guards(connection, is_sqlite=self._path is not None)
            self._is_ready = True


def _position(connection: Connection, collection_id: str, case_id: str) -> Position:
    found = case_event.c
    row = connection.execute(
        select(found.number, found.state)
        .where(found.collection_id == collection_id, found.case_id == case_id)
        .order_by(found.number.desc())
        .limit(1)
    ).first()
    return Position(0, OPEN) if row is None else Position(int(row.number), str(row.state))


def _written(
    connection: Connection, collection_id: str, case_id: str, request_id: str
) -> Position | None:
    found = case_event.c
    row = connection.execute(
        select(found.number, found.state).where(
            found.request_id == request_id,
            found.collection_id == collection_id,
            found.case_id == case_id,
        )
    ).first()
    return None if row is None else Position(int(row.number), str(row.state))


def _append(
    connection: Connection,
    judged: Judged,
    entry: Entry,
    seen: int,
    request_id: str,
    at: datetime,
) -> Position:
    own = _written(connection, judged.collection_id, judged.case_id, request_id)
    if own is not None:
        return own
    before = _position(connection, judged.collection_id, judged.case_id)
    if before.number != seen:
        raise _moved(before)
    connection.execute(
        insert(case_event).values(
            collection_id=judged.collection_id,
            case_id=judged.case_id,
            number=seen + 1,
            state=entry.state,
            note=entry.note,
            author=entry.author,
            written_at=at.astimezone(UTC).replace(tzinfo=None) if at.tzinfo else at,
            warehouse_version=judged.warehouse_version,
            value_usd=judged.value_usd,
            expected_usd=judged.expected_usd,
            member_share=judged.member_share,
            region_share=judged.region_share,
            request_id=request_id,
        )
    )
    return Position(seen + 1, entry.state)


def _moved(now: Position) -> CaseMovedError:
    return CaseMovedError(
        f"Somebody else has written about this case: it is {now.state!r} now.",
        "An entry is accepted on the state that its writer saw.",
        "Read what was written, then send yours again.",
    )


__all__ = ["CaseMovedError", "Casework", "CaseworkError", "Judged", "Position"]
