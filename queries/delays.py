"""Builders about delays beyond the obligations themselves: what chance makes of their trends.

They read what is worked out at publication. They must not compute a trend.
"""

from __future__ import annotations

from sqlalchemy import Select, select

from dashboard.selection import Selection
from dashboard.warehouse.schema import agg_trend_chance, agg_trend_chance_place


def trend_chance(selection: Selection) -> Select:
    """Return what shuffled periods make of the trends of the selected collection.

    It is about the range that the row names and the last known day, whatever is selected.

    Grain: one row, or none where nobody has a trend.

    Parameters
    ----------
    selection : Selection
        Resolved.

    Returns
    -------
    Select
        ``first_period_id``, ``last_period_id``, ``draws``, ``series_count``,
        ``below_mean``, ``below_low``, ``below_high`` (series), ``slope_least``,
        ``slope_most`` (days per period).
    """
    table = agg_trend_chance.c
    return (
        select(
            table.first_period_id.label("first_period_id"),
            table.last_period_id.label("last_period_id"),
            table.draws.label("draws"),
            table.series_count.label("series_count"),
            table.below_mean.label("below_mean"),
            table.below_low.label("below_low"),
            table.below_high.label("below_high"),
            table.slope_least.label("slope_least"),
            table.slope_most.label("slope_most"),
        )
        .where(table.collection_id == selection.collection)
        .order_by(table.collection_id)
    )


def trend_chance_places(selection: Selection) -> Select:
    """Return the slope at each place when the periods are shuffled.

    Grain: one row per place.

    Parameters
    ----------
    selection : Selection
        Resolved.

    Returns
    -------
    Select
        ``place`` (1 is the lowest slope), ``slope_low``, ``slope_middle``, ``slope_high``
        (days per period).
    """
    table = agg_trend_chance_place.c
    return (
        select(
            table.place.label("place"),
            table.slope_low.label("slope_low"),
            table.slope_middle.label("slope_middle"),
            table.slope_high.label("slope_high"),
        )
        .where(table.collection_id == selection.collection)
        .order_by(table.place)
    )
