"""The largest pairs of a region as a matrix: how far apart both records are."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from layouts.charts import Figure, axis, base_layout, figure, mark, rows, safe, tooltip
from layouts.chips import commodity_name
from layouts.flows.scale import discrete_scale
from layouts.mirror.subject import collection_text, nothing, short, signed
from layouts.palette import REGION_COLOURS
from layouts.panels import Drawing, Frames
from layouts.scene import Scene

BREAKS: Final = (0.1, 0.2, 0.4, 0.8, 1.2)
"""Breaks of the six classes of CC2; 2 is the most."""

ROW_HEIGHT: Final = 24
STAGED_ROWS: Final = 12
FEWEST_ROWS: Final = 4
NAME_AT_MOST: Final = 22


def draw_matrix(frames: Frames, scene: Scene) -> Drawing:
    """Members down, their largest partners across; a click on a cell selects the pair."""
    frame = frames["mirror_matrix"]
    if frame.empty:
        return nothing(scene)
    words = scene.words
    own, partners = order(frame, "reporter_iso3"), order(frame, "partner_iso3")
    if scene.is_present:
        own = own[:STAGED_ROWS]
    code = scene.chosen.commodity
    flow = words(f"mirror.matrix.{'in' if scene.selection.flow == 'M' else 'out'}")
    return Drawing(
        figure=pair_matrix(frame, own, partners, scene),
        subtitle=scene.subtitle(
            f"{words('column.asymmetry')}, {flow}",
            commodity_name(scene, code) if code else "",
            collection_text(scene),
            words("mirror.matrix.months")
            if scene.catalogue.collections.get(scene.selection.collection or "") != "A"
            else "",
        ),
        note=words("mirror.matrix.read"),
        height=None if scene.is_present else max(260, 110 + ROW_HEIGHT * len(own)),
    )


def order(frame: pd.DataFrame, column: str) -> list[str]:
    """Return areas, the one with the largest trade first."""
    size = (frame["reported_usd"] + frame["mirrored_usd"]).groupby(frame[column]).sum()
    return [str(iso3) for iso3 in size.sort_values(ascending=False, kind="stable").index]


def asymmetry_class(value: float) -> int:
    """Return the class of a relative asymmetry."""
    return sum(value >= step for step in BREAKS)


def pair_matrix(frame: pd.DataFrame, own: list[str], partners: list[str], scene: Scene) -> Figure:
    """Return the matrix as a classed heatmap with the values written in."""
    palette = scene.palette
    size = scene.font_size if scene.is_present else 12
    down = {iso3: place for place, iso3 in enumerate(own)}
    across = {iso3: place for place, iso3 in enumerate(partners)}
    z: list[list[int | None]] = [[None] * len(partners) for _ in own]
    text = [[""] * len(partners) for _ in own]
    hover = [[""] * len(partners) for _ in own]
    marks = [[""] * len(partners) for _ in own]
    for row in rows(frame):
        y = down.get(row.reporter_iso3)
        if y is None or row.asymmetry != row.asymmetry:
            continue
        x = across[row.partner_iso3]
        z[y][x] = asymmetry_class(row.asymmetry)
        text[y][x] = scene.words.value(row.asymmetry, "ratio")
        hover[y][x] = _story(row, scene)
        marks[y][x] = mark("pair", row.reporter_iso3, row.partner_iso3)
    data: list[dict[str, Any]] = [
        {
            "type": "heatmap",
            "x": list(range(len(partners))),
            "y": list(range(len(own))),
            "z": z,
            "zmin": -0.5,
            "zmax": len(BREAKS) + 0.5,
            "colorscale": discrete_scale(palette.sequential),
            "showscale": False,
            "xgap": 2,
            "ygap": 2,
            "text": text,
            "texttemplate": "%{text}",
            "textfont": {"size": size},
            "hovertext": hover,
            "hoverinfo": "text",
            "hoverongaps": False,
            "customdata": marks,
        }
    ]
    layout = base_layout(
        scene,
        xaxis=axis(
            palette,
            side="top",
            showgrid=False,
            tickangle=0,
            tickvals=list(range(len(partners))),
            ticktext=[safe(iso3) for iso3 in partners],
            tickfont={"size": size, "color": palette.ink},
            range=[-0.5, len(partners) - 0.5],
        ),
        yaxis=axis(
            palette,
            showgrid=False,
            tickvals=list(range(len(own))),
            ticktext=[_heading(iso3, scene) for iso3 in own],
            tickfont={"size": size, "color": palette.ink},
            range=[len(own) - 0.5, -0.5],
            # A few rows stay low, and the grey of what is missing ends with them.
            domain=[1 - min(1.0, len(own) / FEWEST_ROWS), 1],
        ),
        plot_bgcolor=palette.missing,
        shapes=_chosen(down, across, scene),
        margin={"l": 8, "r": 4, "t": 8, "b": 4},
    )
    return figure(data, layout)


def _heading(iso3: str, scene: Scene) -> str:
    colour = REGION_COLOURS.get(scene.catalogue.members.get(iso3, ""), scene.palette.muted)
    name = safe(short(scene.names.member(iso3), NAME_AT_MOST))
    return f'{name} <span style="color:{colour}">■</span>'


def _chosen(down: dict[str, int], across: dict[str, int], scene: Scene) -> list[dict[str, Any]]:
    """Outline the chosen pair, or the whole row of the chosen member."""
    found = []
    for iso3 in scene.chosen.members:
        if iso3 not in down:
            continue
        wanted = [across[one] for one in scene.chosen.partners if one in across]
        first, last = (min(wanted), max(wanted)) if wanted else (0, len(across) - 1)
        found.append(
            {
                "type": "rect",
                "x0": first - 0.5,
                "x1": last + 0.5,
                "y0": down[iso3] - 0.5,
                "y1": down[iso3] + 0.5,
                "line": {"width": 2, "color": scene.palette.accent},
            }
        )
    return found


def _story(row: Any, scene: Scene) -> str:
    words, names = scene.words, scene.names
    ours, theirs = names.member(row.reporter_iso3), names.member(row.partner_iso3)
    seller, buyer = (theirs, ours) if scene.selection.flow == "M" else (ours, theirs)
    return tooltip(
        words("mirror.way", seller=seller, buyer=buyer),
        f"{words('column.asymmetry')}: {words.value(row.asymmetry, 'ratio')}",
        words("mirror.ours", amount=words.value(row.reported_usd, "usd")),
        words("mirror.theirs", amount=words.value(row.mirrored_usd, "usd")),
        words("mirror.gap", amount=signed(row.gap_usd, scene)),
        words(
            "mirror.periods",
            matched=words.number(row.matched_count),
            all=words.number(row.cell_count),
        ),
    )
