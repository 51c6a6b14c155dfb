"""What the frames of the record hold: runs, who moved, overrides and recognition.

All but one of them tell what was written; only who would move now is computed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

import pandas as pd

from callbacks.named import NamedFrame
from callbacks.services import Services
from callbacks.views.incentives import RANKING_FRAME
from callbacks.views.record_entries import known_entries
from dashboard.frames import Column
from dashboard.recognition import given
from dashboard.score_changes import Effect, effect, moves, results_frame
from dashboard.score_overrides import overrides
from dashboard.score_record import (
    OVERRIDE,
    RECOGNITION,
    RUN,
    WITHDRAWAL,
    Entry,
    read_content,
    tampered,
)
from dashboard.scoring_run import results_of
from dashboard.selection import Selection

STEP_LAST: Final = "last"
"""From the run before to the last run."""

STEP_NOW: Final = "now"
"""From the last run to what would be published now."""

STEP_PROPOSED: Final = "proposed"
"""From what would be published now to the same under the framework that is only proposed."""


@lru_cache(maxsize=16)
def _held(content: str) -> Mapping[str, Any]:
    """Return what a run holds; only to be read. The same text gives the same."""
    return read_content(content)


@lru_cache(maxsize=64)
def _results(content: str) -> pd.DataFrame:
    """Return a run's results; only to be read."""
    return results_frame(_held(content).get("results", {}))


def read_runs(services: Services, selection: Selection) -> pd.DataFrame:
    """Return every run, the latest first, with what it changed and whether it holds."""
    entries = known_entries(services, selection)
    findings = tampered(entries, is_quick=True)
    flaws: dict[int, int] = {}
    for one in findings:
        flaws[one.number] = flaws.get(one.number, 0) + 1
    rows: list[dict[str, Any]] = []
    before: Entry | None = None
    for entry in entries:
        if entry.kind != RUN:
            continue
        rows.append(_run_row(entry, before, flaws.get(entry.number, 0)))
        before = entry
    names = [column.name for column in RUN_COLUMNS]
    frame = pd.DataFrame(rows[::-1], columns=names)
    return frame.astype(_kinds(RUN_COLUMNS, dates=("written_at",)))


def _run_row(entry: Entry, before: Entry | None, flaws: int) -> dict[str, Any]:
    held = _held(entry.content)
    framework, chosen = held.get("framework", {}), held.get("selection", {})
    whole: Effect | None = None
    if before is not None:
        whole = effect(moves(_results(before.content), _results(entry.content)))
    return {
        "run": entry.number,
        "written_at": entry.written_at,
        "author": entry.author,
        "generation": held.get("generation"),
        "run_framework": f"{framework.get('id')} {framework.get('version')}",
        "run_method": held.get("method"),
        "seed": held.get("seed"),
        "range_first": chosen.get("first"),
        "range_last": chosen.get("last"),
        "hash": entry.hash,
        "flaws": flaws,
        "members_ranked": int(_results(entry.content)["rank"].notna().sum()),
        "what_changed": ",".join(_changed(held, before)),
        "members_moved": None if whole is None else whole.moved,
        "largest_move": None if whole is None else whole.largest,
        "tier_changes": None if whole is None else whole.tier_changes,
        "rank_rho": None if whole is None else whole.rho,
    }


def _changed(held: Mapping[str, Any], before: Entry | None) -> list[str]:
    """Tell which of a run's premises differ from those of the run before."""
    if before is None:
        return []
    then = _held(before.content)
    pairs = {
        "data": ("generation",),
        "method": ("method", "seed", "draws"),
        "weights": ("scheme",),
        "range": ("selection",),
    }
    found = [name for name, keys in pairs.items() if any(held.get(k) != then.get(k) for k in keys)]
    if held.get("framework", {}).get("sha256") != then.get("framework", {}).get("sha256"):
        found.insert(1 if found[:1] == ["data"] else 0, "framework")
    return found


def _official_results(services: Services, selection: Selection) -> pd.DataFrame:
    """Return what a run of the served generation would hold."""
    whole = Selection(as_of=selection.as_of).resolve(services.catalogue)
    ranking = RANKING_FRAME.read(services, whole.only(RANKING_FRAME.fields))
    return results_frame(results_of(ranking))


def read_moves(services: Services, selection: Selection) -> pd.DataFrame:
    """Return who moved in the last run, who would move now, and by a proposed framework."""
    runs = known_entries(services, selection, (RUN,), last=2)
    parts: list[pd.DataFrame] = []
    proposed = services.proposed
    if runs or proposed is not None:
        now = _official_results(services, selection)
        if proposed is not None:
            then = _official_results(proposed, selection)
            parts.append(moves(now, then).assign(step=STEP_PROPOSED))
        if runs:
            parts.append(moves(_results(runs[-1].content), now).assign(step=STEP_NOW))
        if len(runs) > 1:
            last = moves(_results(runs[-2].content), _results(runs[-1].content))
            parts.append(last.assign(step=STEP_LAST))
    names = [column.name for column in MOVE_COLUMNS]
    frame = pd.concat(parts) if parts else pd.DataFrame(columns=names)
    frame = frame.rename(columns={"score": "score_after", "rank": "rank_after"})
    frame = frame.rename(columns={"tier": "tier_after", "change": "places_gained"})
    return frame[names].astype(_kinds(MOVE_COLUMNS)).reset_index(drop=True)


