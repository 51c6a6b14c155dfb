"""What would raise a score most: remedies with their gains, and the shortest way to a target."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import pandas as pd
from dash import dcc

from layouts.attributes import attributes
from layouts.charts import rows
from layouts.elements import Element, element
from layouts.panels import Drawing, Frames
from layouts.quality.intervals import plus_minus
from layouts.quality.subject import (
    collection_text,
    in_language,
    rule_title,
    rules,
    shown_collection,
)
from layouts.scene import Scene

LISTED_AT_MOST: Final = 7
STAGED_AT_MOST: Final = 4

ELSEWHERE: Final = {"coherence": "/mirror", "stability": "/revisions"}
"""Where a dimension without rules is looked into."""


def draw_mending(frames: Frames, scene: Scene) -> Drawing:
    """The remedies of the chosen member; without one, those that would help most members."""
    chosen = scene.chosen.members
    if chosen:
        frame = frames["remedies_of_members"]
        return _of_member(frame[frame["member_iso3"] == chosen[0]], chosen[0], scene)
    return _of_scope(frames["remedies_by_rule"], scene)


def _of_member(frame: pd.DataFrame, iso3: str, scene: Scene) -> Drawing:
    words, name = scene.words, scene.names.member(iso3)
    if frame.empty:
        return Drawing(
            empty=words("quality.nothing_to_mend", name=name, range=scene.range_text),
        )
    most = STAGED_AT_MOST if scene.is_present else LISTED_AT_MOST
    found = rows(frame)
    own = [row for row in found if isinstance(row.rule_id, str)]
    others = [row for row in found if not isinstance(row.rule_id, str)]
    parts: list[Any] = []
    if own:
        parts.append(_shortest_way(own, scene))
        listed = [_own_remedy(row, scene) for row in own[:most]]
        parts.append(element("Ol", listed, className="remedies"))
    if others:
        parts.append(element("H3", words("quality.not_by_rows"), className="remedies__head"))
        parts.append(
            element("Ul", [_other_remedy(row, scene) for row in others], className="remedies")
        )
    if own and not scene.is_present:
        parts.append(_note_to_send(own[:3], name, scene))
    title = _finding(own[0], name, scene) if own else words("quality.mending_of", name=name)
    return Drawing(
        children=_scrolled(parts, scene),
        title=title,
        subtitle=scene.subtitle(words("quality.mending_unit"), collection_text(scene)),
        note=words("quality.mending_note"),
    )


def _scrolled(parts: list[Any], scene: Scene) -> Element:
    inner = element(
        "Div",
        parts,
        className="heat-scroll",
        tabIndex="0",
        role="region",
        **attributes(aria_label=scene.words("quality.mending.title")),
    )
    return element("Div", inner)


def _own_remedy(row: Any, scene: Scene) -> Element:
    words = scene.words
    rule = rules(scene).get(row.rule_id)
    facts = words(
        "quality.remedy_rows",
        rows=words.number(row.rows_failed),
        submissions=words.number(row.submissions_failing),
        severity=words(f"quality.{row.severity}"),
    )
    return element(
        "Li",
        [
            element(
                "Div",
                [
                    _rule_link(row.rule_id, scene),
                    _gain(row, scene),
                ],
                className="remedies__line",
            ),
            _lift(row),
            element(
                "P",
                f"{facts}. {in_language(rule.remedy, scene) if rule else ''}",
                className="remedies__text",
            ),
        ],
    )


def _gain(row: Any, scene: Scene) -> Element:
    words = scene.words
    before, after = (words.number(score, _digits(row)) for score in _ends(row))
    sure = plus_minus(row.after_low, row.after_high, scene)
    text = f"{before} → {after}" + (f" ({sure})" if sure else "")
    return element("Strong", text, className="remedies__gain")


def _ends(row: Any) -> tuple[float, float]:
    return row.score_before, row.score_after


def _digits(row: Any) -> int:
    """Return the digits that let a small gain be seen."""
    return 0 if row.gain >= 1 else 1


def _lift(row: Any) -> Element:
    """Return the way of the score on the line from 0 to 100; the text beside it says the same."""
    return element(
        "Span",
        className="lift",
        style={"--from": f"{row.score_before:.1f}", "--to": f"{row.score_after:.1f}"},
        **attributes(aria_hidden="true"),
    )


def _other_remedy(row: Any, scene: Scene) -> Element:
    words, dimension = scene.words, row.dimension_id
    link = dcc.Link(
        words.label(dimension), href=ELSEWHERE[dimension] + scene.chosen.search(), className="mark"
    )
    text = words(f"quality.remedy_{dimension}", rows=words.number(row.rows_failed))
    line = element("Div", [link, _gain(row, scene)], className="remedies__line")
    return element("Li", [line, _lift(row), element("P", text, className="remedies__text")])


def _rule_link(rule_id: str, scene: Scene) -> Any:
    return dcc.Link(
        rule_title(scene, rule_id),
        href="/rules" + replace(scene.chosen, rule=rule_id).search(),
        className="mark",
    )


def mending_sentences(frame: pd.DataFrame, iso3: str, scene: Scene) -> str:
    """Say what would raise a member's score most, and the shortest way up; empty if nothing would.

    ``frame`` is ``remedies_of_members``.
    """
    found = rows(frame[(frame["member_iso3"] == iso3) & frame["rule_id"].notna()])
    if not found:
        return ""
    finding = _finding(found[0], scene.names.member(iso3), scene)
    return f"{finding}. {_way_text(found, scene)}"


def _finding(row: Any, name: str, scene: Scene) -> str:
    before, after = (scene.words.number(score, _digits(row)) for score in _ends(row))
    return scene.words(
        "quality.mending_finding",
        name=name,
        rule=rule_title(scene, row.rule_id),
        before=before,
        after=after,
    )


def _shortest_way(own: list[Any], scene: Scene) -> Element:
    return element("P", _way_text(own, scene), className="remedies__plan")


def _way_text(own: list[Any], scene: Scene) -> str:
    words, first = scene.words, own[0]
    if first.target != first.target:
        return words("quality.no_short_way")
    steps = [
        words(
            "quality.named_value",
            name=rule_title(scene, row.rule_id),
            value=words.number(row.rows_to_target),
        )
        for row in own
        if row.rows_to_target > 0
    ]
    return words(
        f"quality.way_to_{first.target_kind}",
        target=words.value(first.target, "score"),
        rows=words.number(sum(int(row.rows_to_target) for row in own)),
        steps="; ".join(steps),
    )


def _note_to_send(own: list[Any], name: str, scene: Scene) -> Element:
    """Return a note with the facts, to be copied into a letter."""
    words = scene.words
    first = own[0]
    lines = [
        words(
            "quality.letter_opening",
            collection=scene.names.collections[shown_collection(scene)],
            range=scene.range_text,
            day=words.day(scene.as_of),
            name=name,
            score=words.value(first.score_before, "score"),
        )
    ]
    for number, row in enumerate(own, start=1):
        rule = rules(scene).get(row.rule_id)
        lines.append(
            f"{number}. "
            + words(
                "quality.letter_item",
                rule=rule_title(scene, row.rule_id),
                rows=words.number(row.rows_failed),
                submissions=words.number(row.submissions_failing),
                after=words.number(row.score_after, _digits(row)),
                remedy=in_language(rule.remedy, scene) if rule else "",
            )
        )
    if scene.is_synthetic:
        lines.append(words("quality.letter_synthetic"))
    text = element("Pre", "\n".join(lines), className="mending-note", tabIndex="0")
    return element("Details", [element("Summary", words("quality.letter")), text])


def _of_scope(frame: pd.DataFrame, scene: Scene) -> Drawing:
    words = scene.words
    helping = frame[frame["members_helped"].astype("float64") > 0]
    own = [row for row in rows(helping) if isinstance(row.rule_id, str)]
    others = [row for row in rows(helping) if not isinstance(row.rule_id, str)]
    if not own and not others:
        return Drawing(
            empty=words("quality.nobody_to_help", scope=scene.scope_text, range=scene.range_text)
        )
    most = STAGED_AT_MOST if scene.is_present else LISTED_AT_MOST
    parts: list[Any] = []
    if own:
        scale = max(int(row.members_helped) for row in own)
        listed = [_helping(row, scale, scene) for row in own[:most]]
        parts.append(element("Ol", listed, className="remedies"))
    if others:
        parts.append(element("H3", words("quality.not_by_rows"), className="remedies__head"))
        scale = max(int(row.members_helped) for row in others)
        parts.append(
            element("Ul", [_helping(row, scale, scene) for row in others], className="remedies")
        )
    return Drawing(
        children=_scrolled(parts, scene),
        title=words("quality.mending_scope") if own else None,
        subtitle=scene.subtitle(
            words("quality.mending_scope_unit"), scene.scope_text, collection_text(scene)
        ),
        note=words("quality.mending_scope_note"),
    )


def _helping(row: Any, scale: int, scene: Scene) -> Element:
    words = scene.words
    is_rule = isinstance(row.rule_id, str)
    link = (
        _rule_link(row.rule_id, scene)
        if is_rule
        else dcc.Link(
            words.label(row.dimension_id),
            href=ELSEWHERE[row.dimension_id] + scene.chosen.search(),
            className="mark",
        )
    )
    rule = rules(scene).get(row.rule_id) if is_rule else None
    facts = words(
        "quality.helping_facts",
        best=words.number(row.members_best),
        median=words.number(row.median_gain, 1),
        largest=words.number(row.largest_gain, 1),
        rows=words.number(row.rows_failed),
    )
    count = words("quality.members_helped", count=words.number(row.members_helped))
    return element(
        "Li",
        [
            element(
                "Div",
                [link, element("Strong", count, className="remedies__gain")],
                className="remedies__line",
            ),
            element(
                "Span",
                className="lift",
                style={"--from": "0", "--to": f"{100 * int(row.members_helped) / scale:.1f}"},
                **attributes(aria_hidden="true"),
            ),
            element(
                "P",
                f"{facts}. {in_language(rule.remedy, scene) if rule else ''}",
                className="remedies__text",
            ),
        ],
    )
