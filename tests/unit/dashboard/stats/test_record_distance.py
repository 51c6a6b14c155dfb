"""How far reporters' records usually are from their partners'."""

from __future__ import annotations

import math
from itertools import permutations

import numpy as np
import pytest

from dashboard.stats.record_distance import LEAST, PRIOR_PAIRS, record_distances

AREAS = range(1, 8)


def _pairs() -> tuple[list[int], list[int]]:
    pairs = list(permutations(AREAS, 2))
    return [pair[0] for pair in pairs], [pair[1] for pair in pairs]


@pytest.mark.parametrize("factor", [2.0, 0.5])
def test_a_record_that_is_off_either_way_is_as_far(factor: float) -> None:
    exporter, importer = _pairs()
    exported = [factor if one == 3 else 1.0 for one in exporter]
    exports, imports = record_distances(
        exporter, importer, exported, [1.06] * len(exporter), margin=0.06
    )
    # By hand: six pairs at ln 2, the rest at 0, so no common level; drawn in by 6 / (6 + 5).
    expected = math.log(2) * 6 / (6 + PRIOR_PAIRS)
    assert exports.reporter.tolist() == list(AREAS)
    assert exports.pairs.tolist() == [6] * 7
    assert exports.distance[2] == pytest.approx(expected)
    assert np.delete(exports.distance, 2) == pytest.approx(LEAST)
    assert imports.distance == pytest.approx(LEAST)


def test_a_common_distance_is_shared_by_both_sides() -> None:
    exporter, importer = _pairs()
    exports, imports = record_distances(
        exporter, importer, [1.5] * len(exporter), [1.0] * len(exporter), margin=0.0
    )
    for found in (exports, imports):
        assert found.distance == pytest.approx(math.log(1.5) / 2)


def test_pairs_without_both_records_say_nothing() -> None:
    exports, imports = record_distances([1, 1], [2, 3], [0.0, 1.0], [1.0, -1.0], margin=0.06)
    assert exports.reporter.size == imports.reporter.size == 0
