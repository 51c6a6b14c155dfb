"""Up to six members beside the one of the page: a table of small bars, and their lines."""

from __future__ import annotations

from typing import Any

import pandas as pd
from dash import html

from dashboard.measures import MEASURES
from dashboard.selection import COMPARED_AT_MOST
from layouts.attributes import attributes
from layouts.charts import Figure, annotation, axis, base_layout, figure, mark, rows, tooltip
from layouts.members.directory import plain
from layouts.members.subject import (
    is_union,
    line_style,
    number_or_none,
    page_members,
    period_ticks,
    profile_of,
    staged_title,
    subject,
)
from layouts.members.trade import spread
from layouts.palette import REGION_COLOURS
from layouts.panels import Drawing, Frames
from layouts.scene import Scene

GROUPS = (
    ("timeliness", ("on_time_share", "overdue_count")),
    (
        "quality",
        ("quality_score", "completeness", "validity", "consistency", "coherence", "stability"),
    ),
    ("flows", ("export_usd", "import_usd")),
    ("incentives", ("incentive_score", "rank")),
)
SCALES = {"share": 1.0, "score": 100.0}
SUGGESTED = 4
LABEL_LENGTH = 22


def draw_comparison(frames: Frames, scene: Scene) -> Drawing:
    """Members across, measures of all four subjects down."""
    page = page_members(scene)
    words = scene.words
    if not page:
        return Drawing(empty=words("members.choose"))
    frame, profiles = frames["member_comparison"], frames["member_profiles"]
    parts: list[Any] = [] if scene.is_present else [_controls(profiles, page, scene)]
    own = profile_of(profiles, page[0])
    if len(page) == 1 and is_union(own):
        return Drawing(children=html.Div(parts))
    parts.append(
        html.Div(
            html.Table(
                [_head(page, scene), html.Tbody(_body(frame, page, scene))],
                className="data-table comparison",
                style={"maxWidth": f"{(len(page) + 1) * (480 if scene.is_present else 260)}px"},
            ),
            className="comparison-scroll",
            tabIndex="0",
            role="region",
            **attributes(aria_label=words("members.comparison.title")),
        )
    )
    return Drawing(
        children=html.Div(parts),
        title=staged_title(scene, "comparison"),
        subtitle=scene.subtitle(scene.names.collections[scene.selection.collection or ""]),
        note=words("members.comparison_note"),
    )


def suggestions(profiles: pd.DataFrame, page: list[str]) -> list[str]:
    """Return peers of the first member: same region and income group, nearest in trade.

    Then come the others of its region, then those of its income group.
    """
    own = profile_of(profiles, page[0])
    if own is None or is_union(own):
        return []
    others = profiles[~profiles["member_iso3"].isin(page) & (profiles["kind"] == "member")]
    is_near = (others["region_id"] == own.region_id).astype(int)
    is_alike = (others["income_group"] == own.income_group).astype(int)
    trade = others[["export_usd", "import_usd"]].fillna(0.0).sum(axis=1)
    own_trade = sum(number_or_none(v) or 0.0 for v in (own.export_usd, own.import_usd))
    ordered = others.assign(
        likeness=is_near * 2 + is_alike, apart=(trade - own_trade).abs()
    ).sort_values(["likeness", "apart", "member_iso3"], ascending=[False, True, True])
    return [str(iso3) for iso3 in ordered["member_iso3"].head(SUGGESTED)]


def _controls(profiles: pd.DataFrame, page: list[str], scene: Scene) -> html.Div:
    words, names = scene.words, scene.names
    if len(scene.chosen.compared) >= COMPARED_AT_MOST:
        full = words("members.compared_full", most=words.number(COMPARED_AT_MOST))
        return html.Div(html.P(full, className="hint"), className="comparison-controls")
    choices = sorted(set(scene.catalogue.members) - set(page), key=lambda m: plain(names.member(m)))
    options = [html.Option(words("members.choose_one"), value="")]
    options += [html.Option(names.member(iso3), value=iso3) for iso3 in choices]
    buttons = [
        html.Button(
            f"+ {names.member(iso3)}",
            type="button",
            className="button",
            **attributes(data_event=f"compared:{iso3}"),
        )
        for iso3 in suggestions(profiles, page)
    ]
    return html.Div(
        [
            html.Label(
                [
                    html.Span(words("members.compare_with"), className="control__label"),
                    html.Select(
                        options,
                        className="form-select",
                        key=",".join(page),
                        **attributes(data_sends="compared"),
                    ),
                ],
                className="control control--wide",
            ),
            *([html.Span(words("members.suggested"), className="hint")] if buttons else []),
            *buttons,
        ],
        className="comparison-controls",
    )


