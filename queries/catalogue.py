"""Builders of what can be selected and how it is named; read once per generation.

They take no selection. Grain: one row per thing named.
"""

from __future__ import annotations

from sqlalchemy import Date, Select, cast, func, select

from dashboard.warehouse import schema


def all_regions() -> Select:
    """Return the regions in their order.

    Returns
    -------
    Select
        One row per region: every column of ``dim_region``.
    """
    table = schema.dim_region
    return select(*table.c).order_by(table.c.sort_order)


def all_members() -> Select:
    """Return the members by region and name code.

    Returns
    -------
    Select
        One row per member (and the Union): every column of ``dim_member``.
    """
    table = schema.dim_member
    return select(*table.c).order_by(table.c.region_id, table.c.iso3)


def all_partners() -> Select:
    """Return every reporter and partner area.

    Returns
    -------
    Select
        One row per area: every column of ``dim_partner``.
    """
    table = schema.dim_partner
    return select(*table.c).order_by(table.c.partner_id)


def all_collections() -> Select:
    """Return the collections in their order.

    Returns
    -------
    Select
        One row per collection: every column of ``dim_collection``.
    """
    table = schema.dim_collection
    return select(*table.c).order_by(table.c.sort_order)


def all_sections() -> Select:
    """Return the HS sections.

    Returns
    -------
    Select
        One row per section: every column of ``dim_section``.
    """
    table = schema.dim_section
    return select(*table.c).order_by(table.c.section_id)


def all_chapters() -> Select:
    """Return the HS chapters.

    Returns
    -------
    Select
        One row per chapter: every column of ``dim_commodity``.
    """
    table = schema.dim_commodity
    return select(*table.c).where(table.c.hs_level == 2).order_by(table.c.commodity_code)


def traded_periods() -> Select:
    """Return the first and last period with trade of each collection.

    Returns
    -------
    Select
        One row per collection: ``collection_id``, ``first_period_id``,
        ``last_period_id``.
    """
    table = schema.agg_trade_partner
    return (
        select(
            table.c.collection_id.label("collection_id"),
            func.min(table.c.period_id).label("first_period_id"),
            func.max(table.c.period_id).label("last_period_id"),
        )
        .group_by(table.c.collection_id)
        .order_by(table.c.collection_id)
    )


def owed_periods() -> Select:
    """Return the first and last period that is owed of each collection.

    Returns
    -------
    Select
        One row per collection: ``collection_id``, ``first_period_id``,
        ``last_period_id``.
    """
    table = schema.agg_obligation
    return (
        select(
            table.c.collection_id.label("collection_id"),
            func.min(table.c.period_id).label("first_period_id"),
            func.max(table.c.period_id).label("last_period_id"),
        )
        .group_by(table.c.collection_id)
        .order_by(table.c.collection_id)
    )


def first_receipt() -> Select:
    """Return the day of the first receipt that is known.

    Returns
    -------
    Select
        One row: ``received_on``, empty if no day of any receipt is known.
    """
    received = schema.fct_submission.c.received_at
    return select(cast(func.min(received), Date).label("received_on")).order_by("received_on")


def information() -> Select:
    """Return the facts of the generation.

    Returns
    -------
    Select
        One row per fact: ``name``, ``value``.
    """
    table = schema.warehouse_info
    return select(*table.c).order_by(table.c.name)
