"""HTML attributes whose names are no Python names: ``aria-*`` and ``data-*``."""

from __future__ import annotations

from typing import Any


def attributes(**values: str) -> dict[str, Any]:
    """Return keyword arguments with dashes for underscores.

    Dash's components take any ``aria-*`` and ``data-*`` attribute, but their
    declared types know none of them.
    """
    return {name.replace("_", "-"): value for name, value in values.items()}
