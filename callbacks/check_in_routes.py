"""``POST /check-in/<key_result>`` appends to the log; ``/calendar/check-ins.ics`` tells due days.

Who may write, and how a request is refused, is `callbacks.writing`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import flask

from callbacks import writing
from callbacks.data_routes import problem
from callbacks.services import Services
from callbacks.views.check_in import DUE
from callbacks.writing import Call, RefusedError
from dashboard.check_ins import CheckInError, checked_check_in
from dashboard.framework import KeyResult
from dashboard.selection import LANGUAGES, Selection
from dashboard.warehouse.check_ins import known_of
from dashboard.warehouse.ledger import Entry, EntryMovedError
from dashboard.words import Words
from layouts.check_in.calendar_file import check_in_calendar


def register(server: flask.Flask, services: Services) -> None:
    """Attach the route."""

    @server.post("/check-in/<key_result>")
    def write_check_in(key_result: str) -> flask.Response:
        def write(call: Call) -> Mapping[str, Any]:
            result = _result(services, key_result)
            kept = _write(services, result, call)
            return {
                "number": int(kept["number"]),
                "value": kept["value"],
                "confidence": kept["confidence"],
                "checked_in_on": kept["checked_in_on"].isoformat(),
                "sentence": _said(services.words(_language(call)), kept, result),
            }

        return writing.answer(services, write, words="check-in", numbers={})

    @server.get("/calendar/check-ins.ics")
    def give_calendar() -> flask.Response:
        return _calendar(services)


def _result(services: Services, name: str) -> KeyResult:
    for result in services.framework.key_results:
        if result.id == name:
            return result
    raise RefusedError(
        404,
        "result",
        f"There is no key result {name[:40]!r}.",
        "Choose one of /data/key_results.json.",
    )


def _write(services: Services, result: KeyResult, call: Call) -> Entry:
    log = services.check_ins
    services.ledger.check_writable()
    before = log.answered(result.id, call.request_id)
    if before is not None:
        return before  # the same request once more: its answer was lost on the way
    count = log.count(result.id)
    if count != call.seen:
        raise EntryMovedError(
            f"The key result has {count} entries, and the writer saw {call.seen}.",
            remedy="Read what was written, then send the check-in again.",
        )
    now = datetime.now(UTC)
    try:
        check_in = checked_check_in(call.body, result, now=now, language=_language(call))
    except CheckInError as error:
        raise RefusedError(
            422,
            "entry",
            error.found,
            f"{error.accepted} {error.remedy}",
            {problem.field: problem.sentence for problem in error.problems},
        ) from None
    known = known_of(services.warehouse, result, log.typed(), services.catalogue.data_on)
    return log.write(result.id, check_in, known, seen=call.seen, request_id=call.request_id, at=now)


def _language(call: Call) -> str:
    language = call.body.get("lang")
    return language if language in LANGUAGES else "en"


def _said(words: Words, kept: Entry, result: KeyResult) -> str:
    """Say what was written, precisely enough to see a wrong unit."""
    value = kept["value"]
    if value is not None:
        digits = 2 if result.unit == "share" else 1
        number = words.number(value * 100 if result.unit == "share" else value, digits)
        unit = " %" if result.unit == "share" else ""
        value = words("check-in.saved_value", value=f"{number}{unit}")
    return words(
        "check-in.saved",
        value=value or "",
        share=words.value(kept["confidence"], "share"),
        day=words.day(kept["checked_in_on"]),
    )


def _calendar(services: Services) -> flask.Response:
    language = flask.request.args.get("lang", "en")
    owner = flask.request.args.get("owner")
    due = DUE.read(services, Selection().resolve(services.catalogue))
    owners = sorted(set(due["owner"]))
    if language not in LANGUAGES:
        return problem(404, f"There is no language {language[:40]!r}.", "Use en or fr.")
    if owner is not None and owner not in owners:
        return problem(
            404, f"There is no owner {owner[:40]!r}.", f"Use one of {', '.join(owners)}."
        )
    if owner is not None:
        due = due[due["owner"] == owner]
    words, generation = services.words(language), services.generation
    response = flask.Response(mimetype="text/calendar")
    response.set_data(
        check_in_calendar(due, owner or words("check-in.every_owner"), words, generation.info)
    )
    # It changes with every check-in, so a program that subscribes always asks.
    response.headers["Cache-Control"] = "no-cache"
    word = "-synthetic" if generation.info.get("is_synthetic") == "true" else ""
    response.headers["Content-Disposition"] = f'inline; filename="check-ins{word}.ics"'
    response.headers["X-Warehouse-Version"] = generation.version
    response.headers["X-Audience"] = str(services.config.audience)
    return response
