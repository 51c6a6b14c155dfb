"""The record of scores on both engines: published, overridden, certified, tampered with, proved."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from callbacks.scores.command import main
from callbacks.scores.computing import computed_again
from dashboard.framework import FRAMEWORKS
from dashboard.score_record import Entry, canonical, sealed
from dashboard.warehouse import cli
from dashboard.warehouse.ledger import Ledger
from dashboard.warehouse.ledger_store import SCHEMA
from dashboard.warehouse.score_log import ScoreLog
from dashboard.warehouse.verifying_scores import kept_generations, verify_entries
from tests.support.casework import own_warehouse

GROUNDS = ["--reason", "Two files were lost by us", "--by", "Ann Lee", "--seconded", "B. Roe"]


@pytest.fixture(params=["duckdb", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The sample in an engine, with no record beside it at the beginning or the end."""
    if request.param == "duckdb":
        yield own_warehouse(request.getfixturevalue("sample_warehouse"), tmp_path)
        return
    shared = str(request.getfixturevalue("postgres_warehouse"))
    _drop(shared)
    yield shared
    _drop(shared)


def _drop(url: str) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE"))
    engine.dispose()


@pytest.fixture
def run(
    url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., dict[str, Any]]:
    """Run a command and give what it says as JSON, with its exit code."""
    monkeypatch.setenv("WAREHOUSE_URL", url)

    def call(name: str, *arguments: str, of: Callable[[list[str]], int] = main) -> dict[str, Any]:
        capsys.readouterr()
        code = of([name, *arguments, "--json"])
        return {**json.loads(capsys.readouterr().out), "code": code}

    return call


def _entries(url: str) -> list[Entry]:
    ledger = Ledger(url)
    try:
        return ScoreLog(ledger).entries()
    finally:
        ledger.close()


def _tamper(url: str, number: int, change: Callable[[dict[str, str]], dict[str, str]]) -> None:
    """Change an entry past the product: the guards dropped, as somebody with the file could."""
    is_file = url.startswith("duckdb")
    if is_file:
        path = url.removeprefix("duckdb:///").replace(".duckdb", ".cases.sqlite")
        engine, table = create_engine(f"sqlite:///{path}"), "score_entry"
        guards = ["DROP TRIGGER score_entry_no_update"]
    else:
        engine, table = create_engine(url), f"{SCHEMA}.score_entry"
        guards = [f"DROP TRIGGER never_changed ON {table}"]
    with engine.begin() as connection:
        for guard in guards:
            connection.execute(text(guard))
        statement = text(f"SELECT content, seals, hash FROM {table} WHERE number = :number")
        row = connection.execute(statement, {"number": number}).mappings().one()
        changed = change(dict(row))
        sets = ", ".join(f"{name} = :{name}" for name in changed)
        connection.execute(
            text(f"UPDATE {table} SET {sets} WHERE number = :number"), {**changed, "number": number}
        )
    engine.dispose()


def _with(*path: str, value: object) -> Callable[[dict[str, str]], dict[str, str]]:
    def change(row: dict[str, str]) -> dict[str, str]:
        content = json.loads(row["content"])
        place = content
        for key in path[:-1]:
            place = place[key]
        place[path[-1]] = value
        return {"content": canonical(content)}

    return change


