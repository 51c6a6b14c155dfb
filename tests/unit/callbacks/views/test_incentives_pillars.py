"""The schemes of weights as a table: every one with its shares, and the one in use."""

from __future__ import annotations

import pandas as pd
import pytest

from callbacks.views.incentives_pillars import OWN, scheme_table
from dashboard.framework import read_framework
from dashboard.pillar_scores import PILLARS, SCORES

FRAMEWORK, _ = read_framework()


def _frame() -> pd.DataFrame:
    """Two members: timeliness spreads by 30, coverage by 10, the others not at all."""
    frame = pd.DataFrame({name: [50.0, 50.0] for name in SCORES})
    frame["timeliness_pillar"] = [20.0, 80.0]
    frame["coverage_pillar"] = [40.0, 60.0]
    return frame.assign(span="selected")


def _shares(table: pd.DataFrame, scheme: str) -> dict[str, float]:
    part = table[table["scheme"] == scheme]
    return dict(zip(part["pillar"], part["weight_share"], strict=True))


def test_every_scheme_has_shares_that_add_up_to_one() -> None:
    table = scheme_table(_frame(), FRAMEWORK, "equal", {})
    assert table["scheme"].unique().tolist() == [one.id for one in FRAMEWORK.schemes]
    assert table.groupby("scheme")["weight_share"].sum().tolist() == pytest.approx([1.0] * 9)
    assert set(table.loc[table["is_used"], "scheme"]) == {"equal"}
    assert table["pillar"].head(5).tolist() == list(PILLARS)


def test_shares_are_those_of_the_scheme() -> None:
    table = scheme_table(_frame(), FRAMEWORK, "official", {})
    assert _shares(table, "equal") == pytest.approx(dict.fromkeys(PILLARS, 0.2))
    assert _shares(table, "official") == pytest.approx(
        {one.id: one.weight / 100 for one in FRAMEWORK.pillars}
    )
    spread = _shares(table, "variance")
    assert spread == pytest.approx(
        {**dict.fromkeys(PILLARS, 0.0), "timeliness": 0.75, "coverage": 0.25}
    )


def test_weights_chosen_one_by_one_come_last_and_are_in_use() -> None:
    table = scheme_table(_frame(), FRAMEWORK, None, {"quality": 3, "coverage": 1})
    assert table["scheme"].iloc[-1] == OWN
    assert set(table.loc[table["is_used"], "scheme"]) == {OWN}
    assert _shares(table, OWN)["quality"] == pytest.approx(0.75)
