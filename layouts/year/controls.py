"""The choice of the year."""

from __future__ import annotations

from typing import Final

from dash import html

from dashboard.year import whole_years
from layouts.attributes import attributes
from layouts.scene import Scene

YEARS: Final = 6


def controls(scene: Scene) -> html.Div:
    """Buttons of the latest whole years; each sets the range to its twelve months."""
    words = scene.words
    buttons = [
        html.Button(
            str(year),
            type="button",
            className="button",
            **attributes(
                data_event=f"month:{year}-01|{year}-12",
                data_choice=f"to:{year}-12",
                # Without a range the latest of them is shown.
                data_default="" if place else "1",
            ),
        )
        for place, year in enumerate(whole_years(scene.catalogue, YEARS))
    ]
    return html.Div(
        [
            html.Span(words("year.choose"), className="choice__label"),
            html.Div(buttons, className="choice__set"),
        ],
        className="choice",
        role="group",
        **attributes(aria_label=words("year.choose")),
    )
