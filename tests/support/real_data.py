"""The published data: the warehouse that is built of them, and what the files say by themselves."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pandas as pd

ROOT = Path(__file__).resolve().parents[2]

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


def build_warehouse(folder: Path, shared_data: Path) -> str:
    """Load the files as ``examples/comtrade/README.md`` says; return the warehouse's address."""
    url = f"duckdb:///{folder / 'warehouse.duckdb'}"
    examples = ROOT / "examples" / "comtrade"
    loader = [sys.executable, "-P", "-m", "dashboard.warehouse"]
    receipts, scores = folder / "receipts.csv", folder / "indicators.csv"
    for command in (
        [*loader, "create", "--framework", str(examples / "framework.toml")],
        [*loader, "load", *map(str, sorted((shared_data / "trade").iterdir()))],
        [sys.executable, str(examples / "receipt_log.py"), str(shared_data), str(receipts)],
        [*loader, "log", str(receipts)],
        [sys.executable, str(examples / "indicators.py"), str(shared_data), str(scores)],
        [*loader, "indicators", str(scores)],
    ):
        done = subprocess.run(
            command,
            env={**os.environ, "WAREHOUSE_URL": url, "PYTHONPATH": str(ROOT)},
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{command[3:5]}: {done.stdout[-2000:]}{done.stderr[-2000:]}"
    return url


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
