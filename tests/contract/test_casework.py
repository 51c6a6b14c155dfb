"""The log of cases on both engines: order, collisions, replays, kills, what can't be changed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import SQLAlchemyError

from dashboard.warehouse.casework import Casework, Position
from dashboard.warehouse.ledger import EntryMovedError, Ledger, LedgerError
from dashboard.warehouse.ledger_store import SCHEMA
from tests.support.casework import CASE, write
from tests.support.workshops import publish_drawn

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a warehouse that nobody has written about."""
    if request.param == "sqlite":
        return f"duckdb:///{tmp_path / 'house of data.duckdb'}"
    return str(request.getfixturevalue("fresh_postgres_url"))


@pytest.fixture
def casework(url: str) -> Iterator[Casework]:
    found = Casework(Ledger(url))
    yield found
    found.ledger.close()


def _statement(url: str, statement: str) -> None:
    """Run a statement past the product, as somebody with the file or the password could."""
    if url.startswith("duckdb"):
        url = "sqlite:///" + url.removeprefix("duckdb:///").replace(".duckdb", ".cases.sqlite")
    else:
        statement = statement.replace("case_event", f"{SCHEMA}.case_event")
    engine = create_engine(url)
    try:
        with engine.begin() as connection:
            connection.execute(text(statement))
    finally:
        engine.dispose()


def test_reading_makes_nothing(casework: Casework, tmp_path: Path) -> None:
    assert casework.ledger.stamp() == "0"
    assert casework.position("monthly", CASE) == Position(0, "open")
    assert casework.answered("monthly", CASE, "request-1") is None
    events = casework.events()
    assert events.empty
    assert str(events["written_at"].dtype) == "datetime64[us]"
    assert list(tmp_path.iterdir()) == []


def test_events_are_kept_in_order_and_the_last_is_the_state(casework: Casework) -> None:
    write(casework, "asked", seen=0, request="request-1", note="Pourquoi ? 为什么 ❄")
    write(casework, "explained", seen=1, request="request-2", note="A ship\nin the wrong month")
    write(casework, "asked", seen=0, request="request-3", case_id="KEN.M.30.202403")
    assert casework.position("monthly", CASE) == Position(2, "explained")
    events = casework.events()
    assert events["state"].tolist() == ["asked", "explained", "asked"]
    assert events["number"].tolist() == [1, 2, 1]
    assert events["note"].tolist() == ["Pourquoi ? 为什么 ❄", "A ship\nin the wrong month", ""]
    row = events.iloc[0]
    assert (row["value_usd"], row["expected_usd"], row["warehouse_version"]) == (9.0, 2.0, "v1")
    assert row["written_at"] == pd.Timestamp("2026-11-25 09:00")
    assert "request_id" not in events


def test_the_past_is_what_was_written_by_then(casework: Casework) -> None:
    write(casework, "asked", seen=0, request="request-1")
    write(casework, "explained", seen=1, request="request-2")
    then = casework.events(datetime.fromisoformat("2026-11-25 09:01"))
    assert then["state"].tolist() == ["asked"]


def test_the_stamp_changes_with_every_event(casework: Casework) -> None:
    stamps = [casework.ledger.stamp()]
    for number in range(3):
        write(casework, seen=number, request=f"request-{number}")
        stamps.append(casework.ledger.stamp())
    assert len(set(stamps)) == 4


def test_who_saw_an_older_state_is_refused(casework: Casework) -> None:
    write(casework, "asked", seen=0, request="request-1")
    with pytest.raises(EntryMovedError, match="'asked' now"):
        write(casework, "corrected", seen=0, request="request-2")
    with pytest.raises(EntryMovedError):
        write(casework, "corrected", seen=5, request="request-3")
    assert len(casework.events()) == 1


