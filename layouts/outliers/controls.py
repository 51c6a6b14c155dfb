"""The desk's own controls: flow, and state of the cases."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from dashboard.cases import STATES
from layouts.attributes import attributes
from layouts.outliers.wording import flow_text
from layouts.scene import Scene

FLOWS = ("X", "M")


def controls(scene: Scene) -> list[Any]:
    """Return the two groups; the first button of each is the default and releases the field."""
    words, selection = scene.words, scene.selection
    states = [("", words("outliers.every_state"))]
    states += [(state, words(f"outliers.state.{state}")) for state in STATES]
    flows = [(flow, flow_text(flow, scene)) for flow in FLOWS]
    return [
        _group(words("outliers.control_flow"), "flow", flows, selection.flow or ""),
        _group(words("outliers.control_state"), "status", states, selection.status or ""),
    ]


def _group(label: str, kind: str, options: Sequence[tuple[str, str]], chosen: str) -> Any:
    default = options[0][0]
    buttons = [
        html.Button(
            text,
            type="button",
            className="button is-on" if value == chosen else "button",
            **attributes(
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
