"""Guards the server: bounds what it accepts, adds the security headers, sets caching.

Dash's callback endpoint takes undeclared ids, NaN and bodies of any size;
this refuses them before Dash sees them.
"""

from __future__ import annotations

import gzip
import re

import brotli
import flask
import orjson
from dash import Dash

BODY_BYTES_AT_MOST = 200_000
COMPRESSED_FROM_BYTES = 1_000
_COMPRESSIBLE = ("application/json", "text/", "application/javascript", "image/svg+xml")
_IMMUTABLE = re.compile(r"^/(_dash-component-suites/.+|assets/.+\?m=.+)")
_OUTLINES = "/assets/outlines/"
_OUTLINES_CACHED_FOR = 7 * 24 * 3600  # seconds: their address carries no version
_LONG_NUMBER = re.compile(rb"\d{40,}")


def register(app: Dash) -> None:
    """Attach the guard, the headers and compression to the app's server.

    Called after all handlers are registered: the content-security policy
    holds the hashes of Dash's own inline scripts.
    """
    server = app.server
    server.config["MAX_CONTENT_LENGTH"] = BODY_BYTES_AT_MOST
    policy = "; ".join(
        [
            "default-src 'self'",
            "script-src 'self' " + " ".join(f"'{h.strip(chr(39))}'" for h in app.csp_hashes()),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self'",
            "connect-src 'self'",
            "object-src 'none'",
            "base-uri 'self'",
            "frame-ancestors 'self'",
            "form-action 'self'",
        ]
    )

    packed_files: dict[str, bytes] = {}

    @server.before_request
    def refuse_forgeries() -> flask.Response | None:
        if flask.request.path != "/_dash-update-component":
            return None
        if flask.request.method != "POST":
            return _refusal(405, "This address takes POST only.")
        length = flask.request.content_length
        if length is None or length > BODY_BYTES_AT_MOST:
            return _refusal(413, f"The body must state its length, at most {BODY_BYTES_AT_MOST}.")
        body = flask.request.get_data(cache=True)
        if _LONG_NUMBER.search(body):
            return _refusal(400, "The body holds a number that no control sends.")
        try:
            # orjson refuses NaN and Infinity, which Python's own parser lets through.
            call = orjson.loads(body)
        except orjson.JSONDecodeError:
            return _refusal(400, "The body is not JSON.")
        if not isinstance(call, dict) or not isinstance(call.get("output"), str):
            return _refusal(400, "The body is not a callback's call.")
        if not _is_declared(app, call):
            return _refusal(400, "No handler is declared for these outputs and inputs.")
        return None

    @server.after_request
    def add_headers(response: flask.Response) -> flask.Response:
        headers = response.headers
        headers["Content-Security-Policy"] = policy
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Referrer-Policy"] = "same-origin"
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        if response.status_code == 200 and _IMMUTABLE.match(flask.request.full_path):
            headers["Cache-Control"] = "public, max-age=31536000, immutable"
        elif flask.request.path.startswith(_OUTLINES):
            headers["Cache-Control"] = f"public, max-age={_OUTLINES_CACHED_FOR}"
        return _compress(response, packed_files)


def _is_declared(app: Dash, call: dict[str, object]) -> bool:
    declared = app.callback_map.get(str(call["output"]))
    if declared is None:
        return False
    for part in ("inputs", "state"):
        given = call.get(part, [])
        if not isinstance(given, list) or len(given) != len(declared[part]):
            return False
    return True


def _refusal(status: int, sentence: str) -> flask.Response:
    body = orjson.dumps({"status": "error", "found": sentence})
    return flask.Response(body, status=status, mimetype="application/json")


def _compress(response: flask.Response, packed_files: dict[str, bytes]) -> flask.Response:
    accepted = flask.request.headers.get("Accept-Encoding", "")
    way = "br" if "br" in accepted else "gzip" if "gzip" in accepted else None
    if (
        way is None
        or response.status_code != 200
        or "Content-Encoding" in response.headers
        or not (response.mimetype or "").startswith(_COMPRESSIBLE)
    ):
        return response
    # Files that are cached for good are packed hard, once for each process.
    is_static = "immutable" in response.headers.get("Cache-Control", "")
    name = f"{way} {flask.request.full_path}"
    packed = packed_files.get(name) if is_static else None
    response.direct_passthrough = False
    sent_file = response.response
    if packed is None:
        body = response.get_data()
        if len(body) < COMPRESSED_FROM_BYTES:
            return response
        packed = _packed(body, way, is_static=is_static)
        if is_static:
            packed_files[name] = packed
    if hasattr(sent_file, "close"):
        sent_file.close()
    response.set_data(packed)
    response.headers["Content-Encoding"] = way
    response.headers.add("Vary", "Accept-Encoding")
    return response


def _packed(body: bytes, way: str, *, is_static: bool) -> bytes:
    if way == "gzip":
        return gzip.compress(body, 9 if is_static else 5)
    # Quality 4 beats gzip at its speed; 9 takes a second for the largest script.
    return bytes(brotli.compress(body, quality=9 if is_static else 4))
