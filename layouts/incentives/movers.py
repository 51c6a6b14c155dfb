"""Who moved: places gained and lost against the range before, with their bands."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from dashboard.ranking import FALSE_DISCOVERIES
from layouts.charts import Figure, axis, base_layout, figure, mark, rows, safe
from layouts.incentives.reading import is_in_scope, member_story, ranked, shortened, signed
from layouts.palette import REGION_COLOURS
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
    palette = scene.palette
    places = list(range(len(shown)))
    size = scene.font_size if scene.is_present else 12
    has_scope = bool(shown["is_chosen"].any())
    widest = max(1, int(shown["change_high"].abs().max()), int(shown["change_low"].abs().max()))
    data: list[dict[str, Any]] = [
        {
            "type": "scatter",
            "mode": "markers",
            "x": shown["change"].tolist(),
            "y": places,
            "error_x": {
                "type": "data",
                "symmetric": False,
                "array": (shown["change_high"] - shown["change"]).clip(lower=0).tolist(),
                "arrayminus": (shown["change"] - shown["change_low"]).clip(lower=0).tolist(),
                "color": palette.soft_ink,
                "thickness": 2 if scene.is_present else 1.25,
                "width": 0,
            },
            "marker": {
                "size": size * 0.75,
                # A hollow dot: the band holds 0, so the move may be chance.
                "symbol": [
                    "circle" if is_clear else "circle-open" for is_clear in shown["is_clear"]
                ],
                "color": [REGION_COLOURS.get(r, palette.muted) for r in shown["region_id"]],
                "opacity": [
                    1.0 if is_in or not has_scope else 0.45 for is_in in shown["is_chosen"]
                ],
            },
            "hovertext": [member_story(row, scene) for row in rows(shown)],
            "hoverinfo": "text",
            "customdata": [mark("member", iso3) for iso3 in shown["member_iso3"]],
            "cliponaxis": False,
        }
    ]
    layout = base_layout(
        scene,
        xaxis=axis(
            palette,
            side="top",
            range=[-widest * 1.08, widest * 1.08],
            nticks=6,
            zeroline=True,
            zerolinecolor=palette.soft_ink,
            zerolinewidth=1,
        ),
        yaxis=axis(
            palette,
            showgrid=False,
            tickvals=places,
            ticktext=[_row_label(row, scene) for row in rows(shown)],
            tickfont={"size": size, "color": palette.ink},
            range=[len(shown) - 0.4, -0.6],
        ),
    )
    return figure(data, layout)


def _row_label(row: Any, scene: Scene) -> str:
    text = f"{shortened(scene.names.member(row.member_iso3))}  {signed(int(row.change), scene)}"
    return f"<b>{safe(text)}</b>" if row.is_chosen else safe(text)
