"""When every member submitted what it owed: the submission log of the sample.

Receipts, rejections, revisions, channels and layouts follow from the members'
traits. It must not know what the submissions contain, nor touch a database.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import pandas as pd

from dashboard.framework import Collection, Framework
from dashboard.warehouse.sample.draws import Flags, Floats, Integers, stream
from dashboard.warehouse.sample.gravity import VOLUNTARY_REPORTERS
from dashboard.warehouse.sample.traits import HardCases

EPOCH_YEAR: Final = 2016
EARLIEST_DAYS: Final = 4
"""Nobody delivers a period sooner than this after its end."""

PANDEMIC: Final = (202003, 202008)
PANDEMIC_SLIP: Final = 1.18
UNLOGGED_PERIODS: Final = 2
UNLOGGED_SHARE: Final = 0.4
"""Of the first periods, so many receipts are known without their day."""

THE_ONLY_PERIOD: Final = 1
"""Of its periods, the one that the member with a single submission sent."""

REVISED_AGAIN_SHARE: Final = 0.2
LONGEST_HISTORY_QUARTERS: Final = 400
SAME_DELAY_DAYS: Final = 6
"""Days before the due day on which the member without variance delivers."""

COLUMNS: Final = (
    *("submission_id", "reporter_id", "collection_id", "period_id", "revision", "received_at"),
    *("received_bound", "absent_at", "known_at", "superseded_at", "channel", "is_accepted"),
    *("has_data", "layout_id", "is_final"),
)


@dataclass(frozen=True, slots=True)
class _Owed:
    """The obligations of one collection as a table of periods and members."""

    collection: Collection
    period_ids: Integers
    ends_on: pd.DatetimeIndex
    members: pd.DataFrame
    owes: Flags
    is_waived: Flags


def submission_log(
    framework: Framework,
    members: pd.DataFrame,
    traits: pd.DataFrame,
    cases: HardCases,
    *,
    today: date,
    seed: int,
) -> pd.DataFrame:
    """Draw all submissions received by a day.

    Parameters
    ----------
    framework : Framework
        What is owed from when.
    members : DataFrame
        As `traits.sample_members` gives them.
    traits : DataFrame
        As `traits.member_traits` gives them.
    cases : HardCases
        Members that are deliberately odd.
    today : date
        Nothing is received after it.
    seed : int
        The sample's seed.

    Returns
    -------
    DataFrame
        One row per submission in the order of receipt, with the columns of
        `COLUMNS`; times are UTC, missing where the day is not known.
        ``is_final`` tells that no revision follows, now or later.
    """
    people = members.merge(traits, on="member_id")
    logs = []
    for collection in framework.collections:
        owed = _owed(collection, framework, people, cases, today)
        if len(owed.period_ids):
            logs.append(_collection_log(owed, cases, seed))
    logs.append(_voluntary_log(framework, today, seed))
    log = pd.concat(logs, ignore_index=True)
    log = log[log["known_at"] < pd.Timestamp(today) + pd.Timedelta(days=1)]
    log = _silence(log, cases, today)
    return _numbered(log, framework)


def _owed(
    collection: Collection,
    framework: Framework,
    people: pd.DataFrame,
    cases: HardCases,
    today: date,
) -> _Owed:
    monthly = collection.frequency == "M"
    starts = pd.Period(collection.starts, freq="M")
    last = pd.Timestamp(today).to_period("M") - 1
    if collection.ends is not None:
        last = min(last, pd.Period(collection.ends, freq="M"))
    if monthly:
        periods = pd.period_range(starts, last, freq="M")
        period_ids = (periods.year * 100 + periods.month).to_numpy()
    else:
        final = last.year if last.month == 12 else last.year - 1
        periods = pd.period_range(str(starts.year), str(final), freq="Y")
        period_ids = periods.year.to_numpy()
    begins_on = periods.start_time
    ends_on = periods.end_time.normalize()
    joined = people["joined_on"].to_numpy()
    owes = begins_on.to_numpy()[:, None] >= joined[None, :]
    iso3 = people["iso3"].to_numpy(dtype=str)
    if collection.owed_by != "all":
        owes &= np.isin(iso3, collection.owed_by)[None, :]
    owes &= ~np.isin(iso3, collection.exempt)[None, :]
    months = ends_on.strftime("%Y-%m").to_numpy(dtype=str)
    waived = np.zeros_like(owes)
    for waiver in framework.waivers:
        if waiver.collection == collection.id:
            inside = (months >= waiver.first) & (months <= waiver.last)
            waived |= inside[:, None] & (iso3 == waiver.member)[None, :]
    if collection.domain == "revenue":
        owes &= (people["member_id"] != cases.owes_a_whole_collection).to_numpy()[None, :]
    return _Owed(collection, period_ids.astype(np.int64), ends_on, people, owes, waived)


@dataclass(frozen=True, slots=True)
class _Draws:
    """Random tables of periods and members, one independent stream for each purpose.

    They are filled period by period, so a later day leaves the past as it was.
    """

    seed: int
    collection_id: str
    shape: tuple[int, int]

    def rng(self, purpose: str) -> np.random.Generator:
        return stream(self.seed, f"receipts {self.collection_id} {purpose}")

    def uniform(self, purpose: str) -> Floats:
        return self.rng(purpose).random(self.shape)

    def normal(self, purpose: str) -> Floats:
        return self.rng(purpose).standard_normal(self.shape)


def _delays(owed: _Owed, cases: HardCases, draws: _Draws) -> Floats:
    """Return the days from the period's end to the first receipt; NaN where there is none."""
    people, allowed = owed.members, float(owed.collection.due_days)
    count = len(people)
    own = draws.normal("delay")
    lost = draws.uniform("lost") < people["lost_share"].to_numpy()[None, :]
    taste = np.exp(draws.rng("taste").normal(0, 0.10, count))
    quarters = np.asarray((owed.ends_on.year - EPOCH_YEAR) * 4 + owed.ends_on.quarter)
    shock = draws.rng("quarters").standard_normal((LONGEST_HISTORY_QUARTERS, count))[quarters]
    years = (np.asarray(owed.ends_on.year + owed.ends_on.month / 12) - EPOCH_YEAR)[:, None]
    # A trend turns about the fifth year, and levels off four years after it.
    drift = people["trend"].to_numpy()[None, :] * np.clip(years - 5, -5, 4)
    delay = (
        allowed
        * people["median_delay"].to_numpy()[None, :]
        * taste[None, :]
        * np.exp(people["spread"].to_numpy()[None, :] * (0.85 * own + 0.5 * shock) + drift)
    )
    pandemic = (owed.period_ids >= PANDEMIC[0]) & (owed.period_ids <= PANDEMIC[1])
    delay *= np.where(pandemic, PANDEMIC_SLIP, 1.0)[:, None]
    if owed.collection.frequency == "M":
        is_december = np.asarray(owed.ends_on.month == 12)[:, None]
        delay *= 1 + is_december * people["december_slip"].to_numpy()[None, :]
        # Some members deliver a whole quarter with its last month.
        wait = np.asarray((3 - owed.ends_on.month) % 3)[:, None] * 30.4
        delay += wait * people["is_batching"].to_numpy()[None, :]
    perfect = people["is_perfect"].to_numpy()[None, :]
    delay = np.where(perfect, np.minimum(delay * 0.85, allowed - 1.2), delay)
    delay = np.maximum(delay, EARLIEST_DAYS + np.abs(own))
    delay = np.where(lost, np.nan, delay)
    same = (people["member_id"] == cases.always_the_same_delay).to_numpy()
    delay[:, same] = allowed - SAME_DELAY_DAYS
    return np.where(owed.owes & ~owed.is_waived, delay, np.nan)


