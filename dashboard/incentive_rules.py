"""The sections of a framework file that say how members are ranked.

Pillars and their indicators, schemes of weights, tiers, and what is done about
missing data, outliers and small numbers. It must not compute a score.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, Literal

from pydantic import Field, model_validator

from dashboard.framework_parts import Identifier, Part, PillarId, Text

IndicatorId = Literal[
    "on_time_share",
    "quality_score",
    "received_share",
    "on_time_change",
    "engaged_share",
    "correspondent",
    "survey",
    "training",
    "months_behind",
    "completeness_score",
    "coherence_score",
    "outside_score",
]
"""What can be computed of a member in a range, and so be an indicator of a pillar."""

STANDARD_INDICATORS: Final[Mapping[str, IndicatorId]] = {
    "timeliness": "on_time_share",
    "quality": "quality_score",
    "coverage": "received_share",
    "improvement": "on_time_change",
    "engagement": "engaged_share",
}
"""The indicator of a pillar that gives goalposts of its own and no indicators."""

SchemeKind = Literal["equal", "official", "variance", "agreed"]


class PillarIndicator(Part):
    """An indicator of a pillar: a raw value that goalposts turn into 0 to 100.

    ``best`` below ``worst`` means that less is better.
    """

    id: IndicatorId
    name: Text
    unit: Literal["share", "points", "months"] = "share"
    weight: float = Field(default=1.0, ge=0, allow_inf_nan=False)
    worst: float = Field(allow_inf_nan=False)
    best: float = Field(allow_inf_nan=False)
    feasible: float | None = Field(default=None, gt=0, allow_inf_nan=False)

    @model_validator(mode="after")
    def _goalposts_differ(self) -> PillarIndicator:
        if self.worst == self.best:
            raise ValueError(
                f"worst and best are both {self.best!r}; they must differ; give the value that "
                "scores 0 and the one that scores 100"
            )
        return self

    @property
    def feasible_points(self) -> float:
        """The largest change within a year in points of the score; all 100 if none is declared."""
        if self.feasible is None:
            return 100.0
        return min(100.0, 100.0 * self.feasible / abs(self.best - self.worst))


class Pillar(Part):
    """A pillar of the incentive score, made of indicators."""

    id: PillarId
    name: Text
    weight: float = Field(ge=0, allow_inf_nan=False)
    indicators: list[PillarIndicator] = Field(min_length=1)

    @model_validator(mode="before")
    @classmethod
    def _standard_indicator(cls, given: Any) -> Any:
        """Give a pillar with goalposts of its own the standard indicator that they are of."""
        if not isinstance(given, Mapping) or "indicators" in given:
            return given
        posts = {name: given[name] for name in ("worst", "best") if name in given}
        standard = STANDARD_INDICATORS.get(str(given.get("id")))
        if standard is None or not posts:
            return given
        unit = "points" if standard == "quality_score" else "share"
        rest = {name: value for name, value in given.items() if name not in posts}
        indicator = {"id": standard, "name": given.get("name"), "unit": unit, **posts}
        return {**rest, "indicators": [indicator]}

    @model_validator(mode="after")
    def _indicators_count(self) -> Pillar:
        ids = [one.id for one in self.indicators]
        problems = [
            f"indicator {twice!r} stands more than once; once is accepted; leave out the others"
            for twice in sorted({one for one in ids if ids.count(one) > 1})
        ]
        if sum(one.weight for one in self.indicators) <= 0:
            problems.append(
                "the weights of the indicators add up to 0; a sum above 0 is accepted; "
                "give one of them a weight"
            )
        if problems:
            raise ValueError("; ".join(problems))
        return self

    @property
    def feasible_points(self) -> float:
        """The largest change of the pillar within a year, in points of its score."""
        whole = math.fsum(one.weight for one in self.indicators)
        return math.fsum(one.weight * one.feasible_points for one in self.indicators) / whole


class Scheme(Part):
    """A named scheme of weights.

    ``equal`` weighs all pillars alike, ``official`` by the pillars' own weights,
    ``variance`` by how far a pillar's scores spread, ``agreed`` by ``weights``,
    for ``region`` alone if one is given.
    """

    id: Identifier
    name: Text
    kind: SchemeKind
    region: Identifier | None = None
    weights: dict[PillarId, float] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _weights_fit(self) -> Scheme:
        problems: list[str] = []
        if self.kind != "agreed" and (self.weights or self.region):
            problems.append(
                f"kind {self.kind!r} has weights or a region of its own; only 'agreed' does; "
                "leave them out or change the kind"
            )
        if self.kind == "agreed" and not self.weights:
            problems.append(
                "kind 'agreed' has no weights; one per pillar is accepted; add weights = { ... }"
            )
        wrong = {
            name: weight
            for name, weight in self.weights.items()
            if not (weight >= 0 and math.isfinite(weight))
        }
        if wrong:
            problems.append(f"weights {wrong!r} are not 0 or more; give numbers of 0 or more")
        elif self.weights and sum(self.weights.values()) <= 0:
            problems.append("the weights add up to 0; a sum above 0 is accepted; raise one of them")
        if problems:
            raise ValueError("; ".join(problems))
        return self


STANDARD_SCHEMES: Final = (
    Scheme(id="official", name=Text(en="Official", fr="Officiel"), kind="official"),
    Scheme(id="equal", name=Text(en="Equal", fr="Égal"), kind="equal"),
    Scheme(id="variance", name=Text(en="By spread", fr="Selon la dispersion"), kind="variance"),
)
"""The schemes of a framework that declares none."""


class Tier(Part):
    """A tier of the incentive score: members at or above ``threshold``."""

    id: Identifier
    name: Text
    threshold: float = Field(ge=0, le=100)


class Ranking(Part):
    """What is done about missing data, outliers and small numbers before members are ranked.

    ``missing`` says what becomes of the weight of a pillar that cannot be
    computed; ``treat_outliers`` under which normalisations raw values are
    treated: ``relative`` are those that take their bounds from the members. ``outside``
    names the external score that the indicator ``outside_score`` takes its values from.
    """

    missing: Literal["redistribute", "leave_out"] = "redistribute"
    minimum_pillars: int = Field(default=1, ge=1, le=5)
    minimum_obligations: int = Field(default=0, ge=0)
    minimum_checked_rows: int = Field(default=0, ge=0)
    outside: Identifier | None = None
    treat_outliers: Literal["relative", "always", "never"] = "relative"
    winsorise_at_most: int = Field(default=5, ge=0, le=50)


def scheme_weights(scheme: Scheme, pillars: Sequence[Pillar]) -> dict[str, float] | None:
    """Return the weights of a scheme.

    Parameters
    ----------
    scheme : Scheme
        Of a framework.
    pillars : sequence of Pillar
        Of the same framework.

    Returns
    -------
    dict of str to float, or None
        By pillar, in the order of the pillars, 0 or more, any scale; 0 for a pillar
        that an agreed scheme leaves out. None where they follow from the scores.

    Examples
    --------
    >>> half = [Pillar.model_validate({"id": name, "name": {"en": "A", "fr": "B"}, "weight": 3,
    ...     "worst": 0, "best": 1}) for name in ("timeliness", "coverage")]
    >>> scheme_weights(STANDARD_SCHEMES[1], half)
    {'timeliness': 1.0, 'coverage': 1.0}
    """
    if scheme.kind == "variance":
        return None
    if scheme.kind == "equal":
        return {pillar.id: 1.0 for pillar in pillars}
    if scheme.kind == "official":
        return {pillar.id: pillar.weight for pillar in pillars}
    return {pillar.id: scheme.weights.get(pillar.id, 0.0) for pillar in pillars}


def ranking_problems(
    pillars: Sequence[Pillar], schemes: Sequence[Scheme], ranking: Ranking, regions: Iterable[str]
) -> Iterable[str]:
    """Yield what does not fit together in the sections of the ranking.

    Parameters
    ----------
    pillars : sequence of Pillar
        Valid by themselves, as are the next two.
    schemes : sequence of Scheme
        The schemes of weights.
    ranking : Ranking
        The rules of the ranking.
    regions : iterable of str
        Ids of the regions that there are.

    Yields
    ------
    str
        A problem in three parts: found, accepted, what to do.

    Examples
    --------
    >>> list(ranking_problems([], STANDARD_SCHEMES[1:], Ranking(), []))
    ["schemes: 0 of kind 'official'; exactly one is accepted; it holds where none is chosen"]
    """
    known = [pillar.id for pillar in pillars]
    official = sum(scheme.kind == "official" for scheme in schemes)
    if official != 1:
        yield (
            f"schemes: {official} of kind 'official'; exactly one is accepted; "
            "it holds where none is chosen"
        )
    declared = sorted(regions)
    for scheme in schemes:
        if scheme.region is not None and scheme.region not in declared:
            yield (
                f"schemes: region {scheme.region!r} of {scheme.id!r} is none of {declared}; "
                "give one of them"
            )
        strangers = sorted(set(scheme.weights) - set(known))
        if strangers:
            yield (
                f"schemes: {scheme.id!r} weighs {strangers}, which are no pillars; "
                f"those declared are {sorted(known)}; leave the others out"
            )
        elif scheme.weights and not any(scheme.weights.values()):
            yield f"schemes: the weights of {scheme.id!r} add up to 0; raise one of them"
    if known and ranking.minimum_pillars > len(known):
        yield (
            f"ranking: minimum_pillars is {ranking.minimum_pillars}; at most the "
            f"{len(known)} pillars declared are accepted; lower it"
        )


def outside_problems(
    pillars: Sequence[Pillar], ranking: Ranking, indicators: Iterable[str]
) -> Iterable[str]:
    """Yield what does not fit together about the external score of the ranking.

    Parameters
    ----------
    pillars : sequence of Pillar
        Valid by themselves.
    ranking : Ranking
        May name an external score.
    indicators : iterable of str
        Ids of the external scores that there are.

    Yields
    ------
    str
        A problem in three parts: found, accepted, what to do.

    Examples
    --------
    >>> list(outside_problems([], Ranking(outside="lpi"), ["spi"]))
    ["ranking: outside 'lpi' is none of the indicators ['spi']; give one of them"]
    """
    is_used = any(one.id == "outside_score" for pillar in pillars for one in pillar.indicators)
    if ranking.outside is None and is_used:
        yield (
            "pillars: the indicator 'outside_score' stands for no external score; "
            "one of [[indicators]] is accepted; name it in outside of [ranking]"
        )
    declared = sorted(set(indicators))
    if ranking.outside is not None and ranking.outside not in declared:
        yield (
            f"ranking: outside {ranking.outside!r} is none of the indicators {declared}; "
            "give one of them"
        )
