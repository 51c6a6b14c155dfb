"""What ./run decides before it serves."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.run import serve


@pytest.fixture
def taken_port() -> Iterator[int]:
    """A loopback port on which this very process listens."""
    with socket.socket() as listener:
        listener.bind((serve.HOST, 0))
        listener.listen()
        yield listener.getsockname()[1]


@pytest.mark.parametrize(
    ("given", "environment", "port"),
    [
        (None, None, 8050),
        (None, "", 8050),
        (None, " 8060 ", 8060),
        ("8070", "8060", 8070),
        ("65535", None, 65535),
        ("", "8060", 8050),
    ],
)
def test_port_is_the_option_else_the_setting_else_the_default(
    given: str | None, environment: str | None, port: int
) -> None:
    assert serve.read_port(given, environment) == port


@pytest.mark.parametrize("text", ["0", "65536", "-1", "8e3", "eighty", "८०८०"])
def test_a_port_that_is_none_is_named_with_what_is_accepted(text: str) -> None:
    with pytest.raises(SystemExit, match=r"from 1 to 65535") as refused:
        serve.read_port(text, None)
    assert f"--port={text!r}" in str(refused.value)


def test_a_taken_port_is_refused_with_its_holder_and_another_to_try(taken_port: int) -> None:
    with pytest.raises(SystemExit) as refused:
        serve.check_port(taken_port)
    assert f"Port {taken_port}" in str(refused.value)
    assert "another program (" in str(refused.value)
    assert "./run --port" in str(refused.value)


def test_a_free_port_is_accepted_and_left_free(taken_port: int) -> None:
    with socket.socket() as probe:
        probe.bind((serve.HOST, 0))
        free = probe.getsockname()[1]
    assert free != taken_port
    serve.check_port(free)
    serve.check_port(free)


def test_a_relative_warehouse_file_is_taken_from_the_folder_of_the_caller(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert serve.absolute("duckdb:///a/w.duckdb") == f"duckdb:///{tmp_path}/a/w.duckdb"
    assert serve.absolute("duckdb:////srv/w.duckdb") == "duckdb:////srv/w.duckdb"
    assert serve.absolute("postgresql+psycopg://h/d") == "postgresql+psycopg://h/d"


def test_a_missing_warehouse_file_has_no_status(tmp_path: Path) -> None:
    assert serve.read_status(f"duckdb:///{tmp_path}/none.duckdb") is None


def test_a_file_that_is_no_warehouse_stops_the_start_and_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    damaged = tmp_path / "w.duckdb"
    damaged.write_text("not a warehouse", encoding="utf-8")
    monkeypatch.setenv("WAREHOUSE_URL", f"duckdb:///{damaged}")
    with pytest.raises(SystemExit, match="cannot be read"):
        serve.ensure_warehouse(f"duckdb:///{damaged}")
    assert damaged.read_text(encoding="utf-8") == "not a warehouse"


def test_real_data_are_not_called_synthetic() -> None:
    line = serve.describe({"warehouse": "w", "version": 3, "is_synthetic": False})
    assert "members' data" in line
    assert "SYNTHETIC" not in line


def test_a_warehouse_that_does_not_say_is_called_synthetic() -> None:
    assert "SYNTHETIC" in serve.describe({"warehouse": "w", "version": 3})
