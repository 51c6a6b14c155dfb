"""How often a rule is right: the share of its findings that a later revision corrected."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from layouts.charts import Figure, annotation, axis, base_layout, figure, mark, rows, tooltip
from layouts.panels import Drawing, Frames
from layouts.quality.rules import ROW_PIXELS, labels_above
from layouts.quality.subject import collection_text, rule_title
from layouts.scene import Scene

SHOWN_AT_MOST: Final = 32
STAGED: Final = 8


def precision_text(row: Any, scene: Scene) -> str:
    """Write a rule's precision with its interval, or that no revision has come yet."""
    words = scene.words
    if row is None or not row.decided_count:
        return words("rules.no_revision")
    return words(
        "rules.precision_short",
        share=words.value(row.precision, "share"),
        low=words.value(row.low, "share"),
        high=words.value(row.high, "share"),
    )


def precision_sentence(row: Any, scene: Scene) -> str:
    """Say how many findings a later revision corrected, with the interval and what is open."""
    words = scene.words
    if row is None or not (row.decided_count or row.undecided_count):
        return words("rules.no_revision_long")
    if not row.decided_count:
        return words("rules.all_undecided", count=words.number(row.undecided_count))
    text = words(
        "rules.precision_long",
        share=words.value(row.precision, "share"),
        low=words.value(row.low, "share"),
        high=words.value(row.high, "share"),
        corrected=words.number(row.corrected_count),
        decided=words.number(row.decided_count),
    )
    if row.undecided_count:
        text += " " + words("rules.undecided", count=words.number(row.undecided_count))
    return text


def draw_precision(frames: Frames, scene: Scene) -> Drawing:
    """Every rule whose findings were revised: the share corrected, with its interval."""
    frame = frames["rule_catalogue"]
    words = scene.words
    known = frame[frame["decided_count"] > 0]
    if known.empty:
        return Drawing(
            empty=words("rules.nothing_revised", scope=scene.scope_text, range=scene.range_text)
        )
    ordered = known.sort_values(["precision", "decided_count", "rule_id"], ascending=False)
    shown = ordered.head(STAGED if scene.is_present else SHOWN_AT_MOST)
    return Drawing(
        figure=precision_dots(shown, scene),
        height=None if scene.is_present else len(shown) * ROW_PIXELS + 36,
        subtitle=scene.subtitle(
            words.label("precision"), words("rules.interval"), collection_text(scene)
        ),
        note=words("rules.precision_note"),
    )


def precision_dots(frame: pd.DataFrame, scene: Scene) -> Figure:
    """Return a dot with its interval per rule, the title above it; both can be clicked."""
    palette, words = scene.palette, scene.words
    chosen, dimension = scene.chosen.rule, scene.chosen.dimension
    listed = rows(frame)
    events = [mark("rule", row.rule_id) for row in listed]
    colours = [palette.accent if row.rule_id == chosen else palette.soft_ink for row in listed]
    opacities = [
        1.0
        if (not chosen or row.rule_id == chosen)
        and (not dimension or row.dimension_id == dimension)
        else 0.4
        for row in listed
    ]
    shares = frame["precision"].tolist()
    data = [
        {
            "type": "scatter",
            "mode": "markers",
            "x": shares,
            "y": list(range(len(listed))),
            "error_x": {
                "type": "data",
                "symmetric": False,
                "array": (frame["high"] - frame["precision"]).tolist(),
                "arrayminus": (frame["precision"] - frame["low"]).tolist(),
                "color": palette.muted,
                "thickness": 2 if scene.is_present else 1.5,
                "width": 3,
            },
            "marker": {
                "color": colours,
                "opacity": opacities,
                "size": 16 if scene.is_present else 9,
            },
            "cliponaxis": False,
            "customdata": events,
            "hovertext": [
                tooltip(
                    rule_title(scene, row.rule_id),
                    precision_sentence(row, scene),
                    scene.source_text(),
                )
                for row in listed
            ],
            "hoverinfo": "text",
        }
    ]
    labels = labels_above(
        [rule_title(scene, row.rule_id) for row in listed],
        events,
        [row.rule_id == chosen for row in listed],
        scene,
    )
    for place, row in enumerate(listed):
        # The figure stands beyond the interval, on the side where there is room.
        is_left = row.high > 0.7
        labels.append(
            annotation(
                scene,
                row.low if is_left else row.high,
                place,
                f"{words.value(row.precision, 'share')} (n = {words.number(row.decided_count)})",
                xanchor="right" if is_left else "left",
                xshift=-8 if is_left else 8,
                font={"size": scene.font_size * 0.9, "color": palette.soft_ink},
            )
        )
    steps = [0.0, 0.25, 0.5, 0.75, 1.0]
    layout = base_layout(
        scene,
        xaxis=axis(
            palette,
            range=[-0.02, 1.02],
            tickvals=steps,
            ticktext=[words.value(step, "share") for step in steps],
        ),
        yaxis=axis(palette, visible=False, range=[len(listed) - 0.6, -0.85]),
        annotations=labels,
        margin={"l": 8, "r": 16, "t": 2, "b": 24},
    )
    return figure(data, layout)
