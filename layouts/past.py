"""The slider that puts the whole product back to a past day, and how that day is written.

The input itself is made in the browser (``assets/app.js``): Dash has no native slider that can
be labelled, and one of its own would ask the server at every step.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from dash import html

from dashboard import ids
from dashboard.selection import Catalogue
from dashboard.words import Words
from layouts.attributes import attributes


def past_text(words: Words, day: date) -> str:
    """Say that what is shown is what was known on a day."""
    return words("common.as_known", day=words.day(day))


def past_slider(catalogue: Catalogue, words: Words) -> Any:
    """Return the place of the slider, over all days that the warehouse knows of.

    Without a second day there is nothing to go back to, and a sentence says so.
    """
    if catalogue.known_from >= catalogue.data_on:
        return html.Span(words("common.no_past"), className="past past--none")
    months = "|".join(words.period(200_001 + i).rpartition(" ")[0] for i in range(12))
    return html.Div(
        [
            html.Label(
                [
                    html.Span(words("common.past_label")),
                    html.Span(className="past__day", **attributes(data_past_day="1")),
                ],
                htmlFor=ids.PAST,
                className="control__label past__label",
            ),
            html.Div(
                [
                    _step(-1, "‹", words("common.month_earlier")),
                    html.Span(className="past__slot", **attributes(data_past_slot=ids.PAST)),
                    _step(1, "›", words("common.month_later")),
                    html.Button(
                        words("common.latest"),
                        type="button",
                        className="button past__latest",
                        title=words("common.back_to_latest", day=words.day(catalogue.data_on)),
                        hidden=True,
                        **attributes(data_event="as_of:"),
                    ),
                ],
                className="past__row",
            ),
        ],
        className="past",
        role="group",
        **attributes(
            aria_label=words("common.past_group"),
            data_past_from=catalogue.known_from.isoformat(),
            data_past_to=catalogue.data_on.isoformat(),
            data_past_months=months,
            data_past_latest=words("common.latest_day", day="{day}"),
            data_past_hint=words("common.past_hint"),
        ),
    )


def _step(months: int, sign: str, label: str) -> html.Button:
    return html.Button(
        sign,
        type="button",
        className="button past__step",
        title=label,
        **attributes(aria_label=label, data_past_step=str(months)),
    )
