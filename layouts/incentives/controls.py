"""The controls of the incentives view: weights and their schemes, and how the score is made.

``assets/ranking.js`` puts a range input into each slot, keeps all of them adding up to 100 and in
step with the address, ranks the members anew while one moves, and sends the weights when it rests.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash import html

from dashboard.incentive_rules import Scheme
from dashboard.selection import AGGREGATIONS, NORMALISATIONS, PEERS
from layouts.attributes import attributes
from layouts.choices import choice_group
from layouts.incentives.reading import pillar_name
from layouts.scene import Scene


def controls(scene: Scene) -> Any:
    """Return the sliders, the named schemes, and the ways to make the score."""
    words, chosen = scene.words, scene.selection
    return html.Div(
        [
            html.Div(
                [
                    _slider(pillar, share, scene)
                    for pillar, share in whole_percents(shown_weights(scene)).items()
                ],
                className="weights",
                role="group",
                **attributes(data_weights="1", aria_label=words("incentives.weights")),
            ),
            _schemes(scene),
            choice_group(
                words("incentives.aggregation"),
                "aggregation",
                [(name, words(f"aggregation.{name}")) for name in AGGREGATIONS],
                chosen.aggregation,
            ),
            choice_group(
                words("incentives.normalisation"),
                "normalisation",
                [(name, words(f"normalisation.{name}")) for name in NORMALISATIONS],
                chosen.normalisation,
            ),
            # Peers can't be selected by who does not see everybody.
            *([_peers(scene)] if scene.audience.is_everything else []),
        ],
        className="weights-bar",
    )


def _peers(scene: Scene) -> html.Div:
    words = scene.words
    return choice_group(
        words("incentives.peers.label"),
        "peers",
        [
            ("", words("incentives.peers.none")),
            *((name, words(f"peers.{name}")) for name in PEERS),
        ],
        scene.selection.peers or "",
    )


def shown_weights(scene: Scene) -> Mapping[str, float]:
    """Return the weights that the sliders stand at until the figure says those in use."""
    weights = dict(scene.selection.weights) or dict(scene.catalogue.pillars)
    return {pillar: weights.get(pillar, 0.0) for pillar in scene.catalogue.pillars}


def whole_percents(weights: Mapping[str, float]) -> dict[str, int]:
    """Return weights as whole percents that add up to 100: the largest remainders are rounded up.

    Parameters
    ----------
    weights : mapping of str to float
        0 or more, any scale, not all 0.

    Returns
    -------
    dict of str to int
        In the same order.

    Examples
    --------
    >>> whole_percents({"a": 1, "b": 1, "c": 1})
    {'a': 34, 'b': 33, 'c': 33}
    """
    whole = sum(weights.values()) or 1.0
    exact = {name: 100.0 * weight / whole for name, weight in weights.items()}
    percents = {name: int(value) for name, value in exact.items()}
    left = 100 - sum(percents.values())
    for name in sorted(exact, key=lambda name: percents[name] - exact[name])[:left]:
        percents[name] += 1
    return percents


def _slider(pillar: str, percent: int, scene: Scene) -> html.Div:
    words, name = scene.words, pillar_name(scene, pillar)
    lock = words("incentives.lock", pillar=name)
    return html.Div(
        [
            html.Label(
                [
                    html.Span(name, className="weight__name"),
                    html.Span(
                        words.value(percent / 100, "share"),
                        className="weight__share",
                        **attributes(data_share=pillar),
                    ),
                    html.Span(
                        className="weight__slot",
                        **attributes(data_slider=pillar, data_value=str(percent)),
                    ),
                ],
                className="weight__label",
            ),
            html.Button(
                html.Span(className="weight__lock-mark"),
                type="button",
                className="weight__lock",
                title=lock,
                **attributes(data_lock=pillar, aria_pressed="false", aria_label=lock),
            ),
        ],
        className="weight",
    )


def _schemes(scene: Scene) -> html.Div:
    words = scene.words
    buttons = [_scheme_button(scheme, scene) for scheme in scene.framework.schemes]
    return html.Div(
        [
            html.Span(words("incentives.schemes"), className="choice__label"),
            html.Div(buttons, className="choice__set"),
        ],
        className="choice",
        role="group",
        **attributes(aria_label=words("incentives.schemes")),
    )


def _scheme_button(scheme: Scheme, scene: Scene) -> html.Button:
    is_on = scene.selection.scheme == scheme.id
    is_default = scheme.kind == "official"
    # That of a region is offered where the region, or a member of it, is selected.
    offered = {*scene.chosen.regions, *(scene.catalogue.members[m] for m in scene.chosen.members)}
    is_hidden = scheme.region is not None and not is_on and scheme.region not in offered
    return html.Button(
        getattr(scheme.name, scene.words.language),
        type="button",
        className="button is-on" if is_on else "button",
        hidden=is_hidden,
        **attributes(
            data_event="scheme:" if is_default else f"scheme:{scheme.id}",
            data_scheme=scheme.id,
            data_removal="1" if is_default else "",
            data_scheme_default="1" if is_default else "",
            data_scheme_region=scheme.region or "",
            aria_pressed="true" if is_on else "false",
        ),
    )
