"""Loads each clean file, plants its faults, loads it again, and judges the difference."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from benchmarks.planted_faults import fish, fuels
from benchmarks.planted_faults.judging import Verdict, by_rule, judge
from benchmarks.planted_faults.loading import Delivery, load
from benchmarks.planted_faults.planting import Bed, Scope
from dashboard.framework import read_framework

FRAMEWORK: Final = Path(__file__).resolve().parents[2] / "examples" / "comtrade" / "framework.toml"
SEED: Final = 27
SENT_AT: Final = datetime(2024, 2, 1, tzinfo=UTC).replace(tzinfo=None)
REVISED_AT: Final = datetime(2025, 6, 1, tzinfo=UTC).replace(tzinfo=None)


def run_fish(
    folder: Path, *, count: int, reporters: Sequence[int] = fish.REPORTERS, seed: int = SEED
) -> list[Verdict]:
    """Plant faults of rows and series into the monthly files.

    Parameters
    ----------
    folder : Path
        The folder of the published files.
    count : int
        Faults of each kind.
    reporters : sequence of int
        Whose rows are taken.
    seed : int
        Of the places.

    Returns
    -------
    list of Verdict
        One per rule.
    """
    framework, _ = read_framework(FRAMEWORK)
    rows = fish.read_rows(folder, reporters)
    clean = load(framework, "fish_monthly", [(rows, (), SENT_AT)])
    verdicts = []
    for number, group in enumerate(fish.GROUPS):
        bed = Bed(rows.copy(), np.random.default_rng(seed + number))
        fish.plant(bed, _scopes(clean[0]), count, group)
        planted = load(framework, "fish_monthly", [(bed.rows, tuple(bed.lines), SENT_AT)])
        verdicts += judge(bed, clean, planted)
    return verdicts


def run_fuels(folder: Path, *, count: int, seed: int = SEED) -> list[Verdict]:
    """Plant faults of totals into the annual files, and revisions after them.

    Parameters
    ----------
    folder : Path
        The folder of the published files.
    count : int
        Faults of each kind.
    seed : int
        Of the places.

    Returns
    -------
    list of Verdict
        One per rule. Rules of revisions have nothing to check in the clean file; they are judged
        against as many revisions that hardly change anything.
    """
    framework, _ = read_framework(FRAMEWORK)
    rows = fuels.read_rows(folder)
    first: Delivery = (fuels.as_file(rows), (), SENT_AT)
    clean = load(framework, "fuels_annual", [first])
    bed = Bed(rows.copy(), np.random.default_rng(seed))
    fuels.plant_totals(bed, _scopes(clean[0]), count)
    planted = load(framework, "fuels_annual", [(fuels.as_file(bed.rows), (), SENT_AT)])
    verdicts = judge(bed, clean, planted)
    later = Bed(rows.copy(), np.random.default_rng(seed))
    changed = fuels.as_file(fuels.revisions(rows, later, count))
    revised = load(framework, "fuels_annual", [first, (changed, (), REVISED_AT)])
    of_revisions = ("large_revision", "late_revision")
    only = (revised[0][revised[0]["rule_id"].isin(of_revisions)], revised[1])
    nothing = (clean[0].head(0), revised[1])
    return [one for one in verdicts if one.rule not in of_revisions] + [
        one for one in judge(later, nothing, only) if one.rule in of_revisions
    ]


def _scopes(findings: pd.DataFrame) -> dict[str, set[Scope]]:
    """Return the scopes of findings by rule."""
    return {rule: {scope for scope, _ in listed} for rule, listed in by_rule(findings).items()}
