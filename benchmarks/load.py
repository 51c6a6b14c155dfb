"""Measures responses a second and memory of the server under load; writes docs/performance.md.

One command, ``.venv/bin/python -m benchmarks.load [WAREHOUSE.duckdb]``. It serves the product with
its own settings of gunicorn on loopback and asks for the one callback that draws all six panels of
the Overview over a fixed number of kept connections, each asking again once it is answered. The
load is made in this process, so it takes a part of the same cores.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import math
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.__main__ import PAGE, ROOT, machine
from benchmarks.table import Result, replace_part
from callbacks import build_app
from dashboard.config import Config
from dashboard.selection import Catalogue
from tests.support.app import panels_call
from tools.run.serve import GUNICORN_CONFIG

HOST = "127.0.0.1"
PATH = "/_dash-update-component"
VIEW = "overview"
KEPT = 4  # selections that are asked again and again where answers are kept
PATIENCE = 60  # seconds for one answer
CACHED, UNCACHED = "400", "30"
"""Aims, in responses a second."""


@dataclass(frozen=True)
class Phase:
    """What is asked of a server just started: to warm it, and then for the measure."""

    name: str
    aim: str
    warming: Sequence[Sequence[bytes]]
    bodies: Iterator[bytes]


@dataclass(frozen=True)
class Load:
    """What one phase gave: the milliseconds of each answer, and how long the phase took."""

    name: str
    milliseconds: Sequence[float]
    seconds: float
    aim: str = ""

    @property
    def rate(self) -> float:
        """Responses a second."""
        return len(self.milliseconds) / self.seconds


@dataclass(frozen=True)
class Memory:
    """Megabytes of a worker: resident, its share of what is shared, and the most ever resident."""

    resident: float
    proportional: float
    most: float


def main() -> int:
    """Serve, load, and write the part of the page."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description=__doc__)
    parser.add_argument("warehouse", type=Path, nargs="?", help="instead of WAREHOUSE_URL")
    parser.add_argument("--seconds", type=float, default=20, help="length of a phase")
    parser.add_argument("--connections", type=int, default=8, help="connections kept open")
    parser.add_argument("--into", type=Path, default=PAGE, help="the page that is written")
    chosen = parser.parse_args()
    if chosen.warehouse:
        os.environ["WAREHOUSE_URL"] = f"duckdb:///{chosen.warehouse.absolute()}"
    app = build_app(Config.from_environment(os.environ))
    services = app.server.config["WCO_SERVICES"]
    info = services.generation.info
    loads: list[Load] = []
    memory: dict[str, list[Memory]] = {}
    for phase in phases(app, services.catalogue):
        sys.stdout.write(f"{phase.name} ...\n")
        sys.stdout.flush()
        with served() as (port, master):
            for bodies in phase.warming:
                asyncio.run(loaded(port, iter(bodies), chosen.connections, math.inf))
            asked = asyncio.run(loaded(port, phase.bodies, chosen.connections, chosen.seconds))
            memory[phase.name] = [memory_of(worker) for worker in workers(master)]
        loads.append(Load(phase.name, *asked, phase.aim))
        sys.stdout.write(f"{phase.name}: {loads[-1].rate:,.1f} responses a second\n")
    facts = [
        *machine(),
        f"warehouse {info['version']}: {info.get('source', '')}",
        f"{chosen.connections} connections, made in the same machine",
        f"measured {datetime.now(UTC).date().isoformat()}",
    ]
    replace_part(chosen.into, "load", load_lines(loads, memory, facts))
    return 0


def phases(app: Any, catalogue: Catalogue) -> Iterator[Phase]:
    """Return the phases: nothing kept, nothing kept even of a range, everything kept."""

    def body(search: str) -> bytes:
        return json.dumps(panels_call(app, VIEW, search)).encode()

    members = sorted(catalogue.members)
    alone = [f"?member={member}" for member in members]
    ranges = members_in_ranges(members, *catalogue.months)
    kept = [body(search) for search in alone[:KEPT]]
    # Each worker reads names and generation at its first questions; they are not counted.
    first = [[body("")] * 16]
    yield Phase("another member each time (uncached)", UNCACHED, first, map(body, alone))
    yield Phase("another member and range each time (uncached)", UNCACHED, first, map(body, ranges))
    # Connections stay with a worker; opened anew each time, they reach both.
    yield Phase("the same again (cached)", CACHED, [kept * 16] * 6, itertools.cycle(kept))


def members_in_ranges(members: Sequence[str], first: str, last: str) -> Iterator[str]:
    """Return searches of a member in a range of twelve months, no pair of them twice.

    Examples
    --------
    >>> list(members_in_ranges(["KEN"], "2024-01", "2025-02"))[:2]
    ['?member=KEN&from=2024-01&to=2024-12', '?member=KEN&from=2024-02&to=2025-01']
    """
    low, high = (int(month[:4]) * 12 + int(month[5:]) - 1 for month in (first, last))
    spans = [
        f"from={start // 12}-{start % 12 + 1:02d}&to={end // 12}-{end % 12 + 1:02d}"
        for start in range(low, high - 10)
        for end in (start + 11,)
    ]
    for turn in range(len(spans)):
        for place, member in enumerate(members):
            yield f"?member={member}&{spans[(place + turn) % len(spans)]}"


