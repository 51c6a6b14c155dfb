"""The page around the views: top bar, selection bar, notices, footer.

It must not know what a view shows.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import dash_bootstrap_components as dbc
from dash import dcc, html

from dashboard import ids
from dashboard.selection import Catalogue, Notice, shift_month
from dashboard.words import Words
from layouts.attributes import attributes
from layouts.audiences import audience_badge
from layouts.navigation import sub_bar, subjects, top_bar
from layouts.panels import Panel, View, panel_frame
from layouts.past import past_slider, past_text
from layouts.scene import Names, Scene

ALL_REGIONS = "all"
"""Value of the region control that stands for no region chosen."""


def page(
    views: Sequence[View],
    catalogue: Catalogue,
    names: Names,
    words: Words,
    info: Mapping[str, str],
    *,
    open_views: Collection[str],
    kept: str = "",
) -> html.Div:
    """Return the whole page, still without a view in it.

    ``open_views`` are those that have anything to show to who looks on; ``kept`` is the part of
    the address that even a fresh start keeps.
    """
    return html.Div(
        [
            dcc.Location(id=ids.URL, refresh="callback-nav"),
            dcc.Store(id=ids.SELECTION),
            dcc.Store(id=ids.EVENT),
            dcc.Store(id=ids.THEME),
            html.A(words("common.skip"), href=f"#{ids.PAGE}", className="skip-link"),
            top_bar(views, words, info, open_views=open_views, kept=kept),
            *(
                sub_bar(group, words, open_views=open_views)
                for group in subjects(views).values()
                if len(group) > 1
            ),
            _selection_bar(catalogue, names, words),
            html.Div(id=ids.NOTICES, className="notices", role="status"),
            html.Main(id=ids.PAGE, tabIndex="-1"),
            html.Div(
                id=ids.ANNOUNCER, className="visually-hidden", **attributes(aria_live="polite")
            ),
            html.Footer(footer_children(words, info, kept), id=ids.FOOTER, className="footer"),
            html.Div(words("common.offline"), id=ids.BADGE, className="badge-offline", hidden=True),
        ],
        className="app",
        lang=words.language,
    )


def _selection_bar(catalogue: Catalogue, names: Names, words: Words) -> html.Section:
    return html.Section(
        [
            html.Button(
                words("common.selection"),
                id=ids.FOLD_BUTTON,
                type="button",
                className="selection-bar__fold",
                **attributes(aria_controls=ids.FOLD, aria_expanded="false", data_fold=ids.FOLD),
            ),
            html.Div(
                [
                    _labelled(
                        words("common.collection"),
                        _select(
                            ids.COLLECTION,
                            [(name, names.collections[name]) for name in catalogue.collections],
                        ),
                        "wide",
                    ),
                    _labelled(words("common.from"), _select(ids.FIRST, _months(catalogue, words))),
                    _labelled(words("common.to"), _select(ids.LAST, _months(catalogue, words))),
                    _labelled(
                        words("common.region"),
                        _select(
                            ids.REGION,
                            [
                                (ALL_REGIONS, words("common.all_regions")),
                                *(
                                    (region, names.region(region))
                                    for region in catalogue.selectable_regions
                                ),
                            ],
                        ),
                    ),
                    _labelled(
                        words("common.member"),
                        html.Div(
                            [
                                dbc.Input(
                                    id=ids.MEMBER,
                                    type="text",
                                    list=ids.MEMBER_NAMES,
                                    placeholder=words("common.member_hint"),
                                    autoComplete="off",
                                    debounce=True,
                                    size="sm",
                                ),
                                html.Datalist(
                                    [
                                        html.Option(value=names.member(iso3), label=iso3)
                                        for iso3 in catalogue.members
                                    ],
                                    id=ids.MEMBER_NAMES,
                                ),
                            ]
                        ),
                    ),
                    _labelled(
                        words("common.as_of_label"),
                        dbc.Input(
                            id=ids.AS_OF,
                            type="date",
                            min=catalogue.known_from.isoformat(),
                            max=catalogue.data_on.isoformat(),
                            debounce=True,
                            size="sm",
                        ),
                    ),
                    past_slider(catalogue, words),
                ],
                className="selection-bar__controls",
                id=ids.FOLD,
            ),
            html.Div(id=ids.CHIPS, className="chips"),
        ],
        id=ids.SELECTION_BAR,
        className="selection-bar",
        **attributes(aria_label=words("common.selection")),
    )


def _labelled(text: str, control: Any, kind: str = "") -> html.Label:
    return html.Label(
        [html.Span(text, className="control__label"), control],
        className=f"control {f'control--{kind}' if kind else ''}".strip(),
    )


def _select(component_id: str, options: Sequence[tuple[str, str]]) -> dbc.Select:
    return dbc.Select(
        id=component_id,
        options=[{"value": value, "label": label} for value, label in options],
        size="sm",
    )


def _months(catalogue: Catalogue, words: Words) -> list[tuple[str, str]]:
    low, high = catalogue.months
    months: list[tuple[str, str]] = []
    month = high
    while month >= low:
        months.append((month, words.month(month)))
        month = shift_month(month, -1)
    return months


def notice_children(words: Words, notices: Sequence[Notice]) -> list[Any]:
    """Return the sentences about what a URL asked for and did not get."""
    return [
        html.P(words(f"notice.{notice.key}", found=notice.found, accepted=notice.accepted))
        for notice in notices
    ]


def footer_children(words: Words, info: Mapping[str, str], kept: str = "") -> list[Any]:
    """Return the footer: source, data date, version."""
    source = info.get("source" if words.language == "en" else "source_fr", "")
    return [
        html.Span(source),
        html.Span(words("common.version", version=info.get("version", ""))),
        dcc.Link(words("common.about_data"), href=f"/data-held{kept}"),
    ]


def view_page(view: View, scene: Scene) -> html.Div:
    """Return a view: its own controls and its panels, still empty."""
    parts: list[Any] = [html.H1(scene.words(f"{view.id}.title"), className="view__title")]
    if view.controls is not None:
        parts.append(html.Div(view.controls(scene), className="view__controls"))
    parts.append(
        html.Div(
            [panel_frame(view, panel, scene.words) for panel in view.panels],
            className="panels",
        )
    )
    return html.Div(parts, className=f"view view--{view.id}")


def stage_page(
    view: View,
    panel_index: int,
    scene: Scene,
    before: str,
    after: str,
    search: str,
    staged: Sequence[Panel] = (),
) -> html.Div:
    """Return one panel for the stage, with the ways to the one before and the next.

    ``staged`` are the panels of the view that are shown there, by default all for the stage.
    """
    staged = staged or [panel for panel in view.panels if panel.is_staged]
    panel = staged[panel_index]
    words = scene.words
    return html.Div(
        [
            html.Div(
                panel_frame(view, panel, words, is_present=True),
                className="stage__panel",
            ),
            html.Footer(
                [
                    html.Span(scene.source_text()),
                    html.Span(past_text(words, scene.as_of), className="stage__past")
                    if scene.chosen.as_of
                    else html.Span(words("common.as_of", day=words.day(scene.as_of))),
                    *audience_badge(scene),
                    *([view.staged_controls(scene)] if view.staged_controls else []),
                    html.Span(f"{words(f'{view.id}.name')} {panel_index + 1}/{len(staged)}"),
                    dcc.Link(
                        "‹",
                        href=before + search,
                        className="stage__step",
                        title=words("common.previous"),
                    ),
                    dcc.Link(
                        "›",
                        href=after + search,
                        className="stage__step",
                        title=words("common.next"),
                    ),
                    dcc.Link(
                        "×",
                        href=view.path + search,
                        className="stage__step",
                        title=words("common.leave_stage"),
                    ),
                ],
                className="stage__footer",
            ),
        ],
        className=f"stage stage--{view.id}",
        **attributes(
            data_previous=before + search, data_next=after + search, data_leave=view.path + search
        ),
    )


def trouble_page(words: Words, found: str, remedy: str, kept: str = "") -> html.Div:
    """Return the page that stands in for everything while there is no warehouse."""
    return html.Div(
        html.Main(
            [
                html.H1(words("common.trouble_title")),
                html.P(found),
                html.P(remedy),
                html.A(words("common.try_again"), href=f"/{kept}", className="button"),
            ],
            className="trouble",
        ),
        className="app",
    )
