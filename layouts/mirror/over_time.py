"""Both records over time."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd

from layouts.charts import Figure, annotation, axis, base_layout, figure, mark, rows, safe, tooltip
from layouts.flows.scale import round_short
from layouts.mirror.subject import nothing, record_name, short, side_names, signed, subtitle
from layouts.panels import Drawing, Frames
from layouts.scene import Scene

TICKS: Final = 6


def draw_over_time(frames: Frames, scene: Scene) -> Drawing:
    """Two lines: our record and the partners'."""
    frame = frames["mirror_cells"]
    if frame.empty:
        return nothing(scene)
    return Drawing(
        figure=record_lines(frame, scene),
        subtitle=subtitle(frame, scene, scene.words("mirror.as_recorded")),
        note=scene.words("mirror.time_note"),
    )


def by_period(frame: pd.DataFrame) -> pd.DataFrame:
    """Return both records of each period; missing where a side has none at all."""
    sums = frame.groupby("period_id")[["reported_usd", "mirrored_usd", "gap_usd"]].sum()
    for name in ("reported_usd", "mirrored_usd"):
        sums[name] = sums[name].where(sums[name] > 0)
    return sums.reset_index()


def record_lines(frame: pd.DataFrame, scene: Scene) -> Figure:
    """Return the lines, each named at its end."""
    palette = scene.palette
    shown = by_period(frame)
    periods = [_day(int(period)) for period in shown["period_id"]]
    ours, theirs = side_names(frame, scene)
    names = [record_name(ours, scene, is_ours=True), record_name(theirs, scene, is_ours=False)]
    hover = [_story(row, names, scene) for row in rows(shown)]
    marks = [mark("month", _month(int(period))) for period in shown["period_id"]]
    styles = (
        ("mirrored_usd", {"color": palette.soft_ink, "width": 2, "dash": "dash"}, "diamond-open"),
        ("reported_usd", {"color": palette.ink, "width": 2}, "circle"),
    )
    data: list[dict[str, Any]] = [
        {
            "type": "scatter",
            "mode": "lines+markers",
            "name": name,
            "x": periods,
            "y": shown[name].to_numpy(),
            "line": line,
            "marker": {"size": 5 if not scene.is_present else 11, "symbol": symbol},
            "hovertext": hover,
            "hoverinfo": "text",
            "customdata": marks,
            "connectgaps": False,
        }
        for name, line, symbol in styles
    ]
    top = float(np.nanmax(shown[["reported_usd", "mirrored_usd"]].to_numpy(), initial=0.0)) or 1.0
    layout = base_layout(
        scene,
        xaxis=axis(palette, showgrid=False, type="date", **_ticks(shown, scene)),
        yaxis=axis(palette, range=[0, top * 1.06], nticks=5, **_money(top, scene)),
        shapes=_holes(shown, palette.missing),
        annotations=_key(names, scene),
        margin={"l": 8, "r": 12, "t": scene.font_size * 3, "b": 8},
    )
    return figure(data, layout)


def _ticks(shown: pd.DataFrame, scene: Scene) -> dict[str, Any]:
    """Return about six periods written in the page's language."""
    periods = [int(period) for period in shown["period_id"]]
    step = max(1, -(-len(periods) // TICKS))
    return {
        "tickvals": [_day(period) for period in periods[::step]],
        "ticktext": [safe(scene.words.period(period)) for period in periods[::step]],
        "tickangle": 0,
    }


def _key(names: list[str], scene: Scene) -> list[dict[str, Any]]:
    size = scene.font_size if scene.is_present else 12
    texts = (f"● ━ {short(names[0], 40)}", f"◇ ╌ {short(names[1], 40)}")
    return [
        annotation(
            scene,
            0,
            1,
            text,
            xref="paper",
            yref="paper",
            xanchor="left",
            yanchor="bottom",
            yshift=shift,
            font={"size": size, "color": scene.palette.ink},
        )
        for text, shift in zip(texts, (size * 1.4, 2), strict=True)
    ]


def _money(top: float, scene: Scene) -> dict[str, Any]:
    """Return ticks written as amounts."""
    power = 10.0 ** np.floor(np.log10(top))
    step = next(step for step in (power / 4, power / 2, power, 2 * power) if top / step <= 5)
    values = np.arange(0.0, top * 1.06, step).tolist()
    return {"tickvals": values, "ticktext": [safe(round_short(value, scene)) for value in values]}


def _holes(shown: pd.DataFrame, colour: str) -> list[dict[str, Any]]:
    """Return a band behind each period of which a side has nothing."""
    found = []
    for row in rows(shown):
        if row.reported_usd == row.reported_usd and row.mirrored_usd == row.mirrored_usd:
            continue
        day = pd.Timestamp(_day(int(row.period_id)))
        half = pd.Timedelta(days=182 if row.period_id < 9999 else 15)
        found.append(
            {
                "type": "rect",
                "layer": "below",
                "yref": "paper",
                "x0": (day - half).isoformat(),
                "x1": (day + half).isoformat(),
                "y0": 0,
                "y1": 1,
                "line": {"width": 0},
                "fillcolor": colour,
            }
        )
    return found


def _day(period_id: int) -> str:
    return f"{period_id}-07-01" if period_id < 9999 else f"{_month(period_id)}-15"


def _month(period_id: int) -> str:
    return f"{period_id}-01" if period_id < 9999 else f"{period_id // 100}-{period_id % 100:02d}"


def _story(row: Any, names: list[str], scene: Scene) -> str:
    words = scene.words
    return tooltip(
        words.period(int(row.period_id)),
        f"{names[0]}: {words.value(row.reported_usd, 'usd')}",
        f"{names[1]}: {words.value(row.mirrored_usd, 'usd')}",
        words("mirror.gap", amount=signed(row.gap_usd, scene)),
    )
