"""Make the indicators file from published World Bank and QoG tables.

    python examples/comtrade/indicators.py ../shared/data indicators.csv

The overall index of the Statistical Performance Indicators and its five pillars
(2016 to 2019), the customs score of the Logistics Performance Index (2007 to
2018), and statistical capacity, overall, of method and of timeliness (one
cross-section). Nothing is filled in: an economy without a score has no row.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import re
import sys
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from xml.etree import ElementTree as ET

SHEETS = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}

QOG_YEAR = "2016"
"""The cross-section of January 2020 holds values of 2016 or the year nearest to it."""

SPI_SCORES = {
    "SPI.INDEX": "spi_overall",
    "SPI.INDEX.PIL1": "spi_use",
    "SPI.INDEX.PIL2": "spi_services",
    "SPI.INDEX.PIL3": "spi_products",
    "SPI.INDEX.PIL4": "spi_sources",
    "SPI.INDEX.PIL5": "spi_infrastructure",
}

SPI_FIRST_YEAR = 2016
"""The first year of the overall index; some pillars go further back."""

CAPACITY_SCORES = {
    "wdi_statcap": "statistical_capacity",
    "wdi_statcapmet": "statistical_capacity_method",
    "wdi_statcaptime": "statistical_capacity_timeliness",
}

CAPACITY_SOURCE = "World Bank, through Quality of Government Standard cross-section, Jan 2020"

FORMER_ISO3 = {"ADO": "AND", "IMY": "IMN", "KSV": "XKX", "ROM": "ROU", "TMP": "TLS", "ZAR": "COD"}
"""Codes that the World Bank used in place of the ISO code."""

Row = tuple[str, str, str, str, str]


def statistical_performance(data: Path) -> Iterator[Row]:
    """Read the overall index and its pillars, 0 to 100.

    Parameters
    ----------
    data : Path
        Folder of the data.

    Yields
    ------
    tuple of str
        Member, year, indicator, value, source.
    """
    path = data / "quality" / "spi_index_2004_2019.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            for column, indicator in SPI_SCORES.items():
                if row[column] not in ("", "NA") and int(row["date"]) >= SPI_FIRST_YEAR:
                    yield (
                        _iso3(row["iso3c"]),
                        row["date"],
                        indicator,
                        row[column],
                        "World Bank, Statistical Performance Indicators 2004-2019",
                    )


def logistics_customs(data: Path) -> Iterator[Row]:
    """Read the score of customs, 1 to 5, from the sheet of each year.

    Parameters
    ----------
    data : Path
        Folder of the data.

    Yields
    ------
    tuple of str
        Member, year, indicator, value, source.
    """
    for year, rows in _sheets(data / "customs" / "lpi_2007_2018.xlsx"):
        groups, names = rows[1], rows[3]
        code = next(column for column, text in names.items() if text.strip() == "Code")
        score = next(column for column, text in groups.items() if text.strip() == "Customs")
        for number in sorted(rows):
            row = rows[number]
            if number > 3 and row.get(code) and row.get(score):
                yield (
                    _iso3(row[code]),
                    year,
                    "lpi_customs",
                    row[score],
                    f"World Bank, Logistics Performance Index {year}",
                )


def statistical_capacity(data: Path) -> Iterator[Row]:
    """Read the Statistical Capacity Indicator and two of its parts, 0 to 100.

    Parameters
    ----------
    data : Path
        Folder of the data.

    Yields
    ------
    tuple of str
        Member, year, indicator, value, source.
    """
    path = data / "quality" / "qog_std_cs_jan20.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for column, indicator in CAPACITY_SCORES.items():
                if row[column] not in ("", "NA"):
                    yield (
                        _iso3(row["ccodealp"]),
                        QOG_YEAR,
                        indicator,
                        row[column],
                        CAPACITY_SOURCE,
                    )


def _iso3(code: str) -> str:
    return FORMER_ISO3.get(code.strip(), code.strip())


def _sheets(path: Path) -> Iterator[tuple[str, dict[int, dict[str, str]]]]:
    """Yield each sheet's name and its cells by row number and column letters."""
    with zipfile.ZipFile(path) as book:
        texts = [
            "".join(part.text or "" for part in item.iter(f"{{{SHEETS['m']}}}t"))
            for item in _tree(book, "xl/sharedStrings.xml").findall("m:si", SHEETS)
        ]
        targets = {
            relation.get("Id"): relation.get("Target")
            for relation in _tree(book, "xl/_rels/workbook.xml.rels")
        }
        for sheet in _tree(book, "xl/workbook.xml").findall("m:sheets/m:sheet", SHEETS):
            relation = next(value for key, value in sheet.items() if key.endswith("}id"))
            rows: dict[int, dict[str, str]] = {}
            for cell in _tree(book, f"xl/{targets[relation]}").iter(f"{{{SHEETS['m']}}}c"):
                value = cell.find("m:v", SHEETS)
                place = re.fullmatch(r"([A-Z]+)(\d+)", cell.get("r", ""))
                if place is None:
                    continue
                row = rows.setdefault(int(place[2]), {})
                if value is not None and value.text is not None:
                    row[place[1]] = texts[int(value.text)] if cell.get("t") == "s" else value.text
            yield sheet.get("name", ""), rows


def _tree(book: zipfile.ZipFile, name: str) -> ET.Element:
    return ET.fromstring(book.read(name))  # noqa: S314 - a file that the user chose


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the indicators file.

    Parameters
    ----------
    arguments : sequence of str, optional
        The folder of the data and the file to write.

    Returns
    -------
    int
        0.
    """
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("data", type=Path, help="folder that holds quality/ and customs/")
    parser.add_argument("out", type=Path, help="indicators file to write, CSV")
    options = parser.parse_args(arguments)
    rows = [
        *statistical_performance(options.data),
        *logistics_customs(options.data),
        *statistical_capacity(options.data),
    ]
    with options.out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["member", "year", "indicator", "value", "source"])
        writer.writerows(rows)
    sys.stderr.write(f"{len(rows):,} scores written to {options.out}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
