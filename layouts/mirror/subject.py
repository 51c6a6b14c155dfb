"""What the panels of the mirror workbench have in common: whose records, which words, what if none.

It must not draw anything.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import pandas as pd

from dashboard.flows import MIRRORED_FLOW, trade_collection
from dashboard.stats.mirror_gap import PARTS
from layouts.chips import commodity_name
from layouts.palette import Palette
from layouts.panels import Drawing
from layouts.scene import Scene

NAME_AT_MOST: Final = 34
_PLACE: Final = "\0"
"""Stands in a sentence where an amount goes; no sentence holds it."""

RATIO_BREAKS: Final = (0.5, 0.8, 1.0, 1.25, 2.0)
"""Breaks of the six classes of a ratio; the middle two are within a quarter of agreement."""


def short(name: str, most: int = NAME_AT_MOST) -> str:
    """Cut a long name."""
    return name if len(name) <= most else name[: most - 1].rstrip(" ,;") + "…"


def side_names(frame: pd.DataFrame, scene: Scene) -> tuple[str, str]:
    """Name our side and theirs: areas where there is one, else the many."""
    words, names = scene.words, scene.names

    def name(column: str, many: str) -> str:
        known = list(frame[column].dropna().unique())
        return names.member(str(known[0])) if len(known) == 1 else words(many)

    return name("reporter_iso3", "mirror.many_members"), name(
        "partner_iso3", "mirror.many_partners"
    )


def record_name(name: str, scene: Scene, *, is_ours: bool) -> str:
    """Name a record: whose, and which flow."""
    flow = scene.selection.flow or "X"
    kind = flow if is_ours else MIRRORED_FLOW.get(flow, "")
    return scene.words(f"mirror.record_{kind}", name=name)


def way(frame: pd.DataFrame, scene: Scene) -> str:
    """Say which trade is compared: from whom to whom."""
    ours, theirs = side_names(frame, scene)
    seller, buyer = (theirs, ours) if scene.selection.flow == "M" else (ours, theirs)
    return scene.words("mirror.way", seller=seller, buyer=buyer)


def subtitle(frame: pd.DataFrame, scene: Scene, *parts: str) -> str:
    """Say what is shown: the trade, what of it, from which collection, period, as-of day."""
    code = scene.chosen.commodity
    return scene.subtitle(
        way(frame, scene),
        commodity_name(scene, code) if code else "",
        collection_text(scene),
        *parts,
    )


def collection_text(scene: Scene) -> str:
    """Name the collection where it is not the one selected."""
    used = trade_collection(scene.selection.collection, scene.catalogue)
    if used == scene.selection.collection:
        return ""
    return scene.words("flows.collection", name=scene.names.collections.get(used, used))


def nothing(scene: Scene) -> Drawing:
    """Say why there are no records to compare, and what to do."""
    words, chosen = scene.words, scene.chosen
    if scene.selection.flow not in MIRRORED_FLOW:
        flow = words(f"flow.{scene.selection.flow}")
        return Drawing(empty=words("flows.no_mirror_flow", flow=flow))
    partners = [scene.names.member(iso3) for iso3 in chosen.partners[:3]]
    return Drawing(
        empty=words(
            "mirror.nothing_with" if partners else "mirror.nothing",
            scope=scene.scope_text,
            partners=", ".join(partners),
            range=scene.range_text,
        )
    )


def ratio_class(ratio: float) -> int:
    """Return the class of a ratio: 0 is far below agreement, 5 far above."""
    return sum(ratio >= step for step in RATIO_BREAKS)


def ratio_text(ratio: float, scene: Scene) -> str:
    """Write a ratio."""
    return "× " + scene.words.value(ratio, "ratio") if ratio == ratio else "–"


def signed(value: float, scene: Scene) -> str:
    """Write a gap with its sign; less than half a dollar is rounding."""
    value = value if abs(value) >= 0.5 else 0.0
    return scene.words.value(value, "usd", is_change=True)


def part_colours(palette: Palette) -> dict[str, str]:
    """Return the colour of each part: blue is explained, grey and accent are not."""
    steps = palette.sequential
    explained = dict(zip(PARTS[:4], (steps[2], steps[3], steps[3], steps[3]), strict=True))
    return {**explained, "unreported": palette.muted, "unexplained": palette.accent}


def chapter_name(code: str, scene: Scene, most: int = NAME_AT_MOST) -> str:
    """Name a chapter after its number."""
    title = scene.names.chapters.get(code, "")
    return f"{code} {short(title, most)}".strip()


def row_story(row: Any, scene: Scene) -> list[str]:
    """Return the lines of a tooltip on both records of something."""
    return story_of(scene)(row)


def story_of(scene: Scene) -> Callable[[Any], list[str]]:
    """Return what writes such lines: for thousands of rows the words are looked up once."""
    words = scene.words
    names = {part: words(f"mirror.part.{part}") for part in PARTS}
    texts = {
        name: words(f"mirror.{name}", **{field: _PLACE}).split(_PLACE)
        for name, field in (
            ("ours", "amount"),
            ("theirs", "amount"),
            ("gap", "amount"),
            ("ratio", "ratio"),
        )
    }

    def story(row: Any) -> list[str]:
        amounts = (
            words.value(row.reported_usd, "usd"),
            words.value(row.mirrored_usd, "usd"),
            signed(row.gap_usd, scene),
            ratio_text(row.mirror_ratio, scene),
        )
        lines = [amount.join(text) for amount, text in zip(amounts, texts.values(), strict=True)]
        parts = ((part, getattr(row, f"{part}_usd")) for part in PARTS)
        lines += [f"{names[part]}: {signed(of, scene)}" for part, of in parts if abs(of) >= 0.5]
        return lines

    return story
