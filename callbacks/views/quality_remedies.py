"""Frames of remedies: what mending each kind of failure would do to a quality score."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd

from callbacks.named import NamedFrame
from callbacks.services import Services
from callbacks.views.quality_scores import (
    DIMENSIONS,
    MEMBER_FRAME,
    TIME_FIELDS,
    checked,
    in_scope,
    numbered,
    parts_of,
    scheme_of,
    sums_of,
)
from dashboard.frames import BASE_FIELDS, Column
from dashboard.framework import Framework
from dashboard.selection import Selection
from dashboard.stats.mending import Remedy, fewest_rows, scores_after
from dashboard.stats.quality_scores import Scheme, Sums, add_up, score_groups, scores_of
from queries import quality_parts as statements

WITHOUT_RULES: Final = ("coherence", "stability")
"""Dimensions that no rule measures: what would raise them is not a row to mend."""

HELPED_FROM: Final = 1.0
"""Points of the overall score from which a remedy is said to help a member."""

SMALLEST_GAIN: Final = 0.05
"""Points that a tenth of a point on the screen can still show."""

ROUND_STEP: Final = 10
"""Round marks of the score, points."""

SHORT_OF_MEDIAN: Final = 0.5
"""Points below its region's median from which a member is told how to reach it."""


def read_remedies(services: Services, selection: Selection) -> pd.DataFrame:
    """Return what each remedy would do to the score of each member in scope."""
    parts = in_scope(parts_of(services, selection), selection)
    failed = services.frame(statements.failures(checked(services, selection), by="member"))
    return remedies_of(parts, failed, services.framework)


def remedies_of(parts: pd.DataFrame, failed: pd.DataFrame, framework: Framework) -> pd.DataFrame:
    """Score members anew, once for each kind of failure that is mended.

    Parameters
    ----------
    parts : DataFrame
        The frame ``quality_parts``, of the members concerned.
    failed : DataFrame
        As ``queries.quality_parts.failures`` by member.
    framework : Framework
        Goalposts, weights and the minimum of checked rows.

    Returns
    -------
    DataFrame
        One row per member with a score and remedy that would raise it, the
        greatest gain first; the columns of the frame ``remedies``.
    """
    group, members = numbered(parts["member_iso3"])
    places = {member: place for place, member in enumerate(members)}
    scheme = scheme_of(framework)
    sums = add_up(group, len(members), sums_of(parts, framework))
    _, before, _ = scores_of(sums, scheme)
    known = failed[failed["member_iso3"].isin(places) & failed["dimension_id"].isin(DIMENSIONS)]
    regions = dict(zip(parts["member_iso3"], parts["region_id"], strict=True))
    whole = _whole_dimensions(members, regions, sums, scheme)
    table = pd.concat([known.assign(amount=_amounts(known)), whole], ignore_index=True)
    at = table["member_iso3"].map(places).to_numpy(dtype=np.int64)
    column = table["dimension_id"].map(DIMENSIONS.index).to_numpy(dtype=np.int64)
    after = scores_after(sums, at, column, table["amount"].to_numpy(np.float64), scheme)
    table = table.assign(score_before=before[at], score_after=after, gain=after - before[at])
    table = table[table["gain"] >= SMALLEST_GAIN]
    table = table.sort_values(
        ["gain", "member_iso3", "dimension_id", "rule_id"], ascending=[False, True, True, True]
    )
    return table[[column.name for column in REMEDY_COLUMNS]]


def _amounts(failed: pd.DataFrame) -> pd.Series[Any]:
    return failed["severity_weight"] * failed["rows_failed"].astype("float64")


def _whole_dimensions(
    members: list[str], regions: dict[str, str], sums: Sums, scheme: Scheme
) -> pd.DataFrame:
    """Return the dimensions without rules as remedies: as good as the better goalpost."""
    tables = []
    for dimension in WITHOUT_RULES:
        place = DIMENSIONS.index(dimension)
        goal = scheme.best[place] * sums.denominator[:, place]
        over = np.maximum(sums.numerator[:, place] - goal, 0.0)
        tables.append(
            pd.DataFrame(
                {
                    "member_iso3": pd.Series(members, dtype="str"),
                    "region_id": pd.Series([regions[one] for one in members], dtype="str"),
                    "rule_id": pd.Series([None] * len(members), dtype="str"),
                    "dimension_id": pd.Series([dimension] * len(members), dtype="str"),
                    "severity": pd.Series([None] * len(members), dtype="str"),
                    "severity_weight": np.nan,
                    "rows_failed": pd.array(
                        sums.rows[:, place].astype(np.int64).tolist(), dtype="Int64"
                    ),
                    "submissions_failing": pd.array([pd.NA] * len(members), dtype="Int64"),
                    "amount": over,
                }
            )
        )
    table = pd.concat(tables, ignore_index=True)
    return table[table["amount"] > 0]


