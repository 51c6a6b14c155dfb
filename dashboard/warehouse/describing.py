"""Say what a warehouse holds: ``warehouse status``.

It must not show a password of its address: the name is handed in.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select

from dashboard.warehouse import schema
from dashboard.warehouse.reading import Warehouse


def describe(warehouse: Warehouse, name: str) -> dict[str, Any]:
    """Count what a warehouse holds.

    Parameters
    ----------
    warehouse : Warehouse
        Open.
    name : str
        Its address as it may be shown.

    Returns
    -------
    dict
        ``warehouse``, ``version``, ``is_synthetic``, ``data_on``, ``framework``,
        ``collections`` (a dict each: ``collection``, ``submissions``, ``members``,
        ``first_period``, ``last_period``), ``submissions``, ``trade_rows``.

    Raises
    ------
    WarehouseError
        If it is missing, lost, or of another schema version.
    """
    info = warehouse.info()
    submission = schema.fct_submission.c
    per_collection = warehouse.frame(
        select(
            submission.collection_id.label("collection"),
            func.count().label("submissions"),
            func.count(submission.reporter_id.distinct()).label("members"),
            func.min(submission.period_id).label("first_period"),
            func.max(submission.period_id).label("last_period"),
        )
        .group_by(submission.collection_id)
        .order_by(submission.collection_id)
    )
    trade_rows = warehouse.frame(select(func.count().label("rows")).select_from(schema.fct_trade))
    collections: list[dict[str, Any]] = [
        {
            str(name): (value if isinstance(value, str) else int(value))
            for name, value in one.items()
        }
        for one in per_collection.to_dict("records")
    ]
    return {
        "warehouse": name,
        "version": info["version"],
        "is_synthetic": info["is_synthetic"] == "true",
        "data_on": info["data_on"],
        "framework": f"{info.get('framework_id', '')} {info.get('framework_version', '')}".strip(),
        "collections": collections,
        "submissions": sum(one["submissions"] for one in collections),
        "trade_rows": int(trade_rows["rows"].iloc[0]),
    }


def as_text(status: Mapping[str, Any]) -> str:
    """Return the same for people.

    Parameters
    ----------
    status : mapping
        Of :func:`describe`.

    Returns
    -------
    str
        Some lines.
    """
    kind = "SYNTHETIC SAMPLE" if status["is_synthetic"] else "real"
    lines = [
        f"Warehouse    {status['warehouse']}",
        f"Version      {status['version']}",
        f"Data         {kind}, up to {status['data_on']}",
        f"Framework    {status['framework']}",
        f"Trade rows   {status['trade_rows']:,}",
        f"Submissions  {status['submissions']:,}",
    ]
    lines += [
        f"  {one['collection']:<24}{one['submissions']:>8,} submissions, "
        f"{one['first_period']} to {one['last_period']}, {one['members']} reporters"
        for one in status["collections"]
    ]
    return "\n".join(lines)
