"""Who owes a check-in: when the next one is due, and the text that reminds its owner.

It must not read a clock: the day is an argument.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

import pandas as pd

from dashboard.words import Words

SOON_DAYS: Final = 30
OVERDUE: Final = "overdue"
SOON: Final = "soon"
LATER: Final = "later"
OWED: Final = (OVERDUE, SOON)
"""States that a reminder is about."""


def next_due(results: pd.DataFrame, today: date) -> pd.DataFrame:
    """Return when a check-in on each key result is due next.

    Parameters
    ----------
    results : pandas.DataFrame
        ``last_check_in_on`` (missing: never), ``started_on`` and ``cadence_days`` of each key
        result, in any order.
    today : date
        The day of judgement.

    Returns
    -------
    pandas.DataFrame
        `results` with ``due_on``, ``days_overdue`` (negative: days that are left) and
        ``check_in_state``: ``overdue``, ``soon`` (due within 30 days) or ``later``. The cadence
        runs from the last check-in, or from the start without one. The longest overdue come first.

    Examples
    --------
    >>> one = pd.DataFrame({
    ...     "key_result_id": ["r"], "cadence_days": [91],
    ...     "last_check_in_on": pd.to_datetime(["2024-01-01"]),
    ...     "started_on": pd.to_datetime(["2023-01-01"]),
    ... })
    >>> found = next_due(one, date(2024, 4, 2)).iloc[0]
    >>> str(found["due_on"].date()), int(found["days_overdue"]), found["check_in_state"]
    ('2024-04-01', 1, 'overdue')
    """
    since = pd.to_datetime(results["last_check_in_on"]).fillna(results["started_on"])
    due = since + pd.to_timedelta(results["cadence_days"].astype("int64"), unit="D")
    late = (pd.Timestamp(today) - due).dt.days
    owed = pd.Series(LATER, index=results.index, dtype="str")
    owed = owed.mask(late >= -SOON_DAYS, SOON).mask(late > 0, OVERDUE)
    table = results.assign(
        due_on=due.astype("datetime64[us]"), days_overdue=late.astype("Int64"), check_in_state=owed
    )
    return table.sort_values(["due_on", "key_result_id"], ignore_index=True)


def reminder(
    owner: str, rows: list[Mapping[str, Any]], words: Words, today: date, source: str
) -> tuple[str, str]:
    """Return the text that reminds an owner, ready to be sent.

    Parameters
    ----------
    owner : str
        Who answers for the key results.
    rows : list of mapping
        Their rows of :func:`next_due` that are owed.
    words : Words
        Of the reader's language.
    today : date
        The day that the text speaks of.
    source : str
        Where the data are from; it says so if they are synthetic.

    Returns
    -------
    title, text : str
        The text has a part for what is overdue and one for what is due soon, if there is any.
    """
    parts = [words("check-in.letter_greeting", owner=owner)]
    for owed in OWED:
        listed = [_line(row, words) for row in rows if row["check_in_state"] == owed]
        if listed:
            until = words.day(today + timedelta(days=SOON_DAYS))
            parts.append("\n".join([words(f"check-in.letter_{owed}", day=until), *listed]))
    parts.append(words("check-in.letter_ask"))
    parts.append(words("check-in.letter_source", day=words.day(today), source=source))
    return words("check-in.letter_title", count=words.number(len(rows))), "\n\n".join(parts)


def _line(row: Mapping[str, Any], words: Words) -> str:
    last = row["last_check_in_on"]
    told = words(
        "check-in.letter_line",
        tactic=row["tactic_id"],
        name=words.name(row),
        day=words.day(row["due_on"].date()),
    )
    if pd.isna(last):
        return f"- {told} {words('check-in.letter_never')}"
    return f"- {told} {words('check-in.letter_last', day=words.day(last.date()))}"
