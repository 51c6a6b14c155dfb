"""Frames of quality scores: by member, region and period, all made from the same parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from callbacks.named import NamedFrame
from callbacks.services import Services
from dashboard.flows import of_trade
from dashboard.frames import PERIOD_FIELDS, Column
from dashboard.framework import Framework
from dashboard.selection import Selection, months_between, shift_month
from dashboard.stats.quality_scores import Scheme, Scores, Sums, add_up, score_groups, scores_of
from dashboard.warehouse.schema import SCORED_DIMENSIONS
from queries import quality_parts as statements

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

DIMENSIONS: Final = SCORED_DIMENSIONS
SCORES: Final = ("quality_score", *DIMENSIONS)
PARTS: Final = ("numerator", "denominator", "rows")
LIMITS: Final = tuple(f"{name}_{end}" for name in SCORES for end in ("low", "high"))
EVERYBODY: Final = "all"
"""Stands in ``region_id`` for all members together."""


def checked(services: Services, selection: Selection) -> Selection:
    """Return the selection with a collection of trade: of others only receipts are on record."""
    return of_trade(selection, services.catalogue)


def scheme_of(framework: Framework) -> Scheme:
    """Return goalposts and weights in the order of ``DIMENSIONS``.

    A dimension that the framework leaves out weighs nothing; :func:`sums_of`
    keeps its rows out, so that it has no score.
    """
    declared = {dimension.id: dimension for dimension in framework.dimensions}
    posts = [(declared[d].worst, declared[d].best) if d in declared else (1, 0) for d in DIMENSIONS]
    weights = [declared[d].weight if d in declared else 0.0 for d in DIMENSIONS]
    worst, best = np.array(posts, dtype=np.float64).T
    return Scheme(worst, best, np.array(weights), framework.framework.minimum_checked_rows)


def sums_of(parts: pd.DataFrame, framework: Framework) -> Sums:
    """Return the parts as tables, one column per dimension; nothing of undeclared dimensions."""
    declared = {dimension.id for dimension in framework.dimensions}
    names = [f"{dimension}_{part}" for dimension in DIMENSIONS for part in PARTS]
    table = np.nan_to_num(parts[names].to_numpy(np.float64), nan=0.0)
    cube = table.reshape(-1, len(DIMENSIONS), len(PARTS))
    cube[:, [dimension not in declared for dimension in DIMENSIONS]] = 0.0
    return Sums(*(cube[:, :, place] for place in range(len(PARTS))))


def numbered(values: pd.Series[Any]) -> tuple[IntArray, list[Any]]:
    """Return the place of each value among the different ones, and those, sorted."""
    codes, different = pd.factorize(values, sort=True)
    return codes.astype(np.int64), list(different)


def region_of(parts: pd.DataFrame) -> dict[str, str]:
    """Return the region of each member; lists, since texts of a frame are slow one by one."""
    return dict(zip(parts["member_iso3"].tolist(), parts["region_id"].tolist(), strict=True))


def read_parts(services: Services, selection: Selection) -> pd.DataFrame:
    """Return the parts of every submission's quality."""
    return services.frame(statements.quality_parts(checked(services, selection)))


def parts_of(services: Services, selection: Selection) -> pd.DataFrame:
    """Return the parts of all members; asked for once by whatever is made of them."""
    return PARTS_FRAME.read(services, selection.only(TIME_FIELDS))


def score_members(parts: pd.DataFrame, framework: Framework) -> pd.DataFrame:
    """Score every member; ``parts`` is the frame ``quality_parts``.

    Returns ``member_iso3``, ``region_id`` and the columns of scores, by member.
    """
    group, members = numbered(parts["member_iso3"])
    regions = region_of(parts)
    heads = {"member_iso3": members, "region_id": [regions[member] for member in members]}
    return _scored(parts, group, heads, framework)


def _scored(
    parts: pd.DataFrame, group: IntArray, heads: dict[str, list[str]], framework: Framework
) -> pd.DataFrame:
    cluster, _ = numbered(parts["period_id"])
    count = len(next(iter(heads.values())))
    sums, scheme = sums_of(parts, framework), scheme_of(framework)
    scores = score_groups(group, count, cluster, sums, scheme)
    head = {name: pd.Series(values, dtype="str") for name, values in heads.items()}
    return pd.DataFrame(head | score_columns(scores, scheme))


