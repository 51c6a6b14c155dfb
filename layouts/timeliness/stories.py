"""The stories that cells and members tell when one points at them.

Texts that return (days, names, periods) are made once: a board has thousands
of cells.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from layouts.charts import safe, tooltip
from layouts.scene import Scene

CLEAR_TREND = 0.05
"""Adjusted p-value below which a trend is called one."""

_EPOCH = date(1970, 1, 1)


def days_of(column: pd.Series) -> list[int | None]:
    """Return a column of days as numbers of days, None where missing."""
    days = column.to_numpy(dtype="datetime64[D]")
    missing = np.isnat(days)
    return [
        None if gone else int(day) for day, gone in zip(days.astype("int64"), missing, strict=True)
    ]


def values_of(column: pd.Series) -> list[Any]:
    """Return a column as plain values: going through a column itself is slow."""
    return list(column.to_numpy(dtype=object))


def cell_stories(frame: pd.DataFrame, scene: Scene, *, with_collection: bool = False) -> list[str]:
    """Return the story of each obligation: member, period, status, due, received."""
    words, names = scene.words, scene.names
    as_of = (scene.as_of - _EPOCH).days

    @cache
    def day_text(key: str, day: int) -> str:
        return safe(words(f"timeliness.{key}", day=words.day(_EPOCH + timedelta(days=day))))

    @cache
    def days_text(key: str, days: int) -> str:
        return safe(words(f"timeliness.{key}", days=words.value(days, "days")))

    heads = {iso3: safe(names.member(iso3)) for iso3 in frame["member_iso3"].unique()}
    periods = {one: safe(words.period(int(one))) for one in frame["period_id"].unique()}
    states = {one: safe(words(f"status.{one}")) for one in frame["status"].unique()}
    collections = {
        one: f"{safe(names.collections.get(one, one))}<br>" if with_collection else ""
        for one in frame["collection_id"].unique()
    }
    revisions = {
        int(n): safe(words("timeliness.revised", count=words.number(n)))
        for n in frame["revision_count"].unique()
        if n
    }
    stories = []
    for iso3, collection, period, due, received, bound, state, revised in zip(
        values_of(frame["member_iso3"]),
        values_of(frame["collection_id"]),
        values_of(frame["period_id"]),
        days_of(frame["due_on"]),
        days_of(frame["received_on"]),
        values_of(frame["received_bound"]),
        values_of(frame["status"]),
        values_of(frame["revision_count"]),
        strict=True,
    ):
        assert due is not None
        told = states[state]
        if state == "late" and received is not None:
            told = days_text("days_late", received - due)
        elif state == "overdue":
            told = days_text("overdue_by", as_of - due)
        lines = f"<b>{heads[iso3]}, {periods[period]}</b><br>{collections[collection]}{told}"
        lines += "<br>" + day_text("due", due)
        if received is not None:
            key = "received_by" if bound == "upper" else "received"
            lines += "<br>" + day_text(key, received)
        if revised:
            lines += "<br>" + revisions[int(revised)]
        stories.append(lines)
    return stories


def trend_sign(row: Any) -> int:
    """Return 1 if a member became clearly faster, -1 if clearly slower, else 0."""
    if not row.trend_p_value < CLEAR_TREND:
        return 0
    if row.slope_days > 0:
        return -1
    return 1 if row.slope_days < 0 and not row.overdue else 0


def share_lines(row: Any, scene: Scene) -> list[str]:
    """Return value, interval and n of an on-time share."""
    words = scene.words
    if pd.isna(row.on_time_share):
        return [words("timeliness.nothing_counted")]
    return [
        f"{words.label('on_time_share')} {words.measured(row.on_time_share, 'on_time_share')}",
        words(
            "common.interval",
            low=words.value(row.low, "share"),
            high=words.value(row.high, "share"),
        ),
        words("common.n", n=words.number(row.counted)),
    ]


def member_story(row: Any, scene: Scene) -> str:
    """Return the story of a member: share, interval, n, what is overdue, trend."""
    words, names = scene.words, scene.names
    sign = trend_sign(row)
    lines = [names.member(row.member_iso3), names.region(row.region_id), *share_lines(row, scene)]
    if row.overdue:
        lines.append(words("timeliness.count_overdue", count=words.number(row.overdue)))
    if sign:
        key = "faster" if sign > 0 else "slower"
        lines.append(words(f"timeliness.{key}", days=words.number(abs(row.slope_days), 1)))
    return tooltip(*lines)
