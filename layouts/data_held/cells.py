"""Parts of the tables about what is held. They must not know a frame."""

from __future__ import annotations

from typing import Any

import pandas as pd
from dash import html

from layouts.attributes import attributes
from layouts.scene import Scene


def known(key: str, text: str, scene: Scene) -> str:
    """Return a text of the words where there is one, else the code itself."""
    return scene.words(key) if scene.words.has(key) else str(text)


def button(label: str, event: str) -> html.Button:
    """Return a text that selects."""
    return html.Button(label, type="button", className="mark", **attributes(data_event=event))


def day(value: Any, scene: Scene) -> str:
    """Write a day; a missing one as a dash."""
    return scene.words.day(None if pd.isna(value) else pd.Timestamp(value).date())


def age(days: Any, scene: Scene) -> str:
    """Write a number of days; a missing one as a dash."""
    return scene.words.value(None if pd.isna(days) else float(days), "days")


def table(head: list[Any], body: list[Any], label: str) -> html.Div:
    """Return a table that scrolls in its place."""
    return html.Div(
        html.Table([html.Thead(html.Tr(head)), html.Tbody(body)], className="data-table"),
        className="table-scroll",
        tabIndex="0",
        **attributes(role="region", aria_label=label),
    )
