"""The tree of the strategy: each tactic with its owners, each key result with status and way."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from layouts.attributes import attributes
from layouts.charts import rows
from layouts.elements import Element, element
from layouts.panels import Drawing, Frames
from layouts.scene import Scene
from layouts.strategy.values import (
    STATUSES,
    SYMBOLS,
    colour,
    status_words,
    strategy_name,
    tactic_name,
    written,
)


def draw_tree(frames: Frames, scene: Scene) -> Drawing:
    """Plan, three strategies side by side, their tactics below, and the key results of each.

    On the stage a strategy is told by its tactics alone: their key results are too many.
    """
    results, words = frames["key_results"], scene.words
    if results.empty:
        return Drawing(empty=words("strategy.none"))
    on_track = int((results["status"] == "on_track").sum())
    root = element(
        "P",
        words("strategy-map.plan", part=words.number(on_track), whole=words.number(len(results))),
        className="tree__root",
    )
    by_strategy: dict[str, list[Any]] = {}
    for row in rows(results):
        by_strategy.setdefault(row.strategy_id, []).append(row)
    branches = [
        _strategy(strategy.id, by_strategy[strategy.id], scene)
        for strategy in scene.framework.strategies
        if strategy.id in by_strategy
    ]
    told = [] if scene.is_present else [element("Span", words("strategy-map.note"))]
    legend = element(
        "Div",
        [*(status_words(status, scene) for status in STATUSES), *told],
        className="result-legend",
    )
    return Drawing(
        children=element(
            "Div",
            [root, element("Div", branches, className="tree__strategies"), legend],
            className="tree",
        ),
        subtitle=words("common.as_of", day=words.day(scene.as_of)),
    )


def _strategy(strategy: str, results: list[Any], scene: Scene) -> Element:
    words = scene.words
    on_track = sum(row.status == "on_track" for row in results)
    by_tactic: dict[str, list[Any]] = {}
    for row in results:
        by_tactic.setdefault(row.tactic_id, []).append(row)
    tactics = [
        _tactic(tactic.id, by_tactic[tactic.id], scene)
        for tactic in scene.framework.tactics
        if tactic.strategy == strategy and tactic.id in by_tactic
    ]
    heading = element(
        "H3",
        [
            f"{strategy} {strategy_name(strategy, scene)} ",
            element(
                "Span",
                words(
                    "strategy.on_track_of",
                    part=words.number(on_track),
                    whole=words.number(len(results)),
                ),
                className="hint",
            ),
        ],
        className="tree__strategy",
    )
    return element("Section", [heading, element("Ul", tactics, className="tree__tactics")])


WORST_FIRST: Final = ("off_track", "at_risk", "not_started", "on_track")


def _tactic(tactic: str, results: list[Any], scene: Scene) -> Element:
    is_chosen = tactic == scene.chosen.tactic
    name = element(
        "Button",
        f"{tactic} {tactic_name(tactic, scene)}",
        type="button",
        className="mark tree__name",
        **attributes(data_event=f"tactic:{tactic}", aria_pressed="true" if is_chosen else "false"),
    )
    if scene.is_present:
        worst = min((row.status for row in results), key=WORST_FIRST.index)
        children = [_sign(worst, scene), name]
    else:
        owners = ", ".join(dict.fromkeys(str(row.owner) for row in results))
        head = element(
            "Div",
            [name, element("Span", owners, className="tree__owner", title=owners)],
            className="tree__head",
        )
        children = [head, *(_result(row, scene) for row in results)]
    return element(
        "Li", children, className="tree__tactic is-chosen" if is_chosen else "tree__tactic"
    )


def _sign(status: str, scene: Scene) -> Element:
    text = scene.words(f"strategy.status_{status}")
    return element(
        "Span",
        SYMBOLS[status],
        className="tree__sign",
        style={"color": colour(status, scene.palette)},
        title=text,
        role="img",
        **attributes(aria_label=text),
    )


def _result(row: Any, scene: Scene) -> Element:
    """Return a key result: sign, name, bar with the tick of an even pace, value."""
    words = scene.words
    made = None if pd.isna(row.progress) else float(row.progress)
    due = None if pd.isna(row.expected) else float(row.expected)
    shown = 0.0 if made is None else min(max(made, 0.0), 1.0)
    name = str(getattr(row, f"name_{words.language}"))
    told = words(
        "strategy.progress_text",
        progress=words.value(made, "share"),
        expected=words.value(due, "share"),
    )
    bar: list[Element] = [
        element(
            "Span",
            className="bullet__bar",
            style={"width": f"{shown * 100:.1f}%", "background": colour(row.status, scene.palette)},
        )
    ]
    if due is not None:
        bar.append(element("Span", className="bullet__tick", style={"left": f"{due * 100:.1f}%"}))
    return element(
        "Div",
        [
            _sign(row.status, scene),
            element("Span", name, className="tree__result-name"),
            element(
                "Span",
                bar,
                className="bullet tree__bar",
                role="img",
                **attributes(aria_label=told),
            ),
            element("Span", words.value(made, "share"), className="tree__share"),
        ],
        className="tree__result",
        title=" · ".join(
            (
                name,
                written(row.value, row.unit, scene),
                words("strategy.of_target", target=written(row.target, row.unit, scene)),
                told,
                words("strategy.owner_is", owner=row.owner),
            )
        ),
    )
