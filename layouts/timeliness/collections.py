"""Collections side by side on one calendar, of everybody or of the selected members."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import pandas as pd

from dashboard.selection import months_between
from layouts.charts import Figure, axis, base_layout, figure, mark, rows, tooltip
from layouts.panels import Drawing, Frames
from layouts.scene import Scene
from layouts.timeliness.fitting import wrapped
from layouts.timeliness.legend import (
    STATUS_ORDER,
    share_class,
    share_legend,
    status_colours,
    status_legend,
)
from layouts.timeliness.stories import cell_stories, values_of

MEMBERS_AT_MOST: Final = 6
LABEL_CHARACTERS: Final = 26
WRITTEN_MONTHS: Final = 8
"""Cells longer than this have room for their share."""


@dataclass
class _Cells:
    """Cells of one colour: row, first month, width in months, and what they say."""

    y: list[int] = field(default_factory=list)
    base: list[float] = field(default_factory=list)
    width: list[float] = field(default_factory=list)
    story: list[str] = field(default_factory=list)
    mark: list[str] = field(default_factory=list)
    text: list[str] = field(default_factory=list)

    def add(
        self, y: int, span: tuple[float, float], story: str, where: str, text: str = ""
    ) -> None:
        self.y.append(y)
        self.base.append(span[0])
        self.width.append(span[1])
        self.story.append(story)
        self.mark.append(where)
        self.text.append(text if span[1] > WRITTEN_MONTHS else "")


def draw_collections(frames: Frames, scene: Scene) -> Drawing:
    """Rows: collections, or the collections of each selected member."""
    words, chosen = scene.words, scene.chosen
    if chosen.members:
        frame = frames["member_collections"]
        shown = chosen.members[:MEMBERS_AT_MOST]
        frame = frame[frame["member_iso3"].isin(shown)]
        counts = {str(k): int(n) for k, n in frame["status"].value_counts().items()}
        title = words("timeliness.collections_of", names=scene.scope_text)
        unit, note = words("timeliness.board_unit"), status_legend(scene, counts)
        row_count = frame[["member_iso3", "collection_id"]].drop_duplicates().shape[0]
        row_count += len(shown) if len(shown) > 1 else 0
        draw = collection_statuses
    else:
        frame = frames["on_time_by_collection"]
        title, unit, note = None, words.label("on_time_share"), share_legend(scene)
        row_count = frame["collection_id"].nunique()
        draw = collection_shares
    if frame.empty:
        return Drawing(
            empty=words(
                "timeliness.no_obligations_at_all", scope=scene.scope_within, range=scene.range_text
            )
        )
    return Drawing(
        figure=draw(frame, scene),
        title=title,
        subtitle=scene.subtitle(words("timeliness.every_collection"), unit),
        note=note,
        height=800 if scene.is_present else max(240, 40 + row_count * 34),
    )


def _span(period_id: int, scene: Scene) -> tuple[float, float]:
    """Return where a period begins and how long it is, in months of the selected range."""
    assert scene.selection.first and scene.selection.last
    count = months_between(scene.selection.first, scene.selection.last)
    if period_id > 9999:
        text = f"{period_id // 100:04d}-{period_id % 100:02d}"
        begin, end = _offset(text, scene), _offset(text, scene) + 1
    else:
        begin, end = _offset(f"{period_id}-01", scene), _offset(f"{period_id}-12", scene) + 1
    begin, end = max(0, begin), min(count, end)
    return begin + 0.06, end - begin - 0.12


def _offset(month: str, scene: Scene) -> int:
    first = scene.selection.first or month
    return (int(month[:4]) - int(first[:4])) * 12 + int(month[5:7]) - int(first[5:7])


def _collections(present: Sequence[str], scene: Scene) -> list[str]:
    return [name for name in scene.catalogue.collections if name in set(present)]


def collection_shares(frame: pd.DataFrame, scene: Scene) -> Figure:
    """Return collections down, the calendar across, on-time shares by class."""
    words, names, palette = scene.words, scene.names, scene.palette
    ordered = _collections(list(frame["collection_id"].unique()), scene)
    places = {name: y for y, name in enumerate(ordered)}
    cells = [_Cells() for _ in palette.sequential]
    missing = _Cells()
    for row in rows(frame):
        is_missing = bool(pd.isna(row.on_time_share)) or row.pending > 0
        story = tooltip(
            f"{names.collections.get(row.collection_id, row.collection_id)}, "
            f"{words.period(int(row.period_id))}",
            words("timeliness.still_open", pending=words.number(row.pending))
            if row.pending
            else words("timeliness.nothing_counted")
            if is_missing
            else f"{words.label('on_time_share')} "
            f"{words.measured(row.on_time_share, 'on_time_share')}",
            words("common.n", n=words.number(row.counted)),
            words("timeliness.count_overdue", count=words.number(row.overdue))
            if row.overdue
            else "",
        )
        group = missing if is_missing else cells[share_class(row.on_time_share)]
        group.add(
            places[row.collection_id],
            _span(int(row.period_id), scene),
            story,
            mark("collection", row.collection_id),
            "" if is_missing else words.measured(row.on_time_share, "on_time_share"),
        )
    data = [
        _bars(group, colour, palette.paper if i >= len(cells) / 2 else palette.ink)
        for i, (group, colour) in enumerate(zip(cells, palette.sequential, strict=True))
    ]
    data.append(_hatched(missing, scene))
    labels = [_collection_label(name, scene) for name in ordered]
    return figure(data, _layout(labels, scene))


def collection_statuses(frame: pd.DataFrame, scene: Scene) -> Figure:
    """Return the collections of members down, the calendar across, one cell an obligation."""
    names = scene.names
    ordered = _collections(list(frame["collection_id"].unique()), scene)
    members = [m for m in scene.chosen.members if m in set(frame["member_iso3"])]
    pairs = set(zip(frame["member_iso3"], frame["collection_id"], strict=True))
    row_keys: list[tuple[str, str]] = []
    for member in members:
        if len(members) > 1:
            row_keys.append((member, ""))  # its heading
        row_keys += [(member, name) for name in ordered if (member, name) in pairs]
    places = {key: y for y, key in enumerate(row_keys)}
    cells = {status: _Cells() for status in STATUS_ORDER}
    for iso3, collection, period, status, story in zip(
        values_of(frame["member_iso3"]),
        values_of(frame["collection_id"]),
        values_of(frame["period_id"]),
        values_of(frame["status"]),
        cell_stories(frame, scene, with_collection=True),
        strict=True,
    ):
        where = mark("collection", collection)
        cells[status].add(places[iso3, collection], _span(int(period), scene), story, where)
    colours = status_colours(scene.palette)
    data = [_bars(cells[s], colour) for s, colour in zip(STATUS_ORDER, colours, strict=True)]
    labels = [
        _collection_label(name, scene)
        if name
        else f"<b>{wrapped(names.member(iso3), LABEL_CHARACTERS)}</b>"
        for iso3, name in row_keys
    ]
    return figure(data, _layout(labels, scene))


def _collection_label(name: str, scene: Scene) -> str:
    text = wrapped(scene.names.collections.get(name, name), LABEL_CHARACTERS)
    return f"<b>{text}</b>" if name == scene.selection.collection else text


def _bars(cells: _Cells, colour: str, ink: str | None = None) -> dict[str, Any]:
    return {
        "type": "bar",
        "orientation": "h",
        "y": cells.y,
        "base": cells.base,
        "x": cells.width,
        "width": 0.72,
        "marker": {"color": colour, "line": {"width": 0}},
        "hovertext": cells.story,
        "hoverinfo": "text",
        "customdata": cells.mark,
        "text": cells.text,
        "textposition": "inside",
        "insidetextanchor": "middle",
        "textangle": 0,
        "textfont": {"color": ink or colour},
    }


def _hatched(cells: _Cells, scene: Scene) -> dict[str, Any]:
    trace = _bars(cells, scene.palette.missing)
    trace["marker"] = {
        "color": scene.palette.missing,
        "line": {"width": 0},
        "pattern": {
            "shape": "/",
            "size": 5,
            "solidity": 0.2,
            "fgcolor": scene.palette.muted,
            "bgcolor": scene.palette.missing,
        },
    }
    return trace


def _layout(labels: Sequence[str], scene: Scene) -> dict[str, Any]:
    assert scene.selection.first and scene.selection.last
    first, count = (
        scene.selection.first,
        months_between(scene.selection.first, scene.selection.last),
    )
    januaries = [
        (i, str(int(first[:4]) + (int(first[5:7]) - 1 + i) // 12))
        for i in range(count)
        if (int(first[5:7]) - 1 + i) % 12 == 0
    ]
    if not januaries:
        januaries = [(0, scene.words.month(first))]
    every = max(1, round(len(januaries) / 12))
    return base_layout(
        scene,
        xaxis=axis(
            scene.palette,
            side="top",
            showgrid=True,
            tickangle=0,
            tickvals=[i for i, _ in januaries[::every]],
            ticktext=[text for _, text in januaries[::every]],
            ticklabelposition="outside right",
            range=[0, count],
        ),
        yaxis=axis(
            scene.palette,
            showgrid=False,
            tickvals=list(range(len(labels))),
            ticktext=list(labels),
            tickfont={"color": scene.palette.ink, "size": scene.font_size},
            range=[len(labels) - 0.5, -0.5],
        ),
        barmode="overlay",
        margin={"l": 4, "r": 8, "t": 4, "b": 4},
    )
