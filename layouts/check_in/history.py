"""What was said about a key result, the latest first."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
from dash import html

from layouts.charts import rows
from layouts.check_in.subject import chosen_result, of_result, result_name
from layouts.panels import Drawing, Frames
from layouts.scene import Scene
from layouts.strategy.values import status_words, written

SHOWN_AT_MOST: Final = 30


def draw_history(frames: Frames, scene: Scene) -> Drawing:
    """The check-ins on the chosen key result."""
    words = scene.words
    result = chosen_result(frames, scene)
    if result is None:
        return Drawing(empty=words("strategy.none"))
    own = of_result(frames["check_ins"], result)
    subtitle = f"{result.tactic_id} {result_name(result, scene)}"
    if own.empty:
        text = html.P(words("strategy.no_check_in"), className="hint")
        return Drawing(children=text, subtitle=subtitle)
    parts: list[Any] = [
        html.Div(
            history_table(own.head(SHOWN_AT_MOST), result.unit, scene),
            className="table-scroll",
            tabIndex="0",
        )
    ]
    if len(own) > SHOWN_AT_MOST:
        rest = words.number(len(own) - SHOWN_AT_MOST)
        parts.append(html.P(words("common.more_rows", count=rest), className="hint"))
    return Drawing(children=html.Div(parts), subtitle=subtitle)


def history_table(reports: pd.DataFrame, unit: str, scene: Scene) -> html.Table:
    """Return check-ins in rows: day, value, confidence, what happened, who wrote it and when."""
    words = scene.words
    head = html.Thead(
        html.Tr(
            [
                html.Th(words(f"check-in.column_{name}"), scope="col")
                for name in ("day", "value", "confidence", "told", "author", "then")
            ]
        )
    )
    body = [
        html.Tr(
            [
                html.Td(words.day(row.checked_in_on.date()), className="check-in__day"),
                html.Td(written(row.value, unit, scene)),
                html.Td(
                    words.value(None if pd.isna(row.confidence) else float(row.confidence), "share")
                ),
                html.Td(_told(row, scene), className="check-in__told"),
                html.Td(_author(row, scene)),
                html.Td(_then(row, unit, scene)),
            ]
        )
        for row in rows(reports)
    ]
    return html.Table([head, html.Tbody(body)], className="data-table")


def _told(row: Any, scene: Scene) -> list[Any]:
    told: list[Any] = ["" if pd.isna(row.analysis) else str(row.analysis)]
    if not pd.isna(row.next_step) and row.next_step:
        step = scene.words("strategy.next_step", step=row.next_step)
        told.append(html.Div(step, className="hint"))
    return told


def _author(row: Any, scene: Scene) -> list[Any]:
    words = scene.words
    if pd.isna(row.written_at):
        return [str(row.author), html.Div(words("check-in.from_file"), className="hint")]
    moment = f"{words.day(row.written_at.date())} {row.written_at:%H:%M} UTC"
    return [str(row.author), html.Div(words("check-in.typed_at", moment=moment), className="hint")]


def _then(row: Any, unit: str, scene: Scene) -> list[Any] | str:
    """What the warehouse said of the result when it was written."""
    if pd.isna(row.known_status):
        return ""
    value = html.Div(written(row.known_value, unit, scene), className="hint")
    return [status_words(str(row.known_status), scene), value]
