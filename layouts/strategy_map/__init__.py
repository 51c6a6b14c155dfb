"""The strategy as a tree: plan, strategies, tactics, key results."""

from layouts.strategy_map.tree import draw_tree

__all__ = ["draw_tree"]
