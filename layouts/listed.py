"""Rows of a frame as a list under headings, cut to what the panel or the stage has room for.

It lists what it is given, in that order, and must not sort or choose rows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from dash import html

from layouts.attributes import attributes
from layouts.charts import rows
from layouts.scene import Scene


@dataclass(frozen=True)
class Listed:
    """A column: its heading, the cell of a row, and whether the stage has it too.

    ``kind`` is the CSS class of the heading.
    """

    heading: str
    cell: Callable[[Any], html.Td]
    kind: str = ""
    is_staged: bool = False


def listing(
    frame: pd.DataFrame, columns: Sequence[Listed], scene: Scene, *, label: str, most: int
) -> html.Div:
    """Return at most ``most`` rows under their headings; the rest is counted below."""
    shown = [column for column in columns if column.is_staged or not scene.is_present]
    head = html.Tr([html.Th(one.heading, scope="col", className=one.kind) for one in shown])
    body = [
        html.Tr(
            [one.cell(row) for one in shown],
            className="is-chosen" if row.member_iso3 in scene.chosen.members else "",
        )
        for row in rows(frame.head(most))
    ]
    children: list[Any] = [
        html.Div(
            html.Table([html.Thead(head), html.Tbody(body)], className="data-table"),
            className="table-scroll",
            tabIndex="0",
            **attributes(role="region", aria_label=label),
        )
    ]
    if len(frame) > most and not scene.is_present:
        more = scene.words("common.more_rows", count=scene.words.number(len(frame) - most))
        children.append(html.P(more, className="hint"))
    return html.Div(children)


def mark(text: str, event: str) -> html.Button:
    """Return a name that selects what it names."""
    return html.Button(text, type="button", className="mark", **attributes(data_event=event))


def member_column(scene: Scene) -> Listed:
    """Return the column of the member."""
    return Listed(
        scene.words("column.member_iso3"),
        lambda row: html.Td(mark(scene.names.member(row.member_iso3), f"member:{row.member_iso3}")),
        is_staged=True,
    )


def region_column(scene: Scene) -> Listed:
    """Return the column of the member's region; the stage has no room for it."""
    return Listed(
        scene.words("column.region_id"),
        lambda row: html.Td(mark(scene.names.region(row.region_id), f"region:{row.region_id}")),
    )


def period_column(scene: Scene) -> Listed:
    """Return the column of the period."""
    return Listed(
        scene.words("column.period_id"),
        lambda row: html.Td(scene.words.period(int(row.period_id)), className="whole"),
        is_staged=True,
    )


def due_column(scene: Scene) -> Listed:
    """Return the column of the due day."""
    return number_column(
        scene.words("column.due_on"),
        lambda row: scene.words.day(row.due_on.date()),
        is_staged=True,
        is_whole=True,
    )


def number_column(
    heading: str,
    text: Callable[[Any], str],
    *,
    is_staged: bool = False,
    is_whole: bool = False,
) -> Listed:
    """Return a column set to the right; a whole one is not broken into lines."""
    kind = "number whole" if is_whole else "number"
    return Listed(
        heading, lambda row: html.Td(text(row), className=kind), "number", is_staged=is_staged
    )
