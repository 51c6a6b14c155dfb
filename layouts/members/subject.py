"""Whom the page of one member is about, and what every panel says if it is about nobody."""

from __future__ import annotations

from typing import Any

import pandas as pd

from layouts.charts import rows
from layouts.palette import REGION_COLOURS
from layouts.panels import Drawing
from layouts.scene import Scene

DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot", "solid")
"""Dashes of the lines of compared members: colour tells the region, the dash the member."""


QUARTERS_UP_TO = 15
TICKS_AT_MOST = 5


def subject(scene: Scene) -> str | None:
    """Return the member that the page is about: the first one chosen."""
    return scene.chosen.members[0] if scene.chosen.members else None


def page_members(scene: Scene) -> list[str]:
    """Return the subject and the compared members, each once."""
    return list(dict.fromkeys((*scene.chosen.members[:1], *scene.chosen.compared)))


def nobody(scene: Scene) -> Drawing:
    """Return what a panel shows while no member is chosen."""
    return Drawing(empty=scene.words("members.choose"))


def staged_title(scene: Scene, panel: str) -> str | None:
    """Return a panel's question with the member's name: on the stage a panel stands alone."""
    iso3 = subject(scene)
    if not scene.is_present or iso3 is None:
        return None
    return f"{scene.names.member(iso3)} · {scene.words(f'members.{panel}.title')}"


def is_union(profile: Any | None) -> bool:
    """Tell whether a profile is that of a union of members, which owes nothing itself."""
    return profile is not None and profile.kind == "union"


def owes_nothing(scene: Scene, iso3: str, profile: Any | None) -> str:
    """Say why a member has no obligations in the range."""
    name = scene.names.member(iso3)
    if is_union(profile):
        return scene.words("members.union_owes_nothing", name=name)
    return scene.words("members.owes_nothing", name=name, range=scene.range_text)


def profile_of(profiles: pd.DataFrame, iso3: str | None) -> Any | None:
    """Return a member's row of ``member_profiles`` or ``member_facts``, or None."""
    found = rows(profiles[profiles["member_iso3"] == iso3])
    return found[0] if found else None


def line_style(scene: Scene, iso3: str, place: int) -> dict[str, Any]:
    """Return colour, width and dash of a member's line; the subject has the accent."""
    if iso3 == subject(scene):
        return {
            "color": scene.palette.accent,
            "width": 6 if scene.is_present else 3,
            "dash": "solid",
        }
    region = scene.catalogue.members.get(iso3, "")
    colour = REGION_COLOURS.get(region, scene.palette.ink)
    return {
        "color": colour,
        "width": 4 if scene.is_present else 2,
        "dash": DASHES[place % len(DASHES)],
    }


def period_ticks(periods: list[int], scene: Scene) -> tuple[list[int], list[str]]:
    """Return few enough ticks for a phone: each January, or quarters of a short range.

    Places are positions in ``periods``; of Januaries only the year is written.
    """
    is_monthly = bool(periods) and periods[0] > 9999
    step = 3 if len(periods) <= QUARTERS_UP_TO else 12
    places = [
        i for i, period in enumerate(periods) if is_monthly and (period - 1) % 100 % step == 0
    ]
    if len(places) < 2:
        places = list(range(len(periods)))
    is_yearly = is_monthly and step == 12 and all(periods[i] % 100 == 1 for i in places)
    places = places[:: -(-len(places) // TICKS_AT_MOST) or 1]
    texts = [
        str(periods[i] // 100) if is_yearly else scene.words.period(periods[i]) for i in places
    ]
    return places, texts


def number_or_none(value: Any) -> float | None:
    """Return a value of a frame as a float; missing ones as None."""
    return None if value is None or pd.isna(value) else float(value)
