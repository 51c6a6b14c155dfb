"""Takes the pictures of the documentation from the running app: ``./run screenshots``.

Serves the warehouse of ``WAREHOUSE_URL`` (or the default one) on a free loopback port, opens every
view in headless Chromium and writes ``docs/pictures/*.png``. With ``--published`` the warehouse
must be the one of ``examples/comtrade``, and the pictures are those that show real data.
"""

from __future__ import annotations

import argparse
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tools.run.chromium import ARGUMENTS, find_chromium

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
SHOTS = (
    ("overview", "/", (1366, 768), "light"),
    ("overview-dark", "/?region=europe", (1366, 768), "dark"),
    ("timeliness", "/timeliness?region=east_southern_africa", (1366, 900), "light"),
    ("quality", "/quality", (1366, 900), "light"),
    ("flows", "/flows", (1366, 900), "light"),
    ("incentives", "/incentives", (1366, 900), "light"),
    ("members", "/members?member=KEN", (1366, 900), "light"),
    ("strategy", "/strategy", (1366, 900), "light"),
    ("data", "/data-held?lang=fr", (1366, 900), "light"),
    ("stage", "/present/overview/ranking", (1920, 1080), "dark"),
    ("phone", "/?member=KEN", (390, 844), "light"),
    ("forecast", "/forecast", (1366, 900), "light"),
    ("chase", "/chase?region=east_southern_africa", (1366, 900), "light"),
    ("revisions", "/revisions", (1366, 900), "light"),
    ("outliers", "/outliers", (1366, 900), "light"),
    ("explore", "/explore?region=europe", (1366, 900), "light"),
    ("network", "/network", (1366, 900), "dark"),
    ("changes", "/changes?region=asia_pacific", (1366, 1200), "light"),
    ("sensitivity", "/sensitivity", (1366, 900), "light"),
    ("standing", "/standing?member=KEN", (1366, 1100), "light"),
    ("strategy-map", "/strategy-map", (1366, 768), "light"),
    ("brief", "/brief?region=europe", (1366, 900), "light"),
    ("evidence", "/evidence?result=unbroken_members", (1366, 900), "light"),
    ("year", "/year", (1366, 1100), "dark"),
)
PUBLISHED_SHOTS = tuple(
    (f"published-{name}-{language}", path + end, (1366, 900), "light")
    for name, path in (
        ("timeliness", "/timeliness?asof=2024-08-27&"),
        ("delays", "/delays?"),
        ("chase", "/chase?"),
        ("quality", "/quality?"),
        ("rules", "/rules?"),
        ("mirror", "/mirror?"),
    )
    for language, end in (("en", "lang=en"), ("fr", "lang=fr"))
)
"""The views of timeliness and quality on published data, in both languages."""
DRAWN = """
() => !document.querySelector('[data-dash-is-loading="true"]') &&
  Array.from(document.querySelectorAll('.panel')).length > 0 &&
  Array.from(document.querySelectorAll('.panel')).every((panel) =>
    panel.querySelector('.panel__message').textContent ||
    (panel.querySelector('.block') ? panel.querySelector('.block').childNodes.length
      : panel.querySelector('.js-plotly-plot .main-svg')))
"""


@contextmanager
def served() -> Iterator[str]:
    """Serve the app on a free loopback port until the block ends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-P", "-m", "gunicorn", "--threads", "4"]
    process = subprocess.Popen(
        [*command, "--bind", f"127.0.0.1:{port}", "app:server"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(100):
            try:
                with urllib.request.urlopen(f"{url}/healthz", timeout=2):
                    break
            except OSError:
                time.sleep(0.2)
        yield url
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)


def settle(page: Page) -> None:
    """Wait until every panel has drawn and nothing moves."""
    page.wait_for_function(DRAWN, timeout=30_000)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(400)


def main() -> int:
    """Take the pictures that are asked for."""
    parser = argparse.ArgumentParser(prog="./run screenshots", description=__doc__)
    parser.add_argument("--into", type=Path, default=PICTURES, help="folder of the pictures")
    parser.add_argument("--published", action="store_true", help="those that show published data")
    parser.add_argument("names", nargs="*", help="which ones; all without names")
    chosen = parser.parse_args()
    chosen.into.mkdir(parents=True, exist_ok=True)
    chromium = find_chromium()
    if chromium is None:
        sys.stderr.write("No Chromium found: run ./run test browser once, or set CHROMIUM.\n")
        return 1
    with served() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))
        for name, path, (width, height), theme in PUBLISHED_SHOTS if chosen.published else SHOTS:
            if chosen.names and name not in chosen.names:
                continue
            context = browser.new_context(
                viewport={"width": width, "height": height},
                color_scheme="dark" if theme == "dark" else "light",
            )
            page = context.new_page()
            page.goto(url + path)
            settle(page)
            page.screenshot(path=chosen.into / f"{name}.png")
            context.close()
            sys.stdout.write(f"{name}.png\n")
        browser.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
