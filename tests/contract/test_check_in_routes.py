"""The route that takes check-ins: who may, what is accepted, and how each refusal is told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import icalendar
import pytest

from dashboard.check_ins import ANALYSIS_AT_MOST
from tests.support.app import panels_call, test_app
from tests.support.casework import own_warehouse

HEADERS = {"X-Casework": "1"}
REPORTED = "tool_users"
COMPUTED = "conforming_submissions"


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


@pytest.fixture(scope="module")
def untouched(sample_warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A client of an app that no test of this module has anything written in."""
    found = test_app(
        own_warehouse(sample_warehouse, tmp_path_factory.mktemp("untouched")),
        query_deadline_seconds=60,
    )
    yield found.server.test_client()
    found.server.config["WCO_SERVICES"].close()


def _entry(**changes: Any) -> dict[str, Any]:
    return {
        "value": "1,250",
        "confidence": "70",
        "analysis": "Two regions joined",
        "next_step": "Train the third",
        "author": "Ann Lee",
        "checked_in_on": "",
        "seen": 0,
        "request": "request-1",
        "lang": "en",
        **changes,
    }


def _post(
    client: Any, name: str = REPORTED, headers: dict[str, str] | None = None, **changes: Any
) -> Any:
    given = HEADERS if headers is None else headers
    return client.post(f"/check-in/{name}", json=_entry(**changes), headers=given)


def _rows(client: Any, frame: str, search: str = "") -> list[dict[str, Any]]:
    answer = client.get(f"/data/{frame}.json{search}").get_json()
    return list(answer["rows"])


def _typed(client: Any) -> list[dict[str, Any]]:
    return [one for one in _rows(client, "check_ins") if one["channel"] == "typed"]


def _of(rows: list[dict[str, Any]], name: str = REPORTED) -> dict[str, Any]:
    (row,) = [one for one in rows if one["key_result_id"] == name]
    return row


def _drawn(app: Any, client: Any, view: str, search: str) -> dict[str, str]:
    """Each panel's answer as text."""
    answer = client.post("/_dash-update-component", json=panels_call(app, view, search)).get_json()
    found: dict[str, str] = {}
    for name, parts in answer["response"].items():
        if name.startswith("{"):
            panel = json.loads(name)["panel"]
            found[panel] = found.get(panel, "") + json.dumps(parts, ensure_ascii=False)
    return found


def test_a_check_in_is_written_and_every_frame_tells_it(app: Any, client: Any) -> None:
    before, due = _of(_rows(client, "key_results")), _of(_rows(client, "check_ins_due"))
    answer = _post(client)
    assert answer.status_code == 201
    body = answer.get_json()
    assert (body["number"], body["value"], body["confidence"]) == (1, 1250.0, 0.7)
    assert body["sentence"].startswith("Written: 1,250.0, 70 % sure")
    (row,) = _typed(client)
    assert (row["author"], row["analysis"], row["next_step"]) == (
        "Ann Lee", "Two regions joined", "Train the third",
    )  # fmt: skip
    # What was known then is what the screen said before.
    assert row["known_value"] == pytest.approx(before["value"])
    assert row["known_status"] == before["status"]
    after = _of(_rows(client, "key_results"))
    assert (after["value"], after["confidence"]) == (1250.0, 0.7)
    assert after["last_check_in_on"] == body["checked_in_on"]
    owed = _of(_rows(client, "check_ins_due"))
    day = date.fromisoformat(body["checked_in_on"])
    assert owed["due_on"] == (day + timedelta(days=owed["cadence_days"])).isoformat()
    assert owed["due_on"] > due["due_on"]
    drawn = _drawn(app, client, "check-in", f"?result={REPORTED}")
    assert "Two regions joined" in drawn["history"]
    assert "1,250" in drawn["entry"]
    assert "Two regions joined" in _drawn(app, client, "strategy", "?tactic=1.3")["evidence"]
    assert "Two regions joined" in client.get("/data/check_ins.csv").get_data(as_text=True)


