"""Names of what lies along the path, and the event that goes one step down.

It must not draw anything.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

from dashboard.drill import GOODS_LEVELS, event_kind, lack_of, level_of
from dashboard.flows import is_past
from dashboard.measures import MEASURES, Level
from layouts.charts import mark
from layouts.chips import commodity_name
from layouts.flows.commodities import cut
from layouts.flows.wording import region_name
from layouts.scene import Scene

NAME_AT_MOST: Final = 56
"""Characters of a name in a sentence: titles of subheadings have up to 250."""

_DIGITS: Final[Mapping[str, int]] = {"chapter": 2, "heading": 4, "subheading": 6}


def item_name(level: Level, item: str, title: object, scene: Scene) -> str:
    """Return the name of an item of a level; goods below a section with their code."""
    if level == "region":
        return region_name(item, scene)
    if level in ("member", "partner"):
        return scene.names.member(item)
    if level == "section" or level == "chapter":
        return commodity_name(scene, item)
    if len(item) < _DIGITS[level]:
        return scene.words("explore.no_finer", code=item)
    # A code without a title of its own has the code as its title.
    text = "" if title != title or title == item else str(title)
    return f"{item} {text}".strip()


def short_name(row: Any, scene: Scene) -> str:
    """Return the name of a row, cut to what a sentence or a chip has room for."""
    return cut(row_name(row, scene), NAME_AT_MOST)


def row_name(row: Any, scene: Scene) -> str:
    """Return the name of a row of the frame of items, or of steps."""
    title = row.title_fr if scene.words.language == "fr" else row.title_en
    return item_name(row.level, row.item, title, scene)


def drill_mark(level: Level, item: str, scene: Scene) -> str:
    """Return the event that goes down to an item; empty where nothing lies behind it."""
    known: Mapping[str, Collection[str]] = {
        "region": scene.catalogue.regions,
        "member": scene.catalogue.members,
        "partner": scene.catalogue.partners,
        "section": [f"S{section}" for section in scene.catalogue.sections],
    }
    is_known = item in known[level] if level in known else len(item) == _DIGITS[level]
    return mark(event_kind(level), item) if is_known else ""


def shown_measure(scene: Scene) -> str:
    """Return the selected measure, or the value where it cannot be shown."""
    measure = scene.selection.measure or "value_usd"
    return "value_usd" if lack_at(measure, level_of(scene.selection), scene) else measure


def lack_at(measure: str, level: Level, scene: Scene) -> str | None:
    """Return why a measure cannot be shown at a level, None if it can."""
    past = is_past(scene.selection, scene.catalogue)
    return lack_of(measure, scene.selection, level, is_past=past)


def fallback_note(scene: Scene) -> str:
    """Say why the value stands in for the selected measure; empty if it does not."""
    measure, level = scene.selection.measure or "value_usd", level_of(scene.selection)
    lack = lack_at(measure, level, scene)
    if lack is None:
        return ""
    words = scene.words
    return words(
        f"explore.lack.{lack}",
        measure=words.label(measure),
        levels=", ".join(words(f"explore.levels.{one}") for one in MEASURES[measure].levels),
    )


def reading(measure: str, level: Level, scene: Scene) -> str:
    """Say how a measure is to be read; empty where that is plain."""
    key = f"explore.read.{measure}"
    if measure == "grubel_lloyd":
        key = f"{key}.{'goods' if level in GOODS_LEVELS else 'who'}"
    return scene.words(key) if scene.words.has(key) else ""


def figure_of(value: float, measure: str, scene: Scene) -> str:
    """Write a value of a measure; a growth with its sign."""
    text = scene.words.measured(value, measure)
    return f"+{text}" if measure == "growth" and value > 0 else text
