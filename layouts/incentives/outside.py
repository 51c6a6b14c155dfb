"""How the ranking goes with external scores: one line per score, those in the ranking marked."""

from __future__ import annotations

from typing import Any

from layouts.attributes import attributes
from layouts.charts import rows
from layouts.cross_check.agreement import strip
from layouts.cross_check.subject import indicator_name, rho_text
from layouts.elements import Element, element
from layouts.panels import Drawing, Frames
from layouts.scene import Scene


def draw_outside(frames: Frames, scene: Scene) -> Drawing:
    """External scores down, their rank correlation with the incentive score across."""
    frame = frames["ranking_outside"]
    words = scene.words
    if frame.empty:
        return Drawing(empty=words("incentives.outside.none_held"))
    if frame["rho"].isna().all():
        return Drawing(empty=words("incentives.outside.too_few"))
    head = [
        element("Th", words(f"cross-check.{key}"), scope="col", className=kind)
        for key, kind in (
            ("outside_score", ""),
            ("strip", "whisker-cell"),
            ("correlation", "number"),
            ("members_with_both", "number"),
            ("year", "number"),
        )
    ]
    body = [_row(row, scene) for row in rows(frame)]
    table = element(
        "Table",
        [element("Thead", element("Tr", head)), element("Tbody", body)],
        className="makeup agreement",
    )
    return Drawing(
        children=element(
            "Div",
            table,
            className="table-scroll",
            tabIndex="0",
            role="region",
            **attributes(aria_label=words("incentives.outside.title")),
        ),
        title=_finding(frame, scene),
        subtitle=scene.subtitle(words("cross-check.unit"), words.label("incentive_score")),
        note=words("incentives.outside.note"),
    )


def _finding(frame: Any, scene: Scene) -> str | None:
    """Return how many of the scores that are no part of the ranking go with it."""
    apart = frame[~frame["is_part"] & frame["rho"].notna()]
    if apart.empty:
        return None
    return scene.words(
        "incentives.outside.finding",
        count=scene.words.number(int((apart["rho_low"] > 0).sum())),
        all=scene.words.number(len(apart)),
    )


def _row(row: Any, scene: Scene) -> Element:
    words = scene.words
    name: list[Any] = [indicator_name(row.indicator_id, scene)]
    if row.is_part:
        name.append(element("Div", words("incentives.outside.is_part"), className="hint"))
    return element(
        "Tr",
        [
            element("Th", name, scope="row"),
            element("Td", strip(row), className="whisker-cell"),
            element("Td", rho_text(row, scene), className="number"),
            element("Td", words.number(row.n), className="number"),
            element("Td", str(row.year), className="number"),
        ],
    )
