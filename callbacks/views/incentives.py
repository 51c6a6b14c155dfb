"""The incentives view: how do members rank, and how sure is it?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import pandas as pd

from callbacks.named import NamedFrame
from callbacks.services import Services
from callbacks.views.delays_frames import income_groups
from callbacks.views.incentives_pillars import PILLAR_FRAME, SCHEME_FRAME
from callbacks.views.record_entries import with_overrides
from dashboard.flows import of_trade
from dashboard.frames import Column
from dashboard.peers import PEER_COLUMNS, trade_groups, with_peers
from dashboard.ranking import RANKING_COLUMNS, rank_members, spread_weights
from dashboard.selection import Selection
from dashboard.tier_counts import TIER_COUNT_COLUMNS, tier_counts
from dashboard.treatments import TREATMENT_COLUMNS, treatment_table
from layouts import incentives as drawings
from layouts.panels import Panel, View
from queries import flows as flow_statements


def read_ranked(services: Services, selection: Selection) -> pd.DataFrame:
    """Return all members by rank, with bands, tiers and the change against the range before."""
    assert selection.aggregation is not None
    return rank_members(
        PILLAR_FRAME.read(services, selection.only(PILLAR_FRAME.fields)),
        dict(selection.weights) or None,
        selection.aggregation,
        services.framework,
    )


RANKED_FRAME: Final = NamedFrame(
    "ranked", RANKING_COLUMNS, read_ranked, SCHEME_FRAME.fields | {"aggregation"}
)
"""The ranking without peers, kept by itself so that other peers draw nothing anew. It is no
download: ``ranking`` has all of it."""


def read_ranking(services: Services, selection: Selection) -> pd.DataFrame:
    """Return all members by rank, and their place among the peers that are chosen."""
    ranked = RANKED_FRAME.read(services, selection.only(RANKED_FRAME.fields))
    compared = with_peers(ranked, peer_groups(services, selection))
    return with_overrides(compared, services, selection)


def peer_groups(services: Services, selection: Selection) -> Mapping[str, str] | None:
    """Return the peer group of each member; None where none are chosen."""
    match selection.peers:
        case "income":
            return income_groups(services)
        case "region":
            return services.catalogue.members
        case "trade":
            return trade_groups(_traded(services, selection))
    return None


def _traded(services: Services, selection: Selection) -> dict[str, float]:
    """Return what each member exported and imported in the range, USD, as it reported."""
    catalogue = services.catalogue
    assert selection.as_of is not None
    total: dict[str, float] = {}
    for flow in ("X", "M"):
        whole = Selection(first=selection.first, last=selection.last, as_of=selection.as_of)
        traded = of_trade(replace(whole.resolve(catalogue), flow=flow), catalogue)
        frame = services.frame(
            flow_statements.member_trade(traded, is_past=selection.as_of < catalogue.data_on)
        ).dropna(subset=["value_usd"])
        for iso3, value in zip(frame["member_iso3"], frame["value_usd"], strict=True):
            total[iso3] = total.get(iso3, 0.0) + float(value)
    return total


RANKING_FRAME: Final = NamedFrame(
    "ranking",
    (*RANKING_COLUMNS, *PEER_COLUMNS, Column("override")),
    read_ranking,
    RANKED_FRAME.fields | {"peers"},
    is_live=True,
)

TIER_FRAME: Final = NamedFrame(
    "tier_counts",
    TIER_COUNT_COLUMNS,
    lambda services, selection: tier_counts(RANKING_FRAME.read(services, selection)),
    RANKING_FRAME.fields,
)


def read_treatments(services: Services, selection: Selection) -> pd.DataFrame:
    """Return what is done about the outliers of each indicator, and what that changes."""
    assert selection.aggregation is not None and selection.normalisation is not None
    pillars = PILLAR_FRAME.read(services, selection.only(PILLAR_FRAME.fields))
    return treatment_table(
        pillars,
        services.framework,
        dict(selection.weights) or spread_weights(pillars),
        selection.aggregation,
        selection.normalisation,
    )


TREATMENT_FRAME: Final = NamedFrame(
    "treatments", TREATMENT_COLUMNS, read_treatments, RANKED_FRAME.fields
)

FRAMES = (PILLAR_FRAME, SCHEME_FRAME, RANKING_FRAME, TIER_FRAME, TREATMENT_FRAME)

HIGHLIGHTS: Final = frozenset({"regions", "members"})

VIEW = View(
    "incentives",
    (
        Panel(
            "ranking",
            ("ranking", "schemes", "pillars"),
            drawings.draw_ranking,
            fields=HIGHLIGHTS,
            area="two-thirds tall scrolls",
        ),
        Panel(
            "claims",
            ("ranking", "schemes"),
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
            ("ranking", "pillars", "schemes"),
            drawings.draw_pillars,
            fields=HIGHLIGHTS,
        ),
        Panel("movers", ("ranking",), drawings.draw_movers, fields=HIGHLIGHTS),
        Panel("outside", ("ranking_outside",), drawings.draw_outside, kind="block"),
        Panel(
            "gaps",
            ("ranking", "schemes"),
            drawings.draw_missing,
            kind="block",
            fields=HIGHLIGHTS,
            is_staged=False,
        ),
        Panel(
            "treatments",
            ("treatments",),
            drawings.draw_treatments,
            kind="block",
            area="full",
            is_staged=False,
        ),
    ),
    controls=drawings.controls,
)
