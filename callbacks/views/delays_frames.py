"""What the frames of delays hold: obligations by group, and their distributions.

Nothing is drawn here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
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


def estimate_of(exact: int, upper: int, unknown: int) -> str:
    """Return the estimate that what is known of one collection's days of receipt allows."""
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


def basis_of(rows: Obligations) -> Basis:
    """Return how one collection is estimated, by what is known of all members."""
    counts = (rows.is_exact.sum(), rows.is_upper.sum(), rows.is_unknown.sum())
    found = rows.received_on[rows.is_upper]
    day = pd.Timestamp(found.max()) if found.size else None
    return Basis(estimate_of(*map(int, counts)), day)


@dataclass(frozen=True)
class Obligations:
    """Obligations as arrays, one value each: quick to take parts of.

    ``member`` numbers members; ``days`` are those from the period's end to receipt, or gone so
    far; ``is_usable`` says whose delay is known or known to be going on; ``is_owed`` what is not
    waived and not received on an unknown day.
    """

    member: np.ndarray
    ends_on: np.ndarray
    received_on: np.ndarray
    days: np.ndarray
    is_waiting: np.ndarray
    is_exact: np.ndarray
    is_upper: np.ndarray
    is_unknown: np.ndarray
    is_waived: np.ndarray
    is_counted: np.ndarray
    is_usable: np.ndarray

    @property
    def is_owed(self) -> np.ndarray:
        """What is not waived and not received on an unknown day."""
        return np.asarray(~self.is_unknown & ~self.is_waived)

    def part(self, chosen: np.ndarray) -> Obligations:
        """Return the chosen ones."""
        return Obligations(**{f.name: getattr(self, f.name)[chosen] for f in fields(self)})


def obligations_of(frame: pd.DataFrame, as_of: date) -> Obligations:
    """Return a frame of obligations as arrays."""
    bound = frame["received_bound"]
    flags = {
        f"is_{name}": bound.eq(name).fillna(False).to_numpy(dtype=bool)
        for name in ("exact", "upper", "unknown")
    }
    return Obligations(
        member=codes(frame["member_iso3"]),
        ends_on=frame["period_ends_on"].to_numpy(),
        received_on=frame["received_on"].to_numpy(),
        days=delay_days(frame, as_of).to_numpy(),
        is_waiting=frame["received_on"].isna().to_numpy(),
        is_waived=frame["status"].eq("waived").to_numpy(dtype=bool),
        is_counted=frame["is_counted"].to_numpy(dtype=bool),
        is_usable=frame.index.isin(usable_delays(frame).index),
        **flags,
    )


@dataclass(frozen=True)
class Compared:
    """What is compared: all obligations, and which are in each group; ``basis`` by group."""

    everything: Obligations
    groups: dict[str, np.ndarray]
    basis: dict[str, Basis]

    def part(self, group: str) -> Obligations:
        """Return the obligations of a group."""
        return self.everything.part(self.groups[group])


def compared(services: Services, selection: Selection) -> Compared:
    """Return the groups that are compared, in order; the chosen members are one more.

    A chosen region narrows all but the comparison of regions, chosen members narrow the
    comparison of collections.
    """
    assert selection.as_of is not None
    by, frame = selection.grouping, all_obligations(services, selection)
    everything = obligations_of(frame, selection.as_of)
    member, collection = frame["member_iso3"], frame["collection_id"]
    basis = {str(name): basis_of(everything.part(at)) for name, at in _places(collection)}
    is_chosen = member.isin(selection.members).to_numpy(dtype=bool)
    in_scope = np.ones(len(frame), dtype=bool)
    if by == "collection" and selection.members:
        in_scope = is_chosen
    elif by != "region" and selection.regions:
        in_scope = frame["region_id"].isin(selection.regions).to_numpy(dtype=bool)
    key = {"collection": collection, "region": frame["region_id"]}.get(by or "region")
    if key is None:
        key = member.map(dict(income_groups(services)))
    found = {str(name): at & in_scope for name, at in _places(key)}
    if by != "collection":
        found[SELECTED] = is_chosen
    groups = {
        name: found[name]
        for name in group_order(services, selection)
        if name in found and found[name].any()
    }
    only = next(iter(basis.values()), Basis(NO_ESTIMATE, None))
    return Compared(everything, groups, {name: basis.get(name, only) for name in groups})


def _places(names: pd.Series) -> list[tuple[object, np.ndarray]]:
    """Return each name and where it is."""
    numbers, known = pd.factorize(names)
    return [(name, numbers == number) for number, name in enumerate(known)]


def group_order(services: Services, selection: Selection) -> tuple[str, ...]:
    """Return every group that there can be, in order."""
    match selection.grouping:
        case "income_group":
            return (*INCOME_GROUPS, UNCLASSIFIED, SELECTED)
        case "collection":
            return tuple(services.catalogue.collections)
        case _:
            return (*services.catalogue.regions, SELECTED)


def inspected(rows: Obligations, day: pd.Timestamp) -> tuple[np.ndarray, ...]:
    """Return what was looked for on a day: days since each period's end, whether it came, whose."""
    inspection = np.datetime64(day)
    asked = rows.part(rows.is_owed & (rows.ends_on < inspection))
    days = (inspection - asked.ends_on).astype("timedelta64[D]").astype(np.float64)
    # A comparison with no day at all is false.
    return days, asked.received_on <= inspection, asked.member


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


