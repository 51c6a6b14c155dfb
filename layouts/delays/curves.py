"""Curves of the share received by days after the period's end, one a group, and who waits."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from layouts.charts import Figure, annotation, axis, base_layout, figure, rows, tooltip
from layouts.delays.groups import (
    CURRENT_STATUS,
    KAPLAN_MEIER,
    group_colour,
    group_dash,
    group_mark,
    group_name,
    is_highlighted,
    nothing_known,
    scope_text,
    what_text,
)
from layouts.panels import Drawing, Frames
from layouts.scene import Scene
from layouts.timeliness.delays import band, due_days
from layouts.timeliness.fitting import shortened, wrapped

NAME_CHARACTERS: Final = 24
NAME_AT_MOST: Final = 46
TICKS: Final = 4
STEPS: Final = (
    1,
    2,
    5,
    10,
    15,
    20,
    30,
    40,
    60,
    90,
    120,
    180,
    250,
    365,
    500,
    730,
    1000,
    2000,
    10**6,
)
"""Days between two ticks, the first that gives few enough."""
SHOWN_SHARE: Final = 0.97
"""The axis ends where every curve has come to this share of its end."""

CURVES_HEIGHT: Final = 290
STAGED_HEIGHT: Final = 800
BOTTOM: Final = 8
ROW_LINES: Final = 2.5
STAGED_ROW_LINES: Final = 1.6
"""Height of a row of numbers, in sizes of the font: a name has two lines, one on the stage."""


def draw_curves(frames: Frames, scene: Scene) -> Drawing:
    """The curve of every group, with the numbers still waiting below."""
    curves = frames["delay_group_curves"]
    if curves.empty:
        return Drawing(empty=nothing_known(scene))
    words = scene.words
    kinds = set(curves["estimate"])
    notes = [
        words(f"delays.note_{kind}") for kind in (KAPLAN_MEIER, CURRENT_STATUS) if kind in kinds
    ]
    notes.append(words("delays.band_note"))
    return Drawing(
        figure=delay_curves_by_group(curves, scene),
        subtitle=scene.subtitle(what_text(scene), scope_text(scene), words.label("received_share")),
        note=" ".join(notes),
        height=chart_height(curves["group"].nunique(), scene),
    )


def row_height(scene: Scene) -> float:
    """Return the height of one row of numbers, px."""
    return scene.font_size * (STAGED_ROW_LINES if scene.is_present else ROW_LINES)


def below_curves(scene: Scene) -> float:
    """Return the height of what lies between curves and numbers: days and a heading, px."""
    return scene.font_size * 5.2


def chart_height(count: int, scene: Scene) -> int:
    """Return the height of the chart of so many groups, px."""
    if scene.is_present:
        return STAGED_HEIGHT
    return round(CURVES_HEIGHT + below_curves(scene) + count * row_height(scene))


def half_day(curve: pd.DataFrame) -> float:
    """Return the first day of a curve on which half have come; infinite if none is."""
    reached = curve.loc[curve["received_share"] >= 0.5, "days"]
    return float(reached.iloc[0]) if len(reached) else float("inf")


def delay_curves_by_group(curves: pd.DataFrame, scene: Scene) -> Figure:
    """Return a step curve a group, fastest first, above a table of how many still wait."""
    parts = {str(name): part for name, part in curves.groupby("group", sort=False)}
    ordered = sorted(parts, key=lambda name: (half_day(parts[name]), name))
    due = due_days(scene) if scene.selection.grouping != "collection" else None
    limit = axis_end(list(parts.values()), due)
    ticks = tick_days(limit, TICKS)
    chosen = [name for name in ordered if is_highlighted(name, scene)]
    banded = chosen or [ordered[0], ordered[-1]]
    data: list[dict[str, Any]] = []
    for name in ordered:
        part = parts[name][parts[name]["days"] <= limit]
        if name in banded and part["low"].notna().any():
            data.append(band(part, group_colour(name, scene)))
    for name in ordered:
        is_muted = bool(chosen) and name not in chosen
        data += _curve(name, parts[name], limit, scene, is_muted=is_muted)
    data.append(_waiting(parts, ordered, ticks, scene))
    kinds = frozenset(curves["estimate"])
    return figure(data, _layout(ordered, limit, ticks, due, kinds, scene))


def axis_end(parts: list[pd.DataFrame], due: int | None) -> float:
    """Return the day at which the axis ends: when nearly all have come, within reason."""
    largest = max(float(part["days"].max()) for part in parts)
    if any(part["estimate"].eq(CURRENT_STATUS).any() for part in parts):
        return max(1.0, largest)
    ends = []
    for part in parts:
        share = part["received_share"]
        ends.append(float(part.loc[share >= SHOWN_SHARE * share.iloc[-1], "days"].iloc[0]))
    return max(1.0, min(largest, 1.1 * max(*ends, 1.5 * (due or 0))))


def tick_days(limit: float, most: int) -> list[int]:
    """Return round days from 0 to the end of the axis."""
    step = next(step for step in STEPS if limit / step <= most)
    return list(range(0, int(limit) + 1, step))


def _curve(
    name: str, part: pd.DataFrame, limit: float, scene: Scene, *, is_muted: bool
) -> list[dict[str, Any]]:
    words = scene.words
    shown = part[part["days"] <= limit]
    is_inspected = bool(part["estimate"].eq(CURRENT_STATUS).any())
    label = group_name(name, scene)
    key = "delays.there_by" if is_inspected else "delays.received_by"
    stories = [
        tooltip(
            label,
            words(
                key,
                share=words.measured(row.received_share, "received_share"),
                days=words.value(row.days, "days"),
            ),
            ""
            if pd.isna(row.low) or pd.isna(row.high)
            else words(
                "common.interval",
                low=words.value(row.low, "share"),
                high=words.value(row.high, "share"),
            ),
            words(
                "delays.inspected_n" if is_inspected else "delays.waiting_n",
                n=words.number(row.at_risk),
            ),
        )
        for row in rows(shown)
    ]
    xs, ys = shown["days"].tolist(), shown["received_share"].tolist()
    if not is_inspected:
        xs, ys, stories = [0.0, *xs, limit], [0.0, *ys, ys[-1] if ys else 0.0], ["", *stories, ""]
    wide = 2.0 if scene.is_present else 1.0
    return [
        {
            "type": "scatter",
            "mode": "lines+markers" if is_inspected else "lines",
            "name": label,
            "x": xs,
            "y": ys,
            "line": {
                "color": group_colour(name, scene),
                "width": (1.25 if is_muted else 2.25) * wide,
                "shape": "hv",
                "dash": group_dash(name, scene),
            },
            "marker": {"size": 5 * wide},
            "opacity": 0.4 if is_muted else 1.0,
            "customdata": [group_mark(name, scene)] * len(xs),
            "hovertext": stories,
            "hoverinfo": "text",
        }
    ]


def waiting_at(part: pd.DataFrame, day: float) -> int | None:
    """Return how many of a group were waiting on a day, or were inspected around it."""
    if part["estimate"].eq(CURRENT_STATUS).any():
        return None
    later = part.loc[part["days"] >= day, "at_risk"]
    return int(later.iloc[0]) if len(later) else 0


def _waiting(
    parts: dict[str, pd.DataFrame], ordered: list[str], ticks: list[int], scene: Scene
) -> dict[str, Any]:
    """Return the numbers below: still waiting, or how many are there by that day."""
    words = scene.words
    xs: list[float] = []
    ys: list[int] = []
    texts: list[str] = []
    colours: list[str] = []
    for place, name in enumerate(ordered):
        part = parts[name]
        for tick in ticks:
            count = waiting_at(part, tick)
            if count is None:
                seen = part.loc[part["days"] <= tick, "received_share"]
                text = words.value(float(seen.iloc[-1]), "share") if len(seen) else ""
            else:
                text = words.number(count)
            xs.append(tick)
            ys.append(place)
            texts.append(text)
            colours.append(scene.palette.ink)
    return {
        "type": "scatter",
        "mode": "text",
        "x": xs,
        "y": ys,
        "yaxis": "y2",
        "text": texts,
        "textfont": {"size": scene.font_size, "color": colours},
        "hoverinfo": "skip",
        "cliponaxis": False,
    }


def _layout(
    ordered: list[str],
    limit: float,
    ticks: list[int],
    due: int | None,
    kinds: frozenset[str],
    scene: Scene,
) -> dict[str, Any]:
    palette, words = scene.palette, scene.words
    top = round(scene.font_size * 1.7)
    whole = chart_height(len(ordered), scene) - top - BOTTOM
    numbers_top = len(ordered) * row_height(scene) / whole
    curves_bottom = numbers_top + below_curves(scene) / whole
    numbers_key = {
        frozenset({KAPLAN_MEIER}): "delays.numbers",
        frozenset({CURRENT_STATUS}): "delays.numbers_there",
    }.get(kinds, "delays.numbers_both")
    shares = (0.0, 0.25, 0.5, 0.75, 1.0)
    shapes = [_line(0.5, palette.soft_ink, is_level=True)]
    annotations = [
        annotation(
            scene,
            0,
            numbers_top,
            words(numbers_key),
            xref="paper",
            yref="paper",
            xanchor="left",
            yanchor="bottom",
            font={"size": scene.font_size, "color": palette.soft_ink},
        )
    ]
    if due is not None and due <= limit:
        shapes.append(_line(due, palette.accent, is_level=False))
        annotations.append(
            annotation(
                scene,
                due,
                1,
                words("timeliness.due_day", days=words.value(due, "days")),
                yref="paper",
                xanchor="left",
                yanchor="bottom",
                xshift=-4,
                font={"size": scene.font_size, "color": palette.accent},
            )
        )
    labels = [_coloured(name, scene) for name in ordered]
    return base_layout(
        scene,
        xaxis=axis(
            palette,
            showgrid=False,
            range=[-limit * 0.12, limit * 1.03],
            tickvals=ticks,
            ticktext=[words.number(tick) for tick in ticks],
            anchor="y",
            title={
                "text": words("timeliness.days_after"),
                "font": {"size": scene.font_size, "color": palette.soft_ink},
                "standoff": 2,
            },
        ),
        yaxis=axis(
            palette,
            range=[0, 1.02],
            domain=[curves_bottom, 1],
            tickvals=list(shares),
            ticktext=[words.value(share, "share") for share in shares],
        ),
        yaxis2=axis(
            palette,
            showgrid=False,
            domain=[0, numbers_top],
            range=[len(ordered) - 0.5, -0.5],
            tickvals=list(range(len(ordered))),
            ticktext=labels,
            anchor="x",
        ),
        shapes=shapes,
        annotations=annotations,
        margin={"l": 8, "r": 20, "t": top, "b": BOTTOM},
    )


def _coloured(name: str, scene: Scene) -> str:
    label = shortened(group_name(name, scene), NAME_AT_MOST)
    text = wrapped(label, NAME_AT_MOST if scene.is_present else NAME_CHARACTERS)
    return f'<span style="color:{group_colour(name, scene)}">{text}</span>'


def _line(at: float, colour: str, *, is_level: bool) -> dict[str, Any]:
    """Return a rule across the curves: level at a share, or upright at a day."""
    ends: dict[str, Any] = (
        {"xref": "paper", "x0": 0, "x1": 1, "y0": at, "y1": at}
        if is_level
        else {"x0": at, "x1": at, "y0": 0, "y1": 1}
    )
    return {
        "type": "line",
        **ends,
        "line": {"color": colour, "width": 1 if is_level else 1.5, "dash": "dot"},
        "layer": "below",
    }
