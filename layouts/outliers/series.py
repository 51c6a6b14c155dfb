"""The series of a case: reported, expected with its band, and the partners' record."""

from __future__ import annotations

import math
from typing import Any, Final

import pandas as pd

from dashboard.cases import Case, read_case
from layouts.charts import Figure, annotation, axis, base_layout, figure, mark, rows, tooltip
from layouts.outliers.wording import case_name, no_case, number_or_none, past_note, usd
from layouts.panels import Drawing, Frames
from layouts.scene import Scene
from layouts.timeliness.fitting import period_ticks

HEADROOM: Final = 1.12
"""The axis ends so much above the highest figure; the band may leave it."""

LABEL_WIDTH: Final = 7
"""Room for the names of the lines at their ends, in sizes of the text."""

LEAST_GAP: Final = 0.07
"""Between two labels at the end of lines, as a share of the axis."""


def draw_series(frames: Frames, scene: Scene) -> Drawing:
    """Lines over all periods held, with the case and the other outliers marked."""
    series, words = frames["outlier_series"], scene.words
    if series["value_usd"].isna().all():
        reason = no_case(frames, scene) or scene.words("outliers.no_series")
        return Drawing(empty=reason)
    title = None
    name = ""
    case = read_case(scene.chosen.case)
    if len(frames["outlier_case"]):
        (row,) = rows(frames["outlier_case"])
        case = read_case(str(row.case_id))
        name = case_name(row, scene)
        effect = number_or_none(row.effect_usd) or 0.0
        title = words(
            "outliers.series_above" if effect > 0 else "outliers.series_below",
            period=words.period(int(row.period_id)),
            value=usd(abs(effect), scene),
        )
    flow = case.flow if case else "X"
    notes = [words("outliers.band_note"), words(f"outliers.mirror_note_{flow}"), past_note(scene)]
    if series["expected_usd"].isna().all():
        notes[0] = words("outliers.series_too_short")
    return Drawing(
        figure=series_figure(series, scene, case),
        title=title,
        subtitle=" · ".join(
            part
            for part in (
                name,
                words.label("value_usd"),
                words("outliers.all_periods"),
                words("common.as_of", day=words.day(scene.as_of)),
            )
            if part
        ),
        note=" ".join(note for note in notes if note),
    )


def series_figure(series: pd.DataFrame, scene: Scene, case: Case | None = None) -> Figure:
    """Return the band, three lines, and markers on what lies outside the band."""
    words, palette = scene.words, scene.palette
    periods = [int(one) for one in series["period_id"]]
    places = list(range(len(periods)))
    top = HEADROOM * max(
        float(series[name].max(skipna=True))
        for name in ("value_usd", "mirror_usd", "expected_usd")
        if series[name].notna().any()
    )
    top = top if top > 0 else 1.0  # nothing but zeros
    high = [min(one, 10 * top) if one == one else None for one in _upper(series, top)]
    low = [one if one == one else None for one in series["low_usd"].tolist()]
    hidden = {"mode": "lines", "line": {"width": 0}, "hoverinfo": "skip", "type": "scatter"}
    data: list[dict[str, Any]] = [
        {**hidden, "x": places, "y": low, "name": "low"},
        {**hidden, "x": places, "y": high, "name": "high", "fill": "tonexty"}
        | {"fillcolor": _faded(palette.muted)},
        _line(series, "expected_usd", palette.soft_ink, "dot", 1.5, scene),
        _line(series, "mirror_usd", palette.sequential[3], "dash", 1.5, scene),
        _line(series, "value_usd", palette.ink, "solid", 2, scene),
        _outside(series, places, case, scene),
        _case_point(series, places, scene),
    ]
    ticks = period_ticks(periods, words, most=4 if scene.is_present else 8)
    layout = base_layout(
        scene,
        xaxis=axis(
            palette,
            showgrid=False,
            range=[-0.5, len(periods) - 0.5],
            tickvals=[x for x, _ in ticks],
            ticktext=[text for _, text in ticks],
        ),
        yaxis=axis(palette, range=[0, top], nticks=5, tickprefix="", tickformat="~s"),
        annotations=[*_labels(series, top, scene), *_case_label(series, top, scene)],
        shapes=_gaps(series, scene),
        hovermode="closest",
        margin={"l": 8, "r": LABEL_WIDTH * scene.font_size, "t": 8, "b": 8},
    )
    layout["yaxis"].update(_money_ticks(top, scene))
    return figure(data, layout)


def _upper(series: pd.DataFrame, top: float) -> list[float]:
    """Return the band's upper end; where it has none, far above the axis."""
    has_level = series["expected_usd"].notna()
    return series["high_usd"].where(series["high_usd"].notna() | ~has_level, 10 * top).tolist()


def _faded(colour: str) -> str:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.28)"


def _money_ticks(top: float, scene: Scene) -> dict[str, Any]:
    step = 10.0 ** math.floor(math.log10(top / 4))
    step *= next(one for one in (1, 2, 5, 10) if one * step * 6 >= top)
    values = [step * i for i in range(int(top / step) + 1)]
    return {"tickvals": values, "ticktext": [scene.words.value(one, "usd") for one in values]}


