"""Cutting a frame: rows, columns, order and pseudonyms, on frames small enough to see through."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.disclosure import (
    FEWEST,
    Anonymous,
    anonymous_rows,
    named_rows,
    names_hidden,
    pooled_rows,
    pseudonyms,
    without,
)
from dashboard.errors import ClosedError

KEY = b"a key of the test"
RANKING = pd.DataFrame(
    {
        "member_iso3": pd.array(["AAA", "BBB", "CCC", "DDD", "EEE"], dtype="str"),
        "region_id": pd.array(["r1", "r1", "r2", "r2", "r3"], dtype="str"),
        "score": [91.4, 80.2, 80.2, 60.6, 55.5],
        "share": [0.91, 0.82, 0.73, 0.64, 0.55],
        "rank": pd.array([1, 2, 2, 4, 5], dtype="Int64"),
        "is_new": [True, False, True, False, True],
        "seen_on": pd.to_datetime(["2024-01-01"] * 5),
    }
)
KEPT = Anonymous({"score": 1.0, "rank": None}, order=("rank",))


def test_the_nameless_keep_their_place_and_lose_the_rest() -> None:
    cut = anonymous_rows(RANKING, KEPT, ["BBB"], KEY, "picture")
    assert cut["rank"].tolist() == [1, 2, 2, 4, 5]
    own = cut[cut["member_iso3"] == "BBB"].iloc[0]
    assert (own["score"], own["share"], own["region_id"]) == (80.2, 0.82, "r1")
    others = cut[cut["member_iso3"] != "BBB"]
    assert sorted(others["member_iso3"]) == ["member-1", "member-2", "member-3", "member-4"]
    assert others["score"].tolist() == [91.0, 80.0, 61.0, 56.0]
    assert others["share"].isna().all()
    assert others["is_new"].isna().all()
    assert others["seen_on"].isna().all()
    assert set(others["region_id"]) == {""}
    assert list(cut.columns) == list(RANKING.columns)


@given(st.permutations(range(5)), st.binary(min_size=1, max_size=8))
def test_the_order_in_which_rows_come_tells_nothing(order: list[int], key: bytes) -> None:
    once = anonymous_rows(RANKING, KEPT, ["BBB"], key, "picture")
    again = anonymous_rows(RANKING.iloc[order], KEPT, ["BBB"], key, "picture")
    pd.testing.assert_frame_equal(once, again)


def test_rows_without_an_order_stand_by_their_number_after_the_named() -> None:
    cut = anonymous_rows(RANKING, Anonymous(), ["DDD"], KEY, "picture")
    assert cut["member_iso3"].tolist() == ["DDD", "member-1", "member-2", "member-3", "member-4"]


def test_fewer_than_three_nameless_are_left_out() -> None:
    cut = anonymous_rows(RANKING, KEPT, ["AAA", "BBB", "CCC"], KEY, "picture")
    assert cut["member_iso3"].tolist() == ["AAA", "BBB", "CCC"]


def test_pseudonyms_are_the_same_in_a_picture_and_differ_between_pictures_and_keys() -> None:
    members = [f"M{number:02d}" for number in range(60)]
    one = pseudonyms(members, KEY, "ranking")
    assert one == pseudonyms(reversed(members), KEY, "ranking")
    assert sorted(one.values()) == sorted(f"member-{number}" for number in range(1, 61))
    for other in (pseudonyms(members, KEY, "other"), pseudonyms(members, b"other", "ranking")):
        # A chance permutation of 60 keeps about one in its place.
        assert sum(one[iso3] == other[iso3] for iso3 in members) < 8


def test_the_number_says_nothing_of_the_alphabet() -> None:
    """Over many keys each member gets each number about as often."""
    firsts = [
        min(codes := pseudonyms("ABCD", bytes([key]), "x"), key=lambda one: codes[one])
        for key in range(256)
    ]
    counts = [firsts.count(letter) for letter in "ABCD"]
    # 64 expected, a standard deviation of 7.
    assert min(counts) > 64 - 5 * 7
    assert max(counts) < 64 + 5 * 7


def test_only_named_rows_are_kept_in_their_order() -> None:
    assert named_rows(RANKING, ["DDD", "AAA"], "member_iso3")["rank"].tolist() == [1, 4]


def test_blank_columns_keep_their_kind() -> None:
    cut = without(RANKING, ["region_id", "rank", "share"])
    assert set(cut["region_id"]) == {""}
    assert cut[["rank", "share"]].isna().all(axis=None)
    assert cut["score"].tolist() == RANKING["score"].tolist()


BEHIND = pd.DataFrame(
    [
        *(("r1", 1, iso3) for iso3 in ("AAA", "BBB", "CCC")),
        *(("r2", 1, iso3) for iso3 in ("DDD", "EEE", "FFF", "GGG")),
        *(("r2", 2, iso3) for iso3 in ("DDD", "EEE")),
        *(("r1", 2, iso3) for iso3 in ("AAA",)),
    ],
    columns=["region_id", "period_id", "member_iso3"],
)
FIGURES = pd.DataFrame(
    [("r1", 1), ("r1", 2), ("r2", 1), ("r2", 2), ("all", 1), ("all", 2), ("r3", 1)],
    columns=["region_id", "period_id"],
)


def _kept(named: list[str]) -> list[tuple[str, int]]:
    cut = pooled_rows(FIGURES, ["region_id", "period_id"], BEHIND, named)
    return list(cut.itertuples(index=False, name=None))


def test_a_figure_of_one_or_two_nameless_members_is_left_out() -> None:
    named = ["AAA", "BBB", "CCC"]
    # r2 in period 2 is of two; all in period 2 is of them too; of r3 nobody is known.
    assert _kept(named) == [("r1", 1), ("r1", 2), ("r2", 1), ("all", 1)]
    assert _kept([]) == [("r1", 1), ("r2", 1), ("all", 1), ("all", 2)]
    assert _kept(["AAA"]) == [("r1", 2), ("r2", 1), ("all", 1)]


def test_a_frame_of_one_or_two_nameless_members_is_closed() -> None:
    few = BEHIND[BEHIND["member_iso3"].isin(["AAA", "BBB"])]
    with pytest.raises(ClosedError):
        pooled_rows(FIGURES, [], few, ["AAA"])
    assert len(pooled_rows(FIGURES, [], few, ["AAA", "BBB"])) == len(FIGURES)


@given(
    st.lists(st.tuples(st.sampled_from("xyz"), st.sampled_from("ABCDEFGH")), max_size=24),
    st.sets(st.sampled_from("ABCDEFGH")),
)
def test_what_stands_is_of_none_or_enough(pairs: list[tuple[str, str]], named: set[str]) -> None:
    behind = pd.DataFrame(pairs, columns=["group", "member_iso3"]).astype("str")
    frame = pd.DataFrame({"group": ["x", "y", "z", "all"]})
    try:
        stands = set(pooled_rows(frame, ["group"], behind, named)["group"])
    except ClosedError:
        assert 0 < len({member for _, member in pairs} - named) < FEWEST
        return
    for group in frame["group"]:
        inside = {member for found, member in pairs if group in (found, "all")}
        hidden = inside - named
        assert (group in stands) == (bool(inside) and (not hidden or len(hidden) >= FEWEST))


def test_a_hidden_code_is_found_in_any_text_column() -> None:
    assert names_hidden(RANKING, {"EEE"})
    assert not names_hidden(RANKING, {"ZZZ"})
    assert names_hidden(pd.DataFrame({"item": ["x", "ZZZ"]}), {"ZZZ"})
