"""All key results as a list to choose from."""

from __future__ import annotations

from typing import Any

from dash import html

from layouts.attributes import attributes
from layouts.charts import rows
from layouts.evidence.subject import result_of
from layouts.panels import Drawing, Frames
from layouts.scene import Scene
from layouts.strategy.values import SYMBOLS, colour, strategy_name, written


def draw_results(frames: Frames, scene: Scene) -> Drawing:
    """Every key result with its value, by strategy; the chosen one is marked."""
    results, words = frames["key_results"], scene.words
    chosen = result_of(frames)
    if chosen is None:
        return Drawing(empty=words("strategy.none"))
    body: list[Any] = []
    for strategy in scene.framework.strategies:
        own = results[results["strategy_id"] == strategy.id]
        if own.empty:
            continue
        title = f"{strategy.id} {strategy_name(strategy.id, scene)}"
        body.append(html.Tr(html.Th(title, colSpan=2, scope="colgroup"), className="group-row"))
        body += [_row(row, row.key_result_id == chosen.key_result_id, scene) for row in rows(own)]
    return Drawing(
        children=html.Div(
            html.Table(html.Tbody(body), className="data-table"),
            className="table-scroll evidence-results",
            tabIndex="0",
            **attributes(role="region", aria_label=words("evidence.results.title")),
        ),
        subtitle=words("common.as_of", day=words.day(scene.as_of)),
    )


def _row(row: Any, is_chosen: bool, scene: Scene) -> html.Tr:
    words = scene.words
    button = html.Button(
        f"{row.tactic_id} {getattr(row, f'name_{words.language}')}",
        type="button",
        className="mark",
        **attributes(
            data_event=f"result:{row.key_result_id}",
            aria_pressed="true" if is_chosen else "false",
        ),
    )
    symbol = html.Span(
        SYMBOLS[row.status],
        className="result__symbol",
        title=words(f"strategy.status_{row.status}"),
        style={"color": colour(row.status, scene.palette)},
    )
    return html.Tr(
        [
            html.Td(html.Div([symbol, button], className="evidence-result")),
            html.Td(written(row.value, row.unit, scene), className="number"),
        ],
        className="is-chosen" if is_chosen else "",
    )
