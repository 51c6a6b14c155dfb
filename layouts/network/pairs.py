"""The pairs of regions as a list, with both directions and their difference."""

from __future__ import annotations

from typing import Any

from dash import html

from dashboard.flows import OUTSIDE
from layouts.attributes import attributes
from layouts.flows.wording import amount, measured_column, nothing, region_name, trade_subtitle
from layouts.network.regions import Link, links_of, regions_of, way_text, within_text
from layouts.panels import Drawing, Frames
from layouts.scene import Scene


def draw_pairs(frames: Frames, scene: Scene) -> Drawing:
    """Each pair of regions once, the largest first; then what stays within each region."""
    frame = frames["region_flows"]
    if not frame[measured_column(scene)].sum() > 0:
        return Drawing(empty=nothing(scene))
    links = links_of(frame, scene)
    return Drawing(
        children=html.Div(
            [_between(links, scene), _within(links, scene)],
            className="table-scroll network-list",
            tabIndex="0",
            **attributes(role="region", aria_label=scene.words("network.pairs.title")),
        ),
        subtitle=trade_subtitle(scene, scope=False),
        note=scene.words("network.pairs.read"),
    )


def _between(links: list[Link], scene: Scene) -> html.Table:
    words = scene.words
    regions = regions_of(links, scene)
    found = {(link.start, link.end): link for link in links}
    pairs = []
    for i, first in enumerate(regions):
        for second in regions[i + 1 :]:
            there, back = found.get((first, second)), found.get((second, first))
            if there or back:
                pairs.append((first, second, there, back))
    pairs.sort(key=lambda pair: (-_value(pair[2]) - _value(pair[3]), pair[0], pair[1]))
    head = [
        html.Th(f"{words('network.pairs.pair')}, {_unit(scene)}", scope="col"),
        html.Th("→", scope="col", className="number", title=words("network.pairs.there")),
        html.Th("←", scope="col", className="number", title=words("network.pairs.back")),
        html.Th(words("network.pairs.more"), scope="col", className="number"),
    ]
    body = [
        html.Tr(
            [
                html.Th(f"{region_name(first, scene)} – {region_name(second, scene)}", scope="row"),
                _way(there, scene),
                _way(back, scene),
                html.Td(_difference(there, back, scene), className="number whole"),
            ]
        )
        for first, second, there, back in pairs
    ]
    return html.Table([html.Thead(html.Tr(head)), html.Tbody(body)], className="data-table")


def _value(link: Link | None) -> float:
    return link.value if link else 0.0


def _way(link: Link | None, scene: Scene) -> html.Td:
    """Return one direction as a button that selects it; plain where it can't be selected."""
    if link is None:
        return html.Td(scene.words("flows.none"), className="number")
    text = _short(link.value, scene)
    ours, theirs = str(link.row["reporter_region_id"]), str(link.row["partner_region_id"])
    if OUTSIDE in (ours, theirs):
        return html.Td(text, className="number whole")
    is_chosen = (scene.chosen.regions, scene.chosen.partner_regions) == ((ours,), (theirs,))
    button: Any = html.Button(
        text,
        type="button",
        className="mark",
        **attributes(
            data_event=f"pair:{ours}|{theirs}",
            aria_label=f"{way_text(link.start, link.end, scene)}: {amount(link.value, scene)}",
            aria_pressed="true" if is_chosen else "false",
        ),
    )
    return html.Td(button, className="number whole")


def _short(value: float, scene: Scene) -> str:
    """Write an amount without its unit, which stands in the heading."""
    is_weight = measured_column(scene) == "mass_kg"
    return scene.words.short(value / 1000 if is_weight else value)


def _unit(scene: Scene) -> str:
    return scene.words("unit.kg" if measured_column(scene) == "mass_kg" else "unit.usd")


def _difference(there: Link | None, back: Link | None, scene: Scene) -> str:
    """Write how much more goes the one way than the other, with its arrow."""
    if there is None or back is None:
        return "–"
    more = there.value - back.value
    arrow = "→" if more > 0 else "←" if more < 0 else "="
    return f"{arrow} {_short(abs(more), scene)}"


def _within(links: list[Link], scene: Scene) -> html.Table:
    words = scene.words
    body = []
    for link in sorted(links, key=lambda one: -one.value):
        if link.start != link.end:
            continue
        name = region_name(link.start, scene)
        label: Any = name
        if link.start != OUTSIDE:
            event = attributes(data_event=f"region:{link.start}")
            label = html.Button(name, type="button", className="mark", **event)
        body.append(
            html.Tr(
                [
                    html.Th(label, scope="row"),
                    html.Td(_short(link.value, scene), className="number whole"),
                    html.Td(within_text(link.start, links, scene), className="number"),
                ]
            )
        )
    head = [
        html.Th(words("network.pairs.within"), scope="col"),
        html.Th(_unit(scene), scope="col", className="number"),
        html.Th(words("network.pairs.share"), scope="col", className="number"),
    ]
    return html.Table([html.Thead(html.Tr(head)), html.Tbody(body)], className="data-table")
