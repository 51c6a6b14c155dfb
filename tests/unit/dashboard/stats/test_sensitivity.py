"""Hold Sobol indices of a ranking to cases with known shares and to slow formulas."""

import numpy as np
import pytest
from numpy.typing import ArrayLike

from dashboard.stats.sensitivity import ChoiceEffects, choice_effects

NOTHING = {"methods": ["arithmetic"], "normalisations": ["goalposts"]}


def effects(points: object, errors: ArrayLike = 0.0, **choices: object) -> ChoiceEffects:
    tables = [np.asarray(table, dtype=float) for table in points]  # type: ignore[attr-defined]
    weights = np.ones(tables[0].shape[1])
    return choice_effects(
        tables,
        errors,
        weights,
        **{"rng": np.random.default_rng(6), **choices},  # type: ignore[arg-type]
    )


def test_where_nothing_moves_the_ranks_all_is_0() -> None:
    found = effects([[[62.5], [62.0]]], runs=64)
    assert found.first.tolist() == found.total.tolist() == [0] * 5
    assert not found.shifts.any()


def test_sampling_error_alone_takes_everything() -> None:
    found = effects([[[50.0], [49.0], [48.0]]], 3.0, **NOTHING, runs=512)
    assert found.first.tolist()[:4] == found.total.tolist()[:4] == [0, 0, 0, 0]
    assert found.first[4] == pytest.approx(1, abs=0.1) and found.total[4] == pytest.approx(
        1, abs=0.1
    )


def test_treatment_that_reverses_two_members_takes_everything() -> None:
    tables = [[[60.0], [40.0]], [[40.0], [60.0]]]
    found = effects(tables, **NOTHING, runs=64)
    # half of the runs shift both by a place
    assert found.shifts.mean() == pytest.approx(0.5, abs=0.05)
    np.testing.assert_allclose(found.first, [0, 0, 0, 1, 0], atol=0.1)
    np.testing.assert_allclose(found.total, [0, 0, 0, 1, 0], atol=0.1)


def test_two_choices_that_cancel_matter_only_together() -> None:
    # Either of two equal weights decides the sign of w1 - w2: by the plain double integral over
    # both uniform weights, P(shift) = 1/2 and Var(E[shift | w1]) / Var(shift) = 1/3.
    found = effects([[[60.0, 40.0], [40.0, 60.0001]]], **NOTHING, runs=2048)
    np.testing.assert_allclose(found.first[:2], 1 / 3, atol=0.06)
    np.testing.assert_allclose(found.total[:2], 2 / 3, atol=0.06)
    assert (found.first_low <= found.first).all() and (found.first <= found.first_high).all()
    assert (found.total_low <= found.total).all() and (found.total <= found.total_high).all()


def test_the_same_seed_gives_the_same_picture() -> None:
    rng = np.random.default_rng(9)
    points = [rng.uniform(0, 120, (12, 3)) for _ in range(2)]
    points[0][3, 1] = points[1][3, 1] = np.nan
    one, other = (effects(points, 4.0, runs=32) for _ in range(2))
    for name in ("first", "first_low", "total", "total_high", "shifts"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
    assert one.first.shape == (7,) and (one.total >= 0).all()


@pytest.mark.parametrize(
    ("choices", "message"),
    [
        ({"runs": 100}, "runs=100 is no power of 2"),
        ({"methods": []}, "is empty"),
        ({"methods": ["median"]}, "'median' is unknown"),
        ({"normalisations": ["median"]}, "'median' is unknown"),
    ],
)
def test_a_choice_out_of_range_is_refused(choices: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        effects([[[1.0]]], **choices)
