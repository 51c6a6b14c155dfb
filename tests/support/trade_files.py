"""Tiny hand-written trade files, and a blank workshop to load them into."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from dashboard.framework import DEFAULT_FRAMEWORK, Framework, parse_framework
from dashboard.warehouse.loading import load_files
from dashboard.warehouse.report import FileReport, LoadReport
from dashboard.warehouse.submitting import Receipt
from dashboard.warehouse.tables import create_tables
from dashboard.warehouse.workshop import Silent

NOW = datetime.fromisoformat("2024-10-01T08:00:00")

FRAMEWORK = """
waivers = []

[framework]
id = "hand"
version = "1"
name = { en = "By hand", fr = "À la main" }
extends = "default"
default_collection = "monthly"

[[collections]]
id = "monthly"
name = { en = "Monthly", fr = "Mensuel" }
domain = "trade"
frequency = "M"
due_days = 60
starts = "2020-01"
required_fields = ["value_usd", "mass_kg"]
layouts = ["comtrade_current"]

[[collections]]
id = "annual"
name = { en = "Annual", fr = "Annuel" }
domain = "trade"
frequency = "A"
due_days = 180
starts = "2000-01"
layouts = ["comtrade_current", "comtrade_old", "names_only", "iso3_brief"]
"""

CURRENT = (
    *("typeCode", "freqCode", "refPeriodId", "refYear", "refMonth", "period", "reporterCode"),
    *("reporterISO", "reporterDesc", "flowCode", "flowDesc", "partnerCode", "partnerISO"),
    *("partnerDesc", "partner2Code", "partner2ISO", "partner2Desc", "classificationCode"),
    *("classificationSearchCode", "isOriginalClassification", "cmdCode", "cmdDesc", "aggrLevel"),
    *("isLeaf", "customsCode", "customsDesc", "mosCode", "motCode", "motDesc", "qtyUnitCode"),
    *("qtyUnitAbbr", "qty", "isQtyEstimated", "altQtyUnitCode", "altQtyUnitAbbr", "altQty"),
    *("isAltQtyEstimated", "netWgt", "isNetWgtEstimated", "grossWgt", "isGrossWgtEstimated"),
    *("cifvalue", "fobvalue", "primaryValue", "legacyEstimationFlag", "isReported"),
    "isAggregate",
)
"""The 47 headers of the current layout in camelCase, as the source writes them."""

ROW = {
    "typeCode": "C",
    "freqCode": "M",
    "period": "202301",
    "reporterCode": "516",
    "reporterISO": "NAM",
    "reporterDesc": "Namibia",
    "flowCode": "X",
    "flowDesc": "Export",
    "partnerCode": "710",
    "partnerISO": "ZAF",
    "partnerDesc": "South Africa",
    "partner2Code": "0",
    "classificationCode": "H6",
    "cmdCode": "030354",
    "cmdDesc": 'Fish; "frozen", mackerel',
    "customsCode": "C00",
    "mosCode": "0",
    "motCode": "0",
    "qtyUnitAbbr": "kg",
    "qty": "100",
    "isQtyEstimated": "false",
    "netWgt": "100",
    "isNetWgtEstimated": "false",
    "primaryValue": "250.5",
    "legacyEstimationFlag": "0",
}
"""An export of Namibia, of which the ISO code of two letters is NA."""


@dataclass
class Bench:
    """What the loader needs of a workshop."""

    connection: duckdb.DuckDBPyConnection
    framework: Framework

    def rows(self, statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        return self.connection.execute(statement, list(parameters)).fetchall()

    def value(self, statement: str, *parameters: Any) -> Any:
        """Return the one value of a query."""
        ((value,),) = self.rows(statement, *parameters)
        return value

    def load(self, *paths: Path, **options: Any) -> LoadReport:
        """Load files, as the command line does."""
        settings: dict[str, Any] = {"loaded_at": NOW, "progress": Silent(), **options}
        if isinstance(settings.get("receipt"), str):
            settings["receipt"] = Receipt(datetime.fromisoformat(settings["receipt"]))
        return load_files(self, list(paths), **settings)  # type: ignore[arg-type]

    def load_one(self, path: Path, **options: Any) -> FileReport:
        """Load one file and return what became of it."""
        (file,) = self.load(path, **options).files
        return file


def blank_bench(framework: str = FRAMEWORK) -> Bench:
    """Return empty tables in memory."""
    connection = duckdb.connect(config={"threads": "1", "memory_limit": "500MB"})
    create_tables(connection)
    return Bench(connection, _framework(framework))


@cache
def _framework(text: str) -> Framework:
    return parse_framework(text, base=DEFAULT_FRAMEWORK.read_text(encoding="utf-8"))


def row(**changes: str | float) -> dict[str, str]:
    """Return the example row with some cells changed."""
    return {**ROW, **{name: str(value) for name, value in changes.items()}}


def csv_text(
    rows: Sequence[Mapping[str, str]],
    headers: Sequence[str] = CURRENT,
    *,
    spell: Mapping[str, str] | None = None,
    header_comma: bool = False,
    row_comma: bool = False,
    quote: bool = True,
    end: str = "\r\n",
) -> str:
    """Write rows as CSV by hand; ``spell`` renames headers."""

    def cell(text: str) -> str:
        if quote or any(mark in text for mark in ',"\n'):
            return '"' + text.replace('"', '""') + '"'
        return text

    named = spell or {}
    lines = [",".join(named.get(name, name) for name in headers) + ("," if header_comma else "")]
    lines += [
        ",".join(cell(one.get(name, "")) for name in headers) + ("," if row_comma else "")
        for one in rows
    ]
    return end.join(lines) + end


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    """Write a file as bytes, line ends as they are."""
    path.write_bytes(text.encode(encoding))
    return path
