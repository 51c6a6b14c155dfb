"""Publication and reading, the same on both engines."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import psycopg
import pytest
from sqlalchemy import Select, func, make_url, select, true

from dashboard.errors import WarehouseBusyError, WarehouseError
from dashboard.warehouse import copying, reading_postgresql, schema, workshop
from dashboard.warehouse.publishing import publish
from dashboard.warehouse.reading import Warehouse
from dashboard.warehouse.tables import insert_rows
from dashboard.warehouse.targets import OLD_GENERATIONS, VERSION
from dashboard.warehouse.verifying import verify
from dashboard.warehouse.workshop import DERIVED, begin, discard
from tests.support.publisher import publish_marked, running_publisher
from tests.support.workshops import (
    ALBANIA,
    FRANCE,
    Filler,
    draw_trade,
    finish_by_hand,
    framework,
    publish_drawn,
)

ENGINES = ["duckdb", "postgresql"]
AWKWARD = ["", " ", "NA", "NULL", "\\N", 'a "quoted" one', "a,b;c", "two\nlines", "été", "\t", "'"]
"""Texts that a copy by way of a text format could change."""

COUNT = select(func.count().label("rows")).select_from(schema.fct_trade)


@pytest.fixture(params=ENGINES)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An address where nothing was ever published."""
    if request.param == "duckdb":
        return f"duckdb:///{tmp_path / 'warehouse.duckdb'}"
    return str(request.getfixturevalue("fresh_postgres_url"))


@contextmanager
def reading(url: str, **settings: Any) -> Iterator[Warehouse]:
    warehouse = Warehouse(url, **settings)
    try:
        yield warehouse
    finally:
        warehouse.close()


def endless() -> Select[tuple[int]]:
    one, two, three = (schema.fct_trade.alias(name) for name in ("one", "two", "three"))
    return (
        select(func.count().label("rows"))
        .select_from(one.join(two, true()).join(three, true()))
        .where(one.c.value_usd * two.c.value_usd * three.c.value_usd < 0)
    )


def fill_awkwardly(url: str) -> None:
    """Publish a draw and a few rows of every table that loading fills."""
    made = begin(url, framework())
    filler = Filler(made)
    filler.load()
    draw_trade(filler, np.random.default_rng(7))
    connection = made.connection
    findings = [
        (place, 1, None, "hard", None, None, "field", text, None, None, None, None, None)
        for place, text in enumerate(AWKWARD)
    ]
    insert_rows(connection, "fct_finding", findings)
    total = (1, ALBANIA, 0, 202301, "M", "TOTAL", "world", 0.1 + 0.2, None)
    insert_rows(connection, "fct_control_total", [total])
    insert_rows(connection, "fct_check", [(1, "hard", 10, 1), (1, "soft", 2**40, 2**33)])
    finish_by_hand(made)
    publish(made, url)


def tables(warehouse: Warehouse) -> dict[str, pd.DataFrame]:
    """Every table, whole, in the order of its columns."""
    frames = {}
    for name, table in schema.metadata.tables.items():
        frame = warehouse.frame(select(*table.columns))
        frames[name] = frame.sort_values(list(frame.columns), ignore_index=True)
        frames[name].attrs.clear()
    info = frames["warehouse_info"]
    frames["warehouse_info"] = info[info["name"] != "version"].reset_index(drop=True)
    return frames


def test_both_engines_give_the_same_frame_of_every_table(
    tmp_path: Path, fresh_postgres_url: str
) -> None:
    urls = [f"duckdb:///{tmp_path / 'warehouse.duckdb'}", fresh_postgres_url]
    found = []
    for url in urls:
        fill_awkwardly(url)
        with reading(url) as warehouse:
            found.append(tables(warehouse))
    for name in found[0]:
        pd.testing.assert_frame_equal(found[0][name], found[1][name], rtol=1e-12, obj=name)
    assert len(found[0]["fct_trade"]) == 2000


