"""Effects of records: a published fit, hand-sized cases, and what must always hold."""

from __future__ import annotations

import itertools
import math
from statistics import NormalDist, median

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.stats.mirror_effects import median_polish, record_effects


def _flat(table: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rows, columns = np.indices(table.shape)
    is_there = ~np.isnan(table)
    return rows[is_there], columns[is_there], table[is_there]


def test_the_polish_of_a_published_table() -> None:
    # Deaths in sport parachuting by experience and year: Velleman and Hoaglin (1981), ABC of EDA,
    # p. 224; the example of R's medpolish, which gives 8; 6, -1, 0, 2, -8; 0, -1, 0.
    deaths = np.array([[14, 15, 14], [7, 4, 7], [8, 2, 10], [15, 9, 10], [0, 2, 0]], dtype=float)
    overall, rows, columns = median_polish(*_flat(deaths))
    assert overall == 8.0
    assert rows.tolist() == [6.0, -1.0, 0.0, 2.0, -8.0]
    assert columns.tolist() == [0.0, -1.0, 0.0]


def test_an_additive_table_with_a_hole_and_a_wild_value_is_found_out() -> None:
    table = np.add.outer(np.array([-2.0, 0.0, 1.0, 3.0, -1.0]), np.array([5.0, 6.0, 4.0, 7.0, 5.5]))
    table[0, 2] = np.nan
    table[3, 1] = 1e6
    overall, rows, columns = median_polish(*_flat(table))
    assert overall == pytest.approx(5.5)
    assert rows.tolist() == pytest.approx([-2.0, 0.0, 1.0, 3.0, -1.0])
    assert columns.tolist() == pytest.approx([-0.5, 0.5, -1.5, 1.5, 0.0])


def test_an_empty_table_has_no_fit() -> None:
    overall, rows, columns = median_polish([], [], [])
    assert math.isnan(overall)
    assert rows.shape == columns.shape == (0,)


@given(
    st.lists(st.floats(-5, 5), min_size=2, max_size=6),
    st.lists(st.floats(-5, 5), min_size=2, max_size=6),
    st.floats(-10, 10),
)
def test_a_table_that_is_additive_is_fitted_exactly(
    rows: list[float], columns: list[float], shift: float
) -> None:
    table = shift + np.add.outer(np.array(rows), np.array(columns))
    overall, of_rows, of_columns = median_polish(*_flat(table))
    fitted = overall + np.add.outer(of_rows, of_columns)
    assert fitted == pytest.approx(table, abs=1e-3)
    assert np.median(of_rows) == pytest.approx(0.0, abs=1e-9)
    assert np.median(of_columns) == pytest.approx(0.0, abs=1e-9)


def _world(
    count: int, biased: dict[int, float], *, spread: float = 0.0, margin: float = 0.06
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Every pair of areas; both sides agree but for biased exporters, and noise without chance."""
    pairs = [(e, i) for e, i in itertools.product(range(count), repeat=2) if e != i]
    exporter, importer = (np.array(side) for side in zip(*pairs, strict=True))
    value = 100.0 + (exporter * 31 + importer * 17) % 57
    noise = spread * (((exporter * 7 + importer * 13) % 11) - 5) / 5
    factor = np.array([biased.get(int(e), 0.0) for e in exporter])
    return exporter, importer, value * np.exp(factor + noise), value * (1 + margin)


def test_a_reporter_that_doubles_its_exports_stands_out_and_nobody_else() -> None:
    found, imports = record_effects(*_world(12, {3: math.log(2)}), margin=0.06)
    assert found.reporter.tolist() == list(range(12))
    assert found.effect.tolist() == pytest.approx(
        [math.log(2) if i == 3 else 0.0 for i in range(12)], abs=1e-9
    )
    assert imports.effect.tolist() == pytest.approx([0.0] * 12, abs=1e-9)
    assert found.pairs.tolist() == [11] * 12


def test_the_sign_of_an_importer_is_that_of_its_record() -> None:
    exporter, importer, exported, imported = _world(12, {})
    imported = np.where(importer == 5, imported * 1.5, imported)
    found, imports = record_effects(exporter, importer, exported, imported, margin=0.06)
    assert imports.effect[5] == pytest.approx(math.log(1.5))
    assert found.effect.tolist() == pytest.approx([0.0] * 12, abs=1e-9)


def test_an_uncertain_effect_is_drawn_towards_none_and_a_sure_one_is_not() -> None:
    exporter, importer, exported, imported = _world(14, {2: 0.8, 5: -0.8, 8: 0.5}, spread=0.4)
    found, _ = record_effects(exporter, importer, exported, imported, margin=0.06)
    assert (np.abs(found.standing) <= np.abs(found.effect) + 1e-12).all()
    assert (np.sign(found.standing) * np.sign(found.effect) >= 0).all()
    assert (found.low <= found.standing).all()
    assert (found.standing <= found.high).all()
    few = importer < 6
    sparse = (exporter == 2) & ~few
    less, _ = record_effects(
        exporter[~sparse], importer[~sparse], exported[~sparse], imported[~sparse], margin=0.06
    )
    assert less.pairs[2] < found.pairs[2]


def test_the_error_is_that_of_price_and_bonett() -> None:
    # One exporter, nine importers: c = round(5 - 3) = 2, so the second value from either end.
    ratios = [0.0, 0.1, 0.15, 0.2, 0.3, 0.35, 0.5, 0.7, 1.5]
    found, _ = record_effects(
        [0] * 9, range(1, 10), np.exp(ratios), np.ones(9), margin=0.0, least_pairs=5
    )
    # With one exporter the polish gives its median to the whole, so its values are the residuals
    # of the importers' effects: none is left.
    assert found.error[0] == pytest.approx(0.0)
    exporters, importers = np.repeat([0, 1, 2], 9), np.tile(np.arange(10, 19), 3)
    table = np.vstack([ratios, np.zeros(9), np.zeros(9)])
    found, _ = record_effects(
        exporters, importers, np.exp(table.ravel()), np.ones(27), margin=0.0, least_pairs=5
    )
    outside = 2 * sum(math.comb(9, k) for k in range(2)) / 2**9
    z = NormalDist().inv_cdf(1 - outside / 2)
    assert found.effect[0] == pytest.approx(median(ratios))
    assert found.error[0] == pytest.approx((0.7 - 0.1) / (2 * z))


def test_too_few_pairs_give_no_effect() -> None:
    found, _ = record_effects([1, 1, 1], [2, 3, 4], [1.0, 2.0, 3.0], [1.0, 2.0, 3.0], margin=0.06)
    assert found.pairs.tolist() == [3]
    assert np.isnan([found.effect[0], found.error[0], found.standing[0], found.low[0]]).all()


def test_pairs_that_one_side_does_not_record_are_left_out() -> None:
    found, imports = record_effects([1, 1], [2, 3], [0.0, 5.0], [4.0, 0.0], margin=0.06)
    assert found.reporter.shape == imports.reporter.shape == (0,)


def test_all_alike_is_a_standing_of_none() -> None:
    found, _ = record_effects(*_world(8, {}), margin=0.06)
    assert found.standing.tolist() == pytest.approx([0.0] * 8)
    assert found.low.tolist() == pytest.approx([0.0] * 8)
