"""Addresses, file names and versions of generations."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from dashboard.errors import ConfigError, WarehouseError
from dashboard.warehouse.targets import (
    DUCKDB,
    POSTGRESQL,
    VERSION,
    new_version,
    parse_target,
    schema_name,
    served_version,
)

MOMENT = datetime(2024, 8, 27, 10, 15, 0, tzinfo=UTC)


def test_version_begins_with_the_moment() -> None:
    version = new_version(MOMENT)
    assert VERSION.match(version)
    assert version.startswith("20240827t101500x")


@pytest.mark.parametrize("first", [0, 9, 255, 65_535, 999_998])
def test_versions_of_the_same_second_sort_by_time(first: int) -> None:
    earlier, later = (MOMENT.replace(microsecond=first + step) for step in (0, 1))
    for _ in range(20):  # the last digit is drawn
        assert new_version(earlier) < new_version(later)


def test_absolute_and_relative_files_are_told_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert parse_target("duckdb:////srv/w.duckdb").pointer == Path("/srv/w.duckdb")
    relative = parse_target("duckdb:///data/w.duckdb")
    assert relative.engine == DUCKDB
    assert relative.pointer == tmp_path / "data" / "w.duckdb"


def test_postgresql_is_always_asked_by_psycopg() -> None:
    target = parse_target("postgresql://user@host/db")
    assert (target.engine, target.url.drivername) == (POSTGRESQL, "postgresql+psycopg")


@pytest.mark.parametrize(
    "url", ["", "duckdb://", "duckdb:///:memory:", "sqlite:///x", "not an address"]
)
def test_other_addresses_are_refused_with_what_is_accepted(url: str) -> None:
    with pytest.raises(ConfigError, match="duckdb:///FILE"):
        parse_target(url)


def test_only_names_of_generations_have_a_version() -> None:
    target = parse_target("duckdb:////srv/w.duckdb")
    version = new_version(MOMENT)
    assert target.version_of(target.generation_path(version).name) == version
    for name in ("w.duckdb", f"x-{version}.duckdb", f"w-{version}.duckdb.sha256", "w-1.duckdb"):
        assert target.version_of(name) is None


def test_nothing_but_a_version_becomes_the_name_of_a_schema() -> None:
    version = new_version(MOMENT)
    assert schema_name(version) == f"gen_{version}"
    with pytest.raises(ConfigError):
        schema_name('x"; DROP SCHEMA public')


def test_served_version_is_that_of_the_pointer(tmp_path: Path) -> None:
    target = parse_target(f"duckdb:///{tmp_path / 'w.duckdb'}")
    assert target.pointer is not None
    assert served_version(target) is None
    version = new_version(MOMENT)
    target.pointer.symlink_to(target.generation_path(version).name)  # dangling: still named
    assert served_version(target) == version
    target.pointer.unlink()
    target.pointer.touch()
    with pytest.raises(WarehouseError, match="no pointer of this product"):
        served_version(target)
