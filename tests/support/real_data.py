"""The published data: the warehouse that is built of them, and what the files say by themselves."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd

ROOT = Path(__file__).resolve().parents[2]
RECEIPTS = "receipts.csv"
SCORES = "indicators.csv"

JOINED_LATER = {
    "GNQ": date(2021, 12, 1),
    "SLB": date(2023, 1, 26),
    "PLW": date(2024, 2, 2),
}
REGION_OF_LATER = {
    "GNQ": "West and Central Africa",
    "SLB": "Far East, South and South East Asia, Australasia and the Pacific Islands",
    "PLW": "Far East, South and South East Asia, Australasia and the Pacific Islands",
}
REGION_WORDS = {
    "Europe": "europe",
    "Far East": "asia_pacific",
    "South America": "americas",
    "East and Southern": "east_southern_africa",
    "West and Central": "west_central_africa",
    "North of Africa": "north_africa_middle_east",
}


@dataclass(frozen=True)
class RealWarehouse:
    """A warehouse of the published files, and how its loading went."""

    folder: Path
    load_report: dict[str, Any]
    load_kilobytes: int
    """The most memory that the loading of the trade files took."""

    @property
    def url(self) -> str:
        """SQLAlchemy's address of all that was published."""
        return f"duckdb:///{self.folder / 'warehouse.duckdb'}"

    @property
    def trade_generation(self) -> Path:
        """The generation of the trade files alone, before the log and the indicators came."""
        return self.folder / f"warehouse-{self.load_report['version']}.duckdb"


def build_warehouse(folder: Path, shared_data: Path) -> RealWarehouse:
    """Load the files as ``examples/comtrade/README.md`` says."""
    environment = {
        **os.environ,
        "WAREHOUSE_URL": f"duckdb:///{folder / 'warehouse.duckdb'}",
        "PYTHONPATH": str(ROOT),
    }
    output, errors = folder / "output.txt", folder / "errors.txt"

    def run(*command: str | Path) -> int:
        with output.open("wb") as out, errors.open("wb") as err:
            process = subprocess.Popen(
                list(map(str, command)), env=environment, cwd=folder, stdout=out, stderr=err
            )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        assert process.returncode == 0, (
            f"{command[3:5]}: {output.read_text()[-2000:]}{errors.read_text()[-2000:]}"
        )
        return usage.ru_maxrss

    loader = (sys.executable, "-P", "-m", "dashboard.warehouse")
    examples = ROOT / "examples" / "comtrade"
    receipts, scores = folder / RECEIPTS, folder / SCORES
    run(*loader, "create", "--framework", examples / "framework.toml")
    kilobytes = run(*loader, "load", "--json", *sorted((shared_data / "trade").iterdir()))
    report = json.loads(output.read_text(encoding="utf-8"))
    run(sys.executable, examples / "receipt_log.py", shared_data, receipts)
    run(*loader, "log", receipts)
    run(sys.executable, examples / "indicators.py", shared_data, scores)
    run(*loader, "indicators", scores)
    return RealWarehouse(folder, report, kilobytes)


def listed_regions(shared_data: Path) -> dict[str, str]:
    """Region of each member by ISO code, from the published list of 2019 and the later entries."""
    path = shared_data / "reference" / "wco_members_2019.csv"
    listed = pd.read_csv(path, keep_default_na=False)
    pairs = dict(zip(listed["iso3"], listed["wco_region"], strict=True)) | REGION_OF_LATER
    pairs["CUW"] = listed.loc[
        listed["name_as_listed"].str.contains("Netherlands Antilles"), "wco_region"
    ].iloc[0]
    return {
        iso3: next(code for words, code in REGION_WORDS.items() if name.startswith(words))
        for iso3, name in pairs.items()
        if iso3
    }


def availability(shared_data: Path) -> pd.DataFrame:
    """The availability file, one row per reporter, period and retrieval."""
    path = shared_data / "timeliness" / "comtrade_monthly_availability_2019_2024.csv.gz"
    return pd.read_csv(path, keep_default_na=False)


def month_end(period: int) -> date:
    """Last day of a month given as 202403."""
    year, month = divmod(period, 100)
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
