"""Tables that several contracts of builders compute from; a module may have its own instead."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pandas as pd
import pytest
from sqlalchemy import select

from dashboard.warehouse import schema
from dashboard.warehouse.reading import Warehouse


@pytest.fixture(scope="module")
def warehouse(warehouse_url: str) -> Iterator[Warehouse]:
    found = Warehouse(warehouse_url, deadline_seconds=60)
    yield found
    found.close()


@pytest.fixture(scope="module")
def submissions(warehouse: Warehouse) -> pd.DataFrame:
    """All submissions of members, with their codes beside them."""
    table = warehouse.frame(select(*schema.fct_submission.c))
    members = warehouse.frame(select(*schema.dim_member.c))[["member_id", "iso3", "region_id"]]
    return table.merge(members, left_on="reporter_id", right_on="member_id").rename(
        columns={"iso3": "member_iso3"}
    )


@pytest.fixture(scope="module")
def data_on(warehouse: Warehouse) -> date:
    return date.fromisoformat(warehouse.info()["data_on"])