def test_the_record_from_publication_to_proof(
    url: str, run: Callable[..., dict[str, Any]], tmp_path: Path
) -> None:
    assert run("list") == {"entries": [], "code": 0}
    first = run("publish", "--by", "Ann Lee", "--first", "2024-01", "--last", "2024-12")
    second = run("publish", "--by", "Ann Lee")
    assert (first["run"], second["run"], second["is_new"]) == (1, 2, True)
    # Published again with nothing changed, the last run stands.
    assert run("publish", "--by", "Ann Lee")["is_new"] is False
    entries = _entries(url)
    results = entries[1].read()["results"]
    member, other = sorted(one for one in results if results[one]["rank"] is not None)[:2]

    given = run("override", member, "--tier", "gold", *GROUNDS)
    assert given["entry"] == 3
    made = run("certify", "--out", str(tmp_path / "out"), "--member", member, "--by", "Ann Lee")
    assert (made["run"], made["entry"]) == (2, 4)
    assert all((tmp_path / "out" / one).read_bytes().startswith(b"%PDF") for one in made["files"])
    assert any(f"-{member}-tier-gold-" in one for one in made["files"])
    # What was given once is not given again.
    again = run("certify", "--out", str(tmp_path / "out"), "--member", member, "--by", "Ann Lee")
    assert (again["new"], again["entry"]) == (0, None)

    proved = run("verify", "--holds", first["hash"])
    assert (proved["is_ok"], proved["computed_again"], proved["code"]) == (True, 2, 0)
    assert run("verify", "--holds", "0" * 64)["code"] == 1

    # One score, one input and the override, each changed past the guards.
    tampered = [
        (1, _with("results", member, "incentive_score", value=99.0), f"results.{member}."),
        (2, _with("inputs", other, "selected", "received", value=9999), f"inputs.{other}.selected"),
        (3, _with("tier", value="silver"), "tier"),
    ]
    for number, change, place in tampered:
        _tamper(url, number, change)
        if number < 3:
            _restore_guard(url)
        for report in (run("verify"), run("verify", of=cli.main)):
            findings = report["findings" if "findings" in report else "record_findings"]
            assert report["code"] == 1
            assert any(
                one["number"] == number and one["place"].startswith(place) for one in findings
            ), findings
            assert {one["number"] for one in findings} <= {one for one, *_ in tampered}


def _restore_guard(url: str) -> None:
    ledger = Ledger(url)
    from dashboard.warehouse.ledger_store import make_guards

    with ledger._engine.begin() as connection:
        make_guards(connection, ["score_entry"], is_sqlite=url.startswith("duckdb"))
    ledger.close()


def test_an_input_that_was_sealed_and_hashed_anew_is_found_by_its_generation(
    url: str, run: Callable[..., dict[str, Any]]
) -> None:
    run("publish", "--by", "Ann Lee")
    (entry,) = _entries(url)
    content = entry.read()
    content.pop("entry")
    member = min(content["inputs"])
    content["inputs"][member]["selected"]["timeliness_pillar"] = 100
    forged = sealed("run", content, author=entry.author, written_at=entry.written_at, previous=None)
    # The chain alone holds, and its scores do not follow; its generation names the input.
    alone = {one.place.split(".")[0] for one in verify_entries([forged])}
    assert alone <= {"results", "more"}
    found = verify_entries(
        [forged],
        kept=kept_generations(url),
        computed=lambda held: computed_again(url, held),
    )
    assert f"inputs.{member}.selected.timeliness_pillar" in {one.place for one in found}


def test_the_screen_and_the_run_are_one(url: str, run: Callable[..., dict[str, Any]]) -> None:
    from tests.support.app import test_app

    run("publish", "--by", "Ann Lee")
    (entry,) = _entries(url)
    app = test_app(url, query_deadline_seconds=60)
    rows = app.server.test_client().get("/data/ranking.json").get_json()["rows"]
    app.server.config["WCO_SERVICES"].close()
    results = entry.read()["results"]
    assert {row["member_iso3"] for row in rows} == set(results)
    for row in rows:
        kept = results[row["member_iso3"]]
        for name in ("incentive_score", "rank", "rank_low", "rank_high", "tier"):
            assert row[name] == pytest.approx(kept[name]), (row["member_iso3"], name)


def test_an_override_stands_wherever_the_score_does_until_it_is_withdrawn(
    url: str, run: Callable[..., dict[str, Any]], tmp_path: Path
) -> None:
    from tests.support.app import test_app

    run("publish", "--by", "Ann Lee")
    run("override", "KEN", "--tier", "gold", *GROUNDS)
    run("certify", "--out", str(tmp_path), "--member", "KEN", "--by", "Ann Lee")
    app = test_app(url, query_deadline_seconds=60)
    client = app.server.test_client()

    def told(frame: str) -> dict[str, Any]:
        rows = client.get(f"/data/{frame}.json").get_json()["rows"]
        return {row["member_iso3"]: row["override"] for row in rows if row["override"] is not None}

    for frame in ("ranking", "member_profiles", "score_overrides"):
        assert told(frame) == {"KEN": "tier gold"}, frame
    assert "tier gold" in client.get("/data/ranking.csv").get_data(as_text=True)
    page = client.get("/certificate/1/KEN/tier-gold.pdf?lang=fr")
    assert (page.status_code, page.mimetype) == (200, "application/pdf")
    assert page.get_data().startswith(b"%PDF")
    for address in ("1/KEN/tier-silver", "1/FRA/tier-gold", "9/KEN/tier-gold"):
        assert client.get(f"/certificate/{address}.pdf").status_code == 404
    # An audience that does not name the member gets neither the override nor the certificate.
    other = "audience=member:FRA"
    assert client.get(f"/data/score_overrides.json?{other}").status_code == 403
    assert client.get(f"/certificate/1/KEN/tier-gold.pdf?{other}").status_code in {403, 404}
    assert "tier gold" not in client.get(f"/data/ranking.csv?{other}").get_data(as_text=True)
    run("withdraw", "2", *GROUNDS)
    assert told("ranking") == {}
    app.server.config["WCO_SERVICES"].close()


