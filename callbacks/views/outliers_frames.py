"""What the frames of the outlier desk hold: candidates, and all about the chosen case.

Figures come from the generation, states from the log of cases. Nothing is drawn here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from callbacks.named import NamedFrame
from callbacks.services import Services
from callbacks.views.outlier_states import (
    REVISED,
    gone_cases,
    known_log,
    last_events,
    trade_selection,
    with_states,
)
from dashboard.cases import STATES, Case, read_case
from dashboard.flows import is_past
from dashboard.frames import BASE_FIELDS, SCOPE_FIELDS, Column
from dashboard.selection import Selection, months_between, shift_month
from dashboard.stats.outliers import SERIES, panel_scores
from queries import outlier_cases, outliers
from queries.scope import period_bounds

LIST_FIELDS: Final = BASE_FIELDS | {"flow", "commodity", "status"}
CASE_FIELDS: Final = LIST_FIELDS | {"case"}

AROUND: Final = {"M": 12, "A": 3}
"""Frequency to how many periods before and after a figure show what is usual."""


def _is_selected(case: Case, selection: Selection, regions: Any) -> bool:
    months, years = period_bounds(selection)
    low, high = months if case.period_id > 9999 else years
    if selection.members:
        is_inside = case.iso3 in selection.members
    else:
        is_inside = not selection.regions or regions.get(case.iso3) in selection.regions
    code = selection.commodity or ""
    is_of_code = not code or code.startswith(case.code) or case.code.startswith(code)
    return (
        is_inside and is_of_code and low <= case.period_id <= high and (case.flow == selection.flow)
    )


def _columns(frame: pd.DataFrame, columns: Iterable[Column]) -> pd.DataFrame:
    names = [column.name for column in columns]
    frame = frame.reindex(columns=names)
    texts = ["member_iso3", "region_id", "flow_code", "commodity_code", "method"]
    texts += ["case_id", "case_state"]
    numbers = ["rank", "period_id", "point_count", "event_count"]
    kinds = dict.fromkeys(texts, "str") | dict.fromkeys(numbers, "Int64")
    kinds |= {"is_candidate": "boolean", "received_on": "datetime64[us]"}
    floats = [name for name in names if name not in kinds]
    kinds |= dict.fromkeys(floats, "float64")
    return frame.astype({name: kinds[name] for name in names})


def read_outliers(services: Services, selection: Selection) -> pd.DataFrame:
    """Return the cases of the selection, those of most effect first."""
    chosen = trade_selection(services, selection)
    last = last_events(services, chosen)
    found = with_states(services.frame(outliers.candidates(chosen)), last)
    if last is not None and len(last):
        regions = services.catalogue.members
        gone_ids = sorted(set(last.index) - set(found["case_id"]))
        cases = [case for case in map(read_case, gone_ids) if case]
        gone = [case for case in cases if _is_selected(case, chosen, regions)]
        if gone:
            old = gone_cases(services, chosen, last, gone)
            share = "member_share" if len(chosen.members) == 1 else "region_share"
            found = pd.concat([found, old.assign(effect_share=old[share])])
            found = found.sort_values("effect_share", ascending=False, kind="stable")
    if chosen.status in STATES:  # not the status of an obligation
        wanted = {chosen.status} | ({REVISED} if chosen.status == "corrected" else set())
        found = found[found["case_state"].isin(wanted)]
    found = found.assign(rank=np.arange(1, len(found) + 1))
    return _columns(found, OUTLIERS.columns)


def chosen_case(services: Services, selection: Selection) -> Case | None:
    """Return the case that is looked at: the one chosen, else the first of the list."""
    if selection.case:
        return read_case(selection.case)
    first = _first_listed(services, selection)
    return read_case(str(first["case_id"].iloc[0])) if len(first) else None


def _first_listed(services: Services, selection: Selection) -> pd.DataFrame:
    asked = selection.only(LIST_FIELDS)
    key = services.key("first_outlier", asked, services.ledger.stamp())
    return services.cache.frame(key, lambda: _read_first_listed(services, asked))


def _read_first_listed(services: Services, selection: Selection) -> pd.DataFrame:
    """Return the first row of the list; all of it is read only where the log has a say."""
    chosen = trade_selection(services, selection)
    last = last_events(services, chosen)
    if chosen.status in STATES or (last is not None and len(last)):
        return OUTLIERS.read(services, selection).head(1)
    return with_states(services.frame(outliers.candidates(chosen, at_most=1)), last)


def read_case_row(services: Services, selection: Selection, case: Case) -> pd.DataFrame:
    """Return a case as one row, or none if nothing is known of it."""
    last = last_events(services, selection)
    found = with_states(services.frame(outliers.candidate(selection, case)), last)
    if found.empty and last is not None and case.id in last.index:
        found = gone_cases(services, selection, last, [case])
    return _columns(found, OUTLIER_CASE.columns)


def read_outlier_case(services: Services, selection: Selection) -> pd.DataFrame:
    """Return the chosen case."""
    if not selection.case:
        first = _first_listed(services, selection)
        # Where the log has a say it is a row of the list, which tells less than a case.
        if {column.name for column in OUTLIER_CASE.columns} <= set(first.columns):
            return _columns(first, OUTLIER_CASE.columns)
    case = chosen_case(services, selection)
    if case is None:
        return _columns(pd.DataFrame(), OUTLIER_CASE.columns)
    return read_case_row(services, trade_selection(services, selection), case)


def _grid(first: int, last: int) -> list[int]:
    """Return every period from one to another, months or years."""
    if first < 10_000:
        return list(range(first, last + 1))
    start, end = (f"{one // 100:04d}-{one % 100:02d}" for one in (first, last))
    months = (shift_month(start, step) for step in range(months_between(start, end)))
    return [int(month.replace("-", "")) for month in months]


def _span(services: Services, chosen: Selection) -> tuple[int, int] | None:
    """Return the periods between which series are judged; None where nothing is held."""
    if not is_past(chosen, services.catalogue):
        return services.catalogue.traded.get(chosen.collection or "")
    found = services.frame(outlier_cases.collection_span(chosen))
    if found["first_period_id"].isna().all():
        return None
    first, last = (int(found[name].iloc[0]) for name in found.columns)
    return first, last


def read_outlier_series(services: Services, selection: Selection) -> pd.DataFrame:
    """Return the chosen case's series with what was expected, and the partners' record."""
    columns = [column.name for column in OUTLIER_SERIES.columns]
    case = chosen_case(services, selection)
    chosen = trade_selection(services, selection)
    span = None if case is None else _span(services, chosen)
    if case is None or span is None:
        return pd.DataFrame(columns=columns).astype(dict.fromkeys(columns, "float64"))
    periods = _grid(*span)
    reported = services.frame(outlier_cases.series_values(chosen, case)).set_index("period_id")
    values = reported["value_usd"].reindex(periods).to_numpy(dtype=np.float64, na_value=np.nan)
    past = is_past(chosen, services.catalogue)
    mirror = services.frame(outlier_cases.mirror_values(chosen, case, is_past=past))
    mirror = mirror.set_index("period_id")
    kind = SERIES[services.catalogue.collections[chosen.collection or ""]]
    scores = panel_scores(
        values[None, :], season=kind.season, window=kind.window, fewest=kind.fewest
    )
    expected, band = scores.expected[0], scores.band[0]
    return pd.DataFrame(
        {
            "period_id": pd.array(periods, dtype="Int64"),
            "value_usd": values,
            "expected_usd": expected,
            "low_usd": expected / band,
            "high_usd": np.where(np.isfinite(expected * band), expected * band, np.nan),
            "z": scores.z[0],
            "mirror_usd": mirror["mirror_usd"].reindex(periods).to_numpy(dtype=np.float64),
            "is_case": pd.array([one == case.period_id for one in periods], dtype="boolean"),
        }
    )


def read_outlier_parts(services: Services, selection: Selection) -> pd.DataFrame:
    """Return the partners and the codes that make the chosen figure unusual."""
    columns = [column.name for column in OUTLIER_PARTS.columns]
    case = chosen_case(services, selection)
    series = OUTLIER_SERIES.read(services, selection)
    known = series[series["value_usd"].notna()]
    if case is None or not (known["period_id"] == case.period_id).any():
        numbers = dict.fromkeys(columns[2:], "float64")
        return pd.DataFrame(columns=columns).astype(dict.fromkeys(columns[:2], "str") | numbers)
    chosen = trade_selection(services, selection)
    around = AROUND[services.catalogue.collections[chosen.collection or ""]]
    periods = [int(one) for one in known["period_id"]]
    here = periods.index(case.period_id)
    periods = periods[max(here - around, 0) : here + around + 1]
    parts = services.frame(outlier_cases.parts(chosen, case, periods))
    return pd.concat(
        [
            part_changes(parts, name, case.period_id, periods).assign(kind=kind)
            for kind, name in (("partner", "partner_iso3"), ("commodity", "commodity_code"))
        ]
    )[columns]


def part_changes(
    parts: pd.DataFrame, name: str, period_id: int, periods: Sequence[int]
) -> pd.DataFrame:
    """Return each part's value, its median in the other periods, and the difference.

    A part that is absent from a period counts as 0 there; the largest difference comes first.
    """
    known = parts[parts[name].notna() & parts["period_id"].isin(list(periods))]
    part, number = np.unique(known[name].to_numpy(dtype=str), return_inverse=True)
    places = {period: place for place, period in enumerate(periods)}
    table = np.zeros((len(part), len(periods)))
    column = known["period_id"].map(places).to_numpy(dtype=np.int64)
    np.add.at(table, (number, column), known["value_usd"].to_numpy())
    here = places[period_id]
    others = np.delete(table, here, axis=1)
    usual = np.median(others, axis=1) if others.shape[1] else np.full(len(part), np.nan)
    changes = pd.DataFrame(
        {
            "part_id": pd.array(part, dtype="str"),
            "value_usd": table[:, here],
            "usual_usd": usual,
            "change_usd": table[:, here] - usual,
        }
    )
    order = changes["change_usd"].abs().sort_values(ascending=False, kind="stable").index
    return changes.loc[order]


def read_case_findings(services: Services, selection: Selection) -> pd.DataFrame:
    """Return the rules that found something about the chosen case."""
    case = chosen_case(services, selection)
    chosen = trade_selection(services, selection)
    nobody = Case("", "X", "", 0)
    found = services.frame(outlier_cases.case_findings(chosen, case or nobody))
    return found.astype({"effect_usd": "float64"})


def read_judged_series(services: Services, selection: Selection) -> pd.DataFrame:
    """Return how many series could be judged."""
    return services.frame(outliers.judged_series(trade_selection(services, selection)))


def read_case_log(services: Services, selection: Selection) -> pd.DataFrame:
    """Return what was written about the cases of the selected members, the latest first."""
    log = known_log(services, selection).rename(columns={"state": "case_state"})
    member = log["case_id"].str.partition(".")[0] if len(log) else log["case_id"]
    log = log.assign(member_iso3=member.astype("str"))
    regions = services.catalogue.members
    if selection.members:
        log = log[log["member_iso3"].isin(selection.members)]
    elif selection.regions:
        log = log[log["member_iso3"].map(regions).isin(selection.regions)]
    return log.iloc[::-1][[column.name for column in CASE_LOG.columns]]


_FIGURE: Final = (
    Column("case_id"),
    Column("member_iso3"),
    Column("region_id"),
    Column("flow_code"),
    Column("commodity_code"),
    Column("period_id"),
    Column("value_usd", measure="value_usd"),
    Column("expected_usd", unit="usd"),
)
_JUDGEMENT: Final = (
    Column("effect_usd", unit="usd"),
    Column("member_share", unit="share"),
    Column("region_share", unit="share"),
    Column("z", unit="ratio"),
    Column("method"),
    Column("point_count", unit="count"),
    Column("mirror_usd", unit="usd"),
    Column("case_state"),
    Column("event_count", unit="count"),
    Column("is_candidate"),
)
OUTLIERS: Final = NamedFrame(
    "outliers",
    (Column("rank", measure="rank"), *_FIGURE, Column("effect_share", unit="share"), *_JUDGEMENT),
    read_outliers,
    LIST_FIELDS,
    is_live=True,
)
OUTLIER_CASE: Final = NamedFrame(
    "outlier_case",
    (
        *_FIGURE,
        Column("low_usd", unit="usd"),
        Column("high_usd", unit="usd"),
        *_JUDGEMENT,
        Column("received_on"),
    ),
    read_outlier_case,
    CASE_FIELDS,
    is_live=True,
)
OUTLIER_SERIES: Final = NamedFrame(
    "outlier_series",
    (
        Column("period_id"),
        Column("value_usd", measure="value_usd"),
        Column("expected_usd", unit="usd"),
        Column("low_usd", unit="usd"),
        Column("high_usd", unit="usd"),
        Column("z", unit="ratio"),
        Column("mirror_usd", unit="usd"),
        Column("is_case"),
    ),
    read_outlier_series,
    CASE_FIELDS,
    is_live=True,
)
OUTLIER_PARTS: Final = NamedFrame(
    "outlier_parts",
    (
        Column("kind"),
        Column("part_id"),
        Column("value_usd", measure="value_usd"),
        Column("usual_usd", unit="usd"),
        Column("change_usd", unit="usd"),
    ),
    read_outlier_parts,
    CASE_FIELDS,
    is_live=True,
)
CASE_LOG: Final = NamedFrame(
    "case_log",
    (
        Column("event_id"),
        Column("collection_id"),
        Column("case_id"),
        Column("member_iso3"),
        Column("number", unit="count"),
        Column("case_state"),
        Column("note"),
        Column("author"),
        Column("written_at"),
        Column("warehouse_version"),
        Column("value_usd", measure="value_usd"),
        Column("expected_usd", unit="usd"),
        Column("member_share", unit="share"),
        Column("region_share", unit="share"),
    ),
    read_case_log,
    SCOPE_FIELDS | {"as_of"},
    is_live=True,
)

FRAMES: Final = (
    OUTLIERS,
    OUTLIER_CASE,
    OUTLIER_SERIES,
    OUTLIER_PARTS,
    CASE_LOG,
    NamedFrame(
        "case_findings",
        (
            Column("rule_id"),
            Column("dimension_id"),
            Column("severity"),
            Column("finding_count", measure="finding_count"),
            Column("effect_usd", unit="usd"),
            Column("is_whole"),
        ),
        read_case_findings,
        CASE_FIELDS,
        is_live=True,
    ),
    NamedFrame(
        "judged_series",
        (
            Column("series_count", unit="count"),
            Column("judged_count", unit="count"),
            Column("fewest_points", unit="count"),
            Column("code_length", unit="count"),
        ),
        read_judged_series,
        SCOPE_FIELDS | {"collection", "flow"},
    ),
)
