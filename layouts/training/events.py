"""Quarters before and after training: what the trained did beyond those not trained yet."""

from __future__ import annotations

from typing import Any

import pandas as pd

from layouts.charts import Figure, annotation, axis, base_layout, figure, rows, tooltip
from layouts.panels import Drawing, Frames
from layouts.scene import Scene


def draw_quality(frames: Frames, scene: Scene) -> Drawing:
    """The event study of the quality score."""
    return _draw(frames, "quality_score", scene)


def draw_on_time(frames: Frames, scene: Scene) -> Drawing:
    """The event study of the on-time share."""
    return _draw(frames, "on_time_share", scene)


def _draw(frames: Frames, measure: str, scene: Scene) -> Drawing:
    words = scene.words
    empty = why_empty(frames, scene)
    if empty is not None:
        return empty
    own = of_measure(frames["training_effects"], measure)
    mean = one_of(own, "mean")
    if mean is None:
        return Drawing(empty=words("training.too_few", measure=words.label(measure)))
    events = own[own["part"] == "event"].sort_values("quarters_since")
    counts = words(
        "training.members",
        treated=words.number(mean.treated_count),
        controls=words.number(mean.control_count),
    )
    return Drawing(
        figure=event_figure(events, measure, scene),
        title=finding(mean, measure, scene),
        subtitle=f"{words.label(measure)} · {counts} · {_as_of(scene)}",
        note=words("training.chart_note"),
    )


def why_empty(frames: Frames, scene: Scene) -> Drawing | None:
    """Say why nothing is told: no training, too few members, or a past day."""
    words = scene.words
    if frames["training_effects"].empty:
        return Drawing(empty=words("training.none"))
    if scene.chosen.as_of is not None:
        return Drawing(empty=words("training.past", day=words.day(scene.catalogue.data_on)))
    return None


def _as_of(scene: Scene) -> str:
    return scene.words("common.as_of", day=scene.words.day(scene.catalogue.data_on))


def of_measure(frame: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Rows of one measure."""
    return frame[frame["measure_id"] == measure]


def one_of(own: pd.DataFrame, part: str) -> Any | None:
    """Return the one row of a part that is no event."""
    found = rows(own[own["part"] == part])
    return found[0] if found else None


def effect_text(value: float, measure: str, scene: Scene) -> str:
    """Write an effect with its sign."""
    words = scene.words
    sign = "+" if value > 0 else ""
    size = value * 100 if measure == "on_time_share" else value
    return f"{sign}{words.number(size, 1)}"


def interval_text(row: Any, measure: str, scene: Scene) -> str:
    """Write an effect, its unit and its interval."""
    words = scene.words
    return words(
        "training.effect",
        effect=effect_text(row.effect, measure, scene),
        unit=words(f"training.unit_{measure}"),
        low=effect_text(row.effect_low, measure, scene),
        high=effect_text(row.effect_high, measure, scene),
    )


def finding(mean: Any, measure: str, scene: Scene) -> str:
    """Say whether there is an effect, and which."""
    if mean.effect_low > 0:
        key = "better"
    elif mean.effect_high < 0:
        key = "worse"
    else:
        key = "open"
    return scene.words(f"training.{key}", effect=interval_text(mean, measure, scene))


def event_figure(events: pd.DataFrame, measure: str, scene: Scene) -> Figure:
    """Return the effects by quarter with their common band; before training muted."""
    palette, words = scene.palette, scene.words
    scale = 100 if measure == "on_time_share" else 1
    time = events["quarters_since"].astype("int64").tolist()
    effect, low, high = (
        (events[name].astype("float64") * scale).tolist()
        for name in ("effect", "effect_low", "effect_high")
    )
    colours = [palette.accent if one >= 0 else palette.muted for one in time]
    stories = [
        tooltip(
            words("training.quarter", count=words.number(row.quarters_since)),
            interval_text(row, measure, scene),
            words("training.compared", count=words.number(row.treated_count)),
        )
        for row in rows(events)
    ]
    top = max([*high, 0.0])
    data: list[dict[str, Any]] = [
        {
            "type": "scatter",
            "mode": "markers",
            "name": "effects",
            "x": time,
            "y": effect,
            "error_y": {
                "type": "data",
                "symmetric": False,
                "array": [b - a for a, b in zip(effect, high, strict=True)],
                "arrayminus": [a - b for a, b in zip(effect, low, strict=True)],
                "color": palette.soft_ink,
                "thickness": 1.5,
                "width": 0,
            },
            "marker": {
                "size": scene.font_size * 0.6,
                "color": colours,
                "symbol": ["circle" if one >= 0 else "circle-open" for one in time],
                "line": {"width": 2, "color": colours},
            },
            "hovertext": stories,
            "hoverinfo": "text",
        }
    ]
    font = {"size": scene.font_size, "color": palette.soft_ink}
    layout = base_layout(
        scene,
        xaxis=axis(
            palette,
            showgrid=False,
            tickvals=time if not scene.is_present else time[::2],
            title={"text": words("training.axis"), "font": font},
            range=[min(time) - 0.6, max(time) + 0.6] if time else None,
        ),
        yaxis=axis(palette, title={"text": words(f"training.unit_{measure}"), "font": font}),
        shapes=[
            {
                "type": "line",
                "xref": "paper",
                "x0": 0,
                "x1": 1,
                "y0": 0,
                "y1": 0,
                "line": {"color": palette.ink, "width": 1},
            },
            {
                "type": "line",
                "yref": "paper",
                "x0": -0.5,
                "x1": -0.5,
                "y0": 0,
                "y1": 1,
                "line": {"color": palette.muted, "width": 1, "dash": "dot"},
            },
        ],
        annotations=[
            annotation(
                scene,
                -0.5,
                top,
                words(f"training.{side}"),
                xanchor=anchor,
                xshift=shift,
                yanchor="bottom",
                font=font,
            )
            for side, anchor, shift in (("before", "right", -6), ("after", "left", 6))
        ],
        margin={"l": 8, "r": 12, "t": 24, "b": 8},
    )
    return figure(data, layout)
