"""Server time of each view: the one callback that draws all its panels, in this process."""

from __future__ import annotations

import gc
import os
import time
from typing import Any

from benchmarks.table import Result
from callbacks import VIEWS, build_app
from dashboard.config import Config
from tests.support.app import panels_call


def measure_server(rounds: int) -> tuple[list[str], list[Result]]:
    """Return facts of the warehouse and the server times of every view.

    Cold: another selection each time, so nothing of it is cached. Warm: the same again.
    """
    app = build_app(Config.from_environment(os.environ))
    gc.collect()
    gc.freeze()  # as a worker of the product does
    services = app.server.config["WCO_SERVICES"]
    client = app.server.test_client()
    catalogue = services.catalogue
    info = services.generation.info
    facts = [f"warehouse {info['version']}: {info.get('source', '')}"]
    members = sorted(catalogue.members)
    results: list[Result] = []
    for view in VIEWS:
        post(client, panels_call(app, view.id, ""))
        cold: list[float] = []
        warm: list[float] = []
        size = 0.0
        for turn in range(rounds):
            search = f"?member={members[(turn * 7) % len(members)]}"
            call = panels_call(app, view.id, search)
            cold.append(post(client, call)[0])
            seconds, size = post(client, call)
            warm.append(seconds)
        results += [
            Result("Server time per view", f"{view.id}, another member (uncached)", cold, aim="60"),
            Result("Server time per view", f"{view.id}, the same again (cached)", warm, aim="6"),
            Result("Server time per view", f"{view.id}, response as sent", [size], "kB"),
        ]
    return facts, results


def post(client: Any, call: dict[str, Any]) -> tuple[float, float]:
    """Return the milliseconds of a call and the kilobytes of its answer."""
    began = time.perf_counter()
    answer = client.post(
        "/_dash-update-component", json=call, headers={"Accept-Encoding": "br, gzip"}
    )
    spent = (time.perf_counter() - began) * 1000
    if answer.status_code != 200:
        raise RuntimeError(f"{call['output'][:80]}: {answer.status_code}")
    return spent, len(answer.data) / 1000
