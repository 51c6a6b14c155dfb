"""The route that writes: who may, what is accepted, and how it says no."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dashboard import ids
from dashboard.cases import NOTE_AT_MOST
from tests.support.app import panels_call, test_app
from tests.support.casework import own_warehouse

MONTHLY = "trade_monthly"
HEADERS = {"X-Casework": "1"}


@pytest.fixture
def url(sample_warehouse: Path, tmp_path: Path) -> str:
    return own_warehouse(sample_warehouse, tmp_path)


@pytest.fixture
def app(url: str) -> Iterator[Any]:
    found = test_app(url, query_deadline_seconds=60)
    yield found
    found.server.config["WCO_SERVICES"].close()


@pytest.fixture
def client(app: Any) -> Any:
    return app.server.test_client()


@pytest.fixture
def case(client: Any) -> str:
    rows = client.get("/data/outliers.json").get_json()["rows"]
    assert len(rows) > 10
    return str(rows[0]["case_id"])


def _entry(**changes: Any) -> dict[str, Any]:
    return {
        "state": "asked",
        "note": "Asked by letter",
        "author": "Ann Lee",
        "seen": 0,
        "request": "request-1",
        "lang": "en",
        **changes,
    }


def _post(client: Any, case: str, headers: dict[str, str] | None = None, **changes: Any) -> Any:
    return client.post(
        f"/casework/{MONTHLY}/{case}",
        json=_entry(**changes),
        headers=HEADERS if headers is None else headers,
    )


def _log(client: Any) -> list[dict[str, Any]]:
    return list(client.get("/data/case_log.json").get_json()["rows"])


def _state(client: Any, case: str) -> dict[str, Any]:
    (row,) = client.get(f"/data/outlier_case.json?case={case}").get_json()["rows"]
    return dict(row)


def test_an_entry_is_written_and_every_frame_tells_it(client: Any, case: str) -> None:
    before = _state(client, case)
    # Where none is chosen it is the first of the list, with an empty log and with entries.
    assert client.get("/data/outlier_case.json").get_json()["rows"] == [before]
    assert (before["case_state"], before["event_count"]) == ("open", 0)
    answer = _post(client, case)
    assert answer.status_code == 201
    assert answer.get_json() == {"status": "ok", "state": "asked", "number": 1}
    assert answer.headers["Cache-Control"] == "no-store"
    after = _state(client, case)
    assert (after["case_state"], after["event_count"]) == ("asked", 1)
    (row,) = _log(client)
    assert (row["case_id"], row["author"], row["note"]) == (case, "Ann Lee", "Asked by letter")
    assert row["value_usd"] == pytest.approx(before["value_usd"])
    listed = client.get("/data/outliers.json?status=asked").get_json()["rows"]
    assert [one["case_id"] for one in listed] == [case]
    still_open = client.get("/data/outliers.json?status=open").get_json()["rows"]
    assert case not in [one["case_id"] for one in still_open]
    csv = client.get("/data/case_log.csv").get_data(as_text=True)
    assert "Asked by letter" in csv


def test_another_worker_sees_the_entry_at_once(client: Any, case: str, url: str) -> None:
    other = test_app(url, query_deadline_seconds=60)
    theirs = other.server.test_client()
    assert _state(theirs, case)["case_state"] == "open"
    assert _post(client, case).status_code == 201
    assert _state(theirs, case)["case_state"] == "asked"
    other.server.config["WCO_SERVICES"].close()


def test_who_saw_an_older_state_is_told(client: Any, case: str) -> None:
    assert _post(client, case).status_code == 201
    answer = _post(client, case, state="corrected", request="request-2", lang="fr")
    assert answer.status_code == 409
    body = answer.get_json()
    assert body["reason"] == "moved"
    assert body["sentence"].startswith("Non enregistré")
    assert len(_log(client)) == 1


def test_the_same_request_again_is_answered_and_not_written(client: Any, case: str) -> None:
    first = _post(client, case)
    again = _post(client, case)
    assert again.status_code == 201
    assert again.get_json() == first.get_json()
    assert len(_log(client)) == 1


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Casework": "yes"},
        {**HEADERS, "Origin": "https://elsewhere.example"},
        {**HEADERS, "Origin": "null"},
        {**HEADERS, "Sec-Fetch-Site": "cross-site"},
        {**HEADERS, "Sec-Fetch-Site": "same-site", "Origin": "http://localhost"},
    ],
)
def test_a_request_that_is_not_of_this_page_is_refused(
    client: Any, case: str, headers: dict[str, str]
) -> None:
    answer = _post(client, case, headers)
    assert answer.status_code == 403
    assert answer.get_json()["reason"] == "origin"
    assert _log(client) == []


def test_a_request_of_the_page_itself_is_taken(client: Any, case: str) -> None:
    headers = {**HEADERS, "Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
    assert _post(client, case, headers).status_code == 201


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"state": "closed"}, 422),
        ({"state": None}, 422),
        ({"state": ["asked"]}, 422),
        ({"state": "open", "note": "why"}, 422),
        ({"state": "explained", "note": " "}, 422),
        ({"author": ""}, 422),
        ({"author": {"name": "Ann"}}, 422),
        ({"note": "n" * (NOTE_AT_MOST + 1)}, 422),
        ({"note": "a\u0000b"}, 422),
        ({"note": 5}, 422),
        ({"seen": -1}, 400),
        ({"seen": True}, 400),
        ({"seen": 1.0}, 400),
        ({"seen": "0"}, 400),
        ({"seen": 10**9}, 400),
        ({"seen": None}, 400),
        ({"seen": 3}, 409),
        ({"request": ""}, 400),
        ({"request": "x" * 65}, 400),
        ({"request": 12345678}, 400),
        ({"request": "a b c d e f"}, 400),
        ({"note": "n" * 20_000}, 413),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_sentence(
    client: Any, case: str, changes: dict[str, Any], status: int
) -> None:
    answer = _post(client, case, **changes)
    assert answer.status_code == status
    body = answer.get_json()
    assert body["sentence"].startswith("Not saved")
    assert body["found"]
    assert _log(client) == []


@pytest.mark.parametrize(
    ("data", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b"[1]", "application/json", 400),
        (b'"asked"', "application/json", 400),
        (b'{"seen": NaN}', "application/json", 400),
        (b'{"note": "\xff"}', "application/json", 400),
        (b"state=asked", "application/x-www-form-urlencoded", 415),
        (b"{}", "text/plain", 415),
        (b"{}", "application/json", 400),
    ],
)
def test_garbage_is_refused(client: Any, case: str, data: bytes, kind: str, status: int) -> None:
    answer = client.post(
        f"/casework/{MONTHLY}/{case}", data=data, headers=HEADERS, content_type=kind
    )
    assert answer.status_code == status
    assert answer.get_json()["sentence"]


@pytest.mark.parametrize(
    "path",
    [
        f"{MONTHLY}/nothing",
        f"{MONTHLY}/KEN.X.27.190001",
        f"{MONTHLY}/ZZZ.X.27.202403",
        f"{MONTHLY}/KEN.RX.27.202403",
        "revenue_monthly/KEN.X.27.202403",
        "nothing/KEN.X.27.202403",
        f"{MONTHLY}/KEN.X.27.99999999",
    ],
)
def test_an_unknown_case_is_refused(client: Any, path: str) -> None:
    answer = client.post(f"/casework/{path}", json=_entry(), headers=HEADERS)
    assert answer.status_code == 404
    assert answer.get_json()["reason"] == "case"
    assert _log(client) == []


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_there_is_no_way_to_change_or_delete(client: Any, case: str, method: str) -> None:
    _post(client, case)
    answer = getattr(client, method)(f"/casework/{MONTHLY}/{case}", json=_entry(), headers=HEADERS)
    assert answer.status_code == 405
    assert len(_log(client)) == 1


def test_an_instance_that_only_shows_refuses(url: str) -> None:
    app = test_app(url, query_deadline_seconds=60, is_casework_writable=False)
    client = app.server.test_client()
    with client:
        case = client.get("/data/outliers.json").get_json()["rows"][0]["case_id"]
        answer = _post(client, case)
        assert answer.status_code == 403
        assert answer.get_json()["reason"] == "off"
        assert "only shows" in _drawn(app, client, f"?case={case}")["case"]
    app.server.config["WCO_SERVICES"].close()


def _drawn(app: Any, client: Any, search: str) -> dict[str, str]:
    """Each panel's answer as text."""
    answer = client.post(
        "/_dash-update-component", json=panels_call(app, "outliers", search)
    ).get_json()
    assert answer
    found: dict[str, str] = {}
    for name, parts in answer["response"].items():
        if name.startswith("{"):
            panel = json.loads(name)["panel"]
            found[panel] = found.get(panel, "") + json.dumps(parts, ensure_ascii=False)
    return found


