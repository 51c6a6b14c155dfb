"""What the figures of a comparison have in common in words: the two ranges, changes, emptiness.

It must not draw anything.
"""

from __future__ import annotations

import pandas as pd

from dashboard.comparing import Comparison, comparison
from dashboard.flows import trade_collection
from layouts.chips import commodity_name
from layouts.flows.wording import (
    collection_text,
    flow_label,
    measured_column,
    nothing,
    records_text,
    towards_text,
)
from layouts.panels import Drawing
from layouts.scene import Scene

CHANGE_OF = {"value_usd": "value_change_usd", "mass_kg": "mass_change_kg"}


def ranges_of(scene: Scene) -> Comparison | None:
    """Return the two ranges that are compared."""
    return comparison(scene.selection, scene.catalogue)


def range_text(first: str, last: str, scene: Scene) -> str:
    """Write a range of months, or of years where the collection is annual."""
    whole = first[5:] == "01" and last[5:] == "12"
    if whole and is_annual(scene):
        texts = [first[:4], last[:4]]
    else:
        texts = [scene.words.month(first), scene.words.month(last)]
    return texts[0] if texts[0] == texts[1] else " – ".join(texts)


def is_annual(scene: Scene) -> bool:
    """Tell whether the figures are of years."""
    used = trade_collection(scene.selection.collection, scene.catalogue)
    return scene.catalogue.collections.get(used) == "A"


def ranges_text(ranges: Comparison, scene: Scene) -> str:
    """Say which range is compared with which."""
    return scene.words(
        "changes.against",
        now=range_text(ranges.first, ranges.last, scene),
        base=range_text(ranges.base_first, ranges.base_last, scene),
    )


def subtitle(ranges: Comparison, scene: Scene, column: str | None = None) -> str:
    """Say what is compared: flow and measure, of whom, with whom, of what, and both ranges."""
    return scope_subtitle(scene, ranges_text(ranges, scene), column=column)


def scope_subtitle(
    scene: Scene, *more: str, column: str | None = None, has_scope: bool = True
) -> str:
    """Say what is shown, without a range but for what is given."""
    words, selection, chosen = scene.words, scene.selection, scene.chosen
    parts = [
        f"{flow_label(scene)}, {words.label(column or measured_column(scene)).lower()}",
        scene.scope_text if has_scope and (chosen.members or chosen.regions) else "",
        towards_text(scene),
        commodity_name(scene, selection.commodity) if selection.commodity else "",
        records_text(scene, "view"),
        collection_text(scene),
        *more,
        words("common.as_of", day=words.day(scene.as_of)),
    ]
    return " · ".join(part for part in parts if part)


def change_text(change: float, scene: Scene) -> str:
    """Write a change of the selected measure with its sign."""
    return scene.words.measured(change, measured_column(scene), is_change=True)


def growth_text(now: float, base: float, scene: Scene) -> str:
    """Write a growth rate with its sign; empty where the base is 0."""
    if not base > 0:
        return ""
    rate = now / base - 1
    return ("+" if rate > 0 else "") + scene.words.value(rate, "share")


def why_empty(
    frame: pd.DataFrame, ranges: Comparison | None, scene: Scene, column: str | None = None
) -> Drawing | None:
    """Return the sentence that stands for a comparison of nothing, None where there is some."""
    column = column or measured_column(scene)
    if ranges is None:
        return Drawing(empty=scene.words("changes.too_short", range=scene.range_text))
    if frame.empty or not (frame[column].sum() + frame[f"base_{column}"].sum()):
        return Drawing(empty=nothing(scene))
    return None
