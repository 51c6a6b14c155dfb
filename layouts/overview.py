"""The overview: the strip of key figures, and the four subjects in small panels."""

from __future__ import annotations

from typing import Any

import pandas as pd
from dash import html

from dashboard.measures import Unit
from layouts.charts import rows
from layouts.flows.matrix import region_matrix
from layouts.flows.scale import breaks_of
from layouts.flows.wording import measured_column, nothing, trade_subtitle
from layouts.flows.world import trade_map
from layouts.incentives.reading import no_ranking, ranked
from layouts.incentives.strip import ranking_strip
from layouts.panels import Drawing, Frames
from layouts.quality.dots import quality_by_region_dots
from layouts.quality.subject import no_scores, score_shown
from layouts.scene import Scene
from layouts.sparkline import sparkline

UNITS: dict[str, Unit] = {
    "on_time": "share",
    "overdue": "count",
    "quality": "score",
    "trade": "usd",
    "on_track": "share",
}
RELATIVE = frozenset({"trade"})
"""Figures whose change is told as a percentage of what was before, not as a difference."""


def draw_key_figures(frames: Frames, scene: Scene) -> Drawing:
    """Five key figures with sparkline, change against the range before and its reading."""
    figures, series = frames["key_figures"], frames["key_figure_series"]
    items = [_item(row, series[series["figure"] == row.figure], scene) for row in rows(figures)]
    return Drawing(children=html.Div(items, className="key-figures"))


def _item(row: Any, series: pd.DataFrame, scene: Scene) -> html.Div:
    words = scene.words
    unit = UNITS[row.figure]
    label = words(f"overview.figure.{row.figure}")
    values = [None if pd.isna(value) else float(value) for value in series["value"]]
    spoken = words("overview.trend_of", label=label)
    return html.Div(
        [
            html.Div(label, className="key-figure__label"),
            html.Div(words.value(_number(row.value), unit), className="key-figure__value"),
            sparkline(values, scene, label=spoken) if len(values) > 1 else html.Span(),
            html.Div(reading(row, scene), className="key-figure__reading"),
        ],
        className="key-figure",
    )


def reading(row: Any, scene: Scene) -> str:
    """Return what a key figure says: the change in words, and out of how many."""
    words = scene.words
    parts: list[str] = []
    value, before = _number(row.value), _number(row.before)
    if value is not None and before is not None:
        parts.append(_change(row.figure, value, before, scene))
    if not pd.isna(row.denominator):
        parts.append(
            words(
                f"overview.of.{row.figure}",
                part=words.number(_number(row.numerator)),
                whole=words.number(_number(row.denominator)),
            )
        )
    if not pd.isna(row.estimated_share):
        share = words.value(float(row.estimated_share), "share")
        parts.append(words("overview.estimated", share=share))
    return " · ".join(parts) or words("overview.no_reading")


def _change(figure: str, value: float, before: float, scene: Scene) -> str:
    words = scene.words
    if figure in RELATIVE:
        if before == 0:
            return words("overview.no_reading")
        change = value / before - 1
        amount = words.value(abs(change), "share")
    else:
        change = value - before
        unit = UNITS[figure]
        amount = (
            words.value(abs(change), "share", is_change=True).lstrip("+")
            if unit == "share"
            else words.value(abs(change), unit)
        )
    is_small = abs(change) < (0.5 if UNITS[figure] in ("score", "count") else 0.005)
    key = "same" if is_small else "up" if change > 0 else "down"
    return words(f"overview.{key}", amount=amount)


def _number(value: Any) -> float | None:
    return None if pd.isna(value) else float(value)


def draw_quality(frames: Frames, scene: Scene) -> Drawing:
    """Members as dots in the band of their region."""
    members, regions = frames["quality_by_member"], frames["quality_by_region"]
    shown = score_shown(scene)
    if members[shown].dropna().empty:
        return Drawing(empty=no_scores(scene))
    words = scene.words
    return Drawing(
        figure=quality_by_region_dots(
            members, scene, is_small=not scene.is_present, regions=regions
        ),
        subtitle=scene.subtitle(words.label(shown), words("unit.score")),
        note=words("quality.dots_note") if scene.is_present else None,
    )


def draw_map(frames: Frames, scene: Scene) -> Drawing:
    """Members by their trade, on a map."""
    frame = frames["member_trade"]
    if not frame[measured_column(scene)].sum() > 0:
        return Drawing(empty=nothing(scene))
    drawn = trade_map(frame, scene, is_small=not scene.is_present)
    words = scene.words
    note = words("flows.map.disclaimer")
    if not scene.is_present:
        # A quarter of a screen has no room for a scale bar: the ends of the scale are told.
        breaks = breaks_of(frame[measured_column(scene)].tolist(), scene)
        for trace in drawn["data"]:
            if "colorbar" in trace:
                del trace["colorbar"]
                trace["showscale"] = False
        low, high = (words.measured(one, measured_column(scene)) for one in (breaks[1], breaks[-2]))
        note = f"{words('overview.map_scale', low=low, high=high)} {note}"
    return Drawing(
        figure=drawn,
        subtitle=trade_subtitle(scene, frame, scope=False, towards=True),
        note=note,
    )


def draw_matrix(frames: Frames, scene: Scene) -> Drawing:
    """Regions by partner regions."""
    frame = frames["region_flows"]
    if not frame[measured_column(scene)].sum() > 0:
        return Drawing(empty=nothing(scene))
    return Drawing(
        figure=region_matrix(frame, scene, is_small=not scene.is_present),
        subtitle=scene.words(f"flow.{scene.selection.flow}"),
    )


def draw_ranking(frames: Frames, scene: Scene) -> Drawing:
    """Both ends of the ranking with their bands, and the biggest movers."""
    frame = frames["ranking"]
    table = ranked(frame)
    if table.empty:
        return Drawing(empty=no_ranking(scene, frame))
    words = scene.words
    return Drawing(
        figure=ranking_strip(table, scene, is_small=not scene.is_present),
        subtitle=scene.subtitle(words("overview.ranking_unit")),
    )
