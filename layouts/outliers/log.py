"""What was written about cases, the latest first."""

from __future__ import annotations

from typing import Any, Final

from dash import html

from dashboard.cases import read_case
from dashboard.flows import is_past
from layouts.attributes import attributes
from layouts.charts import rows
from layouts.chips import commodity_name
from layouts.outliers.wording import button, state_mark
from layouts.panels import Drawing, Frames
from layouts.scene import Scene

LISTED_AT_MOST: Final = 40


def entry(row: Any, scene: Scene) -> list[Any]:
    """Write one entry: when, state, name, note, and the figures that it was about."""
    words = scene.words
    children: list[Any] = [
        html.Span(moment(row.written_at, scene), className="soft"),
        " ",
        state_mark(str(row.case_state), scene),
        " ",
        html.Strong(str(row.author)),
    ]
    if isinstance(row.note, str) and row.note:
        children.append(html.P(row.note, className="case__note"))
    children.append(
        html.P(
            words(
                "outliers.written_on",
                value=words.value(float(row.value_usd), "usd"),
                expected=words.value(float(row.expected_usd), "usd"),
                version=row.warehouse_version,
            ),
            className="hint",
        )
    )
    return children


def moment(at: Any, scene: Scene) -> str:
    """Write an instant, UTC."""
    return f"{scene.words.day(at.date())} {at:%H:%M} UTC"


def draw_log(frames: Frames, scene: Scene) -> Drawing:
    """A table of entries of the selected members."""
    frame, words = frames["case_log"], scene.words
    if frame.empty:
        key = "log_empty_then" if is_past(scene.selection, scene.catalogue) else "log_empty"
        day = words.day(scene.as_of)
        return Drawing(empty=words(f"outliers.{key}", scope=scene.scope_text, day=day))
    listed = frame.head(LISTED_AT_MOST)
    names = ("written_at", "case_id", "case_state", "note", "author")
    head = [html.Th(words(f"column.{name}"), scope="col") for name in names]
    body = [html.Tr(_cells(row, scene)) for row in rows(listed)]
    note = ""
    if len(frame) > len(listed):
        note = words("common.more_rows", count=words.number(len(frame) - len(listed)))
    return Drawing(
        children=html.Div(
            html.Table([html.Thead(html.Tr(head)), html.Tbody(body)], className="data-table"),
            className="table-scroll",
            tabIndex="0",
            **attributes(role="region", aria_label=words("outliers.log.title")),
        ),
        subtitle=" · ".join(
            [
                words("outliers.log_unit", count=words.number(len(frame))),
                scene.scope_text,
                words("common.as_of", day=words.day(scene.as_of)),
            ]
        ),
        note=note,
    )


def _cells(row: Any, scene: Scene) -> list[html.Td]:
    case = read_case(str(row.case_id))
    name = str(row.case_id)
    if case is not None:
        parts = [
            scene.names.member(case.iso3),
            scene.words(f"flow.{case.flow}"),
            commodity_name(scene, case.code),
            scene.words.period(case.period_id),
        ]
        name = ", ".join(parts)
    return [
        html.Td(moment(row.written_at, scene), className="whole"),
        html.Td(button(name, f"case:{row.case_id}")),
        html.Td(state_mark(str(row.case_state), scene), className="whole"),
        html.Td(str(row.note) if isinstance(row.note, str) else "", className="case-log__note"),
        html.Td(str(row.author)),
    ]