def _collection_log(owed: _Owed, cases: HardCases, seed: int) -> pd.DataFrame:
    """Draw the receipts of one collection: refused, first accepted, and revisions."""
    draws = _Draws(seed, owed.collection.id, (owed.owes.shape[0], owed.owes.shape[1]))
    delay = _delays(owed, cases, draws)
    cells = np.nonzero(np.isfinite(delay))
    people = owed.members.iloc[cells[1]].reset_index(drop=True)
    same = (people["member_id"] == cases.always_the_same_delay).to_numpy()
    base = _first_receipts(owed, people, same, delay, draws)
    # The share of rejections falls as members learn.
    learned = 1.5 * np.exp(-np.maximum(base["age"].to_numpy(), 0) / 150)
    rejected = ~same & (
        draws.uniform("reject")[cells] < people["rejected_share"].to_numpy() * learned
    )
    revised = ~same & (draws.uniform("revise")[cells] < people["revised_share"].to_numpy())
    again = revised & (draws.uniform("again")[cells] < REVISED_AGAIN_SHARE)

    def later(frame: pd.DataFrame, days: Floats) -> pd.DataFrame:
        at = frame["received_at"] + pd.to_timedelta(days[cells], unit="D")
        return frame.assign(received_at=at.dt.floor("s"))

    shape = draws.shape
    resent = later(base, 1 + draws.rng("resent after").exponential(7, shape))
    accepted = resent.where(pd.Series(rejected), base)
    second = later(accepted, draws.rng("revised after").lognormal(np.log(45), 1.0, shape))
    third = later(second, draws.rng("again after").lognormal(np.log(90), 0.8, shape))
    first = _bounds(accepted, people, rejected, draws.uniform("bound")[cells], owed.collection)
    steps = (
        base[rejected].assign(is_accepted=False, has_data=False, is_final=False),
        first.assign(is_accepted=True, has_data=True, is_final=~revised),
        second.assign(is_accepted=True, has_data=True, is_final=~again)[revised],
        third.assign(is_accepted=True, has_data=True, is_final=True)[again],
    )
    parts = [part.assign(step=step) for step, part in enumerate(steps)]
    return _known(pd.concat(parts, ignore_index=True))


