"""Ranks over half-years or years: the members selected stand out, the others are muted."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from dashboard.selection import months_between
from layouts.charts import Figure, annotation, axis, base_layout, figure, mark, rows, tooltip
from layouts.incentives.reading import is_in_scope, scheme_text, shortened, tier_name
from layouts.palette import REGION_COLOURS
from layouts.panels import Drawing, Frames
from layouts.scene import Scene
from layouts.standing.reading import points

STRONG_AT_MOST: Final = 20
FIRST: Final = 10
"""Members that stand out where none is selected: the first of the last span."""
BANDED_AT_MOST: Final = 3
"""Members whose bands are drawn: more would cover one another."""
NAME: Final = 20
ROOM_OF_A_LABEL: Final = 0.036
"""Height of a label as a share of the chart's."""


def draw_bump(frames: Frames, scene: Scene) -> Drawing:
    """A line per member through its ranks; at most twenty are drawn strongly."""
    words = scene.words
    frame = frames["ranks_over_time"].dropna(subset=["rank"])
    spans = sorted(frame["last_month"].unique().tolist())
    if len(spans) < 2:
        return Drawing(empty=words("standing.one_span", range=scene.range_text))
    strong, others = strong_members(frame, spans[-1], scene)
    if not strong:
        return Drawing(
            empty=words("standing.no_rank_of", scope=scene.scope_text, range=scene.range_text)
        )
    row = frame.iloc[0]
    months = months_between(str(row["first_month"]), str(row["last_month"]))
    notes = [words("standing.bump_note", months=months)]
    if len(strong) <= BANDED_AT_MOST and others is not None:
        notes.append(words("standing.bump_band"))
    if others:
        notes.append(words("standing.bump_more", count=words.number(others)))
    return Drawing(
        figure=rank_lines(frame, spans, strong, scene, has_bands=others is not None),
        title=_finding(frame, strong, scene) if others is not None else None,
        subtitle=" · ".join(
            [words(f"standing.bump_unit_{months}"), _month_range(frame, scene), scheme_text(scene)]
        ),
        note=" ".join(notes),
    )


def strong_members(frame: pd.DataFrame, last: str, scene: Scene) -> tuple[list[str], int | None]:
    """Return who stands out, best first, and how many of those selected find no room.

    The number is None where nobody is selected and the first of the last span stand out.
    """
    latest = frame[frame["last_month"] == last].sort_values(["rank", "member_iso3"])
    if not scene.chosen.members and not scene.chosen.regions:
        return latest["member_iso3"].head(FIRST).tolist(), None
    ever = frame[is_in_scope(frame, scene)]["member_iso3"].unique().tolist()
    now = latest[latest["member_iso3"].isin(ever)]["member_iso3"].tolist()
    ordered = [*now, *sorted(set(ever) - set(now))]
    return ordered[:STRONG_AT_MOST], max(0, len(ordered) - STRONG_AT_MOST)


def _month_range(frame: pd.DataFrame, scene: Scene) -> str:
    first, last = str(frame["first_month"].min()), str(frame["last_month"].max())
    return f"{scene.words.month(first)} – {scene.words.month(last)}"


def _finding(frame: pd.DataFrame, strong: list[str], scene: Scene) -> str | None:
    """Say where the one member selected came from; None for several."""
    if len(strong) != 1:
        return None
    own = rows(frame[frame["member_iso3"] == strong[0]].sort_values("last_month"))
    if len(own) < 2:
        return None
    words = scene.words
    return words(
        "standing.bump.one",
        member=scene.names.member(strong[0]),
        before=words.number(own[0].rank),
        then=words.month(own[0].last_month),
        now=words.number(own[-1].rank),
        last=words.month(own[-1].last_month),
    )


