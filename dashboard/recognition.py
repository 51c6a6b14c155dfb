"""Who is recognised for a scoring run: tiers, the most improved, the best newcomer.

It must not write a certificate, nor keep what was given.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from dashboard.framework import Framework
from dashboard.score_overrides import Override
from dashboard.score_record import RECOGNITION, Content, Entry

TIER: Final = "tier"
MOST_IMPROVED: Final = "most_improved"
BEST_NEWCOMER: Final = "best_newcomer"
KINDS: Final = (TIER, MOST_IMPROVED, BEST_NEWCOMER)


@dataclass(frozen=True, slots=True)
class Award:
    """What a member is recognised for."""

    member: str
    kind: str
    tier: str | None = None
    override: int | None = None
    """Number of the override that gave the tier; None if it was computed."""

    @property
    def id(self) -> str:
        """Such as ``tier-gold`` or ``most_improved``."""
        return f"{self.kind}-{self.tier}" if self.tier else self.kind


def awards(content: Content, held: Mapping[str, Override]) -> list[Award]:
    """Return who is recognised for a run.

    Every tier with a threshold above 0 is recognised. The most improved are those who gained
    most places among the members whose gain is above 0 in its whole band, so that nobody is
    recognised for luck; the best newcomer is the one with the highest score among those of
    whom something was received in the range and nothing in the one before.

    Parameters
    ----------
    content : mapping
        Of the run.
    held : mapping of str to Override
        The override that holds for each member; one of its tier goes before the computed one.

    Returns
    -------
    list of Award
        Tiers by rank, then the others; several of a kind if they are equal.
    """
    framework = Framework.model_validate_json(content["framework"]["text"])
    recognised = {tier.id for tier in framework.tiers if tier.threshold > 0}
    results: Mapping[str, Mapping[str, Any]] = content["results"]
    by_rank = sorted(results, key=lambda one: (results[one].get("rank") or len(results) + 1, one))
    found: list[Award] = []
    for member in by_rank:
        override = held.get(member)
        is_given = override is not None and override.tier is not None
        tier = override.tier if override is not None and is_given else results[member].get("tier")
        if tier in recognised:
            number = override.number if override is not None and is_given else None
            found.append(Award(member, TIER, str(tier), number))
    gains = {
        member: int(values["change"])
        for member, values in results.items()
        if values.get("change") is not None and (values.get("change_low") or 0) > 0
    }
    found += [
        Award(member, MOST_IMPROVED)
        for member in by_rank
        if member in gains and gains[member] == max(gains.values())
    ]
    scores = {
        member: float(values["incentive_score"])
        for member, values in results.items()
        if values.get("incentive_score") is not None and _is_newcomer(content["inputs"], member)
    }
    found += [
        Award(member, BEST_NEWCOMER)
        for member in by_rank
        if member in scores and scores[member] == max(scores.values())
    ]
    return found


def _is_newcomer(inputs: Mapping[str, Any], member: str) -> bool:
    spans = inputs.get(member, {})
    now, before = spans.get("selected") or {}, spans.get("before") or {}
    return (now.get("received") or 0) > 0 and not before.get("received")


@dataclass(frozen=True, slots=True)
class Given:
    """An award as it was given."""

    entry: int
    run: int
    award: Award
    given_at: datetime
    given_by: str


def given(entries: Sequence[Entry]) -> list[Given]:
    """Return the awards that were given.

    Parameters
    ----------
    entries : sequence of Entry
        In order.

    Returns
    -------
    list of Given
        In order, by member within an entry.
    """
    found = []
    for entry in entries:
        if entry.kind != RECOGNITION:
            continue
        held = entry.read()
        for member, ids in sorted(held.get("awards", {}).items()):
            for _, one in sorted(ids.items()):
                award = Award(member, str(one.get("kind")), one.get("tier"), one.get("override"))
                run = int(held.get("run", 0))
                found.append(Given(entry.number, run, award, entry.written_at, entry.author))
    return found
