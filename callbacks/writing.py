"""What every route that writes has in common: who may, what a body may be, and how it says no.

There are no accounts, so what stands between a stranger and a log is where requests may come
from: only from pages of this server, with a header that no other site's page can send.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

import flask
import orjson

from callbacks.services import Services
from dashboard.errors import DashboardError, SelectionError
from dashboard.selection import LANGUAGES
from dashboard.warehouse.ledger import EntryMovedError, LedgerError
from dashboard.words import Words

logger = logging.getLogger(__name__)

HEADER: Final = "X-Casework"
"""A page of another site cannot send it without being asked for leave, which it never gets."""

BODY_BYTES_AT_MOST: Final = 16_000
ENTRIES_AT_MOST: Final = 1_000
"""About one subject: far more than people write, so that no program fills the disk by one."""

_REQUEST_ID: Final = re.compile(r"[0-9A-Za-z-]{8,64}")


class RefusedError(Exception):
    """A request that is not carried out: status, key of its sentence, and the precise reason.

    `fields` makes a sentence for each field of a form that is refused, given the words.
    """

    def __init__(
        self,
        status: int,
        key: str,
        found: str,
        remedy: str = "",
        fields: Mapping[str, Callable[[Words], str]] | None = None,
    ) -> None:
        super().__init__(found)
        self.status, self.key, self.found, self.remedy = status, key, found, remedy
        self.fields = fields or {}


@dataclass(frozen=True)
class Call:
    """A body that may be acted on, the last entry that its writer saw, and its own id."""

    body: Mapping[str, Any]
    seen: int
    request_id: str


Write = Callable[[Call], Mapping[str, Any]]


def answer(
    services: Services, write: Write, *, words: str, numbers: Mapping[str, object]
) -> flask.Response:
    """Carry out the current request, if it may be, and answer it.

    Parameters
    ----------
    services : Services
        Words, and whether anything may be written at all.
    write : callable
        Appends what the call asks for and returns what the answer says beside ``status``. It
        may raise `RefusedError` and the errors of the project.
    words : str
        Prefix of the sentences ``refused_origin``, ``_entry``, ``_moved``, ``_store`` and
        ``_off``, and of those of the keys that `write` refuses with.
    numbers : mapping
        What the sentences may name.

    Returns
    -------
    flask.Response
        201 with what was written; else why not, with a sentence in the body's ``lang``.
    """
    language = "en"
    try:
        _check_origin()
        _check_audience(services)
        body = _body()
        language = body["lang"] if body.get("lang") in LANGUAGES else "en"
        return _json({"status": "ok", **write(_call(body))}, 201)
    except RefusedError as error:
        refused = error
    except EntryMovedError as error:
        refused = _of(409, "moved", error)
    except LedgerError as error:
        is_off = not services.ledger.is_writable
        refused = _of(403, "off", error) if is_off else _of(503, "store", error)
    except SelectionError as error:
        refused = _of(422, "entry", error)
    logger.info("writing refused: %s", refused.found)
    texts = services.words(language)
    said = {
        "status": "error",
        "reason": refused.key,
        "found": refused.found,
        "remedy": refused.remedy,
        "sentence": texts(f"{words}.refused_{refused.key}", **numbers),
        "fields": {name: sentence(texts) for name, sentence in refused.fields.items()},
    }
    return _json(said, refused.status)


def _of(status: int, key: str, error: DashboardError) -> RefusedError:
    return RefusedError(status, key, error.found, f"{error.accepted} {error.remedy}".strip())


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
        raise RefusedError(403, "origin", problem, "Write from a page of this server.")


def _check_audience(services: Services) -> None:
    """Refuse everybody where not everything is shown: an answer tells what is on record."""
    if not services.config.audience.is_everything:
        raise RefusedError(403, "off", "This server shows only a part, and takes no entries.")


def _body() -> dict[str, Any]:
    request = flask.request
    if request.mimetype != "application/json":
        raise RefusedError(
            415, "entry", f"The body is {request.mimetype[:40]!r}.", "Send application/json."
        )
    if request.content_length is None or request.content_length > BODY_BYTES_AT_MOST:
        raise RefusedError(
            413, "entry", f"The body must state its length, at most {BODY_BYTES_AT_MOST} bytes."
        )
    try:
        body = orjson.loads(request.get_data())
    except orjson.JSONDecodeError:
        raise RefusedError(400, "entry", "The body is not JSON.") from None
    if not isinstance(body, dict):
        raise RefusedError(400, "entry", "The body is not a JSON object.")
    return body


def _call(body: dict[str, Any]) -> Call:
    seen, request_id = body.get("seen"), body.get("request")
    if type(seen) is not int or not 0 <= seen < ENTRIES_AT_MOST:
        raise RefusedError(
            400,
            "entry",
            f"seen={str(seen)[:20]!r} is no number of a last entry.",
            f"Give the number that you saw, 0 to {ENTRIES_AT_MOST - 1}.",
        )
    if not isinstance(request_id, str) or not _REQUEST_ID.fullmatch(request_id):
        raise RefusedError(
            400,
            "entry",
            f"request={str(request_id)[:20]!r} is no id of a request.",
            "Give 8 to 64 letters and digits, new for each entry.",
        )
    return Call(body, seen, request_id)


def _json(body: Mapping[str, Any], status: int) -> flask.Response:
    response = flask.Response(orjson.dumps(dict(body)), status=status, mimetype="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response
