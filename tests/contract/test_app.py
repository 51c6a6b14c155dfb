"""The whole app over the sample warehouse, asked as a browser would, on both engines."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

import plotly.graph_objects as go
import pytest

from callbacks import FRAMES, VIEWS
from tests.support.app import panels_call, test_app

SEARCHES = (
    "",
    "?region=europe",
    "?member=KEN",
    "?member=PLW&lang=fr",
    "?from=2016-01&to=2016-02",
    "?collection=clearance_annual&region=west_central_africa&lang=fr",
    "?asof=2025-06-30&flow=M&source=mirror",
    "?member=EUE",
)


@pytest.fixture(scope="module")
def app(warehouse_url: str) -> Iterator[Any]:
    found = test_app(warehouse_url, query_deadline_seconds=60)
    yield found
    found.server.config["WCO_SERVICES"].close()


@pytest.fixture
def client(app: Any) -> Iterator[Any]:
    with app.server.test_client() as client:
        yield client


def _draw(app: Any, client: Any, view: str, search: str, theme: str = "light") -> dict[str, Any]:
    body = panels_call(app, view, search, theme)
    answer = client.post("/_dash-update-component", json=body)
    assert answer.status_code == 200, answer.get_data(as_text=True)[:400]
    return answer.get_json()["response"]


def _errors(response: dict[str, Any]) -> list[str]:
    return [
        f"{place}: {part['children']}"
        for place, part in response.items()
        if "state--error" in str(part.get("children"))
    ]


@pytest.mark.parametrize("search", SEARCHES)
@pytest.mark.parametrize("view", [view.id for view in VIEWS])
def test_every_panel_draws_or_says_why_not(app: Any, client: Any, view: str, search: str) -> None:
    response = _draw(app, client, view, search)
    assert _errors(response) == []
    for place, part in response.items():
        if "figure" in part:
            go.Figure(part["figure"])  # raises where the figure breaks Plotly's schema
        if '"part":"caption"' in place:
            assert part["children"], place


@pytest.mark.parametrize("view", [view.id for view in VIEWS])
def test_every_view_draws_in_the_dark_and_in_french(app: Any, client: Any, view: str) -> None:
    assert _errors(_draw(app, client, view, "?lang=fr", "dark")) == []


@pytest.mark.parametrize("name", sorted(FRAMES))
def test_every_frame_is_at_its_address(client: Any, name: str) -> None:
    answer = client.get(f"/data/{name}.json?region=europe")
    assert answer.status_code == 200
    body = answer.get_json()
    assert [column["name"] for column in body["columns"]] == [c.name for c in FRAMES[name].columns]
    assert body["warehouse"]["is_synthetic"] is True
    text = client.get(f"/data/{name}.csv?region=europe").get_data(as_text=True)
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert rows[0] == [column.name for column in FRAMES[name].columns]
    assert len(rows) - 1 == len(body["rows"])


def test_the_list_of_frames_names_columns_units_and_parameters(client: Any) -> None:
    listed = {frame["name"]: frame for frame in client.get("/data/").get_json()["frames"]}
    assert set(listed) == set(FRAMES)
    share = next(
        column
        for column in listed["on_time_by_region"]["columns"]
        if column["name"] == "on_time_share"
    )
    assert share["unit"] == "share"
    assert "collection" in listed["on_time_by_region"]["parameters"]


@pytest.mark.parametrize("address", ["/data/nothing.csv", "/data/ranking.xml", "/data/..csv"])
def test_an_unknown_frame_is_told_what_there_is(client: Any, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 404


def test_health_tells_the_version(client: Any) -> None:
    body = client.get("/healthz").get_json()
    assert body["status"] == "ok"
    assert body["warehouse_version"]


def test_a_change_that_a_panel_does_not_show_sends_no_query(app: Any, client: Any) -> None:
    """The answer for an untouched selection comes from the cache, without the warehouse."""
    for view in VIEWS:
        _draw(app, client, view.id, "")
    services = app.server.config["WCO_SERVICES"]
    asked: list[str] = []
    original = services.warehouse.frame
    services.warehouse.frame = lambda statement: asked.append(str(statement)) or original(statement)
    try:
        # A tactic is shown by the strategy view and those under it alone.
        for view in VIEWS:
            if "strategy" not in (view.id, view.parent):
                _draw(app, client, view.id, "?tactic=1.1")
    finally:
        services.warehouse.frame = original
    assert asked == []
