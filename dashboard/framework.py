"""The framework file: what members owe, how data is judged, scored and tracked.

Reads and validates TOML; every problem of a file is reported at once, each
with its place. It must not read a warehouse or know how a rule is computed.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import Field, ValidationError, model_validator

from dashboard import reference
from dashboard.errors import ConfigError
from dashboard.framework_parts import Identifier, Part, Text
from dashboard.incentive_rules import (
    STANDARD_SCHEMES,
    Pillar,
    Ranking,
    Scheme,
    Tier,
    outside_problems,
    ranking_problems,
)

FRAMEWORKS: Final = Path(__file__).parent / "frameworks"
DEFAULT_FRAMEWORK: Final = FRAMEWORKS / "default.toml"

DimensionId = Literal["completeness", "validity", "consistency", "coherence", "stability"]
Severity = Literal["error", "warning", "note"]
Domain = Literal["trade", "revenue", "clearance", "operators", "enforcement"]
Month = Annotated[str, Field(pattern=r"^(19|20)\d\d-(0[1-9]|1[0-2])$")]

SEVERITY_WEIGHTS: Final[Mapping[str, float]] = {"error": 1.0, "warning": 0.4, "note": 0.1}
"""How much one failing row of each severity counts against validity."""


class Collection(Part):
    """One kind of data that members owe."""

    id: Identifier
    name: Text
    domain: Domain
    frequency: Literal["M", "A"]
    due_days: int = Field(ge=0, le=1000)
    starts: Month
    ends: Month | None = None
    owed_by: Literal["all"] | list[str] = "all"
    exempt: list[str] = Field(default_factory=list)
    required_fields: list[str] = Field(default_factory=list)
    layouts: list[Identifier] = Field(default_factory=list)
    chapters: list[str] = Field(default_factory=list)


class Waiver(Part):
    """A derogation: the member owes nothing of the collection in these periods."""

    member: str = Field(pattern=r"^[A-Z]{3}$")
    collection: Identifier
    first: Month
    last: Month
    reason: str = Field(min_length=3)


class Dimension(Part):
    """A dimension of data quality with its goalposts, on the raw measure's own scale."""

    id: DimensionId
    name: Text
    weight: float = Field(ge=0)
    worst: float
    best: float

    @model_validator(mode="after")
    def _goalposts_differ(self) -> Dimension:
        if self.worst == self.best:
            raise ValueError(f"worst and best are both {self.best!r}; they must differ")
        return self


class Rule(Part):
    """A rule that data is checked by; the code of the check has the same id."""

    id: Identifier
    dimension: DimensionId
    severity: Severity
    title: Text
    counts: Text
    rationale: Text
    remedy: Text
    threshold: float | None = None


class Indicator(Part):
    """An external score of members."""

    id: Identifier
    name: Text
    unit: str
    source: str


class Strategy(Part):
    """One of the three strategies."""

    id: str = Field(pattern=r"^\d$")
    name: Text


class Tactic(Part):
    """One of the thirty tactics."""

    id: str = Field(pattern=r"^\d\.\d{1,2}$")
    strategy: str
    name: Text


class KeyResult(Part):
    """How a tactic is measured, from where it started and to what it should come."""

    id: Identifier
    tactic: str
    name: Text
    source: Literal["warehouse", "activity", "check_in"]
    binding: Identifier | None = None
    unit: Literal["share", "count", "days", "score", "points"]
    baseline: float
    target: float
    started_on: date
    deadline_on: date
    cadence_days: int = Field(ge=1, le=800)
    owner: str
    view: str | None = None

    @model_validator(mode="after")
    def _can_progress(self) -> KeyResult:
        if self.baseline == self.target:
            raise ValueError(f"baseline and target are both {self.target!r}; they must differ")
        if self.deadline_on <= self.started_on:
            raise ValueError(f"deadline_on {self.deadline_on} is not after {self.started_on}")
        if self.source != "check_in" and self.binding is None:
            raise ValueError(f"source {self.source!r} needs a binding")
        return self


class Head(Part):
    """What the framework is."""

    id: Identifier
    version: str = Field(min_length=1)
    name: Text
    extends: Literal["default"] | None = None
    default_collection: Identifier
    cif_fob_margin: float = Field(default=0.06, ge=0, le=1)
    minimum_checked_rows: int = Field(default=10, ge=1)


