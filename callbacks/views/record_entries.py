"""The entries of the record as they were on a day, and the overrides that held then."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, time, timedelta

import pandas as pd

from callbacks.services import Services
from dashboard.flows import is_past
from dashboard.score_overrides import holding
from dashboard.score_record import OVERRIDE, WITHDRAWAL, Entry
from dashboard.selection import Selection
from dashboard.warehouse.ledger import LedgerError

logger = logging.getLogger(__name__)


def known_entries(
    services: Services,
    selection: Selection,
    kinds: Sequence[str] | None = None,
    last: int | None = None,
) -> list[Entry]:
    """Return the chain, or entries of some kinds, as it was on the as-of day.

    Raises
    ------
    LedgerError
        If it cannot be read.
    """
    before = None
    if is_past(selection, services.catalogue):
        assert selection.as_of is not None
        before = datetime.combine(selection.as_of + timedelta(days=1), time())
    return services.score_log.entries(kinds, before=before, last=last)


def with_overrides(ranking: pd.DataFrame, services: Services, selection: Selection) -> pd.DataFrame:
    """Return a ranking with what people gave in the place of what was computed.

    If the record cannot be read the ranking stands without; the view of the record says so.
    """
    try:
        entries = known_entries(services, selection, (OVERRIDE, WITHDRAWAL))
    except LedgerError as error:
        logger.warning("overrides are not shown: %s", error.found)
        entries = []
    given = {member: one.given for member, one in holding(entries).items()}
    found = [given.get(member) for member in ranking["member_iso3"].tolist()]
    return ranking.assign(override=pd.array(found, dtype="str"))
