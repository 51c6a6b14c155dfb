"""The receipt of a number: what it is, what it was counted from, by which query, of which data."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from dash import html

from layouts.attributes import attributes
from layouts.evidence.subject import facts_of, result_name, result_of, value_text
from layouts.panels import Drawing, Frames
from layouts.scene import Scene

COUNTS: Final = ("numerator", "denominator", "rows_counted", "members_counted")
QUERY: Final = ("query_id", "query_version", "query_sha256", "query_parameters")
ORIGIN: Final = (
    *("framework", "framework_fingerprint", "method_version", "schema_version", "data_on"),
    *("as_of", "version", "built_at", "source"),
)
STAGED: Final = ("rows_counted", "members_counted", "framework", "method_version", "version")
HASH_SHOWN: Final = 16
"""Digits of a hash that are shown; the JSON has all."""


def draw_receipt(frames: Frames, scene: Scene) -> Drawing:
    """Formula, counts, query, framework and generation behind the chosen key result."""
    words, result, facts = scene.words, result_of(frames), facts_of(frames)
    if result is None:
        return Drawing(empty=words("strategy.none"))
    parts: list[Any] = [html.P(facts["formula"], className="receipt__formula")]
    if "value" in facts:
        value = value_text(float(facts["value"]), result.unit, scene)
        day = words.day(date.fromisoformat(facts["measured_on"]))
        parts.insert(0, html.P([html.Strong(value), f" · {day}"], className="receipt__value"))
    shown = STAGED if scene.is_present else (*COUNTS, *QUERY, *ORIGIN)
    pairs: list[Any] = []
    for name in shown:
        if name in facts:
            pairs += [
                html.Dt(words(f"evidence.fact.{name}")),
                html.Dd(_written(name, facts, scene)),
            ]
    parts.append(html.Dl(pairs, className="facts receipt__facts"))
    if not scene.is_present:
        parts.append(
            html.Details(
                [
                    html.Summary(words("evidence.query_text")),
                    html.Pre(html.Code(facts["query_text"]), tabIndex="0"),
                ],
                className="receipt__query",
            )
        )
        parts.append(
            html.A(
                words("evidence.receipt_json"),
                href="/data/key_result_receipt.json",
                className="button",
                **attributes(data_frame="key_result_receipt", data_format="json"),
            )
        )
    return Drawing(
        children=html.Div(parts, className="receipt"), subtitle=result_name(result, scene)
    )


def _written(name: str, facts: dict[str, str], scene: Scene) -> Any:
    words, value = scene.words, facts[name]
    if name in COUNTS:
        number = float(value)
        return words.number(number, 0 if number == int(number) else 2)
    if name in ("data_on", "as_of"):
        return words.day(date.fromisoformat(value))
    if name in ("query_sha256", "framework_fingerprint"):
        return html.Code(value[:HASH_SHOWN], title=value)
    if name in QUERY:
        return html.Code(value)
    return value
