"""What has not come yet, and by when it probably will."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
from dash import html

from layouts.forecast.chances import chance_cell, collection_text, no_probability
from layouts.listed import (
    Listed,
    due_column,
    listing,
    member_column,
    number_column,
    period_column,
    region_column,
)
from layouts.panels import Drawing, Frames
from layouts.scene import Scene

ROWS_AT_MOST: Final = 60
STAGED_ROWS: Final = 18
SEVERAL: Final = 1.5
"""From here on a rounded number takes the plural."""


def draw_open(frames: Frames, scene: Scene) -> Drawing:
    """A table of what is open with three probabilities each, the latest due first.

    Where no probability is known the list is the same without them.
    """
    frame, words = frames["arrival_forecast"], scene.words
    subtitle = scene.subtitle(collection_text(scene), scene.scope_text)
    if frame.empty:
        text = words(
            "forecast.nothing_open",
            range=scene.range_text,
            day=words.day(scene.as_of),
            collection=collection_text(scene),
            scope=scene.scope_within,
        )
        return Drawing(empty=text, subtitle=subtitle, is_good=True)
    is_known = bool(_is_known(frame, scene).any())
    shown = frame.sort_values(
        ["due_on", "by_due_share", "member_iso3"], ascending=[False, True, True]
    )
    note = words("forecast.open_note") if is_known else no_probability("open", scene)
    return Drawing(
        children=listing(
            shown,
            _columns(scene, has_chances=is_known),
            scene,
            label=words("forecast.open.title"),
            most=STAGED_ROWS if scene.is_present else ROWS_AT_MOST,
        ),
        title=_finding(frame, scene),
        subtitle=subtitle,
        note=None if scene.is_present and is_known else note,
    )


def _is_known(frame: pd.DataFrame, scene: Scene) -> pd.Series:
    """Say which have a probability; that of a due day gone by is none."""
    ahead = frame["due_on"] > pd.Timestamp(scene.as_of)
    later = frame[["by_month_end_share", "within_90_days_share"]].notna().any(axis=1)
    return later | (ahead & frame["by_due_share"].notna())


def _finding(frame: pd.DataFrame, scene: Scene) -> str:
    words = scene.words
    if frame["within_90_days_share"].isna().all():
        return words("forecast.open_count", count=words.number(len(frame)))
    expected = float(frame["within_90_days_share"].sum())
    key = "open_finding" if len(frame) > 1 and expected >= SEVERAL else "open_finding_few"
    return words(f"forecast.{key}", count=words.number(len(frame)), expected=words.number(expected))


def _columns(scene: Scene, *, has_chances: bool) -> list[Listed]:
    words = scene.words
    obligation = [
        member_column(scene),
        region_column(scene),
        period_column(scene),
        due_column(scene),
        number_column(
            words("forecast.gone"),
            lambda row: words.number(row.days_gone),
            is_staged=not has_chances,
        ),
    ]
    if not has_chances:
        return obligation
    return [
        *obligation,
        Listed(words("forecast.by_due"), lambda row: _by_due(row, scene), "number"),
        Listed(
            words("forecast.by_month_end"),
            lambda row: chance_cell(
                row.by_month_end_share, row.by_month_end_low, row.by_month_end_high, words
            ),
            "number",
        ),
        Listed(
            words("forecast.within_90"),
            lambda row: chance_cell(
                row.within_90_days_share, row.within_90_days_low, row.within_90_days_high, words
            ),
            "number",
            is_staged=True,
        ),
        number_column(words("forecast.history"), lambda row: words.number(row.history_count)),
    ]


def _by_due(row: Any, scene: Scene) -> html.Td:
    if row.due_on.date() <= scene.as_of:
        return html.Td(scene.words("forecast.past"), className="number")
    return chance_cell(row.by_due_share, row.by_due_low, row.by_due_high, scene.words)
