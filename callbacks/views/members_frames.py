"""What the frames of the members' page hold: queries and other views' frames, joined per member.

Nothing is drawn here.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import numpy as np
import pandas as pd
from pandas.api.extensions import take

from callbacks.named import NamedFrame
from callbacks.services import Services
from callbacks.views import incentives, quality_scores
from callbacks.views import quality_frames as quality
from callbacks.views.members_due import DUE_FRAME
from dashboard.flows import of_trade
from dashboard.frames import PERIOD_FIELDS, Column
from dashboard.selection import Selection
from dashboard.stats.statuses import on_time_shares, running_shares
from queries import flows as flow_statements
from queries import members as statements
from queries import timeliness as timeliness_statements

TIME_FIELDS: Final = PERIOD_FIELDS | {"as_of", "collection"}
SCORE_FIELDS: Final = TIME_FIELDS | {"weights", "scheme", "normalisation", "aggregation"}
PAGE_FIELDS: Final = frozenset({"members", "compared"})
TRADE_FIELDS: Final = TIME_FIELDS | {"members", "partners", "partner_regions", "commodity"}

RUNNING_PERIODS: Final = {"M": 12, "A": 3}
"""Periods behind one point of a member's line, by the frequency of the collection."""

DIMENSIONS: Final = quality_scores.DIMENSIONS
QUALITY_FRAME: Final = quality_scores.MEMBER_FRAME
NOBODY: Final = ("",)
"""Stands for the members where none is chosen: a statement then keeps its types and finds none."""


def everybody(selection: Selection) -> Selection:
    """Return the selection without what narrows it to some members."""
    return replace(selection, members=(), regions=())


def first_member(selection: Selection) -> Selection:
    """Return the selection narrowed to the member that the page is about."""
    return replace(selection, members=selection.members[:1] or NOBODY, regions=())


# -- Everybody ---------------------------------------------------------------------------------


def read_profiles(services: Services, selection: Selection) -> pd.DataFrame:
    """Return all members with what they are, their shares, scores, ranks and trade."""
    whole = everybody(selection)
    counts = services.frame(timeliness_statements.status_counts(whole, by="member"))
    traded = {
        name: services.frame(
            flow_statements.member_trade(_total_trade(services, whole, flow), is_past=is_past)
        )
        for name, flow in (("export_usd", "X"), ("import_usd", "M"))
        for is_past in (_is_past(services, selection),)
    }
    return profiles(
        services.generation.members,
        on_time_shares(counts, ["member_iso3"]),
        QUALITY_FRAME.read(services, whole.only(QUALITY_FRAME.fields)),
        incentives.RANKING_FRAME.read(services, whole.only(incentives.RANKING_FRAME.fields)),
        traded,
    )


def read_facts(services: Services, _: Selection) -> pd.DataFrame:
    """Return all members with what they are, which no selection changes."""
    members = services.generation.members.rename(columns={"iso3": "member_iso3"})
    columns = [column.name for column in FACT_COLUMNS]
    return members.sort_values(["region_id", "member_iso3"])[columns]


def _is_past(services: Services, selection: Selection) -> bool:
    assert selection.as_of is not None
    return selection.as_of < services.catalogue.data_on


def _total_trade(services: Services, selection: Selection, flow: str) -> Selection:
    total = replace(
        selection, flow=flow, source="reported", commodity=None, partners=(), partner_regions=()
    )
    return of_trade(total, services.catalogue)


def profiles(
    members: pd.DataFrame,
    shares: pd.DataFrame,
    scores: pd.DataFrame,
    ranking: pd.DataFrame,
    traded: dict[str, pd.DataFrame],
) -> pd.DataFrame:
    """Join what is known of every member; who is missing from a part has nothing there.

    Parameters
    ----------
    members : DataFrame
        ``dim_member``.
    shares, scores, ranking : DataFrame
        On-time shares, quality scores and the frame ``ranking``, by ``member_iso3``.
    traded : dict of str to DataFrame
        Column to ``member_iso3`` and ``value_usd``.

    Returns
    -------
    DataFrame
        The columns of the frame ``member_profiles``, by region and code.
    """
    facts = members.rename(columns={"iso3": "member_iso3"})
    known = pd.Index(facts["member_iso3"])
    if "override" not in ranking:  # as it was computed, without what people gave
        ranking = ranking.assign(override=pd.array([None] * len(ranking), dtype="str"))
    parts = [
        (shares, ["on_time", "counted", "on_time_share", "low", "high"]),
        (scores, ["quality_score", *DIMENSIONS]),
        (ranking, ["incentive_score", "rank", "rank_low", "rank_high", "tier", "override"]),
        *((frame.rename(columns={"value_usd": name}), [name]) for name, frame in traded.items()),
    ]
    found = [facts]
    for part, columns in parts:
        place = pd.Index(part["member_iso3"]).get_indexer(known)
        found.append(
            pd.DataFrame({name: take(part[name].array, place, allow_fill=True) for name in columns})
        )
    table = pd.concat(found, axis="columns")
    for name in ("on_time", "counted"):
        table[name] = table[name].fillna(0).astype("int64")
    return table.sort_values(["region_id", "member_iso3"])[
        [column.name for column in PROFILE_COLUMNS]
    ]


