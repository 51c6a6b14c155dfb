"""Our score against an external one, a dot per member."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd

from layouts.charts import Figure, annotation, axis, base_layout, figure, mark, rows, tooltip
from layouts.cross_check.subject import (
    focus_of,
    indicator_name,
    rho_text,
    shown_score,
    why_empty,
)
from layouts.palette import REGION_COLOURS
from layouts.panels import Drawing, Frames
from layouts.quality.subject import collection_text, is_in_scope
from layouts.scene import Scene

LABELS_AT_MOST: Final = 8
ROOM_OF_LABEL: Final = 0.07
"""Least distance between labels, as a share of the height."""

WIDTH_OF_LETTER: Final = 0.016
"""Of a label, as a share of the width."""


def draw_scatter(frames: Frames, scene: Scene) -> Drawing:
    """Theirs across, ours up; who is out of line is named, with the interval of our score."""
    members, agreement = frames["outside_members"], frames["outside_agreement"]
    focus = focus_of(agreement, members, scene)
    if focus is None or focus.rho != focus.rho:
        return Drawing(empty=why_empty(focus, scene))
    words = scene.words
    return Drawing(
        figure=outside_scatter(members, scene),
        subtitle=words(
            "cross-check.scatter_unit",
            measure=words.label(shown_score(scene)),
            range=scene.range_text,
            name=indicator_name(focus.indicator_id, scene),
            year=str(focus.year),
        )
        + (f" · {text}" if (text := collection_text(scene)) else ""),
        note=words("cross-check.scatter_note", rho=rho_text(focus, scene), n=words.number(focus.n)),
    )


def outside_scatter(members: pd.DataFrame, scene: Scene) -> Figure:
    """Return the dots of all members, whiskers and names of those out of line or chosen."""
    palette, words = scene.palette, scene.words
    chosen = scene.chosen.members
    named = _named(members, scene)
    known = rows(members)
    is_lit = [is_in_scope(scene, row.member_iso3, row.region_id) for row in known]
    dots = {
        "type": "scatter",
        "mode": "markers",
        "x": [row.value for row in known],
        "y": [row.score for row in known],
        "customdata": [mark("member", row.member_iso3) for row in known],
        "hovertext": [_story(row, len(known), scene) for row in known],
        "hoverinfo": "text",
        "cliponaxis": False,
        "marker": {
            "size": [
                (18 if scene.is_present else 9) * (1.5 if row.member_iso3 in chosen else 1)
                for row in known
            ],
            "color": [REGION_COLOURS.get(row.region_id, palette.muted) for row in known],
            "opacity": [0.9 if lit else 0.2 for lit in is_lit],
            "line": {
                "color": [
                    palette.accent if row.member_iso3 in chosen else palette.paper for row in known
                ],
                "width": [2 if row.member_iso3 in chosen else 0.5 for row in known],
            },
        },
    }
    lines = _whiskers([row for row in known if row.member_iso3 in named], scene)
    layout = base_layout(
        scene,
        xaxis=axis(
            palette,
            title=_axis_title(words("cross-check.axis_theirs"), scene),
            nticks=6,
        ),
        yaxis=axis(palette, title=_axis_title(words("cross-check.axis_ours"), scene), nticks=6),
        annotations=_labels(known, named, scene),
        margin={"l": 8, "r": 16, "t": 12, "b": 8},
    )
    return figure([lines, dots], layout)


def _axis_title(text: str, scene: Scene) -> dict[str, Any]:
    font = {"size": scene.font_size, "color": scene.palette.soft_ink}
    return {"text": text, "standoff": 6, "font": font}


def _named(members: pd.DataFrame, scene: Scene) -> list[str]:
    """Return who is named: the chosen, then those in scope that are surest out of line."""
    chosen = [one for one in members["member_iso3"] if one in scene.chosen.members]
    others = [
        row.member_iso3
        for row in rows(members[members["is_out_of_line"]])
        if is_in_scope(scene, row.member_iso3, row.region_id)
    ]
    return list(dict.fromkeys([*chosen, *others]))[:LABELS_AT_MOST]


def _whiskers(known: list[Any], scene: Scene) -> dict[str, Any]:
    xs: list[float | None] = []
    ys: list[float | None] = []
    for row in known:
        if row.score_low == row.score_low:
            xs += [row.value, row.value, None]
            ys += [row.score_low, row.score_high, None]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": xs,
        "y": ys,
        "hoverinfo": "skip",
        "connectgaps": False,
        "cliponaxis": False,
        "line": {"color": scene.palette.soft_ink, "width": 3 if scene.is_present else 1.5},
    }


def _labels(known: list[Any], named: list[str], scene: Scene) -> list[dict[str, Any]]:
    """Return names beside their dots, moved up where they would hide each other."""
    labelled = sorted((row for row in known if row.member_iso3 in named), key=lambda r: r.score)
    if not labelled:
        return []
    values = np.array([row.value for row in known])
    scores = np.array([row.score for row in known])
    wide, high = (max(1e-9, float(np.ptp(side))) for side in (values, scores))
    middle = (values.min() + values.max()) / 2
    taken: list[tuple[float, float, float]] = []
    found = []
    for row in labelled:
        name, is_right = scene.names.member(row.member_iso3), bool(row.value > middle)
        length = len(name) * WIDTH_OF_LETTER * wide
        left = row.value - length if is_right else row.value
        height = row.score
        for start, end, at in sorted(taken, key=lambda box: box[2]):
            if start < left + length and left < end and abs(at - height) < ROOM_OF_LABEL * high:
                height = at + ROOM_OF_LABEL * high
        taken.append((left, left + length, height))
        is_chosen = row.member_iso3 in scene.chosen.members
        found.append(
            annotation(
                scene,
                row.value,
                height,
                name,
                xanchor="right" if is_right else "left",
                xshift=-8 if is_right else 8,
                font={
                    "size": scene.font_size * 0.92,
                    "color": scene.palette.accent if is_chosen else scene.palette.ink,
                    "weight": 600 if is_chosen else 400,
                },
            )
        )
    return found


def _story(row: Any, count: int, scene: Scene) -> str:
    words = scene.words
    interval = (
        words(
            "common.interval",
            low=words.value(row.score_low, "score"),
            high=words.value(row.score_high, "score"),
        )
        if row.score_low == row.score_low
        else ""
    )
    return tooltip(
        scene.names.member(row.member_iso3),
        f"{words.label(shown_score(scene))} {words.value(row.score, 'score')}",
        interval,
        f"{indicator_name(row.indicator_id, scene)} {words.number(row.value, 1)} ({row.year})",
        words(
            "cross-check.places",
            ours=words.number(row.place_ours),
            theirs=words.number(row.place_theirs),
            count=words.number(count),
        ),
    )
