"""The note to one member, in both languages, ready to be copied."""

from __future__ import annotations

from typing import Any

import pandas as pd
from dash import html

from dashboard import ids
from layouts.charts import rows
from layouts.letter import letter
from layouts.panels import Drawing, Frames
from layouts.scene import Scene


def draw_note(frames: Frames, scene: Scene) -> Drawing:
    """The note to the chosen member, or to the first of the list; the page's language is open."""
    frame = frames["chase_note"]
    words, names = scene.words, scene.names
    if frame.empty:
        if not scene.chosen.members:
            return Drawing(empty=words("chase.no_note"), is_good=True)
        name = names.member(scene.chosen.members[0])
        return Drawing(
            empty=words("chase.nothing_from", member=name, range=scene.range_text), is_good=True
        )
    written = rows(frame)
    written.sort(key=lambda row: row.language != words.language)
    name = names.member(written[0].member_iso3)
    return Drawing(
        children=html.Div(
            [
                letter(row, ids.note(row.language), scene, button=words("chase.copy"))
                for row in written
            ]
        ),
        title=words("chase.note_title", member=name),
        subtitle=_whom(written[0], scene),
        note=None if scene.chosen.members else words("chase.choose"),
    )


def _whom(row: Any, scene: Scene) -> str:
    if pd.isna(row.correspondent):
        return scene.words("chase.nobody_named")
    return scene.words("chase.correspondent", name=row.correspondent)
