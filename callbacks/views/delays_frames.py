"""What the frames of delays hold: obligations by group, and their distributions.

Nothing is drawn here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import numpy as np
import pandas as pd

from callbacks.named import NamedFrame
from callbacks.services import Services
from callbacks.views.timeliness_frames import (
    COMPARING_FIELDS,
    STATUS_BOARD,
    STATUS_COLUMNS,
    delay_days,
    usable_delays,
)
from dashboard.selection import Selection
from dashboard.stats.delays import GroupTest, clustered_distribution, logrank_groups
from dashboard.stats.inspections import inspected_distribution
from dashboard.stats.timeliness import adjust_p_values
from queries import timeliness as statements

KAPLAN_MEIER: Final = "kaplan_meier"
CURRENT_STATUS: Final = "current_status"
NO_ESTIMATE: Final = "none"

EXACT_SHARE: Final = 0.5
"""From this share of exact days of receipt on, the days are known well enough for Kaplan-Meier."""

SELECTED: Final = "selected"
"""Group of the members that are named."""

UNCLASSIFIED: Final = "unclassified"
"""Income group of a member that the World Bank puts in none."""

INCOME_GROUPS: Final = ("low_income", "lower_middle_income", "upper_middle_income", "high_income")

SEED: Final = 1958
"""One seed for every interval: the same selection gives the same picture."""

CURVE: Final = ("days", "received_share", "low", "high", "at_risk")

GROUP_COLUMNS: Final = (
    *("group", "estimate", "member_count", "n", "outstanding", "median_delay_days", "low", "high"),
    *("upper_bounds", "day_unknown", "waived", "before_log"),
    *("observed_ratio", "chi_square", "group_p_value"),
    *("all_chi_square", "degrees", "all_p_value"),
)


def read_every_collection(services: Services, selection: Selection) -> pd.DataFrame:
    """Return every obligation of every collection with its status."""
    return services.frame(statements.obligation_status(selection, every_collection=True))


EVERY_COLLECTION: Final = NamedFrame(
    "every_collection", STATUS_COLUMNS, read_every_collection, COMPARING_FIELDS - {"collection"}
)


def income_groups(services: Services) -> Mapping[str, str]:
    """Return the income group of each member."""
    members = services.generation.members
    groups = members["income_group"].str.lower().str.replace(" ", "_").fillna(UNCLASSIFIED)
    return dict(zip(members["iso3"], groups, strict=True))


def all_obligations(services: Services, selection: Selection) -> pd.DataFrame:
    """Return the obligations of all members in what is compared: one collection, or each."""
    everybody = selection.only(STATUS_BOARD.fields)
    if selection.grouping == "collection":
        return EVERY_COLLECTION.read(services, everybody)
    return STATUS_BOARD.read(services, everybody)


def observations(services: Services, selection: Selection) -> pd.DataFrame:
    """Return the obligations that are compared, with the group of each.

    A chosen region narrows all but the comparison of regions, chosen members narrow the
    comparison of collections.
    """
    by, frame = selection.grouping, all_obligations(services, selection)
    if by == "collection" and selection.members:
        frame = frame[frame["member_iso3"].isin(selection.members)]
    elif by != "region" and selection.regions:
        frame = frame[frame["region_id"].isin(selection.regions)]
    if by == "income_group":
        return frame.assign(group=frame["member_iso3"].map(dict(income_groups(services))))
    return frame.assign(group=frame["collection_id" if by == "collection" else "region_id"])


def group_order(services: Services, selection: Selection) -> tuple[str, ...]:
    """Return every group that there can be, in order."""
    match selection.grouping:
        case "income_group":
            return (*INCOME_GROUPS, UNCLASSIFIED, SELECTED)
        case "collection":
            return tuple(services.catalogue.collections)
        case _:
            return (*services.catalogue.regions, SELECTED)


def grouped(services: Services, selection: Selection) -> dict[str, pd.DataFrame]:
    """Return the obligations of each group that has any; the chosen members are one more."""
    frame = observations(services, selection)
    parts = {str(name): rows for name, rows in frame.groupby("group", observed=True)}
    if selection.members and selection.grouping != "collection":
        board = STATUS_BOARD.read(services, selection)
        chosen = board[board["member_iso3"].isin(selection.members)]
        if len(chosen):
            parts[SELECTED] = chosen
    return {name: parts[name] for name in group_order(services, selection) if name in parts}


def is_bound(frame: pd.DataFrame, bound: str) -> pd.Series:
    """Tell whose day of receipt is known so."""
    return frame["received_bound"].eq(bound).fillna(False).astype(bool)


def estimate_of(frame: pd.DataFrame) -> str:
    """Return the estimate that what is known of one collection's days allows."""
    exact, upper, unknown = (
        int(is_bound(frame, bound).sum()) for bound in ("exact", "upper", "unknown")
    )
    if exact + upper == 0:
        return NO_ESTIMATE if unknown else KAPLAN_MEIER
    return KAPLAN_MEIER if exact >= EXACT_SHARE * (exact + upper) else CURRENT_STATUS


