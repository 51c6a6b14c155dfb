"""The map of members by their trade: classed, with small members as markers."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from layouts.charts import FONT, Figure, annotation, base_layout, figure, mark, tooltip
from layouts.flows.listing import map_list
from layouts.flows.quality import quality_lines
from layouts.flows.scale import breaks_of, class_of, colours_for, discrete_scale, legend_ticks
from layouts.flows.wording import (
    amount,
    chosen_members,
    flow_label,
    measured_column,
    nothing,
    region_name,
    source_text,
    trade_subtitle,
)
from layouts.panels import Drawing, Frames
from layouts.scene import Scene

SMALL_MEMBERS: Final = frozenset(
    (
        *("AND", "ATG", "BHR", "BMU", "BRB", "COM", "CPV", "CUW", "HKG", "LCA", "LUX", "MAC"),
        *("MDV", "MLT", "MUS", "PLW", "SGP", "STP", "SYC", "TON", "WSM", "XKX"),
    )
)
"""Members whose outline is too small to see or to hit on a world map: under 0.35 square degrees."""

MUTED: Final = 0.3


def draw_map(frames: Frames, scene: Scene) -> Drawing:
    """Members by their trade."""
    frame = frames["member_trade"]
    if not frame[measured_column(scene)].sum() > 0:
        return Drawing(empty=nothing(scene))
    words = scene.words
    return Drawing(
        figure=trade_map(frame, scene, is_small=False),
        subtitle=trade_subtitle(scene, frame, scope=False, towards=True),
        note=f"{words('flows.map.read')} {words('flows.map.disclaimer')}",
        listing=_listing(frame, scene),
    )


def _listing(frame: pd.DataFrame, scene: Scene) -> Any:
    """Return all members as a list, the largest first, those without data last."""
    column, members = measured_column(scene), scene.catalogue.members
    values = dict(zip(frame["member_iso3"], frame[column], strict=True))
    known = {iso3: value for iso3, value in values.items() if iso3 in members and value > 0}
    names = {iso3: scene.names.member(iso3) for iso3 in members}
    order = sorted(members, key=lambda iso3: (-known.get(iso3, 0.0), names[iso3]))
    none = scene.words("flows.map.no_data")
    entries = [
        (
            [(names[iso3], mark("member", iso3))],
            amount(known[iso3], scene) if iso3 in known else none,
        )
        for iso3 in order
    ]
    return map_list(scene.words("flows.map.list"), entries, scene)


def trade_map(frame: pd.DataFrame, scene: Scene, *, is_small: bool) -> Figure:
    """Return the choropleth of members by the selected measure, in classes with round breaks.

    ``is_small`` makes scale and markers smaller, for a panel among others.
    """
    palette = scene.palette
    column = measured_column(scene)
    members = scene.catalogue.members
    known = [
        row
        for row in frame.to_dict("records")
        if row["member_iso3"] in members and row[column] == row[column] and row[column] > 0
    ]
    total = float(frame[column].sum())
    breaks = breaks_of([row[column] for row in known], scene)
    colours = colours_for(breaks, scene)
    classes = {row["member_iso3"]: class_of(row[column], breaks) for row in known}
    stories = {row["member_iso3"]: _story(row, total, scene) for row in known}
    missing = [iso3 for iso3 in members if iso3 not in classes]
    places = [iso3 for iso3 in classes if iso3 not in SMALL_MEMBERS]
    chosen = chosen_members(scene)
    shared = {
        "zmin": -0.5,
        "zmax": len(colours) - 0.5,
        "colorscale": discrete_scale(colours),
        "hoverinfo": "text",
    }
    data: list[dict[str, Any]] = [
        {
            "type": "choropleth",
            "locations": [iso3 for iso3 in missing if iso3 not in SMALL_MEMBERS],
            "z": [0 for iso3 in missing if iso3 not in SMALL_MEMBERS],
            "colorscale": [[0, palette.missing], [1, palette.missing]],
            "showscale": False,
            "marker": {"line": {"width": 0.7, "color": palette.muted}},
            "hovertext": [_no_data(iso3, scene) for iso3 in missing if iso3 not in SMALL_MEMBERS],
            "hoverinfo": "text",
            "customdata": [mark("member", iso3) for iso3 in missing if iso3 not in SMALL_MEMBERS],
        },
    ]
    # The opacity of a choropleth is one number, so what is muted is a trace of its own.
    muted = [iso3 for iso3 in places if chosen and iso3 not in chosen]
    bright = [iso3 for iso3 in places if not chosen or iso3 in chosen]
    for listed, opacity in ((muted, MUTED), (bright, 1.0)):
        data.append(
            {
                "type": "choropleth",
                "locations": listed,
                "z": [classes[iso3] for iso3 in listed],
                "hovertext": [stories[iso3] for iso3 in listed],
                "customdata": [mark("member", iso3) for iso3 in listed],
                "marker": {
                    "opacity": opacity,
                    "line": {"width": 0.4, "color": palette.paper},
                },
                "showscale": bool(listed) and (listed is bright or not bright),
                "colorbar": _scale_bar(breaks, scene, is_small=is_small),
                **shared,
            }
        )
    outlined = [iso3 for iso3 in places if iso3 in scene.chosen.members]
    if outlined:
        data.append(
            {
                "type": "choropleth",
                "locations": outlined,
                "z": [classes[iso3] for iso3 in outlined],
                "showscale": False,
                "marker": {"line": {"width": 2, "color": palette.accent}},
                "hovertext": [stories[iso3] for iso3 in outlined],
                "customdata": [mark("member", iso3) for iso3 in outlined],
                **shared,
            }
        )
    data.append(_small_members(classes, stories, colours, scene, is_small=is_small))
    layout = base_layout(
        scene,
        geo=geo(scene),
        margin={"l": 0, "r": 0, "t": 0, "b": 0 if is_small else 4},
        **({} if is_small else _no_data_key(scene)),
    )
    del layout["xaxis"], layout["yaxis"]
    return figure(data, layout)


def geo(scene: Scene) -> dict[str, Any]:
    """Return the map's ground: land, no frame, no water, the poles cut off."""
    palette = scene.palette
    return {
        "resolution": 110,
        "fitbounds": False,
        "projection": {"type": "natural earth"},
        "showframe": False,
        "showcoastlines": False,
        "showlakes": False,
        "showrivers": False,
        "showcountries": True,
        "countrycolor": palette.paper,
        "countrywidth": 0.4,
        "showland": True,
        "landcolor": palette.land,
        "bgcolor": "rgba(0,0,0,0)",
        "lataxis": {"range": [-56, 80]},
        "lonaxis": {"range": [-170, 190]},
        "domain": {"x": [0, 1], "y": [0, 1]},
    }


