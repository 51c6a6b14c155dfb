"""How to read the training effect: what was compared, what is taken for granted, the placebo."""

from __future__ import annotations

from typing import Final

import pandas as pd

from layouts.elements import element
from layouts.panels import Drawing, Frames
from layouts.scene import Scene
from layouts.training.events import interval_text, of_measure, one_of, why_empty

MEASURES_TOLD: Final = ("quality_score", "on_time_share")
ASSUMPTIONS: Final = ("parallel", "await", "spill", "lot", "quarter")


def draw_reading(frames: Frames, scene: Scene) -> Drawing:
    """Sentences: what was compared, whether ways were parallel, placebo, assumptions."""
    words, frame = scene.words, frames["training_effects"]
    empty = why_empty(frames, scene)
    if empty is not None:
        return empty
    told = [words("training.how")]
    for measure in MEASURES_TOLD:
        own = of_measure(frame, measure)
        if own.empty:
            continue
        told.append(_before(own, measure, scene))
        unreal = one_of(own, "placebo")
        if unreal is not None:
            is_none = unreal.effect_low <= 0 <= unreal.effect_high
            key = "training.placebo_none" if is_none else "training.placebo_found"
            told.append(
                words(
                    key,
                    measure=words.label(measure),
                    effect=interval_text(unreal, measure, scene),
                )
            )
    told += [words(f"training.assumes_{one}") for one in ASSUMPTIONS]
    if scene.is_synthetic:
        told.append(words("training.synthetic"))
    shown = told[:3] if scene.is_present else told
    return Drawing(
        children=element("Ul", [element("Li", text) for text in shown], className="sentences")
    )


def _before(own: pd.DataFrame, measure: str, scene: Scene) -> str:
    """Say in how many quarters before training the two sides were apart."""
    words = scene.words
    events = own[own["part"] == "event"]
    before = events[events["quarters_since"].astype("int64") < 0]
    apart = int(((before["effect_low"] > 0) | (before["effect_high"] < 0)).sum())
    key = "training.before_parallel" if apart == 0 else "training.before_apart"
    return words(
        key,
        measure=words.label(measure),
        count=words.number(len(before)),
        apart=words.number(apart),
    )