@dataclass(frozen=True)
class Basis:
    """How the delays of a collection are estimated: by which estimate, and for inspections the
    last day on which something was found to have come.
    """

    estimate: str
    inspected_on: pd.Timestamp | None


def basis_of(frame: pd.DataFrame) -> Basis:
    """Return how one collection is estimated, by what is known of all members."""
    found = frame.loc[is_bound(frame, "upper"), "received_on"].max()
    return Basis(estimate_of(frame), None if pd.isna(found) else found)


def bases(services: Services, selection: Selection) -> dict[str, Basis]:
    """Return how each collection that is compared is estimated."""
    frame = all_obligations(services, selection)
    return {str(name): basis_of(rows) for name, rows in frame.groupby("collection_id")}


def inspected(frame: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """Return what was looked for on a day: days since each period's end, and whether it came."""
    is_asked = (
        ~is_bound(frame, "unknown") & frame["status"].ne("waived") & (frame["period_ends_on"] < day)
    )
    used = frame[is_asked]
    return pd.DataFrame(
        {
            "member_iso3": used["member_iso3"],
            "days": (day - used["period_ends_on"]).dt.days.astype("float64"),
            "there": (used["received_on"] <= day).fillna(False).astype(bool),
        }
    )


@dataclass(frozen=True)
class Estimated:
    """The distribution of a group's delays and what it rests on; days, shares 0 to 1.

    ``curve`` has the columns of ``CURVE``; ``n`` counts obligations used, ``outstanding`` those of
    them that have not come.
    """

    curve: pd.DataFrame
    median: float
    low: float
    high: float
    n: int
    outstanding: int


def estimated(frame: pd.DataFrame, basis: Basis, as_of: date) -> Estimated:
    """Return the distribution of the delays of one group."""
    if basis.estimate == CURRENT_STATUS and basis.inspected_on is not None:
        return _from_inspections(inspected(frame, basis.inspected_on))
    used = usable_delays(frame) if basis.estimate == KAPLAN_MEIER else frame.iloc[:0]
    days = delay_days(used, as_of).to_numpy()
    found = clustered_distribution(
        days, used["received_on"].isna().to_numpy(), codes(used["member_iso3"])
    )
    at_risk = len(days) - np.searchsorted(np.sort(days), found.days, side="left")
    shares = (1 - found.survival, 1 - found.high, 1 - found.low)
    return Estimated(
        _curve(found.days, *shares, at_risk),
        found.median,
        found.median_low,
        found.median_high,
        found.n,
        found.n_censored,
    )


def _from_inspections(asked: pd.DataFrame) -> Estimated:
    seen = inspected_distribution(
        asked["days"].to_numpy(),
        asked["there"].to_numpy(),
        codes(asked["member_iso3"]),
        np.random.default_rng(SEED),
    )
    return Estimated(
        _curve(seen.days, seen.probability, seen.low, seen.high, seen.counts),
        seen.median,
        seen.median_low,
        seen.median_high,
        len(asked),
        int((~asked["there"]).sum()),
    )


def _curve(*values: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame(dict(zip(CURVE, values, strict=True)))


def codes(names: pd.Series) -> np.ndarray:
    """Return names as numbers from 0."""
    return pd.factorize(names)[0].astype(np.int64)


def read_group_curves(services: Services, selection: Selection) -> pd.DataFrame:
    """Return the share received after so many days, by group."""
    assert selection.as_of is not None
    known = bases(services, selection)
    parts = []
    for group, frame in grouped(services, selection).items():
        basis = known[str(frame["collection_id"].iloc[0])]
        curve = estimated(frame, basis, selection.as_of).curve
        parts.append(curve.assign(group=group, estimate=basis.estimate))
    whole = pd.concat(parts, ignore_index=True) if parts else _curve(*[np.empty(0)] * 5)
    return whole.reindex(columns=["group", "estimate", *CURVE]).astype({"at_risk": "Int64"})


def read_groups(services: Services, selection: Selection) -> pd.DataFrame:
    """Return the median delay of each group, what it rests on, and its test against the others."""
    assert selection.as_of is not None
    known = bases(services, selection)
    parts = grouped(services, selection)
    rows = []
    for group, frame in parts.items():
        basis = known[str(frame["collection_id"].iloc[0])]
        found = estimated(frame, basis, selection.as_of)
        counts = frame["status"].value_counts()
        rows.append(
            {
                "group": group,
                "estimate": basis.estimate,
                "member_count": frame["member_iso3"].nunique(),
                "n": found.n,
                "outstanding": found.outstanding,
                "median_delay_days": found.median,
                "low": found.low,
                "high": found.high,
                "upper_bounds": int(is_bound(frame, "upper").sum()),
                "day_unknown": int(is_bound(frame, "unknown").sum()),
                "waived": int(counts.get("waived", 0)),
                "before_log": before_log(frame, basis),
            }
        )
    test, names = group_test(parts, known, selection.as_of)
    table = pd.DataFrame(rows, columns=list(GROUP_COLUMNS[:-6]))
    table = table.merge(_against_others(test, names), on="group", how="left")
    return table.assign(
        all_chi_square=test.statistic, degrees=test.degrees, all_p_value=test.p_value
    )


def before_log(frame: pd.DataFrame, basis: Basis) -> int:
    """Return how many obligations Kaplan-Meier leaves out as due before the log began."""
    if basis.estimate != KAPLAN_MEIER:
        return 0
    is_left = ~frame["is_counted"].astype(bool) & ~is_bound(frame, "unknown")
    return int((is_left & frame["status"].ne("waived")).sum())


def _against_others(test: GroupTest, names: list[str]) -> pd.DataFrame:
    ratio = np.divide(
        test.observed, test.expected, out=np.full(len(names), np.nan), where=test.expected > 0
    )
    return pd.DataFrame(
        {
            "group": pd.Series(names, dtype="str"),
            "observed_ratio": ratio,
            "chi_square": test.each_statistic,
            "group_p_value": adjust_p_values(test.each_p_value),
        }
    )


def group_test(
    parts: Mapping[str, pd.DataFrame], known: Mapping[str, Basis], as_of: date
) -> tuple[GroupTest, list[str]]:
    """Test whether groups differ; the chosen members, who are in another group, stay out."""
    names, used = [], []
    for group, frame in parts.items():
        is_tested = known[str(frame["collection_id"].iloc[0])].estimate == KAPLAN_MEIER
        rows = usable_delays(frame)
        if group != SELECTED and is_tested and len(rows):
            names.append(group)
            used.append(rows.assign(group=group))
    if not used:
        nothing = np.empty(0)
        return logrank_groups(nothing, nothing.astype(bool), nothing.astype(np.int64)), names
    rows = pd.concat(used, ignore_index=True)
    test = logrank_groups(
        delay_days(rows, as_of).to_numpy(),
        rows["received_on"].isna().to_numpy(),
        codes(rows["group"]),
        clusters=codes(rows["member_iso3"]),
    )
    return test, names


def read_estimates(services: Services, selection: Selection) -> pd.DataFrame:
    """Return what is known of the days of receipt of each collection, and the estimate for it."""
    everybody = replace(selection, grouping="collection")
    frame = all_obligations(services, everybody)
    rows = []
    for collection in services.catalogue.collections:
        part = frame[frame["collection_id"] == collection]
        basis, status = basis_of(part), part["status"].value_counts()
        rows.append(
            {
                "collection_id": collection,
                "estimate": basis.estimate if len(part) else NO_ESTIMATE,
                "exact": int(is_bound(part, "exact").sum()),
                "upper_bounds": int(is_bound(part, "upper").sum()),
                "day_unknown": int(is_bound(part, "unknown").sum()),
                "overdue": int(status.get("overdue", 0)),
                "pending": int(status.get("pending", 0)),
                "waived": int(status.get("waived", 0)),
                "before_log": before_log(part, basis),
                "inspected_on": basis.inspected_on,
            }
        )
    return pd.DataFrame(rows).astype({"inspected_on": "datetime64[us]"})
