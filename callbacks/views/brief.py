"""Since we last met: what changed between a day gone by and the as-of day, on one page.

"Then" is what was known then: every figure of it is read as of that day, over the twelve months
that had ended by it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any, Final

import numpy as np
import pandas as pd

from callbacks.named import NamedFrame
from callbacks.services import Services
from callbacks.views import incentives, quality, timeliness
from callbacks.views.quality_scores import in_scope
from callbacks.views.strategy import judge_results
from callbacks.views.strategy_reports import known
from dashboard.frames import BASE_FIELDS, Column
from dashboard.selection import Selection, shift_month
from dashboard.tiers import rising_tiers
from layouts import brief as drawings
from layouts.panels import Panel, View

COMPARED_MONTHS: Final = 12
"""Each day's figures are of the twelve months that had ended by it."""

SPAN: Final = "selected"
SHARED: Final[dict[str, NamedFrame]] = {
    frame.name: frame for module in (timeliness, quality, incentives) for frame in module.FRAMES
}


def shared(services: Services, name: str, one: Selection) -> pd.DataFrame:
    """Return a frame of another view, for a selection of one day."""
    frame = SHARED[name]
    return frame.read(services, one.only(frame.fields))


def on_day(services: Services, selection: Selection, day: date) -> Selection:
    """Return the selection as of a day, over the twelve months that had ended by it."""
    past = None if day == services.catalogue.data_on else day
    bare = replace(selection, as_of=past, since=None, first=None, last=None, base=None)
    resolved = bare.resolve(services.catalogue)
    assert resolved.last is not None
    return replace(resolved, first=shift_month(resolved.last, 1 - COMPARED_MONTHS))


def both_days(selection: Selection) -> dict[str, date]:
    """Return the two days by their names."""
    assert selection.as_of is not None and selection.since is not None
    return {"then": selection.since, "now": selection.as_of}


def read_results(services: Services, selection: Selection) -> pd.DataFrame:
    """Return every key result then and now, the largest move first."""
    days = both_days(selection)
    assessed = {}
    for name, day in days.items():
        past = replace(selection, as_of=day)
        found = known(services, past)
        values = found.values[found.values["measured_on"] <= pd.Timestamp(day)]
        assessed[name] = (judge_results(found.declared, values, found.reports, day), found.reports)
    return compare_results(
        assessed["then"][0], assessed["now"][0], assessed["now"][1], days["then"], days["now"]
    )


def compare_results(
    then: pd.DataFrame, now: pd.DataFrame, reports: pd.DataFrame, since: date, today: date
) -> pd.DataFrame:
    """Put two assessments of the key results side by side.

    Parameters
    ----------
    then, now : DataFrame
        As ``callbacks.views.strategy.judge_results`` gives them.
    reports : DataFrame
        Check-ins known on the later day.
    since, today : date
        The two days.

    Returns
    -------
    DataFrame
        One row per key result, the largest move of its progress first; the columns of the frame
        ``since_key_results``.
    """
    table = now.merge(then, on="key_result_id", how="left", suffixes=("", "_then"))
    fresh = reports[reports["checked_in_on"] > pd.Timestamp(since)]
    counts = fresh.groupby("key_result_id").size()
    move = table["progress"] - table["progress_then"]
    frame = pd.DataFrame(
        {
            "key_result_id": table["key_result_id"],
            "tactic_id": table["tactic_id"],
            "name_en": table["name_en"],
            "name_fr": table["name_fr"],
            "unit": table["unit"],
            "owner": table["owner"],
            "value_then": table["value_then"],
            "value": table["value"],
            "progress_then": table["progress_then"],
            "progress": table["progress"],
            "move": move,
            "status_then": table["status_then"].astype("str"),
            "status": table["status"].astype("str"),
            "is_stale_then": table["is_stale_then"].astype("boolean").fillna(False).astype("bool"),
            "is_stale": table["is_stale"].astype("bool"),
            "last_check_in_on": table["last_check_in_on"],
            "check_in_count": table["key_result_id"].map(counts).fillna(0).astype("int64"),
            "then_on": pd.Timestamp(since),
            "now_on": pd.Timestamp(today),
        }
    )
    order = np.lexsort((frame["key_result_id"].to_numpy(dtype=object), -move.abs().fillna(-1)))
    return frame.take(order)


