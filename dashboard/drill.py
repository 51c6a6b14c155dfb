"""The path through trade: region, member, partner, HS section, chapter, heading, subheading.

A selection stands at one level of it, which follows from what is chosen and is stored nowhere.
It must not query or draw anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal

from dashboard.measures import LEVELS, MEASURES, Level
from dashboard.selection import Selection, months_between, shift_month

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


Lack = Literal["level", "mirror", "past", "commodity", "goods", "partners"]
_NEEDS_REPORTS: Final = frozenset({"growth", "usd_per_head", "gdp_share"})
"""Measures that need to know which periods each area itself has reported."""


def lack_of(measure: str, selection: Selection, level: Level, *, is_past: bool) -> Lack | None:
    """Return why a measure cannot be shown.

    Parameters
    ----------
    measure : str
        One of ``dashboard.measures.TRADE_MEASURES``.
    selection : Selection
        Resolved.
    level : Level
        What is listed.
    is_past : bool
        Whether an earlier day of knowledge is asked for.

    Returns
    -------
    Lack or None
        ``level``: it has no meaning there. ``mirror``: partners' records do
        not tell it. ``past``: every record would have to be read. ``commodity``:
        a commodity must be chosen to compare. ``goods``: the commodity chosen
        is finer than what is summed. ``partners``: it is of all partners. None
        if it can be shown.

    Examples
    --------
    >>> lack_of("hhi", Selection(), "section", is_past=False)
    'level'
    >>> lack_of("hhi", Selection(), "member", is_past=False) is None
    True
    """
    if level not in MEASURES[measure].levels:
        return "level"
    if measure in ("value_usd", "mass_kg", "trade_share", "balance_usd", "unit_value"):
        return None
    is_mirror = selection.source == "mirror"
    if measure in _NEEDS_REPORTS:
        if is_mirror:
            return "mirror"
        return "past" if is_past and level in ("region", "member") else None
    if measure == "grubel_lloyd" and level in GOODS_LEVELS:
        return None
    if is_mirror:
        return "mirror"
    return "past" if is_past else _lack_of_sums(measure, selection, level)


def _lack_of_sums(measure: str, selection: Selection, level: Level) -> Lack | None:
    """Return why no table of sums tells a measure of many cells."""
    code = selection.commodity
    if measure == "balassa_index" and level in ("region", "member") and code is None:
        return "commodity"
    if level in GOODS_LEVELS:
        return None
    has_partners = bool(selection.partners or selection.partner_regions)
    if code and not code.startswith("S") and (len(code) > 2 or measure == "hhi"):
        return "goods"
    if measure == "grubel_lloyd" and level == "partner":
        return "goods" if code and not code.startswith("S") else None
    return "partners" if has_partners and measure in ("hhi_chapters", "grubel_lloyd") else None


def range_before(selection: Selection, *, is_annual: bool) -> Selection:
    """Return the selection of the range of the same length that ends just before.

    Parameters
    ----------
    selection : Selection
        Resolved.
    is_annual : bool
        Whether the collection's periods are years: whole years are then gone
        back.

    Returns
    -------
    Selection
        With other ``first`` and ``last``.

    Examples
    --------
    >>> before = range_before(Selection(first="2024-03", last="2024-05"), is_annual=False)
    >>> before.first, before.last
    ('2023-12', '2024-02')
    """
    assert selection.first is not None and selection.last is not None
    first, last = selection.first, selection.last
    if is_annual:
        first, last = f"{first[:4]}-01", f"{last[:4]}-12"
    count = months_between(first, last)
    return replace(selection, first=shift_month(first, -count), last=shift_month(first, -1))


def period_count(selection: Selection, *, is_annual: bool) -> int:
    """Return how many periods of a collection the selected range holds.

    Parameters
    ----------
    selection : Selection
        Resolved.
    is_annual : bool
        Whether the collection's periods are years.

    Returns
    -------
    int
        At least 1.

    Examples
    --------
    >>> period_count(Selection(first="2023-05", last="2024-02"), is_annual=True)
    2
    """
    assert selection.first is not None and selection.last is not None
    if is_annual:
        return int(selection.last[:4]) - int(selection.first[:4]) + 1
    return months_between(selection.first, selection.last)
