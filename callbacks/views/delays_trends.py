"""What the frames of trends hold: each member's trend, and what chance would make of all.

Nothing is drawn here.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from callbacks.named import NamedFrame
from callbacks.services import Services
from callbacks.views.timeliness_frames import COMPARING_FIELDS, STATUS_BOARD, delay_series
from dashboard.frames import Column
from dashboard.selection import Selection
from dashboard.stats.timeliness import adjust_p_values
from dashboard.stats.trends import SIGNIFICANT, bounded_trends
from queries import delays as statements


def trend_table(
    members: pd.Index, days: np.ndarray, is_waiting: np.ndarray, regions: dict[str, str]
) -> pd.DataFrame:
    """Return each member that has a trend, fastest first."""
    slope, low, high, p_value = bounded_trends(days, is_waiting)
    table = pd.DataFrame(
        {
            "member_iso3": members,
            "region_id": [regions.get(str(iso3), "") for iso3 in members],
            "n": np.isfinite(days).sum(axis=1),
            "waiting": is_waiting.sum(axis=1),
            "slope_days": slope,
            "low": low,
            "high": high,
            "raw_p_value": p_value,
            "trend_p_value": adjust_p_values(p_value),
        }
    ).astype({"region_id": "str"})
    table = table.dropna(subset=["slope_days"])
    table = table.sort_values(["slope_days", "member_iso3"], ignore_index=True)
    return table.assign(place=np.arange(1, len(table) + 1))


def known_chance(services: Services, selection: Selection, tested: int) -> pd.DataFrame:
    """Return what chance makes of the selected range, in one row; none if it is not known.

    It is worked out for the range that a collection opens with, as of the last known day.
    """
    found = services.frame(statements.trend_chance(selection))
    opened = Selection(collection=selection.collection).resolve(services.catalogue)
    asked = (selection.first, selection.last, selection.as_of)
    is_known = asked == (opened.first, opened.last, opened.as_of)
    return found[found["series_count"].eq(tested) & is_known]


def read_member_trends(services: Services, selection: Selection) -> pd.DataFrame:
    """Return the trend of each member with its test, and the band of chance at its place."""
    assert selection.as_of is not None
    board = STATUS_BOARD.read(services, selection)
    series = delay_series(board, selection.as_of)
    table = trend_table(*series, dict(services.catalogue.members))
    if known_chance(services, selection, len(table)).empty:
        bounds = {f"chance_{name}": np.nan for name in ("low", "middle", "high")}
        return table.assign(**bounds)
    places = services.frame(statements.trend_chance_places(selection))
    renamed = places.rename(columns=lambda name: name.replace("slope_", "chance_"))
    return table.merge(renamed, on="place", how="left")


MEMBER_TRENDS: Final = NamedFrame(
    "member_delay_trends",
    (
        Column("member_iso3"),
        Column("region_id"),
        Column("n", unit="count"),
        Column("waiting", unit="count"),
        Column("slope_days", unit="ratio"),
        Column("low", unit="ratio"),
        Column("high", unit="ratio"),
        Column("raw_p_value", unit="ratio"),
        Column("trend_p_value", unit="ratio"),
        Column("place", unit="rank"),
        Column("chance_low", unit="ratio"),
        Column("chance_middle", unit="ratio"),
        Column("chance_high", unit="ratio"),
    ),
    read_member_trends,
    COMPARING_FIELDS,
)


def read_trend_chance(services: Services, selection: Selection) -> pd.DataFrame:
    """Return how many trends there are, and how many chance alone would show, in one row."""
    table = MEMBER_TRENDS.read(services, selection)
    tested = len(table)
    chance = known_chance(services, selection, tested).to_dict("records")
    names = ("below_low", "below_high", "slope_least", "slope_most")
    known = chance[0] if chance else dict.fromkeys(names, np.nan)
    row = {
        "members_seen": int(STATUS_BOARD.read(services, selection)["member_iso3"].nunique()),
        "members_tested": tested,
        "below_raw": int((table["raw_p_value"] < SIGNIFICANT).sum()),
        "below_adjusted": int((table["trend_p_value"] < SIGNIFICANT).sum()),
        "expected_below": float(known.get("below_mean", SIGNIFICANT * tested)),
        **{name: float(known[name]) for name in names},
        "draws": int(known.get("draws", 0)),
    }
    return pd.DataFrame([row])
