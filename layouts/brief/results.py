"""What became of the key results between two days: sentences, and a row for each that moved."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
from dash import html

from layouts.attributes import attributes
from layouts.charts import rows
from layouts.panels import Drawing, Frames
from layouts.scene import Scene
from layouts.strategy.values import status_words, written

MOVED_AT_MOST: Final = 6
CHANGED_AT_MOST: Final = 10
STALE_AT_MOST: Final = 6


def days_text(row: Any, scene: Scene) -> str:
    """Write the two days."""
    words = scene.words
    return words("brief.days", then=words.day(row.then_on.date()), now=words.day(row.now_on.date()))


def draw_results(frames: Frames, scene: Scene) -> Drawing:
    """Status changes, the largest moves, what went stale, and how many checked in."""
    table, words = frames["since_key_results"], scene.words
    if table.empty:
        return Drawing(empty=words("strategy.none"))
    changed = table[table["status"] != table["status_then"]]
    moved = table[table["move"].abs() > 0]
    stale = table[table["is_stale"] & ~table["is_stale_then"]]
    fresh = table[table["check_in_count"] > 0]
    on_track = words(
        "brief.on_track",
        then=words.number(int((table["status_then"] == "on_track").sum())),
        now=words.number(int((table["status"] == "on_track").sum())),
        all=words.number(len(table)),
    )
    told = [
        on_track,
        words(
            "brief.check_ins",
            count=words.number(int(table["check_in_count"].sum())),
            results=words.number(len(fresh)),
            silent=words.number(len(table) - len(fresh)),
        ),
    ]
    parts: list[Any] = [html.P(" ".join(told), className="brief__lead")]
    parts.append(
        _section(
            words("brief.changed", count=words.number(len(changed))),
            _status_table(changed.head(CHANGED_AT_MOST), scene) if len(changed) else None,
            words("brief.none_changed"),
        )
    )
    parts.append(
        _section(
            words("brief.moved"),
            _move_table(moved.head(MOVED_AT_MOST), scene) if len(moved) else None,
            words("brief.none_moved"),
        )
    )
    if not scene.is_present:
        names = [
            html.Li(
                words(
                    "brief.stale_since",
                    name=_name(row, scene),
                    owner=row.owner,
                    last=words("strategy.never")
                    if pd.isna(row.last_check_in_on)
                    else words.day(row.last_check_in_on.date()),
                )
            )
            for row in rows(stale.head(STALE_AT_MOST))
        ]
        parts.append(
            _section(
                words("brief.stale", count=words.number(len(stale))),
                html.Ul(names) if names else None,
                words("brief.none_stale"),
            )
        )
    return Drawing(children=html.Div(parts, className="brief"), subtitle=_subtitle(table, scene))


def _subtitle(table: pd.DataFrame, scene: Scene) -> str:
    return days_text(rows(table.head(1))[0], scene)


def _section(title: str, body: Any, otherwise: str) -> html.Div:
    shown = body if body is not None else html.P(otherwise, className="hint")
    return html.Div([html.H3(title, className="brief__title"), shown], className="brief__part")


def _name(row: Any, scene: Scene) -> str:
    return f"{row.tactic_id} {getattr(row, f'name_{scene.words.language}')}"


def _chooser(row: Any, scene: Scene) -> html.Button:
    return html.Button(
        _name(row, scene),
        type="button",
        className="mark",
        **attributes(data_event=f"tactic:{row.tactic_id}"),
    )


def _status_table(changed: pd.DataFrame, scene: Scene) -> html.Table:
    words = scene.words
    body = [
        html.Tr(
            [
                html.Td(_chooser(row, scene)),
                html.Td(status_words(row.status_then, scene)),
                html.Td(status_words(row.status, scene)),
                html.Td(
                    words(
                        "brief.from_to",
                        then=words.value(_number(row.progress_then), "share"),
                        now=words.value(_number(row.progress), "share"),
                    ),
                    className="number",
                ),
            ]
        )
        for row in rows(changed)
    ]
    return _table(("result", "status_then", "status_now", "progress"), body, scene)


def _move_table(moved: pd.DataFrame, scene: Scene) -> html.Table:
    words = scene.words
    body = [
        html.Tr(
            [
                html.Td(_chooser(row, scene)),
                html.Td(written(row.value_then, row.unit, scene), className="number"),
                html.Td(written(row.value, row.unit, scene), className="number"),
                html.Td(words.value(row.move, "share", is_change=True), className="number"),
            ]
        )
        for row in rows(moved)
    ]
    return _table(("result", "then", "now", "way"), body, scene)


def _table(columns: tuple[str, ...], body: list[html.Tr], scene: Scene) -> html.Table:
    kinds = {"then": "number", "now": "number", "way": "number", "progress": "number"}
    head = html.Tr(
        [
            html.Th(scene.words(f"brief.column_{name}"), scope="col", className=kinds.get(name, ""))
            for name in columns
        ]
    )
    return html.Table([html.Thead(head), html.Tbody(body)], className="data-table")


def _number(value: Any) -> float | None:
    return None if pd.isna(value) else float(value)
