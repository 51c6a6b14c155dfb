"""The selected trade in total as each of the three sources of records has it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final, cast

import pandas as pd

from callbacks.services import Services
from dashboard.flows import MIRRORED_FLOW, is_past, of_trade, why_not_reconciled
from dashboard.frames import Column
from dashboard.selection import SOURCES, Selection
from queries.source_totals import both_totals, source_total

NAN: Final = float("nan")

COLUMNS: Final = (
    Column("source"),
    Column("value_usd", measure="value_usd"),
    Column("mass_kg", measure="mass_kg"),
    Column("estimated_share", measure="estimated_share"),
    Column("n", unit="count"),
    Column("partner_only_usd", unit="usd"),
    Column("valuation_usd", unit="usd"),
    Column("weighing_usd", unit="usd"),
)


Fact = dict[str, Any]


def read_source_totals(services: Services, selection: Selection) -> pd.DataFrame:
    """Return a row for each source that has the selected trade."""
    trade = of_trade(selection, services.catalogue)
    past = is_past(selection, services.catalogue)
    rows: list[Fact] = []
    for source in SOURCES:
        if source == "mirror" and trade.flow not in MIRRORED_FLOW:
            continue
        if source == "reconciled" and why_not_reconciled(trade, past=past):
            continue
        frame = services.frame(source_total(replace(trade, source=source), is_past=past))
        rows += [{**row, "source": source} for row in cast("list[Fact]", frame.to_dict("records"))]
    if rows and rows[-1]["source"] == "reconciled":
        both = services.frame(both_totals(replace(trade, source="reconciled")))
        reported = rows[0]["value_usd"] if rows[0]["source"] == "reported" else 0.0
        margin = services.framework.framework.cif_fob_margin if trade.flow == "M" else 0.0
        rows[-1] |= steps(
            reported, rows[-1]["value_usd"], float(both["theirs_only_usd"].iloc[0]), margin
        )
    return pd.DataFrame(rows, columns=[column.name for column in COLUMNS])


def steps(
    reported: float, reconciled: float, partner_only: float, margin: float
) -> dict[str, float]:
    """Return what leads from the value as reported to the reconciled one.

    Parameters
    ----------
    reported, reconciled : float
        Both values, US dollars.
    partner_only : float
        Of the reconciled value, what the partners alone record.
    margin : float
        CIF over FOB if the reported value is CIF, else 0.

    Returns
    -------
    dict of str to float
        ``partner_only_usd``, ``valuation_usd`` (CIF to FOB) and ``weighing_usd``, the rest: what
        weighing both records changes. They add up to the difference.
    """
    valuation = reported / (1.0 + margin) - reported
    return {
        "partner_only_usd": partner_only,
        "valuation_usd": valuation,
        "weighing_usd": reconciled - reported - valuation - partner_only,
    }
