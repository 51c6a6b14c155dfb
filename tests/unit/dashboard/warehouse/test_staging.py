"""Files are read exactly, whatever their commas, line ends and encodings."""

from __future__ import annotations

import gzip
from pathlib import Path

import duckdb
import pytest

from dashboard.errors import DataContractError
from dashboard.warehouse import staging
from dashboard.warehouse.staging import Staged, inspect, records
from tests.support.trade_files import CURRENT, csv_text, row, write

IVORY = row(partnerCode="384", partnerISO="CIV", partnerDesc="Côte d'Ivoire")


def stage(path: Path) -> tuple[Staged, list[tuple[object, ...]]]:
    with duckdb.connect() as connection:
        staged = staging.stage(connection, inspect(path))
        rows = connection.execute(
            "select line, partner_name, value, transport from stage order by line"
        ).fetchall()
    return staged, rows


@pytest.mark.parametrize("quote", [True, False])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("header_comma", "row_comma"), [(True, True), (False, True), (False, False)]
)
def test_trailing_commas_shift_no_column(
    tmp_path: Path, header_comma: bool, row_comma: bool, end: str, quote: bool
) -> None:
    text = csv_text([IVORY], header_comma=header_comma, row_comma=row_comma, end=end, quote=quote)
    staged, rows = stage(write(tmp_path / "f.csv", text))
    assert rows == [(2, "Côte d'Ivoire", "250.5", "0")]
    assert (staged.rows_read, staged.ragged_count) == (1, 0)


@pytest.mark.parametrize(
    ("encoding", "found"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("latin-1", "latin-1")],
)
@pytest.mark.parametrize("is_zipped", [False, True])
def test_encoding_is_found_and_names_are_read_right(
    tmp_path: Path, encoding: str, found: str, is_zipped: bool
) -> None:
    path = tmp_path / "f.csv"
    content = csv_text([IVORY]).encode(encoding)
    path.write_bytes(gzip.compress(content) if is_zipped else content)
    assert inspect(path).encoding == found
    assert stage(path)[1] == [(2, "Côte d'Ivoire", "250.5", "0")]


def test_letter_split_over_two_blocks_is_still_utf_8(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(staging, "BLOCK_BYTES", 1)
    assert inspect(write(tmp_path / "f.csv", "a,ô\n1,ü\n")).encoding == "utf-8"


def test_parquet_is_read_with_its_rows_numbered_from_one(tmp_path: Path) -> None:
    path = tmp_path / "f.parquet"
    columns = ", ".join(
        f"null::double as {name}"
        if name == "qty"
        else f"'{row()[name]}' as {name}"
        if name in row()
        else f"'' as {name}"
        for name in CURRENT
    )
    with duckdb.connect() as connection:
        connection.execute(f"copy (select {columns}) to '{path}' (format parquet)")
    assert stage(path)[1] == [(1, "South Africa", "250.5", "0")]


def test_ragged_rows_are_told_with_their_lines_and_the_others_kept(tmp_path: Path) -> None:
    text = csv_text([row(), row(), row()], quote=False, end="\n")
    lines = text.split("\n")
    lines[2] = "C,M"
    lines[3] += ",a,b"
    staged, rows = stage(write(tmp_path / "f.csv", "\n".join(lines)))
    assert [one[0] for one in rows] == [2]
    assert staged.rows_read == 3
    assert [(bad.line, bad.fields) for bad in staged.ragged] == [(3, 2), (4, 49)]


def test_extra_field_that_is_not_empty_makes_a_row_ragged(tmp_path: Path) -> None:
    text = csv_text([row()], end="\n").rstrip("\n") + ",7\n"
    assert stage(write(tmp_path / "f.csv", text))[0].ragged_count == 1


def test_line_numbers_count_line_breaks_inside_quotes_and_blank_lines(tmp_path: Path) -> None:
    text = csv_text([row(cmdDesc="two\nlines"), row()], end="\n")
    head, rest = text.split("\n", 1)
    path = write(tmp_path / "f.csv", f"{head}\n\n{rest}")
    assert [one[0] for one in stage(path)[1]] == [3, 5]


@pytest.mark.parametrize("broken", ['"no end', '"ends" early'])
def test_unclosed_quote_refuses_the_file_and_names_the_line(tmp_path: Path, broken: str) -> None:
    text = csv_text([row(), row()], end="\n")
    path = write(tmp_path / "f.csv", text + broken + "\n" + text)
    with pytest.raises(DataContractError, match=r"f\.csv, line 4: "):
        stage(path)


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_other_separators_are_found(tmp_path: Path, delimiter: str) -> None:
    path = write(tmp_path / "f.csv", f"a{delimiter}b\n1{delimiter}2,5\n")
    assert list(records(inspect(path))) == [(1, ["a", "b"]), (2, ["1", "2,5"])]


def test_text_with_nul_bytes_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataContractError, match="NUL"):
        inspect(write(tmp_path / "f.csv", "a,b\n", "utf-16"))


def test_gzip_that_was_cut_short_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "f.csv.gz"
    path.write_bytes(gzip.compress(csv_text([row()] * 200).encode())[:-20])
    with pytest.raises(DataContractError, match="damaged or cut short"):
        inspect(path)


def test_parquet_that_was_cut_short_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "f.parquet"
    path.write_bytes(b"PAR1 and then nothing")
    with pytest.raises(DataContractError, match="damaged or cut short"):
        stage(path)


@pytest.mark.parametrize("content", [b"", b"\n"])
def test_file_without_a_header_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "f.csv"
    path.write_bytes(content)
    with pytest.raises(DataContractError):
        stage(path)


def test_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataContractError, match="cannot be read"):
        inspect(tmp_path / "none.csv")
