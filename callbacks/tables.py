"""Shows the data of any panel as a table in its place.

The table has the rows of the panel's first named frame, each with a way to
select it by keyboard.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
from dash import MATCH, Dash, Input, Output, State, ctx, no_update

from callbacks.drawing import Gallery
from dashboard import ids
from dashboard.errors import DashboardError
from dashboard.frames import Column
from dashboard.selection import Selection
from dashboard.words import MISSING, Words
from layouts.panels import message_children, table_of
from layouts.scene import Scene

ROWS_AT_MOST = 300


def writer(column: Column, scene: Scene) -> Callable[[Any], str]:
    """Return how the values of a column are written."""
    words, names = scene.words, scene.names
    unit = column.unit_name

    def write(value: Any) -> str:
        if value is None or value is pd.NA or value is pd.NaT or value != value:
            return MISSING
        if unit is not None:
            return words.value(float(value), unit)
        if column.name.endswith("iso3"):
            return names.member(str(value))
        if column.name.endswith("region_id"):
            return names.region(str(value))
        if column.name.endswith("period_id"):
            return words.period(int(value))
        if column.name.endswith("_on"):
            return words.day(pd.Timestamp(value).date())
        for kind in ("status", "dimension", "flow"):
            if column.name in (kind, f"{kind}_id", f"{kind}_code") and words.has(f"{kind}.{value}"):
                return words(f"{kind}.{value}")
        return str(value)

    return write


def labels(columns: tuple[Column, ...], words: Words) -> list[str]:
    """Return the column headings."""
    return [words(column.label_key) for column in columns]


def register(app: Dash, gallery: Gallery) -> None:
    """Attach the handler."""

    @app.callback(
        Output(ids.pattern("table", MATCH), "children"),
        Input(ids.pattern("table-button", MATCH), "n_clicks"),
        Input(ids.SELECTION, "data"),
        State(ids.pattern("table", MATCH), "children"),
        State(ids.URL, "pathname"),
        prevent_initial_call=True,
    )
    def show_table(clicks: int, search: str | None, shown: Any, path: str | None) -> Any:
        place = ctx.outputs_list["id"]
        is_click = isinstance(ctx.triggered_id, dict)
        if not is_click and not shown:
            return no_update
        if is_click and (shown or not clicks):
            return None
        services = gallery.services
        chosen, _ = Selection.from_search(search or "", services.catalogue)
        scene = gallery.scene(chosen, "light", path=path or "/")
        spec = gallery.panel(place["view"], place["panel"])
        frame = gallery.frames[spec.frames[0]]
        try:
            data = frame.read(services, scene.selection)
        except DashboardError as error:
            return message_children(scene.words, error.found, is_error=True)
        columns = [
            (scene.words(column.label_key), writer(column, scene)) for column in frame.columns
        ]
        return table_of(data, columns, scene.words, most=ROWS_AT_MOST)
