"""The frame of pillars: what each member is ranked by, in the range and before it.

Nothing is ranked or drawn here.
"""

from __future__ import annotations

from typing import Final

import pandas as pd

from callbacks.named import NamedFrame
from callbacks.services import Services
from dashboard.pillar_scores import PILLAR_COLUMNS, score_pillars
from dashboard.selection import Selection
from queries import incentives as statements


def read_pillars(services: Services, selection: Selection) -> pd.DataFrame:
    """Return the pillars of every member that owes something, in the range and before it."""
    return score_pillars(
        services.frame(statements.receipts_by_member(selection)),
        services.frame(statements.quality_sums(selection)),
        services.frame(statements.engagement_by_member(selection)),
        services.framework,
        services.catalogue.members,
    )


PILLAR_FRAME: Final = NamedFrame(
    "pillars", PILLAR_COLUMNS, read_pillars, frozenset({"first", "last", "as_of"})
)
