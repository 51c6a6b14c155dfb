"""A reminder to each owner, in both languages, ready to be copied; due days as a calendar."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from dash import html

from dashboard import ids
from layouts.attributes import attributes
from layouts.charts import rows
from layouts.letter import copyable
from layouts.panels import Drawing, Frames
from layouts.scene import Scene

CALENDAR_PATH = "/calendar/check-ins.ics"


def draw_reminders(frames: Frames, scene: Scene) -> Drawing:
    """One letter for each owner and language; the page's language comes first."""
    words = scene.words
    letters = rows(frames["check_in_reminders"])
    owners = list(dict.fromkeys(str(row.owner) for row in letters))
    parts: list[Any] = [_calendar(None, scene)]
    if not owners:
        parts.append(html.P(words("check-in.no_reminder"), className="hint"))
    for number, owner in enumerate(owners):
        own = [row for row in letters if row.owner == owner]
        own.sort(key=lambda row: row.language != words.language)
        parts.append(_of_owner(number, owner, own, scene))
    return Drawing(
        children=html.Div(parts), subtitle=words("common.as_of", day=words.day(scene.as_of))
    )


def calendar_address(owner: str | None, language: str) -> str:
    """Return the path of the calendar of an owner, or of all; defaults are left out."""
    pairs = {"owner": owner} if owner else {}
    if language != "en":
        pairs["lang"] = language
    return CALENDAR_PATH + ("?" + urlencode(pairs) if pairs else "")


def _of_owner(number: int, owner: str, letters: list[Any], scene: Scene) -> html.Details:
    words = scene.words
    counts = words(
        "check-in.owner_counts",
        owner=owner,
        overdue=words.number(int(letters[0].overdue_check_ins)),
        soon=words.number(int(letters[0].soon_check_ins)),
    )
    return html.Details(
        [
            html.Summary(counts),
            html.Div([_letter(number, row, scene) for row in letters], className="reminder"),
            _calendar(owner, scene),
        ],
        className="letter",
        open=number == 0,
    )


def _letter(number: int, row: Any, scene: Scene) -> html.Div:
    words = scene.words
    button = words("check-in.copy", language=words(f"common.language_{row.language}"))
    target = ids.reminder(number, row.language)
    return html.Div(copyable(target, row, scene, button=button, about=row.owner))


def _calendar(owner: str | None, scene: Scene) -> html.P:
    words = scene.words
    path = calendar_address(owner, words.language)
    whose = owner or words("check-in.every_owner")
    return html.P(
        [
            html.Span(words("check-in.calendar", owner=whose), className="soft"),
            " ",
            html.A(
                words("due-dates.subscribe_to"),
                href=path,
                className="button",
                **attributes(
                    data_webcal=path, aria_label=f"{words('due-dates.subscribe_to')}: {whose}"
                ),
            ),
            " ",
            html.A(
                ".ics",
                href=path,
                download="",
                className="button",
                **attributes(aria_label=f"{words('due-dates.download')}: {whose}"),
            ),
        ]
    )
