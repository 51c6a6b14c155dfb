"""Who is measured: how each page is served, and how its control is found."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGES = "benchmarks.peers.pages"
PLAIN, BEST = "plain", "best"
PRODUCT = "This product's Overview"
GUNICORN = ("-m", "gunicorn", "--workers", "1", "--threads", "4", "--bind")


@dataclass(frozen=True)
class Contender:
    """A page in a framework: its round, the command that serves it, and what is clicked.

    ``control`` is a selector of the labels of the control, all regions first; the product's
    regions are clicked as the marks that its page shows everywhere. ``charts`` is how many
    charts a click must draw at least.
    """

    name: str
    part: str
    command: tuple[str, ...]
    control: str = ""
    charts: int = 6


def contenders(python: Path) -> list[Contender]:
    """Return everyone, in the order of the page."""
    found = []
    for part in (PLAIN, BEST):
        served = (str(python), "-P", *GUNICORN, "127.0.0.1:{port}")
        streamlit = (
            *(str(python), "-P", "-m", "streamlit", "run"),
            str(ROOT / "benchmarks" / "peers" / "pages" / f"streamlit_{part}.py"),
            *("--server.address", "127.0.0.1", "--server.port", "{port}"),
            *("--server.headless", "true", "--browser.gatherUsageStats", "false"),
            *(("--server.fileWatcherType", "none") if part == BEST else ()),
        )
        own = {
            name: (str(python), "-P", "-m", f"{PAGES}.{name}_plain")
            if part == PLAIN
            else (*served, f"{PAGES}.{name}_best:server")
            for name in ("vizro", "dash")
        }
        found += [
            Contender("Streamlit", part, streamlit, '[data-testid="stRadio"] label:has(input)'),
            Contender("Vizro", part, own["vizro"], ".form-check label"),
            Contender("Dash", part, own["dash"], "#region label"),
        ]
    product = (sys.executable, "-P", *GUNICORN, "127.0.0.1:{port}", "app:server")
    return [*found, Contender(PRODUCT, BEST, product, charts=0)]


@contextmanager
def served(contender: Contender, warehouse: Path) -> Iterator[str]:
    """Serve a page on a free loopback port until the block ends; yield its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    process = subprocess.Popen(
        [part.replace("{port}", port) for part in contender.command],
        cwd=ROOT,
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "PEERS_WAREHOUSE": str(warehouse),
            "PEERS_PORT": port,
            "WAREHOUSE_URL": f"duckdb:///{warehouse}",
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        url = f"http://127.0.0.1:{port}/"
        _await(url, process, contender)
        yield url
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _await(url: str, process: subprocess.Popen[bytes], contender: Contender) -> None:
    until = time.monotonic() + 120
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(url, timeout=20):
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"{contender.name} ({contender.part}) does not answer: {contender.command}")
