"""An enquiry about the largest gaps of a pair: the facts of both records, and what is asked.

It states facts and asks; it must neither blame nor guess who is right.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
from dash import html

from dashboard import ids
from dashboard.words import Words
from layouts.charts import rows
from layouts.letter import letter
from layouts.mirror.subject import nothing
from layouts.panels import Drawing, Frames
from layouts.scene import Names, Scene


@dataclass(frozen=True)
class Enquiry:
    """An enquiry, ready to be sent."""

    title: str
    text: str


def amount(value: float, words: Words, *, is_change: bool = False) -> str:
    """Write an amount to the dollar."""
    sign = "+" if is_change and value > 0 else ""
    number = sign + words.number(value)
    return f"{number} USD" if words.language == "fr" else f"USD {number}"


def enquiry(
    gaps: pd.DataFrame,
    words: Words,
    names: Names,
    *,
    flow: str,
    margin: float,
    as_of: date,
    info: Mapping[str, str],
) -> Enquiry:
    """Return the enquiry to the partner about the rows of ``mirror_enquiry``, at least one."""
    first = rows(gaps)[0]
    reporter, partner = names.member(first.reporter_iso3), names.member(first.partner_iso3)
    seller, buyer = (partner, reporter) if flow == "M" else (reporter, partner)
    way = {"seller": seller, "buyer": buyer}
    key = "one" if len(gaps) == 1 else "many"
    lines = [
        _line(row, words, names, flow=flow, margin=margin, seller=seller, buyer=buyer)
        for row in rows(gaps)
    ]
    asked = [f"- {words(f'mirror.letter.ask_{what}')}" for what in ("final", "partner", "scope")]
    parts = [
        words("mirror.letter.to", partner=partner),
        words("mirror.letter.greeting"),
        words("mirror.letter.why", **way),
        "\n".join([words(f"mirror.letter.largest_{key}"), *(f"- {line}" for line in lines)]),
        "\n".join([words("mirror.letter.asked"), *asked]),
        words("mirror.letter.both", reporter=reporter),
        words("mirror.letter.thanks"),
        _origin(words, as_of, info),
    ]
    return Enquiry(words("mirror.letter.subject", **way), "\n\n".join(parts))


def _line(
    row: Any,
    words: Words,
    names: Names,
    *,
    flow: str,
    margin: float,
    seller: str,
    buyer: str,
) -> str:
    exported, imported, sign = row.reported_usd, row.mirrored_usd, 1.0
    if flow == "M":
        exported, imported, sign = imported, exported, -1.0
    return words(
        "mirror.letter.line",
        chapter=f"{row.chapter_code} {names.chapters.get(row.chapter_code, '')}".strip(),
        period=words.period(int(row.period_id)),
        seller=seller,
        buyer=buyer,
        exported=amount(exported, words),
        imported=amount(imported, words),
        gap=amount(sign * row.gap_usd, words, is_change=True),
        causes=_causes(row, words, sign=sign, margin=margin),
    )


def _causes(row: Any, words: Words, *, sign: float, margin: float) -> str:
    """Say what part freight and timing could explain, where there is one."""
    found = [
        words(
            f"mirror.letter.{name}",
            margin=words.value(margin, "share"),
            amount=amount(sign * value, words, is_change=True),
        )
        for name, value in (("valuation", row.valuation_usd), ("timing", row.timing_usd))
        if abs(value) >= 1.0
    ]
    if not found:
        return ""
    remaining = amount(sign * row.remaining_usd, words, is_change=True)
    return words("mirror.letter.causes", causes=", ".join(found), remaining=remaining)


def _origin(words: Words, as_of: date, info: Mapping[str, str]) -> str:
    source = info.get("source" if words.language == "en" else "source_fr", "")
    text = words(
        "chase.note.origin", source=source, day=words.day(as_of), version=info.get("version", "")
    )
    if info.get("is_synthetic") == "true":
        text = words("chase.note.synthetic") + "\n" + text
    return text


def draw_enquiry(frames: Frames, scene: Scene) -> Drawing:
    """The enquiry in both languages, that of the page first and open."""
    frame, words = frames["mirror_letter"], scene.words
    if frame.empty:
        gaps = nothing(scene)
        return (
            gaps
            if scene.selection.flow not in ("X", "M")
            else Drawing(
                empty=words("mirror.letter.none", scope=scene.scope_text, range=scene.range_text)
            )
        )
    written = sorted(rows(frame), key=lambda row: row.language != words.language)
    partner = scene.names.member(written[0].partner_iso3)
    return Drawing(
        children=html.Div(
            [
                letter(row, ids.note(row.language), scene, button=words("mirror.letter.copy"))
                for row in written
            ]
        ),
        title=words("mirror.letter.panel_title", partner=partner),
        subtitle=scene.subtitle(),
        note=words("mirror.letter.note"),
    )
