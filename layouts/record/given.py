"""Recognition: what was given to whom, when and for which run, each with its certificates."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from layouts.charts import rows
from layouts.elements import Element, element, member_heading
from layouts.panels import Drawing, Frames
from layouts.record.parts import cell, day, nothing_published, table, tier_name
from layouts.scene import Scene

LISTED_AT_MOST: Final = 40
STAGED_AT_MOST: Final = 7
LANGUAGES: Final = ("en", "fr")


def draw_given(frames: Frames, scene: Scene) -> Drawing:
    """A row per award, the latest first."""
    frame, words = frames["recognition_given"], scene.words
    if frames["scoring_runs"].empty:
        return Drawing(empty=nothing_published(scene))
    if frame.empty:
        command = './run scores certify --out … --by "…"'
        return Drawing(empty=words("record.nothing_given", scope=scene.scope_text, command=command))
    listed = frame.head(STAGED_AT_MOST if scene.is_present else LISTED_AT_MOST)
    names = ("member", "award", "run_of", "given_on", "certificate")
    heads = [(words(f"record.head_{name}"), "") for name in names]
    note = words("record.given_note")
    if len(frame) > len(listed):
        note += " " + words("common.more_rows", count=words.number(len(frame) - len(listed)))
    return Drawing(
        children=table(
            heads, [_row(row, scene) for row in rows(listed)], words("record.given.title")
        ),
        subtitle=words(
            "record.given_unit",
            count=words.number(len(frame)),
            members=words.number(frame["member_iso3"].nunique()),
        ),
        note=note,
    )


def award_id(kind: str, tier: Any) -> str:
    """Return an award's id, as in the address of its certificate."""
    return f"{kind}-{tier}" if isinstance(tier, str) and tier else kind


def _row(row: Any, scene: Scene) -> Element:
    words = scene.words
    name = words(f"certificate.kind.{row.award}")
    if isinstance(row.tier, str) and row.tier:
        name = f"{name} {tier_name(row.tier, scene)}"
    if not pd.isna(row.override):
        name = f"{name} ({words('record.by_decision', entry=words.number(row.override))})"
    award = award_id(str(row.award), row.tier)
    links: list[Any] = []
    kept = f"&audience={scene.chosen.audience}" if scene.chosen.audience else ""
    for language in LANGUAGES:
        address = f"/certificate/{row.run}/{row.member_iso3}/{award}.pdf?lang={language}{kept}"
        label = words("record.certificate_in", language=words(f"record.in_{language}"))
        links += [element("A", label, href=address, download=""), " "]
    return element(
        "Tr",
        [
            member_heading(row, scene),
            cell(name),
            cell(words.number(row.run)),
            cell([day(row.given_on, scene), element("Div", str(row.author), className="hint")]),
            cell(links, "whole"),
        ],
    )
