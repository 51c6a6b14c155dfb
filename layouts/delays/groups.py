"""The groups whose delays are compared: names, colours, what a click on one selects."""

from __future__ import annotations

from typing import Final

from layouts.charts import mark
from layouts.palette import REGION_COLOURS
from layouts.scene import Scene

SELECTED: Final = "selected"
UNCLASSIFIED: Final = "unclassified"
CURRENT_STATUS: Final = "current_status"
KAPLAN_MEIER: Final = "kaplan_meier"

DASHES: Final = ("solid", "dash", "dot", "dashdot", "longdash")
"""Lines of groups that have no hue of their own are told apart by their dashes too."""

INCOME_GROUPS: Final = (
    *("low_income", "lower_middle_income", "upper_middle_income", "high_income"),
    UNCLASSIFIED,
)


def group_name(group: str, scene: Scene) -> str:
    """Return the name of a group."""
    words, names = scene.words, scene.names
    if group == SELECTED:
        return scene.scope_text
    match scene.selection.grouping:
        case "collection":
            return names.collections.get(group, group)
        case "income_group" if group == UNCLASSIFIED:
            return words("members.no_income_group")
        case "income_group":
            return words(f"members.income.{group}")
        case _:
            return names.region(group)


def group_place(group: str, scene: Scene) -> int:
    """Return the place of a group among those without a hue of their own."""
    known = (
        tuple(scene.catalogue.collections)
        if scene.selection.grouping == "collection"
        else INCOME_GROUPS
    )
    return known.index(group) if group in known else 0


def group_colour(group: str, scene: Scene) -> str:
    """Return the colour of a group: a region's own, else one of a scale, or the accent."""
    palette = scene.palette
    if group == SELECTED:
        return palette.accent
    if scene.selection.grouping == "region":
        return REGION_COLOURS.get(group, palette.soft_ink)
    scale = (*palette.diverging[:2], *palette.diverging[-2:], palette.soft_ink)
    return scale[group_place(group, scene) % len(scale)]


def group_dash(group: str, scene: Scene) -> str:
    """Return the dash of a group's line."""
    if group == SELECTED or scene.selection.grouping == "region":
        return "solid"
    return DASHES[group_place(group, scene) % len(DASHES)]


def group_mark(group: str, scene: Scene) -> str:
    """Return what a click on a group selects; nothing for an income group."""
    kind = scene.selection.grouping
    if group == SELECTED or kind == "income_group":
        return ""
    return mark("collection" if kind == "collection" else "region", group)


def is_highlighted(group: str, scene: Scene) -> bool:
    """Tell whether a group is what the user has chosen."""
    chosen = scene.chosen
    if group == SELECTED:
        return True
    if scene.selection.grouping == "collection":
        return group == chosen.collection
    return scene.selection.grouping == "region" and group in chosen.regions


def scope_text(scene: Scene) -> str:
    """Return whose obligations are compared."""
    words, chosen = scene.words, scene.chosen
    by = scene.selection.grouping
    if by == "collection":
        return scene.scope_text
    if by == "income_group" and chosen.regions:
        names = [scene.names.region(region) for region in chosen.regions]
        return ", ".join(names)
    return words("common.all_members")


def what_text(scene: Scene) -> str:
    """Return which collection is compared."""
    if scene.selection.grouping == "collection":
        return scene.words("timeliness.every_collection")
    return scene.names.collections[scene.selection.collection or ""]


def nothing_known(scene: Scene) -> str:
    """Say why there is no estimate for any group."""
    return scene.words("delays.nothing_known", what=what_text(scene), range=scene.range_text)
