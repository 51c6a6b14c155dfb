"""Reads trade files into a text table, record by record, keeping line numbers.

Encoding, dialect and the number of fields are verified here, because DuckDB's
own CSV reader accepts an unclosed quote and bends ragged rows to fit. Values
are not interpreted: that is `conforming`.
"""

# ruff: noqa: S608 - names and constants of this package make up statements; values are bound

from __future__ import annotations

import codecs
import csv
import gzip
import hashlib
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final, cast

import pyarrow as pa

from dashboard.errors import DataContractError
from dashboard.warehouse.file_layouts import STAGED_COLUMNS, Recognised, recognise

if TYPE_CHECKING:
    import duckdb

BLOCK_BYTES: Final = 1 << 20
BATCH_ROWS: Final = 50_000
FIELD_LIMIT_BYTES: Final = 1 << 17
"""A longer field is taken for an unclosed quote; texts of customs nomenclatures are under 4 KB."""

PARQUET_MAGIC: Final = b"PAR1"
GZIP_MAGIC: Final = b"\x1f\x8b"
DELIMITERS: Final = (",", ";", "\t")


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file that was found, hashed and looked at, not yet read."""

    path: Path
    sha256: str
    container: str
    """csv, csv.gz or parquet."""
    encoding: str
    """utf-8, utf-8-sig or latin-1; empty for Parquet."""

    @property
    def name(self) -> str:
        """The file's name without its folder."""
        return self.path.name


@dataclass(frozen=True, slots=True)
class RaggedRow:
    """A record whose number of fields is wrong."""

    line: int
    fields: int
    beginning: str


@dataclass(frozen=True, slots=True)
class Staged:
    """What was put into the staging table."""

    recognised: Recognised
    rows_read: int
    """Records of data, the ragged ones included."""
    ragged_count: int
    ragged: tuple[RaggedRow, ...]
    """The first ones."""


def inspect(path: Path) -> SourceFile:
    """Hash a file and find its container and encoding, in one streaming pass.

    Parameters
    ----------
    path : Path
        A CSV file, gzipped or not, or a Parquet file.

    Returns
    -------
    SourceFile
        What it is. Text is Latin-1 if it is not strictly UTF-8.

    Raises
    ------
    DataContractError
        If it cannot be read, is empty, is no text, or is damaged.
    """
    try:
        if path.is_dir():
            raise DataContractError(
                f"{str(path)!r} is a folder.", remedy="Give the files themselves."
            )
        with path.open("rb") as file:
            magic = file.read(4)
            digest = hashlib.sha256(magic)
            while block := file.read(BLOCK_BYTES):
                digest.update(block)
    except OSError as error:
        raise DataContractError(
            f"{str(path)!r} cannot be read: {error.strerror}.", remedy="Check the path."
        ) from error
    if not magic:
        raise DataContractError(f"{path.name} is empty.", "A header and rows are needed.")
    if magic == PARQUET_MAGIC:
        return SourceFile(path, digest.hexdigest(), "parquet", "")
    container = "csv.gz" if magic.startswith(GZIP_MAGIC) else "csv"
    return SourceFile(path, digest.hexdigest(), container, _encoding(path, container))


def _encoding(path: Path, container: str) -> str:
    decoder = codecs.getincrementaldecoder("utf-8")()
    encoding = ""
    offset = 0
    try:
        with _open_bytes(path, container) as stream:
            while block := stream.read(BLOCK_BYTES):
                if offset == 0:
                    encoding = "utf-8-sig" if block.startswith(codecs.BOM_UTF8) else "utf-8"
                if b"\0" in block:
                    raise DataContractError(
                        f"{path.name} is no text in UTF-8 or Latin-1: byte "
                        f"{offset + block.index(0) + 1} is NUL.",
                        remedy="Save it as CSV in UTF-8.",
                    )
                offset += len(block)
                if encoding != "latin-1":
                    try:
                        decoder.decode(block)
                    except UnicodeDecodeError:
                        encoding = "latin-1"
            if encoding != "latin-1":
                try:
                    decoder.decode(b"", final=True)
                except UnicodeDecodeError:
                    encoding = "latin-1"
    except (EOFError, gzip.BadGzipFile, OSError) as error:
        raise _damaged(path, error) from error
    except Exception as error:
        # zlib.error is the only other type that gzip lets through
        if type(error).__module__ != "zlib":
            raise
        raise _damaged(path, error) from error
    return encoding


def _damaged(path: Path, error: BaseException) -> DataContractError:
    return DataContractError(
        f"{path.name} is damaged or cut short: {error}.", remedy="Fetch it again."
    )


def _open_bytes(path: Path, container: str) -> IO[bytes]:
    if container == "csv.gz":
        return cast("IO[bytes]", gzip.open(path, "rb"))
    return path.open("rb")


@contextmanager
def open_text(source: SourceFile) -> Iterator[io.TextIOBase]:
    """Open a CSV source as text.

    Parameters
    ----------
    source : SourceFile
        A source that is not Parquet.

    Yields
    ------
    io.TextIOBase
        Its text, line ends as they are.
    """
    with (
        _open_bytes(source.path, source.container) as raw,
        io.TextIOWrapper(raw, encoding=source.encoding, newline="") as text,
    ):
        yield text


