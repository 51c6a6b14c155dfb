"""What makes an override of a score, and its withdrawal, one that may be written.

Two different people and a reason; a member and a run that exist. It must not store anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from dashboard.errors import SelectionError
from dashboard.framework import Framework
from dashboard.score_record import OVERRIDE, RUN, WITHDRAWAL, Content, Entry

NAME_AT_MOST: Final = 80
REASON_AT_MOST: Final = 500
"""Characters."""

REASON_AT_LEAST: Final = 10
"""Characters: fewer give none."""


@dataclass(frozen=True, slots=True)
class Override:
    """A tier or score that two people gave in the place of the one computed."""

    number: int
    run: int
    member: str
    tier: str | None
    score: float | None
    computed: str
    """What the run says of the member, such as ``silver`` or ``71.3``."""

    reason: str
    by: str
    seconded: str
    written_at: datetime
    withdrawn: int | None
    """Number of the entry that withdrew it; None while it holds."""

    @property
    def given(self) -> str:
        """What was given, as it is shown: ``tier gold`` or ``score 71.5``."""
        return f"tier {self.tier}" if self.tier is not None else f"score {self.score:g}"


def overrides(entries: Sequence[Entry]) -> list[Override]:
    """Return the overrides of a chain, withdrawn ones too.

    Parameters
    ----------
    entries : sequence of Entry
        In order.

    Returns
    -------
    list of Override
        In order.
    """
    withdrawn = {
        int(content.get("override", 0)): entry.number
        for entry in entries
        if entry.kind == WITHDRAWAL
        for content in (entry.read(),)
    }
    found = []
    for entry in entries:
        if entry.kind != OVERRIDE:
            continue
        held = entry.read()
        score = held.get("score")
        found.append(
            Override(
                number=entry.number,
                run=int(held.get("run", 0)),
                member=str(held.get("member", "")),
                tier=held.get("tier"),
                score=float(score) if isinstance(score, int | float) else None,
                computed=str(held.get("computed", "")),
                reason=str(held.get("reason", "")),
                by=str(held.get("by", "")),
                seconded=str(held.get("seconded", "")),
                written_at=entry.written_at,
                withdrawn=withdrawn.get(entry.number),
            )
        )
    return found


def holding(entries: Sequence[Entry]) -> dict[str, Override]:
    """Return the override that holds for each member: the last one that was not withdrawn.

    Parameters
    ----------
    entries : sequence of Entry
        In order.

    Returns
    -------
    dict of str to Override
        By member; members without one are left out.
    """
    return {one.member: one for one in overrides(entries) if one.withdrawn is None}


def last_run(entries: Sequence[Entry]) -> Entry | None:
    """Return the last scoring run of a chain.

    Parameters
    ----------
    entries : sequence of Entry
        In order.

    Returns
    -------
    Entry or None
        None if there is none.
    """
    return next((entry for entry in reversed(entries) if entry.kind == RUN), None)


def override_content(
    entries: Sequence[Entry],
    member: str,
    *,
    tier: str | None,
    score: float | None,
    reason: str,
    by: str,
    seconded: str,
) -> Content:
    """Return the content of an override of the last run.

    Parameters
    ----------
    entries : sequence of Entry
        The chain.
    member : str
        ISO 3166 alpha-3 code.
    tier : str or None
        Of the run's framework.
    score : float or None
        0 to 100; either a tier or a score is given.
    reason : str
        Why.
    by, seconded : str
        Two different names.

    Returns
    -------
    mapping
        To be sealed.

    Raises
    ------
    SelectionError
        With every problem at once.
    """
    problems: list[str] = []
    run = last_run(entries)
    if run is None:
        raise SelectionError(
            "No scoring run was published, so there is no score to override.",
            remedy="Publish one first.",
        )
    held = run.read()
    result = held["results"].get(member)
    if result is None:
        problems.append(f"member {member[:10]!r} has no score in run {run.number}")
    tiers = [one.id for one in Framework.model_validate_json(held["framework"]["text"]).tiers]
    if (tier is None) == (score is None):
        problems.append("give either a tier or a score")
    if tier is not None and tier not in tiers:
        problems.append(f"tier {tier[:20]!r} is none of {', '.join(tiers)}")
    if score is not None and not 0 <= score <= 100:
        problems.append(f"score {score!r} is not between 0 and 100")
    content = {
        "run": run.number,
        "member": member,
        "tier": tier,
        "score": score,
        "computed": _computed(result or {}, is_tier=tier is not None),
        **_grounds(reason, by, seconded, problems),
    }
    _refuse(problems)
    return content


def withdrawal_content(
    entries: Sequence[Entry], number: int, *, reason: str, by: str, seconded: str
) -> Content:
    """Return the content of a withdrawal.

    Parameters
    ----------
    entries : sequence of Entry
        The chain.
    number : int
        Of the override.
    reason : str
        Why.
    by, seconded : str
        Two different names.

    Returns
    -------
    mapping
        To be sealed.

    Raises
    ------
    SelectionError
        With every problem at once.
    """
    problems: list[str] = []
    found = {one.number: one for one in overrides(entries)}.get(number)
    if found is None:
        problems.append(f"entry {number} is no override")
    elif found.withdrawn is not None:
        problems.append(f"override {number} was withdrawn by entry {found.withdrawn}")
    content = {
        "override": number,
        "member": "" if found is None else found.member,
        **_grounds(reason, by, seconded, problems),
    }
    _refuse(problems)
    return content


def _computed(result: dict[str, Any], *, is_tier: bool) -> str:
    value = result.get("tier" if is_tier else "incentive_score")
    if value is None:
        return ""
    return str(value) if is_tier else f"{value:.1f}"


def _grounds(reason: str, by: str, seconded: str, problems: list[str]) -> dict[str, str]:
    """Return reason and names as they are kept; what is wrong with them joins the problems."""
    said = {
        "reason": _line("reason", reason, REASON_AT_MOST, problems),
        "by": _line("first name", by, NAME_AT_MOST, problems),
        "seconded": _line("second name", seconded, NAME_AT_MOST, problems),
    }
    if said["by"] and said["by"].casefold() == said["seconded"].casefold():
        problems.append(f"{said['by']!r} cannot second an override of their own")
    if 0 < len(said["reason"]) < REASON_AT_LEAST:
        problems.append(f"the reason has fewer than {REASON_AT_LEAST} characters")
    return said


def _line(name: str, text: str, most: int, problems: list[str]) -> str:
    line = " ".join(text.split())
    if not line:
        problems.append(f"the {name} is empty")
    elif len(line) > most:
        problems.append(f"the {name} has {len(line)} characters, more than {most}")
    elif not line.isprintable():
        problems.append(f"the {name} holds a control character")
    return line


def _refuse(problems: list[str]) -> None:
    if problems:
        raise SelectionError(
            "; ".join(problems) + ".",
            "An override needs a member and tier or score of the last run, a reason, and two "
            "different names.",
            "Mend it and give it again.",
        )
