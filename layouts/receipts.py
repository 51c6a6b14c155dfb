"""The receipt of a panel: what its figures are, how they are defined, and of which data.

It must not read data: the facts are handed in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from dash import html

from dashboard.frames import Column
from dashboard.words import Words
from layouts.attributes import attributes

SHOWN: Final = (
    *("framework", "method_version", "version", "data_on", "as_of", "audience", "source"),
)
"""Facts of the data's origin that a receipt has, in this order."""


def receipt_of(
    name: str,
    columns: Sequence[Column],
    origin: Mapping[str, Any],
    search: str,
    words: Words,
) -> html.Div:
    """Return the receipt of a frame that a panel is drawn from."""
    facts: list[tuple[str, Any]] = [
        (words("receipt.frame"), [words(f"frame.{name}"), " ", html.Code(name)]),
        (words("receipt.selection"), html.Code(search or words("receipt.nothing_chosen"))),
        *(
            (words(f"receipt.{key}"), str(origin[key]))
            for key in SHOWN
            if origin.get(key) is not None
        ),
    ]
    pairs: list[Any] = []
    for term, told in facts:
        pairs += [html.Dt(term), html.Dd(told)]
    return html.Div(
        [
            html.H3(words("receipt.title"), className="panel__title"),
            html.Dl(pairs, className="facts receipt__facts"),
            html.Div(_columns(columns, words), className="table-scroll", tabIndex="0"),
            html.P(
                html.A(
                    words("receipt.json"),
                    href=f"/data/{name}.json",
                    className="button",
                    **attributes(data_frame=name, data_format="json"),
                )
            ),
        ],
        className="receipt",
    )


def _columns(columns: Sequence[Column], words: Words) -> html.Table:
    """Return the columns with their units and where each is defined."""
    heads = ("column", "unit", "defined")
    head = html.Tr([html.Th(words(f"receipt.{one}"), scope="col") for one in heads])
    body = [
        html.Tr(
            [
                html.Td([words(column.label_key), " ", html.Code(column.name)]),
                html.Td(words(f"unit.{column.unit_name}") if _has_unit(column, words) else ""),
                html.Td(
                    html.Code(f"docs/indicators.md#{column.measure}") if column.measure else ""
                ),
            ]
        )
        for column in columns
    ]
    return html.Table([html.Thead(head), html.Tbody(body)], className="data-table")


def _has_unit(column: Column, words: Words) -> bool:
    return column.unit_name is not None and words.has(f"unit.{column.unit_name}")
