"""Frames of the evidence: from a key result to its members, their submissions and the findings."""

from __future__ import annotations

import calendar
from datetime import date
from typing import Any, Final

import numpy as np
import pandas as pd

from callbacks.named import NamedFrame
from callbacks.services import Services
from callbacks.views import strategy
from callbacks.views.evidence_rows import counted_rows
from dashboard.frames import Column
from dashboard.measures import METHOD_VERSION
from dashboard.selection import Selection
from dashboard.stats.contributions import share_contributions, sum_contributions
from queries import evidence as statements
from queries import strategy as strategy_statements

EVIDENCE_FIELDS: Final = frozenset({"as_of", "first", "last", "tactic", "result"})
MEMBER_FIELDS: Final = EVIDENCE_FIELDS | {"members"}

_STRATEGY_FRAMES: Final[dict[str, NamedFrame]] = {frame.name: frame for frame in strategy.FRAMES}
_SUMMED: Final = ["numerator", "denominator", "row_count"]


def chosen_result(services: Services, selection: Selection) -> dict[str, Any] | None:
    """Return the key result that the evidence is about, as the framework declares it.

    The one chosen, else the first of the chosen tactic, else the computed one furthest behind its
    even pace; None where the framework declares none.
    """
    declared = services.frame(strategy_statements.declared_key_results())
    if declared.empty:
        return None
    wanted = declared[declared["key_result_id"] == selection.result]
    if wanted.empty and selection.tactic:
        wanted = declared[declared["tactic_id"] == selection.tactic]
    if wanted.empty:
        behind = _furthest_behind(services, selection)
        wanted = declared if behind is None else declared[declared["key_result_id"] == behind]
    return {str(name): value for name, value in wanted.iloc[0].items()}


def _furthest_behind(services: Services, selection: Selection) -> str | None:
    frame = _STRATEGY_FRAMES["key_results"]
    results = frame.read(services, selection.only(frame.fields))
    computed = results[(results["source"] != "check_in") & results["progress"].notna()]
    if computed.empty:
        return None
    gap = (computed["progress"] - computed["expected"]).astype("float64")
    return str(computed["key_result_id"].to_numpy()[gap.to_numpy().argmin()])


def compared_days(measured: list[date], selection: Selection) -> tuple[date, date] | None:
    """Return the two month ends that are compared, of those with a value.

    The later is the last up to the end of the range, the earlier the last before its first
    month; without one before it the first there is. None where the range holds no value.
    """
    assert selection.first is not None and selection.last is not None
    year, month = int(selection.last[:4]), int(selection.last[5:7])
    end = date(year, month, calendar.monthrange(year, month)[1])
    within = [one for one in measured if one <= end]
    if not within:
        return None
    start = date(int(selection.first[:4]), int(selection.first[5:7]), 1)
    before = [one for one in within if one < start]
    return (before[-1] if before else within[0]), within[-1]


def _days_of(
    services: Services, selection: Selection, key_result_id: str
) -> tuple[date, date] | None:
    frame = _STRATEGY_FRAMES["key_result_series"]
    series = frame.read(services, selection.only(frame.fields))
    own = series.loc[series["key_result_id"] == key_result_id, "measured_on"]
    return compared_days([one.date() for one in pd.to_datetime(own)], selection)


def read_members(services: Services, selection: Selection) -> pd.DataFrame:
    """Return what each member did to the change of the chosen key result between two days."""
    result = chosen_result(services, selection)
    days = None if result is None else _days_of(services, selection, result["key_result_id"])
    if result is None or days is None:
        return _typed(pd.DataFrame(columns=[one.name for one in MEMBER_COLUMNS]))
    parts = services.frame(statements.key_result_parts(result["key_result_id"], days))
    table = member_changes(parts, *days)
    table = table.assign(key_result_id=result["key_result_id"])
    return _typed(table[[one.name for one in MEMBER_COLUMNS]])


