"""The data behind every figure at URLs of its own: ``/data/<frame>.csv`` and ``.json``.

It gives the very frames that figures are drawn from. Errors are sentences
with a fitting status, never a traceback.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import flask
import orjson
import pandas as pd

from callbacks.disclosing import is_open
from callbacks.named import NamedFrame
from callbacks.services import Services
from dashboard.audience import EVERYTHING
from dashboard.errors import ClosedError, DashboardError, WarehouseError
from dashboard.measures import METHOD_VERSION
from dashboard.selection import Selection

_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def register(server: flask.Flask, services: Services, frames: Mapping[str, NamedFrame]) -> None:
    """Attach ``/data/`` and ``/healthz`` to the server."""

    @server.errorhandler(WarehouseError)
    def tell_trouble(error: WarehouseError) -> flask.Response:
        return problem(503, error.found, error.remedy)

    @server.get("/data/")
    def list_frames() -> flask.Response:
        selection = chosen_selection(services)[0]
        words = services.words(selection.language)
        mode = services.audience(selection).mode
        listing = [
            {
                "name": frame.name,
                "what": words(f"frame.{frame.name}"),
                "csv": f"/data/{frame.name}.csv",
                "json": f"/data/{frame.name}.json",
                "columns": _columns(frame, services, selection.language),
                "parameters": sorted(frame.fields),
            }
            for frame in sorted(frames.values(), key=lambda one: one.name)
            if is_open(frame.disclosure, mode, [column.name for column in frame.columns])
        ]
        return _json({"frames": listing, "warehouse": origin(services, selection)})

    @server.get("/data/<name>.<form>")
    def give_frame(name: str, form: str) -> flask.Response:
        frame = frames.get(name)
        if frame is None or form not in {"csv", "json"}:
            return problem(
                404,
                f"There is no frame {name[:60]!r} in the form {form[:10]!r}."
                if services.config.audience.is_everything
                else "There is no such frame.",
                "GET /data/ lists the frames; the forms are csv and json.",
            )
        selection, notices = chosen_selection(services)
        try:
            data = frame.read(services, selection)
        except WarehouseError:
            raise
        except ClosedError:
            return closed(services, selection)
        except DashboardError as error:
            return problem(400, error.found, error.remedy)
        if form == "csv":
            return _csv(frame, data, services, selection)
        body = {
            "frame": frame.name,
            "what": services.words(selection.language)(f"frame.{frame.name}"),
            "selection": selection.search(),
            "notices": [f"{n.key}: {n.found} {n.accepted}".strip() for n in notices],
            "columns": _columns(frame, services, selection.language),
            "warehouse": origin(services, selection),
            "rows": [
                {column: _scalar(value) for column, value in row.items()}
                for row in data.to_dict("records")
            ],
        }
        return _json(body)

    @server.get("/healthz")
    def tell_health() -> flask.Response:
        generation = services.generation
        return _json(
            {
                "status": "ok",
                "warehouse_version": generation.version,
                "data_on": generation.info["data_on"],
                "is_synthetic": generation.info.get("is_synthetic") == "true",
                "release": services.config.release,
            }
        )


def safe_cell(value: object) -> object:
    """Return a cell that a spreadsheet will not run as a formula.

    Text that begins with a formula sign gets an apostrophe before it; numbers
    stay numbers.
    """
    value = _scalar(value)
    if isinstance(value, str) and value.startswith(_FORMULA_SIGNS):
        return "'" + value
    return "" if value is None else value


def _csv(
    frame: NamedFrame, data: pd.DataFrame, services: Services, selection: Selection
) -> flask.Response:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([column.name for column in frame.columns])
    writer.writerows(
        [safe_cell(value) for value in row] for row in data.itertuples(index=False, name=None)
    )
    response = flask.Response("\ufeff" + text.getvalue(), mimetype="text/csv; charset=utf-8")
    facts = origin(services, selection)
    word = "-synthetic" if facts["is_synthetic"] else ""
    response.headers["Content-Disposition"] = (
        f'attachment; filename="{frame.name}{word}{audience_word(facts)}-{facts["version"]}.csv"'
    )
    add_origin(response, facts)
    return response


def add_origin(response: flask.Response, facts: Mapping[str, Any]) -> None:
    """Say in the headers of an export where it is from and for whom it was made."""
    response.headers["X-Warehouse-Version"] = str(facts["version"])
    response.headers["X-Warehouse-Synthetic"] = str(facts["is_synthetic"]).lower()
    response.headers["X-Audience"] = str(facts["audience"])


def audience_word(facts: Mapping[str, Any]) -> str:
    """Return what an export's file name says of whom it was made for: nothing if for everybody."""
    audience = str(facts["audience"])
    return "" if audience == str(EVERYTHING) else f"-for-{audience.replace(':', '-')}"


def closed(services: Services, selection: Selection) -> flask.Response:
    """Return the answer to who may not see what was asked for."""
    words = services.words(selection.language)
    return problem(403, words("audience.closed_data"), words("audience.closed_remedy"))


def chosen_selection(services: Services) -> tuple[Selection, tuple[Any, ...]]:
    """Return the resolved selection of the request's address, and what it refused."""
    catalogue = services.catalogue
    chosen, notices = Selection.from_search(flask.request.query_string.decode(), catalogue)
    return chosen.resolve(catalogue), notices


def _columns(frame: NamedFrame, services: Services, language: str) -> list[dict[str, Any]]:
    words = services.words(language)
    return [
        {
            "name": column.name,
            "label": words(column.label_key),
            "unit": column.unit_name,
            "measure": column.measure,
            "definition": f"docs/indicators.md#{column.measure}" if column.measure else None,
        }
        for column in frame.columns
    ]


def origin(services: Services, selection: Selection) -> dict[str, Any]:
    """Return where the data of an export come from."""
    info = services.generation.info
    return {
        "version": services.generation.version,
        "method_version": METHOD_VERSION,
        "framework": f"{info.get('framework_id')} {info.get('framework_version')}",
        "source": info.get("source_fr" if selection.language == "fr" else "source"),
        "is_synthetic": info.get("is_synthetic") == "true",
        "data_on": info.get("data_on"),
        "audience": str(services.audience(selection)),
        "as_of": selection.as_of.isoformat() if selection.as_of else info.get("data_on"),
    }


def _scalar(value: Any) -> Any:
    if value is None or value is pd.NaT or value is pd.NA:
        return None
    if isinstance(value, pd.Timestamp | datetime):
        return value.date().isoformat() if value.time().isoformat() == "00:00:00" else str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value.item() if hasattr(value, "item") else value


def _json(body: Mapping[str, Any], status: int = 200) -> flask.Response:
    text = orjson.dumps(body, option=orjson.OPT_SERIALIZE_NUMPY)
    return flask.Response(text, status=status, mimetype="application/json")


def problem(status: int, found: str, remedy: str) -> flask.Response:
    """Return an error as JSON: what was found, and what to do."""
    return _json({"status": "error", "found": found, "remedy": remedy}, status)
