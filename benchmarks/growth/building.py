"""Builds a synthetic warehouse of about so many rows, and tells what each step took."""

from __future__ import annotations

import json
import resource
import sys
import time
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from dashboard.framework import read_framework
from dashboard.warehouse import workshop
from dashboard.warehouse.finishing import finish
from dashboard.warehouse.publishing import publish
from dashboard.warehouse.sample import build_sample
from dashboard.warehouse.sample.scales import SCALES, Scale

LARGE = SCALES["large"]
ROWS_OF_LARGE = 100  # millions
INPUT_STEPS = frozenset(
    {
        "draw the sample",
        "write annual trade",
        "write monthly trade",
        "write control totals",
        "write the submission log",
        "check the submissions",
    }
)
"""Steps that make and check the input; a real load reads and checks files in their place."""


@dataclass
class Built:
    """What a build took: seconds by step, megabytes of memory and of the file."""

    millions: int
    seconds: dict[str, float] = field(default_factory=dict)
    peak_megabytes: float = 0.0
    file_megabytes: float = 0.0

    @property
    def publication_seconds(self) -> float:
        """Seconds beyond making and checking the input."""
        return sum(spent for name, spent in self.seconds.items() if name not in INPUT_STEPS)


class Clock:
    """Progress that notes what each step takes, and says so."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._name = ""
        self._began = 0.0

    def step(self, name: str, total: int | None = None) -> None:  # noqa: ARG002 -- of Progress
        """Begin a step."""
        self._name, self._began = name, time.perf_counter()

    def advance(self, n: int = 1) -> None:
        """Do nothing."""

    def done(self) -> None:
        """Note what the step took."""
        spent = time.perf_counter() - self._began
        self.seconds[self._name] = self.seconds.get(self._name, 0.0) + spent
        sys.stderr.write(f"{self._name}: {spent:.1f} s\n")


def scale(millions: int) -> Scale:
    """Return the scale of about so many million rows: ``large``, cut down."""
    part = millions / ROWS_OF_LARGE
    return Scale(
        f"{millions}m",
        lines=max(1, round(LARGE.lines * part)),
        least_exports=max(1, round(LARGE.least_exports * part)),
        least_imports=max(2, round(LARGE.least_imports * part)),
    )


def build(url: str, millions: int, today: date) -> Built:
    """Build and publish; run it in a process of its own, whose memory is measured."""
    clock = Clock()
    shop = workshop.begin(url, read_framework()[0])
    try:
        build_sample(shop, scale=scale(millions), today=today, progress=clock)
        finish(
            shop,
            built_at=datetime.now(UTC),
            data_on=today,
            is_synthetic=True,
            progress=clock,
        )
        publish(shop, url, progress=clock)
    finally:
        workshop.discard(shop)
    built = Built(millions, clock.seconds)
    built.peak_megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    if url.startswith("duckdb:///"):
        built.file_megabytes = Path(url.removeprefix("duckdb:///")).stat().st_size / 1e6
    return built


def note(built: Built, path: Path) -> None:
    """Keep what a build took beside its warehouse."""
    path.write_text(json.dumps(asdict(built), indent=1), encoding="utf-8")


def noted(path: Path) -> Built:
    """Return what `note` kept."""
    return Built(**json.loads(path.read_text(encoding="utf-8")))