def test_the_same_request_again_writes_nothing_and_gets_the_same_answer(
    casework: Casework,
) -> None:
    first = write(casework, "asked", seen=0, request="request-1")
    write(casework, "explained", seen=1, request="request-2")
    assert write(casework, "asked", seen=0, request="request-1") == first
    assert casework.answered("monthly", CASE, "request-1") == first
    assert len(casework.events()) == 2


def test_the_request_of_another_case_is_no_replay(casework: Casework) -> None:
    write(casework, "asked", seen=0, request="request-1")
    with pytest.raises(EntryMovedError):
        write(casework, "asked", seen=0, request="request-1", case_id="KEN.M.30.202403")
    assert len(casework.events()) == 1


def test_of_two_that_write_at_once_one_is_written(casework: Casework, url: str) -> None:
    write(casework, "asked", seen=0, request="request-0")
    start = threading.Barrier(4)
    answers: list[object] = []

    def attempt(number: int) -> None:
        other = Casework(Ledger(url))
        start.wait()
        try:
            answers.append(write(other, "asked", seen=1, request=f"request-{number + 1}"))
        except EntryMovedError as error:
            answers.append(error)
        finally:
            other.ledger.close()

    threads = [threading.Thread(target=attempt, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(isinstance(one, Position) for one in answers) == 1
    assert sum(isinstance(one, EntryMovedError) for one in answers) == 3
    assert len(casework.events()) == 2


def _writer(url: str, name: str, count: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "tests.support.casework", url, name, str(count)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_processes_that_begin_at_once_lose_nothing(casework: Casework, url: str) -> None:
    writers = [_writer(url, name, 8) for name in ("ann", "bob")]
    for writer in writers:
        writer.communicate(timeout=60)
        assert writer.returncode == 0
    events = casework.events()
    assert events["number"].tolist() == list(range(1, 17))
    assert events["author"].value_counts().to_dict() == {"ann": 8, "bob": 8}


def test_a_writer_that_is_killed_leaves_whole_events_and_no_lock(
    casework: Casework, url: str
) -> None:
    writer = _writer(url, "ann", 100_000)
    assert writer.stdout is not None
    for _ in range(5):
        writer.stdout.readline()
    writer.send_signal(signal.SIGKILL)  # in the midst of writing, again and again
    writer.wait(30)
    writer.stdout.close()
    events = casework.events()
    assert len(events) >= 5
    assert events["number"].tolist() == list(range(1, len(events) + 1))
    after = write(casework, seen=len(events), request="request-after", author="bob")
    assert after == Position(len(events) + 1, "asked")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE case_event SET note = 'nothing'",
        "UPDATE case_event SET state = 'open' WHERE number = 1",
        "DELETE FROM case_event",
    ],
)
def test_the_database_itself_refuses_to_change_an_event(
    statement: str, casework: Casework, url: str
) -> None:
    write(casework, "asked", request="request-1", note="as it was")
    with pytest.raises(SQLAlchemyError, match="never changed"):
        _statement(url, statement)
    assert casework.events()["note"].tolist() == ["as it was"]


def test_publication_leaves_the_log_alone(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("publishing", "copying"):
        monkeypatch.setattr(f"dashboard.warehouse.{module}.OLD_GENERATIONS", 0)
    casework = Casework(Ledger(url))
    write(casework, "asked", request="request-1")
    for seed in (1, 2):
        publish_drawn(url, seed, rows=20)
    assert casework.position("monthly", CASE) == Position(1, "asked")
    casework.ledger.close()


def test_where_writing_is_off_nothing_is_written(url: str, tmp_path: Path) -> None:
    casework = Casework(Ledger(url, is_writable=False))
    with pytest.raises(LedgerError, match="turned off"):
        write(casework)
    assert casework.ledger.stamp() == "0"
    assert list(tmp_path.iterdir()) == []
    casework.ledger.close()


class TestTroubleWithTheFile:
    """What can happen to the SQLite file beside a DuckDB warehouse."""

    @pytest.fixture
    def path(self, tmp_path: Path) -> Path:
        return tmp_path / "w.cases.sqlite"

    @pytest.fixture
    def log(self, tmp_path: Path, path: Path) -> Casework:
        found = Casework(Ledger(f"duckdb:///{tmp_path / 'w.duckdb'}"))
        write(found, "asked", request="request-1")
        assert path.is_file()
        return found

    def test_a_lost_file_is_an_empty_log_and_is_made_again(self, log: Casework, path: Path) -> None:
        path.unlink()
        assert log.ledger.stamp() == "0"
        assert log.events().empty
        write(log, "asked", request="request-2")
        assert len(log.events()) == 1

    def test_a_damaged_file_is_told_and_its_stamp_is_lost(self, log: Casework, path: Path) -> None:
        path.write_bytes(b"no database at all" * 400)
        fresh = Casework(Ledger(f"duckdb:///{path.with_name('w.duckdb')}"))
        acts: tuple[Callable[[], object], ...] = (
            fresh.events,
            lambda: fresh.position("monthly", CASE),
            lambda: write(fresh),
        )
        for act in acts:
            with pytest.raises(LedgerError, match="cannot be read") as caught:
                act()
            assert str(path.parent) not in str(caught.value)
        assert fresh.ledger.stamp() == "lost"

    def test_a_file_that_another_program_holds_is_told_as_locked(
        self, log: Casework, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        holder = create_engine(f"sqlite:///{path}")
        monkeypatch.setattr("dashboard.warehouse.ledger_store.PATIENCE_SECONDS", 0.1)
        fresh = Casework(Ledger(f"duckdb:///{path.with_name('w.duckdb')}"))
        with holder.connect() as held:
            held.execute(text("BEGIN EXCLUSIVE"))
            with pytest.raises(LedgerError, match="locked"):
                write(fresh, "explained", seen=1, request="request-2")
            with pytest.raises(LedgerError, match="locked"):
                fresh.events()
            held.execute(text("ROLLBACK"))
        holder.dispose()
        assert len(fresh.events()) == 1

    def test_a_read_only_file_still_reads(
        self, log: Casework, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        # As SQLite opens a file that may not be written; the tests' user may write every file.
        monkeypatch.setattr("dashboard.warehouse.ledger_store.SQLITE_MODE", "ro")
        fresh = Casework(Ledger(f"duckdb:///{path.with_name('w.duckdb')}"))
        assert len(fresh.events()) == 1
        with pytest.raises(LedgerError, match="may not be written"):
            write(fresh, "explained", seen=1, request="request-2")

    def test_a_folder_that_takes_no_file_is_told(self, tmp_path: Path) -> None:
        log = Casework(Ledger(f"duckdb:///{tmp_path / 'nowhere' / 'w.duckdb'}"))
        with pytest.raises(LedgerError, match="cannot be made"):
            write(log)


def test_a_database_without_leave_to_write_is_told(fresh_postgres_url: str) -> None:
    casework = Casework(Ledger(fresh_postgres_url))
    write(casework, "asked", request="request-1")
    casework.ledger.close()
    name = make_url(fresh_postgres_url).database
    _statement(
        fresh_postgres_url,
        f"ALTER DATABASE {name} SET default_transaction_read_only = on",
    )
    fresh = Casework(Ledger(fresh_postgres_url))
    assert len(fresh.events()) == 1
    with pytest.raises(LedgerError, match="may not be written"):
        write(fresh, "explained", seen=1, request="request-2")
    fresh.ledger.close()


def test_a_lost_database_is_told_without_its_address() -> None:
    casework = Casework(Ledger("postgresql+psycopg://ann:secret@127.0.0.1:9/none"))
    assert casework.ledger.stamp() == "lost"
    with pytest.raises(LedgerError) as caught:
        casework.events()
    assert "secret" not in str(caught.value)
    assert "127.0.0.1" not in str(caught.value)
