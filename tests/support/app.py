"""The real app over a warehouse, asked in this process."""

from __future__ import annotations

from typing import Any

from callbacks import build_app
from dashboard import ids
from dashboard.config import Config


def test_app(warehouse_url: str, **settings: Any) -> Any:
    """Return the Dash app of a warehouse."""
    return build_app(Config(warehouse_url=warehouse_url, **settings))


test_app.__test__ = False  # type: ignore[attr-defined]


def panels_call(app: Any, view: str, search: str, theme: str = "light") -> dict[str, Any]:
    """Return the body that a browser posts to have a view's panels drawn."""
    from callbacks import VIEWS

    spec = next(one for one in VIEWS if one.id == view)
    key = next(name for name in app.callback_map if '"part":"drawn"' in name)
    charts = [panel for panel in spec.panels if panel.kind == "chart"]
    blocks = [panel for panel in spec.panels if panel.kind == "block"]

    def listed(part: str, prop: str, panels: list[Any]) -> list[dict[str, Any]]:
        return [
            {"id": {"part": part, "view": view, "panel": panel.id}, "property": prop}
            for panel in panels
        ]

    every = list(spec.panels)
    return {
        "output": key,
        "outputs": [
            listed("chart", "figure", charts),
            listed("chart", "style", charts),
            listed("block", "children", blocks),
            listed("caption", "children", every),
            listed("message", "children", every),
            listed("drawn", "data", every),
        ],
        "inputs": [
            {"id": ids.SELECTION, "property": "data", "value": search},
            {"id": ids.THEME, "property": "data", "value": theme},
            [{**one, "value": one["id"]} for one in listed("drawn", "id", every)],
        ],
        "state": [
            [{**one, "value": None} for one in listed("drawn", "data", every)],
            {"id": ids.URL, "property": "pathname", "value": spec.path},
        ],
        "changedPropIds": [f"{ids.SELECTION}.data"],
    }
