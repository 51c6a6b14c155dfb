"""Regions in one column, their trade as bows: down on the right, up on the left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from dashboard.flows import OUTSIDE
from layouts.charts import Figure, annotation, axis, base_layout, figure, mark, safe, tooltip
from layouts.flows.wording import (
    amount,
    chosen_regions,
    estimated_of,
    measured_column,
    nothing,
    region_colour,
    region_name,
    source_text,
    trade_subtitle,
)
from layouts.incentives.reading import shortened
from layouts.network.ribbons import Ribbon, bow, handles, ribbon_traces
from layouts.panels import Drawing, Frames
from layouts.scene import Scene

HALF: Final = 0.56
"""Half the width of the column of names."""
FILL: Final = 0.8
"""Share of a row that the ends of its bows fill at most."""


@dataclass(frozen=True)
class Link:
    """Trade between two regions as goods move: from, to, and the row that tells of it."""

    start: str
    end: str
    value: float
    row: Any


def draw_regions(frames: Frames, scene: Scene) -> Drawing:
    """Both directions of each pair, and how much stays within."""
    frame = frames["region_flows"]
    words = scene.words
    if not frame[measured_column(scene)].sum() > 0:
        return Drawing(empty=nothing(scene))
    links = links_of(frame, scene)
    if all(link.start == link.end for link in links):
        return Drawing(empty=words("network.regions.within_only"))
    return Drawing(
        figure=region_bows(links, scene),
        subtitle=trade_subtitle(scene, frame, scope=False),
        note=f"{words('network.regions.read')} {words('network.estimated')}",
    )


def links_of(frame: pd.DataFrame, scene: Scene) -> list[Link]:
    """Return what is recorded between regions, as goods move."""
    column = measured_column(scene)
    is_import = scene.selection.flow in ("M", "RM")
    found = []
    for row in frame.to_dict("records"):
        ours, theirs = str(row["reporter_region_id"]), str(row["partner_region_id"])
        if row[column] > 0:
            start, end = (theirs, ours) if is_import else (ours, theirs)
            found.append(Link(start, end, float(row[column]), row))
    return found


def regions_of(links: list[Link], scene: Scene) -> list[str]:
    """Return the regions in their fixed order, what lies outside the six last."""
    known = {region for link in links for region in (link.start, link.end)}
    return [*scene.catalogue.regions, *([OUTSIDE] if OUTSIDE in known else [])]


def within_share(region: str, links: list[Link]) -> float | None:
    """Return the share of a region's recorded trade that stays in it; None where it has none."""
    own = [link for link in links if _records(link) == region]
    whole = sum(link.value for link in own)
    within = sum(link.value for link in own if link.start == link.end)
    return within / whole if whole > 0 else None


def _records(link: Link) -> str:
    return str(link.row["reporter_region_id"])


def region_bows(links: list[Link], scene: Scene) -> Figure:
    """Return the column of regions with a bow per direction."""
    palette = scene.palette
    regions = regions_of(links, scene)
    ribbons, arrows = _bows(links, regions, scene)
    data = [*ribbon_traces(ribbons, palette), arrows]
    spots = [
        ((x, float(i)), _region_story(region, links, scene), _region_event(region))
        for i, region in enumerate(regions)
        for x in (-0.35, -0.15, 0.05, 0.25)
    ]
    data.append(handles(ribbons, spots))
    hidden = {"visible": False, "showgrid": False}
    edge = HALF + 1.04
    layout = base_layout(
        scene,
        xaxis=axis(palette, range=[-edge, edge], **hidden),
        yaxis=axis(palette, range=[len(regions) - 0.5, -0.5], **hidden),
        annotations=[_label(i, region, links, scene) for i, region in enumerate(regions)],
        margin={"l": 0, "r": 0, "t": 4, "b": 4},
    )
    return figure(data, layout)


Slots = dict[tuple[str, str, str], tuple[float, float]]


def slots_of(between: list[Link], regions: list[str]) -> Slots:
    """Return where each bow ends, by its two regions and the one it ends at; one scale for all.

    At a region, bows to or from above lie over those to or from below, nearer ones inside
    farther ones, so that ends do not cross.
    """
    place = {region: i for i, region in enumerate(regions)}
    ends: dict[tuple[str, bool], list[tuple[tuple[int, int], Link]]] = {}
    for link in between:
        is_down = place[link.end] > place[link.start]
        distance = abs(place[link.end] - place[link.start])
        for here, other in ((link.start, link.end), (link.end, link.start)):
            order = (0, distance) if place[other] < place[here] else (1, -distance)
            ends.setdefault((here, is_down), []).append((order, link))
    scale = FILL / max(sum(link.value for _, link in found) for found in ends.values())
    slots: Slots = {}
    for (here, _), found in ends.items():
        top = place[here] - scale * sum(link.value for _, link in found) / 2
        for _, link in sorted(found, key=lambda one: one[0]):
            slots[link.start, link.end, here] = (top, top + link.value * scale)
            top += link.value * scale
    return slots