def _head(page: list[str], scene: Scene) -> html.Thead:
    words, names = scene.words, scene.names
    cells = [html.Th("", scope="col")]
    for iso3 in page:
        region = scene.catalogue.members[iso3]
        name: Any = html.Strong(names.member(iso3))
        parts = [
            html.Span(className="region-dot", style={"background": REGION_COLOURS[region]}),
            name,
        ]
        if iso3 in scene.chosen.compared and not scene.is_present:
            parts.append(
                html.Button(
                    "×",
                    type="button",
                    className="comparison__remove",
                    title=words("chip.remove", name=names.member(iso3)),
                    **attributes(
                        data_event=f"compared:{iso3}",
                        data_removal="1",
                        aria_label=words("chip.remove", name=names.member(iso3)),
                    ),
                )
            )
        cells.append(
            html.Th(parts, scope="col", className="is-subject" if iso3 == subject(scene) else "")
        )
    return html.Thead(html.Tr(cells))


def _body(frame: pd.DataFrame, page: list[str], scene: Scene) -> list[html.Tr]:
    table = {(row.member_iso3, row.measure): row for row in rows(frame)}
    lines: list[html.Tr] = []
    for group, measures in GROUPS:
        lines.append(
            html.Tr(
                html.Th(
                    scene.words(f"members.group.{group}"),
                    colSpan=str(len(page) + 1),
                    scope="colgroup",
                ),
                className="comparison__group",
            )
        )
        for measure in measures:
            if scene.is_present and measure in scene.catalogue.dimensions:
                continue  # The stage has room for the overall score alone.
            found = [table[iso3, measure] for iso3 in page]
            if measure not in scene.catalogue.dimensions or any(
                number_or_none(row.value) is not None for row in found
            ):
                lines.append(_line(measure, found, scene))
    return lines


def _best(measure: str, values: list[float | None]) -> float | None:
    """Return the best value if there is something to compare and a way that is better."""
    known = [value for value in values if value is not None]
    direction = MEASURES[measure].direction
    if len(known) < 2 or direction == "none" or min(known) == max(known):
        return None
    return max(known) if direction == "higher" else min(known)


def _line(measure: str, found: list[Any], scene: Scene) -> html.Tr:
    values = [number_or_none(row.value) for row in found]
    unit = MEASURES[measure].unit
    known = [value for value in values if value is not None]
    scale = SCALES.get(unit) or max([*known, 0.0]) or 1.0
    best = _best(measure, values)
    label = scene.words.label(measure)
    if measure == "overdue_count":
        label = scene.words("members.overdue_all")
    cells: list[Any] = [html.Th(label, scope="row")]
    for row, value in zip(found, values, strict=True):
        has_bar = value is not None and unit != "rank" and (unit in SCALES or len(known) > 1)
        cells.append(
            html.Td(
                [
                    html.Div(
                        [
                            html.Span(
                                scene.words.measured(value, measure),
                                className="comparison__value",
                            ),
                            html.Span(_aside(row, measure, scene), className="comparison__aside"),
                        ]
                    ),
                    *([_bar(value or 0.0, row, scale, unit)] if has_bar else []),
                ],
                className="is-best" if value is not None and value == best else "",
            )
        )
    return html.Tr(cells)


def _aside(row: Any, measure: str, scene: Scene) -> str:
    words = scene.words
    low, high = number_or_none(row.low), number_or_none(row.high)
    if low is None or high is None:
        return ""
    if measure == "rank":
        return words("members.band", low=words.number(low), high=words.number(high))
    return words(
        "members.band_n",
        low=words.measured(low, measure),
        high=words.measured(high, measure),
        n=words.number(row.n),
    )


def _bar(value: float, row: Any, scale: float, unit: str) -> html.Span:
    width = min(100.0, 100 * value / scale)
    parts = [html.Span(style={"width": f"{width:.1f}%"}, className="comparison__bar")]
    low, high = number_or_none(row.low), number_or_none(row.high)
    if low is not None and high is not None and unit == "share":
        left, right = 100 * low / scale, 100 * high / scale
        parts.append(
            html.Span(
                className="comparison__whisker",
                style={"left": f"{left:.1f}%", "width": f"{right - left:.1f}%"},
            )
        )
    return html.Span(parts, className="comparison__track", **attributes(aria_hidden="true"))


