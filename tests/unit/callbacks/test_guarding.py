"""Forged posts get a 4xx with a sentence; headers and compression are set."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest

from callbacks.guarding import BODY_BYTES_AT_MOST
from tests.support.app import test_app

CALL = "/_dash-update-component"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Any:
    missing: Path = tmp_path_factory.mktemp("none") / "warehouse.duckdb"
    return test_app(f"duckdb:///{missing}")


@pytest.fixture
def client(app: Any) -> Any:
    return app.server.test_client()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"nonsense", 400),
        (b"[]", 400),
        (b'{"output": 1}', 400),
        (b'{"output": "nobody.children", "inputs": []}', 400),
        (b'{"output": "x", "inputs": [NaN]}', 400),
        (b'{"output": "x", "inputs": [' + b"9" * 4000 + b"]}", 400),
        (b" " * (BODY_BYTES_AT_MOST + 1), 413),
    ],
)
def test_a_forged_call_is_refused_with_a_sentence(client: Any, body: bytes, status: int) -> None:
    answer = client.post(CALL, data=body, content_type="application/json")
    assert answer.status_code == status
    assert answer.get_json()["found"]
    assert "Traceback" not in answer.get_data(as_text=True)


def test_a_call_with_too_few_inputs_is_refused(app: Any, client: Any) -> None:
    output = next(iter(app.callback_map))
    answer = client.post(CALL, json={"output": output, "inputs": [], "state": []})
    assert answer.status_code == 400


def test_a_lost_warehouse_is_a_sentence_not_a_traceback(client: Any) -> None:
    answer = client.get("/healthz")
    assert answer.status_code == 503
    body = answer.get_json()
    assert "warehouse" in body["found"]
    assert body["remedy"]
    page = client.get("/_dash-layout").get_data(as_text=True)
    assert "warehouse cannot be read" in page
    assert client.get("/data/").status_code == 503


def test_pages_carry_a_strict_policy(client: Any) -> None:
    headers = client.get("/").headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe-eval" not in policy
    assert "script-src 'self' 'sha256-" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_scripts_and_outlines_are_cached_for_good_and_compressed(client: Any) -> None:
    page = client.get("/").get_data(as_text=True)
    script = next(part for part in page.split('"') if part.startswith("/_dash-component-suites/"))
    answer = client.get(script, headers={"Accept-Encoding": "br"})
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Encoding"] == "br"
    packed = client.get(script, headers={"Accept-Encoding": "gzip"})
    assert len(gzip.decompress(packed.data)) > len(packed.data)
    with client.get("/assets/outlines/world_110m.json") as outlines:
        assert outlines.status_code == 200
        assert "max-age=604800" in outlines.headers["Cache-Control"]
