"""The logs that are kept beside the generations: what an entry of each holds.

A log is never declared anew with other columns: files and schemas made before would not have
them. What more there is to keep goes into a log of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import (
    Column,
    Date,
    DateTime,
    Double,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData()


@dataclass(frozen=True, slots=True)
class Log:
    """An append-only table, and the columns that name what an entry is about."""

    table: Table
    subject: tuple[str, ...]

    @property
    def name(self) -> str:
        """The table's name."""
        return str(self.table.name)


def declare(name: str, *columns: Column, subject: tuple[str, ...] = ()) -> Log:
    """Declare a log.

    Every entry has its number within its subject (1, 2, 3 ...), which makes two writers who saw
    the same last entry collide, the author's name as it was typed, the instant, and the id of
    the request, so that the same request writes once.

    Parameters
    ----------
    name : str
        Of the table.
    *columns : sqlalchemy.Column
        What an entry holds besides.
    subject : tuple of str, optional
        Text columns that together name what an entry is about; none if all entries are one
        sequence.

    Returns
    -------
    Log
        Part of the store from now on.
    """
    table = Table(
        name,
        metadata,
        Column("event_id", Integer, primary_key=True),
        *(Column(one, Text, nullable=False) for one in subject),
        Column("number", Integer, nullable=False),
        *columns,
        Column("author", Text, nullable=False),
        Column("written_at", DateTime, nullable=False),  # UTC
        Column("request_id", Text, nullable=False, unique=True),
        UniqueConstraint(*subject, "number"),
    )
    return Log(table, subject)


CASE_EVENT: Final = declare(
    "case_event",
    Column("state", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("warehouse_version", Text, nullable=False),  # the generation it was judged on
    Column("value_usd", Double, nullable=False),  # what that generation said
    Column("expected_usd", Double, nullable=False),
    Column("member_share", Double),
    Column("region_share", Double),
    subject=("collection_id", "case_id"),
)
"""What people wrote about the cases of the outlier desk."""

SCORE_ENTRY: Final = declare(
    "score_entry",
    Column("kind", Text, nullable=False),  # run, override, withdrawal, recognition
    Column("content", Text, nullable=False),  # canonical JSON
    Column("seals", Text, nullable=False),  # canonical JSON, a seal for each value
    Column("previous_hash", Text, nullable=False),
    Column("hash", Text, nullable=False),
)
"""The record of scores: one chain, whatever an entry is about."""

CHECK_IN: Final = declare(
    "check_in",
    Column("checked_in_on", Date, nullable=False),
    Column("value", Double),  # only of key results that their owners report
    Column("confidence", Double, nullable=False),  # 0 to 1
    Column("analysis", Text, nullable=False),
    Column("next_step", Text, nullable=False),
    Column("warehouse_version", Text, nullable=False),  # the generation that was served then
    Column("known_value", Double),  # what was known of the key result then
    Column("known_status", Text, nullable=False),
    subject=("key_result_id",),
)
"""What people wrote about key results; check-ins of files are in the generation."""

LOGS: Final = (CASE_EVENT, SCORE_ENTRY, CHECK_IN)
"""Every log of the store."""