class Framework(Part):
    """A whole framework file; see ``docs/framework.md``."""

    framework: Head
    collections: list[Collection] = Field(min_length=1)
    waivers: list[Waiver] = Field(default_factory=list)
    dimensions: list[Dimension] = Field(min_length=1)
    rules: list[Rule] = Field(default_factory=list)
    pillars: list[Pillar] = Field(min_length=1)
    schemes: list[Scheme] = Field(default=list(STANDARD_SCHEMES), min_length=1)
    ranking: Ranking = Ranking()
    tiers: list[Tier] = Field(min_length=1)
    indicators: list[Indicator] = Field(default_factory=list)
    strategies: list[Strategy] = Field(default_factory=list)
    tactics: list[Tactic] = Field(default_factory=list)
    key_results: list[KeyResult] = Field(default_factory=list)

    @model_validator(mode="after")
    def _references_hold(self) -> Framework:
        problems = list(self._problems())
        if problems:
            raise ValueError("; ".join(problems))
        return self

    def _problems(self) -> Iterable[str]:
        lists: dict[str, list[str]] = {
            name: [item.id for item in getattr(self, name)]
            for name in (
                *("collections", "dimensions", "rules", "pillars", "schemes", "tiers"),
                *("indicators", "strategies", "tactics", "key_results"),
            )
        }
        for name, ids in lists.items():
            for twice in sorted({one for one in ids if ids.count(one) > 1}):
                yield f"{name}: id {twice!r} stands more than once"
        if self.framework.default_collection not in lists["collections"]:
            yield (
                f"framework.default_collection {self.framework.default_collection!r} is none of "
                f"{sorted(lists['collections'])}"
            )
        references = (
            [("waivers", w.collection, "collections") for w in self.waivers]
            + [("tactics", t.strategy, "strategies") for t in self.tactics]
            + [("key_results", k.tactic, "tactics") for k in self.key_results]
            + [("rules", r.dimension, "dimensions") for r in self.rules]
        )
        for place, value, target in references:
            if value not in lists[target]:
                yield f"{place}: {value!r} is none of the {target} {sorted(set(lists[target]))}"
        for name in ("dimensions", "pillars"):
            if sum(item.weight for item in getattr(self, name)) <= 0:
                yield f"{name}: the weights add up to 0; at least one must be positive"
        regions: list[str] = []
        if any(scheme.region for scheme in self.schemes):
            regions = reference.regions()["region_id"].tolist()
        yield from ranking_problems(self.pillars, self.schemes, self.ranking, regions)
        yield from outside_problems(self.pillars, self.ranking, lists["indicators"])

    def collection(self, collection_id: str) -> Collection:
        """Return one collection.

        Parameters
        ----------
        collection_id : str
            Its id.

        Returns
        -------
        Collection
            The declaration.

        Raises
        ------
        ConfigError
            If the framework has no such collection.
        """
        for collection in self.collections:
            if collection.id == collection_id:
                return collection
        raise ConfigError(
            f"Collection {collection_id!r} is not in framework {self.framework.id!r}.",
            f"It has {sorted(c.id for c in self.collections)}.",
        )


def read_framework(path: Path = DEFAULT_FRAMEWORK) -> tuple[Framework, str]:
    """Read and validate a framework file.

    Parameters
    ----------
    path : Path
        A TOML file. With ``extends = "default"`` each top-level list that it
        leaves out is taken from the framework that ships with the product.

    Returns
    -------
    framework : Framework
        The validated declarations.
    text : str
        The effective file, as TOML text, to be kept with a generation.

    Raises
    ------
    ConfigError
        If the file cannot be read or breaks a rule; the message lists every
        problem with its place.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ConfigError(
            f"Framework {str(path)!r} cannot be read: {error.strerror}.",
            remedy="Give the path of a framework file; docs/framework.md describes it.",
        ) from error
    head = parse_toml(text, path.name).get("framework", {})
    base = (
        DEFAULT_FRAMEWORK.read_text(encoding="utf-8")
        if isinstance(head, dict) and head.get("extends") == "default"
        else None
    )
    return parse_framework(text, source=path.name, base=base), text


def parse_toml(text: str, source: str) -> dict[str, Any]:
    """Parse TOML, telling where it breaks.

    Parameters
    ----------
    text : str
        TOML text.
    source : str
        Name for messages.

    Returns
    -------
    dict
        The document.

    Raises
    ------
    ConfigError
        If it is not TOML.
    """
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(
            f"{source} is not valid TOML: {error}.", remedy="Mend the line it names."
        ) from error


def parse_framework(text: str, *, source: str = "framework", base: str | None = None) -> Framework:
    """Validate the text of a framework.

    Parameters
    ----------
    text : str
        TOML text.
    source : str
        Name for messages.
    base : str, optional
        TOML text whose top-level lists fill those that ``text`` leaves out.

    Returns
    -------
    Framework
        The validated declarations.

    Raises
    ------
    ConfigError
        If it breaks a rule; every problem is listed with its place.
    """
    document = parse_toml(text, source)
    if base is not None:
        document = {**parse_toml(base, "the default framework"), **document}
    try:
        return Framework.model_validate(document)
    except ValidationError as error:
        problems = [
            f"{_place(problem['loc'])}: {problem['msg']}"
            + ("" if problem["type"] == "missing" else f" (found {_short(problem['input'])})")
            for problem in error.errors(include_url=False)
        ]
        raise ConfigError(
            f"{source} has {len(problems)} problem(s):\n  - " + "\n  - ".join(problems),
            remedy="docs/framework.md describes every field.",
        ) from error


def fingerprint(text: str) -> str:
    """Return a short, stable fingerprint of a framework's text.

    Parameters
    ----------
    text : str
        The file's text.

    Returns
    -------
    str
        Twelve hexadecimal digits of its SHA-256.
    """
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _place(location: tuple[int | str, ...]) -> str:
    parts = [f"[{part}]" if isinstance(part, int) else f".{part}" for part in location]
    return "".join(parts).lstrip(".") or "file"


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
