"""The cache: the only use of flask-caching.

Values are bytes (Arrow or JSON), never pickles of our own; an error of the
cache is a miss. The few frames read last are also kept as they are, since
the panels of a view read the same ones.
"""

from __future__ import annotations

import hashlib
import logging
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Lock
from typing import Final

import flask
import pandas as pd
import pyarrow as pa
from flask_caching import Cache

logger = logging.getLogger(__name__)

RECENT_FRAMES: Final = 48
"""Frames kept ready: those of two or three views."""

RECENT_ROWS: Final = 20_000
"""A longer frame is read from its bytes each time, so that these take some megabytes at most."""


_shared: ContextVar[dict[str, pd.DataFrame] | None] = ContextVar("shared", default=None)


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
        self._recent: OrderedDict[str, pd.DataFrame] = OrderedDict()
        self._is_keeping = entries > 0
        self._most_recent = RECENT_FRAMES if entries else 0
        self._lock = Lock()
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

    def frame(
        self, key: str, compute: Callable[[], pd.DataFrame], *, is_kept: bool = True
    ) -> pd.DataFrame:
        """Return a frame, computed at most once per key.

        Parameters
        ----------
        key : str
            From :func:`cache_key`.
        compute : callable
            Returns the frame on a miss.
        is_kept : bool, default True
            Whether it outlives the sharing that it is read in: not if it is
            large and other frames are made of it.

        Returns
        -------
        DataFrame
            The caller may change it.
        """
        shared = _shared.get()
        found = None if shared is None else shared.get(key)
        if found is None:
            found = self._kept_or_computed(key, compute) if is_kept else compute()
            if shared is not None:
                shared[key] = found
        return found.copy(deep=False)  # pandas copies what is written to

    @contextmanager
    def sharing(self) -> Iterator[None]:
        """Read or compute each frame at most once within, whatever is kept beyond.

        Frames of one answer rest on each other: without this, an answer that finds nothing
        kept, or more frames than are kept ready, would make the same one several times.

        Yields
        ------
        None
            Frames are let go of at the end; within another sharing, at the end of that.
        """
        if _shared.get() is not None:
            yield
            return
        token = _shared.set({})
        try:
            yield
        finally:
            _shared.reset(token)

    def _kept_or_computed(self, key: str, compute: Callable[[], pd.DataFrame]) -> pd.DataFrame:
        with self._lock:
            found = self._recent.get(key)
        if found is None:
            found = self._read_or_compute(key, compute)
        self._remember(key, found)
        return found

    def _read_or_compute(self, key: str, compute: Callable[[], pd.DataFrame]) -> pd.DataFrame:
        kept = self.get(key)
        if kept is not None:
            table: pd.DataFrame = pa.ipc.open_stream(kept).read_all().to_pandas()
            return table
        frame = compute()
        if not self._is_keeping:
            return frame
        table = pa.Table.from_pandas(frame, preserve_index=False)
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, table.schema) as writer:
            writer.write_table(table)
        self.put(key, sink.getvalue().to_pybytes())
        return frame

    def _remember(self, key: str, frame: pd.DataFrame) -> None:
        if len(frame) > RECENT_ROWS:
            return
        with self._lock:
            self._recent[key] = frame
            self._recent.move_to_end(key)
            while len(self._recent) > self._most_recent:
                self._recent.popitem(last=False)


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
