"""Frames of quality: scores, rules that fail, findings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd

from callbacks.named import NamedFrame
from callbacks.services import Services
from dashboard.flows import of_trade
from dashboard.frames import BASE_FIELDS, PERIOD_FIELDS, Column
from dashboard.framework import Framework
from dashboard.selection import Selection, months_between, shift_month
from dashboard.stats.quality import goalpost_score, overall_score
from queries import quality as statements

DIMENSIONS: Final = ("completeness", "validity", "consistency", "coherence", "stability")
SCORES: Final = ("quality_score", *DIMENSIONS, "weight_used", "rows_checked")
EVERYBODY: Final = "all"
"""Stands in ``region_id`` for all members together."""


def checked(services: Services, selection: Selection) -> Selection:
    """Return the selection with a collection of trade: of others only receipts are on record."""
    return of_trade(selection, services.catalogue)


def scored(sums: pd.DataFrame, keys: Sequence[str], framework: Framework) -> pd.DataFrame:
    """Score sums of quality parts.

    Parameters
    ----------
    sums : DataFrame
        ``keys``, ``dimension_id``, ``numerator``, ``denominator``,
        ``rows_checked``; added up where keys stand more than once.
    keys : sequence of str
        Columns to score by.
    framework : Framework
        Goalposts, weights and the minimum of checked rows.

    Returns
    -------
    DataFrame
        ``keys`` and ``SCORES``, sorted by ``keys``. A dimension is NaN below
        the minimum of checked rows; its weight then goes to the others.
        ``rows_checked`` is that of the dimension with most of them.
    """
    parts = ["numerator", "denominator", "rows_checked"]
    added = sums.groupby([*keys, "dimension_id"], sort=True)[parts].sum().reset_index()
    heads = added[list(keys)].drop_duplicates().reset_index(drop=True)
    places = added.groupby(list(keys), sort=True).ngroup().to_numpy()
    scores = np.full((len(heads), len(DIMENSIONS)), np.nan)
    weights = np.zeros(len(DIMENSIONS))
    for dimension in framework.dimensions:
        column = DIMENSIONS.index(dimension.id)
        weights[column] = dimension.weight
        is_of = (added["dimension_id"] == dimension.id).to_numpy()
        top, low, rows = (added[part].to_numpy(dtype="float64")[is_of] for part in parts)
        enough = (rows >= framework.framework.minimum_checked_rows) & (low > 0)
        ratio = np.divide(top, low, out=np.full(top.shape, np.nan), where=enough)
        scores[places[is_of], column] = goalpost_score(ratio, dimension.worst, dimension.best)
    overall, used = overall_score(scores, weights)
    most = np.zeros(len(heads), dtype="int64")
    np.maximum.at(most, places, added["rows_checked"].to_numpy(dtype="int64"))
    return heads.assign(
        quality_score=overall,
        **dict(zip(DIMENSIONS, scores.T, strict=True)),
        weight_used=used,
        rows_checked=most,
    )


def read_by_member(services: Services, selection: Selection) -> pd.DataFrame:
    """Return the scores of every member."""
    sums = services.frame(statements.quality_sums(checked(services, selection), by="member"))
    return scored(sums, ["member_iso3", "region_id"], services.framework)


def read_by_region(services: Services, selection: Selection) -> pd.DataFrame:
    """Return the scores of every region and the quartiles of its members' scores."""
    sums = services.frame(statements.quality_sums(checked(services, selection), by="member"))
    return score_regions(sums, services.framework)


def score_regions(sums: pd.DataFrame, framework: Framework) -> pd.DataFrame:
    """Score regions by the sums of their members, with the spread of the members.

    Parameters
    ----------
    sums : DataFrame
        By member, as ``queries.quality.quality_sums`` gives them.
    framework : Framework
        Goalposts and weights.

    Returns
    -------
    DataFrame
        ``region_id``, ``SCORES``, ``member_count`` (members with a score) and
        ``low_quartile``, ``middle``, ``high_quartile`` of their overall scores.
    """
    members = scored(sums, ["member_iso3", "region_id"], framework)
    table = scored(sums, ["region_id"], framework)
    known = members.dropna(subset=["quality_score"])
    groups = [
        known.loc[known["region_id"] == region, "quality_score"].to_numpy()
        for region in table["region_id"]
    ]
    quartiles = np.array(
        [np.quantile(g, [0.25, 0.5, 0.75]) if g.size else [np.nan] * 3 for g in groups]
    ).reshape(-1, 3)
    return table.assign(
        member_count=np.array([g.size for g in groups], dtype="int64"),
        low_quartile=quartiles[:, 0],
        middle=quartiles[:, 1],
        high_quartile=quartiles[:, 2],
    )


