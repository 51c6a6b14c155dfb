"""Shares of regions or sections over time, as areas that stop where too little was reported."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dashboard.periods import periods_through
from dashboard.stats.seasonal import COMPLETE
from layouts.changes.subject import scope_subtitle
from layouts.changes.timeline import band, half, is_thin, period_axis, runs
from layouts.charts import Figure, annotation, axis, base_layout, figure, mark, tooltip
from layouts.flows.series import position
from layouts.flows.wording import amount, measured_column, nothing, region_colour, region_name
from layouts.incentives.reading import shortened
from layouts.members.trade import spread
from layouts.panels import Drawing, Frames
from layouts.scene import Scene

SECTIONS: Final = 5
"""Sections with a colour of their own; the others are one."""
OTHER: Final = "other"
NAME: Final = 24
LABEL_GAP: Final = 0.07
"""Least distance of two labels, as a share of the height."""


def draw_region_shares(frames: Frames, scene: Scene) -> Drawing:
    """Return the partners' regions over time."""
    frame = frames["region_shares"].rename(columns={"region_id": "part"})
    regions = [*scene.catalogue.regions, "outside"]
    order = [one for one in regions if one in set(frame["part"])]
    colours = {one: region_colour(one, scene.palette) for one in order}
    names = {one: region_name(one, scene) for one in order}
    events = {one: mark("partner_region", one) for one in order if one != "outside"}
    return _draw(frame, order, (colours, names, events), "regions", scene)


def draw_section_shares(frames: Frames, scene: Scene) -> Drawing:
    """Return the largest sections over time, the others as one."""
    frame, column = frames["section_shares"], measured_column(scene)
    sums = frame.groupby("section_id")[column].sum().reset_index()
    ranked = sums.sort_values([column, "section_id"], ascending=[False, True])["section_id"]
    largest = [int(section) for section in ranked.head(SECTIONS)]
    part = frame["section_id"].map(lambda one: str(int(one)) if int(one) in largest else OTHER)
    order = [str(section) for section in largest]
    order += [OTHER] if len(ranked) > SECTIONS else []
    shades = scene.palette.sequential
    colours = {one: shades[-1 - i] for i, one in enumerate(order)} | {OTHER: scene.palette.muted}
    names = {one: scene.names.sections.get(int(one), one) for one in order if one != OTHER}
    names[OTHER] = scene.words("changes.other_sections")
    events = {one: mark("commodity", f"S{one}") for one in order if one != OTHER}
    return _draw(frame.assign(part=part), order, (colours, names, events), "sections", scene)


Looks = tuple[dict[str, str], dict[str, str], dict[str, str]]
"""Colours, names and marks of the parts."""


def _draw(frame: pd.DataFrame, order: list[str], looks: Looks, kind: str, scene: Scene) -> Drawing:
    words, column = scene.words, measured_column(scene)
    if frame.empty or not frame[column].sum() > 0:
        return Drawing(empty=nothing(scene))
    if len(order) == 1:
        return Drawing(empty=words(f"changes.{kind}.only", name=looks[1][order[0]]))
    table, usual = table_of_parts(frame, order, column)
    is_drawn = [
        not is_thin(usual[period]) and bool(total > 0)
        for period, total in zip(table.index, table.sum(axis=1), strict=True)
    ]
    if not any(is_drawn):
        return Drawing(empty=words("changes.all_thin", share=words.value(COMPLETE, "share")))
    notes = [words(f"changes.{kind}.read")]
    if not all(is_drawn):
        notes.append(words("changes.gaps", share=words.value(COMPLETE, "share")))
    return Drawing(
        figure=share_areas(table, is_drawn, looks, scene),
        title=_finding(table[is_drawn], looks, scene),
        subtitle=scope_subtitle(scene),
        note=" ".join(notes),
    )


def table_of_parts(
    frame: pd.DataFrame, order: list[str], column: str
) -> tuple[pd.DataFrame, dict[int, float]]:
    """Return the values by period and part, every period there, and the share reported of each."""
    periods = periods_through(int(frame["period_id"].min()), int(frame["period_id"].max()))
    table = (
        frame.pivot_table(index="period_id", columns="part", values=column, aggfunc="sum")
        .reindex(index=periods, columns=order)
        .fillna(0.0)
    )
    usual = dict.fromkeys(periods, float("nan"))
    usual |= {
        int(period): float(share)
        for period, share in zip(frame["period_id"], frame["reported_share"], strict=True)
    }
    return table, usual


def _finding(table: pd.DataFrame, looks: Looks, scene: Scene) -> str | None:
    """Return which part gained most between the first and the last year of the table."""
    words = scene.words
    length = 1 if int(table.index[0]) < 10_000 else 12
    if len(table) < 2 * length:
        return None
    values = table.to_numpy(dtype=np.float64)
    first, last = (part.sum(axis=0) / part.sum() for part in (values[:length], values[-length:]))
    place = int(np.abs(last - first).argmax())
    part = str(table.columns[place])
    return words(
        "changes.share_moved",
        name=shortened(looks[1][part], 40),
        first=words.value(float(first[place]), "share"),
        last=words.value(float(last[place]), "share"),
    )


