"""Measures one six-chart page in Streamlit, Vizro and Dash, and this product's Overview.

One command, ``.venv/bin/python -m benchmarks.peers WAREHOUSE.duckdb``. It installs the frameworks
into an environment of their own, serves each page on loopback in turn, several times over, and
clicks its control of regions in the same headless Chromium; docs/performance.md gets the result.
"""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

import duckdb
from playwright.sync_api import Browser, sync_playwright

from benchmarks.__main__ import PAGE, machine
from benchmarks.peers.contenders import Contender, contenders, served
from benchmarks.peers.environment import environment_python, versions
from benchmarks.peers.table import Clicks, peer_lines
from benchmarks.peers.watching import click, opened
from benchmarks.table import Result, replace_part
from tools.run.chromium import ARGUMENTS, find_chromium

LIBRARIES = ("streamlit", "vizro", "dash", "plotly", "duckdb", "pandas", "gunicorn", "orjson")
ALONE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
"""No page fetches anything from elsewhere."""


def main() -> int:
    """Measure every page in one run and write the part of the page."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.peers", description=__doc__)
    parser.add_argument("warehouse", type=Path, help="DuckDB file of a warehouse")
    parser.add_argument("--clicks", type=int, default=24, help="clicks on regions asked before")
    parser.add_argument("--starts", type=int, default=4, help="times that each page is started")
    parser.add_argument("--into", type=Path, default=PAGE, help="the page that is written")
    parser.add_argument("--only", help="measure only pages whose framework has this in its name")
    parser.add_argument("--pictures", type=Path, help="folder for a picture of each page")
    chosen = parser.parse_args()
    chromium = find_chromium()
    if chromium is None:
        sys.stderr.write("No Chromium found: run ./run test browser once, or set CHROMIUM.\n")
        return 1
    warehouse = chosen.warehouse.absolute()
    if not warehouse.exists():
        parser.error(f"there is no file {warehouse}")
    everyone = [
        one
        for one in contenders(environment_python())
        if not chosen.only or chosen.only.lower() in one.name.lower()
    ]
    measured = [Clicks(one.name, one.part) for one in everyone]
    regions, source = described(warehouse)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=[*ARGUMENTS, ALONE])
        for start in range(chosen.starts):
            for contender, clicks in zip(everyone, measured, strict=True):
                again = -(-chosen.clicks // chosen.starts)
                measure(browser, contender, clicks, warehouse, regions, again, chosen.pictures)
                sys.stdout.write(f"start {start + 1}: {told(clicks)}\n")
                sys.stdout.flush()
        browser.close()
    facts = [
        *machine(),
        f"pages: {versions(LIBRARIES)}",
        source,
        f"measured {datetime.now(UTC).date().isoformat()}",
    ]
    replace_part(chosen.into, "peers", peer_lines(measured, facts))
    return 0


def described(warehouse: Path) -> tuple[list[str], str]:
    """Return the regions of a warehouse and a line on what it holds."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        regions = connection.execute("select region_id from dim_region order by sort_order")
        ids = [row[0] for row in regions.fetchall()]
        info = dict(connection.execute("select name, value from warehouse_info").fetchall())
        trade = connection.execute("select count(*) from fct_trade").fetchone()
    assert trade is not None
    kind = info.get("source", "")
    return ids, f"warehouse of {trade[0]:,} rows of trade, {info.get('version', '')}: {kind}"


def measure(
    browser: Browser,
    contender: Contender,
    clicks: Clicks,
    warehouse: Path,
    regions: list[str],
    again: int,
    pictures: Path | None,
) -> None:
    """Start a page, click every region once, then as many again as are asked for."""
    with served(contender, warehouse) as url:
        page = opened(browser, url, contender)
        for place, region in enumerate(regions):
            clicks.first.append(click(page, contender, place, region))
        for turn in range(again):
            place = turn % len(regions)
            clicks.again.append(click(page, contender, place, regions[place]))
        if pictures:
            pictures.mkdir(parents=True, exist_ok=True)
            name = f"{contender.name.split()[0].lower()}-{contender.part}.png"
            page.screenshot(path=pictures / name, full_page=True)
        page.context.close()


def told(clicks: Clicks) -> str:
    """Return the clicks so far in one line."""
    first, again = (Result("", "", samples).median for samples in (clicks.first, clicks.again))
    return f"{clicks.name}, {clicks.part}: first {first:,.0f} ms, again {again:,.0f} ms"


if __name__ == "__main__":
    raise SystemExit(main())
