"""The strategy board: three strategies, thirty tactics, their key results in rows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
from dash import dcc, html

from layouts.attributes import attributes
from layouts.charts import rows
from layouts.panels import Drawing, Frames
from layouts.scene import Scene
from layouts.sparkline import sparkline
from layouts.strategy.values import (
    STATUSES,
    colour,
    status_words,
    strategy_name,
    tactic_name,
    written,
)

SPARK_MONTHS = 24


def draw_status(frames: Frames, scene: Scene) -> Drawing:
    """One bar per strategy: how many key results are on track, at risk, off track."""
    results = frames["key_results"]
    words = scene.words
    if results.empty:
        return Drawing(empty=words("strategy.none"))
    items = []
    for strategy in scene.framework.strategies:
        own = results[results["strategy_id"] == strategy.id]
        counts = own["status"].value_counts()
        stale = int(own["is_stale"].sum())
        parts = [
            html.Span(
                str(int(counts.get(status, 0))),
                className="share-bar__part",
                style={
                    "flexGrow": int(counts.get(status, 0)),
                    "borderTopColor": colour(status, scene.palette),
                },
                title=f"{words(f'strategy.status_{status}')}: {int(counts.get(status, 0))}",
            )
            for status in STATUSES
            if counts.get(status, 0)
        ]
        items.append(
            html.Div(
                [
                    html.Div(
                        f"{strategy.id} {strategy_name(strategy.id, scene)}",
                        className="key-figure__label",
                    ),
                    html.Div(
                        words(
                            "strategy.on_track_of",
                            part=words.number(int(counts.get("on_track", 0))),
                            whole=words.number(len(own)),
                        ),
                        className="key-figure__value",
                    ),
                    html.Div(parts, className="share-bar"),
                    html.Div(
                        words("strategy.stale_count", count=words.number(stale)),
                        className="key-figure__reading",
                    ),
                ],
                className="key-figure key-figure--wide",
            )
        )
    legend = html.Div(
        [status_words(status, scene) for status in STATUSES], className="result-legend"
    )
    return Drawing(
        children=[html.Div(items, className="key-figures key-figures--three"), legend],
        subtitle=words("common.as_of", day=words.day(scene.as_of)),
    )


def draw_board(frames: Frames, scene: Scene) -> Drawing:
    """All key results in rows, grouped by strategy and tactic."""
    results, series = frames["key_results"], frames["key_result_series"]
    words = scene.words
    if results.empty:
        return Drawing(empty=words("strategy.none"))
    histories = {
        str(name): group["value"].astype("float64").tail(SPARK_MONTHS).tolist()
        for name, group in series.groupby("key_result_id")
    }
    head = html.Thead(
        html.Tr(
            [
                html.Th(words(f"strategy.column_{name}"), scope="col")
                for name in ("result", "now", "progress", "status", "confidence", "trend")
            ]
        )
    )
    body: list[Any] = []
    for strategy in scene.framework.strategies:
        own = results[results["strategy_id"] == strategy.id]
        if own.empty:
            continue
        title = f"{strategy.id} {strategy_name(strategy.id, scene)}"
        body.append(html.Tr(html.Th(title, colSpan=6, scope="colgroup"), className="group-row"))
        body += [_row(row, histories.get(row.key_result_id, []), scene) for row in rows(own)]
    table = html.Table([head, html.Tbody(body)], className="data-table results")
    return Drawing(
        children=html.Div(table),
        subtitle=words("common.as_of", day=words.day(scene.as_of)),
        note=words("strategy.board_note"),
    )


def _row(row: Any, history: list[float], scene: Scene) -> html.Tr:
    words = scene.words
    name = html.Td(
        [
            html.Button(
                f"{row.tactic_id} {tactic_name(row.tactic_id, scene)}",
                type="button",
                className="mark",
                **attributes(data_event=f"tactic:{row.tactic_id}"),
            ),
            html.Div(str(getattr(row, f"name_{words.language}")), className="hint"),
        ]
    )
    flags: list[Any] = [status_words(row.status, scene)]
    if row.disagrees:
        side = "doubts" if row.status == "on_track" else "hopes"
        flags.append(html.Div(words(f"strategy.{side}"), className="result__flag"))
    if row.is_stale:
        flags.append(html.Div(words("strategy.stale"), className="result__flag"))
    now = html.Td(
        [
            dcc.Link(
                html.Strong(written(row.value, row.unit, scene)),
                href="/evidence" + replace(scene.chosen, result=row.key_result_id).search(),
                className="mark",
                title=words("strategy.evidence_of"),
            ),
            html.Div(
                words("strategy.of_target", target=written(row.target, row.unit, scene)),
                className="hint",
            ),
        ]
    )
    return html.Tr(
        [
            name,
            now,
            html.Td(bullet(row, scene)),
            html.Td(flags),
            html.Td(words.value(_number(row.confidence), "share")),
            html.Td(sparkline(history, scene) if len(history) > 1 else ""),
        ],
        className="is-chosen" if row.tactic_id == scene.chosen.tactic else "",
    )


def bullet(row: Any, scene: Scene) -> html.Div:
    """Progress from baseline to target as a bar, with a tick where an even pace would be."""
    words = scene.words
    made, expected = _number(row.progress), _number(row.expected)
    shown = 0.0 if made is None else min(max(made, 0.0), 1.0)
    text = words(
        "strategy.progress_text",
        progress=words.value(made, "share"),
        expected=words.value(expected, "share"),
    )
    parts = [
        html.Span(
            className="bullet__bar",
            style={
                "width": f"{shown * 100:.1f}%",
                "background": colour(row.status, scene.palette),
            },
        )
    ]
    if expected is not None:
        parts.append(html.Span(className="bullet__tick", style={"left": f"{expected * 100:.1f}%"}))
    return html.Div(
        [
            html.Div(
                parts, className="bullet", title=text, role="img", **attributes(aria_label=text)
            ),
            html.Div(words.value(made, "share"), className="hint"),
        ]
    )


def _number(value: Any) -> float | None:
    return None if pd.isna(value) else float(value)