def _first_receipts(
    owed: _Owed, people: pd.DataFrame, same: Flags, delay: Floats, draws: _Draws
) -> pd.DataFrame:
    """Return what was sent first for each obligation that anything was sent for."""
    row, column = np.nonzero(np.isfinite(delay))
    hour = 6.5 + 13 * draws.uniform("hour")[row, column]
    days = np.floor(delay[row, column]) + np.where(same, 10.0, hour) / 24
    ends_on = owed.ends_on[row]
    age = np.asarray((owed.ends_on.year - EPOCH_YEAR) * 12 + owed.ends_on.month)[row]
    chance = draws.uniform("channel")[row, column]
    return pd.DataFrame(
        {
            "reporter_id": people["member_id"].to_numpy(),
            "collection_id": owed.collection.id,
            "period_id": owed.period_ids[row],
            "ends_on": ends_on,
            "age": age,
            "received_at": (ends_on + pd.to_timedelta(days, unit="D")).floor("s"),
            "row": row,
            "channel": _channels(people, age, chance),
            "layout_id": _layouts(owed.collection, people, age, chance),
        }
    )


def _channels(people: pd.DataFrame, age: Integers, chance: Floats) -> list[str]:
    portal = age >= people["portal_from"].to_numpy()
    harvested = people["is_harvested"].to_numpy()
    after = np.where(chance < 0.93, "portal", np.where(chance < 0.97, "api", "email"))
    before = np.where(chance < 0.6, "email", "file")
    return list(np.where(harvested, "public_api", np.where(portal, after, before)))


def _layouts(
    collection: Collection, people: pd.DataFrame, age: Integers, chance: Floats
) -> list[str | None]:
    if not collection.layouts:
        return [None] * len(people)
    standard = (age >= people["standard_from"].to_numpy()) & (chance > 0.02)
    standard |= people["is_harvested"].to_numpy()
    return list(np.where(standard, "comtrade_current", "comtrade_old"))


