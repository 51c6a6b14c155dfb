"""The catalogue: every rule of the framework, what it finds, and how often it is right."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
from dash import html

from layouts.attributes import attributes
from layouts.charts import rows
from layouts.panels import Drawing, Frames
from layouts.quality.subject import collection_text, in_language, rule_title, small_share
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
    table = html.Table(
        [html.Thead(html.Tr(_head(scene))), *_bodies(shown, periods, scene)],
        className="data-table rule-table",
    )
    applied = int((shown["rows_checked"] > 0).sum())
    failing = int((shown["rows_failed"] > 0).sum())
    return Drawing(
        children=html.Div(
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
        note=words("rules.catalogue_note"),
    )


def _head(scene: Scene) -> list[html.Th]:
    words = scene.words
    labels = [
        (words("column.rule_id"), ""),
        (words("column.severity"), ""),
        (words.label("failed_share"), ""),
        (words("rules.failed_of_checked"), "number"),
        (words("rules.by_period"), ""),
        (words("column.members_failing"), "number"),
        (words.label("precision"), "number"),
    ]
    return [html.Th(label, scope="col", className=kind) for label, kind in labels]


def _bodies(shown: pd.DataFrame, periods: pd.DataFrame, scene: Scene) -> list[html.Tbody]:
    top = float(shown["failed_share"].max()) if shown["failed_share"].notna().any() else 0.0
    order = sorted(set(periods["period_id"]))
    series = {
        str(rule): dict(zip(part["period_id"], part["failed_share"], strict=True))
        for rule, part in periods.groupby("rule_id")
    }
    names = {one.id: in_language(one.name, scene) for one in scene.framework.dimensions}
    bodies = []
    for dimension in dict.fromkeys(shown["dimension_id"]):
        inside = rows(shown[shown["dimension_id"] == dimension])
        title = html.Tr(
            html.Th(
                html.Button(
                    names[dimension],
                    type="button",
                    className="mark",
                    **attributes(data_event=f"dimension:{dimension}"),
                ),
                scope="rowgroup",
                colSpan=COLUMNS,
                className="rule-table__group",
            )
        )
        lines = [
            _line(row, [series.get(row.rule_id, {}).get(period) for period in order], top, scene)
            for row in inside
        ]
        bodies.append(html.Tbody([] if scene.is_present else [title], key=f"{dimension}-head"))
        bodies.append(html.Tbody(lines, key=str(dimension)))
    return bodies


def _line(row: Any, trend: list[Any], top: float, scene: Scene) -> html.Tr:
    words = scene.words
    title = rule_title(scene, row.rule_id)
    name = html.Th(
        html.Button(
            title, type="button", className="mark", **attributes(data_event=f"rule:{row.rule_id}")
        ),
        scope="row",
    )
    severity = html.Td(words(f"quality.{row.severity}"), className=f"severity is-{row.severity}")
    state = "is-chosen" if row.rule_id == scene.chosen.rule else ""
    if not row.rows_checked:
        text = (
            words("quality.unplaced", count=words.number(row.unplaced_count))
            if row.unplaced_count
            else words("rules.not_applied")
        )
        cells = [html.Td(text, colSpan=COLUMNS - 3, className="soft")]
    else:
        width = 100 * row.failed_share / top if top else 0.0
        cells = [
            html.Td(
                [
                    html.Span(small_share(row.failed_share, scene), className="rule-table__share"),
                    html.Span(
                        html.Span(style={"width": f"{width:.1f}%"}),
                        className=f"inline-bar is-{row.severity}",
                    ),
                ],
                className="with-bar",
            ),
            html.Td(
                words(
                    "rules.of",
                    part=words.short(float(row.rows_failed)),
                    whole=words.short(float(row.rows_checked)),
                ),
                className="number nowrap",
            ),
            html.Td(_spark(trend, title, scene)),
            html.Td(words.number(row.members_failing), className="number"),
        ]
    return html.Tr(
        [name, severity, *cells, html.Td(precision_text(row, scene), className="number nowrap")],
        className=state,
    )


def _spark(trend: list[Any], title: str, scene: Scene) -> Any:
    values = [None if value is None or value != value else float(value) for value in trend]
    if sum(value is not None for value in values) <= 1:
        return "–"
    return sparkline(values, scene, label=scene.words("rules.trend_of", rule=title))