@contextmanager
def served() -> Iterator[tuple[int, int]]:
    """Serve the app with the product's own settings; yield the port and the process's id."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-P", "-m", "gunicorn", "--config", str(GUNICORN_CONFIG)]
    process = subprocess.Popen(
        [*command, "--bind", f"{HOST}:{port}", "app:server"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(300):
            try:
                with urllib.request.urlopen(f"http://{HOST}:{port}/healthz", timeout=5):
                    break
            except OSError:
                time.sleep(0.2)
        else:
            raise RuntimeError("the server does not become ready; ./run shows why")
        yield port, process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)


async def loaded(
    port: int, bodies: Iterator[bytes], connections: int, seconds: float
) -> tuple[list[float], float]:
    """Ask over kept connections until the time or the questions end.

    Returns the milliseconds of each answer, and the seconds from the first question to the last
    answer.
    """
    times: list[float] = []
    began = time.perf_counter()

    async def connection() -> None:
        reader, writer = await asyncio.open_connection(HOST, port)
        while time.perf_counter() - began < seconds:
            body = next(bodies, None)
            if body is None:
                break
            asked = time.perf_counter()
            writer.write(request(port, body))
            is_kept = await asyncio.wait_for(answered(reader), PATIENCE)
            times.append((time.perf_counter() - asked) * 1000)
            if not is_kept:
                writer.close()
                reader, writer = await asyncio.open_connection(HOST, port)
        writer.close()

    await asyncio.gather(*(connection() for _ in range(connections)))
    return times, time.perf_counter() - began


def request(port: int, body: bytes) -> bytes:
    """Return a question as it is sent."""
    return (
        f"POST {PATH} HTTP/1.1\r\nHost: {HOST}:{port}\r\nContent-Type: application/json\r\n"
        f"Accept-Encoding: br, gzip\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode() + body


async def answered(reader: asyncio.StreamReader) -> bool:
    """Read an answer to its end; return whether the connection is kept."""
    status, length, is_kept = head_of(await reader.readuntil(b"\r\n\r\n"))
    body = await reader.readexactly(length)
    if status != 200:
        raise RuntimeError(f"the server answered {status}: {body[:200]!r}")
    return is_kept


def head_of(head: bytes) -> tuple[int, int, bool]:
    r"""Return an answer's status, the length of its body, and whether the connection is kept.

    Examples
    --------
    >>> head_of(b"HTTP/1.1 200 OK\r\nContent-Length: 12\r\nConnection: keep-alive\r\n\r\n")
    (200, 12, True)
    """
    first, *lines = head.decode("latin-1").split("\r\n")
    fields = {
        name.strip().lower(): value.strip()
        for name, mark, value in (line.partition(":") for line in lines)
        if mark
    }
    if "content-length" not in fields:
        raise RuntimeError("an answer without its length cannot be read here")
    is_kept = fields.get("connection", "").lower() != "close"
    return int(first.split(" ")[1]), int(fields["content-length"]), is_kept


def workers(master: int) -> list[int]:
    """Return the ids of a process's children, oldest first."""
    found = []
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            text = status.read_text(encoding="utf-8")
        except OSError:  # it has just ended
            continue
        if f"\nPPid:\t{master}\n" in text:
            found.append(int(status.parent.name))
    return sorted(found)


def memory_of(process: int) -> Memory:
    """Return the memory of a process."""
    folder = Path("/proc") / str(process)
    return memory_told(
        (folder / "status").read_text(encoding="utf-8"),
        (folder / "smaps_rollup").read_text(encoding="utf-8"),
    )


def memory_told(status: str, rollup: str) -> Memory:
    r"""Return the memory that Linux tells of a process, in megabytes of a million bytes.

    Examples
    --------
    >>> memory_told("VmHWM:\t 2000 kB\nVmRSS:\t 1000 kB\n", "Rss: 1000 kB\nPss: 500 kB\n")
    Memory(resident=1.024, proportional=0.512, most=2.048)
    """
    told: dict[str, Any] = {}
    for line in [*status.splitlines(), *rollup.splitlines()]:
        name, _, rest = line.partition(":")
        if rest.strip().endswith("kB"):
            told[name] = int(rest.split()[0]) * 1024 / 1e6
    return Memory(told["VmRSS"], told["Pss"], told["VmHWM"])


def load_lines(
    loads: Sequence[Load], memory: dict[str, list[Memory]], facts: Sequence[str]
) -> list[str]:
    """Return the lines of the part: facts, rates, and the memory of each worker."""
    lines = [*(f"- {fact}" for fact in facts), "", "### Overview under load", ""]
    lines += ["| what | responses a second | aim | median ms | 95th ms | responses |"]
    lines += ["| --- | ---: | ---: | ---: | ---: | ---: |"]
    for load in loads:
        times = Result("", "", load.milliseconds)
        lines.append(
            f"| {load.name} | {load.rate:,.1f} | {load.aim} | {times.median:,.1f} | "
            f"{times.high:,.1f} | {len(load.milliseconds):,} |"
        )
    lines += ["", "### Memory of each worker after it", ""]
    lines += [
        "| after | worker | resident MB (aim 250) | with its part of what is shared MB | most MB |"
    ]
    lines += ["| --- | ---: | ---: | ---: | ---: |"]
    lines += [
        f"| {name} | {place} | {one.resident:,.0f} | {one.proportional:,.0f} | {one.most:,.0f} |"
        for name, found in memory.items()
        for place, one in enumerate(found, 1)
    ]
    return lines


if __name__ == "__main__":
    raise SystemExit(main())
