"""What the frames of the chase list hold: what is held back, by whom, and the notes about it.

Nothing is drawn here.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import groupby
from typing import Final

import numpy as np
import pandas as pd

from callbacks.named import NamedFrame
from callbacks.services import Services
from callbacks.views.forecast_frames import ARRIVALS
from callbacks.views.timeliness_frames import TRADE_WEIGHTS
from dashboard.frames import PERIOD_FIELDS, Column
from dashboard.selection import LANGUAGES, Selection
from layouts.charts import rows
from layouts.chase.note import Subject, note
from layouts.forecast.listing import LIKELY_LATE as LATE_BELOW
from queries import chase as statements

LIST_FIELDS: Final = PERIOD_FIELDS | {"regions", "as_of"}
"""Naming a member must not narrow the list: it is the one that is written to."""

OVERDUE: Final = "overdue"
LIKELY_LATE: Final = "likely_late"

RECEIPT: Final = ("period_id", "received_on", "received_bound")
LATEST: Final = ("latest_period_id", "latest_received_on", "latest_bound")
"""Of the newest period that a member sent of the same collection."""

OBLIGATION_COLUMNS: Final = (
    Column("rank", measure="rank", words="column.chase_rank"),
    Column("member_iso3"),
    Column("region_id"),
    Column("collection_id"),
    Column("period_id"),
    Column("reason"),
    Column("due_on"),
    Column("days_late", measure="days_late"),
    Column("by_due_share", measure="by_due_share"),
    Column("within_90_days_share", measure="within_90_days_share"),
    Column("trade_share", measure="trade_share"),
    Column("held_back", measure="held_back"),
    Column("latest_period_id"),
    Column("latest_received_on"),
    Column("latest_bound"),
    Column("correspondent"),
    Column("named_on"),
)


def read_chased(services: Services, selection: Selection) -> pd.DataFrame:
    """Return what is overdue or likely late of everybody, with whom to write to."""
    assert selection.as_of is not None
    everybody = replace(selection, members=(), regions=(), collection=None)
    waiting = ARRIVALS.read(services, everybody)
    weights = TRADE_WEIGHTS.read(services, everybody)
    named = services.frame(statements.correspondents(everybody))
    table = to_chase(waiting, weights, selection.as_of)
    table = table.merge(named, on="member_iso3", how="left")
    return table[[column.name for column in CHASED.columns]]


CHASED: Final = NamedFrame(
    "chased",
    tuple(one for one in OBLIGATION_COLUMNS if one.name not in {"rank", *LATEST}),
    read_chased,
    LIST_FIELDS - {"regions"},
)
"""What to write about, of everybody and without ranks, so that another region asks the warehouse
nothing. It is no download: ``chase_obligations`` has all of it."""


def read_ranked(services: Services, selection: Selection) -> pd.DataFrame:
    """Return what is overdue or likely late in the selected regions, by the rank of its member."""
    table = CHASED.read(services, selection)
    if selection.regions:
        table = table[table["region_id"].isin(selection.regions)]
    return ranked(table)


def with_latest(
    obligations: pd.DataFrame, services: Services, selection: Selection
) -> pd.DataFrame:
    """Return obligations with what their members sent last of the same collection."""
    found = obligations["member_iso3"].unique().tolist()
    one = replace(selection, members=tuple(found) if len(found) == 1 else (), regions=())
    latest = services.frame(statements.last_receipts(replace(one, collection=None)))
    latest = latest.rename(columns=dict(zip(RECEIPT, LATEST, strict=True)))
    table = obligations.merge(latest, on=["member_iso3", "collection_id"], how="left")
    return table[[column.name for column in OBLIGATION_COLUMNS]]


def read_chase_obligations(services: Services, selection: Selection) -> pd.DataFrame:
    """Return what is overdue or likely late, the members that hold back most first."""
    return with_latest(read_ranked(services, selection), services, selection)


def to_chase(waiting: pd.DataFrame, weights: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Return which of the outstanding obligations to write about, and their weight.

    Parameters
    ----------
    waiting : DataFrame
        Rows of ``arrival_forecast``: what has not come and is not waived.
    weights : DataFrame
        Rows of ``trade_weights``.
    as_of : date
        The day of knowledge.

    Returns
    -------
    DataFrame
        With ``reason``, ``days_late`` (missing if not yet due), ``trade_share``
        and ``held_back``: the share of what is overdue, that share times the
        probability of being late of what is not yet due; missing without trade.
    """
    day = pd.Timestamp(as_of)
    # Without any obligation the columns have no types of their own.
    waiting = waiting.astype({"due_on": "datetime64[us]", "by_due_share": "float64"})
    is_late = (waiting["due_on"] < day) | (waiting["by_due_share"] < LATE_BELOW)
    table = waiting.loc[is_late, list(_WAITING)]
    is_overdue = table["due_on"] < day
    shares = weights.set_index("member_iso3")["trade_share"]
    trade_share = shares.reindex(table["member_iso3"]).to_numpy(dtype="float64")
    late_share = np.where(is_overdue, 1.0, 1.0 - table["by_due_share"])
    return table.assign(
        reason=np.where(is_overdue, OVERDUE, LIKELY_LATE),
        days_late=(day - table["due_on"]).dt.days.astype("Int64").where(is_overdue),
        trade_share=trade_share,
        held_back=trade_share * late_share,
    )


_WAITING: Final = (
    *("member_iso3", "region_id", "collection_id", "period_id", "due_on"),
    *("by_due_share", "within_90_days_share"),
)