def test_a_damaged_log_leaves_the_desk_readable(app: Any, client: Any, case: str, url: str) -> None:
    path = Path(url.removeprefix("duckdb:///").replace(".duckdb", ".cases.sqlite"))
    path.write_bytes(b"no database at all" * 400)
    answer = _post(client, case)
    assert answer.status_code == 503
    assert "cannot be written" in answer.get_json()["sentence"]
    row = _state(client, case)
    assert row["case_state"] is None
    assert row["value_usd"] is not None
    assert client.get("/data/case_log.json").status_code == 503
    drawn = _drawn(app, client, "")
    assert "log of cases cannot be read" in drawn["list"]
    assert "warehouse cannot be read" in drawn["log"]


def test_a_case_that_is_no_candidate_any_more_stays(
    client: Any, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The generation is the same; the candidates are told without the case, as after a revision."""
    assert _post(client, case).status_code == 201
    from queries import outliers

    def without(name: str) -> Any:
        given = getattr(outliers, name)

        def builder(*arguments: Any) -> Any:
            statement = given(*arguments)
            return statement.where(outliers._FOUND.period_id < 0)

        return builder

    for name in ("candidates", "candidate"):
        monkeypatch.setattr(outliers, name, without(name))
    (row,) = client.get("/data/outliers.json?from=2020-01").get_json()["rows"]
    assert (row["case_id"], row["is_candidate"]) == (case, False)
    # Its figure is the same, so it was not revised: it only stands out no more.
    assert row["case_state"] == "settled"
    answer = _post(client, case, state="explained", seen=1, request="request-2")
    assert answer.status_code == 201
    assert _state(client, case)["case_state"] == "explained"


def test_forged_calls_of_the_desk_are_still_refused(app: Any, client: Any) -> None:
    call = panels_call(app, "outliers", "")
    for forged in ({**call, "output": "casework.data"}, {**call, "inputs": []}, {}):
        answer = client.post("/_dash-update-component", json=forged)
        assert answer.status_code == 400
    assert ids.SELECTION  # the ids that a call names are the product's own
