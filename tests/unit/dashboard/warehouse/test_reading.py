"""The read side on DuckDB: deadline, limit, lost and replaced files, threads."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import Select, func, select

from dashboard.errors import WarehouseBusyError, WarehouseError
from dashboard.warehouse import schema
from dashboard.warehouse.reading import Warehouse
from dashboard.warehouse.workshop import begin, discard
from tests.support.publisher import publish_marked
from tests.support.workshops import publish_drawn

ServeDrawn = Callable[..., str]

TRADE = schema.fct_trade.c
COUNT = select(func.count().label("rows")).select_from(schema.fct_trade)


def endless() -> Select[tuple[int]]:
    """A statement that no deadline of these tests is long enough for."""
    one, two, three = (schema.fct_trade.alias(name) for name in ("one", "two", "three"))
    return (
        select(func.count().label("rows"))
        .select_from(one, two, three)
        .where(one.c.value_usd * two.c.value_usd * three.c.value_usd < 0)
    )


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, serve_drawn: ServeDrawn) -> Path:
    """A warehouse that the tests of this module only read."""
    path = tmp_path_factory.mktemp("served") / "warehouse.duckdb"
    serve_drawn(f"duckdb:///{path}", 1)
    return path


@pytest.fixture
def warehouse(served: Path) -> Iterator[Warehouse]:
    warehouse = Warehouse(f"duckdb:///{served}")
    yield warehouse
    warehouse.close()


def test_version_is_the_one_that_the_pointer_names(warehouse: Warehouse, served: Path) -> None:
    assert served.resolve().name == f"warehouse-{warehouse.version}.duckdb"
    assert warehouse.info()["version"] == warehouse.version


def test_frame_names_the_generation_it_was_read_from(warehouse: Warehouse) -> None:
    assert warehouse.frame(COUNT).attrs["warehouse_version"] == warehouse.version


def test_parameters_reach_the_engine(warehouse: Warehouse) -> None:
    chosen = warehouse.frame(
        select(TRADE.flow_code.label("flow_code"), func.count().label("rows"))
        .where(TRADE.flow_code.in_(["M", "X"]), TRADE.period_id >= 202306)
        .group_by(TRADE.flow_code)
        .order_by(TRADE.flow_code)
    )
    everything = warehouse.frame(select(TRADE.flow_code, TRADE.period_id))
    kept = everything[
        (everything["period_id"] >= 202306) & everything["flow_code"].isin(["M", "X"])
    ]
    assert chosen["flow_code"].tolist() == ["M", "X"]
    assert chosen["rows"].tolist() == kept.groupby("flow_code").size().tolist()


def test_reading_cannot_write_or_leave_the_file(warehouse: Warehouse, served: Path) -> None:
    reader = warehouse._reader
    warehouse.frame(COUNT)
    connection = reader._current.connection  # type: ignore[union-attr]
    for forbidden in (
        "DELETE FROM fct_trade",
        f"SELECT * FROM read_text('{served.parent}/x')",
        "SET enable_external_access = true",
    ):
        with pytest.raises(Exception, match=r"read-only|disabled|locked"):
            connection.cursor().execute(forbidden)


def test_statement_past_its_deadline_is_interrupted(served: Path) -> None:
    warehouse = Warehouse(f"duckdb:///{served}", deadline_seconds=0.3)
    began = time.monotonic()
    with pytest.raises(WarehouseBusyError, match=r"longer than 0\.3 s"):
        warehouse.frame(endless())
    assert time.monotonic() - began < 3
    assert warehouse.frame(COUNT)["rows"].tolist() == [2000]  # and the next one runs
    warehouse.close()


def test_statement_beyond_the_limit_waits_shortly_and_is_refused(served: Path) -> None:
    warehouse = Warehouse(f"duckdb:///{served}", deadline_seconds=2.0, query_limit=1)
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(warehouse.frame, endless())
        time.sleep(0.3)
        began = time.monotonic()
        with pytest.raises(WarehouseBusyError, match="1 queries are running already"):
            warehouse.frame(COUNT)
        assert 0.5 < time.monotonic() - began < 2
        assert isinstance(slow.exception(), WarehouseBusyError)
    assert len(warehouse.frame(COUNT)) == 1
    warehouse.close()


def test_missing_warehouse_is_told_without_its_path_and_recovers(
    tmp_path: Path, serve_drawn: ServeDrawn
) -> None:
    folder = tmp_path / "secret-folder"
    url = f"duckdb:///{folder / 'warehouse.duckdb'}"
    warehouse = Warehouse(url)
    for question in (lambda: warehouse.version, lambda: warehouse.frame(COUNT)):
        with pytest.raises(WarehouseError, match=r"no warehouse 'warehouse\.duckdb'") as told:
            question()
        assert "secret-folder" not in str(told.value)
        assert told.value.remedy
    version = serve_drawn(url, 1)
    assert warehouse.version == version
    assert warehouse.frame(COUNT)["rows"].tolist() == [2000]
    warehouse.close()


def test_lost_generation_is_told_and_read_again_when_it_is_back(
    tmp_path: Path, serve_drawn: ServeDrawn
) -> None:
    pointer = tmp_path / "warehouse.duckdb"
    serve_drawn(f"duckdb:///{pointer}", 1)
    generation = pointer.resolve()
    generation.rename(tmp_path / "elsewhere")
    warehouse = Warehouse(f"duckdb:///{pointer}")
    with pytest.raises(WarehouseError, match="is missing") as told:
        warehouse.frame(COUNT)
    assert str(tmp_path) not in str(told.value)
    generation.write_bytes(b"not a database" * 1000)
    with pytest.raises(WarehouseError, match="cannot be opened") as told:
        warehouse.frame(COUNT)
    assert str(tmp_path) not in str(told.value)
    (tmp_path / "elsewhere").replace(generation)
    assert warehouse.frame(COUNT)["rows"].tolist() == [2000]
    warehouse.close()


def test_file_in_the_pointers_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "warehouse.duckdb").write_bytes(b"")
    with pytest.raises(WarehouseError, match="not a pointer"):
        _ = Warehouse(f"duckdb:///{tmp_path / 'warehouse.duckdb'}").version


def test_generation_of_another_schema_is_refused(
    served: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = schema.SCHEMA_VERSION
    monkeypatch.setattr(schema, "SCHEMA_VERSION", 99)
    warehouse = Warehouse(f"duckdb:///{served}")
    with pytest.raises(WarehouseError, match=f"schema version '{held}'"):
        warehouse.frame(COUNT)


def test_running_statement_ends_on_the_old_generation_and_the_next_reads_the_new(
    tmp_path: Path, serve_drawn: ServeDrawn
) -> None:
    url = f"duckdb:///{tmp_path / 'warehouse.duckdb'}"
    old = serve_drawn(url, 1)
    warehouse = Warehouse(url)
    warehouse.frame(COUNT)
    with warehouse._reader._generation() as running:  # type: ignore[union-attr]
        new = publish_drawn(url, 2, rows=1500)
        assert warehouse.frame(COUNT)["rows"].tolist() == [1500]
        cursor = running.connection.cursor()
        assert cursor.execute("SELECT count(*) FROM fct_trade").fetchone() == (2000,)
        cursor.close()
        assert running.version == old
    assert warehouse.version == new
    with pytest.raises(Exception, match="closed"):
        running.connection.execute("SELECT 1")  # nobody holds the old file open any longer
    warehouse.close()


def test_threads_read_whole_generations_while_ten_are_published(
    tmp_path: Path, serve_drawn: ServeDrawn
) -> None:
    """A torn read would see two marks, or another than its version's."""
    url = f"duckdb:///{tmp_path / 'warehouse.duckdb'}"
    serve_drawn(url, 1)
    mark_of = {publish_marked(url, 0): 0}
    warehouse = Warehouse(url, query_limit=8, deadline_seconds=60)
    both = select(
        select(schema.load_log.c.rows_read).scalar_subquery().label("mark"),
        select(func.min(schema.fct_submission.c.row_count)).scalar_subquery().label("lowest"),
        select(func.max(schema.fct_submission.c.row_count)).scalar_subquery().label("highest"),
        select(schema.warehouse_info.c.value)
        .where(schema.warehouse_info.c.name == "version")
        .scalar_subquery()
        .label("version"),
    )
    is_over = threading.Event()
    seen: list[tuple[str, str, list[int]]] = []

    def read() -> None:
        while not is_over.is_set():
            frame = warehouse.frame(both)
            row = frame.iloc[0]
            marks = row[["mark", "lowest", "highest"]].tolist()
            seen.append((frame.attrs["warehouse_version"], row["version"], marks))
            time.sleep(0.1)  # leaves the publisher its share of the processor

    with ThreadPoolExecutor(8) as pool:
        readers = [pool.submit(read) for _ in range(8)]
        try:
            for mark in range(1, 11):
                mark_of[publish_marked(url, mark)] = mark
        finally:
            is_over.set()
        for reader in readers:
            reader.result()
    warehouse.close()
    assert all(version == told and marks == [mark_of[version]] * 3 for version, told, marks in seen)
    assert len({version for version, _, _ in seen}) >= 8  # they saw nearly every generation


