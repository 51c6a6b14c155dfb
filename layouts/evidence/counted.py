"""What a member's part counts: its submissions, obligations or acts, and what was found in them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import pandas as pd
from dash import dcc, html

from layouts.attributes import attributes
from layouts.charts import rows
from layouts.evidence.subject import result_name, result_of, why_no_parts
from layouts.panels import Drawing, Frames
from layouts.quality.subject import rule_title
from layouts.scene import Scene
from layouts.strategy.values import written

LISTED_AT_MOST: Final = 60
STAGED_ROWS: Final = 8
CHECK_INS_SHOWN: Final = 12


def draw_rows(frames: Frames, scene: Scene) -> Drawing:
    """What is counted of the focus member; of a reported key result who reported what."""
    frame, result, words = frames["evidence_rows"], result_of(frames), scene.words
    if result is None:
        return why_no_parts(frames, scene)
    if result.source == "check_in":
        return _check_ins(frames, result, scene)
    if frame.empty:
        return _nothing_counted(frames, result, scene)
    kind = str(frame["kind"].iloc[0])
    counted = int(frame["is_counted"].sum())
    most = STAGED_ROWS if scene.is_present else LISTED_AT_MOST
    columns = _ACT_COLUMNS if kind == "act" else _SENT_COLUMNS[kind]
    head = html.Tr([html.Th(words(f"evidence.column.{name}"), scope="col") for name in columns])
    body = [
        html.Tr([html.Td(_cell(name, row, scene)) for name in columns])
        for row in rows(frame.head(most))
    ]
    iso3 = frame["member_iso3"].iloc[0]
    name = words("evidence.nobody") if pd.isna(iso3) else scene.names.member(str(iso3))
    title = words(
        f"evidence.counted.{kind}",
        name=name,
        counted=words.number(counted),
        count=words.number(len(frame)),
    )
    parts: list[Any] = [_table(head, body, title)]
    if len(frame) > most:
        more = words("common.more_rows", count=words.number(len(frame) - most))
        parts.append(html.P(more, className="hint"))
    if not scene.is_present:
        parts.append(_links(frame, scene))
    day = words.day(frame["measured_on"].iloc[0].date())
    return Drawing(
        children=html.Div(parts),
        title=title,
        subtitle=f"{result_name(result, scene)} · {day}",
        note=None if scene.chosen.members else words("evidence.choose_member"),
    )


_SENT_COLUMNS: Final = {
    "submission": ("counts", "collection", "period", "known_on", "state", "channel", "findings"),
    "obligation": ("counts", "collection", "period", "due_on", "known_on", "state", "findings"),
}
_ACT_COLUMNS: Final = ("counts", "known_on", "state", "amount", "note")


def _cell(name: str, row: Any, scene: Scene) -> Any:
    words = scene.words
    match name:
        case "counts":
            key = "evidence.counts_yes" if row.is_counted else "evidence.counts_no"
            return html.Span([html.Span("●" if row.is_counted else "○"), f" {words(key)}"])
        case "collection":
            title = scene.names.collections.get(row.collection_id, row.collection_id)
            return _mark(title, f"collection:{row.collection_id}")
        case "period":
            return words.period(int(row.period_id))
        case "known_on" | "due_on":
            value = getattr(row, name)
            return words("evidence.not_there") if pd.isna(value) else words.day(value.date())
        case "state":
            known = f"status.{row.state}"
            return words(known) if words.has(known) else words(f"evidence.state.{row.state}")
        case "channel":
            return words(f"evidence.channel.{row.channel}")
        case "findings":
            return words.number(0 if pd.isna(row.finding_count) else row.finding_count)
        case "amount":
            return words.number(row.amount)
    return "" if pd.isna(row.note) else str(row.note)


def _mark(text: str, event: str) -> html.Button:
    return html.Button(text, type="button", className="mark", **attributes(data_event=event))


def _table(head: html.Tr, body: list[html.Tr], label: str) -> html.Div:
    return html.Div(
        html.Table([html.Thead(head), html.Tbody(body)], className="data-table"),
        className="table-scroll",
        tabIndex="0",
        **attributes(role="region", aria_label=label),
    )


def _links(frame: pd.DataFrame, scene: Scene) -> html.P:
    """Return the ways on: the member's page and its quality, both of this member alone."""
    words, iso3 = scene.words, frame["member_iso3"].iloc[0]
    if pd.isna(iso3):
        return html.P(words("evidence.nobody_hint"), className="hint")
    search = replace(scene.chosen, members=(str(iso3),)).search()
    return html.P(
        [
            dcc.Link(words(f"evidence.to_{path}"), href=f"/{path}{search}", className="button")
            for path in ("members", "quality", "timeliness")
        ],
        className="evidence-links",
    )


