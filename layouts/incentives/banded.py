"""Members with a change each: a dot with its band, filled where it is more than chance."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from layouts.charts import Figure, axis, base_layout, figure, mark
from layouts.palette import REGION_COLOURS
from layouts.scene import Scene


def banded_changes(
    shown: pd.DataFrame,
    measure: str,
    extent: tuple[float, float],
    labels: Sequence[str],
    stories: Sequence[str],
    scene: Scene,
) -> Figure:
    """Return a row per member; right of 0 is up.

    ``shown`` has ``measure`` and its ``_low`` and ``_high``, ``is_clear`` and ``is_chosen``, a row
    per member from top to bottom; ``extent`` is what the axis spans.
    """
    palette = scene.palette
    places = list(range(len(shown)))
    size = scene.font_size if scene.is_present else 12
    has_scope = bool(shown["is_chosen"].any())
    data = [
        {
            "type": "scatter",
            "mode": "markers",
            "x": shown[measure].tolist(),
            "y": places,
            "error_x": {
                "type": "data",
                "symmetric": False,
                "array": (shown[f"{measure}_high"] - shown[measure]).clip(lower=0).tolist(),
                "arrayminus": (shown[measure] - shown[f"{measure}_low"]).clip(lower=0).tolist(),
                "color": palette.soft_ink,
                "thickness": 2 if scene.is_present else 1.25,
                "width": 0,
            },
            "marker": {
                "size": size * 0.75,
                "symbol": [
                    "circle" if is_clear else "circle-open" for is_clear in shown["is_clear"]
                ],
                "color": [REGION_COLOURS.get(r, palette.muted) for r in shown["region_id"]],
                "opacity": [
                    1.0 if is_in or not has_scope else 0.45 for is_in in shown["is_chosen"]
                ],
            },
            "hovertext": list(stories),
            "hoverinfo": "text",
            "customdata": [mark("member", iso3) for iso3 in shown["member_iso3"]],
            "cliponaxis": False,
        }
    ]
    layout = base_layout(
        scene,
        xaxis=axis(
            palette,
            side="top",
            range=list(extent),
            nticks=6,
            zeroline=True,
            zerolinecolor=palette.soft_ink,
            zerolinewidth=1,
        ),
        yaxis=axis(
            palette,
            showgrid=False,
            tickvals=places,
            ticktext=list(labels),
            tickfont={"size": size, "color": palette.ink},
            range=[len(shown) - 0.4, -0.6],
        ),
    )
    return figure(data, layout)
