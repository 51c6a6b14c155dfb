"""What members are excused from, why and until when."""

from __future__ import annotations

from typing import Any

import pandas as pd
from dash import html

from layouts.attributes import attributes
from layouts.charts import rows
from layouts.panels import Drawing, Frames
from layouts.scene import Scene


def draw_derogations(frames: Frames, scene: Scene) -> Drawing:
    """A list of derogations, those that still run first."""
    frame = frames["derogations"]
    words = scene.words
    if frame.empty:
        return Drawing(empty=words("due-dates.no_derogation", scope=scene.scope_text))
    running = frame[[_runs(row, scene) for row in rows(frame)]]
    return Drawing(
        children=html.Ul([_item(row, scene) for row in rows(frame)], className="derogations"),
        title=words(
            f"due-dates.derogations_finding{'_one' if len(frame) == 1 else ''}",
            count=words.number(len(frame)),
            running=words.number(len(running)),
        ),
        subtitle=" · ".join([scene.scope_text, words("common.as_of", day=words.day(scene.as_of))]),
        note=None if scene.is_present else words("due-dates.derogations_note"),
    )


def _runs(row: Any, scene: Scene) -> bool:
    return str(row.first_month) <= f"{scene.as_of:%Y-%m}" <= str(row.last_month)


def _state(row: Any, scene: Scene) -> str:
    if _runs(row, scene):
        return scene.words("due-dates.runs")
    ended = str(row.last_month) < f"{scene.as_of:%Y-%m}"
    return scene.words("due-dates.ended" if ended else "due-dates.not_begun")


def _item(row: Any, scene: Scene) -> html.Li:
    words, names = scene.words, scene.names
    collection = names.collections.get(row.collection_id, row.collection_id)
    first, last = words.period(int(row.first_period_id)), words.period(int(row.last_period_id))
    periods = first if row.first_period_id == row.last_period_id else f"{first} – {last}"
    count = 0 if pd.isna(row.obligation_count) else int(row.obligation_count)
    facts = [
        f"{collection}, {periods}",
        _state(row, scene),
        words("due-dates.lifted", count=words.number(count)),
    ]
    return html.Li(
        [
            html.Button(
                names.member(row.member_iso3),
                type="button",
                className="mark",
                **attributes(data_event=f"member:{row.member_iso3}"),
            ),
            html.Span(words("due-dates.reason", reason=row.waiver_reason)),
            html.Div(" · ".join(facts), className="hint"),
        ]
    )
