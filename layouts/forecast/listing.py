"""What will more likely be late than on time next month, least likely first."""

from __future__ import annotations

from typing import Final

from layouts.forecast.chances import (
    as_of_text,
    chance_cell,
    collection_text,
    next_month_text,
    no_probability,
    why_nothing,
)
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

LIKELY_LATE: Final = 0.5
"""Below this probability of being on time a submission is called likely late."""

ROWS_AT_MOST: Final = 100
STAGED_ROWS: Final = 18


def draw_likely_late(frames: Frames, scene: Scene) -> Drawing:
    """A table of what is likely late, with the member's own history behind it."""
    frame, words = frames["due_next_month"], scene.words
    subtitle = " · ".join(
        [
            collection_text(scene),
            words("forecast.due_in", month=next_month_text(scene)),
            scene.scope_text,
            as_of_text(scene),
        ]
    )
    waits = frame[~frame["is_received"].astype(bool)]
    empty = why_nothing(len(frame), len(waits), scene)
    if not empty and waits["by_due_share"].isna().all():
        empty = no_probability("likely", scene)
    if empty:
        return Drawing(empty=empty, subtitle=subtitle)
    likely = waits[waits["by_due_share"] < LIKELY_LATE]
    values = {"count": words.number(len(likely)), "waits": words.number(len(waits))}
    if likely.empty:
        key = "none_likely" if len(waits) > 1 else "none_likely_of_one"
        return Drawing(
            empty=words(f"forecast.{key}", month=next_month_text(scene), **values),
            subtitle=subtitle,
            is_good=True,
        )
    key = "likely_finding" if len(likely) > 1 else "likely_finding_one"
    if len(waits) == 1:
        key = "likely_finding_sole"
    return Drawing(
        children=listing(
            likely,
            _columns(scene),
            scene,
            label=words("forecast.likely.title"),
            most=STAGED_ROWS if scene.is_present else ROWS_AT_MOST,
        ),
        title=words(f"forecast.{key}", **values),
        subtitle=subtitle,
        note=None if scene.is_present else words("forecast.likely_note"),
    )


def _columns(scene: Scene) -> list[Listed]:
    words = scene.words
    return [
        member_column(scene),
        region_column(scene),
        period_column(scene),
        due_column(scene),
        Listed(
            words("forecast.on_time"),
            lambda row: chance_cell(row.by_due_share, row.low, row.high, words),
            "number",
            is_staged=True,
        ),
        number_column(
            words("forecast.gone"),
            lambda row: (
                words.number(row.days_gone) if row.days_gone > 0 else words("forecast.not_over")
            ),
        ),
        number_column(words("forecast.history"), lambda row: words.number(row.history_count)),
    ]
