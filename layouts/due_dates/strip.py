"""How a due date stands: a strip of its parts, and the sentence that says the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from dash import html

from layouts.attributes import attributes
from layouts.palette import STATUS_SYMBOLS
from layouts.scene import Scene
from layouts.timeliness.legend import swatch

STATE_STATUS: Final[Mapping[str, str]] = {
    "received": "on_time",
    "overdue": "overdue",
    "pending": "pending",
    "waived": "waived",
}
"""A state of the calendar to the status whose colour it has; received is on time or not."""


def strip(row: Any, scene: Scene) -> html.Span:
    """Return a bar divided by state; whatever is 0 has no part."""
    parts = [
        html.Span(
            className=f"due-strip__part due-strip__part--{state}",
            style={"flexGrow": int(count), "backgroundColor": scene.palette.status[status]},
        )
        for state, status in STATE_STATUS.items()
        if (count := getattr(row, state)) > 0
    ]
    return html.Span(parts, className="due-strip", **attributes(aria_hidden="true"))


def counts_text(row: Any, scene: Scene) -> str:
    """Return the counts of a due date as a sentence: "54 due: 20 received, 34 overdue"."""
    words = scene.words
    parts = [
        words(f"due-dates.{state}_count", count=words.number(getattr(row, state)))
        for state in STATE_STATUS
        if getattr(row, state) > 0
    ]
    total = sum(int(getattr(row, state)) for state in STATE_STATUS)
    return words("due-dates.counts", count=words.number(total), parts=", ".join(parts))


def awaited(row: Any) -> int:
    """Return how many obligations of a due date have not come and are not waived."""
    return int(row.overdue + row.pending)


def event_name(row: Any, scene: Scene) -> str:
    """Return what falls due: the collection and its period."""
    name = scene.names.collections.get(row.collection_id, row.collection_id)
    return f"{name}, {scene.words.period(int(row.period_id))}"


def legend(scene: Scene) -> html.Span:
    """Return the states with their colours."""
    return html.Span(
        [
            html.Span(
                [
                    html.Span(className="swatch swatch--missing")
                    if state == "waived"
                    else swatch(scene.palette.status[status], STATUS_SYMBOLS[status]),
                    scene.words(f"due-dates.{state}"),
                ],
                className="legend__item",
            )
            for state, status in STATE_STATUS.items()
        ],
        className="legend",
    )


def chosen_first(collection_id: str, scene: Scene) -> str:
    """Return the class that mutes what is not of the chosen collection."""
    chosen = scene.chosen.collection
    return "" if chosen in (None, collection_id) else "is-muted"


def nothing_due(scene: Scene) -> str:
    """Say why there is no due date."""
    return scene.words("due-dates.nothing", scope=scene.scope_text)