def share_areas(table: pd.DataFrame, is_drawn: list[bool], looks: Looks, scene: Scene) -> Figure:
    """Return stacked shares of 1; every run of periods that can be compared is an area alone."""
    colours, names, events = looks
    palette = scene.palette
    periods = [int(period) for period in table.index]
    parts = [str(part) for part in table.columns]
    values = table.to_numpy(dtype=np.float64)
    sums = values.sum(axis=1, keepdims=True)
    shares = np.divide(values, sums, out=np.zeros_like(values), where=sums > 0)
    stack = Stack(periods, is_drawn, values, shares, shares.cumsum(axis=1))
    data = [
        trace
        for place, part in enumerate(parts)
        for trace in (
            *(_area(stack, place, part, run, colours[part], scene) for run in runs(is_drawn)),
            _handles(stack, place, part, looks, scene),
        )
    ]
    bands = [band(periods, run, palette.missing) for run in runs([not one for one in is_drawn])]
    last = runs(is_drawn)[-1][-1]
    middles = (stack.tops[last] - shares[last] / 2).tolist()
    size = scene.font_size if scene.is_present else 12
    labels = [
        annotation(
            scene,
            1,
            y,
            shortened(names[part], NAME),
            xref="paper",
            xanchor="left",
            xshift=6 + size // 2,
            font={"size": size, "color": palette.ink},
            name=events.get(part, ""),
            captureevents=part in events,
        )
        for part, y in zip(parts, spread(middles, LABEL_GAP, 1 - LABEL_GAP / 2), strict=True)
    ]
    keys = [
        {
            "type": "rect", "xref": "paper", "yref": "y", "x0": 1, "x1": 1.008,
            "y0": label["y"] - 0.02, "y1": label["y"] + 0.02,
            "line": {"width": 0}, "fillcolor": colours[part],
        }
        for part, label in zip(parts, labels, strict=True)
    ]  # fmt: skip
    widest = max(len(shortened(names[part], NAME)) for part in parts)
    layout = base_layout(
        scene,
        xaxis=period_axis(periods, scene),
        yaxis=axis(
            palette,
            range=[0, 1],
            tickvals=[0, 0.25, 0.5, 0.75, 1],
            ticktext=[scene.words.value(v, "share") for v in (0, 0.25, 0.5, 0.75, 1)],
        ),
        shapes=[*bands, *keys],
        annotations=labels,
        margin={"l": 8, "r": round(widest * size * 0.56) + 14 + size, "t": 8, "b": 8},
    )
    return figure(data, layout)


@dataclass(frozen=True)
class Stack:
    """Values, shares and tops by period and part, and which periods can be compared."""

    periods: list[int]
    is_drawn: list[bool]
    values: NDArray[np.float64]
    shares: NDArray[np.float64]
    tops: NDArray[np.float64]


def _area(
    stack: Stack, place: int, part: str, run: list[int], colour: str, scene: Scene
) -> dict[str, Any]:
    """Return one part over one run, from its floor to its top, to the edges of the run."""
    edge = half(stack.periods)
    xs = [position(stack.periods[i]) for i in run]
    xs = [xs[0] - edge, *xs, xs[-1] + edge]
    high = stack.tops[run, place].tolist()
    low = (stack.tops[run, place] - stack.shares[run, place]).tolist()
    high, low = [high[0], *high, high[-1]], [low[0], *low, low[-1]]
    return {
        "type": "scatter",
        "mode": "lines",
        "name": part,
        "x": [*xs, *reversed(xs)],
        "y": [*high, *reversed(low)],
        "fill": "toself",
        "fillcolor": colour,
        "line": {"width": 0.8, "color": scene.palette.paper},
        "hoverinfo": "skip",
    }


def _handles(stack: Stack, place: int, part: str, looks: Looks, scene: Scene) -> dict[str, Any]:
    """Return invisible points in the middle of the area, for hover text and clicks."""
    _, names, events = looks
    there = [i for i, is_there in enumerate(stack.is_drawn) if is_there]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": f"{part} handles",
        "x": [position(stack.periods[i]) for i in there],
        "y": (stack.tops[there, place] - stack.shares[there, place] / 2).tolist(),
        "marker": {"size": 14, "opacity": 0, "color": scene.palette.ink},
        "hovertext": [
            tooltip(
                f"{names[part]}, {scene.words.period(stack.periods[i])}",
                scene.words.value(float(stack.shares[i, place]), "share"),
                amount(float(stack.values[i, place]), scene),
            )
            for i in there
        ],
        "hoverinfo": "text",
        "customdata": [events.get(part, "")] * len(there),
    }
