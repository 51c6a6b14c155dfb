"""Measures publication, panels and queries as the data grow; writes docs/performance.md.

One command, ``.venv/bin/python -m benchmarks.growth FOLDER``. It builds synthetic warehouses of
1, 10 and 100 million rows in a folder and keeps them there; each step runs in a process of its
own. With the address of a PostgreSQL server it does the same there, in a database for each size.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.__main__ import PAGE, ROOT, machine
from benchmarks.growth import asking, building
from benchmarks.growth.table import Measured, growth_lines
from benchmarks.table import replace_part

TODAY = date(2026, 11, 1)
"""The samples' last day: the same rows whenever they are built."""


def main() -> int:
    """Build what is missing, measure all sizes in one run, and write the page."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth", description=__doc__)
    parser.add_argument("folder", type=Path, help="where warehouses are built and kept")
    parser.add_argument("--millions", type=int, nargs="+", default=[1, 10, 100])
    parser.add_argument("--rounds", type=int, default=3, help="times that each is asked again")
    parser.add_argument("--postgresql", metavar="URL", help="postgresql+psycopg://... of a server")
    parser.add_argument("--into", type=Path, default=PAGE, help="the page that is written")
    parser.add_argument("--alone", choices=("build", "measure"), help=argparse.SUPPRESS)
    parser.add_argument("--url", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.alone:
        return _alone(chosen)
    chosen.folder.mkdir(parents=True, exist_ok=True)
    measured: list[Measured] = []
    for engine, millions, url in _warehouses(chosen):
        kept = chosen.folder / f"{engine}-{millions}m"
        if not kept.with_suffix(".built.json").exists():
            sys.stdout.write(f"building {millions} million rows on {engine} ...\n")
            _run("build", millions, url, kept, chosen.rounds)
        sys.stdout.write(f"measuring {millions} million rows on {engine} ...\n")
        _run("measure", millions, url, kept, chosen.rounds)
        built = building.noted(kept.with_suffix(".built.json"))
        times = json.loads(kept.with_suffix(".times.json").read_text(encoding="utf-8"))
        measured.append(Measured(engine, built, times))
    facts = [*machine(), f"measured {datetime.now(UTC).date().isoformat()}"]
    replace_part(chosen.into, "growth", growth_lines(measured, facts))
    return 0


def _warehouses(chosen: argparse.Namespace) -> list[tuple[str, int, str]]:
    found = [
        ("DuckDB", millions, f"duckdb:///{chosen.folder.resolve()}/rows{millions}m.duckdb")
        for millions in chosen.millions
    ]
    if chosen.postgresql:
        for millions in chosen.millions:
            name = f"rows{millions}m"
            _make_database(chosen.postgresql, name)
            server = chosen.postgresql.rpartition("/")[0]
            found.append(("PostgreSQL", millions, f"{server}/{name}"))
    return found


def _make_database(url: str, name: str) -> None:
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as server:
        row = server.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone()
        if row is None:
            server.execute(
                psycopg.sql.SQL("CREATE DATABASE {}").format(psycopg.sql.Identifier(name))
            )


def _run(what: str, millions: int, url: str, kept: Path, rounds: int) -> None:
    command = [sys.executable, "-m", "benchmarks.growth", str(kept), "--alone", what]
    command += ["--millions", str(millions), "--url", url, "--rounds", str(rounds)]
    subprocess.run(command, check=True, cwd=ROOT)


def _alone(chosen: argparse.Namespace) -> int:
    """Do one step of one size in this process; the folder is the stem of its files."""
    stem, (millions,) = chosen.folder, chosen.millions
    if chosen.alone == "build":
        building.note(building.build(chosen.url, millions, TODAY), stem.with_suffix(".built.json"))
        return 0
    drawn = asking.gallery(chosen.url)
    times: dict[str, Any] = {
        "panels": {name: both for name, *both in asking.panel_times(drawn, chosen.rounds)},
        "statements": {name: both for name, *both in asking.statement_times(drawn, chosen.rounds)},
        "drills": dict(asking.drill_times(drawn, chosen.rounds)),
    }
    stem.with_suffix(".times.json").write_text(json.dumps(times), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