def score_columns(scores: Scores, scheme: Scheme) -> dict[str, Any]:
    """Return the columns of scores, with how sure they are and what was left out."""
    missing = np.isnan(scores.dimensions) & (scheme.weights > 0)
    few = missing & (scores.rows > 0)
    columns: dict[str, Any] = {"quality_score": scores.overall}
    columns |= dict(zip(DIMENSIONS, scores.dimensions.T, strict=True))
    columns |= {"weight_used": scores.weight_used, "rows_checked": _most(scores.rows)}
    columns |= {"quality_score_low": scores.low, "quality_score_high": scores.high}
    for place, dimension in enumerate(DIMENSIONS):
        columns[f"{dimension}_low"] = scores.dimensions_low[:, place]
        columns[f"{dimension}_high"] = scores.dimensions_high[:, place]
    return columns | {
        "periods": _most(scores.periods),
        "spread": pd.Series(spread_states(scores), dtype="str"),
        "left_out": pd.Series(_names(missing), dtype="str"),
        "too_few": pd.Series(_names(few), dtype="str"),
    }


def _most(table: NDArray[Any]) -> IntArray:
    most: IntArray = table.max(axis=1, initial=0).astype(np.int64)
    return most


def _names(flags: NDArray[np.bool_]) -> list[str]:
    return [",".join(d for d, on in zip(DIMENSIONS, row, strict=True) if on) for row in flags]


def spread_states(scores: Scores) -> list[str | None]:
    """Say of each overall score whether its interval is known.

    ``seen``: it is. ``partial``: it leaves out a dimension that one period alone
    tells of. ``none_seen``: all periods are alike. ``one_period``: there is
    only one. None without a score.
    """
    known = ~np.isnan(scores.dimensions)
    single = (known & (scores.periods == 1)).any(axis=1)
    several = (known & (scores.periods > 1)).any(axis=1)
    states = np.select(
        [np.isnan(scores.overall), ~several, np.isnan(scores.low), single],
        ["", "one_period", "none_seen", "partial"],
        "seen",
    )
    return [state or None for state in states.tolist()]


def read_by_member(services: Services, selection: Selection) -> pd.DataFrame:
    """Return the scores of every member."""
    return score_members(parts_of(services, selection), services.framework)


def read_by_region(services: Services, selection: Selection) -> pd.DataFrame:
    """Return the scores of every region and the quartiles of its members' scores."""
    members = MEMBER_FRAME.read(services, selection.only(TIME_FIELDS))
    return score_regions(parts_of(services, selection), members, services.framework)


def score_regions(parts: pd.DataFrame, members: pd.DataFrame, framework: Framework) -> pd.DataFrame:
    """Score regions by the sums of their members, with the spread of the members.

    Parameters
    ----------
    parts : DataFrame
        The frame ``quality_parts``.
    members : DataFrame
        The frame ``quality_by_member``.
    framework : Framework
        Goalposts and weights.

    Returns
    -------
    DataFrame
        ``region_id``, the columns of scores, ``member_count`` (members with a
        score) and ``low_quartile``, ``middle``, ``high_quartile`` of their
        overall scores.
    """
    group, regions = numbered(parts["region_id"])
    table = _scored(parts, group, {"region_id": regions}, framework)
    of_region, score = members["region_id"].to_numpy(), members["quality_score"].to_numpy()
    groups = [score[(of_region == region) & ~np.isnan(score)] for region in regions]
    quartiles = np.array(
        [np.quantile(g, [0.25, 0.5, 0.75]) if g.size else [np.nan] * 3 for g in groups]
    ).reshape(-1, 3)
    return table.assign(
        member_count=np.array([g.size for g in groups], dtype="int64"),
        low_quartile=quartiles[:, 0],
        middle=quartiles[:, 1],
        high_quartile=quartiles[:, 2],
    )


def score_periods(
    parts: pd.DataFrame, keys: Sequence[str], framework: Framework, *, together: str | None = None
) -> pd.DataFrame:
    """Score every period of some keys, without intervals: a period is one look.

    Parameters
    ----------
    parts : DataFrame
        The frame ``quality_parts``, or some of its rows.
    keys : sequence of str
        Columns that tell apart what is scored, beside the period; each follows
        from the first.
    framework : Framework
        Goalposts, weights and the minimum of checked rows.
    together : str, optional
        Stands in the first of ``keys`` for all rows of a period together;
        without it they are not scored.

    Returns
    -------
    DataFrame
        ``keys``, ``period_id``, the scores, ``weight_used``, ``rows_checked``.
    """
    first, names = numbered(parts[keys[0]])
    period, periods = numbered(parts["period_id"])
    width = max(1, len(periods))
    cells, place = np.unique(first * width + period, return_inverse=True)
    sums = add_up(place, cells.size, sums_of(parts, framework))
    owner, when = np.divmod(cells, width)
    of_first = [
        dict(zip(parts[keys[0]].tolist(), parts[key].tolist(), strict=True)) for key in keys
    ]
    labels = [[known[names[place]] for place in owner] for known in of_first]
    if together is not None:
        whole = add_up(when, len(periods), sums)
        sums = Sums(
            *(np.concatenate(pair) for pair in zip(_tables(sums), _tables(whole), strict=True))
        )
        labels = [[*label, *[together] * len(periods)] for label in labels]
        when = np.concatenate([when, np.arange(len(periods))])
    dimensions, overall, used = scores_of(sums, scheme_of(framework))
    heads: dict[str, Any] = {
        key: pd.Series(label, dtype="str") for key, label in zip(keys, labels, strict=True)
    }
    heads["period_id"] = pd.Series([periods[place] for place in when], dtype="Int64")
    return pd.DataFrame(
        heads
        | {"quality_score": overall}
        | dict(zip(DIMENSIONS, dimensions.T, strict=True))
        | {"weight_used": used, "rows_checked": _most(sums.rows)}
    ).sort_values([keys[0], "period_id"])


