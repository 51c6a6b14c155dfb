"""What is traded: HS sections and chapters, down to subheadings, as a treemap."""

from __future__ import annotations

import math
from typing import Any, Final

import pandas as pd

from layouts.charts import Figure, base_layout, figure, mark, safe, tooltip
from layouts.chips import commodity_name
from layouts.flows.quality import (
    DOUBTFUL,
    PATTERNS,
    SHARES,
    key_text,
    quality_lines,
    standing,
)
from layouts.flows.wording import (
    amount,
    measured_column,
    nothing,
    source_text,
    trade_subtitle,
)
from layouts.panels import Drawing, Frames
from layouts.scene import Scene

TILES: Final = 1500.0
"""How many squares of the text's size the whole figure holds, about."""

CUT_AT_LEAST: Final = 6
SHARE_WRITTEN: Final = 0.015
"""Tiles below this share carry no value; the tooltip does."""


def draw_commodities(frames: Frames, scene: Scene) -> Drawing:
    """Sections with their chapters, or the inside of the chapter chosen."""
    frame = frames["commodity_trade"]
    if not frame[measured_column(scene)].sum() > 0:
        return Drawing(empty=nothing(scene))
    drawn = commodity_treemap(frame, scene)
    shapes = set(drawn["data"][0]["marker"]["pattern"]["shape"])
    kinds = [name for name, shape in PATTERNS.items() if shape in shapes]
    code = scene.selection.commodity
    is_inside = code is not None and not code.startswith("S")
    return Drawing(
        figure=drawn,
        title=scene.words("flows.commodities.inside", name=commodity_name(scene, code[:2]))
        if code is not None and is_inside
        else None,
        subtitle=trade_subtitle(
            scene, frame, towards=True, commodity=False, unreconciled="commodity"
        ),
        note=" ".join(
            part
            for part in (
                scene.words(f"flows.commodities.{'back' if is_inside else 'read'}"),
                key_text(scene, kinds),
            )
            if part
        ),
    )


def commodity_treemap(frame: pd.DataFrame, scene: Scene) -> Figure:
    """Return sections over chapters; or section, chapter, headings and subheadings.

    Each node's area is its value; a click selects it, the same click releases it.
    """
    column = measured_column(scene)
    rows = [
        row for row in frame.to_dict("records") if row[column] == row[column] and row[column] > 0
    ]
    nodes = _Nodes(column)
    for row in rows:
        nodes.add(row)
    total = sum(node["value"] for key, node in nodes.found.items() if node["parent"] == "")
    palette = scene.palette
    chosen = scene.selection.commodity or ""
    headings = {node["parent"] for node in nodes.found.values()}
    texts = {
        key: _written(key, node["value"] / total, node["value"], scene, is_heading=key in headings)
        for key, node in nodes.found.items()
    }
    order = sorted(nodes.found.items(), key=lambda item: (-item[1]["value"], item[0]))
    data = [
        {
            "type": "treemap",
            "ids": [key for key, _ in order],
            "parents": [node["parent"] for _, node in order],
            "values": [node["value"] for _, node in order],
            # A heading shows the label, a tile the text.
            "labels": [texts[key] for key, _ in order],
            "text": [texts[key] for key, _ in order],
            "textinfo": "text",
            "textfont": {"size": scene.font_size if scene.is_present else 12},
            "branchvalues": "total",
            "sort": True,
            "pathbar": {"visible": False},
            "tiling": {"packing": "squarify", "pad": 1},
            "marker": {
                "colors": [_colour(key, chosen, scene) for key, _ in order],
                "line": {
                    "width": [3 if key == chosen else 1 for key, _ in order],
                    "color": [
                        palette.accent if key == chosen else palette.paper for key, _ in order
                    ],
                },
                "pad": {"t": scene.font_size + 9, "l": 2, "r": 2, "b": 2},
                "pattern": _pattern(
                    [node for _, node in order],
                    [key in headings for key, _ in order],
                    [_colour(key, chosen, scene) for key, _ in order],
                    scene,
                ),
            },
            "hovertext": [_story(key, node, total, scene) for key, node in order],
            "hoverinfo": "text",
            "customdata": [mark("commodity", key) for key, _ in order],
        }
    ]
    layout = base_layout(
        scene,
        margin={"l": 0, "r": 0, "t": 0, "b": 0},
    )
    del layout["xaxis"], layout["yaxis"]
    return figure(data, layout)


