"""What the figures of the cross-check share: names, what is in focus, why there is nothing.

It must not draw.
"""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from layouts.charts import rows
from layouts.scene import Scene

FEWEST_PAIRS: Final = 4
"""Pairs below which there is no interval, hence no comparison."""


def indicator_name(indicator: str, scene: Scene) -> str:
    """Return an external score's name in the page's language."""
    for one in scene.framework.indicators:
        if one.id == indicator:
            return str(getattr(one.name, scene.words.language))
    return indicator


def indicator_source(indicator: str, scene: Scene) -> str:
    """Return who publishes an external score."""
    return next((one.source for one in scene.framework.indicators if one.id == indicator), "")


def shown_score(scene: Scene) -> str:
    """Return our score that is compared: the chosen dimension's, else the overall one."""
    return scene.chosen.dimension or "quality_score"


def of_shown(frame: pd.DataFrame, scene: Scene) -> pd.DataFrame:
    """Return the rows of the frame ``outside_agreement`` about our score that is shown."""
    return frame[frame["score"] == shown_score(scene)]


def focus_of(agreement: pd.DataFrame, members: pd.DataFrame, scene: Scene) -> Any:
    """Return the row of ``outside_agreement`` that is in focus; None where there is none."""
    own = of_shown(agreement, scene)
    if not members.empty:
        wanted = str(members["indicator_id"].iloc[0])
    elif scene.chosen.indicator:
        wanted = scene.chosen.indicator
    else:
        wanted = "" if own.empty else str(own["indicator_id"].iloc[0])
    found = rows(own[own["indicator_id"] == wanted])
    return found[0] if found else None


def why_empty(row: Any, scene: Scene) -> str:
    """Say why nothing can be compared."""
    words = scene.words
    if row is None and scene.chosen.indicator:
        return words(
            "cross-check.not_held",
            name=indicator_name(scene.chosen.indicator, scene),
            year=str(scene.as_of.year),
        )
    if row is None:
        return words("cross-check.none_held")
    key = "too_few" if row.n < FEWEST_PAIRS else "no_variance"
    return words(
        f"cross-check.{key}",
        name=indicator_name(row.indicator_id, scene),
        measure=words.label(shown_score(scene)),
        count=words.number(row.n),
        least=words.number(FEWEST_PAIRS),
        range=scene.range_text,
    )


def rho_text(row: Any, scene: Scene) -> str:
    """Write a correlation with its interval."""
    words = scene.words
    if row.rho != row.rho:
        return "–"
    if row.rho_low != row.rho_low:
        return words.number(row.rho, 2)
    return words(
        "cross-check.rho",
        rho=words.number(row.rho, 2),
        low=words.number(row.rho_low, 2),
        high=words.number(row.rho_high, 2),
    )


def reading(row: Any, scene: Scene) -> str:
    """Say in a sentence what a correlation means, no more surely than its interval allows."""
    if row.rho_low != row.rho_low:
        key = "order_alike" if row.rho > 0 else "order_reversed"
    elif row.rho_low > 0:
        key = "agree_much" if row.rho_low >= 0.5 else "agree"
    elif row.rho_high < 0:
        key = "disagree"
    else:
        key = "cannot_tell"
    words = scene.words
    return words(
        f"cross-check.{key}",
        measure=words.label(shown_score(scene)),
        name=indicator_name(row.indicator_id, scene),
    )
