"""How alike our scores and those of others rank the members, one line per external score."""

from __future__ import annotations

from typing import Any

from layouts.attributes import attributes
from layouts.charts import rows
from layouts.choices import choice_group
from layouts.cross_check.subject import (
    focus_of,
    indicator_name,
    of_shown,
    reading,
    rho_text,
    shown_score,
    why_empty,
)
from layouts.elements import Element, element
from layouts.panels import Drawing, Frames
from layouts.quality.subject import DIMENSIONS, collection_text
from layouts.scene import Scene


def controls(scene: Scene) -> list[Any]:
    """Return the choice of our score that is compared."""
    words = scene.words
    names = ("quality_score", *DIMENSIONS)
    return [
        choice_group(
            words("cross-check.our_score"),
            "dimension",
            [(name, words.label(name)) for name in names],
            shown_score(scene),
        )
    ]


def draw_agreement(frames: Frames, scene: Scene) -> Drawing:
    """External scores down, their rank correlation with ours across; a click takes one up."""
    frame, members = frames["outside_agreement"], frames["outside_members"]
    words = scene.words
    own = of_shown(frame, scene)
    focus = focus_of(frame, members, scene)
    if own.empty or own["rho"].isna().all():
        return Drawing(empty=why_empty(focus, scene))
    body = [
        _row(row, focus is not None and row.indicator_id == focus.indicator_id, scene)
        for row in rows(own)
    ]
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
    table = element(
        "Table",
        [element("Thead", element("Tr", head)), element("Tbody", body)],
        className="makeup agreement",
    )
    is_told = focus is not None and focus.rho == focus.rho
    return Drawing(
        children=element(
            "Div",
            table,
            className="table-scroll",
            tabIndex="0",
            role="region",
            **attributes(aria_label=words("cross-check.agreement.title")),
        ),
        title=reading(focus, scene) if is_told else None,
        subtitle=scene.subtitle(
            words("cross-check.unit"), words.label(shown_score(scene)), collection_text(scene)
        ),
        note=words("cross-check.note"),
    )


def _row(row: Any, is_focus: bool, scene: Scene) -> Element:
    words = scene.words
    name = element(
        "Button",
        indicator_name(row.indicator_id, scene),
        type="button",
        className="mark",
        **attributes(
            data_event=f"indicator:{row.indicator_id}", aria_pressed="true" if is_focus else "false"
        ),
    )
    return element(
        "Tr",
        [
            element("Th", name, scope="row"),
            element("Td", strip(row), className="whisker-cell"),
            element("Td", rho_text(row, scene), className="number"),
            element("Td", words.number(row.n), className="number"),
            element("Td", str(row.year), className="number"),
        ],
        className="is-chosen" if is_focus else "",
    )


def strip(row: Any) -> Element:
    """Return a correlation on the line from -1 to 1; the text beside it says the same."""
    if row.rho != row.rho:
        return element("Span", className="whisker whisker--none")
    place = {"--at": _percent(row.rho)}
    kind = "whisker whisker--zero whisker--bare"
    if row.rho_low == row.rho_low:
        place |= {"--low": _percent(row.rho_low), "--high": _percent(row.rho_high)}
        kind = "whisker whisker--zero"
    return element("Span", className=kind, style=place, **attributes(aria_hidden="true"))


def _percent(rho: float) -> str:
    return f"{(rho + 1) * 50:.1f}"
