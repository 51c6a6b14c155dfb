"""How much of a change in value is prices, and how much quantities."""

from __future__ import annotations

from typing import Final

import pandas as pd

from dashboard.stats.changes import EFFECTS, MOST_PRICE_CHANGE
from layouts.changes.subject import ranges_of, subtitle, why_empty
from layouts.changes.waterfall import Step, change_waterfall
from layouts.charts import tooltip
from layouts.panels import Drawing, Frames
from layouts.scene import Scene

PRICED: Final = ("price", "quantity")


def draw_prices(frames: Frames, scene: Scene) -> Drawing:
    """Return the waterfall of the effects and the share of trade that they cover."""
    frame, ranges, words = frames["change_effects"], ranges_of(scene), scene.words
    # Price and quantity stand for the same cells: their trade is counted once.
    trade = frame[frame["effect"] != "quantity"]
    empty = why_empty(trade, ranges, scene, "value_usd")
    if empty is not None or ranges is None:
        return empty or Drawing(empty="")
    covered = covered_share(frame)
    if not covered > 0:
        return Drawing(empty=words("changes.prices.no_weights"))
    return Drawing(
        figure=change_waterfall(steps_of(frame, scene), trade, ranges, scene, "value_usd"),
        title=_finding(frame, scene),
        subtitle=subtitle(ranges, scene, "value_usd"),
        note=words(
            "changes.prices.note",
            share=words.value(covered, "share"),
            factor=words.number(MOST_PRICE_CHANGE),
        ),
    )


def covered_share(frame: pd.DataFrame) -> float:
    """Return the share of both ranges' trade that is in cells with weights in both."""
    trade = frame[frame["effect"] != "quantity"].set_index("effect")
    sums = trade["value_usd"] + trade["base_value_usd"]
    whole = float(sums.sum())
    return float(sums.to_dict().get("price", 0.0)) / whole if whole > 0 else 0.0


def _finding(frame: pd.DataFrame, scene: Scene) -> str:
    words = scene.words
    effects = dict(zip(frame["effect"], frame["effect_usd"].tolist(), strict=True))
    price, quantity = effects["price"], effects["quantity"]
    return words(
        "changes.prices.finding",
        price=words.value(price, "usd", is_change=True),
        quantity=words.value(quantity, "usd", is_change=True),
    )


def steps_of(frame: pd.DataFrame, scene: Scene) -> list[Step]:
    """Return a step per effect, in a fixed order; those of nothing are left out."""
    words = scene.words
    table = {row["effect"]: row for row in frame.to_dict("records")}
    steps = []
    for effect in EFFECTS:
        row = table[effect]
        if not row["n"] and effect not in PRICED:
            continue
        name = words(f"changes.effect.{effect}")
        story = tooltip(
            name,
            words.value(row["effect_usd"], "usd", is_change=True),
            words(f"changes.effect.{effect}_means"),
            words("changes.prices.cells", count=words.number(row["n"])),
        )
        steps.append(Step(name, float(row["effect_usd"]), story, "", is_rest=effect not in PRICED))
    return steps
