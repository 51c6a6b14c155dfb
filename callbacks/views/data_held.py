"""The data view: what does the warehouse hold, since when, and what is missing?"""

from __future__ import annotations

from typing import Final

import pandas as pd

from callbacks.named import NamedFrame
from callbacks.services import Services
from dashboard.frames import Column
from dashboard.selection import Selection
from layouts import data_held as drawings
from layouts.panels import Panel, View
from queries import data_held as statements

SCOPE: Final = frozenset({"as_of", "regions", "members"})
NEVER, EMPTY = "never_submitted", "empty_period"
HIDDEN_FACTS: Final = frozenset({"framework"})
"""Facts that are no fact to read: the framework is a whole document."""


def read_collections(services: Services, selection: Selection) -> pd.DataFrame:
    """Return each collection with what is held of it and how fresh that is."""
    assert selection.as_of is not None
    frame = services.frame(statements.collections_held(selection))
    age = pd.Timestamp(selection.as_of) - pd.to_datetime(frame["last_received_on"])
    frame["days_since"] = age.dt.days.astype("Int64")
    return frame[[column.name for column in COLLECTION_COLUMNS]]


def read_files(services: Services, selection: Selection) -> pd.DataFrame:
    """Return every file that was loaded, the latest first."""
    return services.frame(statements.files_loaded(selection))


def read_coverage(services: Services, selection: Selection) -> pd.DataFrame:
    """Return the share of what was owed that is there, by collection and period."""
    counts = services.frame(statements.owed_and_received(selection, by="period"))
    owed = counts["owed_count"].where(counts["owed_count"] > 0)
    return counts.assign(received_share=(counts["received_count"] / owed).astype("float64"))


def read_gaps(services: Services, selection: Selection) -> pd.DataFrame:
    """Return members that never submitted a collection, and periods of which nothing is there."""
    return find_gaps(
        services.frame(statements.owed_and_received(selection, by="member")),
        services.frame(statements.owed_and_received(selection, by="period")),
    )


def find_gaps(members: pd.DataFrame, periods: pd.DataFrame) -> pd.DataFrame:
    """Return what was owed and of which nothing is there.

    Parameters
    ----------
    members, periods : DataFrame
        ``collection_id``, ``owed_count``, ``received_count`` by member
        (``member_iso3``, ``region_id``) and by ``period_id``.

    Returns
    -------
    DataFrame
        ``kind`` (never_submitted or empty_period), ``collection_id``,
        ``member_iso3``, ``region_id``, ``period_id``, ``owed_count``; what a
        kind has not is empty.
    """
    silent = members[members["received_count"] == 0].assign(kind=NEVER, period_id=None)
    empty = periods[periods["received_count"] == 0].assign(
        kind=EMPTY, member_iso3=None, region_id=None
    )
    columns = [column.name for column in GAP_COLUMNS]
    types = {
        **dict.fromkeys(("kind", "collection_id", "member_iso3", "region_id"), "str"),
        **dict.fromkeys(("period_id", "owed_count"), "Int64"),
    }
    parts = [part[columns].astype(types) for part in (silent, empty)]
    return pd.concat(parts, ignore_index=True)


def read_facts(services: Services, _selection: Selection) -> pd.DataFrame:
    """Return the facts of the generation that is served."""
    info = services.generation.info
    known = sorted(set(info) - HIDDEN_FACTS)
    return pd.DataFrame({"name": known, "value": [info[name] for name in known]}, dtype="str")


COLLECTION_COLUMNS = (
    Column("collection_id"),
    Column("domain"),
    Column("frequency"),
    Column("due_days", unit="days"),
    Column("first_period_id"),
    Column("last_period_id"),
    Column("periods_held", unit="count"),
    Column("members_held", unit="count"),
    Column("submission_count", measure="submission_count"),
    Column("row_count", unit="count"),
    Column("last_received_on"),
    Column("days_since", unit="days"),
    Column("log_began_on"),
)
GAP_COLUMNS = (
    Column("kind"),
    Column("collection_id"),
    Column("member_iso3"),
    Column("region_id"),
    Column("period_id"),
    Column("owed_count", measure="obligation_count"),
)

FRAMES = (
    NamedFrame("collections_held", COLLECTION_COLUMNS, read_collections, frozenset({"as_of"})),
    NamedFrame(
        "files_loaded",
        (
            Column("load_id"),
            Column("file_name"),
            Column("kind"),
            Column("layout_id"),
            Column("collection_id"),
            Column("loaded_at"),
            Column("rows_read", unit="count"),
            Column("rows_loaded", unit="count"),
            Column("rows_control", unit="count"),
            Column("rows_finding", unit="count"),
            Column("submissions_new", unit="count"),
            Column("submissions_revised", unit="count"),
            Column("submissions_unchanged", unit="count"),
        ),
        read_files,
        frozenset({"as_of"}),
    ),
    NamedFrame(
        "collection_coverage",
        (
            Column("collection_id"),
            Column("period_id"),
            Column("owed_count", measure="obligation_count"),
            Column("received_count", unit="count"),
            Column("received_share", measure="received_share"),
        ),
        read_coverage,
        SCOPE,
    ),
    NamedFrame("known_gaps", GAP_COLUMNS, read_gaps, SCOPE),
    NamedFrame("warehouse_facts", (Column("name"), Column("value")), read_facts, frozenset()),
)

VIEW = View(
    "data-held",
    (
        Panel(
            "collections",
            ("collections_held",),
            drawings.draw_collections,
            kind="block",
            fields=frozenset({"collection"}),
            area="full",
        ),
        Panel(
            "coverage",
            ("collection_coverage",),
            drawings.draw_coverage,
            fields=frozenset({"collection"}),
            area="two-thirds",
        ),
        Panel("facts", ("warehouse_facts",), drawings.draw_facts, kind="block", area="third"),
        Panel("files", ("files_loaded",), drawings.draw_files, kind="block", area="two-thirds"),
        Panel("gaps", ("known_gaps",), drawings.draw_gaps, kind="block", area="third"),
    ),
)
