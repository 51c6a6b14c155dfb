"""Peers: their groups, and a member's place among them."""

from __future__ import annotations

import itertools

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from dashboard.peers import PEER_COLUMNS, TRADE_GROUPS, UNCLASSIFIED, trade_groups, with_peers

RANKING = pd.DataFrame(
    {
        "member_iso3": ["A", "B", "C", "D", "E"],
        "incentive_score": [90.0, 70.0, 70.0, 50.0, float("nan")],
    }
)


def test_places_are_those_within_the_group_and_ties_share_one() -> None:
    groups = {"A": "low", "B": "high", "C": "high", "D": "high", "E": "high"}
    frame = with_peers(RANKING, groups).set_index("member_iso3")
    assert frame["peer_rank"].dropna().to_dict() == {"A": 1, "B": 1, "C": 1, "D": 3}
    assert frame["peer_count"].dropna().to_dict() == {"A": 1, "B": 3, "C": 3, "D": 3}
    assert frame["peer_group"]["E"] == "high"


def test_who_is_in_no_group_is_unclassified() -> None:
    frame = with_peers(RANKING, {"A": "low"})
    assert frame["peer_group"].tolist() == ["low", *[UNCLASSIFIED] * 4]
    assert frame["peer_rank"].tolist()[:4] == [1, 1, 1, 3]


def test_without_peers_there_are_only_empty_columns() -> None:
    frame = with_peers(RANKING, None)
    assert frame[[column.name for column in PEER_COLUMNS]].isna().all(axis=None)


@given(st.dictionaries(st.text("ABCDEFGH", min_size=3, max_size=3), st.floats(0, 1e12)))
def test_quarters_by_trade_are_even_and_in_order(traded: dict[str, float]) -> None:
    groups = trade_groups(traded)
    assert set(groups) == {iso3 for iso3, value in traded.items() if value > 0}
    sizes = [list(groups.values()).count(one) for one in TRADE_GROUPS]
    assert max(sizes) - min(sizes) <= 1
    ordered = sorted(groups, key=lambda iso3: groups[iso3])
    for first, second in itertools.pairwise(ordered):
        if groups[first] != groups[second]:
            assert traded[first] >= traded[second]
