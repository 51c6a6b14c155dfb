"""The selected trade in words: a total and the three most telling facts, as plain text.

It must not choose the facts; they come ranked.
"""

from __future__ import annotations

from typing import Any, Final

from dash import html

from layouts.chips import commodity_name
from layouts.flows.wording import (
    amount,
    collection_text,
    measured_column,
    nothing,
    records_text,
    region_name,
    towards_text,
    trade_subtitle,
)
from layouts.panels import Drawing, Frames
from layouts.scene import Scene

UNCHANGED: Final = 0.005
"""Changes and gaps below half a percent read as none."""


def draw_answers(frames: Frames, scene: Scene) -> Drawing:
    """One paragraph; what a screen reader hears when the selection changes."""
    frame = frames["trade_facts"]
    if frame.empty:
        return Drawing(empty=nothing(scene))
    facts = [row for row in frame.to_dict("records") if row["is_told"]]
    lead, *others = [unbroken(sentence(fact, scene)) for fact in facts]
    parts: list[Any] = [html.Strong(lead)]
    for text in others:
        parts += [" ", html.Span(text)]
    return Drawing(
        children=html.P(parts, className="answer"),
        subtitle=trade_subtitle(scene, towards=True),
        note=scene.words("flows.answers.rule"),
    )


def unbroken(text: str) -> str:
    """Keep signs with the word before them: no line begins with a percent sign."""
    for sign in "%;:":
        text = text.replace(f" {sign}", f"\u00a0{sign}")
    return text


def sentence(fact: Any, scene: Scene) -> str:
    """Word one fact: no tags, no colours, numbers with their units."""
    words, name = scene.words, fact["fact"]
    key = f"flows.answers.{name}"
    share = words.value(fact["share"], "share")
    match name:
        case "total":
            details = (scene.range_text, towards_text(scene), _goods(scene), _records(scene))
            return words(
                key,
                flow=words(f"flow.{scene.selection.flow}"),
                scope=scene.scope_text,
                amount=amount(fact[measured_column(scene)], scene),
                details=", ".join(detail for detail in details if detail),
            )
        case "change" | "mirror":
            change = float(fact["share"])
            way = "same" if abs(change) < UNCHANGED else "more" if change > 0 else "less"
            return words(f"{key}.{way}", change=words.value(abs(change), "share"))
        case "partner":
            count = words.number(fact["equal_count"], 0 if fact["equal_count"] >= 10 else 1)
            return words(key, name=scene.names.member(fact["subject"]), share=share, count=count)
        case "partner_region":
            return words(key, name=region_name(fact["subject"], scene), share=share)
        case "chapter":
            return words(key, name=commodity_name(scene, fact["subject"]), share=share)
        case "reporter":
            return words(key, name=scene.names.member(fact["subject"]), share=share)
        case _:
            return words(key, share=share)


def _goods(scene: Scene) -> str:
    code = scene.selection.commodity
    return commodity_name(scene, code) if code else ""


def _records(scene: Scene) -> str:
    return ", ".join(part for part in (records_text(scene), collection_text(scene)) if part)
