"""Due dates as calendar files: ``/calendar/region/<id>.ics`` and ``/calendar/member/<iso3>.ics``.

They show the present of the generation that is served; a program that asks again is told
whether anything has changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import replace
from typing import Final
from urllib.parse import urlencode

import flask
import pandas as pd

from callbacks.data_routes import closed, problem
from callbacks.services import Services
from callbacks.views.due_dates_frames import DUE_OBLIGATIONS
from dashboard.measures import METHOD_VERSION
from dashboard.selection import LANGUAGES, Catalogue, Selection
from layouts.due_dates.calendar_file import Subject, calendar_file

FRESH_SECONDS: Final = 3600
"""A subscribed calendar need not ask again sooner."""


def register(server: flask.Flask, services: Services) -> None:
    """Attach the two addresses."""

    @server.get("/calendar/region/<key>.ics")
    def give_region(key: str) -> flask.Response:
        asked, catalogue = _asked(services)
        if not catalogue.selectable_regions:
            return closed(services, asked)
        if key not in catalogue.selectable_regions:
            return _unknown("region", key, catalogue, catalogue.selectable_regions)
        return _calendar(services, "region", key, asked, catalogue)

    @server.get("/calendar/member/<key>.ics")
    def give_member(key: str) -> flask.Response:
        asked, catalogue = _asked(services)
        if not catalogue.members:
            return closed(services, asked)
        if key not in catalogue.members:
            return problem(
                404,
                f"There is no member {_echo(key, catalogue)}.",
                "Use a member's three-letter ISO code in capitals; "
                "the due-dates page links every calendar.",
            )
        return _calendar(services, "member", key, asked, catalogue)


def _asked(services: Services) -> tuple[Selection, Catalogue]:
    """Return who looks on, as the address says it, and what that audience can ask for."""
    given = {"audience": flask.request.args.get("audience"), "lang": flask.request.args.get("lang")}
    text = urlencode({key: value for key, value in given.items() if value is not None})
    asked, _ = Selection.from_search(text, services.catalogue)
    return asked, services.catalogue.seen_by(services.audience(asked))


def _echo(key: str, catalogue: Catalogue) -> str:
    # The name of who may not be named is not repeated, whether there is such a member or not.
    return repr(key[:40]) if catalogue.audience.is_everything else "of that name"


def _unknown(what: str, key: str, catalogue: Catalogue, known: Collection[str]) -> flask.Response:
    return problem(
        404,
        f"There is no {what} {_echo(key, catalogue)}.",
        f"Use one of {', '.join(sorted(known))}.",
    )


def _calendar(
    services: Services, kind: str, key: str, asked: Selection, catalogue: Catalogue
) -> flask.Response:
    collection = flask.request.args.get("collection")
    language = flask.request.args.get("lang", "en")
    if collection is not None and collection not in catalogue.collections:
        return _unknown("collection", collection, catalogue, catalogue.collections)
    if language not in LANGUAGES:
        return _unknown("language", language, catalogue, LANGUAGES)
    generation = services.generation
    parts = (generation.version, METHOD_VERSION, services.config.release, kind, key, collection)
    tag = hashlib.sha256(repr((*parts, language, str(catalogue.audience))).encode()).hexdigest()[
        :32
    ]
    response = flask.Response(mimetype="text/calendar")
    # The same words are sent compressed or not, so the tag is a weak one.
    response.set_etag(tag, weak=True)
    response.headers["Cache-Control"] = f"public, max-age={FRESH_SECONDS}"
    if flask.request.if_none_match.contains_weak(tag):
        response.status_code = 304
        return response
    names = services.names(language, catalogue.audience)
    name = names.member(key) if kind == "member" else names.region(key, is_short=False)
    is_member = kind == "member"
    chosen = replace(asked, members=(key,)) if is_member else replace(asked, regions=(key,))
    rows = _of(DUE_OBLIGATIONS.read(services, chosen.resolve(services.catalogue)), collection)
    subject = Subject(kind, key, name)
    response.set_data(
        calendar_file(rows, subject, services.words(language), names, generation.info)
    )
    word = "-synthetic" if generation.info.get("is_synthetic") == "true" else ""
    response.headers["Content-Disposition"] = f'inline; filename="due-{key}{word}.ics"'
    response.headers["X-Warehouse-Version"] = generation.version
    response.headers["X-Audience"] = str(catalogue.audience)
    return response


def _of(rows: pd.DataFrame, collection: str | None) -> pd.DataFrame:
    return rows if collection is None else rows[rows["collection_id"] == collection]
