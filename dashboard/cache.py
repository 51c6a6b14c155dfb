"""The cache: the only use of flask-caching.

Values are bytes (Arrow or JSON), never pickles of our own; an error of the
cache is a miss.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable

import flask
import pandas as pd
import pyarrow as pa
from flask_caching import Cache

logger = logging.getLogger(__name__)


class ResultCache:
    """Bytes by key, bounded in number, in the memory of this process.

    Parameters
    ----------
    server : flask.Flask
        The application that carries the cache.
    entries : int
        How many results are kept; 0 keeps none.
    """

    def __init__(self, server: flask.Flask, entries: int = 2000) -> None:
        kind = "SimpleCache" if entries else "NullCache"
        self._server = server
        self._cache = Cache(
            server,
            config={
                "CACHE_TYPE": kind,
                "CACHE_THRESHOLD": entries,
                "CACHE_DEFAULT_TIMEOUT": 0,
                "CACHE_NO_NULL_WARNING": True,
            },
        )

    def get(self, key: str) -> bytes | None:
        """Return what is kept.

        Parameters
        ----------
        key : str
            From :func:`cache_key`.

        Returns
        -------
        bytes or None
            None is a miss.
        """
        try:
            with self._server.app_context():
                value = self._cache.get(key)
        except (OSError, ValueError, RuntimeError) as error:
            logger.warning("cache read failed: %s", error)
            return None
        return value if isinstance(value, bytes) else None

    def put(self, key: str, value: bytes) -> None:
        """Keep a value.

        Parameters
        ----------
        key : str
            From :func:`cache_key`.
        value : bytes
            What to keep.
        """
        try:
            with self._server.app_context():
                self._cache.set(key, value)
        except (OSError, ValueError, RuntimeError) as error:
            logger.warning("cache write failed: %s", error)

    def frame(self, key: str, compute: Callable[[], pd.DataFrame]) -> pd.DataFrame:
        """Return a frame, computed at most once per key.

        Parameters
        ----------
        key : str
            From :func:`cache_key`.
        compute : callable
            Returns the frame on a miss.

        Returns
        -------
        DataFrame
            The caller may change it.
        """
        kept = self.get(key)
        if kept is not None:
            table: pd.DataFrame = pa.ipc.open_stream(kept).read_all().to_pandas()
            return table
        frame = compute()
        table = pa.Table.from_pandas(frame, preserve_index=False)
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, table.schema) as writer:
            writer.write_table(table)
        self.put(key, sink.getvalue().to_pybytes())
        return frame


def cache_key(*parts: object) -> str:
    """Return the key of a result.

    Parameters
    ----------
    *parts : object
        Everything the result depends on: statement or selection, warehouse
        version, release, method version.

    Returns
    -------
    str
        SHA-256 of their representations.
    """
    return hashlib.sha256("\x1f".join(repr(part) for part in parts).encode()).hexdigest()
