"""How many key results were on track, at risk and off track, month by month."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from layouts.charts import annotation, axis, base_layout, figure, patterned, tooltip
from layouts.palette import STATUS_PATTERNS
from layouts.panels import Drawing, Frames
from layouts.scene import Scene
from layouts.strategy.values import colour

STACKED: Final = ("on_track", "at_risk", "off_track", "not_started", "missing")
"""From the bottom up."""

LEAST_LABELLED: Final = 2


def draw_spread(frames: Frames, scene: Scene) -> Drawing:
    """Key results by status, stacked, one bar a month; labels stand at the last bar."""
    frame, words, palette = frames["key_result_status_by_month"], scene.words, scene.palette
    if frame.empty:
        return Drawing(empty=words("strategy.none"))
    counts = pd.crosstab(frame["period_id"], frame["status"]).reindex(
        columns=list(STACKED), fill_value=0
    )
    months = [f"{month // 100}-{month % 100:02d}-15" for month in counts.index]
    data: list[dict[str, Any]] = []
    labels: list[dict[str, Any]] = []
    below = 0
    for status in STACKED:
        number = counts[status].tolist()
        shade = palette.missing if status == "missing" else colour(status, palette)
        name = words("pace.missing" if status == "missing" else f"strategy.status_{status}")
        data.append(
            {
                "type": "bar",
                "x": months,
                "y": number,
                "marker": patterned(shade, STATUS_PATTERNS[status], palette),
                "hoverinfo": "text",
                "hovertext": [
                    tooltip(words.period(month), f"{name}: {words.number(count)}")
                    for month, count in zip(counts.index.tolist(), number, strict=True)
                ],
            }
        )
        last = int(number[-1])
        if last >= LEAST_LABELLED:
            labels.append(
                annotation(
                    scene,
                    1.0,
                    below + last / 2,
                    f"{name} {words.number(last)}",
                    xref="paper",
                    xanchor="left",
                    xshift=6,
                )
            )
        below += last
    layout = base_layout(
        scene,
        barmode="stack",
        bargap=0.08,
        xaxis=axis(palette, type="date", showgrid=False, tickformat="%Y", dtick="M12"),
        yaxis=axis(palette, range=[0, max(int(counts.sum(axis=1).max()), 1)], nticks=5),
        annotations=labels,
        margin={"l": 8, "r": 130 * scene.font_size // 13, "t": 8, "b": 8},
    )
    first, last_row = counts.iloc[0], counts.iloc[-1]
    return Drawing(
        figure=figure(data, layout),
        title=words(
            "pace.spread_finding",
            now=words.number(int(last_row["on_track"])),
            all=words.number(int(last_row.sum())),
            month=words.period(int(counts.index[-1])),
            then=words.number(int(first["on_track"])),
            first=words.period(int(counts.index[0])),
        ),
        subtitle=words("pace.spread_unit"),
    )
