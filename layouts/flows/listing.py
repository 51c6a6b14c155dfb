"""The marks of a map as a folded list of buttons: for the keyboard, screen readers and small dots.

It lists what it is given, in that order.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from layouts.attributes import attributes
from layouts.scene import Scene

Button = tuple[str, str]
"""What a button says, and the event it sends; without an event it is plain text."""


def map_list(
    title: str, entries: Sequence[tuple[Sequence[Button], str]], scene: Scene
) -> html.Details | None:
    """Return the list, folded: of each entry its buttons and what it says; none on the stage."""
    if scene.is_present or not entries:
        return None
    return html.Details(
        [
            html.Summary(title),
            html.Ol(
                [html.Li(_parts(buttons, text)) for buttons, text in entries],
                tabIndex="0",
                **attributes(role="list", aria_label=title),
            ),
        ],
        className="map-list",
    )


def _parts(buttons: Sequence[Button], text: str) -> list[Any]:
    parts: list[Any] = []
    for name, event in buttons:
        if parts:
            parts.append(" → ")
        parts.append(
            html.Button(name, type="button", className="mark", **attributes(data_event=event))
            if event
            else name
        )
    return [*parts, html.Span(text, className="map-list__value")]
