"""The cross-check: do the scores of other organisations see the same?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from callbacks.named import NamedFrame
from callbacks.services import Services
from callbacks.views.quality_scores import MEMBER_FRAME, SCORES, TIME_FIELDS
from dashboard.frames import Column
from dashboard.selection import Selection
from dashboard.stats.agreement import FEWEST_PAIRS, place_differences, rank_correlation
from layouts import cross_check as drawings
from layouts.panels import Panel, View
from queries import indicators as statements

COMPARED_UNIT: Final = "points"
"""Unit of the external scores that judge quality; hours or counts measure other things."""

OUT_OF_LINE_SHARE: Final = 0.25
"""Places apart, as a share of all members compared, from which one is out of line."""


def read_outside(services: Services, selection: Selection) -> pd.DataFrame:
    """Return the external scores, each of the one year that lies nearest to the range's end."""
    units = services.catalogue.indicators
    judging = [one for one, unit in units.items() if unit == COMPARED_UNIT]
    values = services.frame(statements.indicator_values(selection, judging))
    assert selection.last is not None
    return of_nearest_year(values, int(selection.last[:4]))


def of_nearest_year(values: pd.DataFrame, year: int) -> pd.DataFrame:
    """Keep one year of each indicator: the nearest to ``year``, of two the earlier.

    All members are compared in the same year, even where one of them has a
    nearer one: otherwise they would not be comparable among themselves.
    """
    years = values[["indicator_id", "year"]].drop_duplicates()
    years = years.assign(gap=(years["year"].astype("int64") - year).abs())
    nearest = years.sort_values(["indicator_id", "gap", "year"]).drop_duplicates("indicator_id")
    return values.merge(nearest[["indicator_id", "year"]], on=["indicator_id", "year"])


def read_agreement(services: Services, selection: Selection) -> pd.DataFrame:
    """Return how each of our scores ranks the members against each external score."""
    ours = MEMBER_FRAME.read(services, selection.only(MEMBER_FRAME.fields))
    outside = OUTSIDE_FRAME.read(services, selection.only(OUTSIDE_FRAME.fields))
    return agreement(ours, outside, list(services.catalogue.indicators))


def agreement(
    ours: pd.DataFrame,
    outside: pd.DataFrame,
    order: list[str],
    scores: Sequence[str] = tuple(SCORES),
) -> pd.DataFrame:
    """Correlate ranks.

    Parameters
    ----------
    ours : DataFrame
        The frame ``quality_by_member``, or another with one row per member.
    outside : DataFrame
        The frame ``outside_scores``.
    order : list of str
        Indicators in the order of the framework.
    scores : sequence of str
        Columns of ``ours`` that are compared; those of quality if none are given.

    Returns
    -------
    DataFrame
        One row per our score and indicator; the columns of the frame
        ``outside_agreement``.
    """
    found: list[dict[str, Any]] = []
    for indicator in order:
        theirs = outside[outside["indicator_id"] == indicator]
        if theirs.empty:
            continue
        value = ours["member_iso3"].map(theirs.set_index("member_iso3")["value"])
        for score in scores:
            result = rank_correlation(ours[score], value.astype("float64"))
            found.append(
                {
                    "indicator_id": indicator,
                    "score": score,
                    "year": int(theirs["year"].iloc[0]),
                    "rho": result.rho,
                    "rho_low": result.low,
                    "rho_high": result.high,
                    "n": result.n,
                    "theirs_count": len(theirs),
                }
            )
    frame = pd.DataFrame(found, columns=[column.name for column in AGREEMENT_COLUMNS])
    counts = dict.fromkeys(("year", "n", "theirs_count"), "Int64")
    texts = dict.fromkeys(("indicator_id", "score"), "str")
    numbers = dict.fromkeys(("rho", "rho_low", "rho_high"), "float64")
    return frame.astype(counts | texts | numbers)


def read_members(services: Services, selection: Selection) -> pd.DataFrame:
    """Return every member's place by our score and by the external one in focus."""
    ours = MEMBER_FRAME.read(services, selection.only(MEMBER_FRAME.fields))
    outside = OUTSIDE_FRAME.read(services, selection.only(OUTSIDE_FRAME.fields))
    focus = selection.indicator or _first_with_pairs(services, selection)
    theirs = outside[outside["indicator_id"] == focus]
    return compare(ours, theirs, selection.dimension or "quality_score")


