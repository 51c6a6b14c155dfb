"""How long it takes: the distribution of delays, what is outstanding counted as such."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
from dash import dcc

from dashboard.frames import BASE_FIELDS
from layouts.charts import Figure, annotation, axis, base_layout, figure, rows, tooltip
from layouts.palette import REGION_COLOURS
from layouts.panels import Drawing, Frames
from layouts.scene import Scene
from layouts.timeliness.fitting import wrapped

NAME_CHARACTERS: Final = 24
NARROW: Final = 12
SHOWN_SHARE: Final = 0.97
"""The axis ends where this share has come, or at three times the due days."""


def draw_delays(frames: Frames, scene: Scene) -> Drawing:
    """Share received after so many days: all, and the selected against them."""
    curve, summary = frames["delay_curve"], frames["delay_summary"]
    words = scene.words
    facts = {row.group: row for row in rows(summary)}
    main = facts.get("selected", facts.get("all"))
    if main is None or not main.n:
        return Drawing(
            empty=words("timeliness.no_delays", scope=scene.scope_within, range=scene.range_text)
        )
    return Drawing(
        figure=delay_curves(curve, summary, scene),
        title=_finding(main, scene),
        subtitle=scene.subtitle(
            scene.names.collections[scene.selection.collection or ""], scene.scope_text
        ),
        note=_note(main, scene),
    )


def _finding(main: Any, scene: Scene) -> str:
    words = scene.words
    if pd.isna(main.median_delay_days):
        return words("timeliness.median_not_reached")
    days = words.measured(main.median_delay_days, "median_delay_days")
    return words("timeliness.half_within", days=days)


def see_delays(scene: Scene) -> dcc.Link:
    """Return the way to the view of delays, with what is selected."""
    search = scene.chosen.only(BASE_FIELDS | {"language"}).search()
    return dcc.Link(scene.words("timeliness.see_delays"), href="/delays" + search)


def _note(main: Any, scene: Scene) -> list[Any]:
    words = scene.words
    parts = []
    if not (pd.isna(main.low) and pd.isna(main.high)):
        low = words.number(main.low)
        high = (
            words.number(main.high) if not pd.isna(main.high) else words("timeliness.not_reached")
        )
        parts.append(words("timeliness.median_interval", low=low, high=high))
    parts.append(
        words(
            "timeliness.delays_n",
            n=words.number(main.n),
            outstanding=words.number(main.outstanding),
        )
    )
    if main.left_out:
        parts.append(words("timeliness.left_out", count=words.number(main.left_out)))
    if main.upper_bounds and main.upper_bounds + main.outstanding == main.n:
        parts.append(words("timeliness.only_upper_bounds"))
    elif main.upper_bounds:
        parts.append(words("timeliness.upper_bounds", count=words.number(main.upper_bounds)))
    text = " ".join(parts)
    return [text] if scene.is_present else [text, " ", see_delays(scene)]


def due_days(scene: Scene) -> int | None:
    """Return the due days of the selected collection."""
    return next(
        (
            collection.due_days
            for collection in scene.framework.collections
            if collection.id == scene.selection.collection
        ),
        None,
    )


def delay_curves(curve: pd.DataFrame, summary: pd.DataFrame, scene: Scene) -> Figure:
    """Return the share received by days after the period's end, with the due day."""
    palette, words = scene.palette, scene.words
    has_scope = bool(((summary["group"] == "selected") & (summary["n"] > 0)).any())
    due = due_days(scene)
    limit = _axis_end(curve, due)
    data: list[dict[str, Any]] = []
    annotations = _names(summary, limit, scene) if has_scope else []
    wide = 2 if scene.is_present else 1
    for group in ("all", "selected"):
        part = curve[(curve["group"] == group) & (curve["days"] <= limit)]
        if part.empty:
            continue
        is_main = group == "selected" or not has_scope
        colour = _colour(scene, group) if is_main else palette.muted
        name = words("common.all_members") if group == "all" else scene.scope_text
        if is_main:
            data.append(band(part, colour))
        data.append(_step(part, colour, (2.5 if is_main else 1.5) * wide, name, scene))
    shapes = []
    if due is not None:
        shapes.append(
            {
                "type": "line",
                "x0": due,
                "x1": due,
                "yref": "paper",
                "y0": 0,
                "y1": 1,
                "line": {"color": palette.accent, "width": 1.5, "dash": "dash"},
            }
        )
        annotations.append(
            annotation(
                scene,
                due,
                0.02,
                words("timeliness.due_day", days=words.value(due, "days")),
                xanchor="left",
                yanchor="bottom",
                xshift=4,
                font={"size": scene.font_size, "color": palette.accent},
            )
        )
    ticks = (0.0, 0.25, 0.5, 0.75, 1.0)
    layout = base_layout(
        scene,
        xaxis=axis(
            palette,
            showgrid=False,
            range=[0, limit],
            nticks=6,
            title={
                "text": words("timeliness.days_after"),
                "font": {"size": scene.font_size, "color": palette.soft_ink},
                "standoff": 6,
            },
        ),
        yaxis=axis(
            palette,
            range=[0, 1.02],
            tickvals=list(ticks),
            ticktext=[words.value(tick, "share") for tick in ticks],
        ),
        shapes=shapes,
        annotations=annotations,
    )
    return figure(data, layout)


