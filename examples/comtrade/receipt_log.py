"""Make the receipt log of the monthly fish collection from its availability table.

    python examples/comtrade/receipt_log.py ../shared/data receipts.csv

The table tells on which days a reporter's month was found to be there, so the
first of them is an upper bound: the data came on that day or earlier. It must
not be read as the day of arrival. That a month was not found on an earlier day
proves nothing, because different commodities were fetched on different days.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import sys
from collections.abc import Sequence
from pathlib import Path

SOURCE = Path("timeliness", "comtrade_monthly_availability_2019_2024.csv.gz")
COLLECTION = "fish_monthly"


def first_seen(path: Path) -> dict[tuple[str, str], str]:
    """Return the first day on which each reporter's month was there.

    Parameters
    ----------
    path : Path
        The gzipped availability table.

    Returns
    -------
    dict of (str, str) to str
        Reporter code and period -> ISO date.
    """
    first: dict[tuple[str, str], str] = {}
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            key = (row["reporter_code"], row["period"])
            day = row["retrieved_by"][:10]
            if key not in first or day < first[key]:
                first[key] = day
    return first


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the log.

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
    parser.add_argument("data", type=Path, help="folder that holds timeliness/")
    parser.add_argument("out", type=Path, help="receipt log to write, CSV")
    options = parser.parse_args(arguments)
    first = first_seen(options.data / SOURCE)
    with options.out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["member", "collection", "period", "received_at", "bound", "channel"])
        for (reporter, period), day in sorted(first.items(), key=lambda item: item[0][::-1]):
            writer.writerow([reporter, COLLECTION, period, day, "upper", "public_api"])
    sys.stderr.write(f"{len(first):,} receipts written to {options.out}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