def estimated(rows: Obligations, basis: Basis) -> Estimated:
    """Return the distribution of the delays of one group."""
    if basis.estimate == CURRENT_STATUS and basis.inspected_on is not None:
        return _from_inspections(*inspected(rows, basis.inspected_on))
    is_used = rows.is_usable if basis.estimate == KAPLAN_MEIER else np.zeros_like(rows.is_usable)
    used = rows.part(is_used)
    found = clustered_distribution(used.days, used.is_waiting, used.member)
    at_risk = len(used.days) - np.searchsorted(np.sort(used.days), found.days, side="left")
    shares = (1 - found.survival, 1 - found.high, 1 - found.low)
    return Estimated(
        _curve(found.days, *shares, at_risk),
        found.median,
        found.median_low,
        found.median_high,
        found.n,
        found.n_censored,
    )


def _from_inspections(days: np.ndarray, there: np.ndarray, members: np.ndarray) -> Estimated:
    seen = inspected_distribution(days, there, members, np.random.default_rng(SEED))
    return Estimated(
        _curve(seen.days, seen.probability, seen.low, seen.high, seen.counts),
        seen.median,
        seen.median_low,
        seen.median_high,
        len(days),
        int((~there).sum()),
    )


def _curve(*values: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame(dict(zip(CURVE, values, strict=True)))


def codes(names: pd.Series) -> np.ndarray:
    """Return names as numbers from 0."""
    return pd.factorize(names)[0].astype(np.int64)


def read_group_curves(services: Services, selection: Selection) -> pd.DataFrame:
    """Return the share received after so many days, by group."""
    found = compared(services, selection)
    parts = [
        estimated(found.part(group), basis).curve.assign(group=group, estimate=basis.estimate)
        for group, basis in found.basis.items()
    ]
    whole = pd.concat(parts, ignore_index=True) if parts else _curve(*[np.empty(0)] * 5)
    return whole.reindex(columns=["group", "estimate", *CURVE]).astype({"at_risk": "Int64"})


def read_groups(services: Services, selection: Selection) -> pd.DataFrame:
    """Return the median delay of each group, what it rests on, and its test against the others."""
    found = compared(services, selection)
    rows = [_group(group, found.part(group), basis) for group, basis in found.basis.items()]
    test, names = group_test(found)
    table = pd.DataFrame(rows, columns=list(GROUP_COLUMNS[:-6]))
    table = table.merge(_against_others(test, names), on="group", how="left")
    return table.assign(
        all_chi_square=test.statistic, degrees=test.degrees, all_p_value=test.p_value
    )


def _group(group: str, rows: Obligations, basis: Basis) -> dict[str, object]:
    found = estimated(rows, basis)
    return {
        "group": group,
        "estimate": basis.estimate,
        "member_count": len(np.unique(rows.member)),
        "n": found.n,
        "outstanding": found.outstanding,
        "median_delay_days": found.median,
        "low": found.low,
        "high": found.high,
        "upper_bounds": int(rows.is_upper.sum()),
        "day_unknown": int(rows.is_unknown.sum()),
        "waived": int(rows.is_waived.sum()),
        "before_log": before_log(rows, basis),
    }


def before_log(rows: Obligations, basis: Basis) -> int:
    """Return how many obligations Kaplan-Meier leaves out as due before the log began."""
    return int((rows.is_owed & ~rows.is_counted).sum()) if basis.estimate == KAPLAN_MEIER else 0


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


def group_test(found: Compared) -> tuple[GroupTest, list[str]]:
    """Test whether groups differ; the chosen members, who are in another group, stay out."""
    everything = found.everything
    names = [
        group
        for group, basis in found.basis.items()
        if group != SELECTED
        and basis.estimate == KAPLAN_MEIER
        and (everything.is_usable & found.groups[group]).any()
    ]
    number = np.full(len(everything.days), -1)
    for place, group in enumerate(names):
        number[found.groups[group]] = place
    is_used = everything.is_usable & (number >= 0)
    used = everything.part(is_used)
    test = logrank_groups(used.days, used.is_waiting, number[is_used], clusters=used.member)
    return test, names


def read_estimates(services: Services, selection: Selection) -> pd.DataFrame:
    """Return what is known of the days of receipt of each collection, and the estimate for it."""
    assert selection.as_of is not None
    frame = all_obligations(services, replace(selection, grouping="collection"))
    everything = obligations_of(frame, selection.as_of)
    status = frame["status"]
    pending, overdue = (status.eq(name).to_numpy(dtype=bool) for name in ("pending", "overdue"))
    rows = []
    for collection in services.catalogue.collections:
        at = frame["collection_id"].eq(collection).to_numpy(dtype=bool)
        part = everything.part(at)
        basis = basis_of(part)
        rows.append(
            {
                "collection_id": collection,
                "estimate": basis.estimate if at.any() else NO_ESTIMATE,
                "exact": int(part.is_exact.sum()),
                "upper_bounds": int(part.is_upper.sum()),
                "day_unknown": int(part.is_unknown.sum()),
                "overdue": int((overdue & at).sum()),
                "pending": int((pending & at).sum()),
                "waived": int(part.is_waived.sum()),
                "before_log": before_log(part, basis),
                "inspected_on": basis.inspected_on,
            }
        )
    return pd.DataFrame(rows).astype({"inspected_on": "datetime64[us]"})
