"""The path through trade: region, member, partner, HS section, chapter, heading, subheading.

A selection stands at one level of it, which follows from what is chosen and is stored nowhere.
It must not query or draw anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal

from dashboard.selection import Selection

Level = Literal["region", "member", "partner", "section", "chapter", "heading", "subheading"]

LEVELS: Final[tuple[Level, ...]] = (
    *("region", "member", "partner"),
    *("section", "chapter", "heading", "subheading"),
)
"""From the world down to one line of the tariff: what the items of each level are."""

GOODS_LEVELS: Final = frozenset(LEVELS[3:])
_DIGITS: Final[Mapping[int, Level]] = {2: "chapter", 4: "heading", 6: "subheading"}


def level_of(selection: Selection) -> Level:
    """Return what is listed: the first step of the path that is not chosen.

    Parameters
    ----------
    selection : Selection
        Resolved or not. A commodity that is chosen before the partner narrows
        every level above it.

    Returns
    -------
    Level
        ``subheading`` also where one is chosen: nothing lies below it.

    Examples
    --------
    >>> level_of(Selection()), level_of(Selection(members=("KEN",)))
    ('region', 'partner')
    >>> level_of(Selection(members=("KEN",), partners=("UGA",), commodity="0902"))
    'subheading'
    """
    if not selection.members:
        return "member" if selection.regions else "region"
    if not selection.partners:
        return "partner"
    code = selection.commodity
    if code is None:
        return "section"
    if code.startswith("S"):
        return "chapter"
    return "heading" if len(code) == 2 else "subheading"


def event_kind(level: Level) -> str:
    """Return the kind of event that chooses an item of a level.

    Parameters
    ----------
    level : Level
        Of the item.

    Returns
    -------
    str
        A kind of :class:`dashboard.selection.Event`.

    Examples
    --------
    >>> event_kind("member"), event_kind("heading")
    ('member', 'commodity')
    """
    return "commodity" if level in GOODS_LEVELS else level


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a path that has been gone.

    ``level`` is what was chosen by it (None for the world, where every path
    begins), ``items`` what; ``selection`` is the one that goes back to it:
    everything deeper is let go.
    """

    level: Level | None
    items: tuple[str, ...]
    selection: Selection


def path_of(
    chosen: Selection, regions: Mapping[str, str], sections: Mapping[str, int]
) -> tuple[Step, ...]:
    """Return the steps from the world to where a selection stands.

    Parameters
    ----------
    chosen : Selection
        As the user left it.
    regions : mapping of str to str
        Region of each member: a member that was chosen without its region
        still leads back to it.
    sections : mapping of str to int
        Section of each HS chapter.

    Returns
    -------
    tuple of Step
        The world first, the deepest last. A commodity that only narrows (no
        partner is chosen yet) is no step.

    Examples
    --------
    >>> steps = path_of(Selection(members=("KEN",)), {"KEN": "east_southern_africa"}, {})
    >>> [step.level for step in steps]
    [None, 'region', 'member']
    >>> steps[1].selection.search()
    '?region=east_southern_africa'
    """
    world = replace(chosen, regions=(), members=(), partners=(), commodity=None)
    steps = [Step(None, (), world)]
    own = tuple(dict.fromkeys(regions[iso3] for iso3 in chosen.members if iso3 in regions))
    ours = chosen.regions or own
    if ours:
        steps.append(Step("region", ours, replace(world, regions=ours)))
    if not chosen.members:
        return tuple(steps)
    member = replace(world, regions=chosen.regions, members=chosen.members)
    steps.append(Step("member", chosen.members, member))
    if not chosen.partners:
        return tuple(steps)
    partner = replace(member, partners=chosen.partners)
    steps.append(Step("partner", chosen.partners, partner))
    return (
        *steps,
        *(
            Step(level, (code,), replace(partner, commodity=code))
            for level, code in goods_above(chosen.commodity, sections)
        ),
    )


def goods_above(code: str | None, sections: Mapping[str, int]) -> tuple[tuple[Level, str], ...]:
    """Return the steps of the HS that lead to a commodity, itself the last.

    Parameters
    ----------
    code : str or None
        A section (``S1``), chapter, heading or subheading.
    sections : mapping of str to int
        Section of each chapter.

    Returns
    -------
    tuple of (Level, str)
        Empty without a commodity; without a section where that is not known.

    Examples
    --------
    >>> goods_above("030289", {"03": 1})
    (('section', 'S1'), ('chapter', '03'), ('heading', '0302'), ('subheading', '030289'))
    """
    if code is None:
        return ()
    if code.startswith("S"):
        return (("section", code),)
    found: list[tuple[Level, str]] = []
    if code[:2] in sections:
        found.append(("section", f"S{sections[code[:2]]}"))
    found += [(level, code[:length]) for length, level in _DIGITS.items() if len(code) >= length]
    return tuple(found)