def read_remedies_of_members(services: Services, selection: Selection) -> pd.DataFrame:
    """Return the remedies of the chosen members, with intervals and the shortest way up."""
    if not selection.members:
        return no_remedies()
    every = REMEDY_FRAME.read(services, selection.only(REMEDY_FRAME.fields))
    failed = services.frame(statements.failures(checked(services, selection), by="member_period"))
    scores = MEMBER_FRAME.read(services, selection.only(MEMBER_FRAME.fields))
    parts = parts_of(services, selection)
    tables = [
        with_plan(every[every["member_iso3"] == member], parts, failed, scores, services.framework)
        for member in selection.members
        if (every["member_iso3"] == member).any()
    ]
    return pd.concat(tables) if tables else no_remedies()


def no_remedies() -> pd.DataFrame:
    """Return the frame of remedies without a row."""
    texts = {"member_iso3", "region_id", "rule_id", "dimension_id", "severity", "target_kind"}
    counts = {"rows_failed", "submissions_failing", "rows_to_target"}
    kinds = dict.fromkeys(texts, "str") | dict.fromkeys(counts, "Int64")
    names = [column.name for column in MEMBER_REMEDY_COLUMNS]
    return pd.DataFrame({name: pd.Series(dtype=kinds.get(name, "float64")) for name in names})


def with_plan(
    remedies: pd.DataFrame,
    parts: pd.DataFrame,
    failed: pd.DataFrame,
    scores: pd.DataFrame,
    framework: Framework,
) -> pd.DataFrame:
    """Add to the remedies of one member what they rest on.

    Parameters
    ----------
    remedies : DataFrame
        Of one member, from the frame ``remedies``.
    parts, scores : DataFrame
        The frames ``quality_parts`` and ``quality_by_member``, of all members.
    failed : DataFrame
        As ``queries.quality_parts.failures`` by member and period.
    framework : Framework
        Goalposts, weights and the minimum of checked rows.

    Returns
    -------
    DataFrame
        With ``after_low``, ``after_high`` (95 % interval of the score once
        mended), ``target``, ``target_kind`` and ``rows_to_target``.
    """
    member = str(remedies["member_iso3"].iloc[0])
    own = parts[parts["member_iso3"] == member]
    own_failed = failed[failed["member_iso3"] == member]
    low, high = _intervals_after(remedies, own, own_failed, framework)
    target, kind, rows = _shortest_way(remedies, own, scores, framework)
    table = remedies.assign(after_low=low, after_high=high, target=target)
    table["target_kind"] = pd.Series([kind] * len(table), index=table.index, dtype="str")
    table["rows_to_target"] = pd.array(rows, dtype="Int64")
    return table[[column.name for column in MEMBER_REMEDY_COLUMNS]]


def _intervals_after(
    remedies: pd.DataFrame, own: pd.DataFrame, failed: pd.DataFrame, framework: Framework
) -> tuple[np.ndarray, np.ndarray]:
    """Score the member once for each remedy, as if each were a member of its own."""
    sums, scheme = sums_of(own, framework), scheme_of(framework)
    period, periods = numbered(own["period_id"])
    count = len(own)
    numerators = []
    for rule, dimension in zip(remedies["rule_id"], remedies["dimension_id"], strict=True):
        place, table = DIMENSIONS.index(dimension), sums.numerator.copy()
        if isinstance(rule, str):
            of_rule = failed[failed["rule_id"] == rule]
            amounts = dict(zip(of_rule["period_id"], _amounts(of_rule), strict=True))
            off = np.array([amounts.get(one, 0.0) for one in periods])[period]
            table[:, place] = np.maximum(table[:, place] - off, 0.0)
        else:
            goal = scheme.best[place] * sums.denominator[:, place]
            table[:, place] = np.minimum(table[:, place], goal)
        numerators.append(table)
    kinds = len(numerators)
    repeated = Sums(
        np.concatenate(numerators),
        np.tile(sums.denominator, (kinds, 1)),
        np.tile(sums.rows, (kinds, 1)),
    )
    groups = np.repeat(np.arange(kinds), count)
    scores = score_groups(groups, kinds, np.tile(period, kinds), repeated, scheme)
    return scores.low, scores.high