def test_every_thread_gets_its_own_rows(warehouse: Warehouse) -> None:
    def sums(period: int) -> tuple[int, list[int]]:
        statement = (
            select(TRADE.period_id.label("period_id"), TRADE.value_usd.label("value_usd"))
            .where(TRADE.period_id == period)
            .order_by(TRADE.value_usd)
        )
        return period, warehouse.frame(statement)["period_id"].unique().tolist()

    periods = [202301 + place % 12 for place in range(240)]
    with ThreadPoolExecutor(4) as pool:
        assert all(found == [period] for period, found in pool.map(sums, periods))


def test_types_follow_from_the_statement(warehouse: Warehouse) -> None:
    frame = warehouse.frame(
        select(
            TRADE.reporter_id.label("small"),
            func.sum(TRADE.hs_level).label("sum_of_small"),
            func.max(TRADE.flow_code).label("text"),
            func.sum(TRADE.quantity).label("no_value"),
            func.bool_or(TRADE.is_estimated, type_=TRADE.is_estimated.type).label("flag"),
        )
        .group_by(TRADE.reporter_id)
        .order_by(TRADE.reporter_id)
    )
    assert {name: str(kind) for name, kind in frame.dtypes.items()} == {
        "small": "Int64",
        "sum_of_small": "Int64",
        "text": "str",
        "no_value": "float64",
        "flag": "boolean",
    }
    assert frame["no_value"].isna().all()


def test_empty_result_keeps_its_columns_and_types(warehouse: Warehouse) -> None:
    empty = warehouse.frame(select(TRADE.period_id, TRADE.value_usd).where(TRADE.period_id == 1))
    assert [str(kind) for kind in empty.dtypes] == ["Int64", "float64"]
    assert isinstance(empty.index, pd.RangeIndex) and len(empty) == 0


def test_workshop_may_be_open_while_the_generation_is_read(served: Path) -> None:
    warehouse = Warehouse(f"duckdb:///{served}")
    workshop = begin(f"duckdb:///{served}")
    workshop.connection.execute("DELETE FROM fct_trade")
    assert warehouse.frame(COUNT)["rows"].tolist() == [2000]
    discard(workshop)
    warehouse.close()
