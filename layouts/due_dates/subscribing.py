"""Addresses of the calendar for other programs: to subscribe to, to copy, to download."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode

from dash import html

from layouts.attributes import attributes
from layouts.panels import Drawing, Frames
from layouts.scene import Scene

MEMBERS_AT_MOST: Final = 8


def calendar_path(
    kind: str, key: str, collection: str | None, language: str, audience: str | None = None
) -> str:
    """Return the path of a calendar file.

    Defaults are left out, so that the same calendar has one address.
    """
    pairs = {}
    if audience:
        pairs["audience"] = audience
    if collection:
        pairs["collection"] = collection
    if language != "en":
        pairs["lang"] = language
    query = "?" + urlencode(pairs, safe=":") if pairs else ""
    return f"/calendar/{kind}/{key}.ics{query}"


def draw_subscriptions(_frames: Frames, scene: Scene) -> Drawing:
    """The calendars of the chosen members, of the chosen regions, or of every region."""
    words, names, chosen = scene.words, scene.names, scene.chosen
    calendars = [("region", region, names.region(region)) for region in chosen.regions]
    if chosen.members:
        calendars = [("member", one, names.member(one)) for one in chosen.members[:MEMBERS_AT_MOST]]
    if not calendars:
        calendars = [
            ("region", one, names.region(one)) for one in scene.catalogue.selectable_regions
        ]
    if not calendars and scene.audience.mode == "member":
        iso3 = scene.audience.subject
        calendars = [("member", iso3, names.member(iso3))]
    if not calendars:
        closed = words("audience.closed", audience=scene.audience_text)
        return Drawing(empty=closed, is_closed=True)
    collection = chosen.collection
    what = names.collections[collection] if collection else words("due-dates.every_collection")
    rows = [
        _calendar(
            calendar_path(kind, key, collection, words.language, chosen.audience), name, scene
        )
        for kind, key, name in calendars
    ]
    notes: list[Any] = [html.P(words("due-dates.subscribe_note"), className="hint")]
    if not chosen.members:
        notes.append(html.P(words("due-dates.subscribe_member"), className="hint"))
    if chosen.as_of:
        notes.append(html.P(words("due-dates.subscribe_present"), className="hint"))
    return Drawing(
        children=html.Div([html.Ul(rows, className="subscriptions"), *notes]), subtitle=what
    )


def _calendar(path: str, name: str, scene: Scene) -> html.Li:
    words = scene.words
    return html.Li(
        [
            html.Span(name, className="subscriptions__name"),
            html.Span(
                [
                    html.A(
                        words("due-dates.subscribe_to"),
                        href=path,
                        className="button",
                        **attributes(
                            data_webcal=path,
                            aria_label=f"{words('due-dates.subscribe_to')}: {name}",
                        ),
                    ),
                    html.Button(
                        words("due-dates.copy_address"),
                        type="button",
                        className="button",
                        **attributes(
                            data_copy_address=path,
                            data_done=words("common.copied"),
                            aria_label=f"{words('due-dates.copy_address')}: {name}",
                        ),
                    ),
                    html.A(
                        ".ics",
                        href=path,
                        download="",
                        className="button",
                        title=words("due-dates.download"),
                        **attributes(aria_label=f"{words('due-dates.download')}: {name}"),
                    ),
                ],
                className="subscriptions__ways",
            ),
        ]
    )
