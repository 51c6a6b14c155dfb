"""The two totals, their difference, and how much of it is like for like; the choice of the base."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
from dash import html

from dashboard.comparing import Comparison
from dashboard.flows import trade_collection
from dashboard.selection import months_between, shift_month
from layouts.attributes import attributes
from layouts.changes.subject import (
    CHANGE_OF,
    change_text,
    growth_text,
    is_annual,
    range_text,
    ranges_of,
    subtitle,
    why_empty,
)
from layouts.flows.wording import amount, flow_label, measured_column
from layouts.panels import Drawing, Frames
from layouts.scene import Scene

SMALL: Final = 0.005
"""A change below half a per cent of the base is told as none."""


def draw_totals(frames: Frames, scene: Scene) -> Drawing:
    """Four figures, a sentence on who reported in both ranges, and the choice of the base."""
    frame, ranges, words = frames["change_totals"], ranges_of(scene), scene.words
    empty = why_empty(frame, ranges, scene)
    choice = [] if ranges is None or scene.is_present else [base_choice(ranges, scene)]
    if empty is not None or ranges is None:
        sentence = html.P(empty.empty if empty else "", className="hint")
        return Drawing(children=html.Div([sentence, *choice]))
    notes = [reporting_text(frame, scene)]
    if ranges.kind == "shortened":
        notes.append(words("changes.shortened", range=scene.range_text))
    return Drawing(
        children=html.Div([*_figures(frame, ranges, scene), *choice], className="key-figures"),
        title=finding(frame, scene),
        subtitle=subtitle(ranges, scene),
        note=" ".join(notes),
    )


def _sums(frame: pd.DataFrame, scene: Scene) -> tuple[float, float]:
    column = measured_column(scene)
    return float(frame[column].sum()), float(frame[f"base_{column}"].sum())


def finding(frame: pd.DataFrame, scene: Scene) -> str:
    """Return the title: whether the flow rose or fell, and by how much."""
    words = scene.words
    now, base = _sums(frame, scene)
    flow = flow_label(scene)
    if not base > 0:
        return words("changes.from_nothing", flow=flow, amount=amount(now, scene))
    rate = now / base - 1
    key = "same" if abs(rate) < SMALL else "up" if rate > 0 else "down"
    return words(
        f"changes.{key}",
        flow=flow,
        amount=amount(abs(now - base), scene),
        rate=words.value(abs(rate), "share"),
    )


def _figures(frame: pd.DataFrame, ranges: Comparison, scene: Scene) -> list[html.Div]:
    words, column = scene.words, measured_column(scene)
    now, base = _sums(frame, scene)
    both = frame[frame["part"] == "both"].iloc[0]
    alike, alike_base = float(both[column]), float(both[f"base_{column}"])
    return [
        _figure(range_text(ranges.base_first, ranges.base_last, scene), amount(base, scene),
                words("changes.base")),
        _figure(range_text(ranges.first, ranges.last, scene), amount(now, scene),
                words("changes.now")),
        _figure(words("changes.difference"), change_text(now - base, scene),
                growth_text(now, base, scene)),
        _figure(words("changes.alike"), change_text(alike - alike_base, scene),
                growth_text(alike, alike_base, scene)),
    ]  # fmt: skip


def _figure(label: str, value: str, reading: str) -> html.Div:
    return html.Div(
        [
            html.Div(label, className="key-figure__label"),
            html.Div(value, className="key-figure__value"),
            html.Div(reading, className="key-figure__reading"),
        ],
        className="key-figure",
    )


def reporting_text(frame: pd.DataFrame, scene: Scene) -> str:
    """Say how much of the difference comes of who reported when."""
    words = scene.words
    change = CHANGE_OF[measured_column(scene)]
    counts = dict(zip(frame["part"], frame["n"].tolist(), strict=True))
    moved = dict(zip(frame["part"], frame[change].tolist(), strict=True))
    if not counts["now_only"] + counts["base_only"]:
        return words("changes.all_alike")
    return words(
        "changes.unlike",
        change=change_text(moved["now_only"] + moved["base_only"], scene),
        now=words.number(counts["now_only"]),
        base=words.number(counts["base_only"]),
    )


def possible_bases(ranges: Comparison, scene: Scene) -> list[str]:
    """Return every month (year) in which a base range can begin, the latest first."""
    used = trade_collection(scene.selection.collection, scene.catalogue)
    held = scene.catalogue.traded_range(used)
    if held is None:
        return []
    step = 12 if is_annual(scene) else 1
    start = shift_month(ranges.first, -months_between(ranges.first, ranges.last))
    found: list[str] = []
    while start >= held[0]:
        found.append(start)
        start = shift_month(start, -step)
    return found


def base_choice(ranges: Comparison, scene: Scene) -> html.Div:
    """Return the choice of the base: a list of ranges, and the two that are asked for most."""
    words = scene.words
    length = months_between(ranges.first, ranges.last)

    def label(start: str) -> str:
        return range_text(start, shift_month(start, length - 1), scene)

    now = ranges.base_first
    options = [html.Option(label(now), value=now)]
    bases = possible_bases(ranges, scene) if ranges.kind != "shortened" else []
    options += [html.Option(label(start), value=start) for start in bases if start != now]
    if not bases:
        return html.Div()
    quick = {
        "just_before": shift_month(ranges.first, -length),
        "years_before": shift_month(ranges.first, -(-(-length // 12) * 12)),
    }
    kinds = [kind for kind, start in quick.items() if start in bases and start != now]
    if quick["just_before"] == quick["years_before"]:
        kinds = kinds[:1]
    return html.Div(
        [
            html.Label(
                [
                    html.Span(words("changes.compare_with"), className="control__label"),
                    html.Select(
                        options,
                        className="form-select",
                        key=f"{ranges.first}{ranges.last}{now}",
                        **attributes(data_sends="base"),
                    ),
                ],
                className="control control--wide",
            ),
            *[_quick(words(f"changes.{kind}"), quick[kind]) for kind in kinds],
        ],
        className="comparison-controls",
    )


def _quick(text: str, start: str) -> Any:
    return html.Button(
        text, type="button", className="button", **attributes(data_event=f"base:{start}")
    )
