"""What was done for the strategy: activities, check-ins and external scores.

Engaged members take part more; what was planned is not always done, and some
owners report late or more cheerfully than the figures allow. It must not touch
a database.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import pandas as pd

from dashboard.framework import Framework, KeyResult
from dashboard.warehouse.sample.draws import stream
from dashboard.warehouse.sample.traits import HardCases

FIRST_DAY: Final = pd.Timestamp(2023, 1, 1)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of activity: how many a year, with whom, how much each and how many get done."""

    tactic: str
    kind: str
    per_year: float
    done_share: float
    with_member: bool = False
    with_region: bool = False
    least: int = 1
    most: int = 1


KINDS: Final = (
    Kind("1.4", "training", 70, 0.92, with_member=True, least=3, most=25),
    Kind("1.7", "audit", 26, 0.78, with_member=True),
    Kind("1.7", "audit_finding", 60, 0.9, with_member=True),
    Kind("1.8", "partnership", 4, 0.85, least=1, most=4),
    Kind("1.8", "data_exchange", 9, 0.95, least=1, most=4),
    Kind("1.10", "feedback", 90, 0.9, with_member=True),
    Kind("2.2", "report", 1, 1.0),
    Kind("2.3", "event", 9, 0.9, with_region=True, least=12, most=70),
    Kind("2.3", "representation", 90, 0.97, with_member=True),
    Kind("2.4", "visual", 16, 0.95),
    Kind("2.5", "media", 22, 1.0),
    Kind("2.8", "case_study", 5, 0.8, with_member=True),
    Kind("2.10", "research", 3, 0.8),
    Kind("3.1", "meeting", 95, 0.93, with_member=True),
    Kind("3.2", "correspondent", 55, 1.0, with_member=True),
    Kind("3.3", "assistance", 20, 0.85, with_member=True, least=1, most=3),
    Kind("3.4", "exchange", 24, 0.9, with_member=True, least=1, most=4),
    Kind("3.6", "agreement", 7, 0.75, with_member=True),
    Kind("3.8", "survey", 186, 0.6, with_member=True),
    Kind("3.9", "programme", 7, 0.8, with_region=True, least=8, most=45),
    Kind("3.10", "recognition", 14, 1.0, with_member=True),
)

DAYS_TAKEN: Final = {"feedback": (42.0, 8.0, 8.0), "audit_finding": (120.0, 18.0, 40.0)}
"""Kinds whose amount is the days until they were closed: at first, gained a year, at least."""

GIVEN_NAMES: Final = (
    *("Adama", "Aiko", "Alex", "Amina", "Anouk", "Ariel", "Bao", "Camille", "Chidi", "Dana"),
    *("Dominique", "Eden", "Farah", "Hana", "Ines", "Jamie", "Jordan", "Kai", "Kofi", "Leila"),
    *("Lou", "Malika", "Mika", "Nadia", "Noor", "Oumar", "Robin", "Sacha", "Tala", "Yuki"),
)
FAMILY_NAMES: Final = (
    *("Example", "Sample", "Specimen", "Muster", "Exemple", "Modele", "Fictif", "Synthetic"),
)
"""Of the sample's correspondents: nobody can take one for a real person."""

SURVEY_MONTH: Final = 10
STALE_SHARE: Final = 0.15
"""Of the key results, so many owners stopped reporting some time ago."""

DOUBTFUL_SHARE: Final = 0.12
"""Of the key results, so many have an owner who trusts a good figure little, or a bad one much."""


