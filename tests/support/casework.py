"""The log of cases in tests: a warehouse of one's own over shared files, and a writer to end."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

from dashboard.cases import Entry
from dashboard.errors import WarehouseError
from dashboard.warehouse.casework import Casework, Judged
from dashboard.warehouse.ledger import Ledger

CASE = "KEN.X.27.202403"


def own_warehouse(shared: Path, folder: Path) -> str:
    """Return the address of a shared DuckDB warehouse under a pointer of one's own.

    The log of cases lies beside the pointer, so that of the shared one is not touched.
    """
    generation = shared.resolve()
    pointer = folder / shared.name
    (folder / generation.name).symlink_to(generation)
    pointer.symlink_to(generation.name)
    return f"duckdb:///{pointer}"


def judged(case_id: str = CASE, collection_id: str = "monthly", value: float = 9.0) -> Judged:
    """A case as a generation told it."""
    return Judged(collection_id, case_id, "v1", value, 2.0, 0.25, 0.1)


def write(
    casework: Casework,
    state: str = "asked",
    *,
    seen: int = 0,
    request: str = "request-1",
    note: str = "",
    author: str = "Ann",
    case_id: str = CASE,
) -> object:
    """Append one event."""
    at = datetime(2026, 11, 25, 9, seen, tzinfo=UTC)
    entry = Entry(state, note, author)
    return casework.write(judged(case_id), entry, seen=seen, request_id=request, at=at)


def main(url: str, name: str, count: str) -> None:
    """Append events to one case as another process would: look, write, and try again if moved."""
    casework = Casework(Ledger(url))
    done = 0
    while done < int(count):
        seen = casework.position("monthly", CASE).number
        try:
            write(casework, seen=seen, request=f"{name}-{done:08d}", author=name)
        except WarehouseError as error:
            if "moved" in type(error).__name__.lower() or "Somebody else" in str(error):
                continue
            raise
        done += 1
        print(done, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
