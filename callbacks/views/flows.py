"""The flows view: who trades what with whom, and do both sides tell the same?"""

from __future__ import annotations

from dataclasses import replace
from typing import Final, Literal, cast

import pandas as pd

from callbacks.named import NamedFrame
from callbacks.services import Services
from callbacks.views import flows_answers as answers
from callbacks.views import flows_sources as sources
from dashboard.flows import MIRRORED_FLOW, is_past, of_trade
from dashboard.frames import PERIOD_FIELDS, SCOPE_FIELDS, Column
from dashboard.measures import SUMMED_MEASURES
from dashboard.selection import Selection
from dashboard.stats.mirror import mirror_ratio
from layouts import flows as drawings
from layouts.flows.timeline import timeline
from layouts.panels import Panel, View
from layouts.stated_totals import draw_stated_totals
from queries import flows as statements
from queries import mirror as mirror_statements
from queries.stated_totals import stated_totals

TRADE_FIELDS: Final = PERIOD_FIELDS | {"as_of", "collection", "flow", "commodity", "source"}
TOWARDS_FIELDS: Final = frozenset({"partners", "partner_regions"})
LINK_FIELDS: Final = SCOPE_FIELDS | TOWARDS_FIELDS
"""Fields that a figure shows by muting the rest, or tells of in its subtitle."""

_MEASURED: Final = (
    Column("value_usd", measure="value_usd"),
    Column("mass_kg", measure="mass_kg"),
    Column("estimated_share", measure="estimated_share"),
    Column("n", unit="count"),
)


def read_region_flows(services: Services, selection: Selection) -> pd.DataFrame:
    """Return the trade between regions."""
    trade = of_trade(selection, services.catalogue, can_reconcile=True)
    past = is_past(selection, services.catalogue)
    return services.frame(statements.region_flows(trade, is_past=past))


def read_member_trade(services: Services, selection: Selection) -> pd.DataFrame:
    """Return the trade of every area."""
    trade = of_trade(selection, services.catalogue, can_reconcile=True)
    past = is_past(selection, services.catalogue)
    return services.frame(statements.member_trade(trade, is_past=past))


def read_partner_trade(services: Services, selection: Selection) -> pd.DataFrame:
    """Return the partners of the selected members."""
    trade = of_trade(selection, services.catalogue, can_reconcile=True)
    past = is_past(selection, services.catalogue)
    return services.frame(statements.partner_trade(trade, is_past=past))


def read_commodity_trade(services: Services, selection: Selection) -> pd.DataFrame:
    """Return all chapters, or what is inside the selected one."""
    trade = of_trade(selection, services.catalogue)
    past = is_past(selection, services.catalogue)
    code = selection.commodity
    inside = code is not None and not code.startswith("S")
    build = statements.subheading_trade if inside else statements.chapter_trade
    return services.frame(build(trade, is_past=past))


def read_trade_series(services: Services, selection: Selection) -> pd.DataFrame:
    """Return exports and imports of every period of the range."""
    both = replace(selection, flow="X")  # the frame has imports and exports whatever is chosen
    trade = of_trade(both, services.catalogue, can_reconcile=True)
    past = is_past(selection, services.catalogue)
    return services.frame(statements.trade_series(trade, is_past=past))


def read_trade_history(services: Services, selection: Selection) -> pd.DataFrame:
    """Return exports and imports of every period held."""
    both = replace(selection, flow="X")  # the frame has imports and exports whatever is chosen
    trade = of_trade(both, services.catalogue, can_reconcile=True)
    past = is_past(selection, services.catalogue)
    return services.frame(statements.trade_series(trade, is_past=past, is_whole=True))


def read_pair_flows(services: Services, selection: Selection) -> pd.DataFrame:
    """Return the largest pairs."""
    trade = of_trade(selection, services.catalogue, can_reconcile=True)
    past = is_past(selection, services.catalogue)
    return services.frame(statements.pair_flows(trade, is_past=past))


def read_mirror_trade(services: Services, selection: Selection) -> pd.DataFrame:
    """Return our records beside the partners': by partner of the members chosen, else by region."""
    trade = of_trade(selection, services.catalogue)
    past = is_past(selection, services.catalogue)
    by: Literal["partner", "region"] = "partner" if selection.members else "region"
    frame = services.frame(mirror_statements.mirror_trade(trade, by=by, is_past=past))
    margin = services.framework.framework.cif_fob_margin
    return with_mirror_ratio(frame, selection.flow or "X", margin)


def with_mirror_ratio(frame: pd.DataFrame, flow: str, margin: float) -> pd.DataFrame:
    """Return the frame of :func:`read_mirror_trade`: every key column, and the ratio.

    Parameters
    ----------
    frame : DataFrame
        Of ``queries.mirror.mirror_trade``.
    flow : str
        Our flow; re-imports and re-exports have no mirror and give no rows.
    margin : float
        CIF/FOB margin.

    Returns
    -------
    DataFrame
        ``reporter_region_id`` is missing where partners are compared,
        ``partner_iso3`` where regions are.
    """
    if flow not in MIRRORED_FLOW:
        frame = frame.head(0)
        flow = "X"
    ratio = mirror_ratio(
        frame["reported_usd"].to_numpy(),
        frame["mirrored_usd"].to_numpy(),
        flow=cast("Literal['M', 'X']", flow),
        cif_fob_margin=margin,
    )
    text = pd.StringDtype(na_value=float("nan"))
    nothing = pd.Series([float("nan")] * len(frame), index=frame.index, dtype=text)
    keys = {
        name: frame.get(name, nothing)
        for name in ("reporter_region_id", "partner_region_id", "partner_iso3")
    }
    return frame.assign(**keys, mirror_ratio=ratio)[[column.name for column in MIRROR_COLUMNS]]


