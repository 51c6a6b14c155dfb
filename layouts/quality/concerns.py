"""Whose data needs care first, why, and what to tell them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import pandas as pd
from dash import dcc

from layouts.attributes import attributes
from layouts.charts import rows
from layouts.elements import Element, element, member_heading
from layouts.panels import Drawing, Frames
from layouts.quality.intervals import whisker
from layouts.quality.subject import (
    DIMENSIONS,
    collection_text,
    in_language,
    is_in_scope,
    no_scores,
    rule_title,
    rules,
)
from layouts.scene import Scene

LISTED_AT_MOST: Final = 10
STAGED_AT_MOST: Final = 5


def draw_concerns(frames: Frames, scene: Scene) -> Drawing:
    """Members whose whole interval lies below the middle of all, each with its first remedy."""
    frame, remedies = frames["quality_by_member"], frames["remedies"]
    words = scene.words
    scored = frame.dropna(subset=["quality_score"])
    if scored.empty:
        return Drawing(empty=no_scores(scene))
    middle = float(scored["quality_score"].median())
    inside = [
        is_in_scope(scene, iso3, region)
        for iso3, region in zip(scored["member_iso3"], scored["region_id"], strict=True)
    ]
    own = scored[inside]
    sure = own[own["quality_score_high"] < middle].sort_values(["quality_score", "member_iso3"])
    unsure = int((own["quality_score_high"].isna() & (own["quality_score"] < middle)).sum())
    median = words.value(middle, "score")
    if scene.chosen.members:
        listed = own.sort_values(["quality_score", "member_iso3"])
    else:
        listed = sure
    if listed.empty and scene.chosen.members:
        text = words("quality.no_score_of", name=scene.scope_text, range=scene.range_text)
        return Drawing(empty=text)
    if listed.empty:
        key = "nobody_below" if not unsure else "nobody_surely_below"
        return Drawing(
            empty=words(
                f"quality.{key}",
                scope=scene.scope_text,
                range=scene.range_text,
                median=median,
                count=words.number(unsure),
            ),
            is_good=not unsure,
        )
    most = STAGED_AT_MOST if scene.is_present else LISTED_AT_MOST
    first = first_remedies(remedies)
    head = [
        element("Th", words(key), scope="col", **({"className": kind} if kind else {}))
        for key, kind in (
            ("column.member_iso3", ""),
            ("quality.score_strip", "whisker-cell"),
            ("quality.weakest", ""),
            ("quality.first_remedy", ""),
            ("quality.what_to_tell", ""),
        )
    ]
    body = [_row(row, first.get(row.member_iso3), scene) for row in rows(listed.head(most))]
    table = element(
        "Table",
        [element("Thead", element("Tr", head)), element("Tbody", body)],
        className="data-table concerns",
    )
    notes = [
        words(
            "quality.concerns_note",
            count=words.number(len(sure)),
            all=words.number(len(own)),
            median=median,
        )
    ]
    if len(listed) > most and not scene.is_present:
        notes.append(words("common.more_rows", count=words.number(len(listed) - most)))
    if unsure:
        notes.append(words("quality.concerns_unsure", count=words.number(unsure)))
    return Drawing(
        children=element(
            "Div",
            table,
            className="table-scroll",
            tabIndex="0",
            role="region",
            **attributes(aria_label=words("quality.concerns.title")),
        ),
        subtitle=scene.subtitle(
            words("quality.score_unit"), scene.scope_text, collection_text(scene)
        ),
        note=" ".join(notes),
    )


def first_remedies(remedies: pd.DataFrame) -> dict[str, Any]:
    """Return the remedy of each member that gains most among those that it can mend by itself."""
    own = remedies[remedies["rule_id"].notna()]
    return {row.member_iso3: row for row in reversed(rows(own))}


def _row(row: Any, remedy: Any, scene: Scene) -> Element:
    words = scene.words
    member = member_heading(row, scene)
    known = {d: getattr(row, d) for d in DIMENSIONS if getattr(row, d) == getattr(row, d)}
    worst = min(known, key=lambda dimension: (known[dimension], DIMENSIONS.index(dimension)))
    strip = [
        element("Span", words.value(row.quality_score, "score"), className="makeup__score"),
        whisker(row, "quality_score", scene),
    ]
    weakest = words(
        "quality.named_value", name=words.label(worst), value=words.value(known[worst], "score")
    )
    if remedy is None:
        cells = [element("Td", words("quality.no_own_remedy"), colSpan=2)]
    else:
        rule = rules(scene).get(remedy.rule_id)
        link = dcc.Link(
            rule_title(scene, remedy.rule_id),
            href="/rules"
            + replace(scene.chosen, members=(row.member_iso3,), rule=remedy.rule_id).search(),
            className="mark",
        )
        gain = words(
            "quality.rows_and_gain",
            rows=words.number(remedy.rows_failed),
            before=words.number(remedy.score_before, 0 if remedy.gain >= 1 else 1),
            after=words.number(remedy.score_after, 0 if remedy.gain >= 1 else 1),
        )
        cells = [
            element(
                "Td",
                [link, element("Span", gain, className="concerns__gain")],
                **attributes(data_label=words("quality.first_remedy")),
            ),
            element("Td", in_language(rule.remedy, scene) if rule else "", className="soft"),
        ]
    return element(
        "Tr",
        [
            member,
            element("Td", strip, className="whisker-cell"),
            element("Td", weakest, **attributes(data_label=words("quality.weakest"))),
            *cells,
        ],
    )
