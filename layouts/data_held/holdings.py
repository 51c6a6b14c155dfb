"""The collections and the files that were loaded."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
from dash import html

from layouts.charts import rows
from layouts.data_held.cells import age, button, day, known, table
from layouts.panels import Drawing, Frames
from layouts.scene import Scene

FILES_AT_MOST: Final = 100
STAGED_ROWS: Final = 9


def draw_collections(frames: Frames, scene: Scene) -> Drawing:
    """A row per collection: what is owed, what is held, how fresh it is."""
    frame, words = frames["collections_held"], scene.words
    if frame.empty:
        return Drawing(empty=words("data-held.no_collections"))
    labels = (
        ("column.collection_id", ""),
        ("column.domain", ""),
        ("column.frequency", ""),
        ("column.due_days", "number"),
        ("data-held.periods", ""),
        ("column.members_held", "number"),
        ("column.submission_count", "number"),
        ("column.row_count", "number"),
        ("column.last_received_on", ""),
        ("data-held.freshness", "number"),
        ("column.log_began_on", ""),
    )
    return Drawing(
        children=table(
            [html.Th(words(key), scope="col", className=kind) for key, kind in labels],
            [_collection_row(row, scene) for row in rows(frame)],
            words("data-held.collections.title"),
        ),
        subtitle=words("common.as_of", day=words.day(scene.as_of)),
        note=words("data-held.collections_note"),
    )


def _collection_row(row: Any, scene: Scene) -> html.Tr:
    words = scene.words
    is_chosen = row.collection_id == scene.selection.collection
    is_empty = bool(row.submission_count == 0)
    span = (
        words("data-held.nothing")
        if is_empty
        else words(
            "data-held.span",
            first=words.period(int(row.first_period_id)),
            last=words.period(int(row.last_period_id)),
            count=words.number(row.periods_held),
        )
    )
    numbers = (row.members_held, row.submission_count, row.row_count)
    return html.Tr(
        [
            html.Th(
                button(
                    scene.names.collections[row.collection_id],
                    f"collection:{row.collection_id}",
                ),
                scope="row",
            ),
            html.Td(known(f"data-held.domain_{row.domain}", row.domain, scene)),
            html.Td(known(f"data-held.frequency_{row.frequency}", row.frequency, scene)),
            html.Td(words.value(float(row.due_days), "days"), className="number"),
            html.Td(span),
            *(html.Td(words.number(float(value)), className="number") for value in numbers),
            html.Td(day(row.last_received_on, scene)),
            html.Td(age(row.days_since, scene), className="number"),
            html.Td(day(row.log_began_on, scene)),
        ],
        className="is-chosen" if is_chosen else "",
    )


def draw_files(frames: Frames, scene: Scene) -> Drawing:
    """The files that were loaded, and what became of each of their rows."""
    frame, words = frames["files_loaded"], scene.words
    if frame.empty:
        return Drawing(empty=words("data-held.no_files"))
    listed = frame.head(STAGED_ROWS if scene.is_present else FILES_AT_MOST)
    labels = (
        ("column.loaded_on", ""),
        ("column.file_name", ""),
        ("data-held.kind_layout", ""),
        ("column.rows_read", "number"),
        ("column.rows_loaded", "number"),
        ("column.rows_control", "number"),
        ("column.rows_finding", "number"),
        ("data-held.submissions", "number"),
    )
    return Drawing(
        children=table(
            [html.Th(words(key), scope="col", className=kind) for key, kind in labels],
            [_file_row(row, scene) for row in rows(listed)],
            words("data-held.files.title"),
        ),
        subtitle=words(
            "data-held.files_subtitle",
            count=words.number(len(frame)),
            read=words.short(float(frame["rows_read"].sum())),
            loaded=words.short(float(frame["rows_loaded"].sum())),
            control=words.short(float(frame["rows_control"].sum())),
            finding=words.short(float(frame["rows_finding"].sum())),
        ),
        note=words("data-held.more_files", shown=words.number(len(listed)))
        if len(listed) < len(frame)
        else None,
    )


def _file_row(row: Any, scene: Scene) -> html.Tr:
    words = scene.words
    kind = known(f"data-held.kind_{row.kind}", row.kind, scene)
    layout = "" if pd.isna(row.layout_id) else f", {row.layout_id}"
    sent = ", ".join(
        words(f"data-held.sent_{kind}", count=words.number(count))
        for kind in ("new", "revised", "unchanged")
        if (count := getattr(row, f"submissions_{kind}"))
    )
    counts = (row.rows_read, row.rows_loaded, row.rows_control, row.rows_finding)
    return html.Tr(
        [
            html.Td(day(row.loaded_at, scene), className="nowrap"),
            html.Td(row.file_name, className="file"),
            html.Td(kind + layout),
            *(html.Td(words.number(float(value)), className="number") for value in counts),
            html.Td(sent or "–", className="number nowrap"),
        ]
    )