def read_figures(services: Services, selection: Selection) -> pd.DataFrame:
    """Return the figures of the members in scope, then and now."""
    days = both_days(selection)
    ones = {name: on_day(services, selection, day) for name, day in days.items()}
    found = {name: _figures(services, one) for name, one in ones.items()}
    rows = [
        {
            "figure": figure,
            **{
                column if name == "now" else f"{column}_then": value
                for name in ("then", "now")
                for column, value in zip(PARTS, found[name][figure], strict=True)
            },
            "then_on": pd.Timestamp(days["then"]),
            "now_on": pd.Timestamp(days["now"]),
            "then_range": f"{ones['then'].first}/{ones['then'].last}",
            "now_range": f"{ones['now'].first}/{ones['now'].last}",
        }
        for figure in FIGURES
    ]
    types = dict.fromkeys([f"{part}{end}" for part in PARTS for end in ("_then", "")], "float64")
    frame = pd.DataFrame(rows).astype(types | {"figure": "str"})
    return frame[[column.name for column in FIGURE_COLUMNS]]


FIGURES: Final = ("on_time", "overdue", "quality", "upper_tiers")
PARTS: Final = ("value", "low", "high", "count")
NOTHING: Final = (np.nan,) * len(PARTS)


def _figures(services: Services, one: Selection) -> dict[str, tuple[Any, ...]]:
    """Return value, bounds and count of each figure on one day."""

    def read(name: str) -> pd.DataFrame:
        return shared(services, name, one)

    totals = read("timeliness_totals").set_index("span").loc[SPAN]
    found: dict[str, tuple[Any, ...]] = dict.fromkeys(FIGURES, NOTHING)
    found["on_time"] = (totals["on_time_share"], totals["low"], totals["high"], totals["counted"])
    found["overdue"] = (totals["overdue_count"], np.nan, np.nan, totals["owed"])
    scores = read("quality_totals")
    scores = scores[scores["span"] == SPAN] if "span" in scores else scores
    if len(scores):
        score = scores.iloc[0]
        low: Any = np.nan
        high: Any = np.nan
        if not one.members and len(one.regions) == 1:
            regions = read("quality_by_region").set_index("region_id")
            if one.regions[0] in regions.index:
                row = regions.loc[one.regions[0]]
                low, high = row["quality_score_low"], row["quality_score_high"]
        found["quality"] = (score["quality_score"], low, high, score["member_count"])
    ranked = in_scope(read("ranking"), one).dropna(subset=["incentive_score"])
    if len(ranked):
        upper = upper_tiers(services)
        found["upper_tiers"] = (
            float(ranked["tier"].isin(upper).sum()),
            np.nan,
            np.nan,
            float(len(ranked)),
        )
    return found


