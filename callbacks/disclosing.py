"""What of each frame is told to an audience that does not name every member.

All of it on one page, so that it can be judged on one page. A frame that is not here is closed:
whoever adds one decides here, in so many words, that it may be opened.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Final

import pandas as pd

from callbacks.services import Services, Sight, computing
from dashboard.disclosure import (
    ALL,
    Anonymous,
    Closed,
    Disclosure,
    Named,
    Open,
    Pooled,
    Source,
    anonymous_rows,
    named_rows,
    names_hidden,
    pooled_rows,
    without,
)
from dashboard.errors import ClosedError
from dashboard.flows import of_trade
from dashboard.selection import Selection
from queries import quality_parts, timeliness

_MEMBERS: Final = Named()
_CHECKED: Final = ("submissions",)
_RULES: Final = Pooled((), _CHECKED)
_RUN: Final = (
    *("run", "written_at", "generation", "run_framework", "run_method", "seed", "range_first"),
    *("range_last", "hash", "flaws", "members_ranked", "what_changed", "moved", "largest_move"),
    *("tier_changes", "rank_rho"),
)
"""Of a scoring run all but the name that somebody typed."""

DISCLOSURES: Final[Mapping[str, Disclosure]] = {
    # The ranking: places, bands and tiers of everybody. A score is rounded, and the parts of it
    # and the movement since are left out: with them who knows a member's figures finds its row.
    "ranking": Anonymous(
        {
            "incentive_score": 1.0,
            "rank": None,
            "rank_median": None,
            "rank_low": None,
            "rank_high": None,
            "standing": None,
            "tier": None,
            "tier_probability": 0.05,
            "group": None,
        },
        order=("rank",),
    ),
    # Of a tier with one member the mean probability is that member's: its row would be known.
    "tier_counts": Pooled(("region_id",), has_all=True, blank=("tier_probability",)),
    # Rows of members: those of the named ones.
    "pillars": _MEMBERS,
    "obligation_status": _MEMBERS,
    "status_board": _MEMBERS,
    "every_collection": _MEMBERS,
    "member_collections": _MEMBERS,
    "trade_weights": _MEMBERS,
    "on_time_by_member": _MEMBERS,
    "overdue": _MEMBERS,
    "member_delay_trends": _MEMBERS,
    "arrival_forecast": _MEMBERS,
    "due_next_month": _MEMBERS,
    "due_obligations": _MEMBERS,
    "derogations": _MEMBERS,
    "releases": _MEMBERS,
    "revised_figures": _MEMBERS,
    "revision_sizes": _MEMBERS,
    "revision_triangle": _MEMBERS,
    "quality_parts": _MEMBERS,
    "quality_by_member": _MEMBERS,
    "quality_of_members": _MEMBERS,
    "remedies": _MEMBERS,
    "remedies_of_members": _MEMBERS,
    "rule_failures_by_member": _MEMBERS,
    "rule_failures_of_all": _MEMBERS,
    "outside_scores": _MEMBERS,
    "outside_members": _MEMBERS,
    "member_trade": _MEMBERS,
    "member_profiles": _MEMBERS,
    "member_facts": _MEMBERS,
    "member_obligations": _MEMBERS,
    "member_on_time_by_period": _MEMBERS,
    "member_due_dates": _MEMBERS,
    "member_rules": _MEMBERS,
    "member_comparison": _MEMBERS,
    "since_members": _MEMBERS,
    "member_series": Named(member=None),
    # How key results are computed, and what came after training, members on both sides pooled.
    "key_result_receipt": Open(),
    "training_effects": Open(),
    "scoring_moves": _MEMBERS,
    "recognition_given": _MEMBERS,
    # Figures of several members, where none or enough of them are nameless.
    "key_figures": Pooled((), ("obligations", "submissions"), is_compared=True),
    "key_figure_series": Pooled(("period_id",), ("obligations", "submissions")),
    "status_history": Pooled(("period_id",)),
    "timeliness_by_period": Pooled(("period_id",)),
    "timeliness_totals": Pooled(("span",)),
    "on_time_by_region": Pooled(("region_id",)),
    "on_time_over_time": Pooled(("series_id", "period_id")),
    "status_by_region": Pooled(("region_id", "period_id")),
    "on_time_by_collection": Pooled(("collection_id", "period_id")),
    "delay_curve": Pooled(("group",)),
    "delay_summary": Pooled(("group",)),
    "delay_estimates": Pooled(("collection_id",)),
    "delay_trend_chance": Pooled(()),
    "late_next_month": Pooled(("region_id",)),
    "forecast_reliability": Pooled(()),
    "forecast_scores": Pooled(()),
    "due_calendar": Pooled(("collection_id",)),
    "due_by_region": Pooled(("region_id", "collection_id")),
    "collection_coverage": Pooled(("collection_id", "period_id")),
    "revision_regions": Pooled(("region_id",), _CHECKED),
    "revision_ages": Pooled(("group",), _CHECKED),
    "quality_by_region": Pooled(("region_id",), _CHECKED),
    "quality_by_period": Pooled(("region_id", "period_id"), _CHECKED, has_all=True),
    "quality_totals": Pooled(("span",), _CHECKED),
    "rule_failures": _RULES,
    "rule_catalogue": _RULES,
    "rule_failures_of_each_period": Pooled(("period_id",), _CHECKED),
    "rule_failures_by_period": Pooled(("period_id",), _CHECKED),
    "outside_agreement": Pooled((), _CHECKED),
    # Trade as members publish it, of regions and of the world, with how much is estimated.
    "region_flows": Open(is_published=True),
    "commodity_trade": Open(is_published=True),
    "trade_history": Open(is_published=True),
    "trade_series": Open(is_published=True),
    # What is of no member: the strategy, the warehouse. People's notes may name one.
    "key_results": Open(),
    "key_result_series": Open(),
    "check_ins": Open(
        (
            *("key_result_id", "checked_in_on", "value", "confidence", "channel", "number"),
            *("written_at", "warehouse_version", "known_value", "known_status"),
        )
    ),
    "check_ins_due": Open(),
    "schemes": Open(),  # weights; those by spread are of all members together
    "key_result_forecast": Open(),
    "key_result_status_by_month": Open(),
    "forecast_backtest": Open(),
    "since_key_results": Open(),
    "collections_held": Open(),
    "scoring_runs": Open(_RUN),
    "warehouse_facts": Open(),
}
"""Name of a frame to what is told of it."""


def is_open(disclosure: Disclosure, sight_mode: str, columns: Collection[str]) -> bool:
    """Tell whether an audience can get anything of a frame, before it is read.

    Parameters
    ----------
    disclosure : Disclosure
        Of the frame.
    sight_mode : str
        Mode of the audience.
    columns : collection of str
        Of the frame.

    Returns
    -------
    bool
        False where :func:`disclosed` is sure to raise.
    """
    if sight_mode == "everything":
        return True
    if isinstance(disclosure, Closed):
        return False
    if sight_mode != "tiers":
        return True
    if isinstance(disclosure, Named | Anonymous):
        return False
    has_all = isinstance(disclosure, Pooled) and disclosure.has_all
    return has_all or not any(_is_regional(name) for name in columns)


def disclosed(
    name: str,
    frame: pd.DataFrame,
    fields: frozenset[str],
    services: Services,
    selection: Selection,
    sight: Sight,
) -> pd.DataFrame:
    """Return what an audience gets of a frame.

    Parameters
    ----------
    name : str
        Of the frame.
    frame : DataFrame
        All of it.
    fields : frozenset of str
        Fields of the selection that it depends on.
    services : Services
        For who is behind pooled figures, and the key of pseudonyms.
    selection : Selection
        Resolved and narrowed to ``fields``.
    sight : Sight
        Who looks on; not everybody.

    Returns
    -------
    DataFrame
        With the same columns.

    Raises
    ------
    ClosedError
        If it gets nothing.
    """
    told = _told(name, frame, fields, services, selection, sight)
    if sight.audience.mode == "tiers":
        told = _without_regions(told)
    if names_hidden(told, sight.hidden):
        raise ClosedError(f"Frame {name!r} would name a member that this audience may not see.")
    return told


def _told(
    name: str,
    frame: pd.DataFrame,
    fields: frozenset[str],
    services: Services,
    selection: Selection,
    sight: Sight,
) -> pd.DataFrame:
    disclosure = DISCLOSURES.get(name)
    closed = ClosedError(f"Frame {name!r} is not shown to this audience.")
    if disclosure is None or not is_open(disclosure, sight.audience.mode, frame.columns):
        raise closed
    match disclosure:
        case Open(kept, is_published):
            if is_published and (selection.source or "reported") != "reported":
                raise closed
            shown = frame.columns if kept is None else kept
            return without(frame, [name for name in frame.columns if name not in shown])
        case Named(blank, member):
            rows = frame if member is None else named_rows(frame, sight.named, member)
            return without(rows, blank)
        case Anonymous():
            generation, key = services.generation.version, services.config.pseudonym_key
            picture = f"{generation} {name} {sight.audience} {selection}"
            return anonymous_rows(frame, disclosure, sight.named, key, picture)
        case Pooled(keys, sources, is_compared, _, blank):
            ranges = [selection]
            if is_compared:
                frequency = _frequency(services, selection)
                ranges.append(timeliness.range_before(selection, frequency))
            for source, one in itertools.product(sources, ranges):
                behind = _behind(source, keys, fields, services, one)
                frame = pooled_rows(frame, keys, behind, sight.named)
            return without(frame, blank)
    raise closed


def _is_regional(column: str) -> bool:
    return column.endswith("region_id")


def _without_regions(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that are of no region; nobody's region is told to who sees tiers alone."""
    for column in filter(_is_regional, frame.columns):
        frame = frame[frame[column].eq(ALL)]
    if "kind" in frame.columns and "series_id" in frame.columns:
        frame = frame[frame["kind"].eq(ALL)]
    return frame.reset_index(drop=True)