def ranked(obligations: pd.DataFrame) -> pd.DataFrame:
    """Return obligations by their member's rank, then by due date.

    Parameters
    ----------
    obligations : DataFrame
        ``member_iso3``, ``due_on``, ``collection_id``, ``period_id``,
        ``days_late``, ``held_back`` (missing: nothing is known of the member's
        trade).

    Returns
    -------
    DataFrame
        With ``rank``: 1 for the member whose sum of ``held_back`` is the
        greatest. Members without trade data follow, by the number of their
        obligations; ties are broken by the longest delay.
    """
    codes, members = pd.factorize(obligations["member_iso3"], sort=True)
    held_back = obligations["held_back"].to_numpy(dtype="float64")
    is_known = ~np.isnan(held_back)
    days = obligations["days_late"].to_numpy(dtype="float64", na_value=-1.0)
    size = len(members)
    total = np.bincount(codes, np.where(is_known, held_back, 0.0), size)
    total[np.bincount(codes, is_known, size) == 0] = -1.0  # nothing known: after everybody
    count = np.bincount(codes, minlength=size)
    longest = np.full(size, -1.0)
    np.maximum.at(longest, codes, days)
    ranks = np.empty(size, dtype="int64")
    ranks[np.lexsort((np.arange(size), -longest, -count, -total))] = np.arange(1, size + 1)
    table = obligations.assign(rank=pd.array(ranks[codes], dtype="Int64"))
    return table.sort_values(["rank", "due_on", "collection_id", "period_id"], ignore_index=True)


CHASE_OBLIGATIONS: Final = NamedFrame(
    "chase_obligations", OBLIGATION_COLUMNS, read_chase_obligations, LIST_FIELDS
)


def read_chase_list(services: Services, selection: Selection) -> pd.DataFrame:
    """Return a row per member to write to, the one that holds back most first."""
    return by_member(read_ranked(services, selection))


def by_member(obligations: pd.DataFrame) -> pd.DataFrame:
    """Return obligations summed by member, in the order of their rank."""
    marked = obligations.assign(
        overdue_count=(obligations["reason"] == OVERDUE).astype("int64"),
        likely_late_count=(obligations["reason"] == LIKELY_LATE).astype("int64"),
    )
    groups = marked.groupby("rank", sort=True)
    # The first row of a member says all that is the same for each of its obligations.
    table = obligations.drop_duplicates("rank").set_index("rank")
    table = table.assign(
        held_back=groups["held_back"].sum(min_count=1),
        overdue_count=groups["overdue_count"].sum(),
        likely_late_count=groups["likely_late_count"].sum(),
        within_90_days_share=groups["within_90_days_share"].mean(),
        days_late=groups["days_late"].max(),
    )
    return table.reset_index()[[column.name for column in CHASE_LIST.columns]]


CHASE_LIST: Final = NamedFrame(
    "chase_list",
    (
        Column("rank", measure="rank", words="column.chase_rank"),
        Column("member_iso3"),
        Column("region_id"),
        Column("trade_share", measure="trade_share"),
        Column("held_back", measure="held_back"),
        Column("overdue_count", measure="overdue_count"),
        Column("likely_late_count", unit="count"),
        Column("days_late", measure="days_late"),
        Column("within_90_days_share", measure="within_90_days_share"),
        Column("correspondent"),
        Column("named_on"),
    ),
    read_chase_list,
    LIST_FIELDS,
)


def read_chase_notes(services: Services, selection: Selection) -> pd.DataFrame:
    """Return the note to every member of the list, in each language."""
    return notes(services, selection, CHASE_OBLIGATIONS.read(services, selection))


def read_chase_note(services: Services, selection: Selection) -> pd.DataFrame:
    """Return the note to the chosen member, or to the first of the list."""
    table = read_ranked(services, selection)
    if selection.members:
        chosen = table[table["member_iso3"] == selection.members[0]]
    else:
        chosen = table[table["rank"] == 1]
    return notes(services, selection, with_latest(chosen, services, selection))


def notes(services: Services, selection: Selection, obligations: pd.DataFrame) -> pd.DataFrame:
    """Return the notes about obligations: a row per member and language."""
    assert selection.as_of is not None
    info = services.generation.info
    found = []
    for _, group in groupby(rows(obligations), key=lambda row: row.rank):
        owed = list(group)
        iso3, known = owed[0].member_iso3, owed[0].correspondent
        correspondent = None if pd.isna(known) else str(known)
        for language in LANGUAGES:
            names = services.names(language)
            subject = Subject(names.member(iso3), correspondent)
            words = services.words(language)
            written = note(owed, subject, words, names.collections, selection.as_of, info)
            found.append((iso3, language, correspondent, written.title, written.text))
    columns = [column.name for column in NOTE_COLUMNS]
    return pd.DataFrame(found, columns=columns).astype("str")


NOTE_COLUMNS: Final = (
    Column("member_iso3"),
    Column("language"),
    Column("correspondent"),
    Column("title"),
    Column("text"),
)

CHASE_NOTES: Final = NamedFrame("chase_notes", NOTE_COLUMNS, read_chase_notes, LIST_FIELDS)

FRAMES: Final = (
    CHASE_LIST,
    CHASE_OBLIGATIONS,
    CHASE_NOTES,
    NamedFrame("chase_note", NOTE_COLUMNS, read_chase_note, LIST_FIELDS | {"members"}),
)
