"""The items of the level as tiles: area is value or weight, the small ones are one tile."""

from __future__ import annotations

import math
from typing import Any, Final

import pandas as pd

from dashboard.drill import level_of
from layouts.charts import Figure, base_layout, figure, rows, safe, tooltip
from layouts.explore.answering import nothing_here
from layouts.explore.wording import drill_mark, figure_of, row_name
from layouts.flows.commodities import cut
from layouts.flows.wording import estimated_of, measured_column, source_text, trade_subtitle
from layouts.palette import REGION_COLOURS
from layouts.panels import Drawing, Frames
from layouts.scene import Scene

TILES_AT_MOST: Final = 24
SMALLEST: Final = 0.004
"""Share below which a tile could not be told from a line."""

WRITTEN_FROM: Final = 0.014
TINT: Final = "66"
"""Opacity of a region's hue below ink: text on it keeps its contrast on both papers."""

MOSTLY: Final = 0.5


def draw_tiles(frames: Frames, scene: Scene) -> Drawing:
    """Tiles of the items; a click goes one step down, like the names of the list."""
    frame, column = frames["drill_items"], measured_column(scene)
    if not frame[column].sum() > 0:
        return Drawing(empty=nothing_here(scene))
    is_hatched = bool((frame["estimated_share"] >= MOSTLY).any())
    note = [scene.words("explore.tiles.hatched")] if is_hatched else []
    if scene.selection.measure not in (None, column):
        note.insert(0, scene.words("explore.tiles.value"))
    return Drawing(
        figure=item_tiles(frame, scene),
        title=scene.words(f"explore.tiles.of.{level_of(scene.selection)}"),
        subtitle=trade_subtitle(scene, frame, towards=True, unreconciled="view"),
        note=" ".join(note) or None,
    )


def item_tiles(frame: pd.DataFrame, scene: Scene) -> Figure:
    """Return the treemap of the items, the largest first, the rest as one tile."""
    words, column, palette = scene.words, measured_column(scene), scene.palette
    ranked = frame[frame[column] > 0].sort_values([column, "item"], ascending=[False, True])
    total = float(ranked[column].sum())
    large = ranked[ranked[column] / total >= SMALLEST].head(TILES_AT_MOST)
    # A rest of one is no rest.
    large = ranked if len(ranked) - len(large) == 1 else large
    rest = ranked.iloc[len(large) :]
    tiles = [_tile(row, float(getattr(row, column)), total, scene) for row in rows(large)]
    if len(rest):
        value = float(rest[column].sum())
        label = words("explore.others", count=words.number(len(rest)))
        tiles.append(
            {
                "id": "rest",
                "value": value,
                "text": _text(label, value / total, scene),
                "colour": palette.line,
                "shape": "",
                "mark": "",
                "story": tooltip(label, figure_of(value, column, scene)),
            }
        )
    data = {
        "type": "treemap",
        "ids": [tile["id"] for tile in tiles],
        "parents": [""] * len(tiles),
        "values": [tile["value"] for tile in tiles],
        "labels": [tile["text"] for tile in tiles],
        "text": [tile["text"] for tile in tiles],
        "textinfo": "text",
        "textfont": {"size": scene.font_size, "color": palette.ink},
        "textposition": "top left",
        "sort": True,
        "pathbar": {"visible": False},
        "tiling": {"packing": "squarify", "pad": 2},
        "marker": {
            "colors": [tile["colour"] for tile in tiles],
            "line": {"width": 0},
            **_pattern(tiles, scene),
        },
        "hovertext": [tile["story"] for tile in tiles],
        "hoverinfo": "text",
        "customdata": [tile["mark"] for tile in tiles],
    }
    layout = base_layout(scene, margin={"l": 0, "r": 0, "t": 0, "b": 0})
    del layout["xaxis"], layout["yaxis"]
    return figure([data], layout)


def _pattern(tiles: list[dict[str, Any]], scene: Scene) -> dict[str, Any]:
    """Return the hatching of tiles that are mostly estimated, if there are any.

    Both colours are given: laid over the tiles, the drawing library takes the contrast of the
    list of their colours and complains.
    """
    if not any(tile["shape"] for tile in tiles):
        return {}
    return {
        "pattern": {
            "shape": [tile["shape"] for tile in tiles],
            "fillmode": "replace",
            "fgcolor": [scene.palette.paper for _ in tiles],
            "bgcolor": [tile["colour"] for tile in tiles],
            "size": 8,
            "solidity": 0.2,
        }
    }


def _tile(row: Any, value: float, total: float, scene: Scene) -> dict[str, Any]:
    words, column = scene.words, measured_column(scene)
    name = row_name(row, scene)
    hue = REGION_COLOURS.get(str(row.region_id))
    is_goods = row.level not in ("region", "member", "partner")
    plain = scene.palette.sequential[1] if is_goods else scene.palette.line
    is_estimated = row.estimated_share >= MOSTLY
    return {
        "id": row.item,
        "value": value,
        "text": _text(name, value / total, scene),
        "colour": f"{hue}{TINT}" if hue else plain,
        "shape": "/" if is_estimated else "",
        "mark": drill_mark(row.level, row.item, scene),
        "story": tooltip(
            name,
            figure_of(value, column, scene),
            words("flows.share_of_all", share=words.value(value / total, "share")),
            estimated_of(row.estimated_share, scene),
            words("common.n", n=words.number(row.n)),
            source_text(scene, "view"),
        ),
    }


def _text(name: str, share: float, scene: Scene) -> str:
    """Return the name in as many lines as a tile of a share has room for, and the share."""
    if share < WRITTEN_FROM:
        return ""
    across = math.sqrt(share) * (44 if scene.is_present else 72)
    lines = [""]
    for word in name.split():
        if lines[-1] and len(lines[-1]) + len(word) + 1 > across:
            if len(lines) >= max(1, int(across / 8)):
                lines[-1] += "…"
                break
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    kept = [safe(cut(line, max(4, int(across)))) for line in lines]
    # A tile that has no room for a name says nothing: its share alone would be of nobody.
    return "<br>".join([*kept, scene.words.value(share, "share")]) if kept[0] else ""