def test_first_publication_creates_what_it_needs(url: str) -> None:
    version = publish_drawn(url, 1)
    assert VERSION.match(version)
    with reading(url) as warehouse:
        assert warehouse.version == version
        assert warehouse.info()["version"] == version
        assert warehouse.frame(COUNT)["rows"].tolist() == [2000]
    report = verify(url)
    assert report.is_ok, report.problems
    assert report.version == version
    assert report.row_counts["fct_trade"] == 2000


def test_workshop_of_a_published_generation_holds_the_very_rows(url: str, tmp_path: Path) -> None:
    fill_awkwardly(url)
    with reading(url) as warehouse:
        before = tables(warehouse)
    again = begin(url)
    texts = again.connection.execute("SELECT value FROM fct_finding ORDER BY finding_id").fetchall()
    finish_by_hand(again)
    publish(again, url)
    assert [text for (text,) in texts] == AWKWARD
    with reading(url) as warehouse:
        after = tables(warehouse)
    for name, frame in before.items():
        # Sums are added up in another order, everything else is carried over to the last bit.
        exactly = {} if name in DERIVED else {"check_exact": True}
        pd.testing.assert_frame_equal(frame, after[name], obj=name, **exactly)


# What follows with PostgreSQL's address alone is asked of DuckDB in tests/unit/dashboard/warehouse:
# the files that are kept and the kills by test_publishing, the readers by test_reading.


def test_four_generations_are_kept(fresh_postgres_url: str) -> None:
    url = fresh_postgres_url
    publish_drawn(url, 1, rows=50)
    versions = [publish_marked(url, place) for place in range(OLD_GENERATIONS + 2)]
    assert postgresql_generations(url) == versions[-(OLD_GENERATIONS + 1) :]


def postgresql_generations(url: str) -> list[str]:
    with psycopg.connect(plain(url)) as database:
        rows = database.execute(
            "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'gen%' ORDER BY 1"
        ).fetchall()
    return [str(name).removeprefix("gen_") for (name,) in rows]


