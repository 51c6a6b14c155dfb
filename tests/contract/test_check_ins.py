"""Typed check-ins on both engines: the log, and that they count as those of files do."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import flask
import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from sqlalchemy import create_engine, text
from sqlalchemy.exc import SQLAlchemyError

from callbacks import FRAMES
from callbacks.services import Services
from dashboard.cache import ResultCache
from dashboard.check_ins import CheckIn
from dashboard.config import Config
from dashboard.selection import Selection
from dashboard.warehouse import cli
from dashboard.warehouse.arguments import OK, TROUBLE, USAGE
from dashboard.warehouse.check_ins import COLUMNS, CheckIns, Known, known_of
from dashboard.warehouse.finishing import finish
from dashboard.warehouse.ledger import EntryMovedError, Ledger, LedgerError
from dashboard.warehouse.ledger_store import SCHEMA
from dashboard.warehouse.publishing import publish
from dashboard.warehouse.reading import Warehouse
from dashboard.warehouse.tables import insert_rows
from dashboard.warehouse.workshop import begin
from tests.support.casework import own_warehouse

AT = datetime(2026, 11, 25, 9, tzinfo=UTC)
KNOWN = Known("v1", 0.25, "at_risk")
REPORTED = "tool_users"


def said(day: str = "2026-11-20", value: float | None = 210.0, analysis: str = "On") -> CheckIn:
    return CheckIn(date.fromisoformat(day), value, 0.7, analysis, "Next ❄", "Ann Lee")


@contextmanager
def opened(url: str) -> Iterator[Services]:
    warehouse = Warehouse(url, deadline_seconds=60)
    services = Services(Config(url), warehouse, ResultCache(flask.Flask("check-ins"), megabytes=8))
    try:
        yield services
    finally:
        services.close()


class TestTheLog:
    @pytest.fixture(params=["sqlite", "postgresql"])
    def url(self, request: pytest.FixtureRequest, tmp_path: Path) -> str:
        if request.param == "sqlite":
            return f"duckdb:///{tmp_path / 'w.duckdb'}"
        return str(request.getfixturevalue("fresh_postgres_url"))

    @pytest.fixture
    def log(self, url: str) -> Iterator[CheckIns]:
        ledger = Ledger(url)
        yield CheckIns(ledger)
        ledger.close()

    def test_an_empty_log_has_the_columns_and_makes_nothing(
        self, log: CheckIns, tmp_path: Path
    ) -> None:
        found = log.typed()
        assert found.empty
        assert {name: str(kind) for name, kind in found.dtypes.items()} == dict(COLUMNS)
        assert log.count("r") == 0
        assert log.answered("r", "request-1") is None
        assert list(tmp_path.iterdir()) == []

    def test_what_is_written_is_read(self, log: CheckIns) -> None:
        log.write("r", said(analysis="Ça va\n例"), KNOWN, seen=0, request_id="request-1", at=AT)
        log.write(
            "r", said(value=None), Known("v2", None, "not_started"), seen=1,
            request_id="request-2", at=AT + timedelta(hours=1),
        )  # fmt: skip
        log.write("s", said(), KNOWN, seen=0, request_id="request-3", at=AT)
        found = log.typed()
        assert {name: str(kind) for name, kind in found.dtypes.items()} == dict(COLUMNS)
        assert found["number"].tolist() == [1, 2, 1]
        first = found.iloc[0].to_dict()
        assert first == {
            "key_result_id": "r",
            "checked_in_on": pd.Timestamp("2026-11-20"),
            "value": 210.0,
            "confidence": 0.7,
            "analysis": "Ça va\n例",
            "next_step": "Next ❄",
            "author": "Ann Lee",
            "channel": "typed",
            "number": 1,
            "written_at": pd.Timestamp("2026-11-25 09:00"),
            "warehouse_version": "v1",
            "known_value": 0.25,
            "known_status": "at_risk",
        }
        assert found["value"].isna().tolist() == [False, True, False]
        assert (log.count("r"), log.count("s"), log.count("t")) == (2, 1, 0)
        assert len(log.typed(datetime.fromisoformat("2026-11-25T10:00"))) == 2

    def test_of_two_who_saw_the_same_the_second_is_refused(self, log: CheckIns) -> None:
        log.write("r", said(), KNOWN, seen=0, request_id="request-1", at=AT)
        with pytest.raises(EntryMovedError):
            log.write("r", said(), KNOWN, seen=0, request_id="request-2", at=AT)
        # By command nobody saw a number: it holds whatever was written before.
        assert (
            log.write("r", said(), KNOWN, seen=None, request_id="request-3", at=AT)["number"] == 2
        )

    def test_the_same_request_writes_once(self, log: CheckIns) -> None:
        for _ in range(2):
            entry = log.write("r", said(), KNOWN, seen=0, request_id="request-1", at=AT)
            assert entry["number"] == 1
        assert len(log.typed()) == 1

    def test_the_database_refuses_to_change_or_delete(self, log: CheckIns, url: str) -> None:
        log.write("r", said(), KNOWN, seen=0, request_id="request-1", at=AT)
        table = f"{SCHEMA}.check_in"
        if url.startswith("duckdb"):
            url = "sqlite:///" + url.removeprefix("duckdb:///").replace(".duckdb", ".cases.sqlite")
            table = "check_in"
        engine = create_engine(url)
        for statement in (f"UPDATE {table} SET confidence = 1", f"DELETE FROM {table}"):
            with (
                pytest.raises(SQLAlchemyError, match="never changed"),
                engine.begin() as connection,
            ):
                connection.execute(text(statement))
        engine.dispose()
        assert log.typed()["confidence"].tolist() == [0.7]

    def test_a_store_that_was_made_for_cases_alone_takes_check_ins(
        self, log: CheckIns, url: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from dashboard.warehouse import ledger as module
        from dashboard.warehouse import ledger_tables
        from dashboard.warehouse.casework import Casework
        from dashboard.warehouse.ledger_tables import CASE_EVENT
        from tests.support.casework import write

        with monkeypatch.context() as before:
            before.setattr(module, "LOGS", (CASE_EVENT,))
            before.setattr(ledger_tables.metadata, "create_all", CASE_EVENT.table.create)
            older = Casework(Ledger(url))
            write(older)
            older.ledger.close()
        assert log.typed().empty
        log.write("r", said(), KNOWN, seen=0, request_id="request-9", at=AT)
        assert len(log.typed()) == 1

    def test_where_writing_is_off_nothing_is_written(self, url: str) -> None:
        log = CheckIns(Ledger(url, is_writable=False))
        with pytest.raises(LedgerError, match="turned off"):
            log.write("r", said(), KNOWN, seen=0, request_id="request-1", at=AT)
        log.ledger.close()


def test_what_is_known_is_what_the_screen_says(warehouse_url: str) -> None:
    """On either engine, for every key result, before anything was typed."""
    with opened(warehouse_url) as services:
        selection = Selection().resolve(services.catalogue)
        table = FRAMES["key_results"].read(services, selection).set_index("key_result_id")
        typed, today = services.check_ins.typed(), services.catalogue.data_on
        for result in services.framework.key_results:
            known = known_of(services.warehouse, result, typed, today)
            row = table.loc[result.id]
            assert known.known_status == row["status"]
            assert known.warehouse_version == services.generation.version
            value = np.nan if known.known_value is None else known.known_value
            np.testing.assert_allclose(value, float(str(row["value"])), rtol=1e-12)


class TestBothKinds:
    """What is typed counts as if it had come in a file and been published."""

    ENTRIES = (
        (REPORTED, 400, 111.0, 0.3),
        (REPORTED, 8, 222.0, 0.4),
        (REPORTED, 8, 233.0, 0.5),  # of one day the later one counts
        (REPORTED, 3, None, 0.9),
        ("conforming_submissions", 12, None, 0.2),
    )

    @pytest.fixture
    def url(self, sample_warehouse: Path, tmp_path: Path) -> str:
        return own_warehouse(sample_warehouse, tmp_path)

    def _days(self, services: Services) -> list[tuple[str, date, float | None, float]]:
        today = services.catalogue.data_on
        return [(name, today - timedelta(days=ago), v, c) for name, ago, v, c in self.ENTRIES]

    def _type(self, services: Services, at: datetime | None = None) -> None:
        for place, (name, day, value, confidence) in enumerate(self._days(services)):
            services.check_ins.write(
                name, CheckIn(day, value, confidence, "said", "", "Ann"), KNOWN,
                seen=None, request_id=f"request-{place}", at=at or datetime.now(UTC),
            )  # fmt: skip

    @pytest.fixture
    def published(self, sample_warehouse: Path, tmp_path: Path, url: str) -> Iterator[Services]:
        """The same warehouse with the same check-ins published, as if they came in a file."""
        folder = tmp_path / "published"
        folder.mkdir()
        generation = folder / sample_warehouse.resolve().name
        shutil.copyfile(sample_warehouse.resolve(), generation)
        (folder / "warehouse.duckdb").symlink_to(generation.name)
        theirs = f"duckdb:///{folder / 'warehouse.duckdb'}"
        with opened(url) as services:
            days, today = self._days(services), services.catalogue.data_on
            workshop = begin(theirs, services.framework)
        rows = [
            (100_000 + place, name, day, value, confidence, "said", "Ann")
            for place, (name, day, value, confidence) in enumerate(days)
        ]
        insert_rows(workshop.connection, "fct_check_in", rows)
        finish(workshop, built_at=datetime.now(UTC), data_on=today, is_synthetic=True)
        publish(workshop, theirs)
        with opened(theirs) as services:
            yield services

    def test_frames_tell_the_same(self, url: str, published: Services) -> None:
        with opened(url) as services:
            self._type(services)
            selection = Selection().resolve(services.catalogue)
            for name in ("key_results", "key_result_series", "check_ins"):
                found, expected = (
                    FRAMES[name].read(one, selection) for one in (services, published)
                )
                if name == "check_ins":
                    # Only how they came differs.
                    assert (found["channel"] == "typed").sum() == len(self.ENTRIES)
                    columns = list(COLUMNS)[: list(COLUMNS).index("next_step")]
                    found, expected = found[columns], expected[columns]
                assert_frame_equal(found, expected, check_dtype=False, rtol=1e-12)
            row = FRAMES["key_results"].read(services, selection).set_index("key_result_id")
            assert row.loc[REPORTED, "value"] == 233.0
            assert row.loc[REPORTED, "confidence"] == 0.9
            result = next(one for one in services.framework.key_results if one.id == REPORTED)
            known = known_of(
                services.warehouse, result, services.check_ins.typed(), services.catalogue.data_on
            )
            assert (known.known_value, known.known_status) == (233.0, row.loc[REPORTED, "status"])

    def test_a_past_day_knows_what_was_written_by_then(self, url: str) -> None:
        with opened(url) as services:
            today = services.catalogue.data_on
            past = Selection(as_of=today - timedelta(days=1)).resolve(services.catalogue)
            names = ("key_results", "key_result_series", "check_ins")
            before = {name: FRAMES[name].read(services, past) for name in names}
            # Written now, and about days before the past day: nobody knew it then.
            self._type(services, at=datetime.combine(today, datetime.min.time()))
            for name in names:
                assert_frame_equal(FRAMES[name].read(services, past), before[name])

    def test_a_past_day_after_the_entries_tells_them(self, url: str) -> None:
        with opened(url) as services:
            today = services.catalogue.data_on
            self._type(services, at=datetime.combine(today, datetime.min.time()) - timedelta(9))
            past = Selection(as_of=today - timedelta(days=7)).resolve(services.catalogue)
            found = FRAMES["check_ins"].read(services, past)
            typed = found[(found["channel"] == "typed") & (found["key_result_id"] == REPORTED)]
            # That of 3 days ago is about a day that had not come.
            assert typed["value"].tolist() == [233.0, 222.0, 111.0]
            results = FRAMES["key_results"].read(services, past).set_index("key_result_id")
            assert results.loc[REPORTED, "value"] == 233.0

    def test_in_the_present_a_day_after_the_last_of_the_warehouse_counts(self, url: str) -> None:
        with opened(url) as services:
            day = services.catalogue.data_on + timedelta(days=40)
            services.check_ins.write(
                REPORTED, replace(said(), checked_in_on=day, value=321.0), KNOWN,
                seen=0, request_id="request-1", at=datetime.now(UTC),
            )  # fmt: skip
            selection = Selection().resolve(services.catalogue)
            results = FRAMES["key_results"].read(services, selection).set_index("key_result_id")
            assert results.loc[REPORTED, "value"] == 321.0
            assert not results.loc[REPORTED, "is_stale"]
            series = FRAMES["key_result_series"].read(services, selection)
            assert series["measured_on"].max() <= pd.Timestamp(services.catalogue.data_on)

    def test_a_lost_log_is_told_and_not_passed_over(self, url: str) -> None:
        Path(url.removeprefix("duckdb:///").replace(".duckdb", ".cases.sqlite")).write_bytes(
            b"no database at all" * 400
        )
        with opened(url) as services:
            selection = Selection().resolve(services.catalogue)
            for name in ("key_results", "key_result_series", "check_ins"):
                with pytest.raises(LedgerError, match="cannot be read"):
                    FRAMES[name].read(services, selection)


class TestByCommand:
    @pytest.fixture
    def url(self, sample_warehouse: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
        found = own_warehouse(sample_warehouse, tmp_path)
        monkeypatch.setenv("WAREHOUSE_URL", found)
        return found

    @staticmethod
    def _run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
        code = cli.main(arguments)
        told = capsys.readouterr()
        return code, told.out, told.err

    def test_it_is_written_and_listed(self, url: str, capsys: pytest.CaptureFixture[str]) -> None:
        code, out, _ = self._run(
            capsys, "check-in", REPORTED, "--value", "210", "--confidence", "0.7",
            "--analysis", "Two regions joined", "--next-step", "Train the third",
            "--by", "A. Nelago", "--json",
        )  # fmt: skip
        written: dict[str, Any] = json.loads(out)
        assert (code, written["number"], written["value"]) == (OK, 1, 210.0)
        assert "request_id" not in written
        code, out, _ = self._run(capsys, "check-ins", REPORTED, "--json")
        listed = json.loads(out)["check_ins"]
        assert {one["key_result_id"] for one in listed} == {REPORTED}
        typed = [one for one in listed if one["channel"] == "typed"]
        assert [(one["author"], one["analysis"], one["next_step"]) for one in typed] == [
            ("A. Nelago", "Two regions joined", "Train the third")
        ]
        assert typed[0]["warehouse_version"] == written["warehouse_version"]
        days = [one["checked_in_on"] for one in listed]
        assert days == sorted(days, reverse=True)
        code, out, _ = self._run(capsys, "check-ins")
        assert "A. Nelago: Two regions joined Next: Train the third" in out
        code, out, _ = self._run(capsys, "check-ins", REPORTED, "--as-of", "2024-01-31", "--json")
        early = json.loads(out)["check_ins"]
        assert early
        assert max(one["checked_in_on"] for one in early) <= "2024-01-31"
        assert {one["channel"] for one in early} == {"file"}

    def test_what_is_not_accepted_is_told_and_nothing_is_written(
        self, url: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        cases = (
            (("conforming_submissions", "--value", "0.5"), "computed from the warehouse"),
            ((REPORTED, "--value", "nan"), "no number"),
            ((REPORTED, "--confidence", "7"), "0.7"),
            ((REPORTED, "--by", " "), "--by: No name"),
            ((REPORTED, "--on", "2200-01-01"), "not come yet"),
            ((REPORTED, "--on", "2001-01-01"), "before this key result"),
            (("nothing",), "There is no key result 'nothing'"),
            ((REPORTED, "--replace"), "for files"),
        )
        whole = {
            "--value": "", "--confidence": "0.5", "--analysis": "On", "--by": "Ann"
        }  # fmt: skip
        for (name, *given), expected in cases:
            options = {**whole, **dict(zip(given[::2], given[1::2], strict=False))}
            flat = [part for pair in options.items() for part in pair]
            flags = [one for one in given if one == "--replace"]
            code, _, err = self._run(capsys, "check-in", name, *flat, *flags)
            assert code == USAGE
            assert expected in err
        assert self._run(capsys, "check-ins", "nothing")[0] == USAGE
        with opened(url) as services:
            assert services.check_ins.typed().empty

    def test_where_writing_is_off_it_says_so(
        self, url: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("CASEWORK_WRITING", "off")
        code, _, err = self._run(
            capsys, "check-in", REPORTED, "--confidence", "1", "--analysis", "On", "--by", "Ann"
        )
        assert code == TROUBLE
        assert "turned off" in err
