"""How the ranking goes with what other organisations found of the same members.

Nothing is drawn here.
"""

from __future__ import annotations

from typing import Final

import pandas as pd

from callbacks.named import NamedFrame
from callbacks.services import Services
from callbacks.views.cross_check import AGREEMENT_COLUMNS, OUTSIDE_FRAME, agreement
from callbacks.views.incentives import RANKING_FRAME
from dashboard.frames import Column
from dashboard.selection import Selection

SCORE: Final = "incentive_score"


def read_ranking_outside(services: Services, selection: Selection) -> pd.DataFrame:
    """Return the rank correlation of the incentive score with each external score."""
    ranking = RANKING_FRAME.read(services, selection.only(RANKING_FRAME.fields))
    outside = OUTSIDE_FRAME.read(services, selection.only(OUTSIDE_FRAME.fields))
    return ranking_outside(
        ranking, outside, list(services.catalogue.indicators), services.framework.ranking.outside
    )


def ranking_outside(
    ranking: pd.DataFrame, outside: pd.DataFrame, order: list[str], own: str | None
) -> pd.DataFrame:
    """Correlate the ranking with external scores.

    Parameters
    ----------
    ranking : DataFrame
        The frame ``ranking``; members that are not ranked have no score.
    outside : DataFrame
        The frame ``outside_scores``.
    order : list of str
        External scores in the order of the framework.
    own : str or None
        The external score that the ranking itself is made of, if one is. Its sub-scores, whose
        ids begin with its own, are part of it too.

    Returns
    -------
    DataFrame
        One row per external score: the columns of the frame ``ranking_outside``.
    """
    found = agreement(ranking, outside, order, (SCORE,)).drop(columns="score")
    is_part = [own is not None and str(one).startswith(own) for one in found["indicator_id"]]
    return found.assign(is_part=pd.Series(is_part, index=found.index, dtype="bool"))


RANKING_OUTSIDE_COLUMNS: Final = (
    *(column for column in AGREEMENT_COLUMNS if column.name != "score"),
    Column("is_part"),
)

RANKING_OUTSIDE_FRAME: Final = NamedFrame(
    "ranking_outside",
    RANKING_OUTSIDE_COLUMNS,
    read_ranking_outside,
    RANKING_FRAME.fields | OUTSIDE_FRAME.fields,
)

FRAMES: Final = (RANKING_OUTSIDE_FRAME,)
