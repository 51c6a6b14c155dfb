"""What one member trades: its series and its partners."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pandas as pd

from dashboard.flows import trade_collection
from layouts.charts import Figure, annotation, axis, base_layout, figure, mark, rows, safe, tooltip
from layouts.members.board import month_index
from layouts.members.subject import nobody, number_or_none, period_ticks, subject
from layouts.palette import REGION_COLOURS
from layouts.panels import Drawing, Frames
from layouts.scene import Scene

PARTNERS_AT_MOST = 12
FLOWS = (("X", "exports"), ("M", "imports"))


def _collection(scene: Scene) -> str:
    return trade_collection(scene.selection.collection, scene.catalogue)


def _no_trade(iso3: str, scene: Scene) -> Drawing:
    return Drawing(
        empty=scene.words("members.no_trade", name=scene.names.member(iso3), range=scene.range_text)
    )


def _subtitle(scene: Scene) -> str:
    return scene.subtitle(
        scene.words.label("value_usd"), scene.names.collections.get(_collection(scene), "")
    )


def draw_series(frames: Frames, scene: Scene) -> Drawing:
    """The member's exports and imports over time; periods without data stay open."""
    iso3 = subject(scene)
    if iso3 is None:
        return nobody(scene)
    frame = frames["member_series"]
    if frame.empty:
        return _no_trade(iso3, scene)
    return Drawing(figure=trade_lines(frame, scene), subtitle=_subtitle(scene))


