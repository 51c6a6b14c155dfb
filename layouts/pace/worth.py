"""What the forecasts of key results are worth: forecasts of months gone by against what came."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from layouts.charts import rows
from layouts.elements import Element, element
from layouts.panels import Drawing, Frames
from layouts.scene import Scene

PROMISED: Final = 0.95
NEAR: Final = 0.03
"""Points of coverage off the promise that are put down to chance."""


def draw_worth(frames: Frames, scene: Scene) -> Drawing:
    """Coverage and Brier score of the forecast beside what it is compared with, and a sentence."""
    frame, words = frames["forecast_backtest"], scene.words
    whole = frame[frame["horizon"] == 0]
    if whole.empty:
        return Drawing(empty=words("pace.untested"))
    table = _table(whole, scene)
    ahead = [] if scene.is_present else [_by_horizon(frame, scene)]
    synthetic = [words("pace.synthetic")] if scene.is_synthetic else []
    told = [verdict(whole, scene), words("pace.worth_limits"), *synthetic]
    return Drawing(
        children=element(
            "Div",
            [
                element("Div", [table, *ahead], className="pace-worth"),
                *(element("P", sentence, className="hint") for sentence in told),
            ],
        ),
        subtitle=words("pace.worth_unit", count=words.number(int(whole["trials"].iloc[0]))),
    )


def verdict(whole: pd.DataFrame, scene: Scene) -> str:
    """Say in sentences whether the interval keeps its promise and the probability beats others."""
    words = scene.words
    by = {row.method: row for row in rows(whole)}
    coverage = float(by["widened"].coverage)
    if coverage < PROMISED - NEAR:
        key = "too_narrow"
    elif coverage > PROMISED + NEAR:
        key = "too_wide"
    else:
        key = "as_promised"
    brier = {method: float(row.brier) for method, row in by.items()}
    best = min(("line", "everyone", "base_rate"), key=lambda name: brier[name])
    better = "beats" if brier["widened"] < brier[best] else "beaten"
    return " ".join(
        (
            words(
                f"pace.{key}",
                coverage=words.value(coverage, "share"),
                factor=words.number(float(by["widened"].widening), 1),
                drift=words.value(float(by["drift"].coverage), "share"),
                line=words.value(float(by["line"].coverage), "share"),
            ),
            words(
                f"pace.{better}",
                score=words.number(brier["widened"], 3),
                other=words(f"pace.method_{best}"),
                best=words.number(brier[best], 3),
            ),
        )
    )


def _table(whole: pd.DataFrame, scene: Scene) -> Element:
    words = scene.words
    body = [
        element(
            "Tr",
            [
                element("Th", words(f"pace.method_{row.method}"), scope="row"),
                element("Td", _share(row.coverage, scene), className="number"),
                element("Td", words.number(row.brier, 3), className="number"),
            ],
            className="is-chosen" if row.method == "widened" else "",
        )
        for row in rows(whole)
    ]
    return _grid([words("pace.method"), words("pace.coverage"), words("pace.brier")], body)


def _by_horizon(frame: pd.DataFrame, scene: Scene) -> Element:
    words = scene.words
    own = frame[(frame["method"] == "widened") & (frame["horizon"] > 0)]
    body = [
        element(
            "Tr",
            [
                element(
                    "Th", words("pace.months_ahead", count=words.number(row.horizon)), scope="row"
                ),
                element("Td", _share(row.coverage, scene), className="number"),
                element("Td", words.number(row.brier, 3), className="number"),
                element("Td", words.number(row.trials), className="number"),
            ],
        )
        for row in rows(own)
    ]
    head = [words(f"pace.{name}") for name in ("ahead", "coverage", "brier", "trials")]
    return _grid(head, body)


def _grid(head: list[str], body: list[Element]) -> Element:
    cells = [
        element("Th", text, scope="col", className="number" if place else "")
        for place, text in enumerate(head)
    ]
    return element(
        "Table",
        [element("Thead", element("Tr", cells)), element("Tbody", body)],
        className="data-table",
    )


def _share(value: Any, scene: Scene) -> str:
    return "–" if pd.isna(value) else scene.words.value(float(value), "share")
