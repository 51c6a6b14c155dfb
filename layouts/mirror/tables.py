"""Both records side by side as tables: by chapter, and by partner."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import pandas as pd
from dash import html

from dashboard.stats.mirror import mirror_ratio
from dashboard.stats.mirror_gap import PARTS
from layouts.attributes import attributes
from layouts.charts import rows
from layouts.elements import Element, element
from layouts.mirror.subject import chapter_name, nothing, ratio_text, signed, subtitle
from layouts.panels import Drawing, Frames
from layouts.scene import Scene

ROWS_AT_MOST: Final = 97
STAGED_ROWS: Final = 10
NAMES_AT_MOST: Final = 60


def draw_chapters(frames: Frames, scene: Scene) -> Drawing:
    """Chapters, the one with the largest gap first."""
    frame = frames["mirror_cells"]
    if frame.empty:
        return nothing(scene)
    table = by_chapter(frame, scene)
    return _drawing(table, frame, scene, "chapters", _chapter_cell)


def draw_partners(frames: Frames, scene: Scene) -> Drawing:
    """All partners of the member, the one with the largest gap first."""
    frame = frames["mirror_partners"]
    if frame.empty:
        return nothing(scene)
    several = frame.assign(partner_iso3=frame["partner_iso3"])
    return _drawing(several.dropna(subset=["partner_iso3"]), several, scene, "partners", _partner)


def by_chapter(frame: pd.DataFrame, scene: Scene) -> pd.DataFrame:
    """Return both records summed over the periods, the largest gap first."""
    values = ["reported_usd", "mirrored_usd", "gap_usd", *(f"{part}_usd" for part in PARTS)]
    sums = frame.groupby("chapter_code")[values].sum().reset_index()
    sums["mirror_ratio"] = mirror_ratio(
        sums["reported_usd"].to_numpy(),
        sums["mirrored_usd"].to_numpy(),
        flow="M" if scene.selection.flow == "M" else "X",
        cif_fob_margin=scene.framework.framework.cif_fob_margin,
    )
    sums.loc[sums["reported_usd"] <= 0, "mirror_ratio"] = float("nan")
    order = sums["gap_usd"].abs().sort_values(ascending=False, kind="stable").index
    return sums.loc[order]


Cell = Callable[[Any, Scene], tuple[Any, bool]]


def _drawing(
    table: pd.DataFrame, frame: pd.DataFrame, scene: Scene, name: str, head: Cell
) -> Drawing:
    words = scene.words
    shown = table.head(STAGED_ROWS if scene.is_present else ROWS_AT_MOST)
    columns = ["mirror_reported", "mirror_mirrored"]
    labels = [
        words(f"mirror.{name}.first"),
        *(words(f"column.{column}") for column in columns),
        words("mirror.ratio_short"),
        words("column.gap_usd"),
        words("mirror.explained"),
        words("mirror.part.unreported"),
        words("mirror.part.unexplained"),
    ]
    headings = [
        html.Th(label, scope="col", className="number" if place else "")
        for place, label in enumerate(labels)
    ]
    body: list[Any] = [_row(row, head, scene) for row in rows(shown)]
    children: list[Any] = [
        html.Div(
            html.Table([html.Thead(html.Tr(headings)), html.Tbody(body)], className="data-table"),
            className="table-scroll",
            tabIndex="0",
            **attributes(role="region", aria_label=words(f"mirror.{name}.title")),
        )
    ]
    if len(table) > len(shown) and not scene.is_present:
        children.append(
            html.P(
                words("common.more_rows", count=words.number(len(table) - len(shown))),
                className="hint",
            )
        )
    return Drawing(
        children=html.Div(children),
        subtitle=subtitle(frame, scene),
        note=words("mirror.explained_note"),
    )


def _row(row: Any, head: Cell, scene: Scene) -> Element:
    words = scene.words
    first, is_chosen = head(row, scene)
    explained = sum(getattr(row, f"{part}_usd") for part in PARTS[:4])
    numbers = [
        words.value(row.reported_usd, "usd"),
        words.value(row.mirrored_usd, "usd"),
        ratio_text(row.mirror_ratio, scene),
        signed(row.gap_usd, scene),
        signed(explained, scene),
        signed(row.unreported_usd, scene),
        signed(row.unexplained_usd, scene),
    ]
    return element(
        "Tr",
        [
            element("Td", first),
            *(element("Td", number, className="number whole") for number in numbers),
        ],
        className="is-chosen" if is_chosen else "",
    )


def _chapter_cell(row: Any, scene: Scene) -> tuple[Any, bool]:
    code = str(row.chapter_code)
    button = _mark(chapter_name(code, scene, NAMES_AT_MOST), f"commodity:{code}")
    return button, scene.chosen.commodity == code


def _partner(row: Any, scene: Scene) -> tuple[Any, bool]:
    iso3 = str(row.partner_iso3)
    button = _mark(scene.names.member(iso3), f"partner:{iso3}")
    return button, iso3 in scene.chosen.partners


def _mark(text: str, event: str) -> Element:
    return element("Button", text, type="button", className="mark", **attributes(data_event=event))
