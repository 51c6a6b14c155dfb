"""The revision triangle: what was known of each period, and since when."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from layouts.charts import Figure, annotation, axis, base_layout, figure, rows, tooltip
from layouts.panels import Drawing, Frames
from layouts.revisions.wording import (
    change_text,
    collection_name,
    nothing_received,
    shown_flow,
    why_nothing,
)
from layouts.scene import Scene

STAGED_PERIODS: Final = 12
SLIGHT, STRONG = 0.01, 0.10
"""Relative revisions from which a value is coloured, and coloured strongly."""
LONGEST: Final = {"M": 36, "A": 60}
"""Months after the period's end that are shown at most, by the collection's frequency."""
SHORTEST: Final = 9
TICKS_AT_MOST: Final = 7
"""More numbers of months than this have no room on a phone."""
BEYOND: Final = 2
"""Months that are shown after the last event."""
SMALLEST_TEXT: Final = 10
"""Size in px below which a text in a bar is left out."""


def draw_triangle(frames: Frames, scene: Scene) -> Drawing:
    """Periods down, months after their end across; a bar for each value as long as it held."""
    frame, words = frames["revision_triangle"], scene.words
    subtitle = scene.subtitle(collection_name(scene), words(f"flow.{shown_flow(scene)}"))
    if frame.empty:
        return Drawing(empty=nothing_received(scene), subtitle=subtitle)
    known = frame.dropna(subset=["value_usd"])
    if known.empty:
        return Drawing(empty=why_nothing(frames["releases"], scene), subtitle=subtitle)
    if scene.is_present:
        frame = frame[frame["period_id"].isin(_staged(frame, known))]
    name = scene.names.member(str(frame["member_iso3"].iloc[0]))
    revised = known.loc[known["release"] > 0, "period_id"].nunique()
    received = known["period_id"].nunique()
    key = "triangle_finding" if revised else "triangle_unrevised"
    if received == 1:
        key = f"{key}_one"
    notes = [words("revisions.triangle_note")]
    if len(scene.chosen.members) != 1:
        notes.append(words("revisions.most_changed" if revised else "revisions.choose_member"))
    return Drawing(
        figure=revision_triangle(frame, scene),
        title=words(
            f"revisions.{key}",
            member=name,
            revised=words.number(revised),
            count=words.number(received),
        ),
        subtitle=subtitle,
        note=" ".join(notes),
        height=None if scene.is_present else 64 + 20 * frame["period_id"].nunique(),
    )


def _staged(frame: pd.DataFrame, known: pd.DataFrame) -> list[int]:
    """Return the periods that a stage has room for: the latest revised ones, else the latest."""
    revised = set(known.loc[known["release"] > 0, "period_id"].astype(int))
    periods = sorted(int(period) for period in frame["period_id"].unique())
    return sorted(periods, key=lambda period: (period in revised, period))[-STAGED_PERIODS:]


def revision_triangle(frame: pd.DataFrame, scene: Scene) -> Figure:
    """Return the triangle of one member; where nothing was known it is hatched."""
    palette, words, size = scene.palette, scene.words, scene.font_size
    periods = sorted(int(period) for period in frame["period_id"].unique())
    places = {period: -i for i, period in enumerate(periods)}
    longest = _longest(frame, scene)
    shown = frame[frame["first_age"] <= longest]
    known, unknown = shown.dropna(subset=["value_usd"]), shown[shown["value_usd"].isna()]
    data = [_gaps(unknown, places, longest, scene), _values(known, places, longest, scene)]
    step = -(-longest // TICKS_AT_MOST)
    ticks = [age for age in range(1, longest + 1) if (age - 1) % step == 0]
    layout = base_layout(
        scene,
        barmode="overlay",
        bargap=0.12,
        uniformtext={"minsize": size * SMALLEST_TEXT / 13, "mode": "hide"},
        xaxis=axis(
            palette,
            side="top",
            showgrid=True,
            tickangle=0,
            range=[0.5, longest + 0.5],
            tickvals=ticks,
            ticktext=[words.number(age) for age in ticks],
            title={
                "text": words("revisions.months_after"),
                "font": {"size": size, "color": palette.soft_ink},
                "standoff": 4,
            },
        ),
        yaxis=axis(
            palette,
            showgrid=False,
            tickvals=list(places.values()),
            ticktext=[words.period(period) for period in periods],
            tickfont={"color": palette.ink, "size": size},
            ticks="outside",
            ticklen=6,
            tickcolor="rgba(0,0,0,0)",
            range=[-len(periods) + 0.4, 0.6],
        ),
        annotations=_row_ends(frame, places, scene),
        margin={"l": 8, "r": round(size * 13), "t": 8, "b": 8},
    )
    return figure(data, layout)


def _longest(frame: pd.DataFrame, scene: Scene) -> int:
    """Return the last month that is shown: soon after the last receipt or revision."""
    frequency = scene.catalogue.collections.get(scene.selection.collection or "", "M")
    events = frame.dropna(subset=["value_usd"])["first_age"]
    wanted = int(events.max()) + BEYOND if len(events) else SHORTEST
    return min(max(wanted, SHORTEST), LONGEST[frequency])


def _bars(
    frame: pd.DataFrame, places: dict[int, int], longest: int, stories: list[str]
) -> dict[str, Any]:
    ends = frame["last_age"].clip(upper=longest)
    return {
        "type": "bar",
        "orientation": "h",
        "y": [places[int(period)] for period in frame["period_id"]],
        "base": (frame["first_age"] - 0.5).tolist(),
        "x": (ends - frame["first_age"] + 1).tolist(),
        "hovertext": stories,
        "hoverinfo": "text",
    }


def _gaps(
    frame: pd.DataFrame, places: dict[int, int], longest: int, scene: Scene
) -> dict[str, Any]:
    palette, words = scene.palette, scene.words
    stories = [
        tooltip(words.period(int(row.period_id)), words("revisions.nothing_known"))
        for row in rows(frame)
    ]
    pattern = {"shape": "/", "size": 6, "solidity": 0.2, "fgcolor": palette.muted,
               "bgcolor": palette.missing}  # fmt: skip
    return {
        **_bars(frame, places, longest, stories),
        "marker": {"color": palette.missing, "line": {"width": 0}, "pattern": pattern},
    }


def _values(
    frame: pd.DataFrame, places: dict[int, int], longest: int, scene: Scene
) -> dict[str, Any]:
    listed = rows(frame)
    looks = [_look(row, scene) for row in listed]
    texts = [
        scene.words.value(row.value_usd, "usd")
        if pd.isna(row.relative_revision) and row.release == 0
        else change_text(row.relative_revision, scene)
        for row in listed
    ]
    return {
        **_bars(frame, places, longest, [_story(row, scene) for row in listed]),
        "marker": {
            "color": [colour for colour, _ in looks],
            "line": {"width": 1, "color": scene.palette.paper},
        },
        "text": texts,
        "textposition": "inside",
        "insidetextanchor": "start",
        "textangle": 0,
        "constraintext": "inside",
        "insidetextfont": {"color": [ink for _, ink in looks], "size": scene.font_size},
    }


def _look(row: Any, scene: Scene) -> tuple[str, str]:
    """Return the colour of a value and that of the text on it."""
    palette = scene.palette
    change = 0.0 if pd.isna(row.relative_revision) else float(row.relative_revision)
    if abs(change) < SLIGHT:
        return palette.sequential[0], palette.ink
    is_strong = abs(change) >= STRONG
    place = (0 if is_strong else 1) if change < 0 else (5 if is_strong else 4)
    dark = palette.ink if palette.name == "light" else palette.paper
    return palette.diverging[place], palette.paper if is_strong else dark


def _story(row: Any, scene: Scene) -> str:
    words = scene.words
    is_first = row.release == 0
    key = {"unknown": "day_unknown", "upper": "known_by"}.get(row.received_bound, "known_from")
    known = words(f"revisions.{key}", day=words.day(row.known_on.date()))
    return tooltip(
        words.period(int(row.period_id)),
        words.value(row.value_usd, "usd"),
        words("revisions.first_value")
        if is_first
        else words(
            "revisions.as_revision",
            number=words.number(row.release),
            change=change_text(row.relative_revision, scene),
        ),
        known,
    )


def _row_ends(frame: pd.DataFrame, places: dict[int, int], scene: Scene) -> list[dict[str, Any]]:
    """Return what is known now at the end of each row."""
    words, palette, size = scene.words, scene.palette, scene.font_size
    found = []
    for row in rows(frame.groupby("period_id").tail(1)):
        text = words("revisions.not_received")
        if not pd.isna(row.value_usd):
            text = words.value(row.value_usd, "usd")
            if row.release > 0:
                text = f"{text}  {change_text(row.relative_revision, scene)}"
        is_known = not pd.isna(row.value_usd)
        found.append(
            annotation(
                scene,
                1,
                places[int(row.period_id)],
                text,
                xref="paper",
                xanchor="left",
                yanchor="middle",
                xshift=6,
                font={"size": size, "color": palette.ink if is_known else palette.soft_ink},
            )
        )
    return found
