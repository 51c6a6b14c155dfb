"""Frames of quality: rules that fail, findings. Scores are in ``quality_scores``."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd

from callbacks.named import NamedFrame
from callbacks.services import Services
from callbacks.views.quality_scores import checked as checked
from dashboard.frames import BASE_FIELDS, Column
from dashboard.selection import Selection
from queries import quality as statements


def with_share(counts: pd.DataFrame) -> pd.DataFrame:
    """Add the share of checked rows that failed; NaN where none was checked."""
    some = counts["rows_checked"].where(counts["rows_checked"] > 0)
    return counts.assign(failed_share=(counts["rows_failed"] / some).astype("float64"))


def read_rule_failures(services: Services, selection: Selection) -> pd.DataFrame:
    """Return what each rule checked and found in the scope, the greatest share first.

    Rows that could not be placed belong to no member: they are told when no
    member and no region is chosen, without a share.
    """
    narrowed = checked(services, selection)
    counts = services.frame(statements.rule_counts(narrowed, by="rule"))
    counts = with_share(counts).assign(unplaced_count=0)
    if not selection.members and not selection.regions:
        unplaced = services.frame(statements.unplaced_findings(narrowed))
        counts = add_unplaced(counts, unplaced)
    ordered = counts.sort_values(
        ["failed_share", "unplaced_count", "rule_id"],
        ascending=[False, False, True],
        na_position="last",
    )
    return ordered[[column.name for column in RULE_COLUMNS]]


def add_unplaced(counts: pd.DataFrame, unplaced: pd.DataFrame) -> pd.DataFrame:
    """Add the findings without a submission to the counts of rules, as rows of their own.

    Parameters
    ----------
    counts : DataFrame
        The columns of the frame ``rule_failures``.
    unplaced : DataFrame
        As ``queries.quality.unplaced_findings`` gives them.

    Returns
    -------
    DataFrame
        As ``counts``; a rule that only has such findings checked no row, so
        its share is NaN.
    """
    found = unplaced.set_index("rule_id")["finding_count"].astype("int64")
    known = counts.assign(
        unplaced_count=counts["rule_id"].map(found).fillna(0).astype("int64"),
    )
    fresh = unplaced[~unplaced["rule_id"].isin(counts["rule_id"])]
    if fresh.empty:
        return known
    added = fresh.rename(columns={"finding_count": "unplaced_count"})
    zeros = dict.fromkeys(set(counts.columns) - set(added.columns), 0)
    added = added.assign(**zeros).assign(failed_share=np.nan)
    return pd.concat([known, added[counts.columns].astype(known.dtypes.to_dict())])


def focus_rule(services: Services, selection: Selection) -> str | None:
    """Return the rule in focus: the chosen one, else the one with the greatest failed share."""
    if selection.rule is not None:
        return selection.rule
    frame = RULE_FRAME.read(services, replace(selection, rule=None))
    failing = frame[frame["rows_failed"] > 0]
    return None if failing.empty else str(failing.iloc[0]["rule_id"])


def read_by_rule_and_member(services: Services, selection: Selection) -> pd.DataFrame:
    """Return where rules fail: the focused rule by member, or the chosen members' rules.

    With a rule chosen, or with neither rule nor member, all members are
    compared on one rule; with members chosen and no rule, all their rules
    are given.
    """
    narrowed = checked(services, selection)
    if not selection.members:
        narrowed = replace(narrowed, rule=focus_rule(services, selection) or "")
    counts = with_share(services.frame(statements.rule_counts(narrowed, by="member")))
    ordered = counts.sort_values(
        ["failed_share", "rows_failed", "member_iso3", "rule_id"],
        ascending=[False, False, True, True],
        na_position="last",
    )
    return ordered[[column.name for column in RULE_MEMBER_COLUMNS]]


def read_findings(services: Services, selection: Selection) -> pd.DataFrame:
    """Return the findings of the selection, at most 500, those of most effect first."""
    return services.frame(statements.findings(checked(services, selection)))


COUNT_COLUMNS = (
    Column("dimension_id"),
    Column("severity"),
    Column("rows_checked", unit="count"),
    Column("rows_failed", unit="count"),
    Column("failed_share", measure="failed_share"),
)
RULE_COLUMNS = (
    Column("rule_id"),
    *COUNT_COLUMNS,
    Column("submissions_checked", unit="count"),
    Column("submissions_failing", unit="count"),
    Column("members_failing", unit="count"),
    Column("unplaced_count", unit="count"),
)
RULE_MEMBER_COLUMNS = (
    Column("member_iso3"),
    Column("region_id"),
    Column("rule_id"),
    *COUNT_COLUMNS,
    Column("submissions_checked", unit="count"),
    Column("submissions_failing", unit="count"),
)

FINDING_COLUMNS = (
    Column("finding_id"),
    Column("member_iso3"),
    Column("region_id"),
    Column("period_id"),
    Column("revision"),
    Column("rule_id"),
    Column("severity"),
    Column("file_name"),
    Column("line_number"),
    Column("field"),
    Column("value"),
    Column("expected"),
    Column("partner_iso3"),
    Column("commodity_code"),
    Column("flow_code"),
    Column("effect_usd", unit="usd"),
    Column("recorded_count", unit="count"),
)

RULE_FIELDS: Final = BASE_FIELDS | {"rule"}

RULE_FRAME = NamedFrame("rule_failures", RULE_COLUMNS, read_rule_failures, BASE_FIELDS)

RULE_FRAMES: Final = (
    RULE_FRAME,
    NamedFrame(
        "rule_failures_by_member", RULE_MEMBER_COLUMNS, read_by_rule_and_member, RULE_FIELDS
    ),
    NamedFrame("findings", FINDING_COLUMNS, read_findings, RULE_FIELDS),
)
