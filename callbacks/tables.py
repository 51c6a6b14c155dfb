"""Shows the data of any panel as a table in its place, and where they come from as a receipt.

The table has the rows of the panel's first named frame, each with a way to
select it by keyboard.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import pandas as pd
from dash import ALL, Dash, Input, Output, State, ctx, no_update

from callbacks.data_routes import origin
from callbacks.drawing import Gallery
from dashboard import ids
from dashboard.errors import ClosedError, DashboardError
from dashboard.frames import Column
from dashboard.selection import Selection
from dashboard.words import MISSING
from layouts.panels import message_children, table_of
from layouts.receipts import receipt_of
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


def table_children(gallery: Gallery, place: Mapping[str, str], search: str, path: str) -> Any:
    """Return the table of a panel, or the sentence that says why there is none."""
    chosen, _ = Selection.from_search(search, gallery.services.catalogue)
    scene = gallery.scene(chosen, "light", path=path)
    frame = gallery.frames[gallery.panel(place["view"], place["panel"]).frames[0]]
    try:
        data = frame.read(gallery.services, scene.selection)
    except ClosedError:
        sentence = scene.words("audience.closed", audience=scene.audience_text)
        return message_children(scene.words, sentence, is_closed=True)
    except DashboardError as error:
        return message_children(scene.words, error.found, is_error=True)
    columns = [(scene.words(column.label_key), writer(column, scene)) for column in frame.columns]
    return table_of(data, columns, scene.words, most=ROWS_AT_MOST)


def receipt_children(gallery: Gallery, place: Mapping[str, str], search: str, path: str) -> Any:
    """Return the receipt of a panel: its figures' definitions and where its data come from."""
    services = gallery.services
    chosen, _ = Selection.from_search(search, services.catalogue)
    scene = gallery.scene(chosen, "light", path=path)
    frame = gallery.frames[gallery.panel(place["view"], place["panel"]).frames[0]]
    facts = origin(services, scene.selection)
    return receipt_of(frame.name, frame.columns, facts, chosen.search(), scene.words)


def turned_over(
    buttons: Sequence[dict[str, str]],
    clicks: Sequence[int | None],
    pressed: Mapping[str, str] | None,
    draw: Callable[[Mapping[str, str]], Any],
) -> list[Any]:
    """Return what stands at each button's place: an odd number of presses opens it.

    ``pressed`` is the button that was pressed just now; None if the selection changed.
    """
    shown: list[Any] = []
    for button, count in zip(buttons, clicks, strict=True):
        is_open = bool(count and count % 2)
        if pressed is not None and pressed != button:
            shown.append(no_update)
        elif is_open:
            shown.append(draw(button))
        else:
            shown.append(None if pressed else no_update)
    return shown


def register(app: Dash, gallery: Gallery) -> None:
    """Attach the handler.

    One for all panels of a page, and for tables and receipts: one for each would send a request
    a panel at every change of the selection, beside the one that draws them.
    """

    @app.callback(
        Output(ids.pattern("table", ALL), "children"),
        Output(ids.pattern("receipt", ALL), "children"),
        Input(ids.pattern("table-button", ALL), "n_clicks"),
        Input(ids.pattern("receipt-button", ALL), "n_clicks"),
        Input(ids.SELECTION, "data"),
        State(ids.URL, "pathname"),
        prevent_initial_call=True,
    )
    def show_tables(
        tables: list[int], receipts: list[int], search: str | None, path: str | None
    ) -> list[list[Any]]:
        pressed = ctx.triggered_id if isinstance(ctx.triggered_id, dict) else None
        shown = []
        for listed, clicks, draw in (
            (ctx.inputs_list[0], tables, table_children),
            (ctx.inputs_list[1], receipts, receipt_children),
        ):
            buttons = [item["id"] for item in listed]
            asked = partial(draw, gallery, search=search or "", path=path or "/")
            shown.append(turned_over(buttons, clicks, pressed, asked))
        return shown
