"""Panels: a titled chart or block with its menu, states and table.

The frame around every figure of the product. It must not draw figures itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import pandas as pd
from dash import dcc, html

from dashboard import ids
from dashboard.words import Words
from layouts.attributes import attributes
from layouts.charts import Figure, graph
from layouts.scene import Scene

Frames = Mapping[str, pd.DataFrame]


@dataclass(frozen=True)
class Drawing:
    """What a panel shows.

    Exactly one of ``figure`` (chart panels), ``children`` (block panels) and
    ``empty`` (the sentence that says why there is nothing) is set. ``title``
    replaces the panel's question by a finding; ``note`` is a line below: text or components.
    ``height`` (px) makes a chart longer than its place; the panel then scrolls.
    ``is_good`` says that having nothing to show is good news: nobody is late, no rule fails.
    ``is_closed`` says that it is not shown to who looks on.
    ``listing`` has the marks of a map as buttons, for the keyboard and screen readers.
    """

    figure: Figure | None = None
    children: Any = None
    subtitle: str = ""
    title: str | None = None
    note: Any = None
    empty: str | None = None
    is_good: bool = False
    is_closed: bool = False
    height: int | None = None
    listing: Any = None


Draw = Callable[[Frames, Scene], Drawing]


@dataclass(frozen=True)
class Panel:
    """A panel of a view.

    Parameters
    ----------
    id : str
        Unique in its view; ``<view>.<id>.title`` is its question in the words.
    frames : tuple of str
        Named frames it is drawn from; the first is the one its menu offers.
    draw : callable
        Makes the drawing.
    kind : {"chart", "block"}
        A Plotly figure or Dash components.
    fields : frozenset of str
        Fields of the selection that it shows beyond those of its frames, such
        as a highlighted member.
    area : str
        CSS class that places it in its view.
    is_staged : bool
        Whether the stage shows it.
    is_announced : bool
        Whether screen readers announce a block when it changes. The place must be there before
        its words are, so the panel is it and not what is drawn in it.
    """

    id: str
    frames: tuple[str, ...]
    draw: Draw
    kind: Literal["chart", "block"] = "chart"
    fields: frozenset[str] = field(default_factory=frozenset)
    area: str = ""
    is_staged: bool = True
    is_announced: bool = False


@dataclass(frozen=True)
class View:
    """A view: its panels, in order, and the controls of its own.

    ``controls`` draws the view's own controls, which send events like marks
    do; None where it has none; ``staged_controls`` those that the stage keeps in
    its footer. ``parent`` is the view of the top bar that it
    stands under; None for those of the top bar. ``measures`` are those of trade
    that its figures can show, where they show any of them but not all.
    """

    id: str
    panels: tuple[Panel, ...]
    controls: Callable[[Scene], Any] | None = None
    staged_controls: Callable[[Scene], Any] | None = None
    is_wide: bool = True
    parent: str | None = None
    measures: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """URL path of the view."""
        return "/" if self.id == "overview" else f"/{self.id}"


def panel_frame(
    view: View, panel: Panel, words: Words, *, is_present: bool = False
) -> html.Section:
    """Return the components of a panel, still without data."""
    heading = f"{ids.css_id(view.id, panel.id)}-title"
    body = (
        graph(view.id, panel.id)
        if panel.kind == "chart"
        else html.Div(
            id=ids.block(view.id, panel.id),
            className="block",
            role="status" if panel.is_announced else None,
        )
    )
    caption = html.Div(
        caption_children(words, view.id, panel.id, Drawing()),
        id=ids.caption(view.id, panel.id),
        className="panel__caption",
    )
    menu = [] if is_present else [_menu(view, panel, words)]
    return html.Section(
        [
            html.Header([caption, *menu], className="panel__header"),
            html.Div(
                [
                    body,
                    html.Div(
                        id=ids.message(view.id, panel.id), className="panel__message", role="status"
                    ),
                ],
                className="panel__body",
            ),
            # Without a menu that offers it there is no table either.
            *(
                []
                if is_present or not panel.frames
                else [
                    html.Div(id=ids.table(view.id, panel.id), className="panel__table"),
                    html.Div(id=ids.receipt(view.id, panel.id), className="panel__table"),
                ]
            ),
            dcc.Store(id=ids.drawn(view.id, panel.id)),
        ],
        id=ids.css_id(view.id, panel.id),
        className=f"panel panel--{panel.kind} {panel.area}".strip(),
        **attributes(aria_label=words(f"{view.id}.{panel.id}.title"), data_heading=heading),
    )


def caption_children(
    words: Words, view: str, panel: str, drawing: Drawing, *, audience_note: str = ""
) -> list[Any]:
    """Return title, subtitle and notes of a panel; ``audience_note`` says whom it leaves out."""
    title = drawing.title or words(f"{view}.{panel}.title")
    children: list[Any] = [html.H2(title, className="panel__title")]
    if drawing.subtitle:
        children.append(html.P(drawing.subtitle, className="panel__subtitle"))
    if drawing.note:
        children.append(html.P(drawing.note, className="panel__note"))
    if audience_note:
        children.append(html.P(audience_note, className="panel__note panel__note--audience"))
    if drawing.listing is not None:
        children.append(drawing.listing)
    return children


def message_children(
    words: Words,
    sentence: str,
    *,
    is_error: bool = False,
    is_good: bool = False,
    is_closed: bool = False,
) -> Any:
    """Return the state that stands in place of a figure."""
    if is_closed:  # there is nothing that who looks on could do about it
        parts = [html.Strong(words("audience.closed_title")), html.P(sentence)]
        return html.Div(parts, className="state state--empty state--closed")
    kind = "error" if is_error else "good" if is_good else "empty"
    return html.Div(
        [
            html.Strong(words(f"common.{kind}_title")),
            html.P(sentence),
            html.Button(
                words("common.clear_selection" if not is_error else "common.try_again"),
                className="button",
                type="button",
                **(attributes(data_reload="1") if is_error else attributes(data_event="clear:")),
            ),
        ],
        className="state state--empty state--good" if kind == "good" else f"state state--{kind}",
    )


def _menu(view: View, panel: Panel, words: Words) -> html.Details:
    name = panel.frames[0] if panel.frames else ""
    entries: list[Any] = []
    if name:
        entries += [
            html.Button(
                words("common.show_table"),
                id=ids.table_button(view.id, panel.id),
                type="button",
                n_clicks=0,
            ),
            html.Button(
                words("common.show_receipt"),
                id=ids.receipt_button(view.id, panel.id),
                type="button",
                n_clicks=0,
            ),
            html.A(
                "CSV", href=f"/data/{name}.csv", **attributes(data_frame=name, data_format="csv")
            ),
            html.A(
                "JSON", href=f"/data/{name}.json", **attributes(data_frame=name, data_format="json")
            ),
        ]
    if panel.kind == "chart":
        for form in ("png", "svg"):
            entries.append(html.Button(form.upper(), type="button", **attributes(data_image=form)))
    entries.append(
        html.Button(words("common.copy_link"), type="button", **attributes(data_copy_link="1"))
    )
    return html.Details(
        [
            html.Summary("⋯", **attributes(aria_label=words("common.panel_menu"))),
            html.Div(entries, className="menu__entries"),
        ],
        className="menu",
    )


def table_of(
    frame: pd.DataFrame, labels: list[tuple[str, Callable[[Any], str]]], words: Words, *, most: int
) -> html.Div:
    """Return a frame as an HTML table of at most ``most`` rows; the rest is counted."""
    head = html.Thead(html.Tr([html.Th(label, scope="col") for label, _ in labels]))
    rows = [
        html.Tr([html.Td(write(value)) for (_, write), value in zip(labels, row, strict=True)])
        for row in frame.head(most).itertuples(index=False, name=None)
    ]
    parts: list[Any] = [
        html.Div(
            html.Table([head, html.Tbody(rows)], className="data-table"),
            className="table-scroll",
            tabIndex="0",
        )
    ]
    if len(frame) > most:
        parts.append(
            html.P(
                words("common.more_rows", count=words.number(len(frame) - most)), className="hint"
            )
        )
    return html.Div(parts)
