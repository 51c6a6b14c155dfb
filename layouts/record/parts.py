"""Parts of the tables of the record. They must not know a frame."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from layouts.attributes import attributes
from layouts.elements import Element, element
from layouts.scene import Scene

PUBLISH: str = './run scores publish --by "…"'
"""The command that makes a run."""


def table(heads: Sequence[tuple[str, str]], body: list[Element], label: str) -> Element:
    """Return a table that scrolls in its place; a head is its text and its class."""
    head = [element("Th", text, scope="col", className=kind) for text, kind in heads]
    return element(
        "Div",
        element(
            "Table",
            [element("Thead", element("Tr", head)), element("Tbody", body)],
            className="data-table",
        ),
        className="table-scroll",
        tabIndex="0",
        role="region",
        **attributes(aria_label=label),
    )


def cell(children: Any, kind: str = "") -> Element:
    """Return a cell."""
    return element("Td", children, className=kind)


def day(value: Any, scene: Scene) -> str:
    """Write the day of an instant."""
    return scene.words.day(pd.Timestamp(value).date())


def tier_name(tier: Any, scene: Scene) -> str:
    """Return a tier's name; a dash for none, the id of one that the framework has no more."""
    if not isinstance(tier, str) or not tier:
        return "–"
    names = {one.id: getattr(one.name, scene.words.language) for one in scene.framework.tiers}
    return str(names.get(tier, tier))


def nothing_published(scene: Scene) -> str:
    """Say that there is no run yet, and how to make one."""
    return scene.words("record.nothing_published", command=PUBLISH)