def read_by_period(services: Services, selection: Selection) -> pd.DataFrame:
    """Return the scores of every region, and of all members, by period."""
    sums = services.frame(statements.quality_sums(checked(services, selection), by="period"))
    together = sums.assign(region_id=EVERYBODY)
    return scored(pd.concat([sums, together]), ["region_id", "period_id"], services.framework)


def read_of_members(services: Services, selection: Selection) -> pd.DataFrame:
    """Return the scores of the chosen members by period; nothing if none is chosen."""
    narrowed = checked(services, selection)
    if not selection.members:
        # Nobody is asked for: the statement keeps its types and finds no row.
        narrowed = replace(narrowed, collection="")
    sums = services.frame(statements.quality_sums(narrowed, by="member_period"))
    return scored(sums, ["member_iso3", "region_id", "period_id"], services.framework)


def range_before(selection: Selection, *, is_annual: bool) -> Selection:
    """Return the selection with the range of the same length that ends before it begins.

    Parameters
    ----------
    selection : Selection
        Resolved.
    is_annual : bool
        Whether the range is one of whole years.

    Returns
    -------
    Selection
        With ``first`` and ``last`` moved back.
    """
    assert selection.first is not None and selection.last is not None
    first, last = selection.first, selection.last
    if is_annual:
        first, last = f"{first[:4]}-01", f"{last[:4]}-12"
    length = months_between(first, last)
    return replace(selection, first=shift_month(first, -length), last=shift_month(last, -length))


def read_totals(services: Services, selection: Selection) -> pd.DataFrame:
    """Return the scores of all that is selected, in the range and in the one before it."""
    narrowed = checked(services, selection)
    is_annual = services.catalogue.collections.get(narrowed.collection or "") == "A"
    spans = {"selected": narrowed, "before": range_before(narrowed, is_annual=is_annual)}
    parts = [
        services.frame(statements.quality_sums(one, by="total")).assign(span=span)
        for span, one in spans.items()
    ]
    sums = pd.concat(parts)
    # Every current submission with rows has a validity part; other dimensions may miss it.
    counts = sums.groupby("span")[["submission_count", "member_count"]].max()
    table = scored(sums, ["span"], services.framework)
    table = table.merge(counts.reset_index(), on="span")
    return table.sort_values("span", ascending=False)


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


SCORE_COLUMNS = (
    *(Column(name, measure=name) for name in ("quality_score", *DIMENSIONS)),
    Column("weight_used", unit="share"),
    Column("rows_checked", unit="count"),
)
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

TIME_FIELDS: Final = PERIOD_FIELDS | {"as_of", "collection"}
RULE_FIELDS: Final = BASE_FIELDS | {"rule"}

RULE_FRAME = NamedFrame("rule_failures", RULE_COLUMNS, read_rule_failures, BASE_FIELDS)

FRAMES = (
    NamedFrame(
        "quality_by_member",
        (Column("member_iso3"), Column("region_id"), *SCORE_COLUMNS),
        read_by_member,
        TIME_FIELDS,
    ),
    NamedFrame(
        "quality_by_region",
        (
            Column("region_id"),
            *SCORE_COLUMNS,
            Column("member_count", unit="count"),
            Column("low_quartile", unit="score"),
            Column("middle", unit="score"),
            Column("high_quartile", unit="score"),
        ),
        read_by_region,
        TIME_FIELDS,
    ),
    NamedFrame(
        "quality_by_period",
        (Column("region_id"), Column("period_id"), *SCORE_COLUMNS),
        read_by_period,
        TIME_FIELDS,
    ),
    NamedFrame(
        "quality_of_members",
        (Column("member_iso3"), Column("region_id"), Column("period_id"), *SCORE_COLUMNS),
        read_of_members,
        TIME_FIELDS | {"members"},
    ),
    NamedFrame(
        "quality_totals",
        (
            Column("span"),
            *SCORE_COLUMNS,
            Column("submission_count", measure="submission_count"),
            Column("member_count", unit="count"),
        ),
        read_totals,
    ),
    RULE_FRAME,
    NamedFrame(
        "rule_failures_by_member", RULE_MEMBER_COLUMNS, read_by_rule_and_member, RULE_FIELDS
    ),
    NamedFrame("findings", FINDING_COLUMNS, read_findings, RULE_FIELDS),
)
