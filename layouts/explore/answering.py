"""What a level says in a sentence: how much, who or what leads, or why there is nothing.

It must not draw anything.
"""

from __future__ import annotations

from typing import Final

import pandas as pd

from dashboard.drill import level_of
from layouts.charts import rows
from layouts.chips import commodity_name
from layouts.explore.wording import short_name
from layouts.flows.wording import amount, flow_label, measured_column, nothing
from layouts.scene import Scene

LEADERS: Final = 3
NAMES_AT_MOST: Final = 2


def answer(items: pd.DataFrame, scene: Scene) -> str:
    """Say how much it is, who or what leads, and how much the first three make."""
    words, column = scene.words, measured_column(scene)
    level = level_of(scene.selection)
    ranked = items[items[column] > 0].sort_values(column, ascending=False)
    total = float(ranked[column].sum())
    first = rows(ranked.head(1))[0]
    said = words(
        "explore.answer",
        flow=flow_label(scene),
        whole=whole(scene),
        total=amount(total, scene),
    )
    share = words.value(float(ranked[column].iloc[0]) / total, "share")
    name = short_name(first, scene)
    if len(ranked) == 1:
        return f"{said} {words(f'explore.only.{level}', name=name)}"
    leads = words(f"explore.leads.{level}", name=name, share=share)
    if len(ranked) <= LEADERS:
        return f"{said} {leads}"
    three = float(ranked[column].head(LEADERS).sum()) / total
    rest = words(
        f"explore.first.{level}",
        share=words.value(three, "share"),
        count=words.number(len(ranked)),
    )
    return f"{said} {leads} {rest}"


def whole(scene: Scene) -> str:
    """Name what the items are parts of."""
    ours = scene.scope_text
    if not (scene.chosen.members or scene.chosen.regions):
        ours = ours[:1].lower() + ours[1:]
    partners = [scene.names.member(iso3) for iso3 in scene.chosen.partners]
    if not partners:
        return ours
    return scene.words("explore.between", ours=ours, theirs=joined(partners, scene))


def nothing_here(scene: Scene) -> str:
    """Say that nothing is held of what the path leads to, and what to do."""
    chosen = scene.chosen
    if scene.selection.source == "mirror" or not (chosen.partners or chosen.commodity):
        return nothing(scene)
    goods = commodity_name(scene, chosen.commodity) if chosen.commodity else ""
    return scene.words(
        "explore.nothing",
        flow=flow_label(scene),
        where=" · ".join(part for part in (whole(scene), goods) if part),
        range=scene.range_text,
    )


def joined(names: list[str], scene: Scene) -> str:
    """Join names; of more than two the first and how many more."""
    if len(names) <= NAMES_AT_MOST:
        return ", ".join(names)
    return scene.words("common.and_more", names=names[0], count=len(names) - 1)