# -- The member of the page --------------------------------------------------------------------


def read_obligations(services: Services, selection: Selection) -> pd.DataFrame:
    """Return the obligations of the page's members in every collection, within the range."""
    frame = services.frame(statements.obligations_of_members(selection))
    assert selection.first is not None
    first = int(selection.first[:4] + selection.first[5:7])
    is_inside = frame["period_id"].where(frame["period_id"] > 9999, frame["period_id"] * 100 + 12)
    return frame[is_inside >= first]


def read_on_time_by_period(services: Services, selection: Selection) -> pd.DataFrame:
    """Return the trailing on-time share of the page's members in the selected collection."""
    frame = services.frame(statements.obligations_of_members(selection))
    frame = frame[frame["collection_id"] == selection.collection]
    frequency = services.catalogue.collections.get(selection.collection or "", "M")
    assert selection.first is not None
    first = int(selection.first[:4] + (selection.first[5:7] if frequency == "M" else ""))
    return trailing_shares(frame, first, RUNNING_PERIODS[frequency])


def trailing_shares(obligations: pd.DataFrame, first: int, periods: int) -> pd.DataFrame:
    """Return trailing on-time shares of each member.

    Parameters
    ----------
    obligations : DataFrame
        ``member_iso3``, ``period_id``, ``status``, ``is_counted``.
    first : int
        First period to return; earlier ones only feed the window.
    periods : int
        Length of the window.

    Returns
    -------
    DataFrame
        The columns of the frame ``member_on_time_by_period``.
    """
    counts = on_time_shares(obligations.assign(obligation_count=1), ["member_iso3", "period_id"])
    lines = [
        running_shares(one.sort_values("period_id"), periods)
        for _, one in counts.groupby("member_iso3", sort=True)
    ]
    table = pd.concat(lines, ignore_index=True) if lines else counts
    return table[table["period_id"] >= first][[column.name for column in TRAIL_COLUMNS]]


def read_rules(services: Services, selection: Selection) -> pd.DataFrame:
    """Return what each rule found in the member's data."""
    narrowed = replace(first_member(selection), rule=None)
    return quality.read_by_rule_and_member(services, narrowed)


def read_trade(services: Services, selection: Selection) -> pd.DataFrame:
    """Return the member's trade by period and flow, within the range."""
    narrowed = of_trade(replace(first_member(selection), source="reported"), services.catalogue)
    frame = services.frame(
        flow_statements.trade_series(narrowed, is_past=_is_past(services, selection))
    )
    assert selection.first is not None and selection.last is not None
    months = [int(text[:4] + text[5:7]) for text in (selection.first, selection.last)]
    period = frame["period_id"]
    is_inside = period.between(months[0], months[1]) | period.between(
        months[0] // 100, months[1] // 100
    )
    frame = frame[is_inside].sort_values(["period_id", "flow_code"])
    return frame[["period_id", "flow_code", "value_usd"]]


def read_partners(services: Services, selection: Selection) -> pd.DataFrame:
    """Return the member's exports and imports with each partner."""
    narrowed = of_trade(replace(first_member(selection), source="reported"), services.catalogue)
    is_past = _is_past(services, selection)
    keys = ["partner_iso3", "region_id"]
    sides = [
        services.frame(
            flow_statements.partner_trade(replace(narrowed, flow=flow), is_past=is_past)
        )[[*keys, "value_usd"]].rename(columns={"value_usd": name})
        for name, flow in (("export_usd", "X"), ("import_usd", "M"))
    ]
    # A merge of two empty text keys fails in pandas, so the sides are stacked and added up.
    table = pd.concat(sides).groupby(keys, dropna=False, sort=True).sum(min_count=1).reset_index()
    return table[[*keys, "export_usd", "import_usd"]]


# -- Side by side ------------------------------------------------------------------------------

COMPARED_MEASURES: Final = (
    "on_time_share",
    "overdue_count",
    "quality_score",
    *DIMENSIONS,
    "export_usd",
    "import_usd",
    "incentive_score",
    "rank",
)


def read_comparison(services: Services, selection: Selection) -> pd.DataFrame:
    """Return the measures of the page's members, one row per member and measure."""
    page = statements.page_members(selection)
    table = PROFILE_FRAME.read(services, selection.only(PROFILE_FRAME.fields))
    obligations = services.frame(statements.obligations_of_members(selection))
    overdue = obligations[obligations["status"] == "overdue"].groupby("member_iso3").size()
    return comparison(table, overdue, page)