def _line(
    series: pd.DataFrame, column: str, colour: str, dash: str, width: float, scene: Scene
) -> dict[str, Any]:
    label = scene.words(f"outliers.line_{column}")
    periods, values = series["period_id"].tolist(), series[column].tolist()
    return {
        "type": "scatter",
        "mode": "lines",
        "name": label,
        "x": list(range(len(values))),
        "y": [value if value == value else None for value in values],
        "line": {"color": colour, "width": width, "dash": dash},
        "connectgaps": False,
        "hovertext": [
            tooltip(label, scene.words.period(int(period)), usd(value, scene))
            for period, value in zip(periods, values, strict=True)
        ],
        "hoverinfo": "text",
    }


def _outside(
    series: pd.DataFrame, places: list[int], case: Case | None, scene: Scene
) -> dict[str, Any]:
    """Return hollow marks on other figures outside the band; a click looks at them."""
    value = series["value_usd"]
    is_outside = (value < series["low_usd"]) | (value > series["high_usd"])
    is_outside = is_outside.fillna(False) & ~series["is_case"].fillna(False)
    shown = series[is_outside.to_numpy(dtype=bool)]
    where = [places[i] for i, one in enumerate(is_outside) if one]
    words = scene.words
    marks = [
        mark("case", f"{case.iso3}.{case.flow}.{case.code}.{int(period)}") if case else ""
        for period in shown["period_id"]
    ]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": words("outliers.other_outliers"),
        "x": where,
        "y": shown["value_usd"].tolist(),
        "customdata": marks,
        "marker": {
            "symbol": "circle-open",
            "size": 8,
            "color": scene.palette.ink,
            "line": {"width": 1.5},
        },
        "hovertext": [
            tooltip(
                words.period(int(row.period_id)),
                usd(row.value_usd, scene),
                words("outliers.was_expected", value=usd(row.expected_usd, scene)),
            )
            for row in rows(shown)
        ],
        "hoverinfo": "text",
    }


def _case_point(series: pd.DataFrame, places: list[int], scene: Scene) -> dict[str, Any]:
    chosen = [i for i, one in enumerate(series["is_case"].fillna(False)) if one]
    values = series["value_usd"].tolist()
    kept = [i for i in chosen if values[i] == values[i]]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": scene.words("outliers.this_case"),
        "x": [places[i] for i in kept],
        "y": [values[i] for i in kept],
        "marker": {
            "size": 20 if scene.is_present else 12,
            "color": scene.palette.accent,
            "line": {"color": scene.palette.paper, "width": 2},
        },
        "hovertext": [
            tooltip(scene.words("outliers.this_case"), usd(values[i], scene)) for i in kept
        ],
        "hoverinfo": "text",
        "cliponaxis": False,
    }


def _case_label(series: pd.DataFrame, top: float, scene: Scene) -> list[dict[str, Any]]:
    periods, values = series["period_id"].tolist(), series["value_usd"].tolist()
    found = []
    for place, is_case in enumerate(series["is_case"].fillna(False)):
        if not is_case or values[place] != values[place]:
            continue
        is_low = values[place] < 0.6 * top
        found.append(
            annotation(
                scene,
                place,
                values[place],
                f"{scene.words.period(int(periods[place]))}: {usd(values[place], scene)}",
                font={"size": scene.font_size, "color": scene.palette.accent},
                showarrow=True,
                arrowhead=0,
                arrowwidth=1,
                arrowcolor=scene.palette.accent,
                standoff=8,
                ax=0,
                ay=-44 if is_low else 44,
                xanchor="right" if place > 0.75 * len(periods) else "center",
                bgcolor=scene.palette.paper,
            )
        )
    return found


def _labels(series: pd.DataFrame, top: float, scene: Scene) -> list[dict[str, Any]]:
    """Return the names of the lines at their ends, moved apart where they would overlap."""
    palette = scene.palette
    colours = {
        "value_usd": palette.ink,
        "expected_usd": palette.soft_ink,
        "mirror_usd": palette.sequential[3],
    }
    ends = []
    for column, colour in colours.items():
        known = series[column].dropna()
        if len(known):
            ends.append((min(float(known.iloc[-1]) / top, 1.0), column, colour))
    ends.sort()
    heights: list[float] = []
    for height, _, _ in ends:
        heights.append(max(height, heights[-1] + LEAST_GAP) if heights else height)
    over = max(0.0, heights[-1] - 1.0) if heights else 0.0
    return [
        annotation(
            scene,
            1.0,
            max(height - over, 0.0) * top,
            scene.words(f"outliers.line_{column}"),
            font={"size": scene.font_size, "color": colour},
            xref="paper",
            xanchor="left",
            xshift=6,
        )
        for height, (_, column, colour) in zip(heights, ends, strict=True)
    ]


def _gaps(series: pd.DataFrame, scene: Scene) -> list[dict[str, Any]]:
    """Return a pale stripe over each run of periods of which nothing was received."""
    shapes = []
    start = None
    missing = [*series["value_usd"].isna().tolist(), False]
    for place, is_missing in enumerate(missing):
        if is_missing and start is None:
            start = place
        elif not is_missing and start is not None:
            shapes.append(
                {
                    "type": "rect",
                    "x0": start - 0.5,
                    "x1": place - 0.5,
                    "y0": 0,
                    "y1": 1,
                    "yref": "paper",
                    "fillcolor": scene.palette.missing,
                    "line": {"width": 0},
                    "layer": "below",
                }
            )
            start = None
    return shapes
