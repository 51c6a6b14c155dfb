"""The form that checks in on a key result, with what is known of it beside the fields."""

from __future__ import annotations

from typing import Any, Final

import dash_bootstrap_components as dbc
import pandas as pd
from dash import html

from dashboard import ids
from dashboard.check_ins import ANALYSIS_AT_MOST, AUTHOR_AT_MOST, NEXT_STEP_AT_MOST, REPORTED
from dashboard.flows import is_past
from layouts.attributes import attributes
from layouts.charts import rows
from layouts.check_in.owed import due_mark
from layouts.check_in.subject import chosen_result, of_result, result_name
from layouts.panels import Drawing, Frames
from layouts.scene import Scene
from layouts.strategy.values import status_words, tactic_name, written

NUMBER_AT_MOST: Final = 40
"""Characters of a number and of a day."""


def draw_entry(frames: Frames, scene: Scene) -> Drawing:
    """What is known of the chosen key result, and the form."""
    words = scene.words
    result = chosen_result(frames, scene)
    if result is None:
        return Drawing(empty=words("strategy.none"))
    own = of_result(frames["check_ins"], result)
    due = frames["check_ins_due"]
    (next_one,) = rows(due[due["key_result_id"] == result.key_result_id])
    return Drawing(
        children=html.Div(
            [_facts(result, own, next_one, scene), _form(result, own, scene)], className="check-in"
        ),
        title=result_name(result, scene),
        subtitle=f"{result.tactic_id} {tactic_name(result.tactic_id, scene)}",
        note=None if scene.chosen.result else words("check-in.choose"),
    )


def _facts(result: Any, own: pd.DataFrame, due: Any, scene: Scene) -> html.Dl:
    words = scene.words
    now: list[Any] = [
        html.Strong(written(result.value, result.unit, scene)),
        " ",
        words("strategy.of_target", target=written(result.target, result.unit, scene)),
    ]
    pairs: list[tuple[str, Any]] = [
        (words("strategy.column_now"), now),
        (words("strategy.column_status"), status_words(result.status, scene)),
        (words("strategy.column_owner"), str(result.owner)),
        (
            words("check-in.column_due"),
            [words.day(due.due_on.date()), " · ", due_mark(due, scene)],
        ),
    ]
    if len(own):
        last = rows(own.head(1))[0]
        sure = None if pd.isna(last.confidence) else float(last.confidence)
        told = words(
            "check-in.last_told",
            day=words.day(last.checked_in_on.date()),
            share=words.value(sure, "share"),
            author=last.author,
        )
        pairs.append((words("strategy.column_last"), told))
    children: list[Any] = []
    for name, text in pairs:
        children += [html.Dt(name), html.Dd(text)]
    return html.Dl(children, className="case__facts")


def _form(result: Any, own: pd.DataFrame, scene: Scene) -> Any:
    words = scene.words
    if not scene.can_write:
        return html.P(words("check-in.writing_off"), className="hint")
    if is_past(scene.selection, scene.catalogue):
        return html.P(words("check-in.write_in_present"), className="hint")
    seen = own["number"].max()
    return html.Form(
        [
            _value_field(result, scene),
            _field("confidence", scene, _line("confidence", "decimal")),
            _field("analysis", scene, _paragraph("analysis", ANALYSIS_AT_MOST, 3)),
            _field("next_step", scene, _paragraph("next_step", NEXT_STEP_AT_MOST, 2)),
            _field("author", scene, _line("author", "text", AUTHOR_AT_MOST)),
            _field("checked_in_on", scene, _line("checked_in_on", "text")),
            html.Div(
                html.Button(words("check-in.send"), type="submit", className="button"),
                className="case__buttons",
            ),
            html.P("", className="case__answer", role="status"),
            html.P(words("check-in.stays"), className="hint"),
        ],
        className="case__form check-in__form",
        **attributes(
            data_check_in=str(result.key_result_id),
            data_seen="0" if pd.isna(seen) else str(int(seen)),
            data_lang=words.language,
            data_failed=words("check-in.refused_connection"),
        ),
    )


def _value_field(result: Any, scene: Scene) -> Any:
    """Only what its owner reports has a field for the number; of the others it is said why."""
    words = scene.words
    if result.source != REPORTED:
        return html.P(words(f"check-in.no_value_{result.source}"), className="hint")
    label = words("check-in.value_in", unit=words(f"check-in.unit_{result.unit}"))
    return _field("value", scene, _line("value", "decimal"), label=label)


def _field(name: str, scene: Scene, control: Any, *, label: str | None = None) -> html.Div:
    words = scene.words
    return html.Div(
        [
            html.Label(label or words(f"check-in.field_{name}"), htmlFor=ids.check_in_field(name)),
            control,
            html.P("", id=ids.check_in_error(name), className="check-in__error"),
        ],
        className=f"check-in__field check-in__field--{name}",
    )


def _line(name: str, mode: str, most: int = NUMBER_AT_MOST) -> dbc.Input:
    # As text: a number box hides what was typed wrong, and what is not sent cannot be told.
    return dbc.Input(
        id=ids.check_in_field(name),
        name=name,
        type="text",
        inputmode=mode,
        maxLength=most,
        autoComplete="name" if name == "author" else "off",
        size="sm",
    )


def _paragraph(name: str, most: int, height: int) -> html.Textarea:
    return html.Textarea(
        id=ids.check_in_field(name),
        name=name,
        rows=height,
        maxLength=most,
        className="form-control",
    )