def member_changes(parts: pd.DataFrame, base_on: date, measured_on: date) -> pd.DataFrame:
    """Set the parts of two days side by side and tell what each did to the change.

    Parameters
    ----------
    parts : DataFrame
        As of ``queries.evidence.key_result_parts``.
    base_on, measured_on : date
        The days; the same day twice changes nothing.

    Returns
    -------
    DataFrame
        One row per member, region without a member, or nobody, the largest change first.
    """
    is_share = bool(parts["denominator"].notna().any())
    named = parts.assign(
        member_iso3=parts["member_iso3"].astype("object").where(parts["member_iso3"].notna(), ""),
        region_id=parts["region_id"].astype("object").where(parts["region_id"].notna(), ""),
        day=pd.to_datetime(parts["measured_on"]),
        denominator=parts["denominator"].astype("float64").fillna(0.0),
    )
    # A member that changed its region would have two rows; its last region holds for both.
    latest = named.sort_values("day").drop_duplicates("member_iso3", keep="last")
    region = latest.set_index("member_iso3")["region_id"]
    own = named["member_iso3"].map(region)
    named["region_id"] = named["region_id"].where(named["member_iso3"] == "", own)
    summed = named.groupby(["day", "member_iso3", "region_id"], as_index=False)[_SUMMED].sum()
    sides = [
        summed[summed["day"] == pd.Timestamp(one)].drop(columns="day")
        for one in (base_on, measured_on)
    ]
    table = sides[0].merge(
        sides[1], on=["member_iso3", "region_id"], how="outer", suffixes=("_base", "")
    )
    numbers = [*_SUMMED, *(f"{name}_base" for name in _SUMMED)]
    table[numbers] = table[numbers].fillna(0.0).astype("float64")
    base, now = table["numerator_base"], table["numerator"]
    found = (
        share_contributions(base, table["denominator_base"], now, table["denominator"])
        if is_share
        else sum_contributions(base, now)
    )
    table = table.assign(
        base_on=pd.Timestamp(base_on),
        measured_on=pd.Timestamp(measured_on),
        base_numerator=base,
        base_denominator=table["denominator_base"] if is_share else np.nan,
        denominator=table["denominator"] if is_share else np.nan,
        change=found.change,
        own_part=found.own,
        weight_part=found.weight,
        size=np.round(np.abs(found.change), 12),
    )
    return table.sort_values(["size", "member_iso3", "region_id"], ascending=[False, True, True])


def _typed(table: pd.DataFrame) -> pd.DataFrame:
    texts = {name: table[name].astype("object") for name in ("member_iso3", "region_id")}
    cleared = {name: column.where(column != "", None) for name, column in texts.items()}
    kinds = {column.name: "float64" for column in MEMBER_COLUMNS[5:]}
    kinds |= dict.fromkeys(("key_result_id", "member_iso3", "region_id"), "str")
    days = {name: pd.to_datetime(table[name]) for name in ("base_on", "measured_on")}
    return table.assign(**cleared, **days).astype(kinds)


def focus_member(members: pd.DataFrame, selection: Selection) -> str | None:
    """Return the member whose rows are listed: the first chosen, else the one that moved most."""
    named = members["member_iso3"].dropna()
    if selection.members:
        return selection.members[0]
    return None if named.empty else str(named.iloc[0])


def read_rows(services: Services, selection: Selection) -> pd.DataFrame:
    """Return what the focus member's part counts on the later day, the latest first."""
    result = chosen_result(services, selection)
    members = MEMBERS_FRAME.read(services, selection.only(EVIDENCE_FIELDS))
    if result is None or members.empty:
        return _rows_typed(pd.DataFrame())
    bound = _query_of(services, result["key_result_id"])
    until = members["measured_on"].iloc[0].date()
    member = focus_member(members, selection)
    table = counted_rows(services, result, bound, member, until)
    return _rows_typed(
        table.assign(
            key_result_id=result["key_result_id"],
            member_iso3=member,
            measured_on=pd.Timestamp(until),
        )
    )


def _rows_typed(table: pd.DataFrame) -> pd.DataFrame:
    names = [column.name for column in ROW_COLUMNS]
    table = table.reindex(columns=names)
    texts = ("key_result_id", "member_iso3", "kind", "collection_id", "state", "channel", "note")
    kinds: dict[str, Any] = dict.fromkeys(texts, "str")
    kinds |= dict.fromkeys(("period_id", "revision", "submission_id", "finding_count"), "Int64")
    days = {name: pd.to_datetime(table[name]) for name in ("measured_on", "known_on", "due_on")}
    is_counted = table["is_counted"].astype("boolean").fillna(False).astype("bool")
    amount = table["amount"].astype("float64")
    return table.assign(**days, is_counted=is_counted, amount=amount).astype(kinds)


def read_findings(services: Services, selection: Selection) -> pd.DataFrame:
    """Return the findings of the submissions that are listed, those of most effect first."""
    listed = ROWS_FRAME.read(services, selection.only(MEMBER_FIELDS))
    is_found = listed["finding_count"].fillna(0) > 0
    numbers = [int(one) for one in listed.loc[is_found, "submission_id"].dropna()]
    found = services.frame(statements.findings_of_submissions(numbers))
    member = listed["member_iso3"].iloc[0] if len(listed) else None
    found = found.assign(member_iso3=pd.array([member] * len(found), dtype="str"))
    return found[[column.name for column in FINDING_COLUMNS]]


def _query_of(services: Services, key_result_id: str) -> dict[str, Any]:
    bound = services.frame(statements.key_result_queries())
    own = bound[bound["key_result_id"] == key_result_id]
    return {str(name): value for name, value in own.iloc[0].items()}


