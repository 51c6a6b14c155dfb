"""What one member delivered and owes: its status board over all collections, its due dates."""

from __future__ import annotations

from typing import Any

import pandas as pd
from dash import html

from layouts.attributes import attributes
from layouts.charts import Figure, annotation, axis, base_layout, figure, mark, rows, safe, tooltip
from layouts.members.subject import (
    nobody,
    owes_nothing,
    period_ticks,
    profile_of,
    staged_title,
    subject,
)
from layouts.palette import STATUS_SYMBOLS
from layouts.panels import Drawing, Frames
from layouts.scene import Scene

STATUS_ORDER = ("on_time", "late", "overdue", "pending", "waived", "unknown")
JUDGED = ("on_time", "late", "overdue")
GLYPHS = {"late": "diamond", "overdue": "x-thin"}
ROWS_AT_MOST = 8
OVERDUE_AT_MOST = 4
LONG_MONTHS = 60
"""From here on gaps and glyphs shrink, or they would cover the bars."""


def month_index(period_id: int) -> tuple[int, int]:
    """Return the first month of a period, counted from year 0, and its length in months."""
    if period_id < 10_000:
        return period_id * 12, 12
    return period_id // 100 * 12 + period_id % 100 - 1, 1


def draw_board(frames: Frames, scene: Scene) -> Drawing:
    """The member's obligations: collections down, time across, a year as wide as its months."""
    iso3 = subject(scene)
    if iso3 is None:
        return nobody(scene)
    frame = frames["member_obligations"]
    frame = frame[frame["member_iso3"] == iso3]
    profile = profile_of(frames["member_facts"], iso3)
    if frame.empty:
        return Drawing(empty=owes_nothing(scene, iso3, profile))
    words = scene.words
    return Drawing(
        figure=obligation_board(frame, profile, scene),
        title=staged_title(scene, "board"),
        subtitle=scene.subtitle(words("members.board_unit")),
        note=" ".join(f"{STATUS_SYMBOLS[name]} {words(f'status.{name}')}" for name in STATUS_ORDER),
    )


def obligation_board(frame: pd.DataFrame, profile: Any | None, scene: Scene) -> Figure:
    """Return bars on a common axis of months, a row per collection, coloured by status."""
    palette, names = scene.palette, scene.names
    order = [one for one in scene.catalogue.collections if (frame["collection_id"] == one).any()]
    places = {collection: i for i, collection in enumerate(order)}
    bars: dict[str, list[Any]] = {key: [] for key in ("base", "x", "y", "color", "text", "mark")}
    glyphs: dict[str, tuple[list[float], list[int]]] = {name: ([], []) for name in GLYPHS}
    for row in rows(frame):
        start, length = month_index(int(row.period_id))
        y = places[row.collection_id]
        bars["base"].append(start)
        bars["x"].append(length)
        bars["y"].append(y)
        bars["color"].append(palette.status[row.status])
        bars["text"].append(_story(row, scene))
        bars["mark"].append(mark("collection", row.collection_id))
        if row.status in glyphs:
            glyphs[row.status][0].append(start + length / 2)
            glyphs[row.status][1].append(y)
    first, last = (
        min(bars["base"]),
        max(b + w for b, w in zip(bars["base"], bars["x"], strict=True)),
    )
    is_long = last - first > LONG_MONTHS
    data: list[dict[str, Any]] = [
        {
            "type": "bar",
            "orientation": "h",
            "base": bars["base"],
            "x": bars["x"],
            "y": bars["y"],
            "width": 0.62,
            "marker": {
                "color": bars["color"],
                "line": {"width": 0.5 if is_long else 1.5, "color": palette.paper},
            },
            "hovertext": bars["text"],
            "hoverinfo": "text",
            "textposition": "none",
            "customdata": bars["mark"],
        }
    ]
    for name, (xs, ys) in glyphs.items():
        data.append(
            {
                "type": "scatter",
                "mode": "markers",
                "x": xs,
                "y": ys,
                "hoverinfo": "skip",
                "marker": {
                    "symbol": GLYPHS[name],
                    "size": scene.font_size * (0.2 if is_long else 0.45),
                    "color": palette.paper,
                    "line": {"width": 0.5 if is_long else 1.5, "color": palette.paper},
                },
            }
        )
    chosen = scene.chosen.collection
    ticks = [
        f"<b>{safe(names.collections[one])}</b>" if one == chosen else safe(names.collections[one])
        for one in order
    ]
    ends = [
        annotation(
            scene,
            1.01,
            places[one],
            _row_end(frame[frame["collection_id"] == one], scene),
            xref="paper",
            xanchor="left",
            align="left",
        )
        for one in order
    ]
    layout = base_layout(
        scene,
        barmode="overlay",
        xaxis=_month_axis(first, last, scene),
        yaxis=axis(
            palette,
            showgrid=False,
            tickvals=list(places.values()),
            ticktext=ticks,
            tickfont={"size": scene.font_size, "color": palette.ink},
            range=[len(order) - 0.5, -0.6],
        ),
        annotations=ends + _joined(profile, first, last, len(order), scene),
        margin={"l": 8, "r": scene.font_size * 12.5, "t": 24, "b": 8},
    )
    return figure(data, layout)


