"""Who owes a check-in, by owner: since when, and what is due within thirty days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pandas as pd
from dash import dcc, html

from dashboard.reminders import OVERDUE, OWED, SOON, SOON_DAYS
from layouts.attributes import attributes
from layouts.charts import rows
from layouts.check_in.subject import CHECK_IN_PATH, result_name
from layouts.panels import Drawing, Frames
from layouts.scene import Scene


def draw_owed(frames: Frames, scene: Scene) -> Drawing:
    """A row for each key result that is owed or due soon, under its owner; the longest first."""
    words, due = scene.words, frames["check_ins_due"]
    if due.empty:
        return Drawing(empty=words("strategy.none"))
    owed = due[due["check_in_state"].isin(OWED)]
    subtitle = words(
        "check-in.owed_subtitle",
        overdue=words.number(int((owed["check_in_state"] == OVERDUE).sum())),
        soon=words.number(int((owed["check_in_state"] == SOON).sum())),
        until=words.day(scene.as_of + timedelta(days=SOON_DAYS)),
        day=words.day(scene.as_of),
    )
    parts: list[Any] = []
    if owed.empty:
        first = rows(due.head(1))[0]
        parts.append(
            html.P(
                words(
                    "check-in.nobody",
                    owner=first.owner,
                    name=result_name(first, scene),
                    day=words.day(first.due_on.date()),
                ),
                className="hint",
            )
        )
    else:
        head = html.Thead(
            html.Tr(
                [
                    html.Th(words(f"check-in.column_{name}"), scope="col")
                    for name in ("result", "last", "due", "state")
                ]
            )
        )
        table = html.Table([head, html.Tbody(list(_body(owed, scene)))], className="data-table")
        parts.append(html.Div(table, className="table-scroll", tabIndex="0"))
    if scene.path != CHECK_IN_PATH and not scene.is_present:
        link = dcc.Link(
            words("check-in.write_one"),
            href=CHECK_IN_PATH + scene.chosen.search(),
            className="button",
        )
        parts.append(html.P(link))
    return Drawing(children=html.Div(parts), subtitle=subtitle)


def _body(owed: pd.DataFrame, scene: Scene) -> Iterator[html.Tr]:
    for owner in owed["owner"].drop_duplicates():
        own = owed[owed["owner"] == owner]
        title = scene.words("check-in.owner_of", owner=owner, count=scene.words.number(len(own)))
        yield html.Tr(html.Th(title, colSpan=4, scope="rowgroup"), className="group-row")
        for row in rows(own):
            yield _row(row, scene)


def _row(row: Any, scene: Scene) -> html.Tr:
    words = scene.words
    never = pd.isna(row.last_check_in_on)
    return html.Tr(
        [
            html.Td(
                html.Button(
                    f"{row.tactic_id} {result_name(row, scene)}",
                    type="button",
                    className="mark",
                    **attributes(data_event=f"result:{row.key_result_id}"),
                )
            ),
            html.Td(
                words("strategy.never") if never else words.day(row.last_check_in_on.date()),
                className="check-in__day",
            ),
            html.Td(words.day(row.due_on.date()), className="check-in__day"),
            html.Td(due_mark(row, scene)),
        ],
        className="is-chosen" if row.key_result_id == scene.chosen.result else "",
    )


def due_mark(row: Any, scene: Scene) -> html.Span:
    """Symbol and words of how far a due day is gone or away."""
    words, late = scene.words, int(row.days_overdue)
    is_late = row.check_in_state == OVERDUE
    days = words.value(abs(late), "days")
    if not is_late and late == 0:
        text = words("check-in.due_today")
    else:
        text = words("check-in.overdue_by" if is_late else "check-in.due_in", days=days)
    colour = scene.palette.status["overdue"] if is_late else scene.palette.soft_ink
    return html.Span(
        [
            html.Span("✕" if is_late else "○", className="result__symbol", style={"color": colour}),
            text,
        ],
        className="result__status",
    )
