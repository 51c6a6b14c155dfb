"""What has not come yet, longest first."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
from dash import html

from layouts.listed import (
    Listed,
    due_column,
    listing,
    mark,
    member_column,
    number_column,
    period_column,
    region_column,
)
from layouts.panels import Drawing, Frames
from layouts.scene import Scene

ROWS_AT_MOST: Final = 100
STAGED_ROWS: Final = 17


def draw_overdue(frames: Frames, scene: Scene) -> Drawing:
    """A table of overdue obligations of every collection."""
    frame = frames["overdue"]
    words = scene.words
    subtitle = scene.subtitle(words("timeliness.every_collection"), scene.scope_text)
    if frame.empty:
        return Drawing(
            empty=words(
                "timeliness.nothing_overdue", scope=scene.scope_within, range=scene.range_text
            ),
            subtitle=subtitle,
            is_good=True,
        )
    return Drawing(
        children=listing(
            frame,
            _columns(float(frame["days_late"].max()) or 1.0, scene),
            scene,
            label=words("timeliness.overdue.title"),
            most=STAGED_ROWS if scene.is_present else ROWS_AT_MOST,
        ),
        title=_finding(frame, scene),
        subtitle=subtitle,
        note=None if scene.is_present else words("timeliness.trade_note"),
    )


def _finding(frame: pd.DataFrame, scene: Scene) -> str:
    members = frame["member_iso3"].unique()
    count = scene.words.number(len(frame))
    if len(members) == 1:
        key = "overdue_one" if len(frame) == 1 else "overdue_of_one"
        name = scene.names.member(members[0])
        return scene.words(f"timeliness.{key}", count=count, member=name)
    members_text = scene.words.number(len(members))
    return scene.words("timeliness.overdue_finding", count=count, members=members_text)


def _columns(longest: float, scene: Scene) -> list[Listed]:
    words, names = scene.words, scene.names

    def collection(row: Any) -> html.Td:
        name = names.collections.get(row.collection_id, row.collection_id)
        return html.Td(mark(name, f"collection:{row.collection_id}"))

    def days(row: Any) -> html.Td:
        bar = {"width": f"{100 * float(row.days_late) / longest:.1f}%"}
        texts = [
            html.Span(words.number(row.days_late)),
            html.Span(html.Span(style=bar), className="inline-bar"),
        ]
        return html.Td(texts, className="number with-bar")

    return [
        member_column(scene),
        region_column(scene),
        Listed(words("column.collection_id"), collection, is_staged=True),
        period_column(scene),
        due_column(scene),
        Listed(words("timeliness.days_overdue"), days, "number", is_staged=True),
        number_column(
            words("timeliness.trade_weight"),
            lambda row: words.measured(row.trade_share, "trade_share"),
        ),
    ]
