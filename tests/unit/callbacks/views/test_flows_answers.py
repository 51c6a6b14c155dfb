"""The facts of the flows view: sizes by hand, and in which order they are told."""

from __future__ import annotations

import pandas as pd
import pytest

from callbacks.views.flows_answers import COLUMNS, GROUPS, caveat, largest, told

PARTNERS = pd.DataFrame(
    {
        "partner_iso3": ["FRA", "UGA", "USA", "_X"],
        "value_usd": [60.0, 20.0, 20.0, 0.0],
        "mass_kg": [1.0, 8.0, float("nan"), float("nan")],
    }
)


def test_the_largest_part_comes_with_its_share_and_how_concentrated_all_are() -> None:
    found = largest("partner", PARTNERS, "value_usd")
    assert found is not None
    assert found["subject"] == "FRA"
    assert found["share"] == pytest.approx(0.6)
    # By hand: 1 / (0.36 + 0.04 + 0.04), and (0.6 - 1/3) / (2/3): a partner without trade is none.
    assert found["equal_count"] == pytest.approx(1 / 0.44)
    assert found["telling"] == pytest.approx(0.4)


def test_the_measure_decides_what_is_largest() -> None:
    found = largest("partner", PARTNERS, "mass_kg")
    assert found is not None
    assert (found["subject"], found["share"]) == ("UGA", pytest.approx(8 / 9))


def test_a_single_part_is_no_fact() -> None:
    assert largest("partner", PARTNERS.head(1), "value_usd") is None


def _fact(name: str, telling: float) -> dict[str, object]:
    values = {column.name: float("nan") for column in COLUMNS}
    return {**values, "fact": name, "telling": telling}


def test_the_total_leads_and_the_rest_follows_by_how_telling_it_is() -> None:
    facts = [
        _fact("total", 1.0),
        _fact("change", 0.1),
        _fact("partner", 0.5),
        _fact("partner_region", 0.4),
        _fact("chapter", 0.3),
        _fact("estimated", 0.2),
    ]
    found = told(facts)
    assert list(found.columns) == [column.name for column in COLUMNS]
    assert found["fact"].tolist() == [
        "total", "partner", "chapter", "estimated", "partner_region", "change"
    ]  # fmt: skip
    assert found["is_told"].tolist() == [True] * 4 + [False] * 2
    assert set(found["fact"]) <= set(GROUPS)


def test_without_trade_there_is_no_fact() -> None:
    assert told([]).empty


def test_a_caveat_concerns_a_share_of_the_value() -> None:
    frame = pd.DataFrame({"value_usd": [30.0, 10.0], "uncovered_share": [0.1, 0.5]})
    found = caveat("uncovered", frame)
    assert found is not None
    # By hand: (3 + 5) / 40.
    assert found["share"] == found["telling"] == pytest.approx(0.2)


@pytest.mark.parametrize("share", [0.0, float("nan")])
def test_what_concerns_nothing_is_no_caveat(share: float) -> None:
    frame = pd.DataFrame({"value_usd": [30.0], "uncovered_share": [share]})
    assert caveat("uncovered", frame) is None