def test_a_computed_number_is_refused_and_the_rest_is_taken(client: Any) -> None:
    answer = _post(client, COMPUTED, value="50")
    assert answer.status_code == 422
    assert "computed from the warehouse" in answer.get_json()["fields"]["value"]
    assert _post(client, COMPUTED, value="").status_code == 201
    assert _typed(client)[0]["value"] is None


def test_another_worker_sees_it_at_once(client: Any, url: str) -> None:
    other = test_app(url, query_deadline_seconds=60)
    theirs = other.server.test_client()
    before = _of(_rows(theirs, "key_results"))["confidence"]
    assert before != 0.7
    assert _post(client).status_code == 201
    assert _of(_rows(theirs, "key_results"))["confidence"] == 0.7
    other.server.config["WCO_SERVICES"].close()


def test_who_saw_an_older_list_is_told(client: Any) -> None:
    assert _post(client).status_code == 201
    answer = _post(client, request="request-2", lang="fr")
    assert answer.status_code == 409
    assert answer.get_json()["reason"] == "moved"
    assert answer.get_json()["sentence"].startswith("Non écrit")
    assert len(_typed(client)) == 1
    assert _post(client, request="request-3", seen=1).status_code == 201


def test_the_same_request_again_is_answered_and_not_written(client: Any) -> None:
    first = _post(client)
    again = _post(client)
    assert again.status_code == 201
    assert again.get_json() == first.get_json()
    assert len(_typed(client)) == 1


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
    untouched: Any, headers: dict[str, str]
) -> None:
    answer = _post(untouched, headers=headers)
    assert answer.status_code == 403
    assert answer.get_json()["reason"] == "origin"
    assert _typed(untouched) == []


@pytest.mark.parametrize(
    ("changes", "status", "field"),
    [
        ({"value": "many"}, 422, "value"),
        ({"value": "NaN"}, 422, "value"),
        ({"value": 1250}, 422, "value"),
        ({"value": "-5"}, 422, "value"),
        ({"confidence": ""}, 422, "confidence"),
        ({"confidence": "101"}, 422, "confidence"),
        ({"confidence": None}, 422, "confidence"),
        ({"analysis": " "}, 422, "analysis"),
        ({"analysis": "x" * (ANALYSIS_AT_MOST + 1)}, 422, "analysis"),
        ({"analysis": "a\u0000b"}, 422, "analysis"),
        ({"next_step": ["a"]}, 422, "next_step"),
        ({"author": ""}, 422, "author"),
        ({"author": {"name": "Ann"}}, 422, "author"),
        ({"checked_in_on": "2200-01-01"}, 422, "checked_in_on"),
        ({"checked_in_on": "2001-01-01"}, 422, "checked_in_on"),
        ({"checked_in_on": "soon"}, 422, "checked_in_on"),
        ({"seen": -1}, 400, None),
        ({"seen": "0"}, 400, None),
        ({"seen": None}, 400, None),
        ({"seen": 3}, 409, None),
        ({"request": ""}, 400, None),
        ({"request": "a b c d e f"}, 400, None),
        ({"analysis": "n" * 20_000}, 413, None),
    ],
)
@pytest.mark.parametrize(("language", "start"), [("en", "Not written"), ("fr", "Non écrit")])
def test_what_makes_no_sense_is_refused_beside_its_field(
    untouched: Any,
    changes: dict[str, Any],
    status: int,
    field: str | None,
    language: str,
    start: str,
) -> None:
    answer = _post(untouched, lang=language, **{"value": "1250", **changes})
    assert answer.status_code == status
    body = answer.get_json()
    # A body that is too large is not read, so its language is not known.
    assert body["sentence"].startswith(start if status != 413 else "Not written")
    assert body["found"]
    assert list(body["fields"]) == ([field] if field else [])
    assert _typed(untouched) == []


@pytest.mark.parametrize("name", ["nothing", "TOOL_USERS", "tool_users%20", "1.3"])
def test_an_unknown_key_result_is_refused(untouched: Any, name: str) -> None:
    answer = _post(untouched, name)
    assert answer.status_code == 404
    assert answer.get_json()["reason"] == "result"


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_there_is_no_way_to_change_or_delete(client: Any, method: str) -> None:
    assert _post(client).status_code == 201
    answer = getattr(client, method)(f"/check-in/{REPORTED}", json=_entry(), headers=HEADERS)
    assert answer.status_code == 405
    assert len(_typed(client)) == 1


