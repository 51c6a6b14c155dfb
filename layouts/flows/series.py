"""Exports and imports over time, with the selected range in its surroundings."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from dashboard.periods import periods_through
from layouts.charts import Figure, annotation, axis, base_layout, figure, mark, tooltip
from layouts.flows.wording import (
    amount,
    estimated_of,
    measured_column,
    nothing,
    source_text,
    trade_subtitle,
)
from layouts.panels import Drawing, Frames
from layouts.scene import Scene

FLOWS: Final = ("X", "M")
COMPLETE: Final = 0.9
"""A period with fewer of the usual reporters than this share is drawn as incomplete."""

USUAL_PERIODS: Final = 12


def draw_series(frames: Frames, scene: Scene) -> Drawing:
    """Two lines; what is incomplete is dotted, what is missing is shaded."""
    frame = frames["trade_history"]
    column = measured_column(scene)
    if not frame[column].sum() > 0:
        return Drawing(empty=nothing(scene))
    words = scene.words
    table = by_period(frame, scene)
    notes = [words("flows.series.range", range=scene.range_text)]
    if any(row["is_partial"] for row in table):
        notes.append(words("flows.series.partial"))
    if any(row["is_missing"] for row in table):
        notes.append(words("flows.series.missing"))
    within = frame[frame["period_id"].map(lambda period: _in_range(int(period), scene))]
    return Drawing(
        figure=trade_lines(frame, scene),
        subtitle=trade_subtitle(scene, within, towards=True, flow=False),
        note=" ".join(notes),
    )


def position(period_id: int) -> float:
    """Return a period's place on the axis of years."""
    if period_id < 10_000:
        return float(period_id)
    return period_id // 100 + (period_id % 100 - 1) / 12


def _in_range(period_id: int, scene: Scene) -> bool:
    first, last = scene.selection.first, scene.selection.last
    assert first is not None and last is not None
    if period_id < 10_000:
        return int(first[:4]) <= period_id <= int(last[:4])
    return int(first.replace("-", "")) <= period_id <= int(last.replace("-", ""))