def _shortest_way(
    remedies: pd.DataFrame, own: pd.DataFrame, scores: pd.DataFrame, framework: Framework
) -> tuple[float, str | None, list[int | None]]:
    """Return the nearest target that mending rows can reach, and the fewest rows for it."""
    scheme = scheme_of(framework)
    sums = add_up(np.zeros(len(own), dtype=np.int64), 1, sums_of(own, framework))
    score = float(remedies["score_before"].iloc[0])
    peers = scores.loc[scores["region_id"] == remedies["region_id"].iloc[0], "quality_score"]
    round_mark = float(np.floor(score / ROUND_STEP + 1) * ROUND_STEP)
    targets = [("round", round_mark)] if round_mark <= 100 else []
    median = float(peers.median())
    if median - score >= SHORT_OF_MEDIAN:
        targets.insert(0, ("median", median))
    by_row = [isinstance(rule, str) for rule in remedies["rule_id"]]
    own_remedies = remedies[by_row]
    options = [
        Remedy(DIMENSIONS.index(dimension), float(weight), int(rows))
        for dimension, weight, rows in zip(
            own_remedies["dimension_id"],
            own_remedies["severity_weight"],
            own_remedies["rows_failed"],
            strict=True,
        )
    ]
    for kind, target in targets:
        plan = fewest_rows(sums, options, target, scheme)
        if plan is not None:
            rows = iter(plan)
            return target, kind, [next(rows) if is_row else None for is_row in by_row]
    return np.nan, None, [None] * len(by_row)


def read_remedies_by_rule(services: Services, selection: Selection) -> pd.DataFrame:
    """Return how many members in scope each remedy would help, the most first."""
    every = REMEDY_FRAME.read(services, selection.only(REMEDY_FRAME.fields))
    return remedies_by_rule(every)


def remedies_by_rule(remedies: pd.DataFrame) -> pd.DataFrame:
    """Count whom each remedy would help.

    Parameters
    ----------
    remedies : DataFrame
        The frame ``remedies``.

    Returns
    -------
    DataFrame
        One row per remedy; the columns of the frame ``remedies_by_rule``.
    """
    best = remedies.drop_duplicates("member_iso3").index
    helped = remedies["gain"].to_numpy() >= HELPED_FROM
    table = remedies.assign(is_helped=helped, is_best=remedies.index.isin(best))
    groups = table.groupby(["dimension_id", "rule_id"], dropna=False, sort=True)
    found = groups.agg(
        severity=("severity", "first"),
        members_helped=("is_helped", "sum"),
        members_best=("is_best", "sum"),
        rows_failed=("rows_failed", "sum"),
        median_gain=("gain", "median"),
        largest_gain=("gain", "max"),
    ).reset_index()
    found["rule_id"] = found["rule_id"].astype("str")
    for name in ("members_helped", "members_best", "rows_failed"):
        found[name] = found[name].astype("Int64")
    found = found.sort_values(
        ["members_helped", "median_gain", "dimension_id", "rule_id"],
        ascending=[False, False, True, True],
    )
    return found[[column.name for column in RULE_REMEDY_COLUMNS]]


REMEDY_COLUMNS: Final = (
    Column("member_iso3"),
    Column("region_id"),
    Column("rule_id"),
    Column("dimension_id"),
    Column("severity"),
    Column("severity_weight"),
    Column("rows_failed", unit="count"),
    Column("submissions_failing", unit="count"),
    Column("score_before", unit="score"),
    Column("score_after", unit="score"),
    Column("gain", unit="points"),
)
MEMBER_REMEDY_COLUMNS: Final = (
    *REMEDY_COLUMNS,
    Column("after_low", unit="score"),
    Column("after_high", unit="score"),
    Column("target", unit="score", words="column.target_score"),
    Column("target_kind"),
    Column("rows_to_target", unit="count"),
)
RULE_REMEDY_COLUMNS: Final = (
    Column("rule_id"),
    Column("dimension_id"),
    Column("severity"),
    Column("members_helped", unit="count"),
    Column("members_best", unit="count"),
    Column("rows_failed", unit="count"),
    Column("median_gain", unit="points"),
    Column("largest_gain", unit="points"),
)

REMEDY_FRAME: Final = NamedFrame("remedies", REMEDY_COLUMNS, read_remedies, BASE_FIELDS)
REMEDY_FRAMES: Final = (
    REMEDY_FRAME,
    NamedFrame(
        "remedies_of_members",
        MEMBER_REMEDY_COLUMNS,
        read_remedies_of_members,
        TIME_FIELDS | {"members"},
    ),
    NamedFrame("remedies_by_rule", RULE_REMEDY_COLUMNS, read_remedies_by_rule, BASE_FIELDS),
)
