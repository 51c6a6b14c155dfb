"""A drawn warehouse that is published once and copied to where a test wants it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.workshops import publish_drawn

ServeDrawn = Callable[..., str]


@pytest.fixture(scope="session")
def serve_drawn(tmp_path_factory: pytest.TempPathFactory) -> ServeDrawn:
    """Give an address that serves nothing what ``publish_drawn`` would, and return the version.

    ``serve_drawn("duckdb:///folder/warehouse.duckdb", seed, rows=50)``
    """
    made: dict[tuple[int, int], tuple[Path, str]] = {}

    def serve(url: str, seed: int, *, rows: int = 2000) -> str:
        if (seed, rows) not in made:
            folder = tmp_path_factory.mktemp("drawn")
            version = publish_drawn(f"duckdb:///{folder / 'warehouse.duckdb'}", seed, rows=rows)
            made[seed, rows] = folder, version
        folder, version = made[seed, rows]
        pointer = Path(url.removeprefix("duckdb:///"))
        assert pointer.name == "warehouse.duckdb", "a generation bears the name of its pointer"
        assert not pointer.exists()
        shutil.copytree(folder, pointer.parent, symlinks=True, dirs_exist_ok=True)
        return version

    return serve
