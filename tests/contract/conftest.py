"""Fixtures of the contract tests: the sample in each engine, and a warehouse of the real files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import flask
import pandas as pd
import pytest

from callbacks import FRAMES
from callbacks.services import Services
from dashboard.cache import ResultCache
from dashboard.config import Config
from dashboard.selection import Selection
from dashboard.warehouse.reading import Warehouse
from tests.support.real_data import (
    RealWarehouse,
    availability,
    build_warehouse,
    listed_regions,
)

ENGINES = {"duckdb": "sample_warehouse_url", "postgresql": "postgres_warehouse"}

Read = Callable[..., pd.DataFrame]


@pytest.fixture(scope="session", params=sorted(ENGINES))
def engine_name(request: pytest.FixtureRequest) -> str:
    """The engine asked by this run of the test: ``duckdb`` or ``postgresql``."""
    return str(request.param)


@pytest.fixture(scope="session")
def warehouse_url(engine_name: str, request: pytest.FixtureRequest) -> str:
    """SQLAlchemy's address of the small sample warehouse in the engine of this run."""
    return str(request.getfixturevalue(ENGINES[engine_name]))


# --- The published data --------------------------------------------------------------------------


@pytest.fixture(scope="session")
def real_warehouse(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> RealWarehouse:
    """A warehouse of the published files, made once for all modules; nobody may write it."""
    return build_warehouse(tmp_path_factory.mktemp("real-numbers"), shared_data)


@pytest.fixture(scope="session")
def services(real_warehouse: RealWarehouse) -> Iterator[Services]:
    """Services over the warehouse of the published files."""
    url = real_warehouse.url
    warehouse = Warehouse(url, deadline_seconds=60)
    found = Services(Config(url), warehouse, ResultCache(flask.Flask("real"), megabytes=0))
    yield found
    found.close()


@pytest.fixture(scope="session")
def read(services: Services) -> Read:
    """Read a frame as the screen does: ``read("region_flows", collection=..., ...)``."""

    def frame(name: str, **chosen: Any) -> pd.DataFrame:
        selection = Selection(**chosen).resolve(services.catalogue)
        return FRAMES[name].read(services, selection)

    return frame


@pytest.fixture(scope="session")
def regions(shared_data: Path) -> dict[str, str]:
    """Region of each member by ISO code, as published and not as the product has it."""
    return listed_regions(shared_data)


@pytest.fixture(scope="session")
def first_seen(shared_data: Path) -> dict[tuple[str, int], date]:
    """First day on which a reporter's month was found to be there, by ISO code and period."""
    firsts = availability(shared_data).groupby(["reporter_iso", "period"])["retrieved_by"].min()
    return {
        (str(iso3), int(period)): date.fromisoformat(day) for (iso3, period), day in firsts.items()
    }