def _first_with_pairs(services: Services, selection: Selection) -> str:
    """Return the first indicator of the framework that enough members have beside our score."""
    found = AGREEMENT_FRAME.read(services, selection.only(AGREEMENT_FRAME.fields))
    enough = found[found["n"].astype("int64") >= FEWEST_PAIRS]
    chosen = enough if not enough.empty else found
    return "" if chosen.empty else str(chosen["indicator_id"].iloc[0])


def compare(ours: pd.DataFrame, theirs: pd.DataFrame, score: str) -> pd.DataFrame:
    """Compare the places of the members that have both scores.

    Parameters
    ----------
    ours : DataFrame
        The frame ``quality_by_member``.
    theirs : DataFrame
        Rows of the frame ``outside_scores`` of one indicator.
    score : str
        Which of our scores.

    Returns
    -------
    DataFrame
        One row per member with both, the surest difference first; the columns
        of the frame ``outside_members``.
    """
    table = ours.merge(theirs, on="member_iso3", suffixes=("", "_theirs"))
    table = table.dropna(subset=[score, "value"]).reset_index(drop=True)
    low, high = table[f"{score}_low"], table[f"{score}_high"]
    places = place_differences(table[score], table["value"], low, high)
    nearest = np.where(
        places.low * places.high > 0, np.minimum(np.abs(places.low), np.abs(places.high)), 0.0
    )
    columns = {
        "member_iso3": table["member_iso3"],
        "region_id": table["region_id"],
        "indicator_id": table["indicator_id"],
        "year": table["year"],
        "value": table["value"],
        "score": table[score],
        "score_low": low,
        "score_high": high,
        "place_ours": places.ours,
        "place_theirs": places.theirs,
        "difference": places.difference,
        "difference_low": places.low,
        "difference_high": places.high,
        "is_out_of_line": nearest > OUT_OF_LINE_SHARE * len(table),
    }
    frame = pd.DataFrame(columns).assign(nearest=nearest)
    frame = frame.sort_values(["nearest", "member_iso3"], ascending=[False, True])
    return frame.drop(columns="nearest")


OUTSIDE_COLUMNS: Final = (
    Column("member_iso3"),
    Column("region_id"),
    Column("indicator_id"),
    Column("year"),
    Column("value", measure="indicator_value"),
)
AGREEMENT_COLUMNS: Final = (
    Column("indicator_id"),
    Column("score", words="column.our_score_id"),
    Column("year"),
    Column("rho", unit="index"),
    Column("rho_low", unit="index"),
    Column("rho_high", unit="index"),
    Column("n", unit="count"),
    Column("theirs_count", unit="count"),
)
MEMBER_COLUMNS: Final = (
    *OUTSIDE_COLUMNS,
    Column("score", unit="score", words="column.our_score"),
    Column("score_low", unit="score"),
    Column("score_high", unit="score"),
    Column("place_ours", unit="rank"),
    Column("place_theirs", unit="rank"),
    Column("difference", unit="rank", words="column.place_difference"),
    Column("difference_low", unit="rank"),
    Column("difference_high", unit="rank"),
    Column("is_out_of_line"),
)

OUTSIDE_FRAME: Final = NamedFrame(
    "outside_scores", OUTSIDE_COLUMNS, read_outside, frozenset({"last", "as_of"})
)
AGREEMENT_FRAME: Final = NamedFrame(
    "outside_agreement", AGREEMENT_COLUMNS, read_agreement, TIME_FIELDS
)
MEMBERS_FRAME: Final = NamedFrame(
    "outside_members", MEMBER_COLUMNS, read_members, TIME_FIELDS | {"dimension", "indicator"}
)

FRAMES = (OUTSIDE_FRAME, AGREEMENT_FRAME, MEMBERS_FRAME)

HIGHLIGHTS: Final = frozenset({"regions", "members"})

VIEW = View(
    "cross-check",
    (
        Panel(
            "agreement",
            ("outside_agreement", "outside_members"),
            drawings.draw_agreement,
            kind="block",
            fields=frozenset({"dimension", "indicator"}),
        ),
        Panel(
            "scatter",
            ("outside_members", "outside_agreement"),
            drawings.draw_scatter,
            fields=HIGHLIGHTS,
            area="roomy",
        ),
        Panel(
            "members",
            ("outside_members", "outside_agreement"),
            drawings.draw_members,
            kind="block",
            fields=HIGHLIGHTS,
        ),
        Panel(
            "limits",
            ("outside_agreement", "outside_members"),
            drawings.draw_limits,
            kind="block",
            fields=frozenset({"dimension", "indicator"}),
            is_staged=False,
        ),
    ),
    controls=drawings.controls,
    parent="quality",
)
