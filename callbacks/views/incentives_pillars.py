"""The frames of what members are ranked by: raw indicators, pillars, schemes of weights.

Nothing is ranked or drawn here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pandas as pd

from callbacks.named import NamedFrame
from callbacks.services import Services
from callbacks.views.cross_check import of_nearest_year
from dashboard.frames import Column
from dashboard.framework import Framework
from dashboard.incentive_rules import scheme_weights
from dashboard.incentive_values import VALUE_COLUMNS, indicator_values
from dashboard.pillar_scores import PILLAR_COLUMNS, PILLARS, score_pillars
from dashboard.ranking import spread_weights
from dashboard.selection import Selection
from queries import incentives as statements
from queries import indicators

OWN: Final = "own"
"""Stands in place of a scheme where weights were chosen one by one."""


def read_values(services: Services, selection: Selection) -> pd.DataFrame:
    """Return the indicators of every member that owes something, in the range and before it."""
    return indicator_values(
        services.frame(statements.receipts_by_member(selection)),
        services.frame(statements.quality_sums(selection)),
        services.frame(statements.engagement_by_member(selection)),
        services.framework,
        services.catalogue.members,
        outside_scores(services, selection),
    )


def outside_scores(services: Services, selection: Selection) -> dict[str, float]:
    """Return the external score that the framework ranks by, of the year nearest to the range."""
    name = services.framework.ranking.outside
    if name is None:
        return {}
    assert selection.last is not None
    scores = services.frame(indicators.indicator_values(selection, [name]))
    scores = of_nearest_year(scores, int(selection.last[:4]))
    return dict(zip(scores["member_iso3"], scores["value"].astype("float64"), strict=True))


VALUE_FRAME: Final = NamedFrame(
    "incentive_values", VALUE_COLUMNS, read_values, frozenset({"first", "last", "as_of"})
)
"""Kept by itself, so that another normalisation asks the warehouse nothing. It is part of
``pillars`` and so no download of its own."""


def read_pillars(services: Services, selection: Selection) -> pd.DataFrame:
    """Return the pillars of every member that owes something, in the range and before it."""
    assert selection.normalisation is not None
    values = VALUE_FRAME.read(services, selection.only(VALUE_FRAME.fields))
    return score_pillars(values, services.framework, selection.normalisation)


PILLAR_FRAME: Final = NamedFrame(
    "pillars", PILLAR_COLUMNS, read_pillars, VALUE_FRAME.fields | {"normalisation"}
)


def read_schemes(services: Services, selection: Selection) -> pd.DataFrame:
    """Return the weights of every scheme, and which of them are in use."""
    pillars = PILLAR_FRAME.read(services, selection.only(PILLAR_FRAME.fields))
    return scheme_table(pillars, services.framework, selection.scheme, dict(selection.weights))


def scheme_table(
    pillars: pd.DataFrame, framework: Framework, scheme: str | None, own: Mapping[str, float]
) -> pd.DataFrame:
    """List the schemes with the weight of each pillar.

    Parameters
    ----------
    pillars : DataFrame
        The frame ``pillars``.
    framework : Framework
        Its schemes.
    scheme : str or None
        The one in use; None where ``own`` are.
    own : mapping of str to float
        Weights chosen one by one.

    Returns
    -------
    DataFrame
        One row per scheme and pillar of the framework, in their order, the weights
        chosen one by one last: the columns of ``SCHEME_COLUMNS``.
    """
    spread = spread_weights(pillars)
    weights: dict[str, Mapping[str, float]] = {
        one.id: scheme_weights(one, framework.pillars) or spread for one in framework.schemes
    }
    regions = {one.id: one.region for one in framework.schemes}
    if scheme is None:
        weights[OWN] = own
    used = scheme or OWN
    rows = []
    for name, given in weights.items():
        listed = {one.id: float(given.get(one.id, 0.0)) for one in framework.pillars}
        whole = sum(listed.values()) or 1.0
        rows += [
            (name, regions.get(name), pillar, weight / whole, name == used)
            for pillar, weight in listed.items()
        ]
    table = pd.DataFrame(rows, columns=[column.name for column in SCHEME_COLUMNS])
    return table.astype({"scheme": "str", "agreed_by": "str", "pillar": "str"})


SCHEME_COLUMNS: Final = (
    Column("scheme"),
    Column("agreed_by"),
    Column("pillar"),
    Column("weight_share", unit="share"),
    Column("is_used"),
)

SCHEME_FRAME: Final = NamedFrame(
    "schemes", SCHEME_COLUMNS, read_schemes, PILLAR_FRAME.fields | {"weights", "scheme"}
)

__all__ = ["OWN", "PILLARS", "PILLAR_FRAME", "SCHEME_FRAME", "VALUE_FRAME", "scheme_table"]