def comparison(table: pd.DataFrame, overdue: pd.Series, page: tuple[str, ...]) -> pd.DataFrame:
    """Lay the profiles of some members out long.

    Parameters
    ----------
    table : DataFrame
        The frame ``member_profiles``.
    overdue : Series
        Overdue obligations by member; who is missing has none.
    page : tuple of str
        The members, in order.

    Returns
    -------
    DataFrame
        The columns of the frame ``member_comparison``: members in the order
        given, measures in that of ``COMPARED_MEASURES``.
    """
    known = table.set_index("member_iso3")
    found = []
    for iso3 in page:
        row = known.loc[iso3]
        for measure in COMPARED_MEASURES:
            low, high, n = np.nan, np.nan, None
            if measure == "overdue_count":
                value = float(overdue.get(iso3, 0)) if row["kind"] != "union" else np.nan
            else:
                value = _float(row[measure])
            if measure == "on_time_share":
                low, high, n = _float(row["low"]), _float(row["high"]), row["counted"]
            elif measure == "rank":
                low, high = _float(row["rank_low"]), _float(row["rank_high"])
            found.append((iso3, measure, value, low, high, n))
    frame = pd.DataFrame(found, columns=[column.name for column in COMPARISON_COLUMNS])
    types = {"member_iso3": "str", "measure": "str", "n": "Int64"}
    numbers = dict.fromkeys(("value", "low", "high"), "float64")
    return frame.astype(types | numbers)


def _float(value: Any) -> float:
    return np.nan if pd.isna(value) else float(value)


# -- Declarations ------------------------------------------------------------------------------

SHARE_COLUMNS: Final = (
    Column("on_time", unit="count"),
    Column("counted", unit="count"),
    Column("on_time_share", measure="on_time_share"),
    Column("low", unit="share"),
    Column("high", unit="share"),
)
FACT_COLUMNS: Final = (
    Column("member_iso3"),
    Column("region_id"),
    Column("kind"),
    Column("joined_on"),
    Column("left_on"),
    Column("income_group"),
    Column("is_ldc"),
    Column("is_sids"),
    Column("is_lldc"),
)
PROFILE_COLUMNS: Final = (
    *FACT_COLUMNS,
    *SHARE_COLUMNS,
    *(Column(name, measure=name) for name in ("quality_score", *DIMENSIONS, "incentive_score")),
    Column("rank", measure="rank"),
    Column("rank_low", unit="rank"),
    Column("rank_high", unit="rank"),
    Column("tier"),
    Column("override"),
    Column("export_usd", measure="export_usd"),
    Column("import_usd", measure="import_usd"),
)
TRAIL_COLUMNS: Final = (Column("member_iso3"), Column("period_id"), *SHARE_COLUMNS)
COMPARISON_COLUMNS: Final = (
    Column("member_iso3"),
    Column("measure"),
    Column("value"),
    Column("low"),
    Column("high"),
    Column("n", unit="count"),
)
OBLIGATION_COLUMNS: Final = (
    Column("member_iso3"),
    Column("region_id"),
    Column("collection_id"),
    Column("period_id"),
    Column("period_starts_on"),
    Column("period_ends_on"),
    Column("due_on"),
    Column("received_on"),
    Column("status"),
    Column("is_counted"),
    Column("revision_count"),
)

PROFILE_FRAME: Final = NamedFrame(
    "member_profiles", PROFILE_COLUMNS, read_profiles, SCORE_FIELDS, is_live=True
)

FRAMES: Final = (
    PROFILE_FRAME,
    NamedFrame("member_facts", FACT_COLUMNS, read_facts, frozenset()),
    NamedFrame(
        "member_obligations",
        OBLIGATION_COLUMNS,
        read_obligations,
        PERIOD_FIELDS | PAGE_FIELDS | {"as_of"},
    ),
    NamedFrame(
        "member_on_time_by_period",
        TRAIL_COLUMNS,
        read_on_time_by_period,
        TIME_FIELDS | PAGE_FIELDS,
    ),
    DUE_FRAME,
    NamedFrame("member_rules", quality.RULE_MEMBER_COLUMNS, read_rules, TIME_FIELDS | {"members"}),
    NamedFrame(
        "member_series",
        (Column("period_id"), Column("flow_code"), Column("value_usd", measure="value_usd")),
        read_trade,
        TRADE_FIELDS,
    ),
    NamedFrame(
        "member_partners",
        (
            Column("partner_iso3"),
            Column("region_id"),
            Column("export_usd", measure="export_usd"),
            Column("import_usd", measure="import_usd"),
        ),
        read_partners,
        TRADE_FIELDS,
    ),
    NamedFrame(
        "member_comparison", COMPARISON_COLUMNS, read_comparison, SCORE_FIELDS | PAGE_FIELDS
    ),
)
