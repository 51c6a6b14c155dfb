"""From whom through which goods to whom: three columns in fixed order, joined by ribbons."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import pandas as pd

from dashboard.flows import OUTSIDE
from layouts.charts import Figure, annotation, axis, base_layout, figure, mark, safe, tooltip
from layouts.flows.wording import (
    amount,
    estimated_of,
    measured_column,
    nothing,
    region_colour,
    region_name,
    source_text,
    trade_subtitle,
)
from layouts.incentives.reading import shortened
from layouts.network.ribbons import Point, Ribbon, bend, handles, ribbon_traces
from layouts.panels import Drawing, Frames
from layouts.scene import Scene

SECTIONS_AT_MOST: Final = 9
SECTIONS_ON_STAGE: Final = 6
AREAS_AT_MOST: Final = 9
AREAS_ON_STAGE: Final = 6
NAMES: Final = (33, 26)
NAMES_ON_STAGE: Final = (26, 21)
"""Letters of a name: of regions, members and partners; of sections."""
REST: Final = "rest"
SLOT: Final = 0.052
"""Least height of a node with its label, as a share of the figure's; twice that on the stage."""
GAP: Final = 0.014
NODE: Final = 0.012
BOX: Final = 0.12
BOX_ON_STAGE: Final = 0.17
"""Half the width of the boxes of the sections."""
ROOM: Final = 0.4
ROOM_ON_STAGE: Final = 0.44
"""Room of the labels on both sides, where the columns stand 1 apart."""


@dataclass(frozen=True)
class Node:
    """A node of a column: its label, value, mark and place."""

    key: str
    name: str
    value: float
    event: str
    colour: str
    estimated: float
    is_muted: bool = False
    top: float = 0.0
    height: float = 0.0


def draw_goods(frames: Frames, scene: Scene) -> Drawing:
    """Our side, sections and partners; what is summed is said."""
    frame, column = frames["goods_links"], measured_column(scene)
    code = scene.selection.commodity or ""
    is_section = code.startswith("S")
    held = frame[frame["section_id"] == int(code[1:])] if is_section else frame
    if not held[column].sum() > 0:
        return Drawing(empty=nothing(scene))
    words = scene.words
    links, counts = gathered(frame, scene)
    summed = [
        words(f"network.goods.summed.{kind}", count=words.number(count))
        for kind, count in counts.items()
        if count
    ]
    notes = [words("network.goods.read"), words("network.estimated"), *summed]
    is_import = scene.selection.flow in ("M", "RM")
    return Drawing(
        figure=goods_ribbons(links, scene),
        title=words("network.goods.title_in") if is_import else None,
        # A section that is chosen is highlighted, not narrowed to.
        subtitle=trade_subtitle(
            scene, frame[frame["side"] == "ours"], towards=True, commodity=not is_section
        ),
        note=" ".join(notes),
    )


def gathered(frame: pd.DataFrame, scene: Scene) -> tuple[pd.DataFrame, dict[str, int]]:
    """Return the links of the largest items and sections, the others summed as ``rest``.

    The counts are of the sections, items of our side and partners that were summed.
    """
    column = measured_column(scene)
    links = frame[frame[column] > 0].assign(
        section=lambda table: table["section_id"].astype("int64").map("S{}".format).astype(object),
        item=lambda table: table["item"].astype(object),
        estimated=lambda table: (table["estimated_share"] * table[column]).fillna(0.0),
    )
    staged = scene.is_present
    ours = links[links["side"] == "ours"]
    kept = _largest(ours, "section", SECTIONS_ON_STAGE if staged else SECTIONS_AT_MOST, column)
    if scene.chosen.commodity in set(links["section"]):
        kept |= {str(scene.chosen.commodity)}
    counts = {"sections": links["section"].nunique() - len(kept)}
    links["section"] = links["section"].where(links["section"].isin(list(kept)), REST)
    parts = []
    for side in ("ours", "theirs"):
        part = links[links["side"] == side].copy()
        if is_by_area(side, scene):
            top = _largest(part, "item", AREAS_ON_STAGE if staged else AREAS_AT_MOST, column)
            counts[side] = part["item"].nunique() - len(top)
            part["item"] = part["item"].where(part["item"].isin(list(top)), REST)
        parts.append(part)
    both = pd.concat(parts)
    keys = ["side", "item", "section"]
    sums = both.groupby(keys, sort=True).agg(
        region_id=("region_id", "first"),
        value=(column, "sum"),
        estimated=("estimated", "sum"),
        n=("n", "sum"),
    )
    return sums.reset_index(), counts


def is_by_area(side: str, scene: Scene) -> bool:
    """Tell whether a side is shown by member or partner rather than by region."""
    chosen = scene.chosen
    if side == "ours":
        return bool(chosen.members or chosen.regions)
    return bool(chosen.partners or chosen.partner_regions)