def _bows(links: list[Link], regions: list[str], scene: Scene) -> tuple[list[Ribbon], Any]:
    """Return the bows, large ones first so that none is hidden, and the arrows at their ends."""
    between = [link for link in links if link.start != link.end]
    slots = slots_of(between, regions)
    place = {region: i for i, region in enumerate(regions)}
    ribbons, arrows = [], []
    back = {(link.start, link.end): link for link in between}
    whole = sum(link.value for link in links)
    for link in sorted(between, key=lambda one: -one.value):
        is_down = place[link.end] > place[link.start]
        side = 1 if is_down else -1
        here, there = slots[link.start, link.end, link.start], slots[link.start, link.end, link.end]
        upper, lower = (here, there) if is_down else (there, here)
        outer, inner = lower[1] - upper[0], lower[0] - upper[1]
        reach = 1 / (len(regions) - 1 + FILL)
        story = _story(link, back.get((link.end, link.start)), whole, scene)
        ribbons.append(
            Ribbon(
                first=bow(side * HALF, side * reach * outer, upper[0], lower[1]),
                second=bow(side * HALF, side * reach * inner, upper[1], lower[0]),
                colour=region_colour(link.start, scene.palette),
                estimated=_estimated(link),
                story=story,
                event=_event(link),
                is_muted=_is_muted(link, scene),
            )
        )
        arrows.append((side * HALF, sum(there) / 2, side, ribbons[-1]))
    # Arrows of large bows lie over those of small ones.
    return ribbons, _arrows(arrows[::-1], scene)


def _arrows(ends: list[tuple[float, float, int, Ribbon]], scene: Scene) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "name": "arrows",
        "x": [x for x, _, _, _ in ends],
        "y": [y for _, y, _, _ in ends],
        "marker": {
            "symbol": ["triangle-left" if side > 0 else "triangle-right" for _, _, side, _ in ends],
            "size": scene.font_size * 0.75,
            "color": [one.colour for _, _, _, one in ends],
            "opacity": [0.2 if one.is_muted else 1.0 for _, _, _, one in ends],
            "line": {"width": 1, "color": scene.palette.paper},
        },
        "hoverinfo": "skip",
        "cliponaxis": False,
    }


def _estimated(link: Link) -> float:
    share = link.row["estimated_share"]
    return float(share) if share == share and share is not None else 0.0


def _event(link: Link) -> str:
    ours, theirs = str(link.row["reporter_region_id"]), str(link.row["partner_region_id"])
    return "" if OUTSIDE in (ours, theirs) else mark("pair", ours, theirs)


def _is_muted(link: Link, scene: Scene) -> bool:
    ours, theirs = chosen_regions(scene), scene.chosen.partner_regions
    is_ours = not ours or link.row["reporter_region_id"] in ours
    return not (is_ours and (not theirs or link.row["partner_region_id"] in theirs))


def _story(link: Link, other: Link | None, whole: float, scene: Scene) -> str:
    words = scene.words
    back = amount(other.value, scene) if other else words("flows.none")
    return tooltip(
        way_text(link.start, link.end, scene),
        amount(link.value, scene),
        words("flows.share_of_all", share=words.value(link.value / whole, "share")),
        words("network.other_way", amount=back),
        estimated_of(link.row["estimated_share"], scene),
        words("common.n", n=words.number(link.row["n"])),
        source_text(scene),
    )


def way_text(start: str, end: str, scene: Scene) -> str:
    """Say which way goods move."""
    ours, theirs = region_name(start, scene), region_name(end, scene)
    return scene.words("flows.way.out", ours=ours, theirs=theirs)


def _region_story(region: str, links: list[Link], scene: Scene) -> str:
    words = scene.words
    inside = sum(link.value for link in links if link.start == link.end == region)
    out = sum(link.value for link in links if link.start == region != link.end)
    into = sum(link.value for link in links if link.end == region != link.start)
    return tooltip(
        region_name(region, scene),
        words("network.sent", amount=amount(out, scene)),
        words("network.received", amount=amount(into, scene)),
        words("network.inside", amount=amount(inside, scene)),
        source_text(scene),
    )


def _region_event(region: str) -> str:
    return "" if region == OUTSIDE else mark("region", region)


def within_text(region: str, links: list[Link], scene: Scene) -> str:
    """Say how much of a region's trade stays in it."""
    share = within_share(region, links)
    if share is None:
        return ""
    return scene.words("network.within", share=scene.words.value(share, "share"))


def _label(place: int, region: str, links: list[Link], scene: Scene) -> dict[str, Any]:
    size = scene.font_size if scene.is_present else 12
    colour = region_colour(region, scene.palette)
    name = safe(shortened(region_name(region, scene), 32))
    within = safe(within_text(region, links, scene))
    label = annotation(
        scene, 0, place, "", align="center", font={"size": size, "color": scene.palette.ink}
    )
    head = f'<span style="color:{colour}">■</span> <b>{name}</b>'
    return {**label, "text": f"{head}<br>{within}" if within else head}