def _bounds(
    frame: pd.DataFrame,
    people: pd.DataFrame,
    rejected: Flags,
    chance: Floats,
    collection: Collection,
) -> pd.DataFrame:
    """Some days are only known by an upper bound, and the log's first ones not at all."""
    frame = frame.assign(received_bound="exact")
    unlogged = (
        (frame["row"] < UNLOGGED_PERIODS).to_numpy()
        & (chance < UNLOGGED_SHARE)
        & ~rejected
        & (collection.frequency == "M")
    )
    frame["received_bound"] = frame["received_bound"].mask(unlogged, "unknown")
    frame["received_at"] = frame["received_at"].mask(unlogged)
    harvested = (people["is_harvested"].to_numpy() & ~unlogged) & (collection.domain == "trade")
    snapshot = frame["received_at"].dt.normalize()
    snapshot += pd.to_timedelta(7 - snapshot.dt.day_of_week, unit="D") + pd.Timedelta(hours=5)
    frame["received_bound"] = frame["received_bound"].mask(harvested, "upper")
    frame["received_at"] = frame["received_at"].mask(harvested, snapshot)
    frame["absent_at"] = (snapshot - pd.Timedelta(days=7)).where(harvested)
    return frame


def _known(log: pd.DataFrame) -> pd.DataFrame:
    day_after = log["ends_on"] + pd.Timedelta(days=1)
    log["received_bound"] = log["received_bound"].fillna("exact")
    log["known_at"] = log["received_at"].fillna(day_after)
    return log


def _voluntary_log(framework: Framework, today: date, seed: int) -> pd.DataFrame:
    """Receipts of reporters that are no members: they owe nothing and are never late."""
    collection = framework.collection("trade_monthly")
    last = pd.Timestamp(today).to_period("M") - 1
    periods = pd.period_range(pd.Period(collection.starts, freq="M"), last, freq="M")
    delay = stream(seed, "voluntary").normal(50, 8, (len(periods), len(VOLUNTARY_REPORTERS)))
    row, column = np.indices(delay.shape).reshape(2, -1)
    ends_on = periods.end_time.normalize()[row]
    frame = pd.DataFrame(
        {
            "reporter_id": np.array(VOLUNTARY_REPORTERS)[column],
            "collection_id": collection.id,
            "period_id": (periods.year * 100 + periods.month).to_numpy()[row],
            "ends_on": ends_on,
            "received_at": (ends_on + pd.to_timedelta(delay[row, column], unit="D")).floor("s"),
            "received_bound": "exact",
            "absent_at": pd.NaT,
            "channel": "email",
            "layout_id": "comtrade_current",
            "is_accepted": True,
            "has_data": True,
            "is_final": True,
            "step": 1,
        }
    )
    return _known(frame)


def _silence(log: pd.DataFrame, cases: HardCases, today: date) -> pd.DataFrame:
    """Take away what the odd members did not send."""
    own = log["reporter_id"]
    year_ago = pd.Timestamp(today) - pd.DateOffset(years=1)
    drop = own == cases.never_submits
    drop |= (own == cases.silent_last_year) & (log["known_at"] > year_ago)
    once = log[(own == cases.submits_once) & (log["collection_id"] == "trade_monthly")]
    once = once[once["is_accepted"] & (once["step"] == 1)]
    kept = once.sort_values("period_id").index[THE_ONLY_PERIOD : THE_ONLY_PERIOD + 1]
    drop |= (own == cases.submits_once) & ~log.index.isin(kept)
    return log[~drop]


def _numbered(log: pd.DataFrame, framework: Framework) -> pd.DataFrame:
    """Number submissions in the order of receipt, and revisions within each obligation."""
    place = {collection.id: number for number, collection in enumerate(framework.collections)}
    log = log.assign(place=log["collection_id"].map(place))
    log = log.sort_values(
        ["known_at", "place", "period_id", "reporter_id", "step"], ignore_index=True
    )
    log["submission_id"] = np.arange(1, len(log) + 1)
    obligation = ["reporter_id", "collection_id", "period_id"]
    log["revision"] = log.groupby(obligation).cumcount()
    accepted = log[log["is_accepted"]]
    log["superseded_at"] = accepted.groupby(obligation)["known_at"].shift(-1)
    # A trade file carries rows; of the other collections only the receipt is on record.
    is_trade = log["collection_id"].map({c.id: c.domain == "trade" for c in framework.collections})
    log["has_data"] = log["has_data"].astype(bool) & is_trade
    return log[list(COLUMNS)]
