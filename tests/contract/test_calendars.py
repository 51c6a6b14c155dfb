"""Calendar files at their addresses, on both engines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import icalendar
import pytest

from tests.support.app import test_app


@pytest.fixture(scope="module")
def app(warehouse_url: str) -> Iterator[Any]:
    found = test_app(warehouse_url, query_deadline_seconds=60)
    yield found
    found.server.config["WCO_SERVICES"].close()


@pytest.fixture
def client(app: Any) -> Iterator[Any]:
    with app.server.test_client() as client:
        yield client


def _entries(client: Any, address: str) -> list[Any]:
    answer = client.get(address)
    assert answer.status_code == 200, answer.get_data(as_text=True)[:300]
    assert answer.mimetype == "text/calendar"
    return list(icalendar.Calendar.from_ical(answer.get_data()).walk("VEVENT"))


@pytest.mark.parametrize("scope", ["region/europe", "member/KEN"])
def test_a_calendar_has_the_due_dates_of_the_page(client: Any, scope: str) -> None:
    kind, key = scope.split("/")
    rows = client.get(f"/data/due_calendar.json?{kind}={key}").get_json()["rows"]
    entries = _entries(client, f"/calendar/{scope}.ics")
    assert len(rows) > 20
    assert [str(one["DTSTART"].dt) for one in entries] == [row["due_on"] for row in rows]
    assert len({one["UID"] for one in entries}) == len(rows)


def test_one_collection_and_the_other_language(client: Any) -> None:
    entries = _entries(client, "/calendar/member/KEN.ics?collection=revenue_monthly&lang=fr")
    assert entries
    assert {one["CATEGORIES"].cats[0] for one in entries} == {"Recettes douanières mensuelles"}


def test_a_waived_period_is_in_the_calendar_as_waived(client: Any) -> None:
    entries = _entries(client, "/calendar/member/HTI.ics?collection=trade_monthly")
    assert entries[0]["SUMMARY"].startswith("Waived: ")
    assert "Customs offices closed" in entries[0]["DESCRIPTION"]


def test_a_program_that_asks_again_is_told_that_nothing_changed(client: Any) -> None:
    first = client.get("/calendar/region/europe.ics")
    tag = first.headers["ETag"]
    again = client.get("/calendar/region/europe.ics", headers={"If-None-Match": tag})
    assert again.status_code == 304
    assert again.get_data() == b""
    assert client.get("/calendar/region/europe.ics?lang=fr").headers["ETag"] != tag
    packed = client.get("/calendar/region/europe.ics", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["ETag"] == tag
    assert client.head("/calendar/region/europe.ics").status_code == 200


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("/calendar/region/atlantis.ics", "atlantis"),
        ("/calendar/member/XXX.ics", "XXX"),
        ("/calendar/member/ken.ics", "ken"),
        ("/calendar/member/KEN.ics?collection=tea", "tea"),
        ("/calendar/member/KEN.ics?lang=de", "de"),
    ],
)
def test_an_unknown_calendar_is_answered_by_a_sentence(
    client: Any, address: str, found: str
) -> None:
    answer = client.get(address)
    assert answer.status_code == 404
    body = answer.get_json()
    assert found in body["found"]
    assert body["remedy"]
