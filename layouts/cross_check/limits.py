"""What the cross-check can and cannot say."""

from __future__ import annotations

from layouts.cross_check.subject import (
    focus_of,
    indicator_name,
    indicator_source,
    shown_score,
    why_empty,
)
from layouts.elements import element
from layouts.panels import Drawing, Frames
from layouts.quality.subject import past_note, shown_collection
from layouts.scene import Scene


def draw_limits(frames: Frames, scene: Scene) -> Drawing:
    """Sentences: what each side is about, the years apart, who is left out, what it proves."""
    agreement, members = frames["outside_agreement"], frames["outside_members"]
    words = scene.words
    focus = focus_of(agreement, members, scene)
    if focus is None:
        return Drawing(empty=why_empty(focus, scene))
    assert scene.selection.first is not None and scene.selection.last is not None
    first, last = int(scene.selection.first[:4]), int(scene.selection.last[:4])
    name = indicator_name(focus.indicator_id, scene)
    told = [
        words(
            "cross-check.limit_ours",
            measure=words.label(shown_score(scene)),
            collection=scene.names.collections.get(shown_collection(scene), ""),
            range=scene.range_text,
        ),
        words(
            "cross-check.limit_theirs",
            name=name,
            source=indicator_source(focus.indicator_id, scene),
            year=str(focus.year),
        ),
    ]
    if not first <= focus.year <= last:
        apart = first - focus.year if focus.year < first else focus.year - last
        key = "limit_year_apart" if apart == 1 else "limit_years_apart"
        told.append(words(f"cross-check.{key}", years=words.number(apart)))
    elif last > first:
        told.append(words("cross-check.limit_one_year", year=str(focus.year)))
    if past_note(scene) and shown_score(scene) in ("quality_score", "coherence"):
        told.append(past_note(scene))
    left = int(focus.theirs_count) - int(focus.n)
    told.append(
        words("cross-check.limit_members", n=words.number(focus.n), left=words.number(left))
    )
    count = agreement["indicator_id"].nunique()
    told.append(words("cross-check.limit_many", count=words.number(count)))
    told += [words(f"cross-check.{key}") for key in ("limit_ask", "limit_meaning")]
    if scene.is_synthetic:
        told.append(words("cross-check.limit_synthetic"))
    items = [element("Li", text) for text in told]
    return Drawing(
        children=element("Ul", items, className="sentences"),
        subtitle=scene.subtitle(name),
    )
