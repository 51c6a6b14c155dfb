"""The ways between views: the top bar, and the bars of views under a view."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from dash import dcc, html

from dashboard import ids
from dashboard.words import Words
from layouts.attributes import attributes
from layouts.panels import View


def top_bar(
    views: Sequence[View],
    words: Words,
    info: Mapping[str, str],
    *,
    open_views: Collection[str],
    kept: str = "",
) -> html.Header:
    """Return the bar with the name, the views and the tools."""
    other = "fr" if words.language == "en" else "en"
    brand: list[Any] = [
        html.Strong(words("common.organisation")),
        html.Span(words("common.product")),
    ]
    if info.get("is_synthetic") == "true":
        brand.append(html.Span(words("common.synthetic_badge"), className="tag tag--synthetic"))
    return html.Header(
        [
            dcc.Link(brand, href=f"/{kept}", className="brand", id=ids.navigation("home")),
            html.Nav(
                [
                    dcc.Link(
                        words(f"{view.id}.name"),
                        href=view.path,
                        id=ids.navigation(view.id),
                        className="top-bar__view",
                        style=_style(view.id in open_views),
                    )
                    for view in views
                    if view.parent is None
                ],
                className="top-bar__views",
                **attributes(aria_label=words("common.views")),
            ),
            html.Div(
                [
                    html.A(
                        words(f"common.language_{other}"),
                        href=f"?lang={other}",
                        id=ids.LANGUAGE_LINK,
                        className="top-bar__tool",
                        lang=other,
                    ),
                    html.Button(
                        "◐",
                        id=ids.THEME_BUTTON,
                        type="button",
                        className="top-bar__tool",
                        title=words("common.theme"),
                        **attributes(aria_label=words("common.theme"), data_theme_toggle="1"),
                    ),
                    dcc.Link(
                        words("common.present"),
                        href=f"/present/overview{kept}",
                        id=ids.PRESENT_LINK,
                        className="top-bar__tool",
                    ),
                ],
                className="top-bar__tools",
            ),
        ],
        id=ids.TOP_BAR,
        className="top-bar",
    )


def _style(is_open: bool) -> dict[str, str]:
    # The link stays on the page, since its address is kept with the selection.
    return {} if is_open else {"display": "none"}


def subjects(views: Sequence[View]) -> dict[str, list[View]]:
    """Return each view of the top bar with those under it, itself first."""
    return {
        view.id: [view, *(other for other in views if other.parent == view.id)]
        for view in views
        if view.parent is None
    }


def navigation_paths(views: Sequence[View]) -> dict[str, str]:
    """Return the path behind each link to a view, by the name of its id in ``ids.navigation``.

    A view of the top bar with others under it is linked twice: there, and first among them.
    """
    groups = subjects(views)
    again = {f"{name}-itself": group[0].path for name, group in groups.items() if len(group) > 1}
    return {view.id: view.path for view in views} | again


def sub_bar(group: Sequence[View], words: Words, *, open_views: Collection[str]) -> html.Nav:
    """Return the bar that links a view and those under it; the page shows the one it is in."""
    parent, *others = group
    links = [(f"{parent.id}-itself", words(f"{parent.id}.short"), parent)]
    links += [(view.id, words(f"{view.id}.name"), view) for view in others]
    return html.Nav(
        [
            dcc.Link(
                label,
                href=view.path,
                id=ids.navigation(name),
                className="sub-bar__view",
                style=_style(view.id in open_views),
            )
            for name, label, view in links
        ],
        className="sub-bar",
        hidden=True,
        **attributes(aria_label=words(f"{parent.id}.name")),
    )
