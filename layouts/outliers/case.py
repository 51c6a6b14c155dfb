"""One case: what was reported, what was expected, how it stands, and what was written about it."""

from __future__ import annotations

import math
from typing import Any, Final

import dash_bootstrap_components as dbc
import pandas as pd
from dash import html

from dashboard.cases import AUTHOR_AT_MOST, NEXT_STATES, NOTE_AT_MOST, NOTE_NEEDED, OPEN, STATES
from dashboard.flows import is_past, trade_collection
from layouts.attributes import attributes
from layouts.charts import rows
from layouts.chips import commodity_name
from layouts.outliers.log import entry
from layouts.outliers.wording import (
    button,
    case_name,
    flow_text,
    no_case,
    number_or_none,
    share,
    state_mark,
    usd,
)
from layouts.panels import Drawing, Frames
from layouts.scene import Scene

CLOSE: Final = 1.1
"""How much nearer one of two figures must be before the partners' record is called near to it."""


def draw_case(frames: Frames, scene: Scene) -> Drawing:
    """Facts of a case in sentences, its state with what can be done, and its history."""
    reason = no_case(frames, scene)
    if reason is not None:
        return Drawing(empty=reason)
    words = scene.words
    (row,) = rows(frames["outlier_case"])
    log = frames["case_log"]
    history = log[
        (log["case_id"] == row.case_id)
        & (log["collection_id"] == trade_collection(scene.selection.collection, scene.catalogue))
    ]
    parts: list[Any] = [
        html.P(_reported(row, scene), className="case__figures"),
        html.P(_effect(row, scene)),
        _facts(row, scene),
        _state(row, scene),
    ]
    if not scene.is_present:
        parts += [_form(row, history, scene), _history(history, scene)]
    return Drawing(
        children=html.Div(parts, className="case"),
        title=case_name(row, scene),
        subtitle=words("common.as_of", day=words.day(scene.as_of)),
    )


def _reported(row: Any, scene: Scene) -> list[Any]:
    words = scene.words
    return [
        html.Strong(words("outliers.was_reported", value=usd(row.value_usd, scene))),
        " ",
        words("outliers.was_expected", value=usd(row.expected_usd, scene)),
    ]


def _effect(row: Any, scene: Scene) -> str:
    words = scene.words
    effect = number_or_none(row.effect_usd) or 0.0
    return words(
        "outliers.effect_more" if effect > 0 else "outliers.effect_less",
        value=usd(abs(effect), scene),
        member=share(row.member_share, scene),
        region=share(row.region_share, scene),
        flow=words(f"flow.{row.flow_code}"),
    )


def _facts(row: Any, scene: Scene) -> html.Dl:
    words = scene.words
    pairs: list[tuple[str, Any]] = []
    if bool(row.is_candidate):
        pairs.append((words("outliers.judged_by"), judgement(row, scene)))
        pairs.append((words("outliers.usual_band"), _band(row, scene)))
    pairs.append((words("outliers.partners_record"), mirror_text(row, scene)))
    if not pd.isna(row.received_on):
        pairs.append((words("column.received_on"), words.day(row.received_on.date())))
    pairs.append(
        (
            words("outliers.go_on"),
            [
                button(scene.names.member(str(row.member_iso3)), f"member:{row.member_iso3}"),
                " · ",
                button(
                    commodity_name(scene, str(row.commodity_code)),
                    f"commodity:{row.commodity_code}",
                ),
                " · ",
                button(flow_text(str(row.flow_code), scene), f"flow:{row.flow_code}"),
            ],
        )
    )
    children: list[Any] = []
    for name, text in pairs:
        children += [html.Dt(name), html.Dd(text)]
    return html.Dl(children, className="case__facts")


def judgement(row: Any, scene: Scene) -> str:
    """Say by what a figure was judged."""
    words = scene.words
    count = words.number(int(row.point_count))
    z = number_or_none(row.z)
    if row.method == "rule":
        key = "outliers.by_rule_zero" if z is None else "outliers.by_rule_flat"
        return words(key, count=count)
    key = f"outliers.by_{row.method}"
    return words(key, z=words.number(z, 1), count=count)


