"""Texts that fit their place: wrapped names, few ticks on a calendar."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.words import Words
from layouts.charts import safe

FEW_PERIODS = 14
"""Up to so many months are named themselves; of more, only the years are."""


def wrapped(name: str, most: int) -> str:
    """Return a name, escaped, in lines of about so many characters."""
    lines = [""]
    for word in name.split():
        if lines[-1] and len(lines[-1]) + len(word) + 1 > most:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return "<br>".join(safe(line) for line in lines)


def shortened(name: str, most: int) -> str:
    """Return a name cut to so many characters."""
    return name if len(name) <= most else name[: most - 1].rstrip() + "…"


def period_ticks(periods: Sequence[int], words: Words, *, most: int = 6) -> list[tuple[int, str]]:
    """Return the places and names of at most so many periods: years at their Januaries."""
    most = max(1, most)
    if periods[-1] < 10_000 or len(periods) <= FEW_PERIODS:
        every = -(-len(periods) // most)
        return [(i, words.period(int(p))) for i, p in enumerate(periods) if i % every == 0]
    januaries = [(i, str(p // 100)) for i, p in enumerate(periods) if p % 100 == 1]
    return januaries[:: max(1, -(-len(januaries) // most))]
