"""The year in time: what came, who was on time, how long it took, who never missed."""

from __future__ import annotations

from typing import Any

import pandas as pd

from layouts.charts import rows
from layouts.palette import REGION_COLOURS, STATUS_PATTERNS
from layouts.panels import Drawing, Frames
from layouts.scene import Scene
from layouts.strategy.values import written
from layouts.year.charts import Bar, Part, columns, dots, line, nothing, shown_year, subtitle


def draw_received(frames: Frames, scene: Scene) -> Drawing:
    """Submissions received and not, month by month."""
    frame, words = frames["year_status"], scene.words
    counts = frame[["on_time", "late", "unknown", "overdue"]].astype("int64")
    owed = int(counts.to_numpy().sum())
    if not owed:
        return nothing(scene)
    came = counts["on_time"] + counts["late"] + counts["unknown"]
    labels = [_month(int(period)) for period in frame["period_id"]]
    parts = [
        Part(
            words(f"status.{name}"),
            scene.palette.status[name],
            counts[name].tolist(),
            STATUS_PATTERNS[name],
        )
        for name in ("on_time", "late", "unknown", "overdue")
        if counts[name].any()
    ]
    return Drawing(
        figure=columns(labels, parts, scene),
        title=words(
            "year.found.received", received=words.number(int(came.sum())), owed=words.number(owed)
        ),
        subtitle=subtitle(words("year.what.received"), scene),
    )


def _month(period: int) -> str:
    return str(period) if period < 10_000 else f"{period % 100:02d}"


def draw_on_time(frames: Frames, scene: Scene) -> Drawing:
    """On-time share by region, the best first, with intervals."""
    frame, words = frames["year_on_time"].dropna(subset=["on_time_share"]), scene.words
    frame = frame[frame["region_id"].isin(REGION_COLOURS)]
    if frame.empty:
        return nothing(scene)
    ordered = frame.sort_values(["on_time_share", "region_id"], ascending=[False, True])
    found = [
        _region_bar(row, row.on_time_share, words.value(row.on_time_share, "share"), scene)
        for row in rows(ordered)
    ]
    return Drawing(
        figure=dots(found, scene),
        title=words("year.found.on_time", name=found[0].name, share=found[0].text),
        subtitle=subtitle(words.label("on_time_share"), scene),
    )


def _region_bar(row: Any, value: float, text: str, scene: Scene) -> Bar:
    chosen = scene.chosen.regions
    low, high = (None if pd.isna(one) else float(one) for one in (row.low, row.high))
    return Bar(
        scene.names.region(row.region_id),
        float(value),
        text,
        REGION_COLOURS[row.region_id],
        f"region:{row.region_id}",
        low,
        high,
        bool(chosen) and row.region_id not in chosen,
    )


def draw_delay(frames: Frames, scene: Scene) -> Drawing:
    """Median delay by region, the shortest first; what is awaited counts as longer."""
    frame, words = frames["year_delays"], scene.words
    known = frame.dropna(subset=["median_delay_days"])
    known = known[known["group"].isin(REGION_COLOURS)].rename(columns={"group": "region_id"})
    if known.empty:
        return nothing(scene)
    ordered = known.sort_values(["median_delay_days", "region_id"])
    found = [
        _region_bar(row, row.median_delay_days, words.value(row.median_delay_days, "days"), scene)
        for row in rows(ordered)
    ]
    return Drawing(
        figure=dots(found, scene),
        title=words(
            "year.found.delay",
            name=found[0].name,
            days=found[0].text,
            last=found[-1].name,
            last_days=found[-1].text,
        ),
        subtitle=subtitle(words.label("median_delay_days"), scene),
    )


def bound_to(binding: str, scene: Scene) -> Any | None:
    """Return the key result of the framework that is bound to a computation."""
    return next((one for one in scene.framework.key_results if one.binding == binding), None)


def months_of(series: pd.DataFrame, key_result_id: str, year: int) -> pd.DataFrame:
    """Return the month ends of a key result from the end of the year before on."""
    own = series[series["key_result_id"] == key_result_id]
    days = pd.to_datetime(own["measured_on"])
    held = (days >= pd.Timestamp(year - 1, 12, 31)) & (days <= pd.Timestamp(year, 12, 31))
    return own[held.to_numpy()].sort_values("measured_on")


def draw_unbroken(frames: Frames, scene: Scene) -> Drawing:
    """Members with twelve unbroken periods, month by month."""
    words, result = scene.words, bound_to("unbroken_share", scene)
    own = frames["year_series"].head(0)
    if result is not None:
        own = months_of(frames["year_series"], result.id, shown_year(scene))
    if own.empty:
        return nothing(scene)
    values = own["value"].astype("float64").tolist()
    texts = [written(value, "share", scene) for value in values]
    days = [day.date().isoformat() for day in pd.to_datetime(own["measured_on"])]
    return Drawing(
        figure=line(days, values, texts, scene),
        title=words(
            "year.found.unbroken",
            share=texts[-1],
            change=words.value(values[-1] - values[0], "share", is_change=True),
        ),
        subtitle=subtitle(words("year.what.unbroken"), scene),
    )
