"""The median delay of each group with its interval, or that it is not reached."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from layouts.charts import Figure, axis, base_layout, figure, rows, tooltip
from layouts.delays.groups import (
    CURRENT_STATUS,
    SELECTED,
    group_colour,
    group_mark,
    group_name,
    is_highlighted,
    nothing_known,
    what_text,
)
from layouts.panels import Drawing, Frames
from layouts.scene import Scene
from layouts.timeliness.fitting import shortened, wrapped
from layouts.timeliness.legend import mixed
from layouts.timeliness.shares import MUTED_DOT

LABEL_CHARACTERS: Final = 22
LABEL_AT_MOST: Final = 46
NAMED_AT_MOST: Final = 2


def draw_medians(frames: Frames, scene: Scene) -> Drawing:
    """Groups by their median, fastest on top."""
    table = frames["delay_groups"]
    known = table[table["n"] > 0]
    if known.empty:
        return Drawing(empty=nothing_known(scene))
    words = scene.words
    key = "delays.interval_note"
    if known["estimate"].eq(CURRENT_STATUS).all():
        key = "delays.inspected_interval_note"
    return Drawing(
        figure=median_dots(known, scene),
        title=finding(known, scene),
        subtitle=scene.subtitle(what_text(scene), words.label("median_delay_days")),
        note=words(key),
    )


def finding(table: pd.DataFrame, scene: Scene) -> str | None:
    """Return the fastest and the slowest group, or None where the question must do."""
    words = scene.words
    compared = table[table["group"] != SELECTED]
    reached = compared.dropna(subset=["median_delay_days"]).sort_values("median_delay_days")
    if len(compared) < 2 or reached.empty:
        return None
    first = reached.iloc[0]
    waiting = compared[compared["median_delay_days"].isna()]
    if len(waiting):
        return words(
            "delays.finding_not_reached",
            fast=group_name(str(first["group"]), scene),
            days=words.measured(first["median_delay_days"], "median_delay_days"),
            names=listed([group_name(str(g), scene) for g in waiting["group"]], scene),
        )
    last = reached.iloc[-1]
    return words(
        "delays.finding",
        fast=group_name(str(first["group"]), scene),
        days=words.measured(first["median_delay_days"], "median_delay_days"),
        slow=group_name(str(last["group"]), scene),
        more=words.measured(last["median_delay_days"], "median_delay_days"),
    )


def listed(names: list[str], scene: Scene, *, most: int = NAMED_AT_MOST) -> str:
    """Return names, or their number if they are many."""
    if len(names) <= most:
        return ", ".join(names)
    return scene.words("delays.group_count", count=scene.words.number(len(names)))


def median_text(row: Any, scene: Scene) -> str:
    """Return a group's median, or that it is not reached."""
    words = scene.words
    if pd.isna(row.median_delay_days):
        return words("delays.not_reached")
    return words.measured(row.median_delay_days, "median_delay_days")


def interval_text(row: Any, scene: Scene) -> str:
    """Return the interval of a median; an end may not be reached; empty if there is none."""
    words = scene.words
    if pd.isna(row.low) and pd.isna(row.high):
        return ""
    low, high = (
        words("delays.not_reached") if pd.isna(end) else words.number(end)
        for end in (row.low, row.high)
    )
    return words("delays.interval", low=low, high=high)


def interval_story(row: Any, scene: Scene) -> str:
    """Return the interval of a median for its hover text."""
    text = interval_text(row, scene)
    return scene.words("delays.interval_story", interval=text) if text else ""


def median_dots(table: pd.DataFrame, scene: Scene) -> Figure:
    """Return a dot a group with its whisker; what is not reached points to the right."""
    ordered = sorted(
        rows(table),
        key=lambda row: (
            float("inf") if pd.isna(row.median_delay_days) else row.median_delay_days,
            row.group,
        ),
    )
    largest = max(
        [float(x) for x in table[["median_delay_days", "low", "high"]].max().dropna()] or [1.0]
    )
    smallest = float(table[["median_delay_days", "low"]].min().min())
    begin = max(0.0, smallest - 0.25 * (largest - smallest)) if smallest == smallest else 0.0
    end = largest + 0.18 * (largest - begin)
    is_focused = any(is_highlighted(row.group, scene) for row in ordered)
    whiskers_x: list[float | None] = []
    whiskers_y: list[float | None] = []
    for place, row in enumerate(ordered):
        if pd.isna(row.low):
            continue
        whiskers_x += [float(row.low), end if pd.isna(row.high) else float(row.high), None]
        whiskers_y += [place, place, None]
    return figure(
        [
            {
                "type": "scatter",
                "mode": "lines",
                "x": whiskers_x,
                "y": whiskers_y,
                "line": {"color": scene.palette.soft_ink, "width": scene.font_size / 8},
                "hoverinfo": "skip",
            },
            _dots(ordered, end, scene, is_focused=is_focused),
        ],
        _layout(ordered, (begin, end), scene),
    )


def _dots(ordered: list[Any], end: float, scene: Scene, *, is_focused: bool) -> dict[str, Any]:
    palette, words = scene.palette, scene.words

    def colour(row: Any) -> str:
        whole = group_colour(row.group, scene)
        is_muted = is_focused and not is_highlighted(row.group, scene)
        return mixed(whole, palette.paper, MUTED_DOT) if is_muted else whole

    is_open = [bool(pd.isna(row.median_delay_days)) for row in ordered]
    return {
        "type": "scatter",
        "mode": "markers+text",
        "x": [
            end if missing else float(row.median_delay_days)
            for row, missing in zip(ordered, is_open, strict=True)
        ],
        "y": list(range(len(ordered))),
        "marker": {
            "size": scene.font_size * 0.9,
            "color": [colour(row) for row in ordered],
            "symbol": [
                "triangle-right" if missing else "diamond" if row.group == SELECTED else "circle"
                for row, missing in zip(ordered, is_open, strict=True)
            ],
            "line": {"width": 1, "color": palette.paper},
        },
        "text": [median_text(row, scene) for row in ordered],
        "textposition": ["top left" if missing else "top center" for missing in is_open],
        "textfont": {"size": scene.font_size, "color": palette.ink},
        "cliponaxis": False,
        "customdata": [group_mark(row.group, scene) for row in ordered],
        "hovertext": [
            tooltip(
                group_name(row.group, scene),
                f"{words.label('median_delay_days')}: {median_text(row, scene)}",
                interval_story(row, scene),
                words(
                    "delays.group_n",
                    n=words.number(row.n),
                    members=words.number(row.member_count),
                    outstanding=words.number(row.outstanding),
                ),
            )
            for row in ordered
        ],
        "hoverinfo": "text",
    }


def _layout(ordered: list[Any], span: tuple[float, float], scene: Scene) -> dict[str, Any]:
    palette, size = scene.palette, scene.font_size
    title = {
        "text": scene.words("timeliness.days_after"),
        "font": {"size": size, "color": palette.soft_ink},
        "standoff": 4,
    }
    return base_layout(
        scene,
        xaxis=axis(
            palette, range=[span[0], span[1] + 0.02 * (span[1] - span[0])], nticks=5, title=title
        ),
        yaxis=axis(
            palette,
            showgrid=False,
            tickvals=list(range(len(ordered))),
            ticktext=[
                wrapped(shortened(group_name(row.group, scene), LABEL_AT_MOST), LABEL_CHARACTERS)
                for row in ordered
            ],
            tickfont={"color": palette.ink, "size": size},
            range=[len(ordered) - 0.5, -0.7],
        ),
    )
