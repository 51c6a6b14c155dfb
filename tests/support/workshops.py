"""Small workshops for tests, filled by hand or by a seeded draw."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import numpy as np
import pyarrow as pa

from dashboard.framework import Framework, parse_framework
from dashboard.warehouse.finishing import finish
from dashboard.warehouse.publishing import publish
from dashboard.warehouse.tables import insert_rows
from dashboard.warehouse.workshop import Workshop, begin

FRAMEWORK = """
[framework]
id = "hand"
version = "1"
name = { en = "By hand", fr = "À la main" }
default_collection = "monthly"

[[collections]]
id = "monthly"
name = { en = "Monthly", fr = "Mensuel" }
domain = "trade"
frequency = "M"
due_days = 45
starts = "2022-01"

[[collections]]
id = "annual"
name = { en = "Annual", fr = "Annuel" }
domain = "trade"
frequency = "A"
due_days = 180
starts = "2020-01"

[[dimensions]]
id = "validity"
name = { en = "Validity", fr = "Validité" }
weight = 1
worst = 0.5
best = 0.0

[[rules]]
id = "hard"
dimension = "validity"
severity = "error"
title = { en = "Hard", fr = "Dur" }
counts = { en = "Rows", fr = "Lignes" }
rationale = { en = "Because", fr = "Parce que" }
remedy = { en = "Mend it", fr = "Corrigez" }

[[rules]]
id = "soft"
dimension = "validity"
severity = "warning"
title = { en = "Soft", fr = "Doux" }
counts = { en = "Rows", fr = "Lignes" }
rationale = { en = "Because", fr = "Parce que" }
remedy = { en = "Mend it", fr = "Corrigez" }

[[pillars]]
id = "timeliness"
name = { en = "Timeliness", fr = "Ponctualité" }
weight = 1
worst = 0.0
best = 1.0

