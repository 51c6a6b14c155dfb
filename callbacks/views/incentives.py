"""The incentives view: how do members rank, and how sure is it?"""

from __future__ import annotations

from typing import Final

import pandas as pd

from callbacks.named import NamedFrame
from callbacks.services import Services
from callbacks.views.incentives_pillars import PILLAR_FRAME
from dashboard.ranking import RANKING_COLUMNS, rank_members
from dashboard.selection import Selection
from dashboard.tier_counts import TIER_COUNT_COLUMNS, tier_counts
from layouts import incentives as drawings
from layouts.panels import Panel, View


def read_ranking(services: Services, selection: Selection) -> pd.DataFrame:
    """Return all members by rank, with bands, tiers and the change against the range before."""
    assert selection.aggregation is not None
    return rank_members(
        PILLAR_FRAME.read(services, selection.only(PILLAR_FRAME.fields)),
        dict(selection.weights),
        selection.aggregation,
        services.framework.tiers,
    )


RANKING_FRAME: Final = NamedFrame(
    "ranking",
    RANKING_COLUMNS,
    read_ranking,
    PILLAR_FRAME.fields | {"weights", "aggregation"},
)

TIER_FRAME: Final = NamedFrame(
    "tier_counts",
    TIER_COUNT_COLUMNS,
    lambda services, selection: tier_counts(RANKING_FRAME.read(services, selection)),
    RANKING_FRAME.fields,
)

FRAMES = (PILLAR_FRAME, RANKING_FRAME, TIER_FRAME)

HIGHLIGHTS: Final = frozenset({"regions", "members"})

VIEW = View(
    "incentives",
    (
        Panel(
            "ranking",
            ("ranking",),
            drawings.draw_ranking,
            fields=HIGHLIGHTS,
            area="two-thirds tall scrolls",
        ),
        Panel(
            "claims",
            ("ranking",),
            drawings.draw_claims,
            kind="block",
            fields=HIGHLIGHTS,
            area="third",
        ),
        Panel(
            "tiers",
            ("tier_counts",),
            drawings.draw_tiers,
            fields=frozenset({"regions"}),
            area="third",
        ),
        Panel(
            "pillars",
            ("ranking", "pillars"),
            drawings.draw_pillars,
            fields=HIGHLIGHTS,
        ),
        Panel("movers", ("ranking",), drawings.draw_movers, fields=HIGHLIGHTS),
    ),
    controls=drawings.controls,
)
