"""``POST /casework/<collection>/<case>`` appends to the log of cases.

Who may, and how a request is refused, is `callbacks.writing`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import flask

from callbacks import writing
from callbacks.services import Services
from callbacks.views.outliers_frames import read_case_row
from callbacks.writing import Call, RefusedError
from dashboard.cases import AUTHOR_AT_MOST, NOTE_AT_MOST, Case, checked_entry, read_case
from dashboard.selection import Selection
from dashboard.warehouse.casework import Judged, Position
from dashboard.warehouse.ledger import EntryMovedError


def register(server: flask.Flask, services: Services) -> None:
    """Attach the route."""

    @server.post("/casework/<collection>/<case_id>")
    def write_about_case(collection: str, case_id: str) -> flask.Response:
        def write(call: Call) -> Mapping[str, Any]:
            case = _case(services, collection, case_id)
            position = _write(services, collection, case, call)
            return {"state": position.state, "number": position.number}

        numbers = {"note": NOTE_AT_MOST, "author": AUTHOR_AT_MOST}
        return writing.answer(services, write, words="outliers", numbers=numbers)


def _case(services: Services, collection: str, case_id: str) -> Case:
    case = read_case(case_id)
    if case is None or collection not in services.catalogue.trade_collections:
        raise RefusedError(
            404,
            "case",
            f"There is no case {case_id[:40]!r} in a collection {collection[:40]!r}.",
            "A case is named by member, flow, code and period, such as KEN.X.27.202403.",
        )
    return case


def _write(services: Services, collection: str, case: Case, call: Call) -> Position:
    casework = services.casework
    services.ledger.check_writable()
    before = casework.answered(collection, case.id, call.request_id)
    if before is not None:
        return before  # the same request once more: its answer was lost on the way
    selection = Selection(collection=collection).resolve(services.catalogue)
    found = read_case_row(services, selection, case)
    if found.empty:
        raise RefusedError(
            404,
            "case",
            f"{case.id!r} is no case of this warehouse.",
            "Choose one of /data/outliers.json.",
        )
    row = found.iloc[0]
    position = casework.position(collection, case.id)
    if position.number == call.seen:
        before_state = position.state
    else:
        raise EntryMovedError(
            f"The case has {position.number} entries, and the writer saw {call.seen}.",
            remedy="Read what was written, then send the entry again.",
        )
    body = call.body
    entry = checked_entry(body.get("state"), body.get("note"), body.get("author"), before_state)
    judged = Judged(
        collection,
        case.id,
        services.generation.version,
        float(row["value_usd"]),
        float(row["expected_usd"]),
        float(row["member_share"]),
        float(row["region_share"]),
    )
    return casework.write(
        judged, entry, seen=call.seen, request_id=call.request_id, at=datetime.now(UTC)
    )
