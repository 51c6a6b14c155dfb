"""The table of planted faults and the page it is written into."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from benchmarks.planted_faults.judging import Verdict

BEGIN, END = "<!-- planted: begin -->", "<!-- planted: end -->"


def totals(verdicts: Iterable[Verdict]) -> tuple[int, int, int, int]:
    """Return planted, found, false alarms and cells checked of all rules together."""
    listed = list(verdicts)
    return (
        sum(one.planted for one in listed),
        sum(one.found for one in listed),
        sum(one.false_alarms for one in listed),
        sum(one.checked for one in listed),
    )


def merged(runs: Mapping[str, Sequence[Verdict]]) -> list[Verdict]:
    """Return one verdict per rule: the sums over all loads of files with faults in them."""
    every = [one for verdicts in runs.values() for one in verdicts]
    rules = sorted({one.rule for one in every})
    result = []
    for rule in rules:
        of_rule = [one for one in every if one.rule == rule]
        result.append(
            Verdict(
                rule=rule,
                planted=sum(one.planted for one in of_rule),
                found=sum(one.found for one in of_rule),
                checked=sum(one.checked for one in of_rule),
                base=sum(one.base for one in of_rule),
                false_alarms=sum(one.false_alarms for one in of_rule),
            )
        )
    return result


def _summary(verdicts: Sequence[Verdict]) -> str:
    planted, found, alarms, checked = totals(verdicts)
    return (
        f"{found} of {planted} planted faults found ({found / planted:.1%}); {alarms} false alarms "
        f"in {checked:,} checks of untouched rows and cells ({alarms / checked:.4%})."
    )


def _line(one: Verdict) -> str:
    cells = [f"`{one.rule}`"]
    cells += (
        [str(one.planted), str(one.found), str(one.planted - one.found)]
        if one.planted
        else ["-", "-", "-"]
    )
    cells.append(f"{one.checked:,}")
    for count in (one.base, one.false_alarms):
        share = f" ({count / one.checked:.3%})" if one.checked else ""
        cells.append(f"{count:,}{share}")
    return "| " + " | ".join(cells) + " |"


def write_page(page: Path, runs: Mapping[str, Sequence[Verdict]]) -> None:
    """Replace the measured part of a page; the words around it stay."""
    verdicts = merged(runs)
    lines = [
        BEGIN,
        "",
        _summary(verdicts),
        "",
        "| rule | planted | found | missed | checked | in the clean file | false alarms |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    lines += [_line(one) for one in verdicts]
    lines += ["", END]
    text = page.read_text(encoding="utf-8") if page.exists() else f"{BEGIN}{END}\n"
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    page.write_text(before + "\n".join(lines) + after, encoding="utf-8")
