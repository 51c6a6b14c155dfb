"""The one way to write: ``POST /casework/<collection>/<case>`` appends to the log of cases.

There are no accounts, so what stands between a stranger and the log is where requests may come
from: only from pages of this server, with a header that no other site's page can send.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlsplit

import flask
import orjson

from callbacks.services import Services
from callbacks.views.outliers_frames import read_case_row
from dashboard.cases import AUTHOR_AT_MOST, NOTE_AT_MOST, Case, checked_entry, read_case
from dashboard.errors import DashboardError, SelectionError
from dashboard.selection import LANGUAGES, Selection
from dashboard.warehouse.casework import CaseMovedError, CaseworkError, Judged, Position

logger = logging.getLogger(__name__)

HEADER: Final = "X-Casework"
"""A page of another site cannot send it without being asked for leave, which it never gets."""

BODY_BYTES_AT_MOST: Final = 16_000
ENTRIES_AT_MOST: Final = 1_000
"""Of one case: far more than people write, so that no program fills the disk by one case."""

_REQUEST_ID: Final = re.compile(r"[0-9A-Za-z-]{8,64}")


class _RefusedError(Exception):
    """A request that is not carried out: status, key of its sentence, and the precise reason."""

    def __init__(self, status: int, key: str, found: str, remedy: str = "") -> None:
        super().__init__(found)
        self.status, self.key, self.found, self.remedy = status, key, found, remedy


@dataclass(frozen=True)
class _Call:
    collection: str
    case: Case
    body: dict[str, Any]
    seen: int
    request_id: str


def register(server: flask.Flask, services: Services) -> None:
    """Attach the route."""

    @server.post("/casework/<collection>/<case_id>")
    def write_about_case(collection: str, case_id: str) -> flask.Response:
        language = "en"
        try:
            _check_origin()
            body = _body()
            language = body["lang"] if body.get("lang") in LANGUAGES else "en"
            position = _write(services, _call(services, collection, case_id, body))
        except _RefusedError as refused:
            return _refusal(services, language, refused)
        except CaseMovedError as error:
            return _refusal(services, language, _of(409, "moved", error))
        except CaseworkError as error:
            key = "store" if services.casework.is_writable else "off"
            return _refusal(services, language, _of(503 if key == "store" else 403, key, error))
        except SelectionError as error:
            return _refusal(services, language, _of(422, "entry", error))
        answer = {"status": "ok", "state": position.state, "number": position.number}
        return _json(answer, 201)


def _of(status: int, key: str, error: DashboardError) -> _RefusedError:
    return _RefusedError(status, key, error.found, f"{error.accepted} {error.remedy}".strip())


def _check_origin() -> None:
    headers = flask.request.headers
    problem = ""
    if headers.get(HEADER) != "1":
        problem = f"The header {HEADER!r} is missing."
    origin, site = headers.get("Origin"), headers.get("Sec-Fetch-Site")
    if origin is not None and urlsplit(origin).netloc != flask.request.host:
        problem = f"The origin {origin[:80]!r} is not this server."
    if site is not None and site != "same-origin":
        problem = f"The request is {site[:20]!r}, not of the same origin."
    if problem:
        raise _RefusedError(403, "origin", problem, "Write from a page of this server.")


def _body() -> dict[str, Any]:
    request = flask.request
    if request.mimetype != "application/json":
        raise _RefusedError(
            415, "entry", f"The body is {request.mimetype[:40]!r}.", "Send application/json."
        )
    if request.content_length is None or request.content_length > BODY_BYTES_AT_MOST:
        raise _RefusedError(
            413, "entry", f"The body must state its length, at most {BODY_BYTES_AT_MOST} bytes."
        )
    try:
        body = orjson.loads(request.get_data())
    except orjson.JSONDecodeError:
        raise _RefusedError(400, "entry", "The body is not JSON.") from None
    if not isinstance(body, dict):
        raise _RefusedError(400, "entry", "The body is not a JSON object.")
    return body


def _call(services: Services, collection: str, case_id: str, body: dict[str, Any]) -> _Call:
    case = read_case(case_id)
    if case is None or collection not in services.catalogue.trade_collections:
        raise _RefusedError(
            404,
            "case",
            f"There is no case {case_id[:40]!r} in a collection {collection[:40]!r}.",
            "A case is named by member, flow, code and period, such as KEN.X.27.202403.",
        )
    seen, request_id = body.get("seen"), body.get("request")
    if type(seen) is not int or not 0 <= seen < ENTRIES_AT_MOST:
        raise _RefusedError(
            400,
            "entry",
            f"seen={str(seen)[:20]!r} is no number of a last entry.",
            f"Give the number that you saw, 0 to {ENTRIES_AT_MOST - 1}.",
        )
    if not isinstance(request_id, str) or not _REQUEST_ID.fullmatch(request_id):
        raise _RefusedError(
            400,
            "entry",
            f"request={str(request_id)[:20]!r} is no id of a request.",
            "Give 8 to 64 letters and digits, new for each entry.",
        )
    return _Call(collection, case, body, seen, request_id)


def _write(services: Services, call: _Call) -> Position:
    casework = services.casework
    casework.check_writable()
    before = casework.answered(call.collection, call.case.id, call.request_id)
    if before is not None:
        return before  # the same request once more: its answer was lost on the way
    selection = Selection(collection=call.collection).resolve(services.catalogue)
    found = read_case_row(services, selection, call.case)
    if found.empty:
        raise _RefusedError(
            404,
            "case",
            f"{call.case.id!r} is no case of this warehouse.",
            "Choose one of /data/outliers.json.",
        )
    row = found.iloc[0]
    position = casework.position(call.collection, call.case.id)
    if position.number == call.seen:
        before_state = position.state
    else:
        raise CaseMovedError(
            f"The case has {position.number} entries, and the writer saw {call.seen}.",
            remedy="Read what was written, then send the entry again.",
        )
    body = call.body
    entry = checked_entry(body.get("state"), body.get("note"), body.get("author"), before_state)
    judged = Judged(
        call.collection,
        call.case.id,
        services.generation.version,
        float(row["value_usd"]),
        float(row["expected_usd"]),
        float(row["member_share"]),
        float(row["region_share"]),
    )
    return casework.write(
        judged, entry, seen=call.seen, request_id=call.request_id, at=datetime.now(UTC)
    )


def _refusal(services: Services, language: str, refused: _RefusedError) -> flask.Response:
    logger.info("casework refused: %s", refused.found)
    sentence = services.words(language)(
        f"outliers.refused_{refused.key}", note=NOTE_AT_MOST, author=AUTHOR_AT_MOST
    )
    body = {
        "status": "error",
        "reason": refused.key,
        "found": refused.found,
        "remedy": refused.remedy,
        "sentence": sentence,
    }
    return _json(body, refused.status)


def _json(body: dict[str, Any], status: int) -> flask.Response:
    response = flask.Response(orjson.dumps(body), status=status, mimetype="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response
