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
from layouts.explore.wording import fallback_note, short_name
from layouts.flows.wording import amount, flow_label, measured_column, nothing, trade_subtitle
from layouts.panels import Drawing, Frames
from layouts.scene import Scene

EVERY_FIELD: Final = frozenset(field.name for field in fields(Selection))
LEADERS: Final = 3
NAMES_AT_MOST: Final = 2


def draw_path(frames: Frames, scene: Scene) -> Drawing:
    """The steps as links back, and the level's answer in a sentence."""
    items, steps = frames["drill_items"], frames["drill_path"]
    column = measured_column(scene)
    has_trade = bool(items[column].sum() > 0)
    return Drawing(
        children=_chips(steps, scene),
        title=_answer(items, scene) if has_trade else nothing(scene),
        subtitle=trade_subtitle(scene, items, scope=False),
        note=fallback_note(scene) or None,
    )


def _answer(items: pd.DataFrame, scene: Scene) -> str:
    """Say how much it is, who or what leads, and how much the first three make."""
    words, column = scene.words, measured_column(scene)
    level = level_of(scene.selection)
    ranked = items[items[column] > 0].sort_values(column, ascending=False)
    total = float(ranked[column].sum())
    first = rows(ranked.head(1))[0]
    said = words(
        "explore.answer",
        flow=flow_label(scene),
        whole=_whole(scene),
        total=amount(total, scene),
    )
    share = words.value(float(ranked[column].iloc[0]) / total, "share")
    name = short_name(first, scene)
    if len(ranked) == 1:
        return f"{said} {words(f'explore.only.{level}', name=name)}"
    leads = words(f"explore.leads.{level}", name=name, share=share)
    if len(ranked) <= LEADERS:
        return f"{said} {leads}"
    three = float(ranked[column].head(LEADERS).sum()) / total
    rest = words(
        f"explore.first.{level}",
        share=words.value(three, "share"),
        count=words.number(len(ranked)),
    )
    return f"{said} {leads} {rest}"


def _whole(scene: Scene) -> str:
    """Name what the items are parts of."""
    partners = [scene.names.member(iso3) for iso3 in scene.chosen.partners]
    if not partners:
        return scene.scope_text
    return scene.words("explore.between", ours=scene.scope_text, theirs=_joined(partners, scene))


def _chips(steps: pd.DataFrame, scene: Scene) -> html.Nav:
    gone = path_of(scene.chosen, scene.catalogue.members, scene.names.chapter_sections)
    named = {
        (row.level, row.item): short_name(row, scene) for row in rows(steps) if row.level != "world"
    }
    labels = [
        scene.words("explore.world")
        if step.level is None
        else _joined([named[step.level, item] for item in step.items], scene)
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
            **attributes(aria_current="step"),
        )
    return dcc.Link(
        label,
        href=f"{_page(scene)}{step.selection.search()}",
        className="path__step",
        title=scene.words("explore.back_to", name=label),
    )


def _page(scene: Scene) -> str:
    """Return the path of the page that the chips stand on: on the stage they stay there."""
    return scene.path if scene.is_present else "/explore"


def _joined(names: list[str], scene: Scene) -> str:
    if len(names) <= NAMES_AT_MOST:
        return ", ".join(names)
    return scene.words("common.and_more", names=names[0], count=len(names) - 1)
