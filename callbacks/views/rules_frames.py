"""Frames of the rules: the catalogue, each rule by period and member, what revisions corrected."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pandas as pd

from callbacks.named import NamedFrame
from callbacks.services import Services
from callbacks.views.quality_frames import (
    COUNT_COLUMNS,
    FINDING_COLUMNS,
    RULE_FIELDS,
    RULE_FRAME,
    RULE_MEMBER_COLUMNS,
    checked,
    focus_rule,
    read_by_rule_and_member,
    read_findings,
    with_share,
)
from dashboard.frames import BASE_FIELDS, Column
from dashboard.framework import Framework
from dashboard.selection import Selection
from dashboard.stats.timeliness import wilson_interval
from queries import quality, rules

COUNTS: Final = (
    *("rows_checked", "rows_failed", "submissions_failing", "members_failing"),
    "unplaced_count",
)
REVISED: Final = ("decided_count", "corrected_count", "undecided_count")


def with_precision(counts: pd.DataFrame) -> pd.DataFrame:
    """Add the precision of rules to the counts of findings that were revised.

    Parameters
    ----------
    counts : DataFrame
        ``finding_count``, ``corrected_count`` and ``undecided_count``.

    Returns
    -------
    DataFrame
        With ``decided_count``, ``precision`` (0 to 1), ``low`` and ``high`` (Wilson, 95 %); the
        three are NaN where nothing was decided.
    """
    decided = (counts["finding_count"] - counts["undecided_count"]).astype("int64")
    low, high = wilson_interval(counts["corrected_count"].to_numpy(), decided.to_numpy())
    share = counts["corrected_count"] / decided.where(decided > 0)
    return counts.assign(
        decided_count=decided, precision=share.astype("float64"), low=low, high=high
    )


def catalogue(framework: Framework, failures: pd.DataFrame, revised: pd.DataFrame) -> pd.DataFrame:
    """Put all rules of the framework beside what they found and what revisions corrected.

    Parameters
    ----------
    framework : Framework
        Declares the rules.
    failures : DataFrame
        The frame ``rule_failures``.
    revised : DataFrame
        As ``queries.rules.revised_findings`` gives them.

    Returns
    -------
    DataFrame
        One row per rule, by dimension in the framework's order, the greatest failed share first.
        Counts are 0 for a rule that was not applied; shares are NaN.
    """
    order = {dimension.id: place for place, dimension in enumerate(framework.dimensions)}
    table = pd.DataFrame(
        [(rule.id, rule.dimension, rule.severity) for rule in framework.rules],
        columns=["rule_id", "dimension_id", "severity"],
    )
    table = table.merge(
        failures[["rule_id", *COUNTS, "failed_share"]], on="rule_id", how="left"
    ).merge(
        with_precision(revised)[["rule_id", *REVISED, "precision", "low", "high"]],
        on="rule_id",
        how="left",
    )
    for name in (*COUNTS, *REVISED):
        table[name] = table[name].fillna(0).astype("int64")
    for name in ("failed_share", "precision", "low", "high"):
        table[name] = table[name].astype("float64")
    table = table.assign(place=table["dimension_id"].map(order)).sort_values(
        ["place", "failed_share", "unplaced_count", "rule_id"],
        ascending=[True, False, False, True],
        na_position="last",
    )
    return table[[column.name for column in CATALOGUE_COLUMNS]]


def read_catalogue(services: Services, selection: Selection) -> pd.DataFrame:
    """Return all rules with what they found and their precision in the scope."""
    failures = RULE_FRAME.read(services, selection)
    revised = services.frame(rules.revised_findings(checked(services, selection)))
    return catalogue(services.framework, failures, revised)


def read_of_each_period(services: Services, selection: Selection) -> pd.DataFrame:
    """Return what every rule found, by period, in the scope."""
    counts = with_share(
        services.frame(quality.rule_counts(checked(services, selection), by="period"))
    )
    return counts[[column.name for column in PERIOD_COLUMNS]]


def read_by_rule_and_period(services: Services, selection: Selection) -> pd.DataFrame:
    """Return what the focused rule found, by period, in the scope."""
    rule = focus_rule(services, selection) or ""
    return read_of_each_period(services, replace(selection, rule=rule))


def read_of_all_by_rule(services: Services, selection: Selection) -> pd.DataFrame:
    """Return what the focused rule found at every member, whoever is chosen."""
    rule = focus_rule(services, selection) or ""
    return read_by_rule_and_member(services, replace(selection, members=(), rule=rule))


def read_rule_findings(services: Services, selection: Selection) -> pd.DataFrame:
    """Return the findings of the focused rule, those of most effect first."""
    rule = focus_rule(services, selection) or ""
    return read_findings(services, replace(selection, rule=rule))


CATALOGUE_COLUMNS = (
    Column("rule_id"),
    *COUNT_COLUMNS,
    Column("submissions_failing", unit="count"),
    Column("members_failing", unit="count"),
    Column("unplaced_count", unit="count"),
    Column("precision", measure="precision"),
    Column("low", unit="share"),
    Column("high", unit="share"),
    Column("decided_count", unit="count"),
    Column("corrected_count", unit="count"),
    Column("undecided_count", unit="count"),
)
PERIOD_COLUMNS = (
    Column("rule_id"),
    Column("period_id"),
    *COUNT_COLUMNS,
    Column("submissions_failing", unit="count"),
    Column("members_failing", unit="count"),
)

FRAMES = (
    NamedFrame("rule_catalogue", CATALOGUE_COLUMNS, read_catalogue, BASE_FIELDS),
    NamedFrame("rule_failures_of_each_period", PERIOD_COLUMNS, read_of_each_period, BASE_FIELDS),
    NamedFrame("rule_failures_by_period", PERIOD_COLUMNS, read_by_rule_and_period, RULE_FIELDS),
    NamedFrame("rule_failures_of_all", RULE_MEMBER_COLUMNS, read_of_all_by_rule, RULE_FIELDS),
    NamedFrame("rule_findings", FINDING_COLUMNS, read_rule_findings, RULE_FIELDS),
)