def _month_axis(first: int, last: int, scene: Scene) -> dict[str, Any]:
    periods = [month // 12 * 100 + month % 12 + 1 for month in range(first, last)]
    places, texts = period_ticks(periods, scene)
    return axis(
        scene.palette,
        side="top",
        tickangle=0,
        tickvals=[first + place for place in places],
        ticktext=texts,
        range=[first, last],
    )


def _row_end(frame: pd.DataFrame, scene: Scene) -> str:
    words = scene.words
    judged = frame[frame["status"].isin(JUDGED) & frame["is_counted"]]
    if judged.empty:
        return words("members.none_counted_short")
    on_time = int((judged["status"] == "on_time").sum())
    return words(
        "members.row_end",
        share=words.value(on_time / len(judged), "share"),
        n=words.number(len(judged)),
    )


def _joined(
    profile: Any | None, first: int, last: int, count: int, scene: Scene
) -> list[dict[str, Any]]:
    """Return the note of when the member joined, if it was within the range."""
    if profile is None:
        return []
    joined = profile.joined_on.year * 12 + profile.joined_on.month - 1
    if not first < joined < last:
        return []
    text = scene.words("members.joined", day=scene.words.day(profile.joined_on.date()))
    return [
        annotation(
            scene,
            joined,
            count - 0.5,
            text,
            xanchor="right",
            yanchor="bottom",
            font={"size": scene.font_size, "color": scene.palette.soft_ink},
        )
    ]


def _story(row: Any, scene: Scene) -> str:
    words = scene.words
    received = None if pd.isna(row.received_on) else row.received_on.date()
    due = row.due_on.date()
    lines = [
        f"{scene.names.collections[row.collection_id]}, {words.period(int(row.period_id))}",
        words(f"status.{row.status}"),
        words("members.due_day", day=words.day(due)),
    ]
    if received is not None:
        lines.append(words("members.received_day", day=words.day(received)))
        if received > due:
            lines.append(
                words("members.days_late", days=words.value((received - due).days, "days"))
            )
    elif row.status == "overdue":
        days = words.value((scene.as_of - due).days, "days")
        lines.append(words("members.days_overdue", days=days))
    return tooltip(*lines)


def draw_due_dates(frames: Frames, scene: Scene) -> Drawing:
    """What the member owes now and next: overdue first, then by due date."""
    iso3 = subject(scene)
    if iso3 is None:
        return nobody(scene)
    frame = frames["member_due_dates"]
    words = scene.words
    if frame.empty:
        profile = profile_of(frames["member_facts"], iso3)
        return Drawing(empty=owes_nothing(scene, iso3, profile))
    overdue = frame[frame["status"] == "overdue"].sort_values("due_on", ascending=False)
    coming = frame[frame["status"] != "overdue"].sort_values("due_on")
    shown = pd.concat([overdue.head(OVERDUE_AT_MOST), coming])
    shown = shown.head(ROWS_AT_MOST)
    hidden = len(overdue) - OVERDUE_AT_MOST
    parts: list[Any] = [_due_table(shown, scene)]
    if hidden > 0:
        parts.append(
            html.P(words("members.more_overdue", count=words.number(hidden)), className="hint")
        )
    title = None
    if len(overdue):
        title = words("members.due_title", count=words.number(len(overdue)))
    return Drawing(
        children=html.Div(parts),
        title=title,
        subtitle=words("common.as_of", day=words.day(scene.as_of)),
    )


def _due_table(frame: pd.DataFrame, scene: Scene) -> html.Table:
    words = scene.words
    labels = ("collection_id", "days_left")
    head = html.Thead(
        html.Tr(
            [
                html.Th(
                    words(f"column.{name}"),
                    scope="col",
                    className="number" if name == "days_left" else "",
                )
                for name in labels
            ]
        )
    )
    return html.Table(
        [head, html.Tbody([_due_row(row, scene) for row in rows(frame)])],
        className="data-table due-table",
    )


def _due_row(row: Any, scene: Scene) -> html.Tr:
    words = scene.words
    days = int(row.days_left)
    if row.status == "overdue":
        left = words("members.days_overdue", days=words.value(-days, "days"))
    else:
        left = words("members.days_left", days=words.value(days, "days"))
    symbol = STATUS_SYMBOLS.get(row.status, "·")
    what: list[Any] = [
        html.Button(
            scene.names.collections[row.collection_id],
            type="button",
            className="mark",
            **attributes(data_event=f"collection:{row.collection_id}"),
        ),
        html.Div(
            words(
                "members.period_due",
                period=words.period(int(row.period_id)),
                day=words.day(row.due_on.date()),
            ),
            className="hint",
        ),
    ]
    return html.Tr(
        [
            html.Td(
                html.Div(
                    [
                        html.Span(
                            symbol,
                            className="due-table__symbol",
                            **attributes(aria_hidden="true"),
                        ),
                        html.Div(what),
                    ],
                    className="due-table__what",
                )
            ),
            html.Td(left, className="number"),
        ],
        className=f"due-table__row due-table__row--{row.status}",
    )