def _band(row: Any, scene: Scene) -> str:
    low, high = usd(row.low_usd, scene), usd(row.high_usd, scene)
    if number_or_none(row.high_usd) is None:
        return scene.words("outliers.band_open", low=low)
    return scene.words("outliers.band", low=low, high=high)


def mirror_text(row: Any, scene: Scene) -> str:
    """Say what the partners recorded, and which of the two figures that is nearer to."""
    words = scene.words
    mirror = number_or_none(row.mirror_usd)
    if mirror is None:
        return words("outliers.no_mirror")
    value, expected = float(row.value_usd), float(row.expected_usd)
    to_value = _distance(mirror, value)
    to_expected = _distance(mirror, expected)
    key = "between"
    if to_value * CLOSE < to_expected:
        key = "reported"
    elif to_expected * CLOSE < to_value:
        key = "expected"
    return words(f"outliers.mirror_{key}", value=usd(mirror, scene))


def _distance(one: float, other: float) -> float:
    """Return how far two amounts are apart, as a ratio's logarithm."""
    if one <= 0 or other <= 0:
        return 0.0 if one == other else math.inf
    return abs(math.log(one / other))


def _state(row: Any, scene: Scene) -> html.P:
    words = scene.words
    state = row.case_state if isinstance(row.case_state, str) else None
    text: list[Any] = [html.Span(words("outliers.state_is"), className="soft"), " "]
    text.append(state_mark(state, scene))
    if state is None:
        text += [" ", words("outliers.log_lost")]
    elif state not in STATES:
        text += [" ", words(f"outliers.state_{state}")]
    return html.P(text, className="case__state")


def _form(row: Any, history: pd.DataFrame, scene: Scene) -> Any:
    words = scene.words
    if not scene.can_write:
        return html.P(words("outliers.writing_off"), className="hint")
    if is_past(scene.selection, scene.catalogue):
        return html.P(words("outliers.write_in_present"), className="hint")
    if not isinstance(row.case_state, str):
        return None
    # A case that a revision settled goes on from where people left it.
    state = str(history["case_state"].iloc[0]) if len(history) else OPEN
    following = NEXT_STATES[state]
    collection = trade_collection(scene.selection.collection, scene.catalogue)
    buttons = [
        html.Button(
            words(f"outliers.to_{one}" if one != state else f"outliers.to_{one}_again"),
            type="button",
            className="button",
            **attributes(data_case_state=one, data_needs_note="1" if one in NOTE_NEEDED else ""),
        )
        for one in following
    ]
    return html.Div(
        [
            html.Label(
                [
                    html.Span(words("outliers.note")),
                    html.Textarea(
                        rows=2, maxLength=NOTE_AT_MOST, className="form-control", name="note"
                    ),
                ]
            ),
            html.Label(
                [
                    html.Span(words("outliers.author")),
                    dbc.Input(
                        type="text",
                        maxLength=AUTHOR_AT_MOST,
                        name="author",
                        autoComplete="name",
                        size="sm",
                    ),
                ]
            ),
            html.Div(buttons, className="case__buttons"),
            html.P("", className="case__answer", role="status"),
            html.P(words("outliers.author_note"), className="hint"),
        ],
        className="case__form",
        **attributes(
            data_case=str(row.case_id),
            data_collection=collection,
            data_seen=str(int(row.event_count)),
            data_lang=words.language,
            data_no_author=words("outliers.no_author"),
            data_no_note=words("outliers.no_note"),
            data_failed=words("outliers.refused_connection"),
            data_saved=words("outliers.saved"),
        ),
    )


def _history(history: pd.DataFrame, scene: Scene) -> Any:
    words = scene.words
    if history.empty:
        return html.P(words("outliers.no_history"), className="hint")
    return html.Div(
        [
            html.H3(words("outliers.history"), className="case__heading"),
            html.Ol([html.Li(entry(row, scene)) for row in rows(history)], className="case__log"),
        ]
    )
