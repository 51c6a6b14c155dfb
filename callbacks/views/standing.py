"""Standing: what would lift a member, what moved it, and who improved by more than chance?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pandas as pd

from callbacks.named import NamedFrame
from callbacks.services import Services
from callbacks.views.incentives import RANKED_FRAME
from callbacks.views.incentives_pillars import PILLAR_FRAME, outside_scores
from dashboard.incentive_values import indicator_values
from dashboard.lifting import LIFT_COLUMNS, is_fixed, lift_plans, no_plans
from dashboard.pillar_scores import PILLAR_COLUMNS, score_pillars
from dashboard.rank_movement import (
    MOVEMENT_COLUMNS,
    STEP_COLUMNS,
    ranks_over_time,
    score_movement,
)
from dashboard.ranking import spread_weights
from dashboard.selection import Selection
from dashboard.spans import Steps, steps_within
from layouts import standing as drawings
from layouts.panels import Panel, View
from queries import incentives as statements


def _weights(services: Services, selection: Selection) -> Mapping[str, float]:
    """Return the weights in use, those by spread worked out from the selected range."""
    if selection.weights:
        return dict(selection.weights)
    return spread_weights(PILLAR_FRAME.read(services, selection.only(PILLAR_FRAME.fields)))


def read_lift(services: Services, selection: Selection) -> pd.DataFrame:
    """Return what would lift the one member that is selected to the next tier."""
    assert selection.aggregation is not None
    is_one = len(selection.members) == 1
    if not is_one or not is_fixed(services.framework, selection.normalisation):
        return no_plans()
    return lift_plans(
        PILLAR_FRAME.read(services, selection.only(PILLAR_FRAME.fields)),
        _weights(services, selection),
        selection.aggregation,
        services.framework,
        selection.members[0],
    )


LIFT_FRAME: Final = NamedFrame(
    "lift_plans", LIFT_COLUMNS, read_lift, RANKED_FRAME.fields | {"members"}
)


def read_step_pillars(services: Services, selection: Selection) -> pd.DataFrame:
    """Return the pillars of every member in each half-year or year of the range."""
    assert selection.first is not None and selection.last is not None
    assert selection.normalisation is not None
    steps = _steps(services, selection)
    values = indicator_values(
        services.frame(statements.receipts_by_member(selection, steps)),
        services.frame(statements.quality_sums(selection, steps)),
        services.frame(statements.engagement_by_member(selection, steps)),
        services.framework,
        services.catalogue.members,
        outside_scores(services, selection),
        steps.names,
    )
    return score_pillars(values, services.framework, selection.normalisation)


def _steps(services: Services, selection: Selection) -> Steps:
    assert selection.first is not None and selection.last is not None
    return steps_within(selection.first, selection.last, services.catalogue.months[0])


STEP_PILLAR_FRAME: Final = NamedFrame(
    "step_pillars", PILLAR_COLUMNS, read_step_pillars, PILLAR_FRAME.fields
)
"""Kept by itself, so that other weights ask the warehouse nothing. It is no download: nothing
is drawn from it."""


def read_steps(services: Services, selection: Selection) -> pd.DataFrame:
    """Return every member's rank in each half-year or year of the range."""
    assert selection.aggregation is not None
    return ranks_over_time(
        STEP_PILLAR_FRAME.read(services, selection.only(STEP_PILLAR_FRAME.fields)),
        _weights(services, selection),
        selection.aggregation,
        services.framework,
        _steps(services, selection).months,
    )


STEP_FRAME: Final = NamedFrame("ranks_over_time", STEP_COLUMNS, read_steps, RANKED_FRAME.fields)


def read_movement(services: Services, selection: Selection) -> pd.DataFrame:
    """Return what each pillar added to the change of each member's score."""
    assert selection.aggregation is not None
    return score_movement(
        PILLAR_FRAME.read(services, selection.only(PILLAR_FRAME.fields)),
        _weights(services, selection),
        selection.aggregation,
        services.framework,
    )


MOVEMENT_FRAME: Final = NamedFrame(
    "score_movement", MOVEMENT_COLUMNS, read_movement, RANKED_FRAME.fields
)

FRAMES = (LIFT_FRAME, STEP_FRAME, MOVEMENT_FRAME)

HIGHLIGHTS: Final = frozenset({"regions", "members"})

VIEW = View(
    "standing",
    (
        Panel(
            "lift",
            ("lift_plans", "score_movement"),
            drawings.draw_lift,
            kind="block",
            fields=HIGHLIGHTS,
            is_announced=True,
        ),
        Panel("why", ("score_movement",), drawings.draw_why, fields=HIGHLIGHTS),
        Panel(
            "bump",
            ("ranks_over_time",),
            drawings.draw_bump,
            fields=HIGHLIGHTS,
            area="two-thirds tall",
        ),
        Panel(
            "tiers",
            ("score_movement",),
            drawings.draw_tier_moves,
            kind="block",
            fields=HIGHLIGHTS,
            area="third",
        ),
        Panel(
            "improved",
            ("score_movement",),
            drawings.draw_improved,
            fields=HIGHLIGHTS,
            area="full",
        ),
    ),
    parent="incentives",
)
