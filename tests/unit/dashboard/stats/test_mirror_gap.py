"""The split of a gap: a case of each cause, a slow second way, and what must always hold."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.stats.mirror_gap import PARTS, split_gap


def _nonzero(parts: Any, cell: int) -> dict[str, float]:
    return {name: float(part[cell]) for name, part in parts.items() if abs(part[cell]) > 1e-9}


def _one(exported: float, imported: float, **options: Any) -> dict[str, float]:
    parts = split_gap(
        [exported], [imported], series=[0], period=[0], group=[0], margin=0.06, **options
    )
    return _nonzero(parts, 0)


class TestOneCellOfEachCause:
    def test_freight_alone_is_valuation(self) -> None:
        assert _one(100.0, 106.0) == pytest.approx({"valuation": 6.0})

    def test_what_no_cause_takes_is_unexplained(self) -> None:
        assert _one(100.0, 159.0) == pytest.approx({"valuation": 9.0, "unexplained": 50.0})
        assert _one(200.0, 106.0) == pytest.approx({"valuation": 6.0, "unexplained": -100.0})

    def test_goods_that_arrive_a_period_later_are_timing_at_both_ends(self) -> None:
        # 100 shipped in the first period, half of it recorded by the importer in the second.
        parts = split_gap(
            [100.0, 100.0],
            [53.0, 159.0],
            series=[0, 0],
            period=[7, 8],
            group=[0, 1],
            margin=0.06,
        )
        assert _nonzero(parts, 0) == pytest.approx({"valuation": 3.0, "timing": -50.0})
        assert _nonzero(parts, 1) == pytest.approx({"valuation": 9.0, "timing": 50.0})

    def test_goods_do_not_arrive_before_they_leave_nor_two_periods_later(self) -> None:
        for exported, imported, period in (
            ([50.0, 150.0], [106.0, 106.0], [0, 1]),  # the excess of imports comes first
            ([150.0, 50.0], [106.0, 106.0], [0, 2]),  # a period lies between
        ):
            parts = split_gap(
                exported, imported, series=[0, 0], period=period, group=[0, 1], margin=0.06
            )
            assert not parts["timing"].any()

    def test_only_so_much_of_a_year_arrives_in_the_next(self) -> None:
        parts = split_gap(
            [1200.0, 0.5],
            [0.106, 1272.0],
            series=[0, 0],
            period=[2020, 2021],
            group=[0, 1],
            margin=0.06,
            most_shifted=1 / 12,
        )
        assert parts["timing"].tolist() == pytest.approx([-100.0, 100.0])

    def test_what_the_exporter_calls_re_exports_is_attribution(self) -> None:
        found = _one(100.0, 74.2, re_exported=[40.0])
        assert found == pytest.approx({"valuation": 4.2, "attribution": -30.0})
        found = _one(100.0, 74.2, re_exported=[20.0])
        assert found == pytest.approx(
            {"valuation": 4.2, "attribution": -20.0, "unexplained": -10.0}
        )

    def test_what_can_have_come_by_third_countries_is_attribution(self) -> None:
        parts = split_gap(
            [10.0, 10.0],
            [42.4, 74.2],  # 40 and 70 at FOB: 30 and 60 too many
            series=[0, 1],
            period=[0, 0],
            group=[0, 1],
            margin=0.06,
            route=[0, 0],
            routed=[45.0],
        )
        assert parts["attribution"].tolist() == pytest.approx([15.0, 30.0])
        assert parts["unexplained"].tolist() == pytest.approx([15.0, 30.0])

    def test_a_gap_that_closes_one_level_up_is_classification(self) -> None:
        parts = split_gap(
            [100.0, 30.0, 40.0],
            [63.6, 53.0, 42.4],  # 60, 50 and 40 at FOB: -40, +20, 0
            series=[0, 1, 2],
            period=[0, 0, 0],
            group=[0, 0, 1],
            margin=0.06,
        )
        assert parts["classification"].tolist() == pytest.approx([-20.0, 20.0, 0.0])
        assert parts["unexplained"].tolist() == pytest.approx([-20.0, 0.0, 0.0])

    def test_what_one_side_alone_records_stands_as_recorded(self) -> None:
        assert _one(0.0, 106.0) == {"unreported": 106.0}
        assert _one(100.0, 0.0) == {"unreported": -100.0}

    def test_a_period_that_a_side_did_not_submit_has_no_other_cause(self) -> None:
        found = _one(100.0, 0.0, is_importer_there=[False], re_exported=[50.0])
        assert found == {"unreported": -100.0}
        assert _one(0.0, 106.0, is_exporter_there=[False]) == {"unreported": 106.0}

    def test_a_commodity_that_one_side_lacks_is_reported_if_its_heading_is(self) -> None:
        parts = split_gap(
            [100.0, 0.0],
            [106.0, 10.6],
            series=[0, 1],
            period=[0, 0],
            group=[0, 0],
            margin=0.06,
        )
        assert _nonzero(parts, 1) == pytest.approx({"valuation": 0.6, "unexplained": 10.0})


def test_nothing_in_nothing_out() -> None:
    parts = split_gap([], [], series=[], period=[], group=[], margin=0.06)
    assert set(parts) == set(PARTS)
    assert all(part.shape == (0,) for part in parts.values())


def test_zeros_are_no_gap() -> None:
    assert _one(0.0, 0.0) == {}


def test_a_negative_margin_is_refused() -> None:
    with pytest.raises(ValueError, match="margin"):
        _ = split_gap([1.0], [1.0], series=[0], period=[0], group=[0], margin=-0.1)


# --- A slow second way ---------------------------------------------------------------------------


@st.composite
def tables(draw: st.DrawFn) -> list[dict[str, Any]]:
    """A few cells of two pairs, four periods and four commodities of two headings."""
    keys = draw(
        st.lists(
            st.tuples(st.integers(0, 1), st.integers(0, 3), st.integers(0, 3)),
            max_size=14,
            unique=True,
        )
    )
    amount = st.sampled_from([0.0, 0.0, 1.0, 7.0, 53.0, 106.0, 1060.0]) | st.floats(1e-6, 1e6)
    there = {
        (side, pair, period): draw(st.booleans() | st.just(True))
        for side in "xm"
        for pair in (0, 1)
        for period in range(4)
    }
    cells = []
    for pair, period, code in keys:
        is_x, is_m = there["x", pair, period], there["m", pair, period]
        x = draw(amount) if is_x else 0.0
        cells.append(
            {
                "pair": pair,
                "period": period,
                "code": code,
                "x": x,
                "m": draw(amount) if is_m else 0.0,
                "rx": draw(st.just(0.0) | st.floats(1e-6, 1)) * x,
                "is_x": is_x,
                "is_m": is_m,
            }
        )
    return cells


def fast(cells: list[dict[str, Any]], routed: float, margin: float, most: float) -> Any:
    """The product's function on such a table."""

    def column(name: str, kind: type) -> Any:
        return np.array([cell[name] for cell in cells], dtype=kind)

    pair, period, code = (column(name, np.int64) for name in ("pair", "period", "code"))
    return split_gap(
        column("x", float),
        column("m", float),
        series=pair * 4 + code,
        period=period,
        group=(pair * 4 + period) * 2 + code // 2,
        margin=margin,
        re_exported=column("rx", float),
        route=pair * 4 + period,
        routed=np.full(8, routed),
        is_exporter_there=column("is_x", bool),
        is_importer_there=column("is_m", bool),
        most_shifted=most,
    )


