"""Builders of the external scores of members."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Double, Integer, Select, cast, select

from dashboard.selection import Selection
from dashboard.warehouse.schema import dim_indicator, dim_member, fct_indicator
from queries.scope import member_scope


def indicators_of(selection: Selection) -> Select:
    """Return the external scores of the selected members.

    Grain: one row per member, indicator and year; every year that is held, since
    the scores come years apart.

    Parameters
    ----------
    selection : Selection
        Resolved or not.

    Returns
    -------
    Select
        ``member_iso3``, ``region_id``, ``indicator_id``, ``name_en``,
        ``name_fr``, ``unit``, ``year``, ``value``, ``source``.
    """
    scores, indicators = fct_indicator.c, dim_indicator.c
    return (
        select(
            dim_member.c.iso3.label("member_iso3"),
            dim_member.c.region_id.label("region_id"),
            indicators.indicator_id.label("indicator_id"),
            indicators.name_en.label("name_en"),
            indicators.name_fr.label("name_fr"),
            indicators.unit.label("unit"),
            scores.year.label("year"),
            scores.value.label("value"),
            scores.source.label("source"),
        )
        .select_from(fct_indicator)
        .join(dim_member, dim_member.c.member_id == scores.member_id)
        .join(dim_indicator, indicators.indicator_id == scores.indicator_id)
        .where(member_scope(selection))
        .order_by(dim_member.c.iso3, indicators.indicator_id, scores.year)
    )


def indicator_values(selection: Selection, indicators: Sequence[str]) -> Select:
    """Return some external scores of all members, of years that had begun on the as-of day.

    Grain: one row per member, indicator and year.

    Parameters
    ----------
    selection : Selection
        Resolved; only its as-of day is heeded.
    indicators : sequence of str
        Which scores.

    Returns
    -------
    Select
        ``member_iso3``, ``region_id``, ``indicator_id``, ``year``, ``value``.
    """
    assert selection.as_of is not None
    scores = fct_indicator.c
    return (
        select(
            dim_member.c.iso3.label("member_iso3"),
            dim_member.c.region_id.label("region_id"),
            scores.indicator_id.label("indicator_id"),
            cast(scores.year, Integer).label("year"),
            cast(scores.value, Double).label("value"),
        )
        .select_from(fct_indicator.join(dim_member, dim_member.c.member_id == scores.member_id))
        .where(scores.year <= selection.as_of.year, scores.indicator_id.in_(sorted(indicators)))
        .order_by(dim_member.c.iso3, scores.indicator_id, scores.year)
    )
