"""The choice of the day that the as-of day is compared with."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

import dash_bootstrap_components as dbc
from dash import html

from dashboard.selection import shift_month
from layouts.attributes import attributes
from layouts.scene import Scene

MONTHS_BACK: Final = (3, 6, 12)


def controls(scene: Scene) -> list[Any]:
    """Return buttons for usual days, and a field for any other."""
    words, since = scene.words, scene.selection.since
    assert since is not None
    buttons = []
    for months in MONTHS_BACK:
        month = shift_month(f"{scene.as_of:%Y-%m}", -months)
        # The first day of a month is in each of them.
        day = f"{month}-01"
        if day >= scene.catalogue.known_from.isoformat():
            buttons.append(
                html.Button(
                    words("brief.months_back", count=words.number(months)),
                    type="button",
                    className="button",
                    title=day,
                    **attributes(data_event=f"since:{day}"),
                )
            )
    field = html.Label(
        [
            html.Span(words("brief.since"), className="control__label"),
            dbc.Input(
                type="date",
                name="since",
                value=since.isoformat(),
                min=scene.catalogue.known_from.isoformat(),
                max=(scene.as_of - timedelta(days=1)).isoformat(),
                size="sm",
            ),
        ],
        className="control",
    )
    return [
        html.Div(
            [field, html.Div(buttons, className="choice__set")],
            className="choice brief-controls",
            role="group",
            **attributes(aria_label=words("brief.since")),
        )
    ]