def _largest(frame: pd.DataFrame, key: str, most: int, column: str) -> set[str]:
    sums = frame.groupby(key, sort=True)[column].sum()
    # One more than fits needs no sum: it would stand in the same place.
    most = most + 1 if len(sums) == most + 1 else most
    order = sums.sort_values(ascending=False, kind="stable")
    return {str(item) for item in order.index[:most]}


def nodes_of(links: pd.DataFrame, side: str, scene: Scene) -> list[Node]:
    """Return the nodes of a column in their fixed order: regions, names, sections; rest last."""
    key = "section" if side == "goods" else "item"
    part = links[links["side"] == ("ours" if side == "goods" else side)]
    sums = part.groupby(key, sort=True).agg(
        value=("value", "sum"), estimated=("estimated", "sum"), region_id=("region_id", "first")
    )
    chosen = scene.chosen.commodity or ""
    found = []
    for item, row in sums.iterrows():
        code = str(item)
        found.append(
            Node(
                key=code,
                name=_name(code, side, scene),
                value=float(row["value"]),
                event=_event(code, side, scene),
                colour=scene.palette.soft_ink
                if side == "goods"
                else region_colour(row["region_id"], scene.palette),
                estimated=float(row["estimated"]) / float(row["value"]),
                is_muted=side == "goods" and chosen.startswith("S") and code != chosen,
            )
        )
    return sorted(found, key=_order(side, scene))


def _name(code: str, side: str, scene: Scene) -> str:
    words = scene.words
    if code == REST:
        return words(f"network.rest.{side}")
    if side == "goods":
        return scene.names.sections.get(int(code[1:]), code)
    return scene.names.member(code) if is_by_area(side, scene) else region_name(code, scene)


def _event(code: str, side: str, scene: Scene) -> str:
    if code in (REST, OUTSIDE):
        return ""
    if side == "goods":
        return mark("commodity", code)
    kinds = ("member", "region") if side == "ours" else ("partner", "partner_region")
    is_known = side == "theirs" or not is_by_area(side, scene) or code in scene.catalogue.members
    return mark(kinds[0] if is_by_area(side, scene) else kinds[1], code) if is_known else ""


def _order(side: str, scene: Scene) -> Callable[[Node], Any]:
    if side == "goods":
        return lambda node: (node.key == REST, int(node.key[1:]) if node.key != REST else 0)
    if is_by_area(side, scene):
        return lambda node: (node.key == REST, node.name, node.key)
    regions = [*scene.catalogue.regions, OUTSIDE]
    return lambda node: regions.index(node.key) if node.key in regions else len(regions)


def placed(columns: Sequence[list[Node]], slot: float) -> list[list[Node]]:
    """Return the columns with their nodes' places, one scale for all; 1 is the top.

    A node's slot is at least as high as its label.
    """
    scale = min(_scale([node.value for node in column], slot) for column in columns)
    found = []
    for column in columns:
        slots = [max(slot, node.value * scale) for node in column]
        free = (1 - sum(slots)) / max(1, len(column) - 1)
        gap = min(free, 0.06)
        top = 1 - (1 - sum(slots) - gap * (len(column) - 1)) / 2
        done = []
        for node, room in zip(column, slots, strict=True):
            height = node.value * scale
            done.append(replace(node, top=top - (room - height) / 2, height=height))
            top -= room + gap
        found.append(done)
    return found


def _scale(values: Sequence[float], slot: float) -> float:
    """Return the height of one unit so that all slots fit, however small some are."""
    room = 1 - GAP * (len(values) - 1)
    large = sorted(values, reverse=True)
    for count in range(len(large), 0, -1):
        scale = (room - slot * (len(large) - count)) / sum(large[:count])
        if large[count - 1] * scale >= slot or count == 1:
            return max(scale, 0.05 / large[0])
    raise ValueError("a column without nodes has no scale")


def goods_ribbons(links: pd.DataFrame, scene: Scene) -> Figure:
    """Return the three columns and the ribbons between them."""
    palette = scene.palette
    slot = SLOT * (1.5 if scene.is_present else 1)
    sides = ("ours", "goods", "theirs")
    columns = placed([nodes_of(links, side, scene) for side in sides], slot)
    total = sum(node.value for node in columns[0])
    ribbons = [
        *_ribbons(links, "ours", columns[0], columns[1], total, scene),
        *_ribbons(links, "theirs", columns[2], columns[1], total, scene),
    ]
    size = scene.font_size if scene.is_present else 12
    data = ribbon_traces(ribbons, palette)
    spots: list[tuple[Point, str, str]] = []
    shapes: list[dict[str, Any]] = []
    labels: list[dict[str, Any]] = []
    for side, column in zip(sides, columns, strict=True):
        for node in column:
            spots += _spots(node, side, total, scene)
            shapes.append(_shape(node, side, slot, scene))
            labels.append(_label(node, side, slot, size, scene))
    data.append(handles(ribbons, spots))
    room = ROOM_ON_STAGE if scene.is_present else ROOM
    hidden = {"visible": False, "showgrid": False}
    layout = base_layout(
        scene,
        xaxis=axis(palette, range=[-room, 1 + room], **hidden),
        yaxis=axis(palette, range=[-0.01, 1.01], **hidden),
        shapes=shapes,
        annotations=labels,
        margin={"l": 0, "r": 0, "t": 4, "b": 4},
    )
    return figure(data, layout)


