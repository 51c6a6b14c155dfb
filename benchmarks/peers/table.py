"""The part of the page that compares the frameworks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from benchmarks.peers.contenders import BEST, PLAIN
from benchmarks.table import Result


@dataclass
class Clicks:
    """The clicks on one page: on regions not asked before, and on regions asked before."""

    name: str
    part: str
    first: list[float] = field(default_factory=list)
    again: list[float] = field(default_factory=list)


def peer_lines(measured: Sequence[Clicks], facts: Sequence[str]) -> list[str]:
    """Return the lines of the part: facts, then a table for each round.

    A plain page keeps nothing, so its first clicks only warm it and are not told.
    """
    plain = [(one.name, one.again) for one in measured if one.part == PLAIN]
    best = [one for one in measured if one.part == BEST]
    return [
        *(f"- {fact}" for fact in facts),
        *_table("Same charts, plain", plain),
        *_table("Each at its best, a region not asked before", [(o.name, o.first) for o in best]),
        *_table("Each at its best, a region asked before", [(o.name, o.again) for o in best]),
    ]


def _table(title: str, rows: Sequence[tuple[str, Sequence[float]]]) -> list[str]:
    """Return a table; the ratio is of the medians, to the table's last line."""
    results = [Result(title, name, samples) for name, samples in rows if samples]
    if not results:
        return []
    base = results[-1]
    return [
        *("", f"### {title}", ""),
        f"| page | median ms | 95th ms | clicks | times {base.name} |",
        "| --- | ---: | ---: | ---: | ---: |",
        *(
            f"| {one.name} | {one.median:,.0f} | {one.high:,.0f} | {len(one.samples)} | "
            f"{one.median / base.median:.2f} |"
            for one in results
        ),
    ]
