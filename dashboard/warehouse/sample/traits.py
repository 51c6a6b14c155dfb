"""The traits of members that everything else in the sample follows from.

How late, how complete, how noisy and how engaged each member is. No trait
describes a real administration: they are drawn by income group and chance.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from scipy.stats import norm

from dashboard import reference
from dashboard.framework import Framework
from dashboard.warehouse.sample.draws import stream

CAPACITY: Final = {
    "High income": 0.80,
    "Upper middle income": 0.62,
    "Lower middle income": 0.46,
    "Low income": 0.34,
}
UNKNOWN_INCOME_CAPACITY: Final = 0.5
PERFECT_MEMBERS: Final = 7
HARVESTED_MEMBERS: Final = 6
"""Members whose data is fetched weekly from a public interface: known by upper bounds."""

DETAILED_MEMBERS: Final = 10
"""Members that also state the parts of their flows and totals by partner."""

LATE_SWITCHERS: Final = 3
"""Members that change to HS 2022 a year after the others."""

SWITCH_MONTH: Final = 202201
LATE_SWITCH_MONTH: Final = 202301


@dataclass(frozen=True, slots=True)
class HardCases:
    """Members that are deliberately odd, by member id; drawn, not chosen by name."""

    never_submits: int
    submits_once: int
    silent_last_year: int
    owes_a_whole_collection: int
    always_the_same_delay: int

    def ids(self) -> tuple[int, ...]:
        """Return the members concerned.

        Returns
        -------
        tuple of int
            Five distinct member ids.
        """
        return (
            self.never_submits,
            self.submits_once,
            self.silent_last_year,
            self.owes_a_whole_collection,
            self.always_the_same_delay,
        )


def sample_members() -> pd.DataFrame:
    """Return the members that the sample is about.

    Returns
    -------
    DataFrame
        The 186 members (without the European Union) by ``member_id``, with
        their columns of `reference.members` and ``gdp_usd``.
    """
    members = reference.members()
    members = members[members["kind"] == "member"]
    economies = reference.economies()[["iso3", "gdp_usd"]]
    return members.merge(economies, on="iso3", how="left").sort_values(
        "member_id", ignore_index=True
    )


def member_traits(members: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Draw the traits of every member.

    Parameters
    ----------
    members : DataFrame
        As `sample_members` gives them.
    seed : int
        The sample's seed.

    Returns
    -------
    DataFrame
        One row per member, by ``member_id``; shares are 0 to 1, delays are
        relative to the days allowed. Nothing is missing.
    """
    rng = stream(seed, "traits")
    count = len(members)
    middle = members["income_group"].map(CAPACITY).fillna(UNKNOWN_INCOME_CAPACITY).to_numpy()
    capacity = np.clip(middle + rng.normal(0, 0.13, count), 0.06, 0.98)
    weakness = 1 - capacity
    on_time = np.clip(0.30 + 0.72 * capacity + rng.normal(0, 0.12, count), 0.2, 0.99)
    spread = rng.uniform(0.12, 0.42, count)
    direction = rng.random(count)
    trend = np.where(
        direction < 0.22,
        rng.uniform(-0.085, -0.045, count),
        np.where(direction > 0.88, rng.uniform(0.04, 0.075, count), rng.normal(0, 0.012, count)),
    )
    is_perfect = np.zeros(count, dtype=bool)
    is_perfect[np.argsort(-(on_time + rng.normal(0, 0.05, count)))[:PERFECT_MEMBERS]] = True
    traits = pd.DataFrame(
        {
            "member_id": members["member_id"].to_numpy(),
            "capacity": capacity,
            # The median delay, as a part of the days allowed, that gives this on-time share.
            "median_delay": np.exp(-spread * norm.ppf(on_time)),
            "spread": spread,
            "trend": np.where(is_perfect, 0.0, trend),
            "december_slip": np.where(rng.random(count) < 0.35, rng.uniform(0.1, 0.5, count), 0.0),
            "is_perfect": is_perfect,
            "is_batching": (rng.random(count) < 0.06) & ~is_perfect,
            "lost_share": np.where(is_perfect, 0.0, rng.beta(1, 60, count) + 0.03 * weakness**2),
            "rejected_share": 0.01 + 0.22 * weakness * rng.random(count),
            "revised_share": 0.03 + 0.10 * rng.random(count),
            "revision_spread": rng.uniform(0.02, 0.18, count),
            # Months since 2016-01 at which the member begins to use the portal.
            "portal_from": rng.normal(78 - 55 * (capacity - 0.5), 26, count),
            "standard_from": rng.normal(72 - 60 * (capacity - 0.5), 26, count),
            "report_noise": np.clip(rng.lognormal(np.log(0.06 + 0.35 * weakness), 0.5), 0.03, 0.8),
            "report_bias": 0.08 + 0.60 * weakness,
            "unreported_exports": np.clip(0.02 + 0.22 * weakness * rng.random(count), 0, 0.3),
            "unreported_imports": np.clip(0.01 + 0.12 * weakness * rng.random(count), 0, 0.2),
            # Lines that were traded in a month and yet are missing from its file.
            "gaps": np.where(is_perfect, 0.001, 0.002 + 0.15 * weakness**2 * rng.random(count)),
            "misattributed": 0.02 + 0.12 * rng.random(count),
            "missing_mass": np.where(
                rng.random(count) < 0.5, 0.6 * weakness * rng.random(count), 0
            ),
            "estimated": np.where(rng.random(count) < 0.5, 0.25 * weakness * rng.random(count), 0),
            "slip": 0.0005 + 0.006 * weakness**2 * rng.random(count),
            "total_slip": 0.002 + 0.12 * weakness**2 * rng.random(count),
            "without_unit": np.where(
                rng.random(count) < 0.25, 0.8 * weakness * rng.random(count), 0.0
            ),
            # Some go on with the codes of HS 2017 for months after they changed to HS 2022.
            "old_codes_until": np.where(
                rng.random(count) < 0.15, 72 + rng.integers(4, 30, count), 0
            ),
            "growth": rng.normal(0, 0.02, count),
            "engagement": np.clip(0.5 * capacity + 0.6 * rng.random(count), 0.05, 0.98),
            "annual_level": np.where((weakness > 0.45) & (rng.random(count) < 0.4), 2, 4),
        }
    )
    for name, size in (
        ("is_harvested", HARVESTED_MEMBERS),
        ("is_detailed", DETAILED_MEMBERS),
        ("switches_late", LATE_SWITCHERS),
    ):
        flag = np.zeros(count, dtype=bool)
        candidates = np.flatnonzero(~is_perfect & (capacity > 0.45))
        flag[rng.choice(candidates, size, replace=False)] = True
        traits[name] = flag
    return traits


def hard_cases(
    members: pd.DataFrame, traits: pd.DataFrame, framework: Framework, seed: int
) -> HardCases:
    """Draw the members that are deliberately odd.

    Parameters
    ----------
    members : DataFrame
        As `sample_members` gives them.
    traits : DataFrame
        As `member_traits` gives them.
    framework : Framework
        Members that it waives are left alone.
    seed : int
        The sample's seed.

    Returns
    -------
    HardCases
        Five different members of small economies that joined before 2016.
    """
    waived = {waiver.member for waiver in framework.waivers}
    plain = ~(traits["is_perfect"] | traits["is_harvested"] | traits["is_batching"])
    candidates = members[
        (members["gdp_usd"] < members["gdp_usd"].quantile(0.4))
        & (members["joined_on"] < pd.Timestamp(2016, 1, 1))
        & ~members["iso3"].isin(waived)
        & plain.to_numpy()
    ]["member_id"].to_numpy()
    chosen = stream(seed, "hard cases").choice(candidates, 5, replace=False)
    return HardCases(*(int(one) for one in chosen))
