"""Builders of key results, their series and their check-ins, as known on the as-of day."""

from __future__ import annotations

from sqlalchemy import Select, select

from dashboard.selection import Selection
from dashboard.warehouse.schema import dim_key_result, fct_check_in, fct_key_result_value
from queries.scope import day


def declared_key_results() -> Select:
    """Return the key results as the framework declares them.

    Returns
    -------
    Select
        One row per key result: every column of ``dim_key_result``.
    """
    table = dim_key_result
    return select(*table.c).order_by(table.c.sort_order)


def key_result_values(selection: Selection) -> Select:
    """Return the month-end series of every key result up to the as-of day.

    Grain: one row per key result and month end.

    Parameters
    ----------
    selection : Selection
        Resolved.

    Returns
    -------
    Select
        ``key_result_id``, ``measured_on``, ``value``.
    """
    assert selection.as_of is not None
    table = fct_key_result_value.c
    return (
        select(
            table.key_result_id.label("key_result_id"),
            table.measured_on.label("measured_on"),
            table.value.label("value"),
        )
        .where(table.measured_on <= day(selection.as_of))
        .order_by(table.key_result_id, table.measured_on)
    )


def check_ins(selection: Selection) -> Select:
    """Return the check-ins up to the as-of day.

    Grain: one row per check-in.

    Parameters
    ----------
    selection : Selection
        Resolved.

    Returns
    -------
    Select
        ``key_result_id``, ``checked_in_on``, ``value`` (empty where the number
        is computed), ``confidence`` (0 to 1), ``note``, ``author``.
    """
    assert selection.as_of is not None
    table = fct_check_in.c
    return (
        select(
            table.key_result_id.label("key_result_id"),
            table.checked_in_on.label("checked_in_on"),
            table.value.label("value"),
            table.confidence.label("confidence"),
            table.note.label("note"),
            table.author.label("author"),
        )
        .where(table.checked_in_on <= day(selection.as_of))
        .order_by(table.key_result_id, table.checked_in_on, table.check_in_id)
    )