def _names(summary: pd.DataFrame, limit: float, scene: Scene) -> list[dict[str, Any]]:
    """Return the curves' names, each on its free side."""
    known = [row for row in rows(summary) if row.median_delay_days <= limit]  # NaN is not
    known.sort(key=lambda row: row.median_delay_days)
    result = []
    for i, row in enumerate(known):
        is_slower = i == len(known) - 1
        is_all = row.group == "all"
        name = scene.words("common.all_members") if is_all else scene.scope_text
        colour = scene.palette.soft_ink if is_all else _colour(scene, row.group)
        label = annotation(
            scene,
            row.median_delay_days,
            0.46 if is_slower else 0.56,
            "",
            align="left" if is_slower else "right",
            xanchor="left" if is_slower else "right",
            xshift=10 if is_slower else -10,
            font={"size": scene.font_size, "color": colour},
        )
        result.append(
            {**label, "text": wrapped(name, NAME_CHARACTERS if is_slower else NARROW)}
        )  # escaped there
    return result


def _axis_end(curve: pd.DataFrame, due: int | None) -> float:
    largest = float(curve["days"].max())
    reached = curve.loc[curve["received_share"] >= SHOWN_SHARE].groupby("group")["days"].min()
    wanted = float(reached.max()) if len(reached) == curve["group"].nunique() else largest
    at_least = 1.5 * due if due else 0.0
    at_most = 4.0 * due if due else largest
    return max(1.0, min(max(wanted, at_least), at_most, max(largest, at_least)))


def _colour(scene: Scene, group: str) -> str:
    chosen = scene.chosen
    if group == "all":
        return scene.palette.ink
    if chosen.members:
        regions = {scene.catalogue.members[iso3] for iso3 in chosen.members}
    else:
        regions = set(chosen.regions)
    return REGION_COLOURS[regions.pop()] if len(regions) == 1 else scene.palette.accent


def _step(part: pd.DataFrame, colour: str, width: float, name: str, scene: Scene) -> dict[str, Any]:
    words = scene.words
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [0.0, *part["days"].tolist()],
        "y": [0.0, *part["received_share"].tolist()],
        "line": {"color": colour, "width": width, "shape": "hv"},
        "hovertext": [
            "",
            *(
                tooltip(
                    name,
                    words(
                        "timeliness.received_after",
                        share=words.measured(row.received_share, "received_share"),
                        days=words.value(row.days, "days"),
                    ),
                    ""
                    if pd.isna(row.low) or pd.isna(row.high)
                    else words(
                        "common.interval",
                        low=words.value(row.low, "share"),
                        high=words.value(row.high, "share"),
                    ),
                )
                for row in rows(part)
            ),
        ],
        "hoverinfo": "text",
    }


def band(part: pd.DataFrame, colour: str) -> dict[str, Any]:
    """Return the band as one stepped path: forth along the top, back along the bottom."""
    known = part.dropna(subset=["low", "high"])
    days = known["days"].tolist()
    high, low = known["high"].tolist(), known["low"].tolist()
    xs: list[float] = []
    ys: list[float] = []
    for i, day in enumerate(days):
        if i:
            xs.append(day)
            ys.append(high[i - 1])
        xs.append(day)
        ys.append(high[i])
    for i in range(len(days) - 1, -1, -1):
        xs.append(days[i])
        ys.append(low[i])
        if i:
            xs.append(days[i])
            ys.append(low[i - 1])
    return {
        "type": "scatter",
        "mode": "lines",
        "x": xs,
        "y": ys,
        "fill": "toself",
        "fillcolor": colour,
        "opacity": 0.18,
        "line": {"width": 0},
        "hoverinfo": "skip",
    }
