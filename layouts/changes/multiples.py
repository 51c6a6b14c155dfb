"""Up to six members as small charts of one scale, or indexed to their own base."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from layouts.changes.subject import range_text, ranges_of, scope_subtitle
from layouts.changes.timeline import band, is_in_range, period_axis, runs
from layouts.charts import Figure, annotation, axis, base_layout, figure, mark, tooltip
from layouts.flows.series import position, round_ticks
from layouts.flows.wording import amount, measured_column, nothing, region_colour
from layouts.incentives.reading import shortened
from layouts.panels import Drawing, Frames
from layouts.scene import Scene

COLUMNS: Final = 2
GAP: Final = 0.06
NAME: Final = 30
INDEX_AT_MOST: Final = 1000.0
"""Indexed values are drawn up to ten times the base; the hover text has them whole."""


def draw_multiples(frames: Frames, scene: Scene) -> Drawing:
    """Return the small charts."""
    frame, words = frames["compared_series"], scene.words
    column, is_indexed = measured_column(scene), scene.selection.scale == "index"
    shown = f"{column.partition('_')[0]}_index" if is_indexed else column
    if frame.empty or not frame[column].sum() > 0:
        return Drawing(empty=nothing(scene))
    ranges = ranges_of(scene)
    if is_indexed and (ranges is None or not frame[shown].notna().any()):
        return Drawing(empty=words("changes.multiples.no_base"))
    how = words("changes.multiples.level")
    if is_indexed and ranges is not None:
        base = range_text(ranges.base_first, ranges.base_last, scene)
        how = words("changes.multiples.index", base=base)
    chosen = scene.chosen.compared or scene.chosen.members
    notes = [how, words("changes.multiples.missing") if frame[column].isna().any() else ""]
    if not chosen:
        notes.append(words("changes.multiples.largest"))
    return Drawing(
        figure=small_lines(frame, shown, scene),
        subtitle=scope_subtitle(scene, has_scope=False),
        note=" ".join(note for note in notes if note),
    )


def small_lines(frame: pd.DataFrame, shown: str, scene: Scene) -> Figure:
    """Return one chart per member, all of one scale, with gaps as gaps."""
    palette = scene.palette
    members = list(dict.fromkeys(frame["member_iso3"]))
    columns = min(COLUMNS, len(members))
    lines = -(-len(members) // columns)
    values = frame[shown].dropna()
    is_indexed = shown.endswith("_index")
    highest = min(float(values.max()), INDEX_AT_MOST) if is_indexed else float(values.max())
    data: list[dict[str, Any]] = []
    axes: dict[str, Any] = {}
    labels: list[dict[str, Any]] = []
    shapes: list[dict[str, Any]] = []
    for place, iso3 in enumerate(members):
        own = frame[frame["member_iso3"] == iso3]
        name = "" if place == 0 else str(place + 1)
        left, top = place % columns, place // columns
        width, height = (1 - GAP * (columns - 1)) / columns, 1 / lines
        domain = [left * (width + GAP), left * (width + GAP) + width]
        floor = 1 - (top + 1) * height
        ceiling = floor + height * 0.78
        periods = [int(period) for period in own["period_id"]]
        axes[f"xaxis{name}"] = period_axis(
            periods,
            scene,
            domain=domain,
            anchor=f"y{name}",
            showticklabels=top == lines - 1 or place + columns >= len(members),
        )
        axes[f"yaxis{name}"] = axis(
            palette,
            domain=[floor + height * 0.06, ceiling],
            anchor=f"x{name}",
            range=[0, highest * 1.08],
            tickvals=_ticks(highest, is_indexed),
            ticktext=[_written(tick, is_indexed, scene) for tick in _ticks(highest, is_indexed)],
            showticklabels=left == 0,
        )
        data += _traces(own, periods, shown, name, scene)
        shapes += _bands(own, periods, shown, name, scene)
        labels.append(
            annotation(
                scene,
                domain[0],
                ceiling,
                shortened(scene.names.member(iso3), NAME),
                xref="paper",
                yref="paper",
                xanchor="left",
                yanchor="bottom",
                name=mark("member", iso3),
                captureevents=True,
            )
        )
    layout = base_layout(scene, annotations=labels, shapes=shapes, **axes)
    layout["margin"] = {"l": 8, "r": 8, "t": 4, "b": 8}
    return figure(data, layout)


def _ticks(highest: float, is_indexed: bool) -> list[float]:
    if not is_indexed:
        # Zero is the floor of each; written, it would touch the name of the one below.
        ticks = round_ticks(highest)[1:]
        return ticks if len(ticks) < 3 else ticks[1::2]
    return [100.0, *([round(highest / 100) * 100.0] if highest >= 200 else [])]


def _written(value: float, is_indexed: bool, scene: Scene) -> str:
    return scene.words.number(value) if is_indexed else amount(value, scene)


def _traces(
    own: pd.DataFrame, periods: list[int], shown: str, name: str, scene: Scene
) -> list[dict[str, Any]]:
    palette, iso3 = scene.palette, str(own["member_iso3"].iloc[0])
    region = scene.catalogue.members.get(iso3, "")
    xs = [position(period) for period in periods]
    ys = [None if pd.isna(value) else float(value) for value in own[shown]]
    alone = [
        value is not None
        and (i == 0 or ys[i - 1] is None)
        and (i == len(ys) - 1 or ys[i + 1] is None)
        for i, value in enumerate(ys)
    ]
    places = {"xaxis": f"x{name}", "yaxis": f"y{name}", "x": xs, "y": ys}
    colour = region_colour(region, palette)
    return [
        {
            "type": "scatter",
            "mode": "lines+markers",
            "name": iso3,
            **places,
            "connectgaps": False,
            "line": {"width": 2 * (2 if scene.is_present else 1), "color": colour},
            # A period between two gaps would not be seen as a line.
            "marker": {"size": [5 if one else 0 for one in alone], "color": colour},
            "hoverinfo": "skip",
        },
        {
            "type": "scatter",
            "mode": "markers",
            "name": f"{iso3} handles",
            **places,
            "marker": {"size": 12, "opacity": 0, "color": palette.ink},
            "hovertext": [_story(row, shown, scene) for row in own.to_dict("records")],
            "hoverinfo": "text",
            "customdata": [mark("member", iso3)] * len(xs),
        },
    ]


def _story(row: dict[Any, Any], shown: str, scene: Scene) -> str:
    words, column = scene.words, measured_column(scene)
    if pd.isna(row[column]):
        return ""
    lines = [
        f"{scene.names.member(str(row['member_iso3']))}, {words.period(int(row['period_id']))}",
        amount(float(row[column]), scene),
    ]
    if shown.endswith("_index"):
        lines.append(words("changes.multiples.index_value", value=words.number(row[shown])))
    return tooltip(*lines)


def _bands(
    own: pd.DataFrame, periods: list[int], shown: str, name: str, scene: Scene
) -> list[dict[str, Any]]:
    palette, ranges = scene.palette, ranges_of(scene)
    missing = [bool(pd.isna(value)) for value in own[shown]]
    found = [band(periods, run, palette.muted, opacity=0.35) for run in runs(missing)]
    if ranges is not None and shown.endswith("_index"):
        inside = [is_in_range(one, ranges.base_first, ranges.base_last) for one in periods]
        found += [band(periods, run, palette.faint) for run in runs(inside)]
    return [{**one, "xref": f"x{name}", "yref": f"y{name} domain"} for one in found]
