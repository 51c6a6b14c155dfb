"""Figures of trade as a network: goods between both sides, regions both ways, and their list."""

from layouts.flows.controls import controls
from layouts.network.goods import draw_goods
from layouts.network.pairs import draw_pairs
from layouts.network.regions import draw_regions

__all__ = ["controls", "draw_goods", "draw_pairs", "draw_regions"]