def activities(
    framework: Framework,
    members: pd.DataFrame,
    traits: pd.DataFrame,
    cases: HardCases,
    today: date,
    seed: int,
) -> pd.DataFrame:
    """Draw the activity log.

    Parameters
    ----------
    framework : Framework
        Only its tactics are served.
    members : DataFrame
        As `traits.sample_members` gives them.
    traits : DataFrame
        As `traits.member_traits` gives them.
    cases : HardCases
        The member that never submits takes no part either.
    today : date
        Nothing happened after it.
    seed : int
        The sample's seed.

    Returns
    -------
    DataFrame
        Rows of ``fct_activity`` by date: ``member_id`` and ``region_id`` are
        missing where an act was not with a member or a region.
    """
    tactics = {tactic.id for tactic in framework.tactics}
    last = pd.Timestamp(today)
    days = (last - FIRST_DAY).days
    weight = np.where(
        members["member_id"] == cases.never_submits, 0.0, traits["engagement"].to_numpy()
    )
    regions = np.array(sorted(members["region_id"].unique()), dtype=str)
    region_weight = stream(seed, "regions").uniform(0.5, 1.5, len(regions))
    parts = []
    for kind in KINDS:
        if kind.tactic not in tactics:
            continue
        rng = stream(seed, f"activity {kind.kind}")
        dates, chosen = _occasions(kind, members, weight, days, last, rng)
        count = len(dates)
        frame = pd.DataFrame(
            {
                "tactic_id": kind.tactic,
                "kind": kind.kind,
                "happened_on": dates,
                "amount": rng.integers(kind.least, kind.most + 1, count).astype(float),
                "is_done": rng.random(count) < kind.done_share,
            }
        )
        if kind.kind in DAYS_TAKEN:
            # They fall over the years.
            first, gain, least = DAYS_TAKEN[kind.kind]
            passed = (dates - FIRST_DAY).days / 365.25
            middle = np.maximum(least, first - gain * passed)
            frame["amount"] = np.ceil(middle * rng.lognormal(0, 0.6, count))
        elif kind.kind == "report":
            # Days past the promised date; most are published by it.
            frame["amount"] = np.round(rng.normal(-4.0, 9.0, count))
        frame["member_id"] = pd.array(
            members["member_id"].to_numpy()[chosen] if kind.with_member else [None] * count,
            dtype="Int64",
        )
        if kind.with_member:
            frame["region_id"] = members["region_id"].to_numpy(dtype=str)[chosen]
            if kind.kind == "survey":
                answers = 0.15 + 0.8 * weight[chosen]
                frame["is_done"] = rng.random(count) < answers
        elif kind.with_region:
            frame["region_id"] = rng.choice(regions, count, p=region_weight / region_weight.sum())
        else:
            frame["region_id"] = None
        parts.append(frame)
    log = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
    log = log.sort_values(["happened_on", "kind", "member_id"], ignore_index=True)
    log["activity_id"] = np.arange(1, len(log) + 1)
    log["note"] = _notes(log, seed)
    return log


def _notes(log: pd.DataFrame, seed: int) -> pd.Series:
    """Return the notes of the acts: of a correspondent, an invented name of its own."""
    notes = pd.Series(None, index=log.index, dtype=object)
    named = log.index[log["kind"] == "correspondent"]
    places = stream(seed, "correspondent names").permutation(len(GIVEN_NAMES) * len(FAMILY_NAMES))
    for row, place in zip(named, np.resize(places, len(named)), strict=True):
        given, family = divmod(int(place), len(FAMILY_NAMES))
        notes[row] = f"{GIVEN_NAMES[given]} {FAMILY_NAMES[family]}"
    return notes


def _occasions(
    kind: Kind,
    members: pd.DataFrame,
    weight: np.ndarray,
    days: int,
    last: pd.Timestamp,
    rng: np.random.Generator,
) -> tuple[pd.DatetimeIndex, np.ndarray]:
    """Return the dates and, where members take part, their positions."""
    count_members = len(members)
    if kind.kind == "survey":
        surveys = [
            pd.Timestamp(year, SURVEY_MONTH, 1)
            for year in range(FIRST_DAY.year, last.year + 1)
            if pd.Timestamp(year, SURVEY_MONTH, 1) <= last
        ]
        joined = members["joined_on"].to_numpy()
        pairs = [(day, at) for day in surveys for at in range(count_members) if joined[at] <= day]
        return (
            pd.DatetimeIndex([day for day, _ in pairs]),
            np.array([at for _, at in pairs], dtype=np.int64),
        )
    if kind.kind == "report":
        years = range(FIRST_DAY.year, last.year + 1)
        days_of_issue = [pd.Timestamp(year, 6, 20) for year in years]
        reports = pd.DatetimeIndex([day for day in days_of_issue if day <= last])
        return reports, np.zeros(len(reports), dtype=np.int64)
    # The pace of work rises over the years of the strategy.
    count = int(kind.per_year * days / 365.25)
    offsets = np.floor(np.sort(days * rng.beta(1.15, 1.0, count)))
    dates = FIRST_DAY + pd.to_timedelta(offsets, unit="D")
    chosen = rng.choice(count_members, count, p=weight / weight.sum())
    joined = members["joined_on"].to_numpy()[chosen]
    if kind.kind == "correspondent":
        # One is named once; who has none gets none twice.
        order = rng.permutation(np.flatnonzero(weight > 0))[: int(0.85 * count_members)]
        chosen = order[:count]
        dates, joined = dates[: len(chosen)], members["joined_on"].to_numpy()[chosen]
    keep = joined <= dates.to_numpy()
    return dates[keep], chosen[keep]


def check_ins(framework: Framework, today: date, seed: int) -> pd.DataFrame:
    """Draw the owners' progress reports.

    Parameters
    ----------
    framework : Framework
        Its key results are reported on.
    today : date
        Nothing is reported after it.
    seed : int
        The sample's seed.

    Returns
    -------
    DataFrame
        Rows of ``fct_check_in`` by date. ``value`` is missing where the key
        result is computed from the warehouse or the activity log.
    """
    rows = []
    for result in framework.key_results:
        rows.extend(_reports(result, today, stream(seed, f"check-in {result.id}")))
    columns = ["key_result_id", "checked_in_on", "value", "confidence", "note", "author"]
    frame = pd.DataFrame(rows, columns=columns)
    frame = frame.sort_values(["checked_in_on", "key_result_id"], ignore_index=True)
    frame["check_in_id"] = np.arange(1, len(frame) + 1)
    return frame


