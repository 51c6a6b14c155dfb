"""The detail of a tactic: series against target, check-ins, the view that explains it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
from dash import dcc, html

from dashboard.words import Words
from layouts.charts import Figure, annotation, axis, base_layout, figure, rows, tooltip
from layouts.check_in.subject import CHECK_IN_PATH
from layouts.panels import Drawing, Frames
from layouts.scene import Scene
from layouts.strategy.values import chosen_results, status_words, tactic_name, written

VIEW_PATHS = {
    "timeliness": "/timeliness",
    "quality": "/quality",
    "flows": "/flows",
    "incentives": "/incentives",
    "members": "/members",
    "data": "/data-held",
}
CHECK_INS_SHOWN = 8
LEAST_CHANCE = 0.01


def draw_series(frames: Frames, scene: Scene) -> Drawing:
    """The chosen key result over time, with baseline, target, even pace and forecast."""
    results = chosen_results(frames["key_results"], scene)
    words = scene.words
    if not results:
        return Drawing(empty=words("strategy.none"))
    result = results[0]
    series = frames["key_result_series"]
    own = series[series["key_result_id"] == result.key_result_id]
    if own.empty:
        return Drawing(
            empty=words("strategy.no_series", name=getattr(result, f"name_{words.language}"))
        )
    reports = frames["check_ins"]
    own_reports = reports[reports["key_result_id"] == result.key_result_id]
    chance = ""
    if not pd.isna(result.hit_probability):
        chance = words(
            "strategy.chance",
            chance=chance_text(float(result.hit_probability), scene),
            low=written(result.forecast_low, result.unit, scene),
            high=written(result.forecast_high, result.unit, scene),
        )
    return Drawing(
        figure=result_series(own, own_reports, result, scene, frames["key_result_forecast"]),
        title=str(getattr(result, f"name_{words.language}")),
        subtitle=f"{result.tactic_id} {tactic_name(result.tactic_id, scene)}",
        note=chance or words("strategy.no_chance"),
    )


def chance_text(chance: float, scene: Scene) -> str:
    """Write a probability; nothing is impossible or certain by a trend."""
    words = scene.words
    if chance < LEAST_CHANCE:
        return words("strategy.under", share=words.value(LEAST_CHANCE, "share"))
    if chance > 1 - LEAST_CHANCE:
        return words("strategy.over", share=words.value(1 - LEAST_CHANCE, "share"))
    return words.value(chance, "share")


def result_series(
    series: pd.DataFrame,
    reports: pd.DataFrame,
    result: Any,
    scene: Scene,
    forecasts: pd.DataFrame | None = None,
) -> Figure:
    """Return the line of values, the even pace to the target, and the fan of the forecast."""
    palette, words = scene.palette, scene.words
    unit = result.unit
    started, deadline = result.started_on, result.deadline_on
    fan, ends = fan_traces(series, forecasts, result, scene)
    measured = [
        *fan,
        {
            "type": "scatter",
            "mode": "lines",
            "x": [started.date().isoformat(), deadline.date().isoformat()],
            "y": [float(result.baseline), float(result.target)],
            "line": {"color": palette.muted, "width": 1, "dash": "dot"},
            "hoverinfo": "skip",
        },
        {
            "type": "scatter",
            "mode": "lines",
            "x": [day.date().isoformat() for day in series["measured_on"]],
            "y": series["value"].astype("float64").tolist(),
            "line": {"color": palette.accent, "width": 2},
            "hoverinfo": "text",
            "hovertext": [
                tooltip(words.day(row.measured_on.date()), written(row.value, unit, scene))
                for row in rows(series)
            ],
        },
    ]
    stated = reports.dropna(subset=["value"])
    if not stated.empty:
        measured.append(
            {
                "type": "scatter",
                "mode": "markers",
                "x": [day.date().isoformat() for day in stated["checked_in_on"]],
                "y": stated["value"].astype("float64").tolist(),
                "marker": {
                    "size": scene.font_size * 0.5,
                    "color": palette.paper,
                    "line": {"width": 1.5, "color": palette.ink},
                },
                "hoverinfo": "text",
                "hovertext": [
                    tooltip(
                        words("strategy.check_in", day=words.day(row.checked_in_on.date())),
                        written(row.value, unit, scene),
                        words(
                            "strategy.confidence_is",
                            share=words.value(
                                None if pd.isna(row.confidence) else float(row.confidence), "share"
                            ),
                        ),
                        str(row.author),
                    )
                    for row in rows(stated)
                ],
            }
        )
    last = series.iloc[-1]
    values = [
        *series["value"].astype("float64"),
        float(result.baseline),
        float(result.target),
        *ends,
    ]
    low, high = min(values), max(values)
    room = (high - low) * 0.12 or 1.0
    ticks = [low + (high - low) * i / 4 for i in range(5)]
    if unit == "count":
        ticks = sorted({float(round(tick)) for tick in ticks})
    layout = base_layout(
        scene,
        xaxis=axis(
            palette,
            type="date",
            range=[started.date().isoformat(), deadline.date().isoformat()],
            tickformat="%Y",
            dtick="M12",
            showgrid=False,
        ),
        yaxis=axis(
            palette,
            range=[low - room, high + room],
            tickvals=ticks,
            ticktext=[written(tick, unit, scene) for tick in ticks],
        ),
        annotations=[
            annotation(
                scene,
                deadline.date().isoformat(),
                float(result.target),
                words("strategy.target_is", value=written(result.target, unit, scene)),
                xanchor="right",
                yanchor="bottom" if result.target >= result.baseline else "top",
                font={"size": scene.font_size, "color": palette.soft_ink},
            ),
            annotation(
                scene,
                last["measured_on"].date().isoformat(),
                float(last["value"]),
                written(last["value"], unit, scene),
                xanchor="left",
                yanchor="top",
                xshift=4,
                font={"size": scene.font_size, "color": palette.accent},
            ),
        ],
        margin={"l": 8, "r": 16, "t": 16, "b": 8},
    )
    return figure(measured, layout)


def fan_traces(
    series: pd.DataFrame, forecasts: pd.DataFrame | None, result: Any, scene: Scene
) -> tuple[list[dict[str, Any]], list[float]]:
    """Return the band and middle line of the forecast, and the ends of the band."""
    if forecasts is None:
        return [], []
    own = forecasts[forecasts["key_result_id"] == result.key_result_id]
    if own.empty or series.empty:
        return [], []
    words, palette = scene.words, scene.palette
    last = series.iloc[-1]
    start = float(last["value"])
    days = [last["measured_on"].date().isoformat()]
    days += [day.date().isoformat() for day in own["measured_on"]]
    columns = ("forecast", "forecast_low", "forecast_high")
    middle, low, high = ([start, *own[name].tolist()] for name in columns)
    told = [
        tooltip(
            words("strategy.forecast_of", day=words.day(row.measured_on.date())),
            written(row.forecast, result.unit, scene),
            words(
                "strategy.interval",
                low=written(row.forecast_low, result.unit, scene),
                high=written(row.forecast_high, result.unit, scene),
            ),
        )
        for row in rows(own)
    ]
    band = {
        "type": "scatter",
        "mode": "lines",
        "x": [*days, *days[::-1]],
        "y": [*high, *low[::-1]],
        "fill": "toself",
        "fillcolor": palette.faint,
        "line": {"width": 1, "color": palette.muted},
        "hoverinfo": "skip",
    }
    line = {
        "type": "scatter",
        "mode": "lines",
        "x": days,
        "y": middle,
        "line": {"color": palette.accent, "width": 2, "dash": "dash"},
        "hoverinfo": "text",
        "hovertext": ["", *told],
    }
    return [band, line], [low[-1], high[-1]]


def draw_evidence(frames: Frames, scene: Scene) -> Drawing:
    """What is behind the chosen tactic's results: how each is measured, and its check-ins."""
    words = scene.words
    results = chosen_results(frames["key_results"], scene)
    if not results:
        return Drawing(empty=words("strategy.none"))
    reports = frames["check_ins"]
    parts = [
        _evidence(result, reports[reports["key_result_id"] == result.key_result_id], scene)
        for result in results
    ]
    tactic = results[0].tactic_id
    return Drawing(
        children=html.Div(parts, className="evidence"),
        subtitle=f"{tactic} {tactic_name(tactic, scene)}",
        note=None if scene.chosen.tactic else words("strategy.choose_tactic"),
    )