def records(source: SourceFile) -> Iterator[tuple[int, list[str]]]:
    """Read a CSV source record by record.

    Parameters
    ----------
    source : SourceFile
        A source that is not Parquet. Fields are separated by commas, or by
        semicolons or tabs if the first line has more of those.

    Yields
    ------
    line : int
        Line on which the record begins, counted from 1.
    fields : list of str
        Its fields. Blank lines are passed over.

    Raises
    ------
    DataContractError
        If a quote is not closed or text follows a closing quote; the line is named.
    """
    with open_text(source) as text:
        first = text.readline()
        delimiter = max(DELIMITERS, key=first.count)

        def lines() -> Iterator[str]:
            yield first
            yield from text

        reader = csv.reader(lines(), delimiter=delimiter, strict=True)
        csv.field_size_limit(FIELD_LIMIT_BYTES)
        begins = 1
        try:
            for fields in reader:
                if fields and (len(fields) > 1 or fields[0].strip()):
                    yield begins, fields
                begins = reader.line_num + 1
        except csv.Error as error:
            raise DataContractError(
                f"{source.name}, line {begins}: {error}.",
                "A quote that opens a field must be closed, and quotes inside be doubled.",
                "Mend that line; the file was refused whole, because the rows after it "
                "cannot be told apart.",
            ) from error


def header(source: SourceFile, connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Return a file's header.

    Parameters
    ----------
    source : SourceFile
        Any source.
    connection : duckdb.DuckDBPyConnection
        Reads the Parquet schema.

    Returns
    -------
    list of str
        Column names as found.

    Raises
    ------
    DataContractError
        If there is none.
    """
    if source.container == "parquet":
        return [name for name, *_ in _parquet(source, connection, "limit 0").description or []]
    for _, fields in records(source):
        return fields
    raise DataContractError(f"{source.name} holds no header.", "A header and rows are needed.")


def _parquet(
    source: SourceFile, connection: duckdb.DuckDBPyConnection, rest: str
) -> duckdb.DuckDBPyConnection:
    import duckdb

    try:
        return connection.execute(f"select * from read_parquet(?) {rest}", [str(source.path)])
    except duckdb.Error as error:
        raise _damaged(source.path, error) from error


def stage(
    connection: duckdb.DuckDBPyConnection,
    source: SourceFile,
    *,
    examples: int = 20,
) -> Staged:
    """Read a trade file into the temporary table ``stage``.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
        The workshop's connection.
    source : SourceFile
        The file.
    examples : int, default 20
        How many ragged rows to keep as examples.

    Returns
    -------
    Staged
        What was read. ``stage`` has ``line`` (of a Parquet file: row, from 1)
        and the staged columns as trimmed text, empty where missing.

    Raises
    ------
    DataContractError
        If the file has to be refused whole.
    """
    recognised = recognise(header(source, connection), file_name=source.name)
    columns = ", ".join(f"{name} varchar" for name in STAGED_COLUMNS)
    connection.execute(f"create or replace temp table stage (line bigint, {columns})")
    if source.container == "parquet":
        return _stage_parquet(connection, source, recognised)
    return _stage_csv(connection, source, recognised, examples)


def _stage_parquet(
    connection: duckdb.DuckDBPyConnection, source: SourceFile, recognised: Recognised
) -> Staged:
    import duckdb

    names = header(source, connection)
    cells = []
    for staged in STAGED_COLUMNS:
        if staged in recognised.positions:
            name = names[recognised.positions[staged]].replace('"', '""')
            cells.append(f"coalesce(trim(cast(\"{name}\" as varchar)), '')")
        else:
            cells.append("'" + recognised.layout.constants.get(staged, "") + "'")
    try:
        connection.execute(
            f"insert into stage select file_row_number + 1, {', '.join(cells)} "
            "from read_parquet(?, file_row_number = true)",
            [str(source.path)],
        )
    except duckdb.IOException as error:
        raise _damaged(source.path, error) from error
    (rows,) = connection.execute("select count(*) from stage").fetchone() or (0,)
    return Staged(recognised, rows, 0, ())


def _stage_csv(
    connection: duckdb.DuckDBPyConnection,
    source: SourceFile,
    recognised: Recognised,
    examples: int,
) -> Staged:
    width = recognised.width
    rows_read = ragged_count = 0
    ragged: list[RaggedRow] = []
    lines: list[int] = []
    batch: list[list[str]] = []
    stream = records(source)
    next(stream)  # the header
    for line, fields in stream:
        rows_read += 1
        # a trailing comma leaves one empty field more, with or without one on the header
        if len(fields) != width and not (len(fields) == width + 1 and not fields[-1].strip()):
            ragged_count += 1
            if len(ragged) < examples:
                ragged.append(RaggedRow(line, len(fields), ",".join(fields)[:80]))
            continue
        lines.append(line)
        batch.append(fields[:width])
        if len(batch) == BATCH_ROWS:
            _insert(connection, recognised, lines, batch)
            lines, batch = [], []
    if batch:
        _insert(connection, recognised, lines, batch)
    return Staged(recognised, rows_read, ragged_count, tuple(ragged))


def _insert(
    connection: duckdb.DuckDBPyConnection,
    recognised: Recognised,
    lines: Sequence[int],
    batch: Sequence[Sequence[str]],
) -> None:
    by_column = list(zip(*batch, strict=True))
    present = [name for name in STAGED_COLUMNS if name in recognised.positions]
    table = pa.table(
        {
            "line": pa.array(lines, pa.int64()),
            **{
                name: pa.array(by_column[recognised.positions[name]], pa.string())
                for name in present
            },
        }
    )
    cells = [
        f"trim({name})"
        if name in recognised.positions
        else "'" + recognised.layout.constants.get(name, "") + "'"
        for name in STAGED_COLUMNS
    ]
    connection.register("stage_batch", table)
    connection.execute(f"insert into stage select line, {', '.join(cells)} from stage_batch")
    connection.unregister("stage_batch")
