"""The monthly series as it is and without its season."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from dashboard.stats.seasonal import COMPLETE, FEWEST
from layouts.changes.subject import is_annual, scope_subtitle
from layouts.changes.timeline import band, is_in_range, is_thin, period_axis, runs
from layouts.charts import Figure, annotation, axis, base_layout, figure, tooltip
from layouts.flows.series import month_mark, position, round_ticks
from layouts.flows.wording import amount, measured_column, nothing
from layouts.panels import Drawing, Frames
from layouts.scene import Scene

FLAT: Final = 0.02
"""Factors nearer to 1 than this are told as no season."""


def draw_seasonal(frames: Frames, scene: Scene) -> Drawing:
    """Return both lines, or why there is no season to take out."""
    frame, words = frames["seasonal_series"], scene.words
    column = measured_column(scene)
    if frame.empty or not frame[column].sum() > 0:
        return Drawing(empty=nothing(scene))
    if is_annual(scene):
        return Drawing(empty=words("changes.season.years"))
    factors = factors_of(frame, scene)
    notes = [
        words("changes.season.method")
        if factors
        else words("changes.season.too_short", fewest=words.number(FEWEST))
    ]
    if any(is_thin(share) for share in frame["reported_share"]):
        notes.append(words("changes.thin", share=words.value(COMPLETE, "share")))
    return Drawing(
        figure=season_lines(frame, scene),
        title=_finding(factors, scene),
        subtitle=scope_subtitle(scene),
        note=" ".join(notes),
    )


def factors_of(frame: pd.DataFrame, scene: Scene) -> dict[int, float]:
    """Return the factor of each month of the year; empty where there is none."""
    name = f"{measured_column(scene).partition('_')[0]}_factor"
    pairs = zip(frame["period_id"] % 100, frame[name], strict=True)
    return {int(month): float(factor) for month, factor in pairs if not pd.isna(factor)}


def _finding(factors: dict[int, float], scene: Scene) -> str | None:
    words = scene.words
    if not factors:
        return None
    high, low = max(factors, key=lambda m: (factors[m], -m)), min(factors, key=lambda m: factors[m])
    if factors[high] - 1 < FLAT and 1 - factors[low] < FLAT:
        return words("changes.season.flat")
    return words(
        "changes.season.finding",
        high=words(f"changes.month.{high}"),
        above=words.value(factors[high] - 1, "share"),
        low=words(f"changes.month.{low}"),
        below=words.value(1 - factors[low], "share"),
    )


def season_lines(frame: pd.DataFrame, scene: Scene) -> Figure:
    """Return the series (dotted where thin) and, over it, the adjusted one, with gaps as gaps."""
    palette = scene.palette
    column = measured_column(scene)
    periods = [int(period) for period in frame["period_id"]]
    xs = [position(period) for period in periods]
    raw = [None if pd.isna(value) else float(value) for value in frame[column]]
    thin = [is_thin(share) for share in frame["reported_share"]]
    after = [
        None if pd.isna(value) or is_bad else float(value)
        for value, is_bad in zip(frame[f"adjusted_{column}"], thin, strict=True)
    ]
    has_season = any(value is not None for value in after)
    whole = [None if is_bad else value for value, is_bad in zip(raw, thin, strict=True)]
    wide = 2 if scene.is_present else 1
    soft = {"width": 1.2 * wide, "color": palette.soft_ink}
    data: list[dict[str, Any]] = [
        _line(xs, raw, "thin", {**soft, "width": 0.8 * wide, "dash": "dot"}),
        _line(xs, whole, "raw", soft),
    ]
    if has_season:
        data.append(_line(xs, after, "adjusted", {"width": 2.5 * wide, "color": palette.ink}))
    data.append(
        {
            "type": "scatter",
            "mode": "markers",
            "name": "handles",
            "x": xs,
            "y": raw,
            "marker": {"size": 14, "opacity": 0, "color": palette.ink},
            "hovertext": [
                _story(row, value, scene)
                for row, value in zip(frame.to_dict("records"), after, strict=True)
            ],
            "hoverinfo": "text",
            "customdata": [month_mark(period) for period in periods],
        }
    )
    highest = max(value for value in (*raw, *after) if value is not None)
    layout = base_layout(
        scene,
        xaxis=period_axis(periods, scene),
        yaxis=axis(
            palette,
            range=[0, highest * 1.1],
            tickvals=round_ticks(highest),
            ticktext=[amount(value, scene) for value in round_ticks(highest)],
        ),
        shapes=_bands(periods, raw, scene),
        annotations=_labels(whole, after, highest, scene),
        margin={"l": 8, "r": round(scene.font_size * 9.4), "t": 8, "b": 8},
    )

    return figure(data, layout)


def _line(xs: list[float], ys: list[float | None], name: str, line: dict[str, Any]) -> Any:
    return {
        "type": "scatter",
        "mode": "lines",
        "name": name,
        "x": xs,
        "y": ys,
        "line": line,
        "connectgaps": False,
        "hoverinfo": "skip",
    }


def _bands(periods: list[int], raw: list[float | None], scene: Scene) -> list[dict[str, Any]]:
    selection, palette = scene.selection, scene.palette
    assert selection.first is not None and selection.last is not None
    inside = [is_in_range(one, selection.first, selection.last) for one in periods]
    shapes = [] if all(inside) else [band(periods, run, palette.faint) for run in runs(inside)]
    missing = [value is None for value in raw]
    return shapes + [band(periods, run, palette.muted, opacity=0.45) for run in runs(missing)]


def _labels(
    whole: list[float | None],
    after: list[float | None],
    highest: float,
    scene: Scene,
) -> list[dict[str, Any]]:
    palette, words = scene.palette, scene.words
    lines = [("raw", whole, palette.soft_ink), ("adjusted", after, palette.ink)]
    ends = []
    for name, values, colour in lines:
        known = [i for i, value in enumerate(values) if value is not None]
        if known:
            ends.append((float(values[known[-1]] or 0.0), name, colour))
    ends.sort()
    apart = len(ends) == 2 and ends[1][0] - ends[0][0] < highest * 0.1
    shifts = [-9, 9] if apart else [0, 0]
    return [
        annotation(
            scene,
            1,
            value,
            words(f"changes.season.{name}"),
            xref="paper",
            xanchor="left",
            xshift=6,
            yshift=shift,
            font={"size": scene.font_size, "color": colour},
        )
        for (value, name, colour), shift in zip(ends, shifts, strict=False)
    ]


def _story(row: dict[Any, Any], after: float | None, scene: Scene) -> str:
    words, column = scene.words, measured_column(scene)
    lines = [words.period(int(row["period_id"])), amount(row[column], scene)]
    if after is not None:
        lines.append(words("changes.season.value", value=amount(after, scene)))
    lines.append(reported_text(row, scene))
    return tooltip(*lines)


def reported_text(row: dict[Any, Any], scene: Scene) -> str:
    """Say who has reported a period, and how much of the usual trade they make."""
    words = scene.words
    return words(
        "changes.reported",
        count=words.number(row["reporter_count"]),
        share=words.value(row["reported_share"], "share"),
    )
