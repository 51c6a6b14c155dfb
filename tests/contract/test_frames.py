"""Every named frame is the same on both engines, for a hundred random selections."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import flask
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from callbacks import FRAMES
from callbacks.services import Services
from dashboard.cache import ResultCache
from dashboard.config import Config
from dashboard.warehouse.reading import Warehouse
from tests.support.selections import random_selection

SELECTIONS = 100
FACTS_OF_A_BUILD = frozenset({"version", "built_at", "published_at"})
"""Facts that two warehouses of the same data do not share."""

SEED = 186
VERSION = r"\d{8}t\d{6}x[0-9a-f]{6}"


def _services(url: str) -> Services:
    config = Config(warehouse_url=url, query_deadline_seconds=60)
    warehouse = Warehouse(url, deadline_seconds=60)
    return Services(config, warehouse, ResultCache(flask.Flask("test"), megabytes=0))


@pytest.fixture(scope="module")
def both(sample_warehouse_url: str, postgres_warehouse: str) -> Iterator[tuple[Services, Services]]:
    pair = (_services(sample_warehouse_url), _services(postgres_warehouse))
    yield pair
    for services in pair:
        services.close()


@pytest.mark.parametrize("name", sorted(FRAMES))
def test_both_engines_give_the_same_frame(name: str, both: tuple[Services, Services]) -> None:
    duckdb, postgresql = both
    draw = random.Random(f"{SEED} {name}")
    frame = FRAMES[name]
    fields_seen: set[Any] = set()
    for _ in range(max(4, SELECTIONS // len(FRAMES) + 1)):
        selection = random_selection(duckdb.catalogue, draw).only(frame.fields)
        fields_seen.add(selection)
        ours, theirs = (
            _of_the_data(frame.read(services, selection)) for services in (duckdb, postgresql)
        )
        assert [c.name for c in frame.columns] == list(ours.columns)
        _assert_same(ours, theirs, f"{name} for {selection.search()}")
    assert fields_seen


def _of_the_data(frame: pd.DataFrame) -> pd.DataFrame:
    """Leave out what belongs to the build of a generation and not to its data."""
    for column in ("fact", "name"):
        if column in frame.columns and "value" in frame.columns:
            frame = frame[~frame[column].isin(FACTS_OF_A_BUILD)]
    if "text" in frame.columns:
        # Letters name the generation that they were written from.
        frame = frame.assign(text=frame["text"].str.replace(VERSION, "", regex=True))
    return frame.reset_index(drop=True)


def _assert_same(ours: pd.DataFrame, theirs: pd.DataFrame, what: str) -> None:
    # Sums of doubles differ in their last digits with the order of addition.
    assert_frame_equal(ours, theirs, check_exact=False, rtol=1e-9, atol=1e-6, obj=what)
