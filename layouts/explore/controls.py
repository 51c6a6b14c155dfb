"""The view's own controls: flow, measure and whose records, as in the view of flows."""

from layouts.flows.controls import controls

__all__ = ["controls"]
