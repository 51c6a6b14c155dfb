"""What is done about outliers before members are ranked, to whom, and what that changes.

Frames in, frame out. It must not read a warehouse.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dashboard.frames import Column
from dashboard.framework import Framework
from dashboard.incentive_rules import Pillar, PillarIndicator
from dashboard.pillar_scores import (
    PILLARS,
    RELATIVE,
    SCORES,
    is_treated,
    score_pillars,
    treatment_of,
)
from dashboard.stats.composite import aggregate, rank_scores
from dashboard.stats.treatment import Treatment

FloatArray = NDArray[np.float64]


def treatment_table(
    pillars: pd.DataFrame,
    framework: Framework,
    weights: Mapping[str, float],
    aggregation: str,
    normalisation: str,
) -> pd.DataFrame:
    """Tell of each indicator whether its outliers are treated, and what that changes.

    Parameters
    ----------
    pillars : DataFrame
        The frame ``pillars``; members that are too few to rank have no say in it.
    framework : Framework
        Its pillars, and what it says about outliers.
    weights : mapping of str to float
        Of the pillars, in use.
    aggregation, normalisation : str
        In use.

    Returns
    -------
    DataFrame
        One row per indicator, in the order of the framework: the columns of
        ``TREATMENT_COLUMNS``. ``treatment`` is what its shape calls for, ``is_applied``
        whether that is done under this normalisation. ``ranks_moved`` and
        ``largest_move`` compare the ranking with and without this one treatment: under
        min-max where it is not applied, which shows what it would change. Missing where no
        treatment is called for.
    """
    inside = pillars[(pillars["span"] == "selected") & (pillars["standing"] == "ranked")]
    inside = inside.reset_index(drop=True)
    is_applied = is_treated(framework.ranking, normalisation)
    shown_by = normalisation if is_applied and normalisation in RELATIVE else RELATIVE[0]
    rows: list[dict[str, Any]] = []
    for pillar in framework.pillars:
        for indicator in pillar.indicators:
            raw = inside[indicator.id].to_numpy(dtype=np.float64)
            treatment = treatment_of(raw, framework.ranking)
            is_called = treatment is not None and treatment.kind != "none"
            row = _row(pillar, indicator, treatment, raw, inside["member_iso3"].tolist())
            row["is_applied"] = is_called and is_applied
            row["ranks_moved"] = row["largest_move"] = None
            if is_called:
                ranks = [
                    _ranks(inside, framework, indicator, weights, aggregation, shown_by, treat)
                    for treat in ("always", "never")
                ]
                moves = np.abs(ranks[0] - ranks[1])
                row["ranks_moved"] = int(np.nansum(moves > 0))
                row["largest_move"] = int(np.nanmax(moves, initial=0.0))
            rows.append(row)
    table = pd.DataFrame(rows, columns=[column.name for column in TREATMENT_COLUMNS])
    texts = ("pillar", "indicator", "treatment", "members_treated")
    whole = ("treated_count", "ranks_moved", "largest_move")
    return table.astype(dict.fromkeys(texts, "str") | dict.fromkeys(whole, "Int64"))


def _row(
    pillar: Pillar,
    indicator: PillarIndicator,
    treatment: Treatment | None,
    raw: FloatArray,
    members: list[str],
) -> dict[str, Any]:
    known = int(np.count_nonzero(~np.isnan(raw)))
    row: dict[str, Any] = {"pillar": pillar.id, "indicator": indicator.id, "n": known}
    if treatment is None:
        rest = {"skewness": np.nan, "kurtosis": np.nan, "treatment": "yes_or_no"}
        return {**row, **rest, "treated_count": 0, "brought_to": np.nan, "members_treated": ""}
    moved = np.flatnonzero(treatment.moved)
    # The farthest first: it is their values that say most of the others' scale.
    order = moved[np.argsort(-np.abs(raw[moved] - np.nanmedian(raw)))] if moved.size else moved
    bound = treatment.high if np.isfinite(treatment.high) else treatment.low
    is_winsorised = treatment.kind == "winsorised"
    return {
        **row,
        "skewness": treatment.skewness,
        "kurtosis": treatment.kurtosis,
        "treatment": treatment.kind,
        "treated_count": known if treatment.kind == "log" else len(moved),
        "brought_to": bound if is_winsorised else np.nan,
        "members_treated": ",".join(members[place] for place in order) if is_winsorised else "",
    }


def _ranks(
    inside: pd.DataFrame,
    framework: Framework,
    indicator: PillarIndicator,
    weights: Mapping[str, float],
    aggregation: str,
    normalisation: str,
    treat: str,
) -> FloatArray:
    """Return the ranks with one indicator treated, or not, and no other one."""
    plain = framework.ranking.model_copy(update={"treat_outliers": "never"})
    rules = plain.model_copy(update={"treat_outliers": treat})
    table = np.full((len(inside), len(PILLARS)), np.nan)
    for pillar in framework.pillars:
        is_of = any(one.id == indicator.id for one in pillar.indicators)
        only = framework.model_copy(
            update={"pillars": [pillar], "ranking": rules if is_of else plain}
        )
        place = PILLARS.index(pillar.id)
        table[:, place] = score_pillars(inside, only, normalisation)[SCORES[place]]
    weight = np.array([float(weights.get(pillar, 0.0)) for pillar in PILLARS])
    return rank_scores(aggregate(table, weight, aggregation))


TREATMENT_COLUMNS: Final = (
    Column("pillar"),
    Column("indicator"),
    Column("n", unit="count"),
    Column("skewness"),
    Column("kurtosis"),
    Column("treatment"),
    Column("is_applied"),
    Column("treated_count", unit="count"),
    Column("brought_to"),
    Column("members_treated"),
    Column("ranks_moved", unit="count"),
    Column("largest_move", unit="count"),
)
