"""Elements as plain values, for tables of thousands of cells.

A component of Dash checks its properties when it is made and once more when it is written; for
a large table that takes longer than everything else. What is made here is what Dash would send.
"""

from __future__ import annotations

from typing import Any

from layouts.attributes import attributes
from layouts.palette import REGION_COLOURS
from layouts.scene import Scene

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


def member_heading(row: Any, scene: Scene) -> Element:
    """Return the heading of a member's row: the dot of its region, and its name to select it."""
    colour = REGION_COLOURS.get(row.region_id, scene.palette.muted)
    return element(
        "Th",
        [
            element(
                "Span",
                className="region-dot",
                title=scene.names.region(row.region_id),
                style={"background": colour},
            ),
            element(
                "Button",
                scene.names.member(row.member_iso3),
                type="button",
                className="mark",
                **attributes(data_event=f"member:{row.member_iso3}"),
            ),
        ],
        scope="row",
    )
