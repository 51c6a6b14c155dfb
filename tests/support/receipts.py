"""What is plainly counted of receipts, beside what the builders say."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import select

from dashboard.warehouse import schema
from dashboard.warehouse.reading import Warehouse


def again_at(warehouse: Warehouse, held: pd.DataFrame) -> list[list[pd.Timestamp]]:
    """For each obligation, when accepted receipts after the first came to be known."""
    sent = warehouse.frame(select(*schema.fct_submission.c))
    sent = sent[sent["is_accepted"]].sort_values("revision")
    keys = ["reporter_id", "collection_id", "period_id"]
    known = {key: list(rows)[1:] for key, rows in sent.groupby(keys)["known_at"]}
    owed = zip(held["member_id"], held["collection_id"], held["period_id"], strict=True)
    return [known.get(key, []) for key in owed]