def _reports(
    result: KeyResult, today: date, rng: np.random.Generator
) -> list[tuple[str, pd.Timestamp, float | None, float, str | None, str]]:
    start, end = pd.Timestamp(result.started_on), pd.Timestamp(result.deadline_on)
    last = pd.Timestamp(today)
    pace = float(rng.choice([1.15, 0.95, 0.6, 0.25, -0.1], p=[0.25, 0.35, 0.2, 0.12, 0.08]))
    is_stale = rng.random() < STALE_SHARE
    is_doubtful = rng.random() < DOUBTFUL_SHARE
    silence = int(result.cadence_days * rng.uniform(1.5, 4)) * int(is_stale)
    stops = last - pd.Timedelta(days=silence)
    trust = float(np.clip(0.25 + 0.55 * pace, 0.1, 0.95))
    trust = 1 - trust if is_doubtful else trust
    reports: list[tuple[str, pd.Timestamp, float | None, float, str | None, str]] = []
    day = start + pd.Timedelta(days=int(result.cadence_days * rng.uniform(0.5, 1.1)))
    stops = max(stops, min(day, last))  # nobody falls silent before the first report
    while day <= stops:
        expected = min(1.0, (day - start) / (end - start))
        reached = result.baseline + (result.target - result.baseline) * expected * pace
        value = reached + 0.03 * abs(result.target - result.baseline) * rng.normal()
        value = max(0.0, value)
        if result.unit == "share":
            value = min(1.0, value)
        elif result.unit == "count":
            value = float(round(value))
        confidence = float(np.clip(trust + rng.normal(0, 0.06), 0.05, 0.99))
        reports.append(
            (
                result.id,
                day.normalize(),
                value if result.source == "check_in" else None,
                round(confidence, 2),
                None,
                result.owner,
            )
        )
        day += pd.Timedelta(days=int(result.cadence_days * rng.uniform(0.85, 1.15)))
    return reports


INDICATOR_COURSES: Final = {
    # indicator: lowest, highest, gain a year, last year's lag
    "spi_overall": (25.0, 92.0, 0.8, 1),
    "lpi_customs": (1.8, 4.2, 0.01, 1),
    "revenue_share": (0.38, 0.02, -0.002, 1),
    "clearance_hours": (160.0, 4.0, -1.5, 1),
    "aeo_count": (0.0, 900.0, 12.0, 1),
}
"""Where members of least and greatest capacity stand, and where they go."""


def indicator_values(
    framework: Framework, members: pd.DataFrame, traits: pd.DataFrame, today: date, seed: int
) -> pd.DataFrame:
    """Draw the external scores and the figures of the collections without trade rows.

    Parameters
    ----------
    framework : Framework
        Only its indicators are filled.
    members : DataFrame
        As `traits.sample_members` gives them.
    traits : DataFrame
        As `traits.member_traits` gives them.
    today : date
        The last year is the one before.
    seed : int
        The sample's seed.

    Returns
    -------
    DataFrame
        Rows of ``fct_indicator``; about one in twenty is missing.
    """
    parts = []
    for indicator in framework.indicators:
        if indicator.id not in INDICATOR_COURSES:
            continue
        low, high, gain, lag = INDICATOR_COURSES[indicator.id]
        rng = stream(seed, f"indicator {indicator.id}")
        years = np.arange(2016, today.year - lag + 1)
        shape = (len(years), len(members))
        capacity = np.clip(traits["capacity"].to_numpy() + rng.normal(0, 0.1, shape[1]), 0, 1)
        if indicator.id in ("clearance_hours", "aeo_count"):
            level = (
                low + (high - low) * capacity**2 if low < high else low * ((high / low) ** capacity)
            )
        else:
            level = low + (high - low) * capacity
        value = level[None, :] + gain * (years - 2016)[:, None]
        value = value + 0.02 * abs(high - low) * rng.standard_normal(shape)
        value = np.clip(value, min(low, high) * 0.5, max(low, high) * 1.1)
        if indicator.id == "aeo_count":
            value = np.round(value)
        keep = rng.random(shape) > 0.05
        row, column = np.nonzero(keep)
        parts.append(
            pd.DataFrame(
                {
                    "member_id": members["member_id"].to_numpy()[column],
                    "indicator_id": indicator.id,
                    "year": years[row],
                    "value": value[row, column],
                    "source": "Synthetic sample",
                }
            )
        )
    if not parts:
        return pd.DataFrame(columns=["member_id", "indicator_id", "year", "value", "source"])
    return pd.concat(parts, ignore_index=True)
