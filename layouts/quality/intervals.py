"""How sure a score is, in words and as a whisker."""

from __future__ import annotations

from typing import Any, Final

from layouts.elements import Element, element
from layouts.scene import Scene

NARROW: Final = 2.0
"""Points below which whole numbers hide the width of an interval."""


def limits(row: Any, shown: str) -> tuple[float, float] | None:
    """Return the interval of a score; None where it is not known."""
    low, high = getattr(row, f"{shown}_low"), getattr(row, f"{shown}_high")
    return None if low != low else (float(low), float(high))


def ends(low: float, high: float, scene: Scene) -> tuple[str, str]:
    """Write both ends of an interval, finely enough to tell them apart."""
    if high - low < NARROW:
        return scene.words.number(low, 1), scene.words.number(high, 1)
    return scene.words.value(low, "score"), scene.words.value(high, "score")


def sureness(row: Any, shown: str, scene: Scene) -> str:
    """Say the interval of a score, or why it has none; empty without a score."""
    words, score = scene.words, getattr(row, shown)
    if score != score:
        return ""
    between = limits(row, shown)
    if between is None:
        key = "one_period" if row.periods == 1 else "no_spread"
        return words(f"quality.{key}", count=words.number(row.periods))
    low, high = ends(*between, scene)
    text = words("common.interval", low=low, high=high)
    if shown == "quality_score" and row.spread == "partial":
        text += " " + words("quality.partial_spread")
    return text


def plus_minus(low: float, high: float, scene: Scene) -> str:
    """Write half the width of an interval; nothing where it is not known."""
    return "" if low != low else f"±{scene.words.number(max(0.5, (high - low) / 2))}"


def whisker(row: Any, shown: str, scene: Scene, *, text: str = "") -> Element:
    """Return a score on the line from 0 to 100, with its interval; read out as its text."""
    score = getattr(row, shown)
    told = text or sureness(row, shown, scene)
    if score != score:
        return element("Span", className="whisker whisker--none")
    between = limits(row, shown)
    place = {"--at": f"{score:.1f}"}
    kind = "whisker whisker--bare"
    if between is not None:
        place |= {"--low": f"{between[0]:.1f}", "--high": f"{between[1]:.1f}"}
        kind = "whisker"
    return element("Span", element("Span", told, className="visually-hidden"), className=kind,
                   title=told, style=place)  # fmt: skip
