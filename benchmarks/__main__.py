"""Measures the app on a warehouse and writes the results into ``docs/performance.md``.

One command, ``./run bench``: server time per view, cold and warm; first load and its bytes; click
to last panel painted on the overview. Ratios are of one run.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from benchmarks.browser import measure_browser
from benchmarks.server import measure_server
from benchmarks.table import Result, write_results

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "performance.md"
LIBRARIES = ("dash", "plotly", "duckdb", "pandas", "sqlalchemy", "gunicorn")


def machine() -> list[str]:
    """Return what was measured on what."""
    with Path("/proc/cpuinfo").open(encoding="utf-8") as file:
        models = [line.split(":")[1].strip() for line in file if line.startswith("model name")]
    return [
        f"{os.cpu_count()} cores, {models[0] if models else platform.processor()}",
        f"Python {platform.python_version()}, {platform.system()} {platform.release()}",
        ", ".join(f"{name} {version(name)}" for name in LIBRARIES),
    ]


def main() -> int:
    """Run the benchmarks."""
    parser = argparse.ArgumentParser(prog="./run bench", description=__doc__)
    parser.add_argument("--clicks", type=int, default=30, help="clicks on the overview")
    parser.add_argument("--rounds", type=int, default=15, help="calls of each view")
    parser.add_argument("--into", type=Path, default=PAGE, help="the page that is written")
    chosen = parser.parse_args()
    results: list[Result] = []
    sys.stdout.write("server time per view ...\n")
    facts, server_results = measure_server(chosen.rounds)
    results += server_results
    sys.stdout.write("browser ...\n")
    results += measure_browser(chosen.clicks)
    write_results(
        chosen.into,
        results,
        [*machine(), *facts, f"measured {datetime.now(UTC).date().isoformat()}"],
    )
    for result in results:
        sys.stdout.write(result.line() + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
