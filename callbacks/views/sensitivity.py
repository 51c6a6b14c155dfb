"""The view under the incentives that asks how sure the ranking is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pandas as pd

from callbacks.named import NamedFrame
from callbacks.services import Services
from callbacks.views.incentives import RANKED_FRAME
from callbacks.views.incentives_pillars import PILLAR_FRAME
from dashboard import ranking_sensitivity as answers
from dashboard.ranking import spread_weights
from dashboard.selection import Selection
from layouts import sensitivity as drawings
from layouts.panels import Panel, View


def _asked(
    services: Services, selection: Selection
) -> tuple[pd.DataFrame, pd.DataFrame, Mapping[str, float], str]:
    """Return the pillars, the ranking, the weights and the aggregation."""
    assert selection.aggregation is not None
    pillars = PILLAR_FRAME.read(services, selection.only(PILLAR_FRAME.fields))
    return (
        pillars,
        RANKED_FRAME.read(services, selection.only(RANKED_FRAME.fields)),
        dict(selection.weights) or spread_weights(pillars),
        selection.aggregation,
    )


def read_dominance(services: Services, selection: Selection) -> pd.DataFrame:
    """Return with what probability each ranked member is ahead of each other."""
    return answers.dominance(*_asked(services, selection))


def read_choices(services: Services, selection: Selection) -> pd.DataFrame:
    """Return how much each choice moves the ranking."""
    return answers.choices(*_asked(services, selection))


def read_left_out(services: Services, selection: Selection) -> pd.DataFrame:
    """Return the rank of each member without each pillar."""
    return answers.left_out(*_asked(services, selection))


def read_tier_chances(services: Services, selection: Selection) -> pd.DataFrame:
    """Return with what probability each member is in each tier."""
    return answers.tier_chances(*_asked(services, selection), services.framework.tiers)


FIELDS: Final = RANKED_FRAME.fields

FRAMES = (
    NamedFrame("ranking_choices", answers.CHOICE_COLUMNS, read_choices, FIELDS),
    NamedFrame("ranking_dominance", answers.DOMINANCE_COLUMNS, read_dominance, FIELDS),
    NamedFrame("ranking_left_out", answers.LEFT_OUT_COLUMNS, read_left_out, FIELDS),
    NamedFrame("ranking_tier_chances", answers.TIER_COLUMNS, read_tier_chances, FIELDS),
)

HIGHLIGHTS: Final = frozenset({"regions", "members"})

VIEW = View(
    "sensitivity",
    (
        Panel("choices", ("ranking_choices",), drawings.draw_choices, area="tall"),
        Panel(
            "dominance",
            ("ranking_dominance",),
            drawings.draw_dominance,
            fields=HIGHLIGHTS,
            area="tall",
        ),
        Panel(
            "left-out",
            ("ranking_left_out",),
            drawings.draw_left_out,
            fields=HIGHLIGHTS,
            area="tall",
        ),
        Panel(
            "tier-chances",
            ("ranking_tier_chances",),
            drawings.draw_tier_chances,
            fields=HIGHLIGHTS,
            area="tall",
        ),
        Panel(
            "groups",
            ("ranking",),
            drawings.draw_groups,
            kind="block",
            fields=HIGHLIGHTS,
            area="full",
        ),
    ),
    parent="incentives",
)