def test_the_effect_of_a_framework_is_told_and_nothing_written(
    url: str, run: Callable[..., dict[str, Any]], tmp_path: Path
) -> None:
    shipped = (FRAMEWORKS / "default.toml").read_text(encoding="utf-8")
    same = tmp_path / "same.toml"
    same.write_text(shipped, encoding="utf-8")
    none = run("compare", "--framework", str(same))
    assert (none["effect"]["moved"], none["effect"]["tier_changes"]) == (0, 0)
    other = tmp_path / "other.toml"
    head, rest = shipped.split("[[tiers]]", 1)
    other.write_text(
        head + "[[tiers]]" + rest.replace("threshold = 80", "threshold = 99"), encoding="utf-8"
    )
    found = run("compare", "--framework", str(other))
    assert found["effect"]["moved"] == 0
    gold = [one for one in found["members"] if one["tier_before"] == "gold"]
    assert found["effect"]["tier_changes"] == sum(one["score"] < 99 for one in gold) > 0
    assert run("list")["entries"] == []
    # The page tells the same of the file that is proposed to it.
    from tests.support.app import test_app

    app = test_app(url, query_deadline_seconds=60, proposed_framework=other)
    rows = app.server.test_client().get("/data/scoring_moves.json").get_json()["rows"]
    app.server.config["WCO_SERVICES"].close()
    assert {row["step"] for row in rows} == {"proposed"}
    lost = {row["member_iso3"] for row in rows if row["tier_before"] != row["tier_after"]}
    assert len(lost) == found["effect"]["tier_changes"]


def test_a_store_that_was_made_before_gets_the_log_that_it_lacks(tmp_path: Path) -> None:
    """The file as the first version of the log of cases made it."""
    path = tmp_path / "w.cases.sqlite"
    old = sqlite3.connect(path)
    old.executescript(
        """
        CREATE TABLE case_event (
            event_id INTEGER NOT NULL PRIMARY KEY, collection_id TEXT NOT NULL,
            case_id TEXT NOT NULL, number INTEGER NOT NULL, state TEXT NOT NULL,
            note TEXT NOT NULL, author TEXT NOT NULL, written_at DATETIME NOT NULL,
            warehouse_version TEXT NOT NULL, value_usd DOUBLE NOT NULL,
            expected_usd DOUBLE NOT NULL, member_share DOUBLE, region_share DOUBLE,
            request_id TEXT NOT NULL UNIQUE, UNIQUE (collection_id, case_id, number));
        CREATE TRIGGER no_update BEFORE UPDATE ON case_event
            BEGIN SELECT RAISE(ABORT, 'events are never changed'); END;
        INSERT INTO case_event VALUES (1, 'monthly', 'KEN.X.27.202403', 1, 'asked', 'By letter',
            'Ann', '2026-11-25 09:00:00.000000', 'v1', 9.0, 2.0, 0.25, 0.1, 'request-1');
        """
    )
    old.close()
    from datetime import datetime

    from dashboard.warehouse.casework import Casework, Position

    ledger = Ledger(f"duckdb:///{tmp_path / 'w.duckdb'}")
    log = ScoreLog(ledger)
    assert log.entries() == []
    at = datetime.fromisoformat("2026-11-27 09:00")
    log.append("run", {"a": 1}, after=[], author="Ann", request_id="request-2", at=at)
    assert [one.number for one in log.entries()] == [1]
    assert Casework(ledger).position("monthly", "KEN.X.27.202403") == Position(1, "asked")
    with pytest.raises(sqlite3.IntegrityError, match="never changed"):
        sqlite3.connect(path).execute("UPDATE score_entry SET kind = 'x'")
