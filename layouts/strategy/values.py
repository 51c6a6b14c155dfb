"""How values, statuses and names of key results are written."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
from dash import html

from layouts.charts import rows
from layouts.palette import Palette
from layouts.scene import Scene

STATUSES: Final = ("on_track", "at_risk", "off_track", "not_started")
SYMBOLS: Final = {"on_track": "●", "at_risk": "◆", "off_track": "✕", "not_started": "○"}


def colour(status: str, palette: Palette) -> str:
    """Colour of a status: the same four as of timeliness, told apart by symbol and word too."""
    name = {"on_track": "on_time", "at_risk": "late", "off_track": "overdue"}.get(status)
    return palette.status[name] if name else palette.muted


def written(value: Any, unit: str, scene: Scene, *, is_change: bool = False) -> str:
    """Return a value in the unit of its key result."""
    words = scene.words
    number = None if pd.isna(value) else float(value)
    if unit == "share":
        return words.value(number, "share", is_change=is_change)
    if unit == "days":
        return words.value(number, "days", is_change=is_change)
    if unit in ("score", "points"):
        return words.value(number, "score", is_change=is_change)
    return words.value(number, "count", is_change=is_change)


def tactic_name(tactic_id: str, scene: Scene) -> str:
    """Name of a tactic in the scene's language."""
    for tactic in scene.framework.tactics:
        if tactic.id == tactic_id:
            return str(getattr(tactic.name, scene.words.language))
    return tactic_id


def strategy_name(strategy_id: str, scene: Scene) -> str:
    """Name of a strategy in the scene's language."""
    for strategy in scene.framework.strategies:
        if strategy.id == strategy_id:
            return str(getattr(strategy.name, scene.words.language))
    return strategy_id


def status_words(status: str, scene: Scene) -> html.Span:
    """Symbol and word of a status."""
    return html.Span(
        [
            html.Span(
                SYMBOLS[status],
                className="result__symbol",
                style={"color": colour(status, scene.palette)},
            ),
            scene.words(f"strategy.status_{status}"),
        ],
        className="result__status",
    )


def chosen_results(results: pd.DataFrame, scene: Scene) -> list[Any]:
    """Key results of the chosen tactic; without one, the result that is furthest behind."""
    tactic = scene.chosen.tactic
    if tactic:
        return rows(results[results["tactic_id"] == tactic])
    behind = results[results["status"] != "not_started"]
    if behind.empty:
        return rows(results.head(1))
    gap = (behind["progress"] - behind["expected"]).astype("float64")
    return rows(behind.loc[[gap.idxmin()]])
