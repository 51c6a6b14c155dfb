"""Frames of remedies: what mending each kind of failure would do to a quality score."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

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
    region_of,
    scheme_of,
    sums_of,
)
from dashboard.frames import BASE_FIELDS, Column
from dashboard.framework import Framework
from dashboard.selection import Selection
from dashboard.stats.mending import Remedy, fewest_rows, scores_after
from dashboard.stats.quality_scores import Scheme, Sums, add_up, score_groups, scores_of
from queries import quality_parts as statements

FloatArray = NDArray[np.float64]

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
    known = failed[failed["member_iso3"].isin(places) & ~failed["dimension_id"].isin(WITHOUT_RULES)]
    columns = _of_rules(known, places)
    for name, more in _of_whole_dimensions(sums, scheme).items():
        columns[name] = np.concatenate([columns[name], more])
    at, dimension = columns["at"].astype(np.int64), columns["dimension"].astype(np.int64)
    after = scores_after(sums, at, dimension, columns["amount"].astype(np.float64), scheme)
    gain = after - before[at]
    kept = np.flatnonzero(gain >= SMALLEST_GAIN)
    names = np.array([rule or "" for rule in columns["rule_id"]], dtype=object)
    order = sorted(kept.tolist(), key=lambda row: (-gain[row], at[row], dimension[row], names[row]))
    return _table(columns, order, members, parts, before[at], after)


def _table(
    columns: dict[str, Any],
    order: list[int],
    members: list[str],
    parts: pd.DataFrame,
    before: FloatArray,
    after: FloatArray,
) -> pd.DataFrame:
    regions = region_of(parts)
    owners = [members[columns["at"][row]] for row in order]

    def taken(name: str, kind: Any) -> Any:
        return pd.Series([columns[name][row] for row in order], dtype=kind)

    return pd.DataFrame(
        {
            "member_iso3": pd.Series(owners, dtype="str"),
            "region_id": pd.Series([regions[one] for one in owners], dtype="str"),
            "rule_id": taken("rule_id", "str"),
            "dimension_id": pd.Series(
                [DIMENSIONS[columns["dimension"][row]] for row in order], dtype="str"
            ),
            "severity": taken("severity", "str"),
            "severity_weight": np.array([columns["weight"][row] for row in order], dtype="float64"),
            "rows_failed": taken("rows", "Int64"),
            "submissions_failing": taken("submissions", "Int64"),
            "score_before": before[order],
            "score_after": after[order],
            "gain": after[order] - before[order],
        }
    )


def _amounts(failed: pd.DataFrame) -> pd.Series[Any]:
    return failed["severity_weight"] * failed["rows_failed"].astype("float64")


def _of_rules(failed: pd.DataFrame, places: dict[str, int]) -> dict[str, Any]:
    """Return the failures of rules as columns: where, what, and how much they weigh."""
    columns = {
        "at": [places[one] for one in failed["member_iso3"].tolist()],
        "dimension": [DIMENSIONS.index(one) for one in failed["dimension_id"].tolist()],
        "rule_id": failed["rule_id"].tolist(),
        "severity": failed["severity"].tolist(),
        "weight": failed["severity_weight"].tolist(),
        "rows": failed["rows_failed"].tolist(),
        "submissions": failed["submissions_failing"].tolist(),
        "amount": _amounts(failed).tolist(),
    }
    return {name: np.array(values, dtype=object) for name, values in columns.items()}


def _of_whole_dimensions(sums: Sums, scheme: Scheme) -> dict[str, Any]:
    """Return the dimensions without rules as remedies: as good as the better goalpost."""
    found: list[tuple[Any, ...]] = []
    for dimension in WITHOUT_RULES:
        place = DIMENSIONS.index(dimension)
        over = sums.numerator[:, place] - scheme.best[place] * sums.denominator[:, place]
        found += [
            (at, place, None, None, np.nan, int(sums.rows[at, place]), pd.NA, over[at])
            for at in np.flatnonzero(over > 0).tolist()
        ]
    names = ("at", "dimension", "rule_id", "severity", "weight", "rows", "submissions", "amount")
    return {
        name: np.array([row[place] for row in found], dtype=object)
        for place, name in enumerate(names)
    }


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
    # The greatest gain of a member comes first, so its first row is its best remedy.
    is_first = (~remedies["member_iso3"].duplicated()).tolist()
    groups: dict[tuple[str, str], list[int]] = {}
    rules = [rule if isinstance(rule, str) else "" for rule in remedies["rule_id"].tolist()]
    for place, key in enumerate(zip(remedies["dimension_id"].tolist(), rules, strict=True)):
        groups.setdefault(key, []).append(place)
    gain = remedies["gain"].to_numpy(dtype=np.float64)
    rows, severity = remedies["rows_failed"].tolist(), remedies["severity"].tolist()
    found = []
    for (dimension, rule), places in groups.items():
        own = gain[places]
        found.append(
            {
                "rule_id": rule or None,
                "dimension_id": dimension,
                "severity": severity[places[0]] if rule else None,
                "members_helped": int((own >= HELPED_FROM).sum()),
                "members_best": sum(is_first[place] for place in places),
                "rows_failed": sum(rows[place] for place in places),
                "median_gain": float(np.median(own)),
                "largest_gain": float(own.max()),
            }
        )
    found.sort(
        key=lambda row: (
            -row["members_helped"],
            -row["median_gain"],
            row["dimension_id"],
            row["rule_id"] or "",
        )
    )
    names = [column.name for column in RULE_REMEDY_COLUMNS]
    kinds = dict.fromkeys(("rule_id", "dimension_id", "severity"), "str")
    kinds |= dict.fromkeys(("members_helped", "members_best", "rows_failed"), "Int64")
    return pd.DataFrame(
        {
            name: pd.Series([row[name] for row in found], dtype=kinds.get(name, "float64"))
            for name in names
        }
    )


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
