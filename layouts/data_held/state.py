"""The facts of the generation that is served, and what is known to be missing."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import pandas as pd
from dash import html

from layouts.data_held.cells import button
from layouts.panels import Drawing, Frames
from layouts.scene import Scene

STAGED_ROWS: Final = 9
MEMBERS_NAMED: Final = 12
PERIODS_NAMED: Final = 8


def draw_facts(frames: Frames, scene: Scene) -> Drawing:
    """What is served, by which framework it was judged, and where the numbers can be had."""
    frame, words = frames["warehouse_facts"], scene.words
    facts = dict(zip(frame["name"], frame["value"], strict=True))
    framework = scene.framework
    told = [
        (words("data-held.fact_version"), facts.get("version", "–")),
        (words("data-held.fact_built_at"), _instant(facts.get("built_at"), scene)),
        (words("data-held.fact_data_on"), words.day(scene.catalogue.data_on)),
        (words("data-held.fact_source"), scene.source_text() or "–"),
        (
            words("data-held.fact_framework"),
            words(
                "data-held.framework_text",
                name=getattr(framework.framework.name, words.language),
                version=facts.get("framework_version", "–"),
                fingerprint=facts.get("framework_fingerprint", "–"),
            ),
        ),
        (
            words("data-held.fact_declares"),
            words(
                "data-held.declares_text",
                collections=len(framework.collections),
                rules=len(framework.rules),
                dimensions=len(framework.dimensions),
                results=len(framework.key_results),
            ),
        ),
        (
            words("data-held.fact_methods"),
            words(
                "data-held.methods_text",
                method=facts.get("method_version", "–"),
                schema=facts.get("schema_version", "–"),
            ),
        ),
    ]
    entries: list[Any] = []
    for label, text in told:
        entries += [html.Dt(label), html.Dd(text)]
    parts: list[Any] = [html.Dl(entries, className="facts")]
    if not scene.is_present:
        parts.append(
            html.P(
                [
                    html.A(
                        words("data-held.all_frames"),
                        href="/data/" + scene.chosen.only(frozenset()).search(),
                        className="button",
                    ),
                    " ",
                    html.A(words("data-held.health"), href="/healthz", className="button"),
                ]
            )
        )
        parts.append(html.P(words("data-held.frames_hint"), className="hint"))
    return Drawing(children=html.Div(parts))


def _instant(text: str | None, scene: Scene) -> str:
    if not text:
        return "–"
    moment = datetime.fromisoformat(text)
    return f"{scene.words.day(moment.date())}, {moment:%H:%M} UTC"


def draw_gaps(frames: Frames, scene: Scene) -> Drawing:
    """What is known to be missing: silent members and empty periods, by collection."""
    frame, words = frames["known_gaps"], scene.words
    if frame.empty:
        # Good news is no empty panel: there is nothing to clear or to try again.
        return Drawing(children=html.P(words("data-held.no_gaps", scope=scene.scope_within)))
    parts: list[Any] = []
    for collection in scene.catalogue.collections:
        inside = frame[frame["collection_id"] == collection]
        if not inside.empty:
            parts += _gaps_of(collection, inside, scene)
    return Drawing(
        children=html.Div(parts, className="gaps"),
        subtitle=" · ".join([scene.scope_text, words("common.as_of", day=words.day(scene.as_of))]),
    )


def _gaps_of(collection: str, frame: pd.DataFrame, scene: Scene) -> list[Any]:
    words, names = scene.words, scene.names
    silent = frame.loc[frame["kind"] == "never_submitted", "member_iso3"].tolist()
    empty = sorted(int(p) for p in frame.loc[frame["kind"] == "empty_period", "period_id"])
    parts: list[Any] = [html.H3(names.collections[collection])]
    if silent:
        ordered = sorted(silent, key=names.member)
        most = STAGED_ROWS if scene.is_present else MEMBERS_NAMED
        named: list[Any] = []
        for iso3 in ordered[:most]:
            named += [button(names.member(iso3), f"member:{iso3}"), ", "]
        tail = (
            words("data-held.and_more", count=words.number(len(silent) - most))
            if len(silent) > most
            else ""
        )
        parts.append(
            html.P(
                [
                    html.Strong(words("data-held.silent", count=words.number(len(silent)))),
                    " ",
                    *named[:-1],
                    tail,
                ]
            )
        )
    if empty:
        listed = ", ".join(words.period(period) for period in empty[:PERIODS_NAMED])
        tail = (
            words("data-held.and_more", count=words.number(len(empty) - PERIODS_NAMED))
            if len(empty) > PERIODS_NAMED
            else ""
        )
        parts.append(
            html.P(
                [
                    html.Strong(words("data-held.empty", count=words.number(len(empty)))),
                    f" {listed}{tail}",
                ]
            )
        )
    return parts
