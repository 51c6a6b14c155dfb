"""Fixtures of the contract tests: the same sample warehouse in each engine."""

from __future__ import annotations

import pytest

ENGINES = {"duckdb": "sample_warehouse_url", "postgresql": "postgres_warehouse"}


@pytest.fixture(scope="session", params=sorted(ENGINES))
def engine_name(request: pytest.FixtureRequest) -> str:
    """The engine asked by this run of the test: ``duckdb`` or ``postgresql``."""
    return str(request.param)


@pytest.fixture(scope="session")
def warehouse_url(engine_name: str, request: pytest.FixtureRequest) -> str:
    """SQLAlchemy's address of the small sample warehouse in the engine of this run."""
    return str(request.getfixturevalue(ENGINES[engine_name]))
