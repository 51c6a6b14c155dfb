"""Who moved from run to run, and who would move if one was published now."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from layouts.charts import rows
from layouts.elements import Element, element, member_heading
from layouts.panels import Drawing, Frames
from layouts.record.parts import cell, nothing_published, table, tier_name
from layouts.scene import Scene

LISTED_AT_MOST: Final = 8
STAGED_AT_MOST: Final = 4
STEPS: Final = ("proposed", "now", "last")


def draw_moves(frames: Frames, scene: Scene) -> Drawing:
    """A table per step: those who move most, and the chosen members in any case."""
    frame, words = frames["scoring_moves"], scene.words
    if frame.empty and frames["scoring_runs"].empty:
        return Drawing(empty=nothing_published(scene))
    parts: list[Element] = []
    for step in STEPS:
        own = frame[frame["step"] == step]
        if not own.empty:
            parts += _step(own, step, scene)
    if not parts:
        return Drawing(empty=words("record.nobody_shown"))
    return Drawing(
        children=element("Div", parts),
        subtitle=words("record.moves_unit"),
        note=words("record.moves_note"),
    )


def _step(own: pd.DataFrame, step: str, scene: Scene) -> list[Element]:
    words = scene.words
    both = own[own["rank_before"].notna() & own["rank_after"].notna()]
    is_moved = both["places_gained"] != 0
    is_new_tier = both["tier_before"].fillna("") != both["tier_after"].fillna("")
    head = words(
        f"record.step_{step}",
        moved=words.number(int(is_moved.sum())),
        members=words.number(len(both)),
        tiers=words.number(int(is_new_tier.sum())),
    )
    most = STAGED_AT_MOST if scene.is_present else LISTED_AT_MOST
    listed = both[is_moved | is_new_tier].head(most)
    chosen = both[both["member_iso3"].isin(scene.chosen.members)]
    listed = pd.concat([chosen, listed]).drop_duplicates("member_iso3").head(most)
    found = [element("P", element("Strong", head))]
    if not listed.empty:
        names = (("member", ""), ("rank_from_to", "number"), ("gained", "number"))
        heads = [(words(f"record.head_{name}"), kind) for name, kind in (*names, ("tier", ""))]
        found.append(table(heads, [_row(row, scene) for row in rows(listed)], head))
    return found


def _row(row: Any, scene: Scene) -> Element:
    words = scene.words
    before, after = tier_name(row.tier_before, scene), tier_name(row.tier_after, scene)
    gained = int(row.places_gained)
    return element(
        "Tr",
        [
            member_heading(row, scene),
            cell(f"{words.number(row.rank_before)} → {words.number(row.rank_after)}", "number"),
            cell(("+" if gained > 0 else "") + words.number(gained), "number"),
            cell(before if before == after else f"{before} → {after}"),
        ],
    )
