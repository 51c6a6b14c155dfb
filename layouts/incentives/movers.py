"""Who moved: places gained and lost against the range before, with their bands."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from dashboard.ranking import FALSE_DISCOVERIES
from layouts.charts import Figure, rows, safe
from layouts.incentives.banded import banded_changes
from layouts.incentives.reading import is_in_scope, member_story, ranked, shortened, signed
from layouts.panels import Drawing, Frames
from layouts.scene import Scene

EACH_WAY: Final = 8
STAGE_EACH_WAY: Final = 6
SCOPE_AT_MOST: Final = 4


def draw_movers(frames: Frames, scene: Scene) -> Drawing:
    """The biggest changes of rank, and those of the members selected."""
    frame = ranked(frames["ranking"])
    moved = frame.dropna(subset=["change"])
    words = scene.words
    if moved.empty:
        return Drawing(empty=words("incentives.no_movers", range=scene.range_text))
    shown = chosen_movers(moved, scene, STAGE_EACH_WAY if scene.is_present else EACH_WAY)
    return Drawing(
        figure=movers_chart(shown, scene),
        subtitle=scene.subtitle(words("incentives.movers_unit")),
        note=words(
            "incentives.movers_note",
            count=words.number(len(moved)),
            share=words.value(FALSE_DISCOVERIES, "share"),
        ),
    )


def chosen_movers(moved: pd.DataFrame, scene: Scene, each_way: int) -> pd.DataFrame:
    """Return who gained and who lost most, and a few of those selected, by change.

    Clear changes come before larger ones that may be chance: those of a score that moved the
    same way by more than its error allows, after adjusting for all the members looked at.
    """
    numbers = ["change", "change_low", "change_high"]
    table = moved.astype(dict.fromkeys(numbers, "int64"))
    same_way = table["change"] * table["score_change"] > 0
    table["is_clear"] = same_way & (table["change_chance"] <= FALSE_DISCOVERIES)
    table["is_chosen"] = is_in_scope(table, scene)
    order = ["is_clear", "change", "member_iso3"]
    up = table[table["change"] > 0].sort_values(order, ascending=[False, False, True])
    down = table[table["change"] < 0].sort_values(order, ascending=[False, True, True])
    size = table["change"].abs()
    scope = table.assign(size=size)[table["is_chosen"]].sort_values(
        ["is_clear", "size", "member_iso3"], ascending=[False, False, True]
    )
    scope = scope.drop(columns="size").head(SCOPE_AT_MOST)
    shown = pd.concat([up.head(each_way), down.head(each_way), scope])
    return shown.drop_duplicates("member_iso3").sort_values(
        ["change", "member_iso3"], ascending=[False, True]
    )


def movers_chart(shown: pd.DataFrame, scene: Scene) -> Figure:
    """Return a dot with a whisker per member; right of 0 is up."""
    widest = max(1, int(shown["change_high"].abs().max()), int(shown["change_low"].abs().max()))
    return banded_changes(
        shown,
        "change",
        (-widest * 1.08, widest * 1.08),
        [_row_label(row, scene) for row in rows(shown)],
        [member_story(row, scene) for row in rows(shown)],
        scene,
    )


def _row_label(row: Any, scene: Scene) -> str:
    text = f"{shortened(scene.names.member(row.member_iso3))}  {signed(int(row.change), scene)}"
    return f"<b>{safe(text)}</b>" if row.is_chosen else safe(text)
