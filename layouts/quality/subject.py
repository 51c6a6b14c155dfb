"""What the figures of quality share: the score shown, its classes, the collection, rule texts.

It must not draw.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from dashboard.framework import Rule
from dashboard.selection import Selection
from layouts.palette import Palette
from layouts.scene import Scene

DIMENSIONS: Final = ("completeness", "validity", "consistency", "coherence", "stability")
EVERYBODY: Final = "all"
CLASS_BREAKS: Final = (50, 70, 85, 95)
"""Scores at which the shade of a cell changes."""

_SHADES: Final = (5, 4, 2, 1, 0)
"""Place in the sequential scale of each class, worst first; 3 is legible under no ink."""

FULL_WEIGHT: Final = 0.999
LONG_RUN: Final = 18
"""Months from which an axis is labelled by years."""

YEARS_LABELLED: Final = 8
TICKS: Final = 4


def score_shown(scene: Scene) -> str:
    """Return the measure that all panels show: the chosen dimension's, else the overall score."""
    return scene.chosen.dimension or "quality_score"


def shown_collection(scene: Scene) -> str:
    """Return the collection whose checks are shown: only those with rows have any."""
    held = scene.catalogue.trade_collections
    collection = scene.selection.collection or ""
    return collection if not held or collection in held else held[0]


def collection_text(scene: Scene) -> str:
    """Name the collection where the page does not: on the stage, or where another stands in."""
    shown, name = shown_collection(scene), scene.names.collections
    if shown == scene.selection.collection:
        return name[shown] if scene.is_present else ""
    return scene.words(
        "quality.other_collection",
        shown=name[shown],
        selected=name[scene.selection.collection or ""],
    )


def no_scores(scene: Scene) -> str:
    """Say why there are no scores."""
    return scene.words(
        "quality.no_scores",
        collection=scene.names.collections.get(shown_collection(scene), ""),
        range=scene.range_text,
        minimum=scene.words.number(scene.framework.framework.minimum_checked_rows),
    )


def past_note(scene: Scene) -> str:
    """Say what scores of a past day leave out; nothing of the latest day."""
    return scene.words("quality.past_note") if scene.as_of < scene.catalogue.data_on else ""


def is_named(chosen: Selection) -> bool:
    """Tell whether members or regions are chosen."""
    return bool(chosen.members or chosen.regions)


def is_in_scope(scene: Scene, iso3: str, region_id: str) -> bool:
    """Tell whether a member is among the chosen; all are if none is."""
    if scene.chosen.members:
        return iso3 in scene.chosen.members
    return not scene.chosen.regions or region_id in scene.chosen.regions


def score_class(score: float) -> int:
    """Return the class of a score: 0 below the first break, and so on."""
    return sum(score >= step for step in CLASS_BREAKS)


def class_colours(palette: Palette) -> list[tuple[str, str]]:
    """Return paper and ink of each class; the lower the score, the stronger the paper."""
    return [
        (palette.sequential[place], palette.paper if place > 3 else palette.ink)
        for place in _SHADES
    ]


def rules(scene: Scene) -> dict[str, Rule]:
    """Return the framework's rules by id."""
    return {rule.id: rule for rule in scene.framework.rules}


def rule_title(scene: Scene, rule_id: str) -> str:
    """Return a rule's title in the page's language."""
    rule = rules(scene).get(rule_id)
    return in_language(rule.title, scene) if rule else rule_id


def in_language(text: Any, scene: Scene) -> str:
    """Return a text of the framework in the page's language."""
    return str(getattr(text, scene.words.language))


def period_ticks(periods: Sequence[int], scene: Scene) -> tuple[list[int], list[str]]:
    """Return places and labels of an axis of periods; few enough to stand side by side on a phone.

    Long runs of months are labelled by the year at each January.
    """
    words = scene.words
    if len(periods) > LONG_RUN and periods[0] > 9999:
        januaries = [place for place, period in enumerate(periods) if period % 100 == 1]
        every = max(1, -(-len(januaries) // YEARS_LABELLED))
        return januaries[::every], [str(periods[p] // 100) for p in januaries[::every]]
    every = max(1, -(-len(periods) // TICKS))
    places = list(range(0, len(periods), every))
    return places, [words.period(periods[place]) for place in places]


def period_event(period_id: int) -> str:
    """Return the value of a month event for a month or a year."""
    if period_id > 9999:
        return f"{period_id // 100:04d}-{period_id % 100:02d}"
    return f"{period_id:04d}-01|{period_id:04d}-12"


def small_share(share: float, scene: Scene) -> str:
    """Write a share; one too small for a tenth of a percent is said to be below it."""
    if 0 < share < 0.001:
        return f"< {scene.words.value(0.001, 'share')}"
    return scene.words.value(share, "share")


def counts_text(row: Any, scene: Scene) -> str:
    """Say how many failed of how many checked, in how many submissions and members."""
    words = scene.words
    return words(
        "quality.counts",
        failed=words.number(row.rows_failed),
        checked=words.number(row.rows_checked),
        submissions=words.number(row.submissions_failing),
        members=words.number(row.members_failing),
    )
