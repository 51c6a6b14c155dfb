"""Where the year left members and the strategy: tiers, movers, key results, training."""

from __future__ import annotations

from typing import Final

import pandas as pd

from dashboard.tiers import rising_tiers
from layouts.charts import rows
from layouts.palette import REGION_COLOURS, STATUS_PATTERNS
from layouts.panels import Drawing, Frames
from layouts.scene import Scene
from layouts.strategy.values import STATUSES, colour, strategy_name
from layouts.year.charts import Bar, Part, columns, dots, line, nothing, shown_year, subtitle
from layouts.year.time import bound_to, months_of

IMPROVED: Final = 8


def draw_tiers(frames: Frames, scene: Scene) -> Drawing:
    """Members by tier, this year and the year before."""
    now, before = (
        frames[name].dropna(subset=["rank", "tier"])
        for name in ("year_ranking", "year_ranking_before")
    )
    words, year = scene.words, shown_year(scene)
    if now.empty:
        return nothing(scene)
    tiers = rising_tiers(scene.framework.tiers)
    labels = [str(year - 1), str(year)]
    shades = scene.palette.sequential
    step = max(1, (len(shades) - 1) // max(1, len(tiers)))
    parts = [
        Part(
            str(getattr(tier.name, words.language)),
            shades[min(len(shades) - 1, 1 + place * step)],
            [int((one["tier"] == tier.id).sum()) for one in (before, now)],
        )
        for place, tier in enumerate(tiers)
    ]
    top = parts[-1]
    return Drawing(
        figure=columns(labels, parts, scene),
        title=words(
            "year.found.tiers",
            tier=top.name,
            count=words.number(top.values[1]),
            before=words.number(top.values[0]),
        ),
        subtitle=subtitle(words("year.what.tiers"), scene),
    )


def draw_improved(frames: Frames, scene: Scene) -> Drawing:
    """Members that gained most places, with intervals; those beyond chance first."""
    frame, words = frames["year_ranking"].dropna(subset=["change"]), scene.words
    table = frame.astype(dict.fromkeys(("change", "change_low", "change_high"), "float64"))
    risen = table[table["change"] > 0].assign(is_clear=table["change_low"] > 0)
    if risen.empty:
        return nothing(scene)
    order = ["is_clear", "change", "member_iso3"]
    ordered = risen.sort_values(order, ascending=[False, False, True]).head(IMPROVED)
    found = [
        Bar(
            scene.names.member(row.member_iso3),
            float(row.change),
            f"+{words.number(row.change)}",
            REGION_COLOURS.get(row.region_id, scene.palette.muted),
            f"member:{row.member_iso3}",
            row.change_low,
            row.change_high,
        )
        for row in rows(ordered)
    ]
    clear = bool(ordered["is_clear"].iloc[0])
    return Drawing(
        figure=dots(found, scene),
        title=words(
            "year.found.improved" if clear else "year.found.improved_unclear",
            name=found[0].name,
            places=words.number(found[0].value),
        ),
        subtitle=subtitle(words("year.what.improved"), scene),
    )


def draw_results(frames: Frames, scene: Scene) -> Drawing:
    """Key results by status, for each strategy, at the end of the year."""
    frame, words = frames["year_results"], scene.words
    if frame.empty:
        return nothing(scene)
    strategies = [one.id for one in scene.framework.strategies]
    counts = {
        status: [
            int(((frame["strategy_id"] == one) & (frame["status"] == status)).sum())
            for one in strategies
        ]
        for status in STATUSES
    }
    parts = [
        Part(
            words(f"strategy.status_{status}"),
            colour(status, scene.palette),
            counts[status],
            STATUS_PATTERNS[status],
        )
        for status in STATUSES
        if any(counts[status])
    ]
    labels = [f"{one} {strategy_name(one, scene)}" for one in strategies]
    return Drawing(
        figure=columns([_wrapped(one) for one in labels], parts, scene),
        title=words(
            "year.found.results",
            count=words.number(sum(counts["on_track"])),
            whole=words.number(len(frame)),
        ),
        subtitle=subtitle(words("year.what.results"), scene),
    )


def _wrapped(text: str) -> str:
    """Break a label in two lines near its middle."""
    places = [place for place, letter in enumerate(text) if letter == " "]
    if len(text) < 16 or not places:
        return text
    middle = min(places, key=lambda place: abs(place - len(text) / 2))
    return f"{text[:middle]}<br>{text[middle + 1 :]}"


def draw_training(frames: Frames, scene: Scene) -> Drawing:
    """Officers trained since the strategy began, month by month."""
    words, result = scene.words, bound_to("amount_training", scene)
    own: pd.DataFrame = frames["year_series"].head(0)
    if result is not None:
        own = months_of(frames["year_series"], result.id, shown_year(scene))
    if own.empty:
        return nothing(scene)
    values = own["value"].astype("float64").tolist()
    days = [day.date().isoformat() for day in pd.to_datetime(own["measured_on"])]
    return Drawing(
        figure=line(days, values, [words.number(value) for value in values], scene),
        title=words("year.found.training", count=words.number(values[-1] - values[0])),
        subtitle=subtitle(words("year.what.training"), scene),
    )