def upper_tiers(services: Services) -> tuple[str, ...]:
    """Return the better half of the tiers, the best first."""
    falling = rising_tiers(services.framework.tiers)[::-1]
    return tuple(tier.id for tier in falling[: len(falling) // 2])


def read_members(services: Services, selection: Selection) -> pd.DataFrame:
    """Return the members in scope then and now: rank with its band, tier, what is overdue."""
    days = both_days(selection)
    tables = {}
    for name, day in days.items():
        # Of everybody, as the ranking is: then another scope asks the warehouse nothing.
        one = replace(on_day(services, selection, day), members=(), regions=())
        ranking = shared(services, "ranking", one)
        on_time = shared(services, "on_time_by_member", one)
        ranked = ranking[["member_iso3", "region_id", *RANKED]]
        owed = on_time[["member_iso3", "on_time_share", "overdue"]]
        tables[name] = ranked.merge(owed, on="member_iso3", how="left")
    return compare_members(
        in_scope(tables["then"], selection), in_scope(tables["now"], selection), days
    )


RANKED: Final = ("rank", "rank_low", "rank_high", "tier", "tier_probability", "incentive_score")


def compare_members(then: pd.DataFrame, now: pd.DataFrame, days: dict[str, date]) -> pd.DataFrame:
    """Put the members of two days side by side, the largest move in the ranking first.

    Parameters
    ----------
    then, now : DataFrame
        One row per member with its rank, band, tier, and what is overdue.
    days : dict of str to date
        ``then`` and ``now``.

    Returns
    -------
    DataFrame
        The columns of the frame ``since_members``. ``is_clear``: the bands of the two ranks do
        not overlap.
    """
    table = now.merge(then.drop(columns="region_id"), on="member_iso3", suffixes=("", "_then"))
    number = {
        name: table[name].astype("float64")
        for name in table.columns
        if name.removesuffix("_then") in ("rank", "rank_low", "rank_high", "overdue")
    }
    moved = number["rank_then"] - number["rank"]
    apart = (number["rank_low"] > number["rank_high_then"]) | (
        number["rank_high"] < number["rank_low_then"]
    )
    newly = (number["overdue"].fillna(0) > 0) & (number["overdue_then"].fillna(0) == 0)
    frame = table.assign(
        **number,
        places_gained=moved,
        is_clear=apart,
        newly_owes=newly,
        then_on=pd.Timestamp(days["then"]),
        now_on=pd.Timestamp(days["now"]),
    )
    size = moved.abs().fillna(-1)
    order = np.lexsort((frame["member_iso3"].to_numpy(dtype=object), -size))
    return frame.take(order)[[column.name for column in MEMBER_COLUMNS]]


RESULT_COLUMNS: Final = (
    Column("key_result_id"),
    Column("tactic_id"),
    Column("name_en"),
    Column("name_fr"),
    Column("unit"),
    Column("owner"),
    Column("value_then"),
    Column("value"),
    Column("progress_then", unit="share"),
    Column("progress", measure="progress"),
    Column("move", unit="share", words="column.progress_move"),
    Column("status_then"),
    Column("status"),
    Column("is_stale_then"),
    Column("is_stale"),
    Column("last_check_in_on"),
    Column("check_in_count", unit="count", words="column.new_check_ins"),
    Column("then_on"),
    Column("now_on"),
)
FIGURE_COLUMNS: Final = (
    Column("figure"),
    Column("value_then"),
    Column("low_then"),
    Column("high_then"),
    Column("count_then", unit="count"),
    Column("value"),
    Column("low"),
    Column("high"),
    Column("count", unit="count", words="column.count_now"),
    Column("then_on"),
    Column("now_on"),
    Column("then_range"),
    Column("now_range"),
)
MEMBER_COLUMNS: Final = (
    Column("member_iso3"),
    Column("region_id"),
    Column("rank_then", unit="rank"),
    Column("rank_low_then", unit="rank"),
    Column("rank_high_then", unit="rank"),
    Column("rank", measure="rank"),
    Column("rank_low", unit="rank"),
    Column("rank_high", unit="rank"),
    Column("places_gained", unit="count"),
    Column("is_clear"),
    Column("tier_then"),
    Column("tier_probability_then", unit="share"),
    Column("tier"),
    Column("tier_probability", unit="share"),
    Column("overdue_then", unit="count"),
    Column("overdue", unit="count"),
    Column("newly_owes"),
    Column("then_on"),
    Column("now_on"),
)

SINCE: Final = frozenset({"as_of", "since"})
SCOPE: Final = BASE_FIELDS | SINCE | SHARED["ranking"].fields

RESULTS_FRAME: Final = NamedFrame(
    "since_key_results", RESULT_COLUMNS, read_results, SINCE, is_live=True
)
FIGURES_FRAME: Final = NamedFrame("since_figures", FIGURE_COLUMNS, read_figures, SCOPE)
MEMBERS_FRAME: Final = NamedFrame("since_members", MEMBER_COLUMNS, read_members, SCOPE)

FRAMES: Final = (RESULTS_FRAME, FIGURES_FRAME, MEMBERS_FRAME)

VIEW = View(
    "brief",
    (
        Panel(
            "results",
            ("since_key_results",),
            drawings.draw_results,
            kind="block",
            fields=frozenset({"tactic"}),
            area="full",
            is_announced=True,
        ),
        Panel(
            "members",
            ("since_members", "since_figures"),
            drawings.draw_members,
            kind="block",
            area="full",
            is_announced=True,
        ),
    ),
    controls=drawings.controls,
    parent="strategy",
)