def _ribbons(
    links: pd.DataFrame,
    side: str,
    items: list[Node],
    goods: list[Node],
    total: float,
    scene: Scene,
) -> list[Ribbon]:
    """Return the ribbons of one side; at both ends they lie in the order of the other end."""
    rows = {
        (row["item"], row["section"]): row
        for row in links[links["side"] == side].to_dict("records")
    }
    left = {node.key: node.top for node in items}
    right = {node.key: node.top for node in goods}
    box = _box(scene)
    found = []
    for item in items:
        for good in goods:
            row = rows.get((item.key, good.key))
            if row is None:
                continue
            height = item.height * row["value"] / item.value
            outer, inner = left[item.key], right[good.key]
            left[item.key] -= height
            right[good.key] -= height
            ends = (NODE, box[0]) if side == "ours" else (1 - NODE, box[1])
            found.append(
                Ribbon(
                    first=bend((ends[0], outer), (ends[1], inner)),
                    second=bend((ends[0], outer - height), (ends[1], inner - height)),
                    colour=item.colour,
                    estimated=row["estimated"] / row["value"],
                    story=_story(f"{item.name} · {good.name}", row, total, scene),
                    event=item.event if good.event == "" or good.is_muted else good.event,
                    is_muted=good.is_muted,
                )
            )
    return found


def _box(scene: Scene) -> tuple[float, float]:
    half = BOX_ON_STAGE if scene.is_present else BOX
    return 0.5 - half, 0.5 + half


def _story(name: str, row: Any, total: float, scene: Scene) -> str:
    words = scene.words
    value = float(row["value"])
    return tooltip(
        name,
        amount(value, scene),
        words("flows.share_of_all", share=words.value(value / total, "share")),
        estimated_of(float(row["estimated"]) / value, scene),
        words("common.n", n=words.number(row["n"])) if "n" in row else "",
        source_text(scene),
    )


def _spots(node: Node, side: str, total: float, scene: Scene) -> list[tuple[Point, str, str]]:
    row = {"value": node.value, "estimated": node.estimated * node.value}
    story = _story(node.name, row, total, scene)
    middle = node.top - node.height / 2
    places = {
        "ours": (-0.25, -0.17, -0.1, -0.04, 0.0),
        "goods": (0.41, 0.47, 0.53, 0.59),
        "theirs": (1.0, 1.04, 1.1, 1.17, 1.25),
    }
    return [((x, middle), story, node.event) for x in places[side]]


def _shape(node: Node, side: str, slot: float, scene: Scene) -> dict[str, Any]:
    palette = scene.palette
    ends = {"ours": (0.0, NODE), "goods": _box(scene), "theirs": (1 - NODE, 1.0)}[side]
    is_good = side == "goods"
    # A box is as high as its name even where its value is less.
    extra = max(0.0, slot * 0.86 - node.height) / 2 if is_good else 0.0
    is_chosen = is_good and node.key == scene.chosen.commodity
    return {
        "type": "rect",
        "x0": ends[0],
        "x1": ends[1],
        "y0": node.top + extra,
        "y1": node.top - node.height - extra,
        "fillcolor": palette.faint if is_good else node.colour,
        "line": {
            "width": 2 if is_chosen else 1 if is_good else 0,
            "color": palette.accent if is_chosen else palette.muted,
        },
        "layer": "above",
    }


def _label(node: Node, side: str, slot: float, size: int, scene: Scene) -> dict[str, Any]:
    places = {"ours": (-0.012, "right"), "goods": (0.5, "center"), "theirs": (1.012, "left")}
    x, anchor = places[side]
    most = NAMES_ON_STAGE if scene.is_present else NAMES
    name = shortened(node.name, most[side == "goods"])
    if side == "goods":
        text = safe(name)
        if node.height > slot * 1.2:
            text += f"<br>{safe(amount(node.value, scene))}"
    else:
        text = f"<b>{safe(name)}</b><br>{safe(amount(node.value, scene))}"
    label = annotation(
        scene,
        x,
        node.top - node.height / 2,
        "",
        xanchor=anchor,
        align=anchor,
        font={
            "size": size,
            "color": scene.palette.soft_ink if node.is_muted else scene.palette.ink,
        },
    )
    return {**label, "text": text}