def rank_lines(
    frame: pd.DataFrame, spans: list[str], strong: list[str], scene: Scene, *, has_bands: bool
) -> Figure:
    """Return all lines: the muted ones as one trace, then bands and lines of the strong."""
    palette = scene.palette
    size = scene.font_size if scene.is_present else 12
    count = int(frame["rank"].max())
    place = {span: number for number, span in enumerate(spans)}
    own: dict[Any, pd.DataFrame] = dict(list(frame.groupby("member_iso3")))
    muted: dict[str, list[Any]] = {"x": [], "y": []}
    for iso3, part in own.items():
        if iso3 not in strong:
            xs, ys = _line(part, place)
            muted["x"] += [*xs, None]
            muted["y"] += [*ys, None]
    data: list[dict[str, Any]] = [
        {
            "type": "scatter",
            "mode": "lines",
            "name": "others",
            **muted,
            "line": {"color": palette.line, "width": 0.75},
            "hoverinfo": "skip",
        }
    ]
    if has_bands and len(strong) <= BANDED_AT_MOST:
        data += [_band(own[iso3], place, scene) for iso3 in strong]
    data += [_strong_line(own[iso3], iso3, place, scene) for iso3 in reversed(strong)]
    labels = _labels(own, strong, spans[-1], count, size, scene)
    # A phone has room for few months: the first, the last and one between.
    ticks = sorted({0, (len(spans) - 1) // 2, len(spans) - 1})
    layout = base_layout(
        scene,
        xaxis=axis(
            palette,
            showgrid=False,
            tickangle=0,
            tickvals=ticks,
            ticktext=[scene.words.month(spans[one]) for one in ticks],
            range=[-0.15, len(spans) - 0.9],
        ),
        yaxis=axis(
            palette,
            tickvals=[1, *range(50, count + 1, 50)],
            range=[count + max(1, count * 0.02), 1 - max(1, count * 0.02)],
        ),
        annotations=labels,
        margin={"l": 8, "r": round(size * (NAME + 3) * 0.56), "t": 8, "b": 8},
    )
    return figure(data, layout)


def _line(part: pd.DataFrame, place: dict[str, int]) -> tuple[list[Any], list[Any]]:
    """Return places and ranks, None where the member has no rank: a gap in its line."""
    known = dict(zip(part["last_month"], part["rank"].astype("int64"), strict=True))
    return list(place.values()), [known.get(span) for span in place]


def _strong_line(
    part: pd.DataFrame, iso3: str, place: dict[str, int], scene: Scene
) -> dict[str, Any]:
    wide = 2 if scene.is_present else 1
    colour = REGION_COLOURS.get(str(part["region_id"].iloc[0]), scene.palette.ink)
    stories = {row.last_month: _story(row, scene) for row in rows(part)}
    xs, ys = _line(part, place)
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": iso3,
        "x": xs,
        "y": ys,
        "connectgaps": False,
        "line": {"width": wide * 2.25, "color": colour},
        "marker": {"size": wide * 7, "color": colour},
        "hovertext": [stories.get(span, "") for span in place],
        "hoverinfo": "text",
        "customdata": [mark("member", iso3)] * len(place),
        "cliponaxis": False,
    }


def _band(part: pd.DataFrame, place: dict[str, int], scene: Scene) -> dict[str, Any]:
    """Return the bands of a member's ranks as one area; over a gap it is not drawn."""
    colour = REGION_COLOURS.get(str(part["region_id"].iloc[0]), scene.palette.ink)
    xs: list[Any] = []
    ys: list[Any] = []
    known = {row.last_month: row for row in rows(part)}
    run: list[tuple[int, Any]] = []
    for span, number in [*place.items(), ("", -1)]:
        if span in known:
            run.append((number, known[span]))
            continue
        if run:
            forth = [(number, int(row.rank_low)) for number, row in run]
            back = [(number, int(row.rank_high)) for number, row in reversed(run)]
            xs += [*(x for x, _ in forth + back), None]
            ys += [*(y for _, y in forth + back), None]
        run = []
    return {
        "type": "scatter",
        "mode": "lines",
        "name": "band",
        "x": xs,
        "y": ys,
        "fill": "toself",
        "fillcolor": f"{colour}2e",
        "line": {"width": 0},
        "hoverinfo": "skip",
    }


def _labels(
    own: dict[Any, pd.DataFrame],
    strong: list[str],
    last: str,
    count: int,
    size: float,
    scene: Scene,
) -> list[dict[str, Any]]:
    """Return the names at the right, parted so that none covers another."""
    ends = []
    for iso3 in strong:
        part = own[iso3]
        at = part[part["last_month"] == last]
        if len(at):
            ends.append((int(at["rank"].iloc[0]), iso3))
    ends.sort()
    room = count * ROOM_OF_A_LABEL * (2.0 if scene.is_present else 1.0)
    heights = spread([float(rank) for rank, _ in ends], room, 1.0, float(count))
    return [
        annotation(
            scene,
            1,
            height,
            f"{scene.words.number(rank)} {shortened(scene.names.member(iso3), NAME)}",
            xref="paper",
            xanchor="left",
            xshift=8,
            font={"size": size, "color": scene.palette.ink},
            name=mark("member", iso3),
            captureevents=True,
        )
        for (rank, iso3), height in zip(ends, heights, strict=True)
    ]


def spread(heights: list[float], room: float, first: float, last: float) -> list[float]:
    """Return rising heights moved as little as needed to be ``room`` apart, up from the end."""
    placed: list[float] = []
    for height in heights:
        placed.append(max(height, placed[-1] + room) if placed else max(height, first))
    limit = last
    for number in range(len(placed) - 1, -1, -1):
        placed[number] = min(placed[number], limit)
        limit = placed[number] - room
    return placed


def _story(row: Any, scene: Scene) -> str:
    words = scene.words
    tier = f", {tier_name(scene, row.tier)}" if isinstance(row.tier, str) and row.tier else ""
    return tooltip(
        scene.names.member(row.member_iso3),
        f"{words.month(row.first_month)} – {words.month(row.last_month)}",
        words(
            "standing.place",
            rank=words.number(row.rank),
            low=words.number(row.rank_low),
            high=words.number(row.rank_high),
        ),
        words("standing.place_score", score=points(row.incentive_score, scene)) + tier,
    )