def _periods(scene: Scene) -> list[int]:
    """Return every period of the range that had ended by the as-of day.

    Missing ones are among them, so that they are seen.
    """
    selection, as_of = scene.selection, scene.as_of
    assert selection.first and selection.last
    if scene.catalogue.collections.get(_collection(scene)) == "A":
        last_year = min(int(selection.last[:4]), as_of.year - 1)
        return list(range(int(selection.first[:4]), last_year + 1))
    start = int(selection.first[:4]) * 12 + int(selection.first[5:7]) - 1
    end = int(selection.last[:4]) * 12 + int(selection.last[5:7]) - 1
    end = min(end, as_of.year * 12 + as_of.month - 2)
    return [month // 12 * 100 + month % 12 + 1 for month in range(start, end + 1)]


def trade_lines(frame: pd.DataFrame, scene: Scene) -> Figure:
    """Return a line of exports and one of imports with direct labels at their ends."""
    palette, words = scene.palette, scene.words
    periods = _periods(scene)
    positions = list(range(len(periods)))
    table = frame.pivot_table(index="period_id", columns="flow_code", values="value_usd")
    table = table.reindex(periods)
    styles = {"X": (palette.accent, "solid"), "M": (palette.ink, "dash")}
    data: list[dict[str, Any]] = []
    ends: list[tuple[float, float, str, str]] = []
    for code, key in FLOWS:
        values = [number_or_none(v) for v in table[code]] if code in table else []
        if not any(value is not None for value in values):
            continue
        colour, dash = styles[code]
        label = words(f"members.{key}")
        data.append(
            {
                "type": "scatter",
                "mode": "lines+markers",
                "x": positions,
                "y": values,
                "line": {"color": colour, "width": 2, "dash": dash},
                "marker": {"size": 4, "color": colour},
                "connectgaps": False,
                "hovertext": [
                    tooltip(f"{label}, {words.period(p)}", words.measured(v, "value_usd"))
                    for p, v in zip(periods, values, strict=True)
                ],
                "hoverinfo": "text",
                "customdata": [_period_mark(period) for period in periods],
            }
        )
        last = max(i for i, value in enumerate(values) if value is not None)
        ends.append((float(last), float(values[last] or 0.0), label, colour))
    largest = float(table.max().max())
    notes = [
        annotation(
            scene,
            x,
            y,
            label,
            xanchor="left",
            xshift=8,
            font={"size": scene.font_size, "color": colour},
        )
        for (x, _, label, colour), y in zip(
            ends, spread([end[1] for end in ends], largest * 0.08, largest), strict=True
        )
    ]
    places, texts = period_ticks(periods, scene)
    gaps, gap_notes = _gaps(table, periods, scene)
    layout = base_layout(
        scene,
        xaxis=axis(
            palette,
            showgrid=False,
            tickangle=0,
            tickvals=places,
            ticktext=texts,
            range=[-0.5, len(periods) - 0.5],
        ),
        yaxis=axis(palette, rangemode="tozero", range=[0, largest * 1.08], **_usd(largest, scene)),
        annotations=[*notes, *gap_notes],
        shapes=gaps,
        margin={"l": 8, "r": scene.font_size * 7, "t": 24, "b": 8},
    )
    return figure(data, layout)


def _period_mark(period: int) -> str:
    start, length = month_index(period)
    last = start + length - 1
    return mark(
        "month", f"{start // 12:04d}-{start % 12 + 1:02d}", f"{last // 12:04d}-{last % 12 + 1:02d}"
    )


def _usd(largest: float, scene: Scene, *, parts: int = 4) -> dict[str, Any]:
    """Return at most so many round ticks of money above zero."""
    step = nice_step(largest / parts)
    ticks = [step * i for i in range(6) if step * i <= largest * 1.08]
    return {
        "tickvals": ticks,
        "ticktext": [scene.words.measured(tick, "value_usd") if tick else "0" for tick in ticks],
    }


def nice_step(rough: float) -> float:
    """Return the 1, 2 or 5 of a power of ten next above."""
    if not rough > 0:
        return 1.0
    power = 10.0 ** (len(str(int(rough))) - 1) if rough >= 1 else 1.0
    return next(step * power for step in (1, 2, 5, 10) if step * power >= rough)


def spread(values: list[float], gap: float, most: float) -> list[float]:
    """Return values moved apart so that labels at them do not overlap, none above ``most``."""
    order = sorted(range(len(values)), key=lambda i: values[i])
    placed = list(values)
    for before, after in pairwise(order):
        placed[after] = max(placed[after], placed[before] + gap)
    ceiling = most
    for place in reversed(order):
        placed[place] = min(placed[place], ceiling)
        ceiling = placed[place] - gap
    return placed


def _gaps(
    table: pd.DataFrame, periods: list[int], scene: Scene
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return grey bands where nothing was reported, and a word on the last of them."""
    missing = table.isna().all(axis=1).tolist()
    bands: list[tuple[int, int]] = []
    for i, is_missing in enumerate(missing):
        if is_missing and bands and bands[-1][1] == i - 1:
            bands[-1] = (bands[-1][0], i)
        elif is_missing:
            bands.append((i, i))
    shapes = [
        {
            "type": "rect",
            "xref": "x",
            "yref": "paper",
            "x0": first - 0.5,
            "x1": last + 0.5,
            "y0": 0,
            "y1": 1,
            "fillcolor": scene.palette.faint,
            "line": {"width": 0},
            "layer": "below",
        }
        for first, last in bands
    ]
    notes = []
    if bands:
        first, last = bands[-1]
        is_open = last == len(periods) - 1 and first > 0
        key = "members.no_data_since" if is_open else "members.no_data"
        text = scene.words(key, period=scene.words.period(periods[first]))
        notes.append(
            annotation(
                scene,
                last + 0.5 if last > len(periods) / 2 else first - 0.5,
                1.0,
                text,
                yref="paper",
                xanchor="right" if last > len(periods) / 2 else "left",
                yanchor="bottom",
                font={"size": scene.font_size, "color": scene.palette.soft_ink},
            )
        )
    return shapes, notes


def draw_partners(frames: Frames, scene: Scene) -> Drawing:
    """The member's largest partners by exports and imports together."""
    iso3 = subject(scene)
    if iso3 is None:
        return nobody(scene)
    frame = frames["member_partners"]
    if frame.empty:
        return _no_trade(iso3, scene)
    return Drawing(
        figure=partner_dots(frame, scene),
        subtitle=_subtitle(scene),
        note=scene.words("members.partner_note"),
    )


def partner_dots(frame: pd.DataFrame, scene: Scene) -> Figure:
    """Return a row per partner: exports as a full dot, imports as a ring, joined by a line."""
    palette, words = scene.palette, scene.words
    most = 8 if scene.is_present else PARTNERS_AT_MOST
    both = frame[["export_usd", "import_usd"]].fillna(0.0).sum(axis=1)
    top = frame.assign(both_usd=both).nlargest(most, "both_usd")
    names = [scene.names.member(iso3) for iso3 in top["partner_iso3"]]
    whole = float(both.sum())
    lines_x: list[float | None] = []
    lines_y: list[float | None] = []
    for place, row in enumerate(rows(top)):
        ends = (number_or_none(row.export_usd), number_or_none(row.import_usd))
        if None not in ends:
            lines_x += [*ends, None]
            lines_y += [place, place, None]
    data: list[dict[str, Any]] = [
        {
            "type": "scatter",
            "mode": "lines",
            "x": lines_x,
            "y": lines_y,
            "line": {"width": 2, "color": palette.line},
            "hoverinfo": "skip",
        }
    ]
    colours = [REGION_COLOURS.get(str(region), palette.soft_ink) for region in top["region_id"]]
    for column, key, symbol in (
        ("export_usd", "exports", "circle"),
        ("import_usd", "imports", "circle-open"),
    ):
        data.append(
            {
                "type": "scatter",
                "mode": "markers",
                "x": [number_or_none(value) for value in top[column]],
                "y": list(range(len(top))),
                "marker": {
                    "symbol": symbol,
                    "size": scene.font_size * 0.8,
                    "color": colours,
                    "line": {"width": 2, "color": colours},
                },
                "cliponaxis": False,
                "hovertext": [
                    tooltip(
                        f"{name}: {words(f'members.{key}')}",
                        words.measured(number_or_none(value), "value_usd"),
                        words("members.partner_share", share=words.value(total / whole, "share"))
                        if whole > 0
                        else "",
                    )
                    for name, value, total in zip(names, top[column], top["both_usd"], strict=True)
                ],
                "hoverinfo": "text",
                "customdata": [mark("partner", iso3) for iso3 in top["partner_iso3"]],
            }
        )
    largest = float(top[["export_usd", "import_usd"]].max().max())
    chosen = scene.chosen.partners
    ticks = [
        f"<b>{safe(name)}</b>" if iso3 in chosen else safe(name)
        for name, iso3 in zip(names, top["partner_iso3"], strict=True)
    ]
    layout = base_layout(
        scene,
        xaxis=axis(
            palette,
            tickangle=0,
            range=[-largest * 0.02, largest * 1.06],
            **_usd(largest, scene, parts=3),
        ),
        yaxis=axis(
            palette,
            showgrid=False,
            tickvals=list(range(len(top))),
            ticktext=ticks,
            tickfont={"size": scene.font_size, "color": palette.ink},
            range=[len(top) - 0.4, -0.6],
        ),
    )
    return figure(data, layout)
