"""The view's own controls: those of trade; the base is chosen beside its totals."""

from layouts.flows.controls import controls

__all__ = ["controls"]
