"""Elements as plain values, for tables of thousands of cells.

A component of Dash checks its properties when it is made and once more when it is written; for
a large table that takes longer than everything else. What is made here is what Dash would send.
"""

from __future__ import annotations

from typing import Any

Element = dict[str, Any]


def element(tag: str, children: Any = None, **properties: Any) -> Element:
    """Return an element.

    ``tag`` is a component of ``dash.html``, such as ``Td``; ``properties`` are Dash's
    (``className``, ``title``); those with a hyphen come from ``layouts.attributes``.
    """
    return {
        "type": tag,
        "namespace": "dash_html_components",
        "props": {"children": children, **properties},
    }