def by_period(frame: pd.DataFrame, scene: Scene) -> list[dict[str, Any]]:
    """Return every period with both flows, and whether it is incomplete or missing."""
    del scene
    rows = {(int(r["period_id"]), r["flow_code"]): r for r in frame.to_dict("records")}
    seen = sorted({period for period, _ in rows})
    counts = {
        period: max(
            int(rows[period, flow]["reporter_count"]) for flow in FLOWS if (period, flow) in rows
        )
        for period in seen
    }
    table: list[dict[str, Any]] = []
    for period in periods_through(seen[0], seen[-1]):
        before = [counts[one] for one in seen if one < period][-USUAL_PERIODS:]
        usual = sorted(before)[len(before) // 2] if before else counts.get(period, 0)
        count = counts.get(period, 0)
        table.append(
            {
                "period_id": period,
                "is_missing": period not in counts,
                "is_partial": 0 < count < COMPLETE * usual,
                "usual": usual,
                "reporter_count": count,
                **{flow: rows.get((period, flow)) for flow in FLOWS},
            }
        )
    return table


def trade_lines(frame: pd.DataFrame, scene: Scene) -> Figure:
    """Return exports and imports as lines from zero; the selected flow stands out."""
    palette, words = scene.palette, scene.words
    column = measured_column(scene)
    table = by_period(frame, scene)
    xs = [position(row["period_id"]) for row in table]
    wanted = "M" if scene.selection.flow in ("M", "RM") else "X"
    data: list[dict[str, Any]] = []
    annotations: list[dict[str, Any]] = []
    highest = 0.0
    for flow in sorted(FLOWS, key=lambda one: one == wanted):
        values = [float(row[flow][column]) if row[flow] else None for row in table]
        known = [i for i, value in enumerate(values) if value is not None and value == value]
        if not known:
            continue
        highest = max(highest, *(values[i] or 0.0 for i in known))
        colour = palette.ink if flow == wanted else palette.soft_ink
        whole = [None if row["is_partial"] else v for row, v in zip(table, values, strict=True)]
        width = (2.5 if flow == wanted else 1.5) * (2 if scene.is_present else 1)
        data += [
            {
                "type": "scatter",
                "mode": "lines",
                "x": xs,
                "y": values,
                "line": {"width": width * 0.6, "color": colour, "dash": "dot"},
                "hoverinfo": "skip",
                "name": f"{flow} incomplete",
            },
            {
                "type": "scatter",
                "mode": "lines+markers",
                "x": xs,
                "y": whole,
                "line": {
                    "width": width,
                    "color": colour,
                },
                "marker": {"size": 7 if len(known) < 15 else 1, "color": colour},
                "hoverinfo": "skip",
                "name": flow,
            },
            {
                "type": "scatter",
                "mode": "markers",
                "x": xs,
                "y": values,
                "marker": {"size": 14, "color": colour, "opacity": 0},
                "hovertext": [_story(row, flow, scene) for row in table],
                "hoverinfo": "text",
                "customdata": [month_mark(row["period_id"]) for row in table],
                "name": f"{flow} handles",
            },
        ]
        complete = [i for i in known if not table[i]["is_partial"]] or known
        end = complete[-1]
        annotations.append(
            annotation(
                scene,
                xs[end],
                values[end],
                words(f"flow.{flow}"),
                xanchor="left",
                xshift=10,
                yshift=8 if flow == wanted else -8,
                font={"size": scene.font_size, "color": colour},
            )
        )
    _part(annotations, highest)
    span = max(xs[-1] - xs[0], 1.0)
    layout = base_layout(
        scene,
        xaxis=axis(
            palette,
            showgrid=False,
            tickangle=0,
            tickvals=year_ticks(xs),
            ticktext=[str(year) for year in year_ticks(xs)],
            range=[xs[0] - span * 0.02, xs[-1] + span * 0.02],
        ),
        yaxis=axis(
            palette,
            range=[0, highest * 1.12],
            tickvals=round_ticks(highest),
            ticktext=[amount(value, scene) for value in round_ticks(highest)],
        ),
        shapes=_shades(table, scene),
        annotations=annotations,
        margin={"l": 8, "r": _label_room(scene), "t": 8, "b": 8},
    )
    return figure(data, layout)


def _label_room(scene: Scene) -> int:
    """Return the margin that the longer of the two labels needs, px."""
    longest = max(len(scene.words(f"flow.{flow}")) for flow in FLOWS)
    return round(longest * scene.font_size * 0.6) + 12


def _part(annotations: list[dict[str, Any]], highest: float) -> None:
    """Put the higher of two labels above the other, and apart."""
    if len(annotations) == 2:
        upper, lower = sorted(annotations, key=lambda one: -float(one["y"]))
        near = float(upper["y"]) - float(lower["y"]) < highest * 0.08
        upper["yshift"], lower["yshift"] = (9, -9) if near else (0, 0)


def round_ticks(highest: float) -> list[float]:
    """Return three to six round values from 0."""
    if not highest > 0:
        return [0.0]
    power = 10.0 ** len(str(int(highest)))
    step = next(s * power for s in (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
                if highest / (s * power) <= 5)  # fmt: skip
    return [step * i for i in range(int(highest / step) + 1)]


def year_ticks(xs: list[float]) -> list[int]:
    """Return at most seven round years within a range of places."""
    first, last = int(-(-xs[0] // 1)), int(xs[-1])
    step = max(1, (last - first) // 6 + 1)
    return list(range(first, last + 1, step))


def _shades(table: list[dict[str, Any]], scene: Scene) -> list[dict[str, Any]]:
    palette = scene.palette
    half = 0.5 if table[0]["period_id"] < 10_000 else 0.5 / 12
    shapes: list[dict[str, Any]] = []

    def band(periods: list[int], colour: str, opacity: float) -> None:
        shapes.append(
            {
                "type": "rect",
                "xref": "x",
                "yref": "paper",
                "x0": position(periods[0]) - half,
                "x1": position(periods[-1]) + half,
                "y0": 0,
                "y1": 1,
                "line": {"width": 0},
                "fillcolor": colour,
                "opacity": opacity,
                "layer": "below",
            }
        )

    periods = [row["period_id"] for row in table]
    inside = [period for period in periods if _in_range(period, scene)]
    if inside and len(inside) < len(periods):
        band(inside, palette.faint, 1.0)
    run: list[int] = []
    for row in [*table, {"is_missing": False, "period_id": 0}]:
        if row["is_missing"]:
            run.append(row["period_id"])
        elif run:
            band(run, palette.muted, 0.45)
            run = []
    return shapes


def month_mark(period_id: int) -> str:
    """Return the mark that selects a period as the range."""
    if period_id < 10_000:
        return mark("month", f"{period_id}-01", f"{period_id}-12")
    month = f"{period_id // 100:04d}-{period_id % 100:02d}"
    return mark("month", month, month)


def _story(row: dict[str, Any], flow: str, scene: Scene) -> str:
    words = scene.words
    period = words.period(row["period_id"])
    found = row[flow]
    if found is None:
        return tooltip(f"{words(f'flow.{flow}')}, {period}", words("flows.none"))
    counted = words("flows.series.reporters", count=words.number(row["reporter_count"]))
    if row["is_partial"]:
        counted += " " + words("flows.series.usual", count=words.number(row["usual"]))
    return tooltip(
        f"{words(f'flow.{flow}')}, {period}",
        amount(found[measured_column(scene)], scene),
        counted,
        estimated_of(found["estimated_share"], scene),
        words("common.n", n=words.number(found["n"])),
        source_text(scene),
    )