def _behind(
    source: Source,
    keys: Collection[str],
    fields: frozenset[str],
    services: Services,
    selection: Selection,
) -> pd.DataFrame:
    """Return which members are behind figures, with the columns that tell those apart."""
    asked = selection.resolve(services.catalogue)
    if "first" not in fields:
        asked = replace(asked, first=services.catalogue.months[0])
    whole = replace(asked, members=(), regions=())
    before = timeliness.range_before(asked, _frequency(services, asked))
    if {"period_id", "span"} & set(keys):
        whole = replace(whole, first=min(asked.first or "", before.first or ""))
    everybody = _members_of(source, "collection" in fields, services, whole)
    scoped = everybody
    if asked.members:
        scoped = everybody[everybody["member_iso3"].isin(asked.members)]
    elif asked.regions:
        scoped = everybody[everybody["region_id"].isin(asked.regions)]
    if "span" in keys:
        first = int((asked.first or "").replace("-", "")[: 6 if _is_monthly(scoped) else 4])
        is_selected = scoped["period_id"] >= first
        return scoped.assign(span=is_selected.map({True: "selected", False: "before"}))
    if "series_id" in keys:
        return pd.concat(
            [
                everybody.assign(series_id=everybody["region_id"]),
                everybody.assign(series_id=everybody["member_iso3"]),
                everybody.assign(series_id=ALL),
            ]
        )
    if "group" in keys:
        return pd.concat(
            [
                everybody.assign(group=ALL),
                everybody.assign(group=everybody["region_id"]),
                scoped.assign(group="selected"),
            ]
        )
    return scoped


def _frequency(services: Services, selection: Selection) -> str:
    return services.catalogue.collections.get(selection.collection or "", "M")


def _is_monthly(frame: pd.DataFrame) -> bool:
    return bool((frame["period_id"] > 9999).any())


def _members_of(
    source: Source, is_of_collection: bool, services: Services, selection: Selection
) -> pd.DataFrame:
    columns = ["member_iso3", "region_id", "collection_id", "period_id"]

    def read() -> pd.DataFrame:
        with computing():
            if source == "submissions":
                trade = of_trade(selection, services.catalogue)
                found = services.frame(quality_parts.quality_parts(trade))
                return found.assign(collection_id=trade.collection)[columns]
            statement = timeliness.obligation_status(
                selection, every_collection=not is_of_collection
            )
            return services.frame(statement)[columns]

    narrowed = replace(selection, audience=None).only(
        frozenset({"first", "last", "as_of", "collection"})
    )
    key = services.key("members_behind", narrowed, source, is_of_collection)
    return services.cache.frame(key, read)