def _evidence(result: Any, reports: pd.DataFrame, scene: Scene) -> html.Div:
    words = scene.words
    facts = [
        words(f"strategy.source_{result.source}"),
        words("strategy.owner_is", owner=result.owner),
        words(
            "strategy.span",
            baseline=written(result.baseline, result.unit, scene),
            started=words.day(result.started_on.date()),
            target=written(result.target, result.unit, scene),
            deadline=words.day(result.deadline_on.date()),
        ),
    ]
    parts: list[Any] = [
        html.H3(str(getattr(result, f"name_{words.language}")), className="panel__title"),
        html.P([status_words(result.status, scene), " · ", " · ".join(facts)], className="hint"),
    ]
    path = None if pd.isna(result.view) else VIEW_PATHS.get(str(result.view))
    if path is not None:
        view = path.strip("/")
        parts.append(
            dcc.Link(
                words("strategy.see_view", view=words(f"{view}.name")),
                href=path + scene.chosen.search(),
                className="button",
            )
        )
    parts.append(
        dcc.Link(
            words("check-in.write_one"),
            href=CHECK_IN_PATH + replace(scene.chosen, result=result.key_result_id).search(),
            className="button",
        )
    )
    if reports.empty:
        parts.append(html.P(words("strategy.no_check_in"), className="hint"))
        return html.Div(parts)
    head = html.Thead(
        html.Tr(
            [
                html.Th(words(f"strategy.column_{name}"), scope="col")
                for name in ("day", "value", "confidence", "author", "note")
            ]
        )
    )
    body = [
        html.Tr(
            [
                html.Td(words.day(row.checked_in_on.date())),
                html.Td(written(row.value, result.unit, scene)),
                html.Td(
                    words.value(None if pd.isna(row.confidence) else float(row.confidence), "share")
                ),
                html.Td(str(row.author)),
                html.Td(_told(row, words)),
            ]
        )
        for row in rows(reports.head(CHECK_INS_SHOWN))
    ]
    parts.append(html.Table([head, html.Tbody(body)], className="data-table"))
    return html.Div(parts)


def _told(row: Any, words: Words) -> list[Any]:
    """What happened, and the next step if one was named."""
    told: list[Any] = ["" if pd.isna(row.analysis) else str(row.analysis)]
    if not pd.isna(row.next_step) and row.next_step:
        told.append(html.Div(words("strategy.next_step", step=row.next_step), className="hint"))
    return told
