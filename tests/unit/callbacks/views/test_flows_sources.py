"""What leads from the total as reported to the reconciled one."""

from __future__ import annotations

import pytest

from callbacks.views.flows_sources import steps


def test_the_steps_add_up_to_the_difference() -> None:
    # By hand: 106 CIF is 100 FOB; partners alone add 30, so weighing took 5.
    found = steps(106.0, 125.0, 30.0, 0.06)
    assert found == pytest.approx(
        {"partner_only_usd": 30.0, "valuation_usd": -6.0, "weighing_usd": -5.0}
    )
    assert sum(found.values()) == pytest.approx(125.0 - 106.0)


def test_exports_are_free_on_board_already() -> None:
    assert steps(100.0, 100.0, 0.0, 0.0) == pytest.approx(
        {"partner_only_usd": 0.0, "valuation_usd": 0.0, "weighing_usd": 0.0}
    )
