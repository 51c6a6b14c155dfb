"""One small sample, built and finished once for all tests of the package."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from dashboard.framework import read_framework
from dashboard.warehouse.finishing import finish
from dashboard.warehouse.sample import Scale, build_sample
from dashboard.warehouse.workshop import Silent, Workshop, begin, discard

TODAY = date(2026, 6, 15)
TINY = Scale("tiny", lines=620, least_exports=1, least_imports=2, years=1)

Query = Callable[[str], list[tuple[Any, ...]]]


@pytest.fixture(scope="package")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    path = tmp_path_factory.mktemp("sample") / "warehouse.duckdb"
    workshop = begin(f"duckdb:///{path}", read_framework()[0])
    try:
        build_sample(workshop, scale="small", today=TODAY, progress=Silent())
        finish(
            workshop,
            built_at=datetime(2026, 6, 15, 12, tzinfo=UTC),
            data_on=TODAY,
            is_synthetic=True,
        )
        yield workshop
    finally:
        discard(workshop)


@pytest.fixture(scope="package")
def ask(sample: Workshop) -> Query:
    return lambda statement: sample.connection.execute(statement).fetchall()


@pytest.fixture
def today() -> date:
    return TODAY


@pytest.fixture
def build_tiny(tmp_path: Path) -> Iterator[Callable[..., Workshop]]:
    """Return a builder of one-year samples, each in a workshop of its own."""
    built: list[Workshop] = []

    def build(*, seed: int = 1, threads: int = 2, today: date = TODAY) -> Workshop:
        url = f"duckdb:///{tmp_path / str(len(built))}/warehouse.duckdb"
        workshop = begin(url, read_framework()[0])
        built.append(workshop)
        workshop.connection.execute(f"SET threads = {threads}")
        build_sample(workshop, scale=TINY, today=today, seed=seed, progress=Silent())
        return workshop

    yield build
    for workshop in built:
        discard(workshop)
