"""Ranked partners: the largest fifteen, and the rest as one bar."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from layouts.charts import Figure, axis, base_layout, figure, mark, safe, tooltip
from layouts.flows.quality import key_text, overlays, quality_lines, shares_of_all, standing
from layouts.flows.wording import (
    amount,
    measured_column,
    nothing,
    region_colour,
    region_name,
    source_text,
    trade_subtitle,
)
from layouts.panels import Drawing, Frames
from layouts.scene import Scene

BARS_AT_MOST: Final = 15
BARS_ON_STAGE: Final = 10
NAME_AT_MOST: Final = 24
REST: Final = "rest"


def draw_partners(frames: Frames, scene: Scene) -> Drawing:
    """Bars of the largest partners of the members chosen, or of all."""
    frame = frames["partner_trade"]
    column = measured_column(scene)
    if not frame[column].sum() > 0:
        return Drawing(empty=nothing(scene))
    words = scene.words
    key = "in" if scene.selection.flow in ("M", "RM") else "out"
    title = (
        words(f"flows.partners.of.{key}", scope=scene.scope_text)
        if scene.chosen.members or scene.chosen.regions
        else None
    )
    drawn = partner_bars(frame, scene)
    return Drawing(
        figure=drawn,
        title=title,
        subtitle=trade_subtitle(scene, frame, towards=True, scope=title is None),
        note=key_text(scene, [str(trace["name"]) for trace in drawn["data"][1:]]) or None,
    )


def partner_bars(frame: pd.DataFrame, scene: Scene) -> Figure:
    """Return horizontal bars, the largest on top; partners chosen stand out and are kept."""
    words, names, palette = scene.words, scene.names, scene.palette
    column = measured_column(scene)
    ranked = frame[frame[column] > 0].sort_values([column, "partner_iso3"], ascending=[False, True])
    most = BARS_ON_STAGE if scene.is_present else BARS_AT_MOST
    total = float(ranked[column].sum())
    chosen = scene.chosen.partners
    top = ranked.head(most)
    # A partner that is chosen stays in sight, whatever its rank.
    kept = ranked.iloc[most:][ranked.iloc[most:]["partner_iso3"].isin(chosen)]
    shown = pd.concat([top, kept])
    rest = ranked.drop(index=shown.index)
    bars = [
        {
            "label": _short(names.member(row["partner_iso3"])),
            "value": row[column],
            "colour": region_colour(row["region_id"], palette),
            "opacity": 1.0 if not chosen or row["partner_iso3"] in chosen else 0.3,
            "line": palette.accent if row["partner_iso3"] in chosen else "rgba(0,0,0,0)",
            "mark": mark("partner", row["partner_iso3"]),
            "standing": standing(row),
            "story": tooltip(
                names.member(row["partner_iso3"]),
                amount(row[column], scene),
                words("flows.share_of_all", share=words.value(row[column] / total, "share")),
                region_name(str(row["region_id"]), scene),
                *quality_lines(row, scene),
                words("common.n", n=words.number(row["n"])),
                source_text(scene),
            ),
        }
        for row in shown.to_dict("records")
    ]
    if len(rest):
        value, together = float(rest[column].sum()), shares_of_all(rest)
        label = words("flows.partners.rest", count=words.number(len(rest)))
        bars.append(
            {
                "label": label,
                "value": value,
                "colour": palette.line,
                "opacity": 1.0,
                "line": "rgba(0,0,0,0)",
                "mark": "",
                "standing": standing(together),
                "story": tooltip(label, amount(value, scene), *quality_lines(together, scene)),
            }
        )
    return _bars(bars, scene)


def _bars(bars: list[dict[str, Any]], scene: Scene) -> Figure:
    palette = scene.palette
    places = list(range(len(bars)))
    values = [float(bar["value"]) for bar in bars]
    size = scene.font_size if scene.is_present else 12
    data: list[dict[str, Any]] = [
        {
            "type": "bar",
            "orientation": "h",
            "x": values,
            "y": places,
            "marker": {
                "color": [bar["colour"] for bar in bars],
                "opacity": [bar["opacity"] for bar in bars],
                "line": {"width": 2, "color": [bar["line"] for bar in bars]},
            },
            "text": [amount(value, scene) for value in values],
            "textposition": "outside",
            "textfont": {"size": size, "color": palette.ink},
            "cliponaxis": False,
            "hovertext": [bar["story"] for bar in bars],
            "hoverinfo": "text",
            "customdata": [bar["mark"] for bar in bars],
        }
    ]
    rows = [(float(place), values[place], bar["standing"]) for place, bar in enumerate(bars)]
    data += overlays(rows, scene)
    layout = base_layout(
        scene,
        bargap=0.25,
        barmode="overlay",
        xaxis=axis(
            palette, visible=False, range=[0, max(values) * (1.5 if scene.is_present else 1.4)]
        ),
        yaxis=axis(
            palette,
            showgrid=False,
            tickvals=places,
            ticktext=[safe(bar["label"]) for bar in bars],
            tickfont={"size": size, "color": palette.ink},
            range=[max(len(bars), 4) - 0.5, -0.5],
        ),
    )
    return figure(data, layout)


def _short(name: str) -> str:
    return name if len(name) <= NAME_AT_MOST else name[: NAME_AT_MOST - 1].rstrip(" ,") + "…"
