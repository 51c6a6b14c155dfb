"""Which groups differ: the log-rank test of all, and of each against the others."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
from dash import html

from layouts.attributes import attributes
from layouts.charts import rows
from layouts.delays.groups import (
    KAPLAN_MEIER,
    SELECTED,
    group_mark,
    group_name,
    is_highlighted,
    nothing_known,
    scope_text,
    what_text,
)
from layouts.delays.medians import interval_text, listed, median_text
from layouts.panels import Drawing, Frames
from layouts.scene import Scene

SIGNIFICANT: Final = 0.05
NAMED_AT_MOST: Final = 3


def draw_differences(frames: Frames, scene: Scene) -> Drawing:
    """A table of the groups, with what was counted and how each differs from the others."""
    table = frames["delay_groups"]
    if table.empty or not table[["n", "day_unknown", "waived", "before_log"]].to_numpy().any():
        return Drawing(empty=nothing_known(scene))
    words = scene.words
    order = table.sort_values(["median_delay_days", "group"], na_position="last")
    return Drawing(
        children=html.Div(
            html.Table([_head(scene), _body(order, scene)], className="data-table"),
            className="table-scroll",
            tabIndex="0",
            **attributes(role="region", aria_label=words("delays.differences.title")),
        ),
        title=finding(table, scene),
        subtitle=scene.subtitle(what_text(scene), scope_text(scene)),
        note=None if scene.is_present else _note(table, scene),
    )


def finding(table: pd.DataFrame, scene: Scene) -> str | None:
    """Return what the test says of all groups, or None where there is no test."""
    words = scene.words
    if table.empty or pd.isna(table["all_p_value"].iloc[0]):
        return None
    if table["all_p_value"].iloc[0] >= SIGNIFICANT:
        return words("delays.no_difference")
    apart = table[table["group_p_value"] < SIGNIFICANT].sort_values("observed_ratio")
    if apart.empty:
        return words("delays.differ_somewhere")
    slow = [group_name(g, scene) for g in apart.loc[apart["observed_ratio"] < 1, "group"]]
    fast = [group_name(g, scene) for g in apart.loc[apart["observed_ratio"] >= 1, "group"]]
    parts = []
    if fast:
        parts.append(
            words("delays.faster_groups", names=listed(fast[::-1], scene, most=NAMED_AT_MOST))
        )
    if slow:
        parts.append(words("delays.slower_groups", names=listed(slow, scene, most=NAMED_AT_MOST)))
    return words("delays.and").join(parts)


def _note(table: pd.DataFrame, scene: Scene) -> str:
    words = scene.words
    first = table.iloc[0]
    if pd.isna(first["all_p_value"]):
        is_known = table["estimate"].eq(KAPLAN_MEIER) & (table["n"] > 0)
        return words("delays.no_test_one" if is_known.any() else "delays.no_test")
    return words(
        "delays.test_note",
        statistic=words.number(first["all_chi_square"], 1),
        degrees=words.number(first["degrees"]),
        p=p_text(first["all_p_value"], scene),
    )


def p_text(value: float, scene: Scene) -> str:
    """Return a p-value with its sign: ``= 0.03`` or ``< 0.001``."""
    words = scene.words
    if value < 0.001:
        return f"< {words.number(0.001, 3)}"
    return f"= {words.number(value, 3)}"


def _head(scene: Scene) -> html.Thead:
    words = scene.words
    texts = [
        (words(f"grouping.of_{scene.selection.grouping}"), ""),
        (words("column.member_count"), "number"),
        (words("delays.used"), "number"),
        (words("delays.of_them_outstanding"), "number"),
        (words("measure.median_delay_days"), "number"),
        (words("delays.interval_head"), "number"),
        (words("delays.against_others"), ""),
        (words("delays.adjusted_p"), "number"),
        (words("delays.left_out"), ""),
    ]
    if scene.is_present:
        texts = texts[:1] + texts[4:8]
    return html.Thead(html.Tr([html.Th(text, scope="col", className=kind) for text, kind in texts]))


def _body(table: pd.DataFrame, scene: Scene) -> html.Tbody:
    return html.Tbody([_row(row, scene) for row in rows(table)])


def _row(row: Any, scene: Scene) -> html.Tr:
    words = scene.words
    where = group_mark(row.group, scene)
    name = group_name(row.group, scene)
    label = (
        html.Button(name, type="button", className="mark", **attributes(data_event=where))
        if where
        else name
    )
    cells = [
        html.Th(label, scope="row"),
        html.Td(words.number(row.member_count), className="number"),
        html.Td(words.number(row.n), className="number"),
        html.Td(words.number(row.outstanding), className="number"),
        html.Td(median_text(row, scene) if row.n else "–", className="number"),
        html.Td(interval_text(row, scene) or "–", className="number"),
        html.Td(verdict(row, scene)),
        html.Td(
            "–" if pd.isna(row.group_p_value) else p_text(row.group_p_value, scene).lstrip("= "),
            className="number",
        ),
        html.Td(left_out(row, scene), className="hint delay-why"),
    ]
    if scene.is_present:
        cells = cells[:1] + cells[4:8]
    return html.Tr(cells, className="is-chosen" if is_highlighted(row.group, scene) else "")


def verdict(row: Any, scene: Scene) -> str:
    """Return how a group compares with all others together."""
    words = scene.words
    if row.group == SELECTED:
        return words("delays.not_tested_selected")
    if row.estimate != KAPLAN_MEIER or pd.isna(row.group_p_value):
        return words("delays.not_tested")
    if row.group_p_value >= SIGNIFICANT:
        return words("delays.alike")
    return words("delays.faster" if row.observed_ratio > 1 else "delays.slower")


def left_out(row: Any, scene: Scene) -> str:
    """Return what of a group takes no part, and why; and what is known only as a bound."""
    words = scene.words
    parts = [
        words(f"delays.left_{name}", count=words.number(count))
        for name, count in (
            ("waived", row.waived),
            ("unknown", row.day_unknown),
            ("before_log", row.before_log),
        )
        if count
    ]
    if row.upper_bounds and row.estimate == KAPLAN_MEIER:
        parts.append(words("delays.as_latest", count=words.number(row.upper_bounds)))
    return "; ".join(parts) or words("delays.nothing_left_out")
