"""Who improved by more than chance: the change of each score with its band, and the test."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from dashboard.ranking import FALSE_DISCOVERIES
from dashboard.stats.rank_bands import BAND
from layouts.charts import Figure, rows, safe, tooltip
from layouts.incentives.banded import banded_changes
from layouts.incentives.reading import is_in_scope, shortened
from layouts.panels import Drawing, Frames
from layouts.scene import Scene
from layouts.standing.reading import main_pillar, points

SHOWN: Final = 12
STAGED: Final = 8
SCOPE_AT_MOST: Final = 6


def draw_improved(frames: Frames, scene: Scene) -> Drawing:
    """The largest rises, and the members selected wherever they are."""
    words = scene.words
    moved = frames["score_movement"].dropna(subset=["score_change", "change_chance"])
    if moved.empty:
        return Drawing(empty=words("standing.no_before", range=scene.range_text))
    clear = moved["change_chance"] <= FALSE_DISCOVERIES
    table = moved.assign(is_clear=clear, is_chosen=is_in_scope(moved, scene))
    up = int((clear & (moved["score_change"] > 0)).sum())
    down = int((clear & (moved["score_change"] < 0)).sum())
    shown = rises(table, scene)
    if shown.empty:
        return Drawing(empty=words("standing.nobody_improved", range=scene.range_text))
    return Drawing(
        figure=rises_chart(shown, scene),
        title=words(
            "standing.improved.found",
            count=words.number(up),
            down=words.number(down),
            all=words.number(len(moved)),
        ),
        subtitle=scene.subtitle(words("standing.improved_unit")),
        note=words(
            "standing.improved_note",
            all=words.number(len(moved)),
            chance=words.number(BAND[0] * len(moved), 1),
            share=words.value(FALSE_DISCOVERIES, "share"),
            false=words.number(FALSE_DISCOVERIES * (up + down), 1),
            called=words.number(up + down),
        ),
    )


def rises(table: pd.DataFrame, scene: Scene) -> pd.DataFrame:
    """Return the largest clear rises, then the other rises, with the members selected."""
    up = table[table["score_change"] > 0].sort_values(
        ["is_clear", "score_change", "member_iso3"], ascending=[False, False, True]
    )
    scope = table[table["is_chosen"]].head(SCOPE_AT_MOST)
    shown = pd.concat([scope, up.head(STAGED if scene.is_present else SHOWN)])
    return shown.drop_duplicates("member_iso3").sort_values(
        ["score_change", "member_iso3"], ascending=[False, True]
    )


def rises_chart(shown: pd.DataFrame, scene: Scene) -> Figure:
    """Return a dot with its band per member; filled where it is more than chance."""
    low = min(0.0, float(shown["score_change_low"].min()))
    high = max(0.0, float(shown["score_change_high"].max()))
    room = (high - low or 1.0) * 0.04
    return banded_changes(
        shown,
        "score_change",
        (low - room, high + room),
        [_label(row, scene) for row in rows(shown)],
        [_story(row, scene) for row in rows(shown)],
        scene,
    )


def _label(row: Any, scene: Scene) -> str:
    change = points(row.score_change, scene, is_change=True)
    text = safe(f"{shortened(scene.names.member(row.member_iso3))}  {change}")
    return f"<b>{text}</b>" if row.is_chosen else text


def _story(row: Any, scene: Scene) -> str:
    words = scene.words
    pillar = main_pillar(row, scene)
    return tooltip(
        scene.names.member(row.member_iso3),
        words(
            "standing.rose",
            change=points(row.score_change, scene, is_change=True),
            before=points(row.score_before, scene),
            now=points(row.incentive_score, scene),
        ),
        words(
            "standing.band",
            low=points(row.score_change_low, scene, is_change=True),
            high=points(row.score_change_high, scene, is_change=True),
        ),
        words("standing.mostly", pillar=pillar) if pillar else "",
        words("standing.more_than_chance" if row.is_clear else "standing.may_be_chance"),
    )
