"""The view's own controls: flow, measure and source as groups of buttons."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from dashboard.selection import FLOWS, SOURCES, TRADE_MEASURES
from layouts.attributes import attributes
from layouts.scene import Scene

FLOW_ORDER = ("X", "M", "RX", "RM")


def controls(scene: Scene) -> list[Any]:
    """Return the three groups; the first button of each is the default and releases the field."""
    words, selection = scene.words, scene.selection
    assert set(FLOW_ORDER) == set(FLOWS)
    return [
        choice_group(
            words("flows.control.flow"),
            "flow",
            [(flow, words(f"flow.{flow}")) for flow in FLOW_ORDER],
            selection.flow,
        ),
        choice_group(
            words("flows.control.measure"),
            "measure",
            [(measure, words.label(measure)) for measure in TRADE_MEASURES],
            selection.measure,
        ),
        choice_group(
            words("flows.control.source"),
            "source",
            [(source, words(f"source.{source}")) for source in SOURCES],
            selection.source,
        ),
    ]


def choice_group(
    label: str, kind: str, options: Sequence[tuple[str, str]], chosen: str | None
) -> Any:
    default = options[0][0]
    buttons = [
        html.Button(
            text[:1].upper() + text[1:],
            type="button",
            className="button is-on" if value == chosen else "button",
            **attributes(
                # An empty value releases the field, so that the default leaves no chip.
                data_event=f"{kind}:" if value == default else f"{kind}:{value}",
                data_choice=f"{kind}:{value}",
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