def plain(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def test_second_loader_is_refused(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workshop, "LOCK_PATIENCE_SECONDS", 0.1)
    first = begin(url, framework())
    with pytest.raises(WarehouseError, match="Another loader is at work"):
        begin(url, framework())
    discard(first)
    discard(begin(url, framework()))


def test_generation_with_an_orphan_is_not_published(url: str) -> None:
    old = publish_drawn(url, 1, rows=50)
    broken = begin(url)
    broken.connection.execute("UPDATE fct_trade SET partner_id = 31999 WHERE flow_code = 'M'")
    finish_by_hand(broken)
    with pytest.raises(WarehouseError, match=r"fct_trade: partner_id .*31999"):
        publish(broken, url)
    with reading(url) as warehouse:
        assert warehouse.version == old
    assert verify(url).is_ok


def test_statement_past_its_deadline_is_stopped(url: str) -> None:
    publish_drawn(url, 1)
    with reading(url, deadline_seconds=0.5) as warehouse:
        began = time.monotonic()
        with pytest.raises(WarehouseBusyError, match=r"longer than 0\.5 s"):
            warehouse.frame(endless())
        assert time.monotonic() - began < 5
        assert warehouse.frame(COUNT)["rows"].tolist() == [2000]


def test_missing_warehouse_is_told_and_recovers(url: str) -> None:
    with reading(url) as warehouse:
        with pytest.raises(WarehouseError, match="no warehouse"):
            warehouse.frame(COUNT)
        publish_drawn(url, 1)
        assert warehouse.frame(COUNT)["rows"].tolist() == [2000]


def marks(warehouse: Warehouse) -> tuple[str, set[int]]:
    """The version that was read and the marks found in it: one if the read was whole."""
    submission = schema.fct_submission.c
    frame = warehouse.frame(
        select(
            select(schema.load_log.c.rows_read).scalar_subquery().label("one"),
            select(func.min(submission.row_count)).scalar_subquery().label("two"),
            select(func.max(submission.row_count)).scalar_subquery().label("three"),
        )
    )
    return str(frame.attrs["warehouse_version"]), {int(mark) for mark in frame.iloc[0]}


def test_readers_see_whole_generations_while_others_are_published(
    fresh_postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading_postgresql, "POINTER_SECONDS", 0.2)
    url = fresh_postgres_url
    publish_drawn(url, 1, rows=300)
    mark_of = {publish_marked(url, 0): {0}}
    seen: list[tuple[str, set[int]]] = []
    is_over = threading.Event()

    def read(warehouse: Warehouse) -> None:
        while not is_over.is_set():
            seen.append(marks(warehouse))
            time.sleep(0.1)  # leaves the publisher its share of the processor

    with (
        reading(url, query_limit=8, deadline_seconds=60) as warehouse,
        ThreadPoolExecutor(8) as pool,
    ):
        readers = [pool.submit(read, warehouse) for _ in range(8)]
        try:
            for number in range(1, 6):
                mark_of[publish_marked(url, number)] = {number}
        finally:
            is_over.set()
        for reader in readers:
            reader.result()
    assert all(found == mark_of[version] for version, found in seen)
    assert len({version for version, _ in seen}) >= 4


def test_killed_publisher_leaves_the_old_generation_or_the_new_one(
    fresh_postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seven kills at steps of the publication, three more at random moments of it."""
    monkeypatch.setattr(reading_postgresql, "POINTER_SECONDS", 0.2)
    url = fresh_postgres_url
    rng = np.random.default_rng(3)
    publish_drawn(url, 1, rows=300)
    with running_publisher() as publisher, reading(url) as warehouse:
        began = time.monotonic()
        assert publisher.publish(url, 1) == 0
        duration = time.monotonic() - began
        written = len(schema.metadata.tables) + 2  # one call for each table, and two around them
        last_calls = [1, 2, 3, 4, 20, written, written + 2]
        kills: list[dict[str, Any]] = [{"last_call": call} for call in last_calls]
        kills += [{"seconds": float(moment)} for moment in rng.uniform(0.05, duration, 3)]
        served, killed = 1, 0
        for number, moment in enumerate(kills, start=2):
            before = warehouse.version
            ended = publisher.publish(url, number, **moment)
            assert ended in {0, -signal.SIGKILL}
            killed += ended == -signal.SIGKILL
            time.sleep(reading_postgresql.POINTER_SECONDS)
            version, found = marks(warehouse)
            served = served if version == before else number
            assert found == {served}
        assert killed >= 3
    assert verify(url).is_ok
    discard(begin(url))


def test_leftovers_of_a_killed_loader_are_deleted(
    fresh_postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    kept = publish_drawn(fresh_postgres_url, 1, rows=50)
    with psycopg.connect(plain(fresh_postgres_url), autocommit=True) as database:
        database.execute("CREATE SCHEMA gen_29990101t000000x000000")  # later than what is served
        database.execute("CREATE SCHEMA gen_of_somebody_else")
    (tmp_path / "wco-workshop-dead").mkdir()
    discard(begin(fresh_postgres_url))
    assert postgresql_generations(fresh_postgres_url) == [kept, "of_somebody_else"]
    assert list(tmp_path.iterdir()) == []


def test_reading_goes_on_after_the_server_ended_its_connections(fresh_postgres_url: str) -> None:
    publish_drawn(fresh_postgres_url, 1, rows=50)
    with reading(fresh_postgres_url) as warehouse:
        for _ in range(2):
            assert warehouse.frame(COUNT)["rows"].tolist() == [50]
            with psycopg.connect(plain(fresh_postgres_url), autocommit=True) as database:
                database.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
        assert warehouse.frame(COUNT)["rows"].tolist() == [50]


def test_generation_dropped_since_the_pointer_was_read_is_asked_anew(
    fresh_postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading_postgresql, "POINTER_SECONDS", 3600.0)
    old = publish_drawn(fresh_postgres_url, 1, rows=50)
    with reading(fresh_postgres_url) as warehouse:
        assert warehouse.version == old
        publish_drawn(fresh_postgres_url, 2, rows=60)
        with psycopg.connect(plain(fresh_postgres_url), autocommit=True) as database:
            database.execute(f"DROP SCHEMA gen_{old} CASCADE")
        assert warehouse.frame(COUNT)["rows"].tolist() == [60]


def test_connection_of_the_reader_cannot_write(fresh_postgres_url: str) -> None:
    publish_drawn(fresh_postgres_url, 1, rows=50)
    with reading(fresh_postgres_url) as warehouse:
        engine = warehouse._reader._engine  # type: ignore[union-attr]
        with engine.connect() as connection, pytest.raises(Exception, match="read-only"):
            connection.exec_driver_sql("DELETE FROM public.wco_current")


@pytest.mark.parametrize(
    "ask",
    [
        lambda url: Warehouse(url).version,
        lambda url: Warehouse(url).frame(COUNT),
        lambda url: begin(url, framework()),
        verify,
    ],
    ids=["version", "frame", "begin", "verify"],
)
def test_unreachable_database_is_told_without_any_part_of_its_address(
    ask: Callable[[str], object], tmp_path: Path
) -> None:
    url = f"postgresql+psycopg://somebody:hunter2@/secretbase?host={tmp_path}&port=1"
    with pytest.raises(WarehouseError, match="cannot be reached") as told:
        ask(url)
    for part in ("hunter2", "somebody", "secretbase", str(tmp_path)):
        assert part not in str(told.value)


def test_rollups_and_facts_are_indexed(fresh_postgres_url: str) -> None:
    version = publish_drawn(fresh_postgres_url, 1, rows=50)
    with psycopg.connect(plain(fresh_postgres_url)) as database:
        rows = database.execute(
            "SELECT DISTINCT tablename FROM pg_indexes WHERE schemaname = %s", (f"gen_{version}",)
        ).fetchall()
    indexed = {name for (name,) in rows}
    keyed = {table.name for table in schema.metadata.sorted_tables if table.primary_key.columns}
    assert indexed == keyed | set(copying.INDEXES)


def test_killed_loaders_lock_is_soon_free(fresh_postgres_url: str) -> None:
    publish_drawn(fresh_postgres_url, 1, rows=50)
    with running_publisher() as publisher:
        assert publisher.publish(fresh_postgres_url, 1, last_call=3) == -signal.SIGKILL
    discard(begin(fresh_postgres_url))


def test_load_of_france_is_where_it_belongs(url: str) -> None:
    """A filter with a parameter, a join and a sum, against the same by pandas."""
    publish_drawn(url, 5)
    trade, submission = schema.fct_trade.c, schema.fct_submission.c
    statement = (
        select(trade.period_id.label("period_id"), func.sum(trade.value_usd).label("value_usd"))
        .join(schema.fct_submission, submission.submission_id == trade.submission_id)
        .where(trade.reporter_id == FRANCE, submission.superseded_at.is_(None))
        .group_by(trade.period_id)
        .order_by(trade.period_id)
    )
    with reading(url) as warehouse:
        found = warehouse.frame(statement)
        facts = warehouse.frame(select(*schema.fct_trade.columns))
        receipts = warehouse.frame(select(*schema.fct_submission.columns))
    current = receipts.loc[receipts["superseded_at"].isna(), "submission_id"]
    chosen = facts[facts["submission_id"].isin(current) & (facts["reporter_id"] == FRANCE)]
    expected = chosen.groupby("period_id", as_index=False)["value_usd"].sum()
    found.attrs.clear()
    pd.testing.assert_frame_equal(found, expected, rtol=1e-12)