def draw_over_time(frames: Frames, scene: Scene) -> Drawing:
    """Trailing on-time shares of the members of the page."""
    page = page_members(scene)
    words = scene.words
    if not page:
        return Drawing(empty=words("members.choose"))
    frame = frames["member_on_time_by_period"].dropna(subset=["on_time_share"])
    frame = frame[frame["member_iso3"].isin(page)]
    if frame.empty:
        return Drawing(empty=words("members.nothing_counted", range=scene.range_text))
    is_annual = scene.catalogue.collections.get(scene.selection.collection or "") == "A"
    window = words("members.window_years" if is_annual else "members.window_months")
    return Drawing(
        figure=share_lines(frame, page, scene),
        title=staged_title(scene, "over_time"),
        subtitle=scene.subtitle(window, scene.names.collections[scene.selection.collection or ""]),
        note=None if len(page) > 1 else words("members.band_note"),
    )


def share_lines(frame: pd.DataFrame, page: list[str], scene: Scene) -> Figure:
    """Return a line per member with its name at the end; alone, a member has its interval."""
    palette, words = scene.palette, scene.words
    periods = sorted(int(period) for period in frame["period_id"].unique())
    places = {period: i for i, period in enumerate(periods)}
    data: list[dict[str, Any]] = []
    ends: list[tuple[float, float, str, str]] = []
    for order, iso3 in enumerate(page):
        line = frame[frame["member_iso3"] == iso3].sort_values("period_id")
        if line.empty:
            continue
        xs = [places[int(period)] for period in line["period_id"]]
        style = line_style(scene, iso3, order)
        name = scene.names.member(iso3)
        if len(page) == 1:
            data.append(_band(xs, line, scene))
        data.append(
            {
                "type": "scatter",
                "mode": "lines",
                "x": xs,
                "y": line["on_time_share"].tolist(),
                "line": style,
                "hovertext": [
                    tooltip(
                        f"{name}, {words.period(int(row.period_id))}",
                        words.value(row.on_time_share, "share"),
                        words(
                            "common.interval",
                            low=words.value(row.low, "share"),
                            high=words.value(row.high, "share"),
                        ),
                        words("common.n", n=words.number(row.counted)),
                    )
                    for row in rows(line)
                ],
                "hoverinfo": "text",
                "customdata": [mark("compared" if order else "member", iso3)] * len(xs),
            }
        )
        ends.append((xs[-1], float(line["on_time_share"].iloc[-1]), short(name), style["color"]))
    gap = 0.07 if not scene.is_present else 0.06
    labels = [
        annotation(
            scene,
            1.0,
            y,
            name,
            xref="paper",
            xanchor="left",
            xshift=6,
            font={"size": scene.font_size, "color": colour},
        )
        for (_, _, name, colour), y in zip(
            ends, spread([end[1] for end in ends], gap, 1.0), strict=True
        )
    ]
    ticks, texts = period_ticks(periods, scene)
    widest = max((len(end[2]) for end in ends), default=8)
    layout = base_layout(
        scene,
        xaxis=axis(
            palette,
            showgrid=False,
            tickangle=0,
            tickvals=ticks,
            ticktext=texts,
            range=[-0.3, len(periods) - 0.7],
        ),
        yaxis=axis(
            palette,
            range=[0, 1.04],
            tickvals=[0, 0.25, 0.5, 0.75, 1],
            ticktext=[words.value(v, "share") for v in (0, 0.25, 0.5, 0.75, 1)],
        ),
        annotations=labels,
        margin={"l": 8, "r": (widest + 3) * scene.font_size * 0.58, "t": 8, "b": 8},
    )
    return figure(data, layout)


def short(name: str) -> str:
    """Return a name that fits beside a line; the tooltip has it whole."""
    return name if len(name) <= LABEL_LENGTH else name[: LABEL_LENGTH - 1].rstrip() + "…"


def _band(xs: list[int], line: pd.DataFrame, scene: Scene) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [*xs, *reversed(xs)],
        "y": [*line["high"].tolist(), *reversed(line["low"].tolist())],
        "fill": "toself",
        "fillcolor": scene.palette.faint,
        "line": {"width": 0},
        "hoverinfo": "skip",
    }
