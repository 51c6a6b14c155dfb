"""How much each member's first figures changed, and which way."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from dashboard.stats.timeliness import wilson_interval
from layouts.charts import Figure, annotation, axis, base_layout, figure, mark, rows, tooltip
from layouts.palette import REGION_COLOURS
from layouts.panels import Drawing, Frames
from layouts.revisions.wording import change_text, collection_name, shown_flow, why_nothing
from layouts.scene import Scene
from layouts.timeliness.fitting import shortened

MEMBERS_AT_MOST: Final = 40
STAGED_MEMBERS: Final = 12
NAME_CHARACTERS: Final = 26
SIGNIFICANT: Final = 0.05
"""Adjusted p-value below which a member's revisions are called one-sided."""
HALF: Final = 0.5
OWN_ROOM: Final = 13
"""Room for a change in dollars and per cent beside the rows of a member alone, in letters."""
WIDEST: Final = 1.0
"""Relative revision at which the axis ends at the latest: what lies beyond is drawn at its end."""


def draw_sizes(frames: Frames, scene: Scene) -> Drawing:
    """One row per member: its revised figures, their mean with its interval, RMAR at the end."""
    flow, words = shown_flow(scene), scene.words
    sizes = frames["revision_sizes"]
    sizes = sizes[sizes["flow_code"] == flow]
    subtitle = scene.subtitle(
        collection_name(scene), words("revisions.of_flow", flow=words(f"flow.{flow}"))
    )
    if sizes.empty:
        return Drawing(empty=why_nothing(frames["releases"], scene), subtitle=subtitle)
    figures = frames["revised_figures"]
    figures = figures[figures["flow_code"] == flow]
    most = STAGED_MEMBERS if scene.is_present else MEMBERS_AT_MOST
    shown = sizes.head(most)
    return Drawing(
        figure=size_strips(shown, figures, scene),
        title=_finding(figures, scene),
        subtitle=subtitle,
        note=_note(sizes, figures, len(shown), scene),
        height=None if scene.is_present else _height(shown, figures),
    )


def _height(shown: pd.DataFrame, figures: pd.DataFrame) -> int:
    """Return the chart's height, px: rows of a member alone stand further apart."""
    if len(shown) > 1:
        return 56 + 26 * len(shown)
    return 56 + max(26 * (1 + len(figures)), min(52 * (1 + len(figures)), 420))


def _finding(figures: pd.DataFrame, scene: Scene) -> str:
    """Say which way first figures move, if that is more than chance."""
    words = scene.words
    moved = figures[figures["revision_usd"] != 0]
    raised = int((moved["revision_usd"] > 0).sum())
    if moved.empty:
        return words("revisions.unmoved", count=words.number(len(figures)))
    low, high = wilson_interval(raised, len(moved))
    share = raised / len(moved)
    key = "both_ways"
    if low > 0.5:
        key = "mostly_up"
    elif high < 0.5:
        key, share = "mostly_down", 1 - share
    count = words.number(len(moved))
    return words(f"revisions.{key}", share=words.value(share, "share"), count=count)


def _is_alone(sizes: pd.DataFrame, figures: pd.DataFrame, scene: Scene) -> bool:
    """Tell whether there is one member, and room for a row of each of its figures."""
    has_room = not scene.is_present or len(figures) < STAGED_MEMBERS
    return len(sizes) == 1 and has_room


def _note(sizes: pd.DataFrame, figures: pd.DataFrame, shown: int, scene: Scene) -> str:
    words = scene.words
    tested = int(sizes["p_value"].notna().sum())
    clear = int((sizes["p_value"] < SIGNIFICANT).sum())
    parts = [
        words("revisions.one_note" if _is_alone(sizes, figures, scene) else "revisions.sizes_note")
    ]
    if tested == 1 and clear:
        parts.append(words("revisions.tested_one"))
    elif tested > 1:
        parts.append(
            words("revisions.tested", clear=words.number(clear), tested=words.number(tested))
        )
    if shown < len(sizes):
        parts.append(words("revisions.first_of", shown=shown, count=words.number(len(sizes))))
    return " ".join(parts)


