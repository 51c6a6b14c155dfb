"""Says who looks on, on every page, and links the same page for an audience of fewer."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from dash import html

from dashboard.audience import EVERYTHING, TIERS, Audience
from dashboard.selection import Selection
from layouts.attributes import attributes
from layouts.scene import Scene

MEMBERS_AT_MOST: Final = 6
"""Of the chosen members, those that an audience is offered for."""


def audience_badge(scene: Scene) -> list[Any]:
    """Return who looks on as a badge, or nothing if nobody is kept back."""
    text = scene.audience_text
    return [html.Span(text, className="tag tag--audience")] if text else []


def audience_menu(scene: Scene, widest: Audience) -> html.Details:
    """Return who looks on, as a menu of the page for others.

    The ways are whole page loads: nothing of the page before stays in the browser.
    """
    words = scene.words
    ways = [
        html.A(
            label(audience, scene),
            href=scene.path + _shown_to(audience, address, scene).search(),
            className="audience__way",
            **attributes(aria_current="true" if audience == scene.audience else "false"),
        )
        for audience, address in offered(scene, widest)
    ]
    shown = scene.audience_text
    return html.Details(
        [
            html.Summary(
                shown or words("audience.everything"),
                className="tag tag--audience" if shown else "audience__summary",
                title=words("audience.menu"),
            ),
            html.Div(
                [html.P(words("audience.menu_hint"), className="hint"), *ways],
                className="audience__ways",
            ),
        ],
        className="audience",
    )


def offered(scene: Scene, widest: Audience) -> list[tuple[Audience, str | None]]:
    """Return the audiences that the page can be shown to, each with its part of the address."""
    found = [widest]
    if widest.is_everything:
        found += [Audience("region", region) for region in scene.catalogue.regions]
    if widest.mode in ("everything", "region"):
        chosen = [*scene.chosen.members[:MEMBERS_AT_MOST]]
        if scene.audience.mode == "member" and scene.audience.subject not in chosen:
            chosen.append(scene.audience.subject)
        found += [Audience("member", iso3) for iso3 in chosen]
    found.append(TIERS)
    return [
        (audience, None if audience == widest else str(audience))
        for audience in dict.fromkeys(found)
    ]


def _shown_to(audience: Audience, address: str | None, scene: Scene) -> Selection:
    """Return what is selected, for an audience; one that is of a member begins with that member."""
    chosen = replace(scene.chosen, audience=address)
    return replace(chosen, members=(audience.subject,)) if audience.mode == "member" else chosen


def label(audience: Audience, scene: Scene) -> str:
    """Return an audience in words."""
    if audience == EVERYTHING:
        return scene.words("audience.everything")
    names = scene.names
    subject = (
        names.region(audience.subject)
        if audience.mode == "region"
        else names.member(audience.subject)
    )
    return scene.words(f"audience.{audience.mode}", subject=subject)
