"""What is done about outliers: to which indicator, to whose values, and what that changes."""

from __future__ import annotations

from typing import Any

import pandas as pd
from dash import html

from dashboard.incentive_values import UNITS
from layouts.charts import rows
from layouts.incentives.reading import pillar_name
from layouts.panels import Drawing, Frames
from layouts.scene import Scene

HEADS = ("indicator", "shape", "done", "whose", "effect")


def draw_treatments(frames: Frames, scene: Scene) -> Drawing:
    """A row per indicator: its shape, the treatment, whose values, and the ranks it moves."""
    frame, words = frames["treatments"], scene.words
    if frame.empty or not frame["n"].sum():
        return Drawing(empty=words("incentives.no_ranking", range=scene.range_text))
    rules = scene.framework.ranking
    table = html.Table(
        [
            html.Thead(
                html.Tr(
                    [html.Th(words(f"incentives.treatments.{head}"), scope="col") for head in HEADS]
                )
            ),
            html.Tbody([_line(row, scene) for row in rows(frame)]),
        ],
        className="data-table",
    )
    return Drawing(
        children=html.Div(
            [
                html.P(words(f"incentives.treat.{rules.treat_outliers}")),
                html.Div(table, className="table-scroll", tabIndex="0"),
            ]
        ),
        note=words("incentives.treatments_note", most=words.number(rules.winsorise_at_most)),
    )


def indicator_name(scene: Scene, indicator_id: str) -> str:
    """Return the name of a pillar's indicator in the page's language."""
    for pillar in scene.framework.pillars:
        for indicator in pillar.indicators:
            if indicator.id == indicator_id:
                return str(getattr(indicator.name, scene.words.language))
    return indicator_id


def _line(row: Any, scene: Scene) -> html.Tr:
    words = scene.words
    shape = words("incentives.treatments.yes_or_no")
    if not pd.isna(row.skewness):
        shape = words(
            "incentives.treatments.moments",
            skewness=words.number(round(float(row.skewness), 1) + 0.0, 1),
            kurtosis=words.number(round(float(row.kurtosis), 1) + 0.0, 1),
        )
    elif row.treatment == "none":
        shape = words("incentives.treatments.all_alike")
    done = words(f"incentives.treatments.{'as_is' if row.treatment != 'log' else 'log'}")
    if row.treatment == "winsorised":
        done = words(
            "incentives.treatments.winsorised",
            count=words.number(row.treated_count),
            value=indicator_value(row.brought_to, row.indicator, scene),
        )
    is_called = row.treatment in {"winsorised", "log"}
    if is_called and not row.is_applied:
        done = words("incentives.treatments.not_applied", done=done)
    whose = ", ".join(
        scene.names.member(iso3) for iso3 in str(row.members_treated or "").split(",") if iso3
    )
    effect = ""
    if is_called:
        effect = words(
            "incentives.treatments.moves" if row.is_applied else "incentives.treatments.would_move",
            count=words.number(row.ranks_moved),
            most=words.number(row.largest_move),
        )
    head = f"{indicator_name(scene, row.indicator)} ({pillar_name(scene, row.pillar)})"
    everybody = words("incentives.treatments.everybody") if row.treatment == "log" else whose
    return html.Tr(
        [
            html.Th(head, scope="row"),
            html.Td(shape),
            html.Td(done),
            html.Td(everybody),
            html.Td(effect),
        ]
    )


def indicator_value(value: float, indicator_id: str, scene: Scene) -> str:
    """Return a raw value of an indicator with its unit."""
    return scene.words.value(
        value, UNITS.get(indicator_id, "share"), is_change=indicator_id == "on_time_change"
    )
