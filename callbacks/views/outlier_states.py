"""States of cases: what the log says of candidates, and what became of cases that are none now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any, Final

import pandas as pd

from callbacks.services import Services
from dashboard.cases import OPEN, Case
from dashboard.flows import is_past, of_trade
from dashboard.selection import Selection
from dashboard.warehouse.ledger import LedgerError
from queries.outlier_cases import current_values

REVISED: Final = "revised"
SETTLED: Final = "settled"
"""States that follow by themselves for a case that is no candidate any more: its figure was
revised, or its series changed around it."""

_KEY: Final = ["member_iso3", "flow_code", "commodity_code", "period_id"]
_SAME: Final = 1e-6
"""Relative difference below which a figure has not been revised."""


def trade_selection(services: Services, selection: Selection) -> Selection:
    """Return the selection on a collection that has figures of trade."""
    return of_trade(selection, services.catalogue)


def known_log(services: Services, selection: Selection) -> pd.DataFrame:
    """Return the log as it was on the as-of day; of the present, all of it.

    Raises
    ------
    LedgerError
        If it cannot be read.
    """
    assert selection.as_of is not None
    night = datetime.combine(selection.as_of + timedelta(days=1), time())
    before = night if is_past(selection, services.catalogue) else None
    key = services.key("case_events", selection.only(frozenset({"as_of"})))
    return services.cache.frame(key, lambda: services.casework.events(before), is_kept=False)


def last_events(services: Services, selection: Selection) -> pd.DataFrame | None:
    """Return the last event of each case of the collection, by case; None if the log is lost."""
    try:
        log = known_log(services, selection)
    except LedgerError:
        return None
    log = log[log["collection_id"] == selection.collection]
    return log.drop_duplicates("case_id", keep="last").set_index("case_id")


def with_states(found: pd.DataFrame, last: pd.DataFrame | None) -> pd.DataFrame:
    """Return candidates with their case's id, state, and number of events."""
    parts = [found[name].astype("str") for name in _KEY]
    case_id = parts[0] + "." + parts[1] + "." + parts[2] + "." + parts[3]
    state: Any = pd.Series([None] * len(found), index=found.index, dtype="str")
    count: Any = pd.Series([pd.NA] * len(found), index=found.index, dtype="Int64")
    if last is not None:
        # Of an empty log there is nothing to tell a text by.
        state = case_id.map(last["state"]).astype("str").fillna(OPEN)
        count = case_id.map(last["number"]).fillna(0).astype("Int64")
    return found.assign(
        case_id=case_id, case_state=state, event_count=count, is_candidate=True
    ).astype({"is_candidate": "boolean"})


def gone_cases(
    services: Services, selection: Selection, last: pd.DataFrame, cases: Sequence[Case]
) -> pd.DataFrame:
    """Return cases that are no candidates any more, as they were when they were judged."""
    regions = services.catalogue.members
    values: dict[str, float] = {}
    if cases and not is_past(selection, services.catalogue):
        now = services.frame(current_values(selection, cases))
        keys = with_states(now, None)["case_id"]
        values = dict(zip(keys, now["value_usd"], strict=True))
    events = last.to_dict("index")
    rows = []
    for case in cases:
        event = events[case.id]
        judged = float(event["value_usd"])
        rows.append(
            {
                "member_iso3": case.iso3,
                "region_id": regions.get(case.iso3),
                "flow_code": case.flow,
                "commodity_code": case.code,
                "period_id": case.period_id,
                "value_usd": judged,
                "expected_usd": float(event["expected_usd"]),
                "effect_usd": judged - float(event["expected_usd"]),
                "member_share": event["member_share"],
                "region_share": event["region_share"],
                "case_id": case.id,
                "case_state": _gone_state(
                    str(event["state"]),
                    judged,
                    None if is_past(selection, services.catalogue) else values.get(case.id, 0.0),
                ),
                "event_count": int(event["number"]),
                "is_candidate": False,
            }
        )
    return pd.DataFrame(rows)


def _gone_state(state: str, judged: float, now: float | None) -> str:
    if now is None or state == "corrected":
        return state
    if abs(now - judged) > _SAME * max(abs(now), abs(judged)):
        return REVISED
    return state if state == "explained" else SETTLED
