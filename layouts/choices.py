"""Choices of a view's own: groups of buttons, of which one is on."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html

from layouts.attributes import attributes


def choice_group(
    label: str,
    kind: str,
    options: Sequence[tuple[str, str]],
    chosen: str | None,
    *,
    key: str | None = None,
) -> html.Div:
    """Return a group of buttons that send events.

    Parameters
    ----------
    label : str
        What is chosen.
    kind : str
        Of the event.
    options : sequence of (str, str)
        Values and texts; the first is the default, whose button releases the field.
    chosen : str or None
        The value that holds.
    key : str, optional
        Key of the field in the address, if it is not ``kind``.

    Returns
    -------
    html.Div
        The group; ``assets/app.js`` keeps it in step with the address.
    """
    default = options[0][0]
    buttons = [
        html.Button(
            text[:1].upper() + text[1:],
            type="button",
            className="button is-on" if value == chosen else "button",
            **attributes(
                # An empty value releases the field, so that the default leaves no chip.
                data_event=f"{kind}:" if value == default else f"{kind}:{value}",
                data_choice=f"{key or kind}:{value}",
                data_default="1" if value == default else "",
                aria_pressed="true" if value == chosen else "false",
            ),
        )
        for value, text in options
    ]
    return html.Div(
        [html.Span(label, className="choice__label"), html.Div(buttons, className="choice__set")],
        className="choice",
        role="group",
        **attributes(aria_label=label),
    )
