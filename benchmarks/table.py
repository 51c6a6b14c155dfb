"""Results of benchmarks and the page they are written into."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


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
    """Replace the part of a page that ``./run bench`` measures; the words around it stay."""
    lines = [f"- {fact}" for fact in facts]
    for group in dict.fromkeys(result.group for result in results):
        lines += ["", f"### {group}", "", "| what | median | 95th | n | unit | aim |"]
        lines.append("| --- | ---: | ---: | ---: | --- | --- |")
        lines += [
            "| " + " | ".join(result.cells()) + " |" for result in results if result.group == group
        ]
    replace_part(page, "views", lines)


def replace_part(page: Path, name: str, lines: Sequence[str]) -> None:
    """Replace one measured part of a page; without its marks it is added at the end."""
    begin, end = (f"<!-- measured {name}: {word} -->" for word in ("begin", "end"))
    text = page.read_text(encoding="utf-8") if page.exists() else "# Performance\n"
    if begin not in text:
        text = f"{text.rstrip()}\n\n{begin}{end}\n"
    before, _, rest = text.partition(begin)
    _, _, after = rest.partition(end)
    page.write_text("\n".join([before + begin, "", *lines, "", end]) + after, encoding="utf-8")