def test_an_instance_that_only_shows_refuses_and_says_so(url: str) -> None:
    app = test_app(url, query_deadline_seconds=60, is_casework_writable=False)
    with app.server.test_client() as client:
        answer = _post(client)
        assert answer.status_code == 403
        assert answer.get_json()["reason"] == "off"
        assert "only shows" in _drawn(app, client, "check-in", "")["entry"]
    app.server.config["WCO_SERVICES"].close()


def test_of_a_past_day_nothing_is_written_and_the_page_says_so(app: Any, client: Any) -> None:
    data_on = client.get("/healthz").get_json()["data_on"]
    past = (date.fromisoformat(data_on) - timedelta(days=30)).isoformat()
    drawn = _drawn(app, client, "check-in", f"?asof={past}&result={REPORTED}")
    assert "A past day is shown" in drawn["entry"]
    assert "data-check-in" not in drawn["entry"]


def test_a_lost_log_is_told_on_the_page(app: Any, client: Any, url: str) -> None:
    path = Path(url.removeprefix("duckdb:///").replace(".duckdb", ".cases.sqlite"))
    path.write_bytes(b"no database at all" * 400)
    assert _post(client).status_code == 503
    assert client.get("/data/key_results.json").status_code == 503
    drawn = _drawn(app, client, "check-in", "")
    assert all("cannot be read" in drawn[panel] for panel in ("owed", "entry", "history"))


def test_reminders_name_every_owner_who_owes_in_both_languages(untouched: Any) -> None:
    due = [one for one in _rows(untouched, "check_ins_due") if one["check_in_state"] != "later"]
    letters = _rows(untouched, "check_in_reminders")
    assert due
    assert {one["owner"] for one in letters} == {one["owner"] for one in due}
    for letter in letters:
        own = [one for one in due if one["owner"] == letter["owner"]]
        counted = letter["overdue_check_ins"] + letter["soon_check_ins"]
        assert counted == len(own)
        for one in own:
            assert one[f"name_{letter['language']}"] in letter["text"]
        assert "ynth" in letter["text"]  # the sample says so, in either language
    assert {one["language"] for one in letters} == {"en", "fr"}


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_calendar_has_a_day_for_each_key_result(client: Any, language: str) -> None:
    rows = _rows(client, "check_ins_due")
    answer = client.get(f"/calendar/check-ins.ics?lang={language}")
    assert answer.status_code == 200
    events = icalendar.Calendar.from_ical(answer.get_data()).walk("VEVENT")
    days = {str(one["uid"]).split("@")[0]: one.decoded("dtstart").isoformat() for one in events}
    assert days == {f"check-in-{one['key_result_id']}": one["due_on"] for one in rows}
    # A check-in moves its day at once.
    assert _post(client).status_code == 201
    moved = icalendar.Calendar.from_ical(client.get("/calendar/check-ins.ics").get_data())
    after = {str(one["uid"]).split("@")[0]: one.decoded("dtstart") for one in moved.walk("VEVENT")}
    name = f"check-in-{REPORTED}"
    assert after[name].isoformat() == _of(_rows(client, "check_ins_due"))["due_on"]
    assert after[name].isoformat() > days[name]


def test_a_calendar_of_one_owner_and_of_none(untouched: Any) -> None:
    rows = _rows(untouched, "check_ins_due")
    owner = rows[0]["owner"]
    answer = untouched.get("/calendar/check-ins.ics", query_string={"owner": owner})
    events = icalendar.Calendar.from_ical(answer.get_data()).walk("VEVENT")
    assert len(events) == sum(one["owner"] == owner for one in rows)
    assert untouched.get("/calendar/check-ins.ics?owner=Nobody").status_code == 404
    assert untouched.get("/calendar/check-ins.ics?lang=de").status_code == 404
