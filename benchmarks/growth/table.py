"""Tables of growth: one column per engine and size."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.growth.building import Built
from benchmarks.table import Result


@dataclass(frozen=True)
class Measured:
    """One engine and size: what the build took, and the times of ``asking`` in milliseconds."""

    engine: str
    built: Built
    times: dict[str, Any]

    @property
    def heading(self) -> str:
        """Head of its column."""
        return f"{self.engine}, {self.built.millions} million"


def growth_lines(measured: Sequence[Measured], facts: Sequence[str]) -> list[str]:
    """Return the part of the page, as lines."""
    lines = [f"- {fact}" for fact in facts]
    lines += ["", "Medians in milliseconds, the 95th percentile in brackets.", ""]
    lines += ["### Publication as the data grow", "", *_publication(measured)]
    parts: Sequence[tuple[str, Callable[[dict[str, Any]], dict[str, Sequence[float]]]]] = (
        ("Panels, first asked", lambda times: _at(times["panels"], 0)),
        ("Panels, asked again (nothing kept)", lambda times: _at(times["panels"], 1)),
        ("Queries of trade by rollups", lambda times: _at(times["statements"], 0)),
        ("Queries of trade by facts alone", lambda times: _at(times["statements"], 1)),
        ("Queries that no rollup answers", lambda times: dict(times["drills"])),
    )
    for title, part in parts:
        lines += ["", f"### {title}", "", *_table(measured, part)]
    return lines


def _at(times: dict[str, Sequence[Sequence[float]]], place: int) -> dict[str, Sequence[float]]:
    return {name: both[place] for name, both in times.items()}


def _head(measured: Sequence[Measured]) -> Iterator[str]:
    yield "| what | " + " | ".join(one.heading for one in measured) + " |"
    yield "| --- |" + " ---: |" * len(measured)


def _publication(measured: Sequence[Measured]) -> Iterator[str]:
    yield from _head(measured)
    rows: Sequence[tuple[str, Callable[[Built], str]]] = (
        ("making and checking the input, s", lambda one: f"{_input(one):,.0f}"),
        ("publication beyond it, s", lambda one: f"{one.publication_seconds:,.0f}"),
        ("peak memory, MB", lambda one: f"{one.peak_megabytes:,.0f}"),
        ("file, MB", lambda one: f"{one.file_megabytes:,.0f}" if one.file_megabytes else "—"),
    )
    for name, told in rows:
        yield f"| {name} | " + " | ".join(told(one.built) for one in measured) + " |"


def _input(built: Built) -> float:
    return sum(built.seconds.values()) - built.publication_seconds


def _table(
    measured: Sequence[Measured], part: Callable[[dict[str, Any]], dict[str, Sequence[float]]]
) -> Iterator[str]:
    yield from _head(measured)
    columns = [part(one.times) for one in measured]
    for name in dict.fromkeys(name for column in columns for name in column):
        cells = []
        for column in columns:
            samples = column.get(name)
            result = Result("", name, samples or [])
            cells.append(f"{result.median:,.0f} ({result.high:,.0f})" if samples else "—")
        yield f"| {name} | " + " | ".join(cells) + " |"