def _small_members(
    classes: dict[str, int],
    stories: dict[str, str],
    colours: list[str],
    scene: Scene,
    *,
    is_small: bool,
) -> dict[str, Any]:
    palette = scene.palette
    coordinates = scene.names.coordinates
    places = [
        iso3 for iso3 in scene.catalogue.members if iso3 in SMALL_MEMBERS and iso3 in coordinates
    ]
    chosen = chosen_members(scene)
    picked = scene.chosen.members
    return {
        "type": "scattergeo",
        "mode": "markers",
        "lon": [coordinates[iso3][0] for iso3 in places],
        "lat": [coordinates[iso3][1] for iso3 in places],
        "marker": {
            "size": scene.font_size * (0.4 if is_small else 0.6),
            "color": [
                colours[classes[iso3]] if iso3 in classes else palette.missing for iso3 in places
            ],
            "opacity": [1.0 if not chosen or iso3 in chosen else MUTED for iso3 in places],
            "line": {
                "width": [2 if iso3 in picked else 0.8 for iso3 in places],
                "color": [palette.accent if iso3 in picked else palette.ink for iso3 in places],
            },
        },
        "hovertext": [stories.get(iso3) or _no_data(iso3, scene) for iso3 in places],
        "hoverinfo": "text",
        "customdata": [mark("member", iso3) for iso3 in places],
    }


def _scale_bar(breaks: list[float], scene: Scene, *, is_small: bool) -> dict[str, Any]:
    positions, texts = legend_ticks(breaks, scene)
    size = scene.font_size if scene.is_present else 11 if is_small else 12
    unit = scene.words("unit.kg" if measured_column(scene) == "mass_kg" else "unit.usd")
    return {
        "title": {"text": unit, "side": "top", "font": {"size": size}},
        "orientation": "h",
        "x": 0.5,
        "y": 0,
        "yanchor": "bottom",
        "len": 0.9,
        "thickness": 6 if is_small else scene.font_size * 0.6,
        "outlinewidth": 0,
        "tickvals": positions,
        "ticktext": texts,
        "tickangle": 0,
        "tickfont": {"size": size, "color": scene.palette.soft_ink, "family": FONT},
        "ticks": "",
        "ypad": 0,
    }


def _no_data_key(scene: Scene) -> dict[str, Any]:
    """Return the colour of members without data, over the left end of the scale."""
    palette = scene.palette
    place = {"xref": "paper", "yref": "paper"}
    size = scene.font_size if scene.is_present else 12
    box = {
        **place,
        "type": "rect",
        "x0": 0.05,
        "x1": 0.075,
        "y0": 0.19,
        "y1": 0.22,
        "fillcolor": palette.missing,
        "line": {"width": 1, "color": palette.muted},
    }
    text = annotation(
        scene,
        0.08,
        0.205,
        scene.words("flows.map.no_data"),
        **place,
        xanchor="left",
        yanchor="middle",
        font={"size": size, "color": palette.soft_ink},
    )
    return {"shapes": [box], "annotations": [text]}


def _story(row: Any, total: float, scene: Scene) -> str:
    words = scene.words
    value = float(row[measured_column(scene)])
    return tooltip(
        scene.names.member(row["member_iso3"]),
        f"{flow_label(scene)}: {amount(value, scene)}",
        words("flows.share_of_all", share=words.value(value / total, "share")),
        region_name(str(row["region_id"]), scene),
        *quality_lines(row, scene),
        words("common.n", n=words.number(row["n"])),
        source_text(scene),
    )


def _no_data(iso3: str, scene: Scene) -> str:
    return tooltip(scene.names.member(iso3), scene.words("flows.no_data", range=scene.range_text))
