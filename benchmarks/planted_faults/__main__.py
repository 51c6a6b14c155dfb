"""Plants faults into real files and writes what the rules found into ``docs/planted-faults.md``.

python -m benchmarks.planted_faults --data ../shared/data
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from benchmarks.planted_faults.running import run_fish, run_fuels
from benchmarks.planted_faults.table import write_page

ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    """Run the experiment."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.planted_faults", description=__doc__
    )
    parser.add_argument("--data", type=Path, default=ROOT / ".." / "shared" / "data")
    parser.add_argument("--count", type=int, default=10, help="faults of each kind")
    parser.add_argument("--into", type=Path, default=ROOT / "docs" / "planted-faults.md")
    parser.add_argument("--misses", action="store_true", help="print each miss and false alarm")
    chosen = parser.parse_args()
    folder = chosen.data / "trade"
    runs = {
        "fish": run_fish(folder, count=chosen.count),
        "fuels": run_fuels(folder, count=chosen.count),
    }
    write_page(chosen.into, runs)
    for name, verdicts in runs.items():
        for one in verdicts:
            sys.stdout.write(
                f"{name} {one.rule}: {one.found}/{one.planted} found, {one.false_alarms} false "
                f"alarms, {one.base} before, {one.checked} checked\n"
            )
            if chosen.misses:
                sys.stdout.writelines(f"    missed {scope}\n" for scope in one.missed)
                sys.stdout.writelines(f"    alarm {scope}\n" for scope in one.alarms[:8])
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
