"""The ranking in small, for the Overview: both ends and the biggest movers, with bands."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd

from layouts.charts import Figure, annotation, axis, base_layout, figure, mark, rows, safe
from layouts.incentives.movers import chosen_movers
from layouts.incentives.reading import (
    LABEL_LENGTH_NARROW,
    is_in_scope,
    member_story,
    shortened,
    signed,
)
from layouts.palette import REGION_COLOURS
from layouts.scene import Scene

EACH_END: Final = 6
MOVERS_EACH_WAY: Final = 3
CHOSEN_AT_MOST: Final = 2
MOVER_LABEL_LENGTH: Final = 15


def ranking_strip(table: pd.DataFrame, scene: Scene, *, is_small: bool = True) -> Figure:
    """Return the first and last members by rank with bands, and beside them the movers.

    ``table`` are the members that have a rank, at least one, as ``ranked`` returns them. A
    member that is selected and stands between the ends gets a row between
    them. With ``is_small`` the text is one size down, for a quarter of a screen.
    """
    count = len(table)
    shown = end_rows(table, scene)
    size = scene.font_size if scene.is_present else (11 if is_small else 12)
    data = [*_rank_traces(shown, scene, size)]
    movers = table.dropna(subset=["change"])
    has_movers = not movers.empty
    layout: dict[str, Any] = {
        "xaxis": axis(
            scene.palette,
            domain=[0, 0.46] if has_movers else [0, 1],
            range=[-count * 0.03, count * 1.02],
            side="top",
            tickvals=[1, count],
            tickfont={"size": size, "color": scene.palette.soft_ink},
        ),
        "yaxis": _name_axis(shown, scene, size, _rank_label),
        "annotations": _gap_marks(shown, scene, size),
    }
    if has_movers:
        moved = chosen_movers(movers, scene, MOVERS_EACH_WAY)
        moved = moved.assign(y=np.arange(len(moved)))
        data.append(_mover_trace(moved, scene, size))
        widest = max(1, int(moved["change_high"].abs().max()), int(moved["change_low"].abs().max()))
        layout["xaxis2"] = axis(
            scene.palette,
            anchor="y2",
            domain=[0.84, 1],
            range=[-widest, widest],
            side="top",
            tickvals=[0],
            ticktext=[scene.words("incentives.strip_movers")],
            tickfont={"size": size, "color": scene.palette.soft_ink},
            zeroline=True,
            zerolinecolor=scene.palette.soft_ink,
        )
        layout["yaxis2"] = {
            **_name_axis(moved, scene, size, _mover_label),
            "anchor": "x2",
            "automargin": False,
        }
    return figure(data, base_layout(scene, **layout))


def end_rows(table: pd.DataFrame, scene: Scene) -> pd.DataFrame:
    """Return the rows of both ends, and of those selected between them, with a place ``y``."""
    count = len(table)
    names = np.unique(table["member_iso3"].to_numpy(dtype=object), return_inverse=True)[1]
    rank, median = (table[name].to_numpy(dtype="int64") for name in ("rank", "rank_median"))
    order = np.lexsort((names, median, rank))
    is_chosen = is_in_scope(table, scene).to_numpy(dtype=bool)[order]
    place = np.arange(count)
    at_end = (place < EACH_END) | (place >= count - EACH_END)
    wanted = is_chosen & ~at_end & bool(scene.chosen.members)
    kept = np.flatnonzero(at_end | (wanted & (wanted.cumsum() <= CHOSEN_AT_MOST)))
    starts = np.diff(kept, prepend=kept[:1] - 1) > 1
    y = np.arange(len(kept)) + starts.cumsum() * 0.8
    shown = table.take(order[kept])
    return shown.assign(is_chosen=is_chosen[kept], starts=starts, y=y)


def _rank_traces(shown: pd.DataFrame, scene: Scene, size: float) -> list[dict[str, Any]]:
    palette = scene.palette
    has_scope = bool(scene.chosen.members or scene.chosen.regions)
    return [
        {
            "type": "scatter",
            "mode": "markers",
            "x": shown["rank"].tolist(),
            "y": shown["y"].tolist(),
            "error_x": {
                "type": "data",
                "symmetric": False,
                "array": (shown["rank_high"] - shown["rank"]).clip(lower=0).tolist(),
                "arrayminus": (shown["rank"] - shown["rank_low"]).clip(lower=0).tolist(),
                "color": palette.soft_ink,
                "thickness": 1.25,
                "width": 0,
            },
            "marker": {
                "size": size * 0.7,
                "color": [REGION_COLOURS.get(r, palette.muted) for r in shown["region_id"]],
                "opacity": [1.0 if is_in or not has_scope else 0.4 for is_in in shown["is_chosen"]],
                "line": {
                    "color": palette.accent,
                    "width": [1.5 if is_in else 0 for is_in in shown["is_chosen"]],
                },
            },
            "hovertext": [member_story(row, scene) for row in rows(shown)],
            "hoverinfo": "text",
            "customdata": [mark("member", iso3) for iso3 in shown["member_iso3"]],
            "cliponaxis": False,
        }
    ]


def _mover_trace(moved: pd.DataFrame, scene: Scene, size: float) -> dict[str, Any]:
    palette = scene.palette
    return {
        "type": "scatter",
        "mode": "markers",
        "xaxis": "x2",
        "yaxis": "y2",
        "x": moved["change"].tolist(),
        "y": moved["y"].tolist(),
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": (moved["change_high"] - moved["change"]).clip(lower=0).tolist(),
            "arrayminus": (moved["change"] - moved["change_low"]).clip(lower=0).tolist(),
            "color": palette.soft_ink,
            "thickness": 1.25,
            "width": 0,
        },
        "marker": {
            "size": size * 0.7,
            "symbol": ["circle" if clear else "circle-open" for clear in moved["is_clear"]],
            "color": [REGION_COLOURS.get(r, palette.muted) for r in moved["region_id"]],
        },
        "hovertext": [member_story(row, scene) for row in rows(moved)],
        "hoverinfo": "text",
        "customdata": [mark("member", iso3) for iso3 in moved["member_iso3"]],
        "cliponaxis": False,
    }


def _name_axis(shown: pd.DataFrame, scene: Scene, size: float, label: Any) -> dict[str, Any]:
    return axis(
        scene.palette,
        showgrid=False,
        tickvals=shown["y"].tolist(),
        ticktext=[label(row, scene) for row in rows(shown)],
        tickfont={"size": size, "color": scene.palette.ink},
        range=[float(shown["y"].max()) + 0.6, -0.6],
    )


def _rank_label(row: Any, scene: Scene) -> str:
    name = shortened(scene.names.member(row.member_iso3), LABEL_LENGTH_NARROW)
    return _bold(f"{name} {scene.words.number(row.rank)}", row.is_chosen)


def _mover_label(row: Any, scene: Scene) -> str:
    name = shortened(scene.names.member(row.member_iso3), MOVER_LABEL_LENGTH)
    return _bold(f"{name} {signed(int(row.change), scene)}", row.is_chosen)


def _bold(text: str, is_chosen: bool) -> str:
    return f"<b>{safe(text)}</b>" if is_chosen else safe(text)


def _gap_marks(shown: pd.DataFrame, scene: Scene, size: float) -> list[dict[str, Any]]:
    return [
        annotation(
            scene,
            0,
            float(y) - 0.9,
            "⋮",
            xanchor="left",
            font={"size": size, "color": scene.palette.soft_ink},
        )
        for y in shown.loc[shown["starts"], "y"]
    ]