def read_receipt(services: Services, selection: Selection) -> pd.DataFrame:
    """Return the receipt of the chosen key result's value: one fact a row."""
    result = chosen_result(services, selection)
    columns = [column.name for column in RECEIPT_COLUMNS]
    if result is None:
        return pd.DataFrame(columns=columns).astype("str")
    key_result_id = str(result["key_result_id"])
    days = _days_of(services, selection, key_result_id)
    bound = _query_of(services, key_result_id)
    words, info = services.words(selection.language), services.generation.info
    facts: dict[str, object] = {
        "key_result_id": key_result_id,
        "name": result[f"name_{selection.language}"],
        "formula": words(f"evidence.formula.{bound['query_id']}"),
    }
    if days is not None:
        facts |= _counted_facts(services, selection, key_result_id, days)
    facts |= {name: bound[name] for name in ("query_id", "query_version", "query_sha256")}
    facts |= {"query_parameters": bound["parameters"], "query_text": bound["query_text"]}
    facts |= {
        "framework": f"{info.get('framework_id')} {info.get('framework_version')}",
        "framework_fingerprint": info.get("framework_fingerprint"),
        "method_version": METHOD_VERSION,
        "schema_version": info.get("schema_version"),
        "data_on": info.get("data_on"),
        "as_of": selection.as_of,
        "version": services.generation.version,
        "built_at": info.get("built_at"),
        "source": info.get("source_fr" if selection.language == "fr" else "source"),
    }
    rows = [(fact, str(value)) for fact, value in facts.items() if value is not None]
    return pd.DataFrame(rows, columns=columns).astype("str")


def _counted_facts(
    services: Services, selection: Selection, key_result_id: str, days: tuple[date, date]
) -> dict[str, object]:
    """Return the value and what it was counted from, on the later of two days."""
    frame = _STRATEGY_FRAMES["key_result_series"]
    values = frame.read(services, selection.only(frame.fields))
    own = values[values["key_result_id"] == key_result_id]
    own = own[pd.to_datetime(own["measured_on"]) == pd.Timestamp(days[1])]
    parts = services.frame(statements.key_result_parts(key_result_id, days[1:]))
    found: dict[str, object] = {
        "measured_on": days[1],
        "value": _number(float(own["value"].iloc[0])),
    }
    if parts.empty:
        return found
    found["numerator"] = _number(float(parts["numerator"].sum()))
    if parts["denominator"].notna().any():
        found["denominator"] = _number(float(parts["denominator"].sum()))
    found["rows_counted"] = int(parts["row_count"].sum())
    found["members_counted"] = int(parts["member_iso3"].notna().sum())
    return found


def _number(value: float) -> str:
    """Write a number; engines add in different orders, so that the last digits may differ."""
    return f"{value:.10g}"


MEMBER_COLUMNS: Final = (
    Column("key_result_id"),
    Column("member_iso3"),
    Column("region_id"),
    Column("base_on"),
    Column("measured_on"),
    Column("base_numerator"),
    Column("base_denominator"),
    Column("numerator"),
    Column("denominator"),
    Column("row_count", unit="count"),
    Column("change", words="column.contribution"),
    Column("own_part"),
    Column("weight_part"),
)
ROW_COLUMNS: Final = (
    Column("key_result_id"),
    Column("member_iso3"),
    Column("measured_on"),
    Column("kind", words="column.evidence_kind"),
    Column("collection_id"),
    Column("period_id"),
    Column("revision"),
    Column("known_on"),
    Column("due_on"),
    Column("state"),
    Column("channel"),
    Column("is_counted", words="column.is_in_numerator"),
    Column("amount"),
    Column("submission_id"),
    Column("finding_count", unit="count"),
    Column("note"),
)
FINDING_COLUMNS: Final = (
    Column("finding_id"),
    Column("member_iso3"),
    Column("submission_id"),
    Column("collection_id"),
    Column("period_id"),
    Column("rule_id"),
    Column("file_name"),
    Column("line_number"),
    Column("field"),
    Column("value"),
    Column("expected"),
    Column("partner_iso3"),
    Column("commodity_code"),
    Column("flow_code"),
    Column("effect_usd", unit="usd"),
)
RECEIPT_COLUMNS: Final = (Column("fact"), Column("value"))

MEMBERS_FRAME: Final = NamedFrame("evidence_members", MEMBER_COLUMNS, read_members, EVIDENCE_FIELDS)
ROWS_FRAME: Final = NamedFrame("evidence_rows", ROW_COLUMNS, read_rows, MEMBER_FIELDS, is_live=True)

EVIDENCE_FRAMES: Final = (
    MEMBERS_FRAME,
    ROWS_FRAME,
    NamedFrame("evidence_findings", FINDING_COLUMNS, read_findings, MEMBER_FIELDS, is_live=True),
    NamedFrame("key_result_receipt", RECEIPT_COLUMNS, read_receipt, EVIDENCE_FIELDS | {"language"}),
)
