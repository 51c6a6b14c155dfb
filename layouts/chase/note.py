"""A note to an administration: what has not come, what came last, what can be done.

It states facts and asks; it must neither blame nor guess at reasons.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from dashboard.words import Words


@dataclass(frozen=True)
class Subject:
    """To whom: the member's name and its correspondent, if one is known."""

    member: str
    correspondent: str | None


@dataclass(frozen=True)
class Note:
    """A note, ready to be sent."""

    title: str
    text: str


def note(
    obligations: Sequence[Any],
    subject: Subject,
    words: Words,
    collections: Mapping[str, str],
    as_of: date,
    info: Mapping[str, str],
) -> Note:
    """Return the note about one member's obligations.

    Parameters
    ----------
    obligations : sequence of named tuples
        The member's rows of ``chase_obligations``, at least one.
    subject : Subject
        To whom.
    words : Words
        Of the note's language.
    collections : mapping
        Names of collections in that language.
    as_of : date
        The day of knowledge.
    info : mapping
        Facts of the generation.

    Returns
    -------
    Note
        Plain text; every date and count in it is one of the frame's.
    """
    awaited = [row for row in obligations if row.reason == "overdue"]
    soon = [row for row in obligations if row.reason != "overdue"]
    parts = [
        _address(subject, words),
        words("chase.note.greeting"),
        _block(
            words("chase.note.awaited", day=words.day(as_of)),
            [_line(run, words, collections, as_of) for run in runs(awaited)],
        ),
        _block(
            words("chase.note.soon"),
            [_line(run, words, collections, as_of) for run in runs(soon)],
        ),
        _block(words("chase.note.latest"), _latest_lines(obligations, words, collections)),
        words("chase.note.sent_already"),
        words("chase.note.derogation"),
        words("chase.note.thanks"),
        _origin(words, as_of, info),
    ]
    title = _title(subject, len(awaited), len(soon), words)
    return Note(title, "\n\n".join(part for part in parts if part))


def runs(obligations: Sequence[Any]) -> list[list[Any]]:
    """Return obligations cut into runs: of one collection, each period following the last."""
    found: list[list[Any]] = []
    for row in sorted(obligations, key=lambda row: (row.collection_id, row.period_id)):
        last = found[-1][-1] if found else None
        follows = (
            last is not None
            and row.collection_id == last.collection_id
            and _place(row.period_id) == _place(last.period_id) + 1
        )
        if follows:
            found[-1].append(row)
        else:
            found.append([row])
    return found


def _place(period_id: int) -> int:
    """Return a period as a number that goes up by one: months, or years."""
    return period_id if period_id < 10_000 else period_id // 100 * 12 + period_id % 100


def _title(subject: Subject, awaited: int, soon: int, words: Words) -> str:
    key, count = ("awaited", awaited) if awaited else ("soon", soon)
    form = "one" if count == 1 else "many"
    return words(f"chase.note.title_{key}_{form}", member=subject.member, count=words.number(count))


def _address(subject: Subject, words: Words) -> str:
    if subject.correspondent:
        return words("chase.note.to", name=subject.correspondent, member=subject.member)
    return words("chase.note.to_nobody", member=subject.member)


def _block(heading: str, lines: list[str]) -> str:
    return "\n".join([heading, *(f"- {line}" for line in lines)]) if lines else ""


def _span(run: Sequence[Any], words: Words, collections: Mapping[str, str]) -> str:
    collection = run[0].collection_id
    first, last = words.period(int(run[0].period_id)), words.period(int(run[-1].period_id))
    name = collections.get(collection, collection)
    if len(run) == 1:
        return words("chase.note.period", collection=name, period=first)
    count = words.number(len(run))
    return words("chase.note.periods", collection=name, first=first, last=last, count=count)


def _line(run: Sequence[Any], words: Words, collections: Mapping[str, str], as_of: date) -> str:
    span = _span(run, words, collections)
    first, last = run[0].due_on.date(), run[-1].due_on.date()
    days = (as_of - first).days
    key = "due_ago" if days > 0 else "due_today" if days == 0 else "due_in"
    if len(run) > 1:
        key += "_between"
    return words(
        f"chase.note.{key}",
        span=span,
        first=words.day(first),
        last=words.day(last),
        days=words.value(float(abs(days)), "days"),
    )


def _latest_lines(
    obligations: Sequence[Any], words: Words, collections: Mapping[str, str]
) -> list[str]:
    known = {row.collection_id: row for row in obligations}
    return [_latest_line(known[name], words, collections) for name in sorted(known)]


def _latest_line(row: Any, words: Words, collections: Mapping[str, str]) -> str:
    name = collections.get(row.collection_id, row.collection_id)
    if pd.isna(row.latest_period_id):
        return words("chase.note.nothing_yet", collection=name)
    period = words.period(int(row.latest_period_id))
    if pd.isna(row.latest_received_on):
        return words("chase.note.received_unknown", collection=name, period=period)
    key = "received_by" if row.latest_bound == "upper" else "received"
    day = words.day(row.latest_received_on.date())
    return words(f"chase.note.{key}", collection=name, period=period, day=day)


def _origin(words: Words, as_of: date, info: Mapping[str, str]) -> str:
    source = info.get("source" if words.language == "en" else "source_fr", "")
    text = words(
        "chase.note.origin", source=source, day=words.day(as_of), version=info.get("version", "")
    )
    if info.get("is_synthetic") == "true":
        text = words("chase.note.synthetic") + "\n" + text
    return text
