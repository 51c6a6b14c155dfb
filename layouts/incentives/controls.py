"""The controls of the incentives view: five weights and the kind of mean.

``assets/app.js`` puts a range input into each slot, keeps it and the
percentages in step with the address, and sends the weights while one moves.
"""

from __future__ import annotations

from typing import Any

from dash import html

from dashboard.selection import AGGREGATIONS
from layouts.attributes import attributes
from layouts.incentives.reading import pillar_name, weight_shares
from layouts.scene import Scene


def controls(scene: Scene) -> Any:
    """Return the weights and the switch between the two means."""
    words = scene.words
    shares = weight_shares(scene)
    weights = dict(scene.selection.weights)
    defaults = scene.catalogue.pillars
    sliders = [
        html.Label(
            [
                html.Span(pillar_name(scene, pillar), className="weight__name"),
                html.Span(
                    words.value(shares[pillar], "share"),
                    className="weight__share",
                    **attributes(data_share=pillar),
                ),
                html.Span(
                    className="weight__slot",
                    **attributes(
                        data_slider=pillar,
                        data_value=str(weight),
                        data_default=str(round(defaults.get(pillar, 0))),
                    ),
                ),
            ],
            className="weight",
        )
        for pillar, weight in weights.items()
    ]
    # The first mean is the default, so choosing it takes the choice back.
    default, *_ = AGGREGATIONS
    switch = [
        html.Button(
            words(f"aggregation.{name}"),
            type="button",
            className="button" + (" is-on" if scene.selection.aggregation == name else ""),
            **attributes(
                data_event="aggregation:" if name == default else f"aggregation:{name}",
                data_aggregation=name,
                aria_pressed="true" if scene.selection.aggregation == name else "false",
                **({"data_removal": "1"} if name == default else {}),
            ),
        )
        for name in AGGREGATIONS
    ]
    reset = html.Button(
        words("incentives.reset_weights"),
        type="button",
        className="button",
        **attributes(data_event="weights:", data_removal="1"),
    )
    return html.Div(
        [
            html.Div(
                sliders,
                className="weights",
                role="group",
                **attributes(data_weights="1", aria_label=words("incentives.weights")),
            ),
            html.Div(
                switch,
                className="weights__switch",
                role="group",
                **attributes(aria_label=words("incentives.aggregation")),
            ),
            reset,
        ],
        className="weights-bar",
    )
