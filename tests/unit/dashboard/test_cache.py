"""The cache gives back what was put, typed as it was, and never breaks a page."""

from __future__ import annotations

import flask
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from dashboard.cache import ResultCache, cache_key


@pytest.fixture
def cache() -> ResultCache:
    return ResultCache(flask.Flask("test"), megabytes=10)


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


def test_without_memory_nothing_is_kept() -> None:
    cache = ResultCache(flask.Flask("test"), megabytes=0)
    cache.put("key", b"value")
    assert cache.get("key") is None


@pytest.mark.parametrize("megabytes", [0, 10])
def test_sharing_computes_a_frame_once_even_where_nothing_is_kept(megabytes: int) -> None:
    cache = ResultCache(flask.Flask("test"), megabytes=megabytes)
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
    assert len(calls) == (1 if megabytes else 2)  # nothing is kept beyond


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


def test_a_frame_that_is_no_longer_ready_comes_back_from_its_bytes() -> None:
    # Eight of 6.7 kB are ready in the 55 kB for them; those that left were written.
    cache = ResultCache(flask.Flask("test"), megabytes=0.22)
    calls: list[int] = []

    def compute(number: int) -> pd.DataFrame:
        calls.append(number)
        return pd.DataFrame({"number": [number] * 200})

    for _ in range(3):
        for number in range(12):
            frame = cache.frame(str(number), lambda number=number: compute(number))
            assert frame["number"].tolist() == [number] * 200
    assert calls == list(range(12))
    assert 1 <= len(cache._ready) < 12


def test_a_small_frame_is_not_written_before_it_leaves(cache: ResultCache) -> None:
    small, large = pd.DataFrame({"a": range(10)}), pd.DataFrame({"a": range(10_000)})
    for name, frame in (("small", small), ("large", large)):
        assert_frame_equal(cache.frame(name, lambda frame=frame: frame), frame)
        assert_frame_equal(cache.frame(name, lambda: pd.DataFrame()), frame)
    assert cache.get("small") is None
    assert cache.get("large") is not None


def test_a_small_frame_does_not_hold_on_to_what_it_is_a_part_of(cache: ResultCache) -> None:
    whole = pd.DataFrame({"name": pd.array(["abc"] * 100_000, dtype="str"), "n": range(100_000)})
    cache.frame("part", lambda: whole.head(3))
    kept = cache._ready["part"]
    assert not np.shares_memory(kept["n"].to_numpy(), whole["n"].to_numpy())
    buffers = kept["name"].array._pa_array.chunk(0).buffers()
    assert sum(buffer.size for buffer in buffers if buffer is not None) < 1000


def test_what_was_used_longest_ago_goes_first() -> None:
    cache = ResultCache(flask.Flask("test"), megabytes=1)  # 750 kB beside the frames
    for name in "abcdefg":
        cache.put(name, b"x" * 90_000)
    assert cache.get("a") is not None
    cache.put("h", b"x" * 90_000)
    cache.put("i", b"x" * 90_000)
    assert [name for name in "abcdefghi" if cache.get(name) is not None] == list("acdefghi")


@given(st.lists(st.tuples(st.sampled_from("abcdefgh"), st.integers(0, 150_000)), max_size=40))
def test_what_is_kept_never_takes_more_than_its_memory(puts: list[tuple[str, int]]) -> None:
    cache = ResultCache(flask.Flask("test"), megabytes=0.5)
    newest = {}
    for key, size in puts:
        cache.put(key, b"x" * size)
        newest[key] = size
    kept = {key: value for key in newest if (value := cache.get(key)) is not None}
    assert all(len(value) == newest[key] for key, value in kept.items())
    assert sum(map(len, kept.values())) <= 500_000 * 0.75


def test_a_value_too_large_is_not_kept_and_drives_out_nothing() -> None:
    cache = ResultCache(flask.Flask("test"), megabytes=1)
    cache.put("small", b"x")
    cache.put("large", b"x" * 90_000)
    cache.put("large", b"x" * 400_000)
    assert cache.get("small") == b"x"
    assert cache.get("large") is None
