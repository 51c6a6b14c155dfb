"""Counts of tiers: every member with a tier counts once in its region and once in all."""

from __future__ import annotations

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from dashboard.tier_counts import SURE_FROM, TIER_COUNT_COLUMNS, tier_counts

ROWS = st.lists(
    st.tuples(
        st.sampled_from(["europe", "americas"]),
        st.sampled_from(["gold", "silver", None]),
        st.floats(0, 1),
    ),
    max_size=20,
)


@given(ROWS)
def test_every_member_with_a_tier_counts_once_in_its_region_and_once_in_all(
    rows: list[tuple[str, str | None, float]],
) -> None:
    ranking = pd.DataFrame(rows, columns=["region_id", "tier", "tier_probability"])
    table = tier_counts(ranking.astype({"tier": "str"}))
    assert list(table.columns) == [column.name for column in TIER_COUNT_COLUMNS]
    slow: dict[tuple[str, str], list[float]] = {}
    for region, tier, chance in rows:
        if tier is not None:
            for key in (region, "all"):
                slow.setdefault((key, tier), []).append(chance)
    found = {(row.region_id, row.tier): row for row in table.itertuples()}
    assert set(found) == set(slow)
    for key, chances in slow.items():
        assert found[key].member_count == len(chances)
        assert found[key].sure_count == sum(chance >= SURE_FROM for chance in chances)
    for region in {key[0] for key in slow}:
        shares = [row.tier_share for key, row in found.items() if key[0] == region]
        assert abs(sum(shares) - 1) < 1e-9