def read_overrides(services: Services, selection: Selection) -> pd.DataFrame:
    """Return every override, the latest first; a withdrawn one stays."""
    entries = known_entries(services, selection, (OVERRIDE, WITHDRAWAL))
    regions = services.catalogue.members
    rows = [
        {
            "entry": one.number,
            "run": one.run,
            "written_at": one.written_at,
            "member_iso3": one.member,
            "region_id": regions.get(one.member),
            "override": one.given,
            "computed": one.computed,
            "reason": one.reason,
            "decided_by": one.by,
            "seconded_by": one.seconded,
            "withdrawn": one.withdrawn,
        }
        for one in reversed(overrides(entries))
    ]
    frame = pd.DataFrame(rows, columns=[column.name for column in OVERRIDE_COLUMNS])
    frame = frame.astype(_kinds(OVERRIDE_COLUMNS, dates=("written_at",)))
    return _in_scope(frame, selection)


def read_given(services: Services, selection: Selection) -> pd.DataFrame:
    """Return what was given, the latest first."""
    entries = known_entries(services, selection, (RECOGNITION,))
    regions = services.catalogue.members
    rows = [
        {
            "entry": one.entry,
            "run": one.run,
            "given_on": one.given_at.replace(hour=0, minute=0, second=0),
            "member_iso3": one.award.member,
            "region_id": regions.get(one.award.member),
            "award": one.award.kind,
            "tier": one.award.tier,
            "override": one.award.override,
            "author": one.given_by,
        }
        for one in reversed(given(entries))
    ]
    frame = pd.DataFrame(rows, columns=[column.name for column in GIVEN_COLUMNS])
    kinds = _kinds(GIVEN_COLUMNS, dates=("given_on",)) | {"override": "Int64"}
    return _in_scope(frame.astype(kinds), selection)


def _in_scope(frame: pd.DataFrame, selection: Selection) -> pd.DataFrame:
    if selection.members:
        frame = frame[frame["member_iso3"].isin(selection.members)]
    elif selection.regions:
        frame = frame[frame["region_id"].isin(selection.regions)]
    return frame.reset_index(drop=True)


def _kinds(columns: Sequence[Column], dates: tuple[str, ...] = ()) -> dict[str, str]:
    kinds = {}
    for column in columns:
        if column.name in dates:
            kinds[column.name] = "datetime64[us]"
        elif column.unit in {"count", "rank"}:
            kinds[column.name] = "Int64"
        else:
            kinds[column.name] = "float64" if column.unit else "str"
    return kinds


RUN_COLUMNS: Final = (
    Column("run", unit="count"),
    Column("written_at"),
    Column("author"),
    Column("generation"),
    Column("run_framework"),
    Column("run_method"),
    Column("seed", unit="count"),
    Column("range_first"),
    Column("range_last"),
    Column("hash"),
    Column("flaws", unit="count"),
    Column("members_ranked", unit="count"),
    Column("what_changed"),
    Column("members_moved", unit="count"),
    Column("largest_move", unit="count"),
    Column("tier_changes", unit="count"),
    Column("rank_rho", unit="index"),
)
MOVE_COLUMNS: Final = (
    Column("step"),
    Column("member_iso3"),
    Column("region_id"),
    Column("rank_before", unit="rank"),
    Column("rank_after", unit="rank"),
    Column("places_gained", unit="count"),
    Column("score_before", unit="score", words="column.run_score_before"),
    Column("score_after", unit="score", words="column.run_score_after"),
    Column("tier_before"),
    Column("tier_after"),
)
OVERRIDE_COLUMNS: Final = (
    Column("entry", unit="count"),
    Column("run", unit="count"),
    Column("written_at"),
    Column("member_iso3"),
    Column("region_id"),
    Column("override"),
    Column("computed"),
    Column("reason"),
    Column("decided_by"),
    Column("seconded_by"),
    Column("withdrawn", unit="count"),
)
GIVEN_COLUMNS: Final = (
    Column("entry", unit="count"),
    Column("run", unit="count"),
    Column("given_on"),
    Column("member_iso3"),
    Column("region_id"),
    Column("award"),
    Column("tier"),
    Column("override"),
    Column("author"),
)

SCOPE: Final = frozenset({"as_of", "regions", "members"})

RUNS: Final = NamedFrame("scoring_runs", RUN_COLUMNS, read_runs, frozenset({"as_of"}), is_live=True)
MOVES: Final = NamedFrame(
    "scoring_moves", MOVE_COLUMNS, read_moves, frozenset({"as_of"}), is_live=True
)
OVERRIDES: Final = NamedFrame(
    "score_overrides", OVERRIDE_COLUMNS, read_overrides, SCOPE, is_live=True
)
GIVEN: Final = NamedFrame("recognition_given", GIVEN_COLUMNS, read_given, SCOPE, is_live=True)