def slow(
    cells: list[dict[str, Any]], routed: float, margin: float, most: float
) -> dict[str, list[float]]:
    """The definition of docs/indicators.md, told cell by cell with dictionaries."""
    found = {part: [0.0] * len(cells) for part in PARTS}
    rest: dict[int, float] = {}
    for i, cell in enumerate(cells):
        if cell["is_x"] and cell["is_m"]:
            rest[i] = cell["m"] / (1 + margin) - cell["x"]
        else:
            found["unreported"][i] = cell["m"] - cell["x"]
    _time(cells, rest, found, most)
    _attribute(cells, rest, found, routed)
    groups: dict[Any, list[int]] = defaultdict(list)
    for i in rest:
        groups[cells[i]["pair"], cells[i]["period"], cells[i]["code"] // 2].append(i)
    for members in groups.values():
        _classify(members, rest, found)
        is_alone = not any(cells[i]["x"] for i in members) or not any(
            cells[i]["m"] for i in members
        )
        for i in members:
            alone = max(rest[i], 0.0) if is_alone else 0.0
            found["valuation"][i] = margin * (cells[i]["m"] / (1 + margin) - alone)
            if is_alone:
                found["unreported"][i] = rest[i] + margin * alone
            else:
                found["unexplained"][i] = rest[i]
    return found


def _time(cells: Any, rest: dict[int, float], found: Any, most: float) -> None:
    place = {(c["pair"], c["code"], c["period"]): i for i, c in enumerate(cells)}
    before = dict(rest)
    for i, cell in enumerate(cells):
        j = place.get((cell["pair"], cell["code"], cell["period"] + 1))
        if i in rest and j in rest and before[i] < 0 < before[j]:
            moved = min(-before[i], before[j], most * cell["x"])
            found["timing"][i] -= moved
            found["timing"][j] += moved
            rest[i] += moved
            rest[j] -= moved


def _attribute(cells: Any, rest: dict[int, float], found: Any, routed: float) -> None:
    too_much: dict[Any, float] = defaultdict(float)
    for i, value in rest.items():
        too_much[cells[i]["pair"], cells[i]["period"]] += max(value, 0.0)
    for i, value in rest.items():
        if value > 0:
            whole = too_much[cells[i]["pair"], cells[i]["period"]]
            found["attribution"][i] = value * min(1.0, routed / whole)
        else:
            found["attribution"][i] = -min(-value, cells[i]["rx"])
        rest[i] -= found["attribution"][i]


def _classify(members: list[int], rest: dict[int, float], found: Any) -> None:
    up = sum(max(rest[i], 0.0) for i in members)
    down = sum(max(-rest[i], 0.0) for i in members)
    for i in members:
        of = up if rest[i] > 0 else down
        if of > 0:
            found["classification"][i] = rest[i] * min(up, down) / of
            rest[i] -= found["classification"][i]


MARGINS = st.sampled_from([0.0, 0.06, 0.2])
MOST = st.sampled_from([1.0, 1 / 12])
ROUTED = st.sampled_from([0.0, 5.0, 1e5])


@given(tables(), ROUTED, MARGINS, MOST)
def test_it_is_what_the_definition_says_cell_by_cell(
    cells: list[dict[str, Any]], routed: float, margin: float, most: float
) -> None:
    ours, expected = fast(cells, routed, margin, most), slow(cells, routed, margin, most)
    size = 1e-9 * (1.0 + sum(cell["x"] + cell["m"] for cell in cells))
    for part in PARTS:
        assert ours[part].tolist() == pytest.approx(expected[part], abs=size), part


@given(tables(), ROUTED, MARGINS, MOST)
def test_the_parts_of_each_cell_add_up_to_its_gap(
    cells: list[dict[str, Any]], routed: float, margin: float, most: float
) -> None:
    whole = np.sum(list(fast(cells, routed, margin, most).values()), axis=0)
    gaps = [cell["m"] - cell["x"] for cell in cells]
    assert whole == pytest.approx(gaps, rel=1e-12, abs=1e-9)


@given(tables(), ROUTED, MARGINS, MOST, st.sampled_from([0.25, 4.0, 1024.0]))
def test_another_unit_changes_nothing_but_the_unit(
    cells: list[dict[str, Any]], routed: float, margin: float, most: float, unit: float
) -> None:
    scaled = [{**c, "x": c["x"] * unit, "m": c["m"] * unit, "rx": c["rx"] * unit} for c in cells]
    ours, theirs = fast(cells, routed, margin, most), fast(scaled, routed * unit, margin, most)
    for part in PARTS:
        assert (ours[part] * unit).tolist() == pytest.approx(theirs[part].tolist(), abs=1e-6)


@given(tables(), ROUTED, MARGINS, MOST, st.randoms(use_true_random=False))
def test_the_order_of_the_cells_does_not_matter(
    cells: list[dict[str, Any]], routed: float, margin: float, most: float, random: Any
) -> None:
    order = list(range(len(cells)))
    random.shuffle(order)
    ours = fast(cells, routed, margin, most)
    mixed = fast([cells[i] for i in order], routed, margin, most)
    for part in PARTS:
        assert ours[part][order].tolist() == pytest.approx(mixed[part].tolist(), abs=1e-6)


@given(tables(), ROUTED, MARGINS, MOST)
def test_timing_and_classification_move_value_and_make_none(
    cells: list[dict[str, Any]], routed: float, margin: float, most: float
) -> None:
    parts = fast(cells, routed, margin, most)
    for part in ("timing", "classification"):
        assert parts[part].sum() == pytest.approx(0.0, abs=1e-4)
