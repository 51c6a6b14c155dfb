"""The facts that the flows view tells in words, with how telling each is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final, Literal, cast

import pandas as pd

from callbacks.services import Services
from dashboard.flows import MIRRORED_FLOW, is_past, of_trade, why_not_reconciled
from dashboard.frames import Column
from dashboard.selection import Selection
from dashboard.stats.mirror import mirror_ratio
from dashboard.stats.telling import excess_ratio, excess_share, most_telling
from dashboard.stats.trade import herfindahl
from queries import flows as statements
from queries.mirror import mirror_trade
from queries.source_totals import both_totals
from queries.year_before import year_before

NAN: Final = float("nan")

COLUMNS: Final = (
    Column("fact"),
    Column("subject"),
    Column("value_usd", measure="value_usd"),
    Column("mass_kg", measure="mass_kg"),
    Column("share", unit="share"),
    Column("ratio", unit="ratio"),
    Column("equal_count", unit="ratio"),
    Column("telling", unit="share"),
    Column("is_told"),
)

GROUPS: Final = {
    "total": "total",
    "change": "change",
    "partner": "where",
    "partner_region": "where",
    "reporter": "who",
    "chapter": "what",
    "mirror": "mirror",
    "estimated": "quality",
    "uncovered": "quality",
}
"""Facts in the order of their rows, with what they are about."""

CAVEATS: Final = frozenset({"estimated", "uncovered"})
KEYS: Final = {
    "partner": "partner_iso3",
    "partner_region": "region_id",
    "reporter": "member_iso3",
    "chapter": "commodity_code",
}

Fact = dict[str, Any]


def read_trade_facts(services: Services, selection: Selection) -> pd.DataFrame:
    """Return what can be said of the selected trade, and which of it is told.

    Every query of it is one that a figure of the view asks too, but for the year before.
    """
    trade = of_trade(selection, services.catalogue, can_reconcile=True)
    past = is_past(selection, services.catalogue)
    partners = services.frame(statements.partner_trade(trade, is_past=past))
    if selection.partners:
        partners = partners[partners["partner_iso3"].isin(selection.partners)]
    measure = trade.measure or "value_usd"
    total = float(partners[measure].sum())
    if not total > 0:
        return told([])
    members = services.frame(statements.member_trade(trade, is_past=past))
    found = [
        _fact("total", value_usd=_sum(partners, "value_usd"), mass_kg=_sum(partners, "mass_kg")),
        _change(services.frame(year_before(trade, is_past=past)), measure),
        largest("partner", partners, measure),
        largest("partner_region", partners, measure),
        largest("reporter", _ours(members, selection), measure),
        *_goods(services, trade, measure, past=past),
        *_both_records(services, trade, past=past),
        caveat("estimated", partners),
        caveat("uncovered", partners),
    ]
    return told([fact for fact in found if fact is not None])


def told(facts: list[Fact]) -> pd.DataFrame:
    """Return facts as a frame, those that are told first, in the order they are told in.

    Parameters
    ----------
    facts : list of dict
        In the order of ``GROUPS``; ``total`` is always told, as the lead.

    Returns
    -------
    DataFrame
        Of ``COLUMNS``; empty without facts.
    """
    names = [column.name for column in COLUMNS]
    others = [fact for fact in facts if fact["fact"] != "total"]
    places = most_telling(
        [fact["telling"] for fact in others],
        [GROUPS[fact["fact"]] for fact in others],
        [fact["fact"] in CAVEATS for fact in others],
    )
    chosen = [fact for fact in facts if fact["fact"] == "total"]
    chosen += [others[place] for place in places]
    rest = [fact for fact in others if not any(fact is one for one in chosen)]
    rest.sort(key=lambda fact: -fact["telling"] if fact["telling"] == fact["telling"] else 1.0)
    rows = [{**fact, "is_told": True} for fact in chosen]
    rows += [{**fact, "is_told": False} for fact in rest]
    return pd.DataFrame(rows, columns=names)


def _fact(name: str, **values: Any) -> Fact:
    empty = {column.name: NAN for column in COLUMNS if column.name != "is_told"}
    return {**empty, "subject": "", "telling": 1.0, **values, "fact": name}


def _sum(frame: pd.DataFrame, column: str) -> float:
    return float(frame[column].sum(min_count=1))


def _change(frame: pd.DataFrame, measure: str) -> Fact | None:
    now, before = (float(frame[name].iloc[0]) for name in (measure, f"before_{measure}"))
    if not before > 0:
        return None
    ratio = now / before
    values = {name: float(frame[f"before_{name}"].iloc[0]) for name in ("value_usd", "mass_kg")}
    return _fact("change", share=ratio - 1.0, ratio=ratio, telling=excess_ratio(ratio), **values)


def largest(name: str, frame: pd.DataFrame, measure: str) -> Fact | None:
    """Return the largest part of a frame of trade, and how concentrated its parts are.

    Parameters
    ----------
    name : str
        Of ``KEYS``.
    frame : DataFrame
        Has that key, ``value_usd`` and ``mass_kg``; a key may occur more than once.
    measure : str
        The column to compare by.

    Returns
    -------
    dict or None
        None with fewer than two parts: then there is nothing to say.
    """
    key = KEYS[name]
    sums = frame.groupby(key, sort=True, as_index=False)[["value_usd", "mass_kg"]].sum()
    sums = sums[sums[measure] > 0]
    if len(sums) < 2:
        return None
    first = sums.iloc[int(sums[measure].to_numpy().argmax())]
    share = float(first[measure]) / float(sums[measure].sum())
    return _fact(
        name,
        subject=str(first[key]),
        value_usd=float(first["value_usd"]),
        mass_kg=float(first["mass_kg"]),
        share=share,
        equal_count=1.0 / float(herfindahl(sums[measure].to_numpy())),
        telling=excess_share(share, len(sums)),
    )


def _ours(members: pd.DataFrame, selection: Selection) -> pd.DataFrame:
    if selection.members:
        return members[members["member_iso3"].isin(selection.members)]
    if selection.regions:
        return members[members["region_id"].isin(selection.regions)]
    return members


def _goods(services: Services, trade: Selection, measure: str, *, past: bool) -> list[Fact | None]:
    """Return the largest chapter; of a chapter's inside, only the facts would tell.

    Chapters are not reconciled.
    """
    code = trade.commodity
    if trade.source == "reconciled" or (code and not code.startswith("S")):
        return []
    frame = services.frame(statements.chapter_trade(trade, is_past=past))
    if code:
        frame = frame[frame["section_id"] == int(code[1:])]
    return [largest("chapter", frame, measure)]


def _both_records(services: Services, trade: Selection, *, past: bool) -> list[Fact]:
    """Return how the records of both sides compare, where both have the trade."""
    flow = trade.flow or ""
    if flow not in MIRRORED_FLOW:
        return []
    if why_not_reconciled(trade, past=past) is None:
        # The same from a table that has both records side by side, imports FOB.
        frame = services.frame(both_totals(replace(trade, source="reconciled")))
        ours, theirs = float(frame["ours_usd"].sum()), float(frame["theirs_usd"].sum())
    else:
        by: Literal["partner", "region"] = "partner" if trade.members else "region"
        frame = services.frame(mirror_trade(trade, by=by, is_past=past))
        ours, theirs = float(frame["reported_usd"].sum()), float(frame["mirrored_usd"].sum())
        # Their imports are CIF: told FOB, as the reconciled table has them.
        margin = services.framework.framework.cif_fob_margin
        theirs = theirs / (1.0 + margin) if flow == "X" else theirs
        ours = ours / (1.0 + margin) if flow == "M" else ours
    if not (ours > 0 and theirs > 0):
        return []
    side = cast("Literal['M', 'X']", flow)
    ratio = float(mirror_ratio([ours], [theirs], flow=side, cif_fob_margin=0.0)[0])
    return [
        _fact(
            "mirror", value_usd=theirs, share=ratio - 1.0, ratio=ratio, telling=excess_ratio(ratio)
        )
    ]


def caveat(name: str, frame: pd.DataFrame) -> Fact | None:
    """Return how much of the value a caveat concerns.

    Parameters
    ----------
    name : str
        ``estimated`` or ``uncovered``.
    frame : DataFrame
        Has ``value_usd`` and ``<name>_share`` of it.

    Returns
    -------
    dict or None
        None if it concerns nothing, or is not known.
    """
    value = float(frame["value_usd"].sum())
    concerned = float((frame[f"{name}_share"] * frame["value_usd"]).sum())
    if not (value > 0 and concerned > 0):
        return None
    share = concerned / value
    return _fact(name, value_usd=concerned, share=share, telling=share)
