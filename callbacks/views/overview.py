"""The overview: five key figures and the four subjects on one screen, linked."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from callbacks.named import NamedFrame
from callbacks.services import Services
from callbacks.views import flows, quality, strategy, timeliness
from callbacks.views.ranges import is_inside
from dashboard.frames import BASE_FIELDS, Column
from dashboard.measures import SUMMED_MEASURES
from dashboard.selection import Selection
from layouts import overview as drawings
from layouts import timeliness as timeliness_drawings
from layouts.panels import Panel, View

ON_TRACK = "on_track"
NOW, BEFORE = "selected", "before"
"""Spans of the frames of totals: the range selected, and the one of its length before it."""

SHARED: dict[str, NamedFrame] = {
    frame.name: frame
    for module in (timeliness, quality, flows, strategy)
    for frame in module.FRAMES
}
"""Frames of the subjects; read by name, they are shared with the panels that draw them."""


def read_key_figures(services: Services, selection: Selection) -> pd.DataFrame:
    """Return the key figures of the range and of the range of the same length before it."""

    def read(name: str) -> pd.DataFrame:
        return SHARED[name].read(services, selection)

    totals = read("timeliness_totals").set_index("span")
    scores = read("quality_totals").set_index("span")["quality_score"]
    is_annual = services.catalogue.collections.get(selection.collection or "") == "A"
    earlier = quality.range_before(selection, is_annual=is_annual)
    history = read("trade_history")
    trade, trade_before = (_inside(history, one) for one in (selection, earlier))
    value = float(trade["value_usd"].sum(min_count=1)) if len(trade) else np.nan
    estimated = float((trade["estimated_share"] * trade["value_usd"]).sum()) / value
    results = read("key_results")
    measured = results[results["status"] != "not_started"]
    on_track = float((measured["status"] == ON_TRACK).sum())
    owed = totals["owed"].astype("float64")
    overdue = totals["overdue_count"].astype("float64").where(owed > 0)
    rows = [
        (
            "on_time",
            totals["on_time_share"].get(NOW),
            totals["on_time_share"].get(BEFORE),
            totals["on_time"].get(NOW),
            totals["counted"].get(NOW),
            None,
        ),
        ("overdue", overdue.get(NOW), overdue.get(BEFORE), overdue.get(NOW), owed.get(NOW), None),
        ("quality", scores.get(NOW), scores.get(BEFORE), None, None, None),
        ("trade", value, trade_before["value_usd"].sum(min_count=1), None, None, estimated),
        (
            ON_TRACK,
            on_track / len(measured) if len(measured) else None,
            # Key results have a pace of their own; a range does not cut them.
            None,
            on_track,
            len(measured),
            None,
        ),
    ]
    names = ["figure", "value", "before", "numerator", "denominator", "estimated_share"]
    table = pd.DataFrame(rows, columns=names)
    numbers = {name: pd.to_numeric(table[name]).astype("float64") for name in names[1:]}
    return table.assign(**numbers).astype({"figure": "str"})


def _inside(history: pd.DataFrame, selection: Selection) -> pd.DataFrame:
    """Return the selected flow of a history, the selected range alone."""
    inside = is_inside(history["period_id"], selection)
    return history[(history["flow_code"] == selection.flow) & inside].dropna(subset=["value_usd"])


def read_key_figure_series(services: Services, selection: Selection) -> pd.DataFrame:
    """Return the key figures that have a series, by period."""

    def read(name: str) -> pd.DataFrame:
        return SHARED[name].read(services, selection)

    statuses = read("timeliness_by_period")
    # A period that is not wholly due yet would count its early submissions alone.
    due = statuses[statuses["pending"] == 0]
    parts = [
        due.assign(figure="on_time", value=due["on_time_share"]),
        due.assign(figure="overdue", value=due["overdue"]),
        _quality_series(read, selection).assign(figure="quality"),
        _inside(read("trade_history"), selection).assign(
            figure="trade", value=lambda trade: trade["value_usd"]
        ),
    ]
    columns = {"figure": "str", "period_id": "Int64", "value": "float64"}
    return pd.concat([part[[*columns]].astype(columns) for part in parts])


def _quality_series(read: Callable[[str], pd.DataFrame], selection: Selection) -> pd.DataFrame:
    """Return the quality score by period: of the one member, the one region, or of all."""
    if len(selection.members) == 1:
        scores = read("quality_of_members")
    else:
        scores = read("quality_by_period")
        is_one = not selection.members and len(selection.regions) == 1
        scope = selection.regions[0] if is_one else quality.EVERYBODY
        scores = scores[scores["region_id"] == scope]
    return scores.assign(value=scores["quality_score"])


FIGURE_FIELDS = (
    BASE_FIELDS | {"flow", "measure", "source", "partners", "partner_regions"} | {"commodity"}
)

FRAMES = (
    NamedFrame(
        "key_figures",
        (
            Column("figure"),
            Column("value"),
            Column("before"),
            Column("numerator"),
            Column("denominator"),
            Column("estimated_share", measure="estimated_share"),
        ),
        read_key_figures,
        FIGURE_FIELDS,
    ),
    NamedFrame(
        "key_figure_series",
        (Column("figure"), Column("period_id"), Column("value")),
        read_key_figure_series,
        FIGURE_FIELDS,
    ),
)

WHO = frozenset({"regions", "members"})
TRADE = WHO | {"partners", "partner_regions", "measure", "flow", "commodity"}

VIEW = View(
    "overview",
    (
        Panel(
            "figures",
            ("key_figures", "key_figure_series"),
            drawings.draw_key_figures,
            kind="block",
            area="strip strip--bare",
        ),
        Panel(
            "timeliness",
            ("status_by_region", "obligation_status"),
            timeliness_drawings.draw_region_status_board,
            fields=WHO,
        ),
        Panel(
            "quality",
            ("quality_by_member", "quality_by_region"),
            drawings.draw_quality,
            fields=WHO | {"dimension"},
        ),
        Panel("map", ("member_trade",), drawings.draw_map, fields=TRADE, area="third"),
        Panel("matrix", ("region_flows",), drawings.draw_matrix, fields=TRADE, area="third"),
        Panel("ranking", ("ranking",), drawings.draw_ranking, fields=WHO, area="third"),
    ),
    measures=SUMMED_MEASURES,
)
