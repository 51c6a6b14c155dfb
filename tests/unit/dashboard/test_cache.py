"""The cache gives back what was put, typed as it was, and never breaks a page."""

from __future__ import annotations

import flask
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from dashboard.cache import ResultCache, cache_key


@pytest.fixture
def cache() -> ResultCache:
    return ResultCache(flask.Flask("test"), entries=10)


def test_a_frame_is_computed_once_and_comes_back_the_same(cache: ResultCache) -> None:
    frame = pd.DataFrame(
        {
            "member_iso3": pd.array(["NAM", None], dtype="str"),
            "count": pd.array([1, None], dtype="Int64"),
            "share": [0.5, float("nan")],
            "due_on": pd.to_datetime(["2024-08-27", None]).astype("datetime64[us]"),
            "is_counted": pd.array([True, None], dtype="boolean"),
        }
    )
    calls: list[int] = []

    def compute() -> pd.DataFrame:
        calls.append(1)
        return frame

    first = cache.frame("key", compute)
    second = cache.frame("key", compute)
    assert calls == [1]
    assert_frame_equal(first, second)
    assert list(second.dtypes) == list(frame.dtypes)


def test_an_empty_frame_keeps_its_columns(cache: ResultCache) -> None:
    empty = pd.DataFrame({"a": pd.array([], dtype="Int64"), "b": pd.array([], dtype="str")})
    cache.frame("empty", lambda: empty)
    assert list(cache.frame("empty", lambda: empty).columns) == ["a", "b"]


def test_without_entries_nothing_is_kept() -> None:
    cache = ResultCache(flask.Flask("test"), entries=0)
    cache.put("key", b"value")
    assert cache.get("key") is None


@pytest.mark.parametrize("entries", [0, 10])
def test_sharing_computes_a_frame_once_even_where_nothing_is_kept(entries: int) -> None:
    cache = ResultCache(flask.Flask("test"), entries=entries)
    calls: list[int] = []

    def compute() -> pd.DataFrame:
        calls.append(1)
        return pd.DataFrame({"count": [1, 2]})

    with cache.sharing():
        mine = cache.frame("key", compute)
        mine.loc[0, "count"] = 9
        with cache.sharing():
            again = cache.frame("key", compute)
        assert_frame_equal(again, cache.frame("key", compute))
    assert again["count"].tolist() == [1, 2]
    assert calls == [1]
    cache.frame("key", compute)
    assert len(calls) == (1 if entries else 2)  # nothing is kept beyond


def test_a_frame_that_is_not_kept_ends_with_its_sharing(cache: ResultCache) -> None:
    calls: list[int] = []

    def compute() -> pd.DataFrame:
        calls.append(1)
        return pd.DataFrame({"a": [1]})

    for _ in range(2):
        with cache.sharing():
            for _ in range(2):
                cache.frame("large", compute, is_kept=False)
    assert len(calls) == 2


def test_a_broken_store_is_a_miss(cache: ResultCache, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError("gone")

    monkeypatch.setattr(cache._cache, "get", fail)
    monkeypatch.setattr(cache._cache, "set", fail)
    cache.put("key", b"value")
    assert cache.get("key") is None


def test_keys_differ_where_anything_differs() -> None:
    assert cache_key("a", 1) == cache_key("a", 1)
    assert cache_key("a", 1) != cache_key("a", "1")
    assert cache_key("ab", "c") != cache_key("a", "bc")


def test_who_changes_a_frame_changes_it_for_nobody_else(cache: ResultCache) -> None:
    frame = pd.DataFrame({"count": [1, 2]})
    for _ in range(2):
        mine = cache.frame("key", lambda: frame)
        mine.loc[0, "count"] = 9
        mine["more"] = 0
    assert_frame_equal(cache.frame("key", lambda: frame), pd.DataFrame({"count": [1, 2]}))


def test_a_frame_that_was_pushed_out_comes_back_from_its_bytes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("dashboard.cache.RECENT_FRAMES", 2)
    cache = ResultCache(flask.Flask("test"), entries=10)
    calls: list[int] = []

    def compute(number: int) -> pd.DataFrame:
        calls.append(number)
        return pd.DataFrame({"number": [number]})

    for _ in range(2):
        for number in range(4):
            frame = cache.frame(str(number), lambda number=number: compute(number))
            assert frame["number"].tolist() == [number]
    assert calls == [0, 1, 2, 3]
