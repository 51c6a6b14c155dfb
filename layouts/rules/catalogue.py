"""The catalogue: every rule of the framework, what it finds, and how often it is right."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from layouts.attributes import attributes
from layouts.charts import rows
from layouts.elements import Element, element
from layouts.panels import Drawing, Frames
from layouts.quality.subject import (
    collection_text,
    in_language,
    past_note,
    rule_title,
    small_share,
)
from layouts.rules.precision import precision_text
from layouts.scene import Scene
from layouts.sparkline import sparkline

STAGED_ROWS: Final = 9
BAR_FULL: Final = 1.0
COLUMNS: Final = 7


def draw_catalogue(frames: Frames, scene: Scene) -> Drawing:
    """All rules by dimension; within it those that fail most first."""
    frame, periods = frames["rule_catalogue"], frames["rule_failures_of_each_period"]
    words, dimension = scene.words, scene.chosen.dimension
    if frame.empty:
        return Drawing(empty=words("rules.no_rules"))
    if not frame["rows_checked"].any() and not frame["unplaced_count"].any():
        return Drawing(empty=words("quality.no_checks", range=scene.range_text))
    shown = frame[frame["dimension_id"] == dimension] if dimension else frame
    if shown.empty:
        return Drawing(
            empty=words("rules.none_of_dimension", dimension=words(f"dimension.{dimension}"))
        )
    if scene.is_present:
        shown = shown.sort_values("failed_share", ascending=False).head(STAGED_ROWS)
    table = element(
        "Table",
        [
            element("Thead", element("Tr", _head(scene, is_revised=_is_revised(shown)))),
            *_bodies(shown, periods, scene),
        ],
        className="data-table rule-table",
    )
    applied = int((shown["rows_checked"] > 0).sum())
    failing = int((shown["rows_failed"] > 0).sum())
    return Drawing(
        children=element(
            "Div",
            table,
            className="table-scroll rule-table__scroll",
            tabIndex="0",
            **attributes(role="region", aria_label=words("rules.catalogue.title")),
        ),
        title=words(
            "rules.catalogue_finding",
            failing=words.number(failing),
            applied=words.number(applied),
            all=words.number(len(shown)),
        ),
        subtitle=scene.subtitle(
            words.label("failed_share"), scene.scope_text, collection_text(scene)
        ),
        note=_note(shown, scene),
    )


def _note(shown: pd.DataFrame, scene: Scene) -> str:
    words = scene.words
    parts = [words("rules.catalogue_note")]
    parts.append(words("rules.precision_key" if _is_revised(shown) else "rules.none_revised"))
    parts.append(past_note(scene))
    return " ".join(part for part in parts if part)


def _is_revised(shown: pd.DataFrame) -> bool:
    """Tell whether the precision of any rule is known; else its column repeats that none is."""
    return bool((shown["decided_count"] > 0).any())


def _head(scene: Scene, *, is_revised: bool) -> list[Element]:
    words = scene.words
    labels = [
        (words("column.rule_id"), ""),
        (words("column.severity"), ""),
        (words.label("failed_share"), ""),
        (words("rules.failed_of_checked"), "number"),
        (words("rules.by_period"), ""),
        (words("column.members_failing"), "number"),
    ]
    if is_revised:
        labels.append((words.label("precision"), "number"))
    return [element("Th", label, scope="col", className=kind) for label, kind in labels]


def _bodies(shown: pd.DataFrame, periods: pd.DataFrame, scene: Scene) -> list[Element]:
    top = float(shown["failed_share"].max()) if shown["failed_share"].notna().any() else 0.0
    order, is_revised = sorted(set(periods["period_id"])), _is_revised(shown)
    series: dict[str, dict[int, float]] = {}
    named = [periods[name].tolist() for name in ("rule_id", "period_id", "failed_share")]
    for rule, period, share in zip(*named, strict=True):
        series.setdefault(rule, {})[period] = share
    names: dict[str, str] = {
        one.id: in_language(one.name, scene) for one in scene.framework.dimensions
    }
    by_dimension: dict[str, list[Any]] = {}
    for row in rows(shown):
        by_dimension.setdefault(row.dimension_id, []).append(row)
    bodies = []
    for dimension, inside in by_dimension.items():
        title = element(
            "Tr",
            element(
                "Th",
                element(
                    "Button",
                    names[dimension],
                    type="button",
                    className="mark",
                    **attributes(data_event=f"dimension:{dimension}"),
                ),
                scope="rowgroup",
                colSpan=COLUMNS,
                className="rule-table__group",
            ),
        )
        lines = [
            _line(
                row,
                [series.get(row.rule_id, {}).get(period) for period in order],
                top,
                scene,
                is_revised=is_revised,
            )
            for row in inside
        ]
        bodies.append(
            element("Tbody", [] if scene.is_present else [title], key=f"{dimension}-head")
        )
        bodies.append(element("Tbody", lines, key=str(dimension)))
    return bodies


def _line(row: Any, trend: list[Any], top: float, scene: Scene, *, is_revised: bool) -> Element:
    words = scene.words
    title = rule_title(scene, row.rule_id)
    name = element(
        "Th",
        element(
            "Button",
            title,
            type="button",
            className="mark",
            **attributes(data_event=f"rule:{row.rule_id}"),
        ),
        scope="row",
    )
    severity = element(
        "Td", words(f"quality.{row.severity}"), className=f"severity is-{row.severity}"
    )
    state = "is-chosen" if row.rule_id == scene.chosen.rule else ""
    if row.rows_checked:
        cells = _counts(row, trend, top, title, scene)
        if is_revised:
            cells.append(element("Td", precision_text(row, scene), className="number nowrap"))
    else:
        text = (
            words("quality.unplaced", count=words.number(row.unplaced_count))
            if row.unplaced_count
            else words("rules.not_applied")
        )
        cells = [element("Td", text, colSpan=COLUMNS - 2, className="soft")]
    return element("Tr", [name, severity, *cells], className=state)


def _counts(row: Any, trend: list[Any], top: float, title: str, scene: Scene) -> list[Element]:
    words = scene.words
    width = 100 * row.failed_share / top if top else 0.0
    return [
        element(
            "Td",
            [
                element(
                    "Span", small_share(row.failed_share, scene), className="rule-table__share"
                ),
                element(
                    "Span",
                    element("Span", None, style={"width": f"{width:.1f}%"}),
                    className=f"inline-bar is-{row.severity}",
                ),
            ],
            className="with-bar",
        ),
        element(
            "Td",
            words(
                "rules.of",
                part=words.short(float(row.rows_failed)),
                whole=words.short(float(row.rows_checked)),
            ),
            className="number nowrap",
        ),
        element("Td", _spark(trend, title, scene)),
        element("Td", words.number(row.members_failing), className="number"),
    ]


def _spark(trend: list[Any], title: str, scene: Scene) -> Any:
    values = [None if value is None or value != value else float(value) for value in trend]
    if sum(value is not None for value in values) <= 1:
        return "–"
    return sparkline(values, scene, label=scene.words("rules.trend_of", rule=title))
