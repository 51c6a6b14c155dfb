"""The path that has been gone, and what the level at its end says."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, Final

import pandas as pd
from dash import dcc, html

from dashboard.drill import Step, level_of, path_of
from dashboard.selection import Selection
from layouts.attributes import attributes
from layouts.charts import rows
from layouts.explore.answering import answer, joined, nothing_here
from layouts.explore.wording import fallback_note, short_name
from layouts.flows.wording import measured_column, trade_subtitle
from layouts.panels import Drawing, Frames
from layouts.scene import Scene

EVERY_FIELD: Final = frozenset(field.name for field in fields(Selection))


def draw_path(frames: Frames, scene: Scene) -> Drawing:
    """The steps as links back, and the level's answer in a sentence."""
    items, steps = frames["drill_items"], frames["drill_path"]
    column = measured_column(scene)
    has_trade = bool(items[column].sum() > 0)
    return Drawing(
        children=_chips(steps, scene),
        title=answer(items, scene) if has_trade else nothing_here(scene),
        subtitle=trade_subtitle(scene, items, scope=False, unreconciled="view"),
        note=fallback_note(scene) or None,
    )


def _chips(steps: pd.DataFrame, scene: Scene) -> html.Nav:
    gone = path_of(scene.chosen, scene.catalogue.members, scene.names.chapter_sections)
    named = {
        (row.level, row.item): short_name(row, scene) for row in rows(steps) if row.level != "world"
    }
    labels = [
        scene.words("explore.world")
        if step.level is None
        else joined([named[step.level, item] for item in step.items], scene)
        for step in gone
    ]
    level = level_of(scene.chosen)
    chips: list[Any] = [
        html.Li(_chip(step, label, scene, is_last=step is gone[-1]))
        for step, label in zip(gone, labels, strict=True)
    ]
    if scene.chosen.commodity is None or len(scene.chosen.commodity) < 6:
        chips.append(html.Li(scene.words(f"explore.next.{level}"), className="path__next"))
    return html.Nav(
        html.Ol(chips, className="path"),
        **attributes(aria_label=scene.words("explore.path_label")),
    )


def _chip(step: Step, label: str, scene: Scene, *, is_last: bool) -> Any:
    if is_last:
        return html.Span(
            label,
            className="path__step is-here",
            title=label,
            tabIndex="-1",
            **attributes(aria_current="step"),
        )
    return dcc.Link(
        label,
        href=f"/explore{step.selection.search()}",
        className="path__step",
        title=scene.words("explore.back_to", name=label),
    )
