"""Effects against clean controls: a published example, a slow count, and drawn data."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from dashboard.stats.training_effect import (
    event_study,
    group_time_effects,
    mean_effect,
    placebo,
    unit_parts,
)

Counties = tuple[np.ndarray, np.ndarray]

COUNTIES = Path(__file__).parents[3] / "support" / "data" / "county_teen_employment.csv"

PUBLISHED = {
    # Group, year: ATT(g, t) and its standard error, as the R package did prints them for its data
    # mpdta without covariates, never-treated counties as controls (its page "Introduction to DiD
    # with multiple time periods").
    (2004, 2004): (-0.0105, 0.0233),
    (2004, 2005): (-0.0704, 0.0310),
    (2004, 2006): (-0.1373, 0.0364),
    (2004, 2007): (-0.1008, 0.0344),
    (2006, 2004): (0.0065, 0.0233),
    (2006, 2005): (-0.0028, 0.0196),
    (2006, 2006): (-0.0046, 0.0178),
    (2006, 2007): (-0.0412, 0.0202),
    (2007, 2004): (0.0305, 0.0150),
    (2007, 2005): (-0.0027, 0.0164),
    (2007, 2006): (-0.0311, 0.0179),
    (2007, 2007): (-0.0261, 0.0167),
}
PUBLISHED_EVENTS = {
    -3: (0.0305, 0.0150),
    -2: (-0.0006, 0.0133),
    -1: (-0.0245, 0.0142),
    0: (-0.0199, 0.0118),
    1: (-0.0510, 0.0169),
    2: (-0.1373, 0.0364),
    3: (-0.1008, 0.0344),
}


@pytest.fixture(scope="module")
def counties() -> Counties:
    table = np.loadtxt(COUNTIES, delimiter=",", skiprows=2)
    began = np.where(table[:, 1] == 0, np.nan, table[:, 1] - 2003)
    return table[:, 2:], began


def test_the_published_group_time_effects_are_found(counties: Counties) -> None:
    found = group_time_effects(*counties, controls="never")
    effects = {
        (int(group) + 2003, int(period) + 2003): effect
        for group, period, effect in zip(found.group, found.period, found.effect, strict=True)
    }
    assert effects.keys() == PUBLISHED.keys()
    for place, (effect, _) in PUBLISHED.items():
        assert effects[place] == pytest.approx(effect, abs=5.1e-5), place
    assert set(found.controls.tolist()) == {309}


def test_the_published_event_study_is_found_with_its_errors(counties: Counties) -> None:
    rng = np.random.default_rng(2021)
    found = event_study(*counties, least=-9, most=9, controls="never", draws=999, rng=rng)
    assert found.time.tolist() == list(PUBLISHED_EVENTS)
    for place, (effect, error) in enumerate(PUBLISHED_EVENTS.values()):
        assert found.effect[place] == pytest.approx(effect, abs=5.1e-5)
        # Theirs is from draws of another kind.
        assert found.error[place] == pytest.approx(error, rel=0.12)
    # The package's overall effect of the event study is the mean over times from 0 on.
    assert found.effect[found.time >= 0].mean() == pytest.approx(-0.0772, abs=5.1e-5)
    reach = (found.high - found.effect) / found.error
    assert (reach > 1.96).all() and (reach < 3.5).all()


def test_the_mean_effect_on_the_counties_is_minus_four_percent(counties: Counties) -> None:
    for controls in ("never", "not_yet"):
        found = mean_effect(*counties, controls=controls, draws=499, rng=np.random.default_rng(7))
        assert found.effect == pytest.approx(-0.040, abs=5e-4)
        assert found.low < found.effect < found.high < 0
        assert found.treated == 191
    by_hand = np.average(
        [effect for (g, t), (effect, _) in PUBLISHED.items() if t >= g],
        weights=[{2004: 20, 2006: 40, 2007: 131}[g] for g, t in PUBLISHED if t >= g],
    )
    assert mean_effect(*counties, controls="never").effect == pytest.approx(by_hand, abs=1e-4)


def slow_effects(outcomes: np.ndarray, began: np.ndarray) -> dict[tuple[int, int], float]:
    """The definition, unit by unit."""
    units, periods = outcomes.shape
    found = {}
    for group in {int(one) for one in began if one >= 1 and one < periods}:
        for period in range(1, periods):
            base = group - 1 if period >= group else period - 1
            ours, theirs = [], []
            for unit in range(units):
                difference = outcomes[unit, period] - outcomes[unit, base]
                if difference != difference:
                    continue
                if began[unit] == group:
                    ours.append(difference)
                elif began[unit] != began[unit] or began[unit] > period:
                    theirs.append(difference)
            if ours and theirs:
                found[group, period] = sum(ours) / len(ours) - sum(theirs) / len(theirs)
    return found


@pytest.mark.parametrize("seed", range(6))
def test_effects_are_those_of_the_definition_unit_by_unit(seed: int) -> None:
    rng = np.random.default_rng(seed)
    outcomes = rng.normal(size=(25, 7))
    outcomes[rng.random(outcomes.shape) < 0.25] = np.nan
    began = np.where(rng.random(25) < 0.35, np.nan, rng.integers(-1, 9, 25))
    expected = slow_effects(outcomes, began)
    found = group_time_effects(outcomes, began)
    pairs = zip(found.group.tolist(), found.period.tolist(), found.effect.tolist(), strict=True)
    assert {(g, t): effect for g, t, effect in pairs} == pytest.approx(expected)
    parts = unit_parts(outcomes, began, horizon=2)
    mean = mean_effect(outcomes, began, horizon=2)
    assert np.nansum(parts) == pytest.approx(mean.effect)
    assert (~np.isnan(parts)).sum() == mean.treated


def drawn(
    rng: np.random.Generator, effect: float, *, trend: float = 0.0
) -> tuple[np.ndarray, np.ndarray]:
    """90 units, 12 periods; two of three begin, each with its level; ``trend`` of those alone."""
    began = np.where(np.arange(90) % 3 == 0, np.nan, rng.integers(3, 10, 90))
    level, season = rng.normal(70, 8, 90), rng.normal(0, 3, 12).cumsum()
    outcomes = level[:, None] + season + rng.normal(0, 2, (90, 12))
    outcomes += trend * np.arange(12) * ~np.isnan(began)[:, None]
    return outcomes + effect * (np.arange(12) >= began[:, None]), began


def test_the_interval_covers_a_known_effect_nineteen_times_in_twenty() -> None:
    rng = np.random.default_rng(1957)
    covered = 0
    for _ in range(200):
        found = mean_effect(*drawn(rng, 2.5), horizon=4, draws=120, rng=rng)
        covered += found.low <= 2.5 <= found.high
    # A binomial of 200 and 0.95 lies below 181 or above 198 about once in a hundred times.
    assert 178 <= covered <= 199


def test_parallel_ways_show_before_the_beginning_and_a_placebo_finds_nothing() -> None:
    rng = np.random.default_rng(3)
    outcomes, began = drawn(rng, 4.0)
    events = event_study(outcomes, began, least=-5, most=3, draws=300, rng=rng)
    before = events.time < 0
    assert ((events.low < 0) & (events.high > 0))[before].all()
    assert (events.low > 0)[~before].all()
    unreal = mean_effect(*placebo(outcomes, began, 2), horizon=2, draws=300, rng=rng)
    assert unreal.low < 0 < unreal.high
    assert unreal.effect == pytest.approx(0, abs=1)


def test_ways_that_part_before_show_in_the_placebo() -> None:
    rng = np.random.default_rng(4)
    outcomes, began = drawn(rng, 0.0, trend=1.5)
    unreal = mean_effect(*placebo(outcomes, began, 2), horizon=2, draws=300, rng=rng)
    assert unreal.low > 0


def test_who_began_is_no_control_ever_after() -> None:
    # The first gains 10 for good when it begins; the second begins two periods later and gains
    # nothing. Two-way fixed effects would take the first as its control.
    outcomes = [[0.0, 10, 10, 10], [0.0, 0, 0, 0], [0.0, 0, 0, 0]]
    found = group_time_effects(outcomes, [1, 3, np.nan])
    effects = dict(zip(zip(found.group, found.period, strict=True), found.effect, strict=True))
    assert effects[1, 1] == 10 and effects[3, 3] == 0
    assert found.controls.tolist() == [2, 2, 1, 1, 1, 1]


def test_nobody_to_compare_with_gives_no_effect() -> None:
    for began in ([1.0, 1.0], [np.nan, np.nan], [0.0, np.nan]):
        found = mean_effect([[1.0, 2.0], [2.0, 3.0]], began)
        assert np.isnan(found.effect) and (found.treated, found.controls) == (0, 0)
        assert np.isnan(unit_parts([[1.0, 2.0], [2.0, 3.0]], began)).all()
        assert event_study([[1.0, 2.0], [2.0, 3.0]], began, least=-1, most=1).time.size == 0


def test_shapes_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match=r"give \(n, t\)"):
        group_time_effects([[1.0, 2.0]], [1.0, 2.0])
    with pytest.raises(ValueError, match="draws without rng"):
        mean_effect([[1.0, 2.0], [1.0, 1.0]], [1.0, np.nan], draws=10)
