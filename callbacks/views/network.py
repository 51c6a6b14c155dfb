"""The view of trade as a network: from whom through which goods to whom, and both ways."""

from __future__ import annotations

from typing import Final

import pandas as pd

from callbacks.named import NamedFrame
from callbacks.services import Services
from callbacks.views.flows import LINK_FIELDS, SHOWN, TRADE_FIELDS
from dashboard.flows import is_past, of_trade
from dashboard.frames import Column
from dashboard.measures import SUMMED_MEASURES
from dashboard.selection import Selection
from layouts import network as drawings
from layouts.flows.timeline import timeline
from layouts.panels import Panel, View
from queries import network as statements
from queries.trade_scope import Side

SIDES: Final[tuple[Side, ...]] = ("ours", "theirs")


def read_goods_links(services: Services, selection: Selection) -> pd.DataFrame:
    """Return the trade of both sides by section, our side first."""
    trade = of_trade(selection, services.catalogue)
    past = is_past(selection, services.catalogue)
    found = [
        services.frame(statements.goods_of_side(trade, side, is_past=past)).assign(side=side)
        for side in SIDES
    ]
    both = pd.concat([part for part in found if len(part)] or found[:1], ignore_index=True)
    return both[[column.name for column in LINK_COLUMNS]]


LINK_COLUMNS: Final = (
    Column("side"),
    Column("item"),
    Column("region_id"),
    Column("section_id"),
    Column("value_usd", measure="value_usd"),
    Column("mass_kg", measure="mass_kg"),
    Column("estimated_share", measure="estimated_share"),
    Column("n", unit="count"),
)

FRAMES: Final = (
    NamedFrame("goods_links", LINK_COLUMNS, read_goods_links, TRADE_FIELDS | LINK_FIELDS),
)

VIEW: Final = View(
    "network",
    (
        Panel("goods", ("goods_links",), drawings.draw_goods, fields=SHOWN, area="full"),
        Panel("regions", ("region_flows",), drawings.draw_regions, fields=SHOWN, area="two-thirds"),
        Panel(
            "pairs",
            ("region_flows",),
            drawings.draw_pairs,
            kind="block",
            fields=SHOWN,
            area="third",
            is_staged=False,
        ),
    ),
    controls=drawings.controls,
    staged_controls=timeline,
    parent="flows",
    measures=SUMMED_MEASURES,
)
