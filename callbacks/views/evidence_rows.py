"""What a member's part of a key result counts: submissions, obligations or acts, one a row."""

from __future__ import annotations

import calendar
import json
from datetime import date
from typing import Any, Final

import numpy as np
import pandas as pd

from callbacks.services import Services
from dashboard.warehouse.key_result_queries import ANSWER_DAYS, CLOSING_DAYS
from queries import evidence as statements


def counted_rows(
    services: Services,
    result: dict[str, Any],
    bound: dict[str, Any],
    member: str | None,
    until: date,
) -> pd.DataFrame:
    """Return the rows that a member's part of a key result counts on a day.

    Submissions, obligations or acts, in the columns of the frame ``evidence_rows``;
    ``is_counted`` tells which of them speak for the numerator.
    """
    since = _months_before(until, 12)
    framework = services.framework
    query, named = str(bound["query_id"]), json.loads(str(bound["parameters"]))
    if member is not None and query in statements.SUBMISSION_QUERIES:
        layouts = {one.id: one.layouts for one in framework.collections}
        sent = statements.counted_submissions(query, member, since, until, layouts)
        return services.frame(sent).assign(kind="submission")
    if member is not None and query in statements.OBLIGATION_QUERIES:
        default = framework.framework.default_collection
        owed = statements.counted_obligations(query, member, since, until, default)
        return services.frame(owed).assign(kind="obligation")
    if member is not None and query == "moved_up_share":
        spans = ((since, until), (_months_before(since, 12), since))
        sides = [
            services.frame(statements.counted_obligations("upper_tier_share", member, *span, ""))
            for span in spans
        ]
        return pd.concat(sides, ignore_index=True).assign(kind="obligation")
    kind = _KINDS.get(query, str(named.get("kind", "")))
    started = pd.Timestamp(result["started_on"]).date()
    is_yearly = bool(named.get("is_yearly"))
    asked = statements.acts_of(
        kind,
        min(started, since),
        until,
        member,
        is_anybodys=query == "regions",
    )
    return counted_acts(services.frame(asked), query, started, until, is_yearly=is_yearly)


_KINDS: Final = {"training_effect": "training", "assisted_share": "assistance"}
"""What is listed for a key result that counts something else than acts."""

_ANSWERS: Final = {"answered_share": ANSWER_DAYS, "closed_share": CLOSING_DAYS}


def counted_acts(
    acts: pd.DataFrame, query: str, started: date, until: date, *, is_yearly: bool
) -> pd.DataFrame:
    """Keep the acts that a query counts on a day and tell which are in its numerator.

    Parameters
    ----------
    acts : DataFrame
        As of ``queries.evidence.acts_of``.
    query : str
        Id of the query.
    started, until : date
        The start of the key result and the day.
    is_yearly : bool
        Whether the query counts the last twelve months alone.

    Returns
    -------
    DataFrame
        ``kind``, ``known_on``, ``state`` (``done`` or ``planned``), ``is_counted``, ``amount``,
        ``note``.
    """
    happened = pd.to_datetime(acts["happened_on"])
    is_done = acts["is_done"].astype("bool")
    is_recent = happened > pd.Timestamp(_months_before(until, 12))
    is_since = happened >= pd.Timestamp(started)
    if query in _ANSWERS:
        limit = _ANSWERS[query]
        answered = happened + pd.to_timedelta(acts["amount"].astype("int64"), unit="D")
        counted = is_done & (acts["amount"] <= limit) & (answered <= pd.Timestamp(until))
        is_old = happened + pd.Timedelta(days=limit) <= pd.Timestamp(until)
        kept = is_recent & (counted | is_old)
    elif query == "share_done":
        counted, kept = is_done, is_recent
    elif query == "punctual_share":
        counted, kept = is_done & (acts["amount"] <= 0), is_since
    elif query == "quarter_count":
        counted = is_done
        kept = is_done & is_since & (happened > pd.Timestamp(_months_before(until, 3)))
    elif query == "regions":
        counted = is_done
        kept = is_done & is_since & is_recent & acts["region_id"].notna()
    else:
        counted = is_done
        kept = is_done & is_since & (is_recent if is_yearly else True)
    table = pd.DataFrame(
        {
            "kind": "act",
            "known_on": happened,
            "state": np.where(is_done, "done", "planned"),
            "is_counted": counted,
            "amount": acts["amount"].astype("float64"),
            "note": acts["note"],
        }
    )
    return table[kept].reset_index(drop=True)


def _months_before(day: date, count: int) -> date:
    """Return the end of the month so many months before."""
    index = day.year * 12 + day.month - 1 - count
    year, month = index // 12, index % 12 + 1
    return date(year, month, calendar.monthrange(year, month)[1])
