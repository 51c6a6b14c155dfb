"""Figure of the totals that members state, beside the sum of their partners."""

from __future__ import annotations

import pandas as pd

from layouts.charts import Figure, axis, base_layout, figure, mark, rows, safe, tooltip
from layouts.palette import REGION_COLOURS
from layouts.panels import Drawing, Frames
from layouts.scene import Scene

SHOWN = 20
SHOWN_ON_STAGE = 10


def draw_stated_totals(frames: Frames, scene: Scene) -> Drawing:
    """The largest stated totals of the latest period, as bars; the sum of partners as a tick."""
    words = scene.words
    frame = frames["stated_totals"]
    frame = frame[frame["flow_code"] == scene.selection.flow]
    if frame.empty:
        return Drawing(
            empty=words(
                "stated.none",
                collection=scene.names.collections[scene.selection.collection or ""],
                range=scene.range_text,
            )
        )
    period = int(frame["period_id"].max())
    latest = frame[frame["period_id"] == period].sort_values("stated_usd", ascending=False)
    shown = latest.head(SHOWN_ON_STAGE if scene.is_present else SHOWN)
    note = words("stated.note")
    if len(latest) > len(shown):
        rest = latest["stated_usd"].iloc[len(shown) :].sum()
        note += " " + words(
            "stated.rest", count=len(latest) - len(shown), value=words.value(rest, "usd")
        )
    return Drawing(
        figure=stated_totals(shown, scene),
        subtitle=" · ".join(
            [
                words(f"flow.{scene.selection.flow}"),
                words.label("value_usd"),
                words.period(period),
                words("common.as_of", day=words.day(scene.as_of)),
            ]
        ),
        note=note,
    )


def stated_totals(frame: pd.DataFrame, scene: Scene) -> Figure:
    """Return horizontal bars, largest on top, with a tick for the sum of partners."""
    palette, words, names = scene.palette, scene.words, scene.names
    ordered = rows(frame.iloc[::-1])
    labels = [safe(names.member(row.member_iso3)) for row in ordered]
    chosen = scene.chosen.members
    texts = []
    for row in ordered:
        lines = [names.member(row.member_iso3), words.value(row.stated_usd, "usd")]
        if not pd.isna(row.partners_usd):
            lines.append(words("stated.partners", value=words.value(row.partners_usd, "usd")))
        texts.append(tooltip(*lines, scene.source_text()))
    bars = {
        "type": "bar",
        "orientation": "h",
        "x": [float(row.stated_usd) for row in ordered],
        "y": labels,
        "marker": {
            "color": [REGION_COLOURS.get(str(row.region_id), palette.muted) for row in ordered],
            "opacity": [
                1.0 if not chosen or row.member_iso3 in chosen else 0.35 for row in ordered
            ],
        },
        "text": [words.value(row.stated_usd, "usd") for row in ordered],
        "textposition": "outside",
        "cliponaxis": False,
        "hovertext": texts,
        "hoverinfo": "text",
        "customdata": [mark("member", row.member_iso3) for row in ordered],
    }
    known = [
        (label, float(row.partners_usd))
        for label, row in zip(labels, ordered, strict=True)
        if not pd.isna(row.partners_usd)
    ]
    ticks = {
        "type": "scatter",
        "mode": "markers",
        "x": [value for _, value in known],
        "y": [label for label, _ in known],
        "marker": {
            "symbol": "line-ns",
            "size": scene.font_size,
            "line": {"width": 2, "color": palette.ink},
        },
        "hoverinfo": "skip",
    }
    layout = base_layout(
        scene,
        xaxis=axis(palette, showticklabels=False, rangemode="tozero"),
        yaxis=axis(palette, showgrid=False, type="category"),
        bargap=0.3,
        margin={"l": 8, "r": 96, "t": 8, "b": 8},
    )
    return figure([bars, ticks], layout)