_QUALIFIED: Final = (
    *_MEASURED[:-1],
    Column("mirrored_share", unit="share"),
    Column("uncovered_share", unit="share"),
    _MEASURED[-1],
)

SERIES_COLUMNS: Final = (
    Column("period_id"),
    Column("flow_code"),
    *_MEASURED,
    Column("reporter_count", unit="count"),
)


def read_stated_totals(services: Services, selection: Selection) -> pd.DataFrame:
    """Return the totals with the World that members state, beside the sum of their partners."""
    return services.frame(stated_totals(selection))


MIRROR_COLUMNS: Final = (
    Column("reporter_region_id"),
    Column("partner_region_id"),
    Column("partner_iso3"),
    Column("reported_usd", unit="usd"),
    Column("mirrored_usd", unit="usd"),
    Column("mirror_ratio", measure="mirror_ratio"),
    Column("reported_only_usd", unit="usd"),
    Column("mirrored_only_usd", unit="usd"),
    Column("estimated_share", measure="estimated_share"),
    Column("matched_count", unit="count"),
    Column("cell_count", unit="count"),
)

FRAMES = (
    NamedFrame(
        "trade_facts",
        answers.COLUMNS,
        answers.read_trade_facts,
        TRADE_FIELDS | LINK_FIELDS | {"measure"},
    ),
    NamedFrame(
        "region_flows",
        (Column("reporter_region_id"), Column("partner_region_id"), *_QUALIFIED),
        read_region_flows,
        TRADE_FIELDS,
    ),
    NamedFrame(
        "member_trade",
        (Column("member_iso3"), Column("region_id"), *_QUALIFIED),
        read_member_trade,
        TRADE_FIELDS | TOWARDS_FIELDS,
    ),
    NamedFrame(
        "partner_trade",
        (Column("partner_iso3"), Column("region_id"), *_QUALIFIED),
        read_partner_trade,
        TRADE_FIELDS | SCOPE_FIELDS | {"partner_regions"},
    ),
    NamedFrame(
        "commodity_trade",
        (Column("section_id"), Column("commodity_code"), *_QUALIFIED),
        read_commodity_trade,
        TRADE_FIELDS | LINK_FIELDS,
    ),
    NamedFrame(
        "trade_series",
        SERIES_COLUMNS,
        read_trade_series,
        (TRADE_FIELDS | LINK_FIELDS) - {"flow"},
    ),
    NamedFrame(
        "trade_history",
        SERIES_COLUMNS,
        read_trade_history,
        (TRADE_FIELDS | LINK_FIELDS) - PERIOD_FIELDS - {"flow"},
    ),
    NamedFrame(
        "pair_flows",
        (
            Column("reporter_iso3"),
            Column("reporter_region_id"),
            Column("partner_iso3"),
            Column("partner_region_id"),
            *_QUALIFIED,
            Column("all_value_usd", unit="usd"),
            Column("all_mass_kg", unit="kg"),
            Column("pair_count", unit="count"),
        ),
        read_pair_flows,
        TRADE_FIELDS | LINK_FIELDS | {"measure"},
    ),
    NamedFrame(
        "source_totals",
        sources.COLUMNS,
        sources.read_source_totals,
        (TRADE_FIELDS | LINK_FIELDS) - {"source"},
    ),
    NamedFrame(
        "mirror_trade",
        MIRROR_COLUMNS,
        read_mirror_trade,
        (TRADE_FIELDS | LINK_FIELDS) - {"source"},
    ),
    NamedFrame(
        "stated_totals",
        (
            Column("member_iso3"),
            Column("region_id"),
            Column("period_id"),
            Column("flow_code"),
            Column("stated_usd", unit="usd"),
            Column("partners_usd", unit="usd"),
        ),
        read_stated_totals,
        PERIOD_FIELDS | SCOPE_FIELDS | {"as_of", "collection"},
    ),
)

SHOWN: Final = LINK_FIELDS | {"measure", "flow", "commodity"}

VIEW = View(
    "flows",
    (
        Panel(
            "answers",
            ("trade_facts",),
            drawings.draw_answers,
            kind="block",
            fields=SHOWN,
            area="strip",
            is_announced=True,
        ),
        Panel("matrix", ("region_flows",), drawings.draw_matrix, fields=SHOWN),
        Panel("map", ("member_trade",), drawings.draw_map, fields=SHOWN),
        Panel("arcs", ("pair_flows",), drawings.draw_arcs, fields=SHOWN, area="two-thirds"),
        Panel("partners", ("partner_trade",), drawings.draw_partners, fields=SHOWN, area="third"),
        Panel("commodities", ("commodity_trade",), drawings.draw_commodities, fields=SHOWN),
        Panel(
            "series",
            ("trade_history",),
            drawings.draw_series,
            fields=SHOWN | PERIOD_FIELDS,
        ),
        Panel(
            "sources",
            ("source_totals",),
            drawings.draw_sources,
            fields=SHOWN | {"source"},
            area="third",
        ),
        Panel("mirror", ("mirror_trade",), drawings.draw_mirror, fields=SHOWN, area="two-thirds"),
        Panel("totals", ("stated_totals",), draw_stated_totals, fields=SHOWN, area="full"),
    ),
    controls=drawings.controls,
    staged_controls=timeline,
    measures=SUMMED_MEASURES,
)
