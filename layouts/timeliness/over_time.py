"""On-time shares from period to period."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

import pandas as pd

from layouts.charts import Figure, axis, base_layout, figure, mark, rows, tooltip
from layouts.palette import REGION_COLOURS
from layouts.panels import Drawing, Frames
from layouts.scene import Scene
from layouts.timeliness.fitting import period_ticks, wrapped
from layouts.timeliness.shares import no_counted
from layouts.timeliness.stories import share_lines

DASHES: Final = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")
NAME_CHARACTERS: Final = 19
BANDS_AT_MOST: Final = 2
"""More bands than this hide each other."""


@dataclass(frozen=True)
class _Line:
    key: str
    name: str
    rows: list[Any]
    colour: str
    width: float
    dash: str
    has_band: bool
    mark: str | None
    is_named: bool = True


def draw_on_time_over_time(frames: Frames, scene: Scene) -> Drawing:
    """Lines of all, the regions, and the selected members."""
    frame = frames["on_time_over_time"]
    counted = frame.dropna(subset=["on_time_share"])
    if counted.empty:
        return Drawing(empty=no_counted(scene))
    words = scene.words
    n = int(frame.loc[frame["kind"] == "all", "counted"].sum())
    notes = [words("timeliness.band_note"), words("common.n", n=words.number(n))]
    if (frame["kind"] == "member").any():
        is_annual = scene.catalogue.collections.get(scene.selection.collection or "") == "A"
        notes.append(
            words("timeliness.running_years" if is_annual else "timeliness.running_months")
        )
    return Drawing(
        figure=on_time_over_time(frame, scene),
        subtitle=scene.subtitle(
            scene.names.collections[scene.selection.collection or ""],
            words.label("on_time_share"),
        ),
        note=" · ".join(notes),
    )


def on_time_over_time(frame: pd.DataFrame, scene: Scene) -> Figure:
    """Return lines with a band for the emphasised ones; what is missing is hatched."""
    palette, words = scene.palette, scene.words
    whole = frame[frame["kind"] == "all"].sort_values("period_id")
    periods = [int(period) for period in whole["period_id"]]
    columns = {period: x for x, period in enumerate(periods)}
    lines = _lines(frame, scene)
    shown = frame.loc[frame["series_id"].isin([line.key for line in lines])]
    settled = shown.loc[shown["pending"] == 0, "on_time_share"].min()
    lowest = 0.0 if pd.isna(settled) else float(settled)
    banded = [line for line in lines if line.has_band][-BANDS_AT_MOST:]
    bounds = [float(row.low) for line in banded for row in line.rows if not is_open(row)]
    lowest = min([lowest, *bounds])
    low = max(0.0, math.floor((lowest - 0.05) * 10) / 10)
    data = [_missing(whole, columns, low, scene)]
    data += [_band(line, columns) for line in banded]
    data += [_trace(line, columns, scene) for line in lines]
    step = 0.1 if low >= 0.5 else 0.2
    ticks = [round(low + step * i, 1) for i in range(round((1 - low) / step) + 1)]
    shown_ticks = period_ticks(periods, words)
    labels, room = _end_labels(lines, len(periods), low, scene)
    layout = base_layout(
        scene,
        xaxis=axis(
            palette,
            showgrid=False,
            tickvals=[x for x, _ in shown_ticks],
            ticktext=[text for _, text in shown_ticks],
            tickangle=0,
            range=[-0.5, len(periods) - 0.5],
        ),
        yaxis=axis(
            palette,
            tickvals=ticks,
            ticktext=[words.value(tick, "share") for tick in ticks],
            range=[low, 1.015],
        ),
        bargap=0,
        annotations=labels,
        margin={"l": 8, "r": room, "t": 8, "b": 8},
    )
    return figure(data, layout)


def _lines(frame: pd.DataFrame, scene: Scene) -> list[_Line]:
    """Return the lines to draw, the emphasised last so that they lie on top."""
    palette, words, names, chosen = scene.palette, scene.words, scene.names, scene.chosen
    series = {key: rows(part) for key, part in frame.groupby("series_id")}
    is_focused = bool(chosen.regions or chosen.members)
    lines: list[_Line] = []
    for region in scene.catalogue.regions:
        if region in series:
            is_chosen = region in chosen.regions
            lines.append(
                _Line(
                    region,
                    names.region(region),
                    series[region],
                    REGION_COLOURS[region] if is_chosen or not is_focused else palette.line,
                    2.5 if is_chosen else 1.3,
                    "solid",
                    is_chosen,
                    mark("region", region),
                    is_named=is_chosen or not is_focused,
                )
            )
    lines.sort(key=lambda line: line.has_band)
    lines.insert(
        len([line for line in lines if not line.has_band]),
        _Line(
            "all",
            words("common.all_members"),
            series["all"],
            palette.soft_ink if is_focused else palette.ink,
            1.5 if is_focused else 2.5,
            "solid",
            not is_focused,
            None,
        ),
    )
    members = [iso3 for iso3 in chosen.members if iso3 in series]
    for iso3, dash in zip(members, DASHES * 8, strict=False):
        colour = REGION_COLOURS[scene.catalogue.members[iso3]]
        lines.append(
            _Line(iso3, names.member(iso3), series[iso3], colour, 2.5, dash, True,
                  mark("member", iso3))
        )  # fmt: skip
    return lines


def _share(row: Any) -> float | None:
    """Return a share to draw; while some may still come on time there is none."""
    return None if is_open(row) else float(row.on_time_share)


def is_open(row: Any) -> bool:
    """Tell whether nothing is counted, or only what came early: pending ones may still do so."""
    return bool(pd.isna(row.on_time_share)) or row.pending > 0


def _trace(line: _Line, columns: dict[int, int], scene: Scene) -> dict[str, Any]:
    scale = 2 if scene.is_present else 1
    # A single share makes no line: it would not be seen without its dot.
    is_alone = sum(not is_open(row) for row in line.rows) == 1
    return {
        "type": "scatter",
        "mode": "lines+markers" if line.has_band or is_alone else "lines",
        "x": [columns[row.period_id] for row in line.rows],
        "y": [_share(row) for row in line.rows],
        "connectgaps": False,
        "line": {"color": line.colour, "width": line.width * scale, "dash": line.dash},
        "marker": {"color": line.colour, "size": (line.width + (6 if is_alone else 2)) * scale},
        "customdata": [line.mark] * len(line.rows),
        "hovertext": [
            tooltip(
                f"{line.name}, {scene.words.period(int(row.period_id))}", *share_lines(row, scene)
            )
            for row in line.rows
        ],
        "hoverinfo": "text",
    }


def _band(line: _Line, columns: dict[int, int]) -> dict[str, Any]:
    """Return the interval as one filled path; a gap divides it."""
    xs: list[float | None] = []
    ys: list[float | None] = []
    for is_gap, group in groupby(line.rows, key=is_open):
        if is_gap:
            continue
        run = list(group)
        places = [columns[row.period_id] for row in run]
        xs += [*places, *reversed(places), None]
        ys += [*(float(row.low) for row in run), *(float(row.high) for row in reversed(run)), None]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": xs,
        "y": ys,
        "fill": "toself",
        "fillcolor": line.colour,
        "opacity": 0.16,
        "line": {"width": 0},
        "hoverinfo": "skip",
    }


def _missing(
    whole: pd.DataFrame, columns: dict[int, int], low: float, scene: Scene
) -> dict[str, Any]:
    """Return hatched bars where nothing is counted."""
    palette, words = scene.palette, scene.words
    empty = [row for row in rows(whole) if is_open(row)]
    return {
        "type": "bar",
        "x": [columns[row.period_id] for row in empty],
        "y": [1.0 - low] * len(empty),
        "base": low,
        "width": 1,
        "marker": {
            "color": palette.missing,
            "line": {"width": 0},
            "pattern": {"shape": "/", "size": 6, "solidity": 0.2, "fgcolor": palette.muted,
                        "bgcolor": palette.missing},
        },
        "hovertext": [
            tooltip(
                words.period(int(row.period_id)),
                words(
                    "timeliness.still_open" if row.pending else "timeliness.nothing_counted",
                    pending=words.number(row.pending),
                ),
            )
            for row in empty
        ],
        "hoverinfo": "text",
    }  # fmt: skip


def _end_labels(
    lines: list[_Line], periods: int, low: float, scene: Scene
) -> tuple[list[dict[str, Any]], int]:
    """Return the names at the lines' ends, moved apart where they overlap, and their room, px."""
    named = []
    for line in lines:
        known = [row for row in line.rows if not is_open(row)]
        if line.is_named and known:
            text = wrapped(line.name, NAME_CHARACTERS)
            named.append((float(known[-1].on_time_share), text, line))
    named.sort(key=lambda one: one[0])
    # The panel is some 240 px high (750 on the stage); a line of text needs its size and a bit.
    line_height = (1.015 - low) * scene.font_size * 1.25 / (720 if scene.is_present else 230)
    heights = [line_height * (1 + text.count("<br>")) for _, text, _ in named]
    places = [share for share, _, _ in named]
    for i in range(1, len(places)):
        places[i] = max(places[i], places[i - 1] + (heights[i - 1] + heights[i]) / 2)
    ceiling = 1.0
    for i in range(len(places) - 1, -1, -1):
        places[i] = min(places[i], ceiling)
        if i:
            ceiling = places[i] - (heights[i - 1] + heights[i]) / 2
    labels = [
        {
            "x": periods - 0.5,
            "y": place,
            "xanchor": "left",
            "yanchor": "middle",
            "align": "left",
            "showarrow": False,
            "text": f"<b>{text}</b>" if line.has_band else text,
            "font": {"size": scene.font_size, "color": line.colour},
        }
        for place, (_, text, line) in zip(places, named, strict=True)
    ]
    longest = max((len(part) for _, text, _ in named for part in text.split("<br>")), default=0)
    return labels, round(16 + longest * scene.font_size * 0.6)
