"""Who moved: places gained and lost against the range before, with their bands."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

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
    change = moved["change"].to_numpy(dtype="int64")
    points = moved["score_change"].to_numpy(dtype="float64")
    chance = moved["change_chance"].to_numpy(dtype="float64")
    with np.errstate(invalid="ignore"):
        is_clear = (change * points > 0) & (chance <= FALSE_DISCOVERIES)
    is_chosen = is_in_scope(moved, scene).to_numpy(dtype=bool)
    name = np.unique(moved["member_iso3"].to_numpy(dtype=object), return_inverse=True)[1]

    def first(among: NDArray[np.bool_], most: int) -> NDArray[np.intp]:
        order = np.lexsort((name, -np.abs(change), ~is_clear))
        return order[among[order]][:most]

    groups = ((change > 0, each_way), (change < 0, each_way), (is_chosen, SCOPE_AT_MOST))
    places = np.unique(np.concatenate([first(among, most) for among, most in groups]))
    places = places[np.lexsort((name[places], -change[places]))]
    numbers = ["change", "change_low", "change_high"]
    return (
        moved.take(places)
        .astype(dict.fromkeys(numbers, "int64"))
        .assign(is_clear=is_clear[places], is_chosen=is_chosen[places])
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