def size_strips(sizes: pd.DataFrame, figures: pd.DataFrame, scene: Scene) -> Figure:
    """Return a strip of dots per member, the greatest effect on top.

    Of a member alone each figure has a row of its own below that of the mean.
    """
    places = {row.member_iso3: -i for i, row in enumerate(rows(sizes))}
    dots = figures[figures["member_iso3"].isin(places)]
    own: list[Any] = []
    if _is_alone(sizes, figures, scene):
        dots = dots.sort_values("period_id")
        own = rows(dots)
    dots = dots.assign(place=dots["member_iso3"].map(places))
    labels = [shortened(scene.names.member(iso3), NAME_CHARACTERS) for iso3 in places]
    if own:
        dots["place"] = range(-1, -1 - len(own), -1)
        labels += [scene.words.period(int(row.period_id)) for row in own]
    limit = _limit(sizes, dots)
    size = scene.font_size
    data = [
        *(_intervals(sizes, places, limit, scene, is_clear=is_clear) for is_clear in (False, True)),
        _dots(dots, limit, scene),
        _means(sizes, places, scene),
    ]
    steps = [-1.0, -HALF, 0.0, HALF, 1.0]
    layout = base_layout(
        scene,
        xaxis=axis(
            scene.palette,
            range=[-limit * 1.06, limit * 1.06],
            tickvals=[limit * step for step in steps],
            # A phone has no room for more; the lines between tell the halves.
            ticktext=[
                "" if abs(step) == HALF else change_text(limit * step, scene) for step in steps
            ],
            tickangle=0,
            zeroline=True,
            zerolinecolor=scene.palette.soft_ink,
            zerolinewidth=1,
            side="top",
        ),
        yaxis=axis(
            scene.palette,
            showgrid=False,
            tickvals=[-place for place in range(len(labels))],
            ticktext=labels,
            tickfont={"color": scene.palette.ink, "size": size},
            ticks="outside",
            ticklen=6,
            tickcolor="rgba(0,0,0,0)",
            range=[-len(labels) + 0.4, 0.6],
        ),
        annotations=[*_row_ends(sizes, places, scene), *_figure_ends(own, scene)],
        margin={
            "l": 8,
            "r": round(size * (OWN_ROOM if own else 11)),
            "t": round(size * 2.6),
            "b": 8,
        },
    )
    return figure(data, layout)


def _limit(sizes: pd.DataFrame, dots: pd.DataFrame) -> float:
    """Return where the axis ends: nine tenths of the dots and all means lie within."""
    wanted = [float(dots["relative_revision"].abs().quantile(0.9))]
    wanted += [float(sizes["relative_mean_revision"].abs().max())]
    largest = max([value for value in wanted if value == value], default=0.01)
    for step in (0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.6, 0.8):
        if largest <= step:
            return step
    return WIDEST


def _muted(iso3: str, scene: Scene) -> bool:
    return bool(scene.chosen.members) and iso3 not in scene.chosen.members


def _figure_ends(own: list[Any], scene: Scene) -> list[dict[str, Any]]:
    """Return the change of each figure at the end of its row."""
    words = scene.words
    return [
        annotation(
            scene,
            1,
            -1 - i,
            f"{words.value(row.revision_usd, 'usd', is_change=True)}"
            f" · {change_text(row.relative_revision, scene)}",
            xref="paper",
            xanchor="right",
            xshift=round(scene.font_size * (OWN_ROOM - 0.4)),
            yanchor="middle",
            font={"size": scene.font_size, "color": scene.palette.soft_ink},
        )
        for i, row in enumerate(own)
    ]


def _dots(dots: pd.DataFrame, limit: float, scene: Scene) -> dict[str, Any]:
    known = [row for row in rows(dots) if not pd.isna(row.relative_revision)]
    values = [float(row.relative_revision) for row in known]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [min(max(value, -limit), limit) for value in values],
        "y": [row.place for row in known],
        "marker": {
            "size": scene.font_size * 0.6,
            "opacity": 0.7,
            "color": [REGION_COLOURS[row.region_id] for row in known],
            "symbol": [
                "circle"
                if abs(value) <= limit
                else ("triangle-right" if value > 0 else "triangle-left")
                for value in values
            ],
        },
        "customdata": [mark("member", row.member_iso3) for row in known],
        "hovertext": [_figure_story(row, scene) for row in known],
        "hoverinfo": "text",
    }