[[tiers]]
id = "entry"
name = { en = "Entry", fr = "Initial" }
threshold = 0
"""

BUILT_AT = datetime.fromisoformat("2024-03-01T12:00:00")
LOADED_AT = datetime.fromisoformat("2024-02-29T09:00:00")
LONG_AGO = datetime.fromisoformat("1970-01-01T00:00:00")
DATA_ON = date(2024, 2, 29)
ALBANIA, ALGERIA, FRANCE, GERMANY, PALAU, EUROPEAN_UNION, AREAS_NES = 8, 12, 251, 276, 585, 97, 899


def framework(extra: str = "", *, text: str = FRAMEWORK) -> Framework:
    """The small framework above, or another, with more declarations at its end."""
    return parse_framework(text + extra, source="test")


@dataclass
class Filler:
    """Appends rows to a workshop, numbering submissions from 1."""

    workshop: Workshop
    last_submission: int = 0
    revisions: dict[tuple[int, str, int], int] = field(default_factory=dict)

    def load(self) -> None:
        """The one load that all submissions came by."""
        row = (1, "by-hand.csv", "0" * 64, "trade", None, None, LOADED_AT, *([0] * 7))
        insert_rows(self.workshop.connection, "load_log", [row])

    def submission(
        self,
        reporter: int,
        period: int,
        received: str | None = None,
        *,
        collection: str = "monthly",
        bound: str | None = None,
        absent: str | None = None,
        channel: str = "portal",
        is_accepted: bool = True,
        has_data: bool = True,
        layout: str | None = "layout",
        rows: Iterable[tuple[Any, ...]] = (),
    ) -> int:
        """Append a submission and its rows (flow, partner, code, value); return its number."""
        trade = [
            (
                *(self.last_submission + 1, reporter, partner, period, flow, code, len(code), "H6"),
                *(float(value), None, None, None, False),
            )
            for flow, partner, code, value in rows
        ]
        row = self._submitted(
            *(reporter, period, received, collection, bound, absent, channel),
            *(is_accepted, has_data, layout, len(trade)),
        )
        insert_rows(self.workshop.connection, "fct_submission", [row])
        insert_rows(self.workshop.connection, "fct_trade", trade)
        return self.last_submission

    def submissions(
        self, given: Iterable[tuple[int, int, str | None]], *, collection: str = "monthly"
    ) -> list[int]:
        """Append submissions (reporter, period, received) at once; return their numbers."""
        rows = [
            self._submitted(*one, collection, None, None, "portal", True, True, "layout", 0)
            for one in given
        ]
        insert_rows(self.workshop.connection, "fct_submission", rows)
        return [row[0] for row in rows]

    def _submitted(
        self,
        reporter: int,
        period: int,
        received: str | None,
        collection: str,
        bound: str | None,
        absent: str | None,
        channel: str,
        is_accepted: bool,
        has_data: bool,
        layout: str | None,
        row_count: int,
    ) -> tuple[Any, ...]:
        """Number a submission and return its row."""
        self.last_submission += 1
        key = (reporter, collection, period)
        revision = self.revisions.get(key, -1) + 1
        self.revisions[key] = revision
        at = datetime.fromisoformat(received) if received else None
        return (
            *(self.last_submission, reporter, collection, period, revision, at),
            bound or ("exact" if at else "unknown"),
            datetime.fromisoformat(absent) if absent else None,
            at or LONG_AGO,
            None,
            *(channel, is_accepted, has_data, row_count, 0, None, layout, 1),
        )


def open_workshop(url: str, *, extra: str = "", text: str = FRAMEWORK) -> Filler:
    """An empty workshop with the small framework, or another."""
    filler = Filler(begin(url, framework(extra, text=text)))
    filler.load()
    return filler


def finish_by_hand(workshop: Workshop, data_on: date = DATA_ON) -> None:
    """Finish a workshop as of a fixed day."""
    finish(workshop, built_at=BUILT_AT, data_on=data_on, is_synthetic=True)


def draw_trade(filler: Filler, rng: np.random.Generator, *, rows: int = 2000) -> None:
    """Submissions of four members over two years with ``rows`` rows, some revised."""
    reporters = [ALBANIA, ALGERIA, FRANCE, GERMANY]
    partners = [*reporters, PALAU, AREAS_NES]
    codes = ["0101", "010121", "03", "2701", "8703", "870323", "9999"]
    periods = [2023 * 100 + month for month in range(1, 13)]
    monthly: list[tuple[int, int, str | None]] = [
        (reporter, period, f"{2023 + (period % 100 > 10)}-02-01T08:30:00")
        for period in periods
        for reporter in reporters
    ]
    monthly += [(FRANCE, period, "2024-02-20T08:30:00") for period in periods[:3]]
    numbers = filler.submissions(monthly)
    numbers += filler.submissions(
        [(FRANCE, 2022, "2023-06-01"), (GERMANY, 2022, None)], collection="annual"
    )
    about = {
        row[0]: row[1:]
        for row in filler.workshop.connection.execute(
            "SELECT submission_id, reporter_id, period_id FROM fct_submission"
        ).fetchall()
    }
    drawn = rng.choice(numbers, rows)
    flows = rng.choice(["M", "X", "RM", "RX"], rows, p=[0.45, 0.45, 0.05, 0.05])
    code = rng.choice(codes, rows)
    mass = rng.lognormal(8, 2, rows)
    columns = {
        "submission_id": drawn.astype(np.int32),
        "reporter_id": np.array([about[int(one)][0] for one in drawn], dtype=np.int16),
        "partner_id": rng.choice(partners, rows).astype(np.int16),
        "period_id": np.array([about[int(one)][1] for one in drawn], dtype=np.int32),
        "flow_code": flows,
        "commodity_code": code,
        "hs_level": np.array([len(one) for one in code], dtype=np.int16),
        "hs_edition": np.full(rows, "H6"),
        "value_usd": rng.lognormal(10, 2, rows),
        "mass_kg": np.where(mass > 3000, mass, np.nan),
        "quantity": np.full(rows, np.nan),
        "quantity_unit": np.full(rows, "kg"),
        "is_estimated": rng.random(rows) < 0.2,
    }
    table = pa.table({n: pa.array(v, from_pandas=True) for n, v in columns.items()})
    connection = filler.workshop.connection
    connection.register("drawn", table)
    connection.execute("INSERT INTO fct_trade SELECT * FROM drawn")
    connection.unregister("drawn")


def publish_drawn(url: str, seed: int, *, rows: int = 2000) -> str:
    """Replace what a warehouse holds by a seeded draw, and return the new version."""
    workshop = begin(url, framework())
    for name in ("fct_submission", "fct_trade", "load_log"):
        workshop.connection.execute(f"DELETE FROM {name}")
    filler = Filler(workshop)
    filler.load()
    draw_trade(filler, np.random.default_rng(seed), rows=rows)
    finish_by_hand(workshop)
    return publish(workshop, url)
