"""Due dates as calendar files: ``/calendar/region/<id>.ics`` and ``/calendar/member/<iso3>.ics``.

They show the present of the generation that is served; a program that asks again is told
whether anything has changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from typing import Final

import flask
import pandas as pd

from callbacks.data_routes import problem
from callbacks.services import Services
from callbacks.views.due_dates_frames import DUE_OBLIGATIONS
from dashboard.measures import METHOD_VERSION
from dashboard.selection import LANGUAGES, Selection
from layouts.due_dates.calendar_file import Subject, calendar_file

FRESH_SECONDS: Final = 3600
"""A subscribed calendar need not ask again sooner."""


def register(server: flask.Flask, services: Services) -> None:
    """Attach the two addresses."""

    @server.get("/calendar/region/<key>.ics")
    def give_region(key: str) -> flask.Response:
        known = services.catalogue.regions
        if key not in known:
            return _unknown("region", key, known)
        return _calendar(services, "region", key)

    @server.get("/calendar/member/<key>.ics")
    def give_member(key: str) -> flask.Response:
        if key not in services.catalogue.members:
            return problem(
                404,
                f"There is no member {key[:10]!r}.",
                "Use a member's three-letter ISO code in capitals, such as KEN; "
                "the due-dates page links every calendar.",
            )
        return _calendar(services, "member", key)


def _unknown(what: str, key: str, known: Collection[str]) -> flask.Response:
    return problem(
        404, f"There is no {what} {key[:40]!r}.", f"Use one of {', '.join(sorted(known))}."
    )


def _calendar(services: Services, kind: str, key: str) -> flask.Response:
    collection = flask.request.args.get("collection")
    language = flask.request.args.get("lang", "en")
    if collection is not None and collection not in services.catalogue.collections:
        return _unknown("collection", collection, services.catalogue.collections)
    if language not in LANGUAGES:
        return _unknown("language", language, LANGUAGES)
    generation = services.generation
    parts = (generation.version, METHOD_VERSION, services.config.release, kind, key, collection)
    tag = hashlib.sha256(repr((*parts, language)).encode()).hexdigest()[:32]
    response = flask.Response(mimetype="text/calendar")
    # The same words are sent compressed or not, so the tag is a weak one.
    response.set_etag(tag, weak=True)
    response.headers["Cache-Control"] = f"public, max-age={FRESH_SECONDS}"
    if flask.request.if_none_match.contains_weak(tag):
        response.status_code = 304
        return response
    names = services.names(language)
    name = names.member(key) if kind == "member" else names.region(key, is_short=False)
    chosen = Selection(members=(key,)) if kind == "member" else Selection(regions=(key,))
    rows = _of(DUE_OBLIGATIONS.read(services, chosen.resolve(services.catalogue)), collection)
    subject = Subject(kind, key, name)
    response.set_data(
        calendar_file(rows, subject, services.words(language), names, generation.info)
    )
    word = "-synthetic" if generation.info.get("is_synthetic") == "true" else ""
    response.headers["Content-Disposition"] = f'inline; filename="due-{key}{word}.ics"'
    response.headers["X-Warehouse-Version"] = generation.version
    return response


def _of(rows: pd.DataFrame, collection: str | None) -> pd.DataFrame:
    return rows if collection is None else rows[rows["collection_id"] == collection]
