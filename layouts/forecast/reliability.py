"""What had been forecast against what happened."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from layouts.charts import Figure, annotation, axis, base_layout, figure, rows, tooltip
from layouts.forecast.chances import as_of_text, chance_text, collection_text
from layouts.panels import Drawing, Frames
from layouts.scene import Scene

MAIN_LEAD: Final = "due_month"
TICKS: Final = (0.0, 0.25, 0.5, 0.75, 1.0)
SMALLEST_DOT: Final = 0.45
"""Of the largest one's diameter, so that few cases stay visible."""


def no_tests(scene: Scene, key: str) -> str:
    """Say why no forecast could be tested, or what follows from it."""
    return scene.words(
        f"forecast.{key}",
        collection=collection_text(scene),
        scope=scene.scope_within,
        day=scene.words.day(scene.as_of),
    )


def draw_reliability(frames: Frames, scene: Scene) -> Drawing:
    """Share on time by classes of what had been forecast, beside the line of a perfect one."""
    frame, words = frames["forecast_reliability"], scene.words
    subtitle = " · ".join(
        [
            collection_text(scene),
            scene.scope_text,
            words("forecast.reliability_unit"),
            as_of_text(scene),
        ]
    )
    if frame.empty:
        return Drawing(empty=no_tests(scene, "no_curve"), subtitle=subtitle)
    return Drawing(
        figure=reliability(frame, scene),
        subtitle=subtitle,
        note=words("forecast.reliability_note"),
    )


def reliability(frame: pd.DataFrame, scene: Scene) -> Figure:
    """Return the curve of both leads with intervals; dots are larger for more cases."""
    palette, words, size = scene.palette, scene.words, scene.font_size
    largest = float(frame["n"].max())
    data: list[dict[str, Any]] = [
        {
            "type": "scatter",
            "mode": "lines",
            "x": [0, 1],
            "y": [0, 1],
            "line": {"color": palette.soft_ink, "width": 1, "dash": "dot"},
            "hoverinfo": "skip",
        }
    ]
    for lead, part in sorted(frame.groupby("lead"), key=lambda pair: pair[0] == MAIN_LEAD):
        is_main = lead == MAIN_LEAD
        colour = palette.accent if is_main else palette.muted
        name = words(f"forecast.lead_{lead}")
        data.append(
            {
                "type": "scatter",
                "mode": "lines+markers",
                "name": name,
                "x": part["forecast_share"].tolist(),
                "y": part["observed_share"].tolist(),
                "error_y": {
                    "type": "data",
                    "symmetric": False,
                    "array": (part["high"] - part["observed_share"]).tolist(),
                    "arrayminus": (part["observed_share"] - part["low"]).tolist(),
                    "color": colour,
                    "thickness": size / 9,
                    "width": 0,
                },
                "line": {"color": colour, "width": size / 9},
                "marker": {
                    "size": [
                        size * max(SMALLEST_DOT, (float(n) / largest) ** 0.5) for n in part["n"]
                    ],
                    "color": colour,
                    "symbol": "circle" if is_main else "circle-open",
                    "opacity": 1,
                },
                "hovertext": [_story(row, name, scene) for row in rows(part)],
                "hoverinfo": "text",
            }
        )
    return figure(data, _layout(scene, set(frame["lead"])))


def _layout(scene: Scene, leads: set[str]) -> dict[str, Any]:
    palette, words, size = scene.palette, scene.words, scene.font_size
    texts = [words.value(tick, "share") for tick in TICKS]

    def titled(key: str) -> dict[str, Any]:
        return {
            "range": [-0.03, 1.03],
            "tickvals": list(TICKS),
            "ticktext": texts,
            "title": {
                "text": words(key),
                "font": {"size": size, "color": palette.soft_ink},
                "standoff": 6,
            },
        }

    names = [
        annotation(
            scene,
            0,
            1,
            f"{'●' if lead == MAIN_LEAD else '○'} {words(f'forecast.lead_{lead}')}",
            xref="paper",
            yref="paper",
            xanchor="left",
            yanchor="bottom",
            # Above the plot: a curve of few forecasts can pass anywhere in it.
            yshift=round(1.4 * size) * place + 4,
            font={
                "size": size,
                "color": palette.accent if lead == MAIN_LEAD else palette.soft_ink,
            },
        )
        for place, lead in enumerate(sorted(leads, reverse=True))
    ]
    perfect = annotation(
        scene,
        0.99,
        0.01,
        words("forecast.perfect"),
        xanchor="right",
        yanchor="bottom",
        font={"size": size, "color": palette.soft_ink},
    )
    return base_layout(
        scene,
        xaxis=axis(palette, **titled("forecast.forecast_axis")),
        yaxis=axis(palette, **titled("forecast.observed_axis")),
        annotations=[*names, perfect],
        margin={"l": 8, "r": 12, "t": round(1.4 * size) * len(leads) + 12, "b": 8},
    )


def _story(row: Any, name: str, scene: Scene) -> str:
    words = scene.words
    return tooltip(
        name,
        words("forecast.said", share=chance_text(row.forecast_share, words)),
        words("forecast.came", share=words.value(row.observed_share, "share")),
        words(
            "common.interval",
            low=words.value(row.low, "share"),
            high=words.value(row.high, "share"),
        ),
        words("forecast.n", n=words.number(row.n)),
    )
