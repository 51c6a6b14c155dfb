"""Results of benchmarks and the page they are written into."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"


@dataclass(frozen=True)
class Result:
    """What one benchmark gave: a group, a name, samples and their unit."""

    group: str
    name: str
    samples: Sequence[float]
    unit: str = "ms"
    aim: str = ""

    @property
    def median(self) -> float:
        """Median of the samples."""
        return statistics.median(self.samples)

    @property
    def high(self) -> float:
        """95th percentile of the samples; the largest of fewer than twenty."""
        ordered = sorted(self.samples)
        return ordered[min(len(ordered) - 1, round(0.95 * (len(ordered) - 1) + 0.49))]

    def cells(self) -> list[str]:
        """Cells of the result's row."""
        return [
            self.name,
            f"{self.median:,.1f}",
            f"{self.high:,.1f}",
            str(len(self.samples)),
            self.unit,
            self.aim,
        ]

    def line(self) -> str:
        """The result in one line."""
        return f"{self.group}: {self.name}: {self.median:,.1f} {self.unit} (95th {self.high:,.1f})"


def write_results(page: Path, results: Sequence[Result], facts: Sequence[str]) -> None:
    """Replace the measured part of a page; the words around it stay."""
    lines = [BEGIN, ""]
    lines += [f"- {fact}" for fact in facts]
    for group in dict.fromkeys(result.group for result in results):
        lines += ["", f"### {group}", "", "| what | median | 95th | n | unit | aim |"]
        lines.append("| --- | ---: | ---: | ---: | --- | --- |")
        lines += [
            "| " + " | ".join(result.cells()) + " |" for result in results if result.group == group
        ]
    lines += ["", END]
    text = page.read_text(encoding="utf-8") if page.exists() else f"# Performance\n\n{BEGIN}{END}\n"
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    page.write_text(before + "\n".join(lines) + after, encoding="utf-8")
