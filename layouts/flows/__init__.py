"""Figures of trade flows: words, matrix, maps, partners, commodities, series, mirror."""

from layouts.flows.answers import draw_answers
from layouts.flows.commodities import draw_commodities
from layouts.flows.controls import controls
from layouts.flows.matrix import draw_matrix, region_matrix
from layouts.flows.mirror import draw_mirror
from layouts.flows.pairs import draw_arcs, flow_map
from layouts.flows.partners import draw_partners
from layouts.flows.series import draw_series
from layouts.flows.sources import draw_sources
from layouts.flows.world import draw_map, trade_map

__all__ = [
    "controls",
    "draw_answers",
    "draw_arcs",
    "draw_commodities",
    "draw_map",
    "draw_matrix",
    "draw_mirror",
    "draw_partners",
    "draw_series",
    "draw_sources",
    "flow_map",
    "region_matrix",
    "trade_map",
]
