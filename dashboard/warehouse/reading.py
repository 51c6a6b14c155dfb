"""Read the generation now served: typed frames, a deadline, and a limit on what runs at once.

It must not write anything, and nothing of an address, a path or a password may leave it.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import pandas as pd
from sqlalchemy import Select, select

from dashboard.errors import WarehouseBusyError, WarehouseError
from dashboard.warehouse import schema
from dashboard.warehouse.frames import typed_frame
from dashboard.warehouse.reading_duckdb import DuckdbReader
from dashboard.warehouse.reading_postgresql import PostgresqlReader
from dashboard.warehouse.targets import DUCKDB, parse_target

SHARE_OF_DEADLINE_IN_QUEUE: Final = 0.5
"""How long a statement waits for its turn, as a share of the deadline."""


class Warehouse:
    """The read side of a warehouse; safe to share between threads.

    Parameters
    ----------
    url : str
        ``WAREHOUSE_URL``. Nothing is opened before the first question.
    deadline_seconds : float, default 5.0
        A statement that runs longer is interrupted.
    query_limit : int, default 4
        Statements that run at once; more wait shortly, then are refused.
    version : str, optional
        A kept generation to read for good; by default the one that is served.
    """

    def __init__(
        self,
        url: str,
        *,
        deadline_seconds: float = 5.0,
        query_limit: int = 4,
        version: str | None = None,
    ) -> None:
        target = parse_target(url)
        self._reader: DuckdbReader | PostgresqlReader = (
            DuckdbReader(target, version=version)
            if target.engine == DUCKDB
            else PostgresqlReader(target, query_limit=query_limit, version=version)
        )
        self._deadline_seconds = deadline_seconds
        self._query_limit = query_limit
        self._slots = threading.BoundedSemaphore(query_limit)
        self._info: tuple[str, dict[str, str]] | None = None

    @property
    def version(self) -> str:
        """Return the version of the generation that the next statement will read.

        Returns
        -------
        str
            Such as ``20240827t101500x0a1b2c``.

        Raises
        ------
        WarehouseError
            If there is no warehouse or it cannot be reached.
        """
        return self._reader.version()

    def frame(self, statement: Select[Any]) -> pd.DataFrame:
        """Run a statement on the current generation.

        Parameters
        ----------
        statement : sqlalchemy.Select
            A statement of ``queries``; it names no schema.

        Returns
        -------
        pandas.DataFrame
            One row per row of the result, in its order. Column types follow from the statement's,
            so both engines give the same (see ``frames.typed_frame``).
            ``attrs["warehouse_version"]`` is the generation that was read.

        Raises
        ------
        WarehouseBusyError
            If the deadline passed or too many statements are running.
        WarehouseError
            If the warehouse is missing, lost, or of another schema version.
        """
        columns = list(statement.exported_columns)
        with self._turn():
            version, arrays = self._reader.columns(statement, self._deadline_seconds)
        frame = typed_frame(
            [column.name for column in columns], [column.type for column in columns], arrays
        )
        frame.attrs["warehouse_version"] = version
        return frame

    def info(self) -> dict[str, str]:
        """Return the facts of the current generation.

        Returns
        -------
        dict of str to str
            ``warehouse_info``: version, built_at, data_on, is_synthetic, framework, ...

        Raises
        ------
        WarehouseError
            As of ``frame``.
        """
        known = self._info
        if known is None or known[0] != self.version:
            table = schema.warehouse_info
            rows = self.frame(select(table.c.name, table.c.value).order_by(table.c.name))
            known = (
                rows.attrs["warehouse_version"],
                dict(zip(rows["name"], rows["value"], strict=True)),
            )
            self._info = known
        return dict(known[1])

    def close(self) -> None:
        """Let go of every connection; the next question opens anew."""
        self._reader.close()

    @contextmanager
    def _turn(self) -> Iterator[None]:
        patience = self._deadline_seconds * SHARE_OF_DEADLINE_IN_QUEUE
        if not self._slots.acquire(timeout=patience):
            raise WarehouseBusyError(
                f"{self._query_limit} queries are running already, and none ended within "
                f"{patience:g} s.",
                f"At most {self._query_limit} run at once (WAREHOUSE_QUERY_LIMIT).",
                "Try again in a moment.",
            )
        try:
            yield
        finally:
            self._slots.release()


__all__ = ["Warehouse", "WarehouseBusyError", "WarehouseError"]