def _nothing_counted(frames: Frames, result: Any, scene: Scene) -> Drawing:
    words, chosen = scene.words, scene.chosen
    if frames["evidence_members"].empty or not chosen.members:
        return why_no_parts(frames, scene)
    name = scene.names.member(chosen.members[0])
    return Drawing(
        empty=words("evidence.nothing_counted", name=name, result=result_name(result, scene))
    )


def _check_ins(frames: Frames, result: Any, scene: Scene) -> Drawing:
    words, reports = scene.words, frames["check_ins"]
    own = reports[reports["key_result_id"] == result.key_result_id]
    if own.empty:
        return why_no_parts(frames, scene)
    names = ("day", "value", "confidence", "author", "note")
    head = html.Tr([html.Th(words(f"strategy.column_{name}"), scope="col") for name in names])
    most = STAGED_ROWS if scene.is_present else CHECK_INS_SHOWN
    body = [
        html.Tr(
            [
                html.Td(words.day(row.checked_in_on.date())),
                html.Td(written(row.value, result.unit, scene)),
                html.Td(
                    words.value(None if pd.isna(row.confidence) else float(row.confidence), "share")
                ),
                html.Td(str(row.author)),
                html.Td(_told(row)),
            ]
        )
        for row in rows(own.head(most))
    ]
    title = words("evidence.reported_by", owner=result.owner, count=words.number(len(own)))
    return Drawing(
        children=_table(head, body, title), title=title, subtitle=result_name(result, scene)
    )


def _told(row: Any) -> str:
    """Return what its owner wrote."""
    text = row.analysis if hasattr(row, "analysis") else row.note
    return "" if pd.isna(text) else str(text)


def draw_findings(frames: Frames, scene: Scene) -> Drawing:
    """What was found in the submissions that are listed, those of most effect first."""
    frame, listed, words = frames["evidence_findings"], frames["evidence_rows"], scene.words
    if frame.empty:
        has_sent = bool(listed["submission_id"].notna().any())
        return Drawing(
            empty=words("evidence.no_findings" if has_sent else "evidence.no_submission")
        )
    most = STAGED_ROWS if scene.is_present else LISTED_AT_MOST
    names = ("rule", "collection", "period", "field", "value", "expected", "effect", "line")
    head = html.Tr([html.Th(words(f"evidence.column.{name}"), scope="col") for name in names])
    body = [
        html.Tr([html.Td(_found(name, row, scene)) for name in names])
        for row in rows(frame.head(most))
    ]
    name = scene.names.member(str(frame["member_iso3"].iloc[0]))
    title = words("evidence.found", name=name, count=words.number(len(frame)))
    parts: list[Any] = [_table(head, body, title)]
    if len(frame) > most:
        more = words("common.more_rows", count=words.number(len(frame) - most))
        parts.append(html.P(more, className="hint"))
    return Drawing(children=html.Div(parts), title=title)


def _found(name: str, row: Any, scene: Scene) -> Any:
    words = scene.words
    match name:
        case "rule":
            return _mark(rule_title(scene, row.rule_id), f"rule:{row.rule_id}")
        case "collection":
            return scene.names.collections.get(row.collection_id, row.collection_id)
        case "period":
            return words.period(int(row.period_id))
        case "effect":
            return words.value(None if pd.isna(row.effect_usd) else row.effect_usd, "usd")
        case "line":
            return "" if pd.isna(row.line_number) else words.number(row.line_number)
    value = getattr(row, name)
    return "" if pd.isna(value) else str(value)
