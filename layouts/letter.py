"""A letter that is ready to be copied, with the button that copies it."""

from __future__ import annotations

from typing import Any

from dash import html

from layouts.attributes import attributes
from layouts.scene import Scene


def copyable(target: str, row: Any, scene: Scene, *, button: str, about: str) -> list[html.Div]:
    """Return the button and the text that it copies.

    ``row`` has ``title``, ``text`` and ``language``; ``target`` is the id of the text, and
    ``about`` tells a screen reader which of several letters the ``button`` is of.
    """
    copies = html.Button(
        button,
        type="button",
        className="button",
        **attributes(
            data_copies=target,
            data_done=scene.words("common.copied"),
            aria_label=f"{button}: {about}",
        ),
    )
    text = [html.Div(f"{row.title}\n\n", className="letter__title"), html.Div(row.text)]
    return [
        html.Div(copies, className="letter__tools"),
        html.Div(text, id=target, className="letter__text", lang=row.language),
    ]


def letter(row: Any, target: str, scene: Scene, *, button: str) -> html.Details:
    """Return a letter that opens under the name of its language; that of the page is open."""
    language = scene.words(f"common.language_{row.language}")
    return html.Details(
        [html.Summary(language), *copyable(target, row, scene, button=button, about=language)],
        className="letter",
        open=row.language == scene.words.language,
    )
