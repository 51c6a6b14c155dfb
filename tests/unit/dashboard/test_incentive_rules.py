"""What a framework says about the ranking: what it accepts, what it refuses, and how it tells."""

from __future__ import annotations

import re
from typing import Any

import pytest
from pydantic import ValidationError

from dashboard.errors import ConfigError
from dashboard.framework import Framework, parse_framework, read_framework
from dashboard.incentive_rules import (
    STANDARD_SCHEMES,
    Pillar,
    Ranking,
    Scheme,
    ranking_problems,
    scheme_weights,
)
from tests.unit.dashboard.test_framework import RULES, SMALL

NAME = {"en": "Name", "fr": "Nom"}


def _indicator(**changes: Any) -> dict[str, Any]:
    return {"id": "survey", "name": NAME, "worst": 0.0, "best": 1.0} | changes


def _pillar(*indicators: dict[str, Any], **changes: Any) -> Pillar:
    given = {"id": "engagement", "name": NAME, "weight": 1, "indicators": list(indicators)}
    return Pillar.model_validate(given | changes)


@pytest.fixture(scope="module")
def shipped() -> Framework:
    return read_framework()[0]


def test_a_pillar_with_goalposts_of_its_own_has_its_standard_indicator() -> None:
    pillar = Pillar.model_validate(
        {"id": "quality", "name": NAME, "weight": 2, "worst": 30, "best": 95}
    )
    (only,) = pillar.indicators
    assert (only.id, only.unit, only.worst, only.best) == ("quality_score", "points", 30, 95)


def test_a_framework_from_before_indicators_still_opens(shipped: Framework) -> None:
    """A warehouse keeps the framework of its day as JSON; an older one must be readable."""
    old = shipped.model_dump(mode="json")
    for name in ("schemes", "ranking"):
        del old[name]
    for pillar in old["pillars"]:
        (first, *_) = pillar.pop("indicators")
        pillar |= {"worst": first["worst"], "best": first["best"]}
    opened = Framework.model_validate(old)
    assert [len(pillar.indicators) for pillar in opened.pillars] == [1] * 5
    assert opened.pillars[4].indicators[0].id == "engaged_share"
    assert [scheme.kind for scheme in opened.schemes] == ["official", "equal", "variance"]
    assert opened.ranking == Ranking()


@pytest.mark.parametrize(
    ("feasible", "points"), [([0.25], 25.0), ([None], 100.0), ([0.25, 4.0], 62.5)]
)
def test_the_feasible_change_of_a_pillar_is_in_points(
    feasible: list[float | None], points: float
) -> None:
    # Of two indicators of equal weight, 25 points of one and all 100 of the other make 62.5.
    ids = ("survey", "training")
    pillar = _pillar(
        *(
            _indicator(id=one, feasible=limit)
            for one, limit in zip(ids[: len(feasible)], feasible, strict=True)
        )
    )
    assert pillar.feasible_points == pytest.approx(points)


@pytest.mark.parametrize(
    ("indicators", "told"),
    [
        ([_indicator(best=0.0)], "worst and best are both 0.0; they must differ; give"),
        ([_indicator(weight=0)], "add up to 0; a sum above 0 is accepted; give"),
        ([_indicator(), _indicator()], "'survey' stands more than once; once is accepted; leave"),
        ([_indicator(weight=float("nan"))], "finite"),
        ([_indicator(weight=-1)], "greater than or equal to 0"),
        ([_indicator(feasible=0)], "greater than 0"),
        ([_indicator(id="mood")], "on_time_share"),
        ([], "at least 1 item"),
    ],
)
def test_indicators_that_cannot_be_scored_are_refused(
    indicators: list[dict[str, Any]], told: str
) -> None:
    with pytest.raises(ValidationError, match=re.escape(told)):
        _pillar(*indicators)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"kind": "equal", "weights": {"quality": 1}}, "only 'agreed' does; leave them out"),
        ({"kind": "official", "region": "europe"}, "only 'agreed' does"),
        ({"kind": "agreed"}, "has no weights; one per pillar is accepted; add weights"),
        ({"kind": "agreed", "weights": {"quality": 0}}, "add up to 0"),
        ({"kind": "agreed", "weights": {"quality": -1}}, "are not 0 or more"),
        ({"kind": "agreed", "weights": {"quality": float("nan")}}, "are not 0 or more"),
        ({"kind": "agreed", "weights": {"mood": 1}}, "timeliness"),
        ({"kind": "best"}, "'equal'"),
    ],
)
def test_a_scheme_that_does_not_weigh_is_refused(given: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError, match=re.escape(told)):
        Scheme.model_validate({"id": "mine", "name": NAME} | given)


def test_schemes_weigh_as_they_say(shipped: Framework) -> None:
    weights = {one.id: scheme_weights(one, shipped.pillars) for one in shipped.schemes}
    assert weights["official"] == {pillar.id: pillar.weight for pillar in shipped.pillars}
    assert set((weights["equal"] or {}).values()) == {1.0}
    assert weights["variance"] is None
    agreed = Scheme.model_validate(
        {"id": "mine", "name": NAME, "kind": "agreed", "weights": {"quality": 3}}
    )
    assert scheme_weights(agreed, shipped.pillars) == {
        pillar.id: 3.0 if pillar.id == "quality" else 0.0 for pillar in shipped.pillars
    }


def test_every_region_has_a_scheme_that_says_it_is_a_proposal(shipped: Framework) -> None:
    of_regions = [scheme for scheme in shipped.schemes if scheme.region]
    assert len({scheme.region for scheme in of_regions}) == 6
    for scheme in of_regions:
        assert "proposal" in scheme.name.en and "proposition" in scheme.name.fr
        assert sum(scheme.weights.values()) == 100


def test_what_does_not_fit_together_is_told_at_once_in_three_parts() -> None:
    scheme = {"id": "mine", "name": NAME, "kind": "agreed", "region": "atlantis"}
    mine = Scheme.model_validate(scheme | {"weights": {"coverage": 1}})
    pillars = [_pillar(_indicator())]
    problems = list(
        ranking_problems(
            pillars, [mine, *STANDARD_SCHEMES[1:]], Ranking(minimum_pillars=4), ["europe"]
        )
    )
    assert [problem.split(":")[0] for problem in problems] == ["schemes"] * 3 + ["ranking"]
    for problem, parts in zip(
        problems,
        (
            ("0 of kind 'official'", "exactly one is accepted", "where none is chosen"),
            ("'atlantis'", "none of ['europe']", "give one"),
            ("weighs ['coverage']", "declared are ['engagement']", "leave the others out"),
            ("minimum_pillars is 4", "at most the 1 pillars", "lower it"),
        ),
        strict=True,
    ):
        assert all(part in problem for part in parts)


def test_a_file_tells_them_with_all_its_other_references() -> None:
    scheme = """
    [[schemes]]
    id = "mine"
    name = { en = "Mine", fr = "Le mien" }
    kind = "agreed"
    region = "atlantis"
    weights = { quality = 1 }
    [ranking]
    minimum_pillars = 3
    """
    with pytest.raises(ConfigError) as caught:
        parse_framework(SMALL + RULES + scheme)
    message = str(caught.value)
    for part in ("kind 'official'", "'atlantis' of 'mine'", "['quality']", "minimum_pillars is 3"):
        assert part in message
