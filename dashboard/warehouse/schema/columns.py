"""What the declarations of all tables share."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Column, MetaData, Text
from sqlalchemy.types import TypeEngine

SCHEMA_VERSION: Final = 6

OUTSIDE_REGION: Final = "outside"
"""Region id in rollups of an area that lies in none of the six WCO regions."""

metadata = MetaData()


def key(name: str, kind: type[TypeEngine[Any]] = Text) -> Column[Any]:
    """Return a column of a table's primary key.

    Parameters
    ----------
    name : str
        Of the column.
    kind : type, default Text
        Of the column.

    Returns
    -------
    Column
        Not counted up by the engine.
    """
    return Column(name, kind, primary_key=True, autoincrement=False)