def _figure_story(row: Any, scene: Scene) -> str:
    words = scene.words
    return tooltip(
        f"{scene.names.member(row.member_iso3)}, {words.period(int(row.period_id))}",
        words(
            "revisions.from_to",
            first=words.value(row.first_usd, "usd"),
            latest=words.value(row.latest_usd, "usd"),
        ),
        f"{words.value(row.revision_usd, 'usd', is_change=True)}"
        f" ({change_text(row.relative_revision, scene)})",
        words("revisions.latest_on", day=words.day(row.latest_on.date())),
    )


def _intervals(
    sizes: pd.DataFrame, places: dict[str, int], limit: float, scene: Scene, *, is_clear: bool
) -> dict[str, Any]:
    """Return the intervals that lie on one side of 0, or those that don't."""
    xs: list[float | None] = []
    ys: list[float | None] = []
    for row in rows(sizes):
        if pd.isna(row.low) or (row.low > 0 or row.high < 0) != is_clear:
            continue
        place = places[row.member_iso3]
        xs += [max(float(row.low), -limit * 1.06), min(float(row.high), limit * 1.06), None]
        ys += [place, place, None]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": xs,
        "y": ys,
        "line": {
            "color": scene.palette.ink if is_clear else scene.palette.muted,
            "width": scene.font_size / (6 if is_clear else 9),
        },
        "hoverinfo": "skip",
    }


def _means(sizes: pd.DataFrame, places: dict[str, int], scene: Scene) -> dict[str, Any]:
    known = [row for row in rows(sizes) if not pd.isna(row.relative_mean_revision)]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [float(row.relative_mean_revision) for row in known],
        "y": [places[row.member_iso3] for row in known],
        "marker": {
            "size": scene.font_size * 0.8,
            "symbol": "diamond",
            "color": scene.palette.ink,
            "line": {"width": 1, "color": scene.palette.paper},
        },
        "customdata": [mark("member", row.member_iso3) for row in known],
        "hovertext": [_member_story(row, scene) for row in known],
        "hoverinfo": "text",
    }


def _member_story(row: Any, scene: Scene) -> str:
    words = scene.words
    interval = ""
    if not pd.isna(row.low):
        interval = words(
            "common.interval", low=change_text(row.low, scene), high=change_text(row.high, scene)
        )
    return tooltip(
        scene.names.member(row.member_iso3),
        words("revisions.mean_is", change=change_text(row.relative_mean_revision, scene)),
        interval,
        words("revisions.rmar_is", rmar=words.measured(row.rmar, "rmar")),
        words("revisions.absolute_is", value=words.value(row.mean_absolute_revision, "usd")),
        words("revisions.moved", value=words.value(row.moved_usd, "usd")),
        words("revisions.n_of", n=words.number(row.n), received=words.number(row.received)),
    )


def _row_ends(sizes: pd.DataFrame, places: dict[str, int], scene: Scene) -> list[dict[str, Any]]:
    """Return RMAR and how many were revised at the end of each row, under their headings."""
    words, palette, size = scene.words, scene.palette, scene.font_size
    column = {"xref": "paper", "xanchor": "right", "yanchor": "middle"}
    shifts = (round(size * 5), round(size * 10.6))
    found = []
    for row in rows(sizes):
        sign = ""
        if row.p_value < SIGNIFICANT:
            sign = " ▲" if row.mean_revision > 0 else " ▼"
        rmar = words.measured(row.rmar, "rmar") + sign
        count = words(
            "revisions.n_short", n=words.number(row.n), received=words.number(row.received)
        )
        colour = palette.soft_ink if _muted(row.member_iso3, scene) else palette.ink
        for text, shift in zip((rmar, count), shifts, strict=True):
            found.append(
                annotation(
                    scene,
                    1,
                    places[row.member_iso3],
                    text,
                    xshift=shift,
                    font={"size": size, "color": colour},
                    **column,
                )
            )
    heads = (words("revisions.rmar_short"), words("revisions.revised_short"))
    for text, shift in zip(heads, shifts, strict=True):
        found.append(
            annotation(
                scene,
                1,
                1,
                text,
                xshift=shift,
                yref="paper",
                xref="paper",
                xanchor="right",
                yanchor="bottom",
                font={"size": size, "color": palette.soft_ink},
            )
        )
    return found
