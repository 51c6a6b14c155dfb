"""The figures that changed most, first and latest value side by side."""

from __future__ import annotations

from typing import Any, Final

from dash import html

from layouts.listed import Listed, listing, member_column, number_column, period_column
from layouts.panels import Drawing, Frames
from layouts.revisions.wording import change_text, collection_name, why_nothing
from layouts.scene import Scene

ROWS_AT_MOST: Final = 40
STAGED_ROWS: Final = 12


def draw_largest(frames: Frames, scene: Scene) -> Drawing:
    """A table of revised figures, the greatest change in dollars first."""
    frame, words = frames["revised_figures"], scene.words
    subtitle = scene.subtitle(collection_name(scene), scene.scope_text)
    moved = frame[frame["revision_usd"] != 0]
    if moved.empty:
        reason = why_nothing(frames["releases"], scene, is_short=True)
        if not frame.empty:
            reason = words("revisions.unmoved", count=words.number(len(frame)))
        return Drawing(empty=reason, subtitle=subtitle)
    return Drawing(
        children=listing(
            moved,
            _columns(scene),
            scene,
            label=words("revisions.largest.title"),
            most=STAGED_ROWS if scene.is_present else ROWS_AT_MOST,
        ),
        subtitle=subtitle,
        note=None if scene.is_present else words("revisions.largest_note"),
    )


def _columns(scene: Scene) -> list[Listed]:
    words = scene.words

    def flow(row: Any) -> html.Td:
        text = words(f"flow.{row.flow_code}")
        return html.Td(text[:1].upper() + text[1:])

    def usd(name: str, *, is_change: bool = False) -> Listed:
        return number_column(
            words(f"column.{name}"),
            lambda row: words.value(getattr(row, name), "usd", is_change=is_change),
            is_staged=not is_change,
            is_whole=True,
        )

    return [
        member_column(scene),
        period_column(scene),
        Listed(words("column.flow_code"), flow, is_staged=True),
        usd("first_usd"),
        usd("latest_usd"),
        usd("revision_usd", is_change=True),
        number_column(
            words("column.relative_revision"),
            lambda row: change_text(row.relative_revision, scene),
            is_staged=True,
            is_whole=True,
        ),
        number_column(
            words("column.latest_on"), lambda row: words.day(row.latest_on.date()), is_whole=True
        ),
        number_column(
            words("revisions.days_after_short"),
            lambda row: words.value(row.revision_days, "days"),
            is_whole=True,
        ),
    ]