def _tables(sums: Sums) -> tuple[FloatArray, FloatArray, FloatArray]:
    return sums.numerator, sums.denominator, sums.rows


def read_by_period(services: Services, selection: Selection) -> pd.DataFrame:
    """Return the scores of every region, and of all members, by period."""
    parts = parts_of(services, selection)
    return score_periods(parts, ["region_id"], services.framework, together=EVERYBODY)


def read_of_members(services: Services, selection: Selection) -> pd.DataFrame:
    """Return the scores of the chosen members by period; nothing if none is chosen."""
    parts = parts_of(services, selection)
    chosen = parts[parts["member_iso3"].isin(selection.members)]
    return score_periods(chosen, ["member_iso3", "region_id"], services.framework)


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
    collection = checked(services, selection).collection or ""
    is_annual = services.catalogue.collections.get(collection) == "A"
    spans = {"selected": selection, "before": range_before(selection, is_annual=is_annual)}
    tables = []
    for span, one in spans.items():
        parts = in_scope(parts_of(services, one), selection)
        if parts.empty:
            continue
        group = np.zeros(len(parts), dtype=np.int64)
        sums = add_up(group, 1, sums_of(parts, services.framework))
        dimensions, overall, used = scores_of(sums, scheme_of(services.framework))
        row: dict[str, Any] = {"span": pd.Series([span], dtype="str"), "quality_score": overall}
        row |= dict(zip(DIMENSIONS, dimensions.T, strict=True))
        row |= {"weight_used": used, "rows_checked": _most(sums.rows)}
        row |= {"submission_count": len(parts), "member_count": parts["member_iso3"].nunique()}
        tables.append(pd.DataFrame(row))
    if not tables:
        names = [column.name for column in TOTAL_COLUMNS]
        return pd.DataFrame({name: pd.Series(dtype="float64") for name in names})
    return pd.concat(tables)


def in_scope(frame: pd.DataFrame, selection: Selection) -> pd.DataFrame:
    """Return the rows of the members in scope: those named, else those of the regions, else all."""
    if selection.members:
        return frame[frame["member_iso3"].isin(selection.members)]
    if selection.regions:
        return frame[frame["region_id"].isin(selection.regions)]
    return frame


BARE_COLUMNS: Final = (
    *(Column(name, measure=name) for name in SCORES),
    Column("weight_used", unit="share"),
    Column("rows_checked", unit="count"),
)
SCORE_COLUMNS: Final = (
    *BARE_COLUMNS,
    *(Column(name, unit="score") for name in LIMITS),
    Column("periods", unit="count"),
    Column("spread"),
    Column("left_out", words="column.left_out_dimensions"),
    Column("too_few"),
)
TOTAL_COLUMNS: Final = (
    Column("span"),
    *BARE_COLUMNS,
    Column("submission_count", measure="submission_count"),
    Column("member_count", unit="count"),
)
PART_COLUMNS: Final = (
    Column("member_iso3"),
    Column("region_id"),
    Column("period_id"),
    *(
        Column(f"{dimension}_{part}", unit="count" if part == "rows" else None)
        for dimension in DIMENSIONS
        for part in PARTS
    ),
)

TIME_FIELDS: Final = PERIOD_FIELDS | {"as_of", "collection"}

PARTS_FRAME: Final = NamedFrame("quality_parts", PART_COLUMNS, read_parts, TIME_FIELDS)
MEMBER_FRAME: Final = NamedFrame(
    "quality_by_member",
    (Column("member_iso3"), Column("region_id"), *SCORE_COLUMNS),
    read_by_member,
    TIME_FIELDS,
)

SCORE_FRAMES: Final = (
    PARTS_FRAME,
    MEMBER_FRAME,
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
        (Column("region_id"), Column("period_id"), *BARE_COLUMNS),
        read_by_period,
        TIME_FIELDS,
    ),
    NamedFrame(
        "quality_of_members",
        (Column("member_iso3"), Column("region_id"), Column("period_id"), *BARE_COLUMNS),
        read_of_members,
        TIME_FIELDS | {"members"},
    ),
    NamedFrame("quality_totals", TOTAL_COLUMNS, read_totals),
)
