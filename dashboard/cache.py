"""The cache: the only use of flask-caching.

Values are bytes (Arrow or JSON), never pickles of our own; an error of the
cache is a miss. Frames read last are also kept as they are, since the panels of
a view read the same ones.
"""

from __future__ import annotations

import hashlib
import logging
import sys
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

READY_PART: Final = 0.25
"""Part of the memory that frames kept ready may take: those read last, not to be parsed again."""

LARGEST_PART: Final = 0.125
"""A value that takes more of the memory than this is not kept: it would drive out the others."""

SMALL_FRAME: Final = 64_000
"""Bytes of a frame up to which it is kept ready at once: to write one takes longer than many take
to compute."""

BYTES_OF_A_FRAME: Final = 4_000
BYTES_OF_A_COLUMN: Final = 1_000
"""What a frame and a column take beside their values (measured: 4 kB with two columns, 10 with
eight)."""

BYTES_PER_MEGABYTE: Final = 1_000_000

_WRITING: Final = pa.ipc.IpcWriteOptions(compression="lz4")


class _Sizes:
    """Sizes of what is kept, those used last at the end, and which of them must go."""

    def __init__(self, most: float) -> None:
        self._most = most
        self._sizes: OrderedDict[str, int] = OrderedDict()
        self._total = 0

    def add(self, key: str, size: int) -> list[str]:
        """Note a value; return the keys of those that must go for it, itself if it is too large."""
        self._drop(key)
        if size > self._most * LARGEST_PART:
            return [key]
        self._sizes[key] = size
        self._total += size
        gone = []
        while self._total > self._most:
            gone.append(next(iter(self._sizes)))
            self._drop(gone[-1])
        return gone

    def __contains__(self, key: str) -> bool:
        """Tell whether a value is kept."""
        return key in self._sizes

    def use(self, key: str) -> None:
        """Note that a value was used."""
        if key in self._sizes:
            self._sizes.move_to_end(key)

    def _drop(self, key: str) -> None:
        self._total -= self._sizes.pop(key, 0)


_shared: ContextVar[dict[str, pd.DataFrame] | None] = ContextVar("shared", default=None)


class ResultCache:
    """Bytes by key, bounded in size, in the memory of this process.

    Parameters
    ----------
    server : flask.Flask
        The application that carries the cache.
    megabytes : float, default 64
        How much is kept, frames that are ready included; 0 keeps nothing.
    """

    def __init__(self, server: flask.Flask, megabytes: float = 64) -> None:
        self._is_keeping = megabytes > 0
        kind = "SimpleCache" if self._is_keeping else "NullCache"
        most = megabytes * BYTES_PER_MEGABYTE
        self._server = server
        self._ready: dict[str, pd.DataFrame] = {}
        self._ready_sizes = _Sizes(most * READY_PART)
        self._sizes = _Sizes(most * (1 - READY_PART))
        self._lock = Lock()
        self._cache = Cache(
            server,
            config={
                "CACHE_TYPE": kind,
                "CACHE_THRESHOLD": sys.maxsize,  # bounded by size instead
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
        with self._lock:
            self._sizes.use(key)
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
        if not self._is_keeping:
            return
        with self._lock:
            gone = self._sizes.add(key, len(value))
        try:
            with self._server.app_context():
                if key not in gone:
                    self._cache.set(key, value)
                for one in gone:
                    self._cache.delete(one)
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
            found = self._ready.get(key)
            self._ready_sizes.use(key)
        if found is not None:
            return found
        kept = self.get(key)
        if kept is not None:
            table: pd.DataFrame = pa.ipc.open_stream(kept).read_all().to_pandas()
            self._keep_ready(key, table, _bytes_of(table))
            return table
        frame = compute()
        if self._is_keeping:
            self._keep(key, frame)
        return frame

    def _keep(self, key: str, frame: pd.DataFrame) -> None:
        """Keep a computed frame: a small one as it is, another as bytes until it is read again."""
        size = _bytes_of(frame)
        if size > SMALL_FRAME:
            self._write(key, frame)
            return
        self._keep_ready(key, _detached(frame), size)

    def _write(self, key: str, frame: pd.DataFrame) -> None:
        table = pa.Table.from_pandas(frame, preserve_index=False)
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, table.schema, options=_WRITING) as writer:
            writer.write_table(table)
        self.put(key, sink.getvalue().to_pybytes())

    def _keep_ready(self, key: str, frame: pd.DataFrame, size: int) -> None:
        size += BYTES_OF_A_FRAME + BYTES_OF_A_COLUMN * len(frame.columns)
        leaving = {}
        with self._lock:
            gone = self._ready_sizes.add(key, size)
            self._ready[key] = frame
            for one in gone:
                left = self._ready.pop(one, None)
                if left is not None and one not in self._sizes:
                    leaving[one] = left
        for one, left in leaving.items():
            self._write(one, left)


def _detached(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a copy of every value: a computed column may be a part of a larger array."""
    columns = {
        # Arrow's arrays of text are parts of buffers even when they are copied.
        name: pd.array(column.tolist(), dtype=column.dtype)
        if isinstance(column.dtype, pd.StringDtype)
        else column.array.copy()
        for name, column in frame.items()
    }
    return pd.DataFrame(columns, columns=frame.columns, index=pd.RangeIndex(len(frame)))


def _bytes_of(frame: pd.DataFrame) -> int:
    # The frame's own answer is a series of its own, which takes ten times as long.
    return sum(int(column.array.nbytes) for _, column in frame.items())


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
