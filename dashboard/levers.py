"""What a member can do about its score, in whole steps, within what the framework holds feasible.

Obligations met on time, periods sent, points of quality, and each kind of engagement. It must
not score.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from dashboard.framework import Framework
from dashboard.incentive_rules import PillarIndicator
from dashboard.stats.pillars import share_error

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

LeverId = Literal["on_time", "received", "quality", "correspondent", "survey", "training"]

KINDS: Final[tuple[LeverId, ...]] = ("correspondent", "survey", "training")
"""Kinds of engagement, each a lever by itself."""

ROUNDING: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Lever:
    """A kind of step.

    ``most`` steps are feasible, and left to be made. ``effort`` is that of a step: 1 takes an
    indicator to its limit.
    """

    id: LeverId
    most: int
    effort: float


def levers_of(row: Mapping[str, Any], framework: Framework) -> list[Lever]:
    """Return what a member can do.

    Parameters
    ----------
    row : mapping
        Its row of the frame ``pillars`` in the selected range.
    framework : Framework
        Indicators of the pillars with their ``feasible`` change within a year; without one
        all the way between its goalposts. What no pillar has is no lever.

    Returns
    -------
    list of Lever
        Those with a step left, in the order of the pillars. The improvement of a member
        is no lever of its own: it follows from what is on time.
    """
    known: dict[str, PillarIndicator] = {
        one.id: one for pillar in framework.pillars for one in pillar.indicators
    }
    found: list[Lever] = []
    for indicator in known.values():
        left = _left(indicator, row)
        if left is not None:
            lever, unit, there = left
            limit = _limit(indicator)
            if lever == "on_time" and "on_time_change" in known:
                limit = min(limit, _limit(known["on_time_change"]))
            most = min(there, math.floor(limit / unit + ROUNDING))
            if most > 0:
                found.append(Lever(lever, most, unit / limit))
    return [*found, *_engagement(row, known)]


def _limit(indicator: PillarIndicator) -> float:
    """Return the largest feasible change; without one declared all the way between goalposts."""
    if indicator.feasible is not None:
        return indicator.feasible
    return abs(indicator.best - indicator.worst)


def _left(indicator: PillarIndicator, row: Mapping[str, Any]) -> tuple[LeverId, float, int] | None:
    """Return lever, raw unit of a step, and steps that are left; None where there is none."""
    if indicator.id == "on_time_share" and row["counted"] > 0:
        return "on_time", 1 / row["counted"], int(row["counted"] - row["on_time"])
    if indicator.id == "received_share" and row["owed"] > 0:
        return "received", 1 / row["owed"], int(row["owed"] - row["received"])
    if indicator.id == "quality_score" and not math.isnan(row["quality_score"]):
        away = max(indicator.worst, indicator.best) - row["quality_score"]
        return "quality", 1.0, max(0, math.ceil(away - ROUNDING))
    return None


def _engagement(row: Mapping[str, Any], known: Mapping[str, PillarIndicator]) -> list[Lever]:
    """Return the kinds of engagement that a member has not shown."""
    undone: list[LeverId] = [kind for kind in KINDS if row[kind] == 0]
    found = [
        Lever(kind, 1, 1 / limit)
        for kind in undone
        if kind in known and (limit := _limit(known[kind])) >= 1
    ]
    if "engaged_share" in known:
        limit = _limit(known["engaged_share"])
        step = 1 / len(KINDS)
        others = [kind for kind in undone if kind not in known]
        found += [Lever(kind, 1, step / limit) for kind in others[: math.floor(limit / step)]]
    return found


def changed_values(
    row: Mapping[str, Any], levers: list[Lever], steps: IntArray
) -> dict[str, FloatArray]:
    """Return a member's values after some steps.

    Parameters
    ----------
    row : mapping
        Its row of the frame ``pillars`` in the selected range.
    levers : list of Lever
        Of :func:`levers_of`.
    steps : ndarray of int, shape (c, k)
        Choices: so many steps of each lever.

    Returns
    -------
    dict of str to ndarray of float, shape (c,)
        What changes of the columns of ``VALUE_COLUMNS``. What comes on time is first what
        came late, then what never came: that is then received too. A better on-time share
        is a better change of it as well.
    """
    made = {lever.id: steps[:, place].astype(np.float64) for place, lever in enumerate(levers)}
    none = np.zeros(len(steps))
    counted, owed = float(row["counted"]), float(row["owed"])
    missing = owed - row["received"]
    late = max(0.0, counted - row["on_time"] - missing)
    more = made.get("on_time", none)
    on_time = row["on_time"] + more
    came = np.maximum(0.0, more - late) + made.get("received", none)
    received = row["received"] + np.minimum(missing, came)
    share = on_time / counted if counted else none + np.nan
    flags: dict[str, FloatArray] = {kind: row[kind] + made.get(kind, none) for kind in KINDS}
    before = math.sqrt(
        max(
            0.0,
            row["on_time_change_sampling_error"] ** 2 - row["on_time_share_sampling_error"] ** 2,
        )
    )
    error = share_error(on_time, counted)
    return {
        "on_time": on_time,
        "received": received,
        "on_time_share": share,
        "on_time_share_sampling_error": error,
        "on_time_change": row["on_time_change"] + (share - row["on_time_share"]),
        "on_time_change_sampling_error": np.hypot(error, before),
        "received_share": received / owed,
        "received_share_sampling_error": share_error(received, owed),
        "quality_score": row["quality_score"] + made.get("quality", none),
        **flags,
        "engaged_share": np.mean(list(flags.values()), axis=0),
    }
