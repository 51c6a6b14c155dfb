"""Compares what the rules say of the clean file and of the planted one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from benchmarks.planted_faults.loading import SCOPE
from benchmarks.planted_faults.planting import Bed, Fault, Scope, overlaps


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one rule did with one file."""

    rule: str
    planted: int
    found: int
    checked: int
    base: int
    """Findings in the clean file."""
    false_alarms: int
    missed: tuple[Scope, ...] = ()
    alarms: tuple[Scope, ...] = ()


def judge(
    bed: Bed,
    clean: tuple[pd.DataFrame, pd.Series],
    planted: tuple[pd.DataFrame, pd.Series],
) -> list[Verdict]:
    """Count found, missed and false alarms of every rule.

    Parameters
    ----------
    bed : Bed
        Knows what was planted and touched.
    clean, planted : tuple of DataFrame and Series
        Findings and checked rows of the file before and after.

    Returns
    -------
    list of Verdict
        One per rule that checked anything or had faults planted.
    """
    before, after = by_rule(clean[0]), by_rule(planted[0])
    touched = defaultdict(list)
    for scope in bed.touched:
        touched[scope[1]].append(scope)
    faults = defaultdict(list)
    for fault in bed.faults:
        faults[fault.rule].append(fault)
    verdicts = []
    for rule in sorted({*after, *before, *faults, *planted[1].index}):
        old = set(before[rule])
        fresh = [finding for finding in after[rule] if finding not in old]
        missed = [fault for fault in faults[rule] if not _is_found(fault, fresh)]
        alarms = [finding for finding in fresh if not _is_touched(finding, touched, faults[rule])]
        verdicts.append(
            Verdict(
                rule=rule,
                planted=len(faults[rule]),
                found=len(faults[rule]) - len(missed),
                checked=int(clean[1].get(rule, 0)),
                base=len(before[rule]),
                false_alarms=len(alarms),
                missed=tuple(fault.scope for fault in missed),
                alarms=tuple(finding[0] for finding in alarms),
            )
        )
    return verdicts


Finding = tuple[Scope, str]


def by_rule(findings: pd.DataFrame) -> dict[str, list[Finding]]:
    listed: dict[str, list[Finding]] = defaultdict(list)
    for row in findings.itertuples(index=False):
        cells = [_plain(getattr(row, name)) for name in SCOPE]
        # where the scope does not tell findings apart, their value does
        value = str(row.value) if cells[0] is None or cells[2] is None else ""
        listed[row.rule_id].append((_scope(cells), value))
    return listed


def _scope(cells: list[Any]) -> Scope:
    reporter, period, flow, partner, commodity = cells
    return (
        None if reporter is None else int(reporter),
        None if period is None else int(period),
        flow,
        None if partner is None else int(partner),
        commodity,
    )


def _plain(value: Any) -> Any:
    return None if pd.isna(value) else value


def _is_found(fault: Fault, findings: Iterable[Finding]) -> bool:
    for scope, value in findings:
        if fault.value is not None and fault.value not in value:
            continue
        if all(
            mine is None or theirs is None or mine == theirs
            for mine, theirs in zip(fault.scope, scope, strict=True)
        ):
            return True
    return False


def _is_touched(
    finding: Finding, touched: dict[int | None, list[Scope]], faults: list[Fault]
) -> bool:
    scope, value = finding
    if any(fault.value is not None and fault.value in value for fault in faults):
        return True
    if _is_found(Fault("", scope), ((fault.scope, "") for fault in faults)):
        return True
    return any(overlaps(scope, row) for row in (*touched[scope[1]], *touched[None]))