class _Nodes:
    """Sums rows up the HS tree, every ancestor of a row included."""

    def __init__(self, column: str) -> None:
        self.found: dict[str, dict[str, Any]] = {}
        self._column = column

    def add(self, row: Any) -> None:
        code = str(row["commodity_code"])
        path = [f"S{int(row['section_id'])}", *(code[:n] for n in (2, 4, 6) if len(code) >= n)]
        parent = ""
        for key in path:
            node = self.found.setdefault(
                key,
                {"parent": parent, "value": 0.0, "usd": 0.0, "n": 0, **dict.fromkeys(SHARES, 0.0)},
            )
            node["value"] += float(row[self._column])
            node["usd"] += float(row["value_usd"])
            for name in SHARES:
                share = row[name]
                node[name] += float(row["value_usd"]) * (share if share == share else 0.0)
            node["n"] += int(row["n"])
            parent = key


def shares_of(node: dict[str, Any]) -> dict[str, float]:
    """Return what shares of a node's value are estimated, mirrored and not covered."""
    whole = node["usd"]
    return {name: node[name] / whole if whole else float("nan") for name in SHARES}


def _pattern(
    nodes: list[dict[str, Any]], headings: list[bool], colours: list[str], scene: Scene
) -> dict[str, Any]:
    """Hatch the tiles of which a good part is not plainly reported, the more the denser.

    Both colours are given: laid over the tiles, the drawing library takes the contrast of the
    list of their colours and complains.
    """
    parts = [standing(shares_of(node)) for node in nodes]
    shown = [
        not is_heading and part.doubtful >= DOUBTFUL
        for part, is_heading in zip(parts, headings, strict=True)
    ]
    return {
        "shape": [
            PATTERNS[part.leading] if is_shown else ""
            for part, is_shown in zip(parts, shown, strict=True)
        ],
        "solidity": [0.1 + part.doubtful / 5 for part in parts],
        "size": 6,
        "fillmode": "replace",
        "fgcolor": [scene.palette.paper] * len(nodes),
        "bgcolor": colours,
    }


def _written(key: str, share: float, value: float, scene: Scene, *, is_heading: bool) -> str:
    label = heading_of(key, share, scene) if is_heading else tile_of(key, share, scene)
    if not label or share < SHARE_WRITTEN:
        return label
    return f"{label}{' · ' if is_heading else '<br>'}{amount(value, scene)}"


def _width(share: float, scene: Scene) -> float:
    """Return the width of a tile, about square, in sizes of its text."""
    return math.sqrt(share * TILES) * (1 if scene.is_present else 1.1)


def heading_of(key: str, share: float, scene: Scene) -> str:
    """Return the one line over a node's children, cut to what the node is wide."""
    if key.startswith("S"):
        name = scene.names.sections.get(int(key[1:]), key)
    else:
        name = commodity_name(scene, key) if len(key) == 2 else key
    return safe(cut(name, int(_width(share, scene) * 1.7) - 8))


def tile_of(key: str, share: float, scene: Scene) -> str:
    """Return the lines inside a leaf: its code, and its name where there is room."""
    width = _width(share, scene)
    if width < 3:
        return ""
    if len(key) > 2 or width < 6:
        return key
    lines = [key]
    for word in scene.names.chapters.get(key, "").split():
        if len(lines[-1]) + len(word) < width * 1.6:
            lines[-1] = f"{lines[-1]} {word}"
        elif len(lines) < width * 0.7 - 2:
            lines.append(word)
        else:
            lines[-1] += "…"
            break
    return "<br>".join(safe(line) for line in lines)


def cut(text: str, most: int) -> str:
    """Shorten a text to so many characters, saying that it was."""
    if len(text) <= most:
        return text
    return text[: most - 1].rstrip(" ,;") + "…" if most >= CUT_AT_LEAST else ""


def _colour(key: str, chosen: str, scene: Scene) -> str:
    palette = scene.palette
    is_section = key.startswith("S")
    if chosen.startswith("S"):
        section = key if is_section else f"S{scene.names.chapter_sections.get(key[:2], 0)}"
        is_muted = section != chosen
    else:
        is_muted = bool(chosen) and len(key) >= len(chosen) and not key.startswith(chosen)
        is_muted = is_muted and not is_section
    if is_muted:
        return palette.faint
    return (
        palette.sequential[0]
        if is_section or len(key) == 2 < len(chosen)
        else palette.sequential[1]
    )


def _story(key: str, node: dict[str, Any], total: float, scene: Scene) -> str:
    words = scene.words
    return tooltip(
        commodity_name(scene, key),
        amount(node["value"], scene),
        words("flows.share_of_all", share=words.value(node["value"] / total, "share")),
        *quality_lines(shares_of(node), scene),
        words("common.n", n=words.number(node["n"])),
        source_text(scene, "commodity"),
    )
