"""How probabilities, months and marks of the forecast are written."""

from __future__ import annotations

import math
from datetime import date, timedelta
from typing import Any, Final

from dash import html

from dashboard.words import Words
from layouts.scene import Scene

NEARLY_NONE: Final = 0.01


def chance_text(chance: float, words: Words) -> str:
    """Return a probability in whole percent; near its ends only that it is beyond 1 or 99."""
    if math.isnan(chance):
        return words("forecast.not_known")
    if chance < NEARLY_NONE:
        return words("forecast.below", percent=1)
    if chance > 1 - NEARLY_NONE:
        return words("forecast.above", percent=99)
    return words("forecast.percent", percent=words.number(100 * float(chance)))


def chance_cell(share: float, low: float, high: float, words: Words) -> html.Td:
    """Return a cell with a probability, its bar and its interval."""
    if math.isnan(share):
        return html.Td(words("forecast.not_known"), className="number with-bar chance")
    interval = words(
        "forecast.interval", low=chance_text(low, words), high=chance_text(high, words)
    )
    return html.Td(
        [
            html.Span(chance_text(share, words)),
            html.Span(
                html.Span(style={"width": f"{100 * float(share):.1f}%"}), className="inline-bar"
            ),
            html.Span(interval, className="hint chance__interval"),
        ],
        className="number with-bar chance",
    )


def month_after(day: date) -> date:
    """Return the first day of the month after that of a day."""
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1)


def next_month_text(scene: Scene) -> str:
    """Return the name of the month after the as-of day's."""
    month = month_after(scene.as_of)
    return scene.words.period(month.year * 100 + month.month)


def collection_text(scene: Scene) -> str:
    """Return the name of the selected collection."""
    return scene.names.collections[scene.selection.collection or ""]


def as_of_text(scene: Scene) -> str:
    """Return the as-of day, as a subtitle says it."""
    return scene.words("common.as_of", day=scene.words.day(scene.as_of))


def why_nothing(due: int, waiting: int, scene: Scene) -> str | None:
    """Say why nothing falls due next month, or is awaited; None if something is."""
    values: dict[str, Any] = {
        "collection": collection_text(scene),
        "scope": scene.scope_within,
        "month": next_month_text(scene),
    }
    if not due:
        return scene.words("forecast.nothing_due", **values)
    if not waiting:
        return scene.words("forecast.all_received", **values)
    return None


def no_probability(panel: str, scene: Scene) -> str:
    """Say that there is no probability: why, beside ``regions``; what follows, elsewhere."""
    return scene.words(
        f"forecast.no_days_{panel}",
        collection=collection_text(scene),
        scope=scene.scope_within,
    )
