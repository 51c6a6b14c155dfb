# ruff: noqa: S608 - names and constants of this package make up statements; values are bound

"""Turns conformed rows into submissions: new, revised or unchanged.

A submission is what one file says of one reporter, period and collection. Only
the workshop's tables are written; rows are not judged here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from dashboard.framework import Collection
from dashboard.warehouse.intake import next_id

if TYPE_CHECKING:
    import duckdb

CHANNELS: Final = ("portal", "email", "api", "file", "public_api", "unknown")
BOUNDS: Final = ("exact", "upper")

PERIOD_END: Final = """(case when period_id > 9999
    then make_date(period_id // 100, period_id % 100, 1) + interval 1 month
    else make_date(period_id + 1, 1, 1) end)::timestamp"""
"""The day after a period's end: before it, its data cannot have come."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """When and how the files at hand came in."""

    received_at: datetime | None = None
    bound: str = "exact"
    channel: str = "file"


def submit(
    connection: duckdb.DuckDBPyConnection,
    collection: Collection,
    receipt: Receipt,
    *,
    load_id: int,
    layout_id: str,
) -> None:
    """Decide for each reporter and period whether it is new, revised or unchanged.

    The hash of a submission is that of the sum of its rows' hashes, so it does not
    depend on their order. A submission of which only the receipt is on record gets the
    data; of several, the earliest. The temporary table ``incoming`` tells what became of each.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
        Connection to a workshop, with ``conformed`` in it.
    collection : Collection
        The collection of the file.
    receipt : Receipt
        When and how the file came in.
    load_id : int
        The load.
    layout_id : str
        The file's layout.
    """
    parts = (
        "kind, flow_code, stated_partner, commodity_code, coalesce(hs_edition, ''), value_usd, "
        "coalesce(mass_kg::varchar, ''), coalesce(quantity::varchar, ''), "
        "coalesce(quantity_unit, ''), is_estimated"
    )
    first_id = next_id(connection, "fct_submission", "submission_id")
    connection.execute(
        f"""
        create or replace temp table incoming as
        with content as (
            select reporter_id, period_id,
                (count(*) filter (where kind = 'trade'))::integer as row_count,
                (count(*) filter (where kind <> 'trade'))::integer as control_row_count,
                md5(concat_ws('/', count(*)::varchar,
                    sum(md5_number_lower(concat_ws('|', {parts})))::varchar,
                    bit_xor(md5_number_upper(concat_ws('|', {parts})))::varchar
                )) as content_hash
            from conformed where problem is null group by reporter_id, period_id
        ),
        held as (
            select reporter_id, period_id, max(revision) as revision,
                max_by(content_hash, revision) filter (where has_data) as content_hash,
                min_by(submission_id, revision) filter (where not has_data and is_accepted)
                    as awaiting_id,
                max(known_at) as known_at, bool_or(has_data) as has_data
            from fct_submission where collection_id = $collection group by 1, 2
        )
        select c.*, h.awaiting_id, h.known_at as held_known_at,
            case
                when h.has_data and h.content_hash = c.content_hash then 'unchanged'
                when h.has_data then 'revised' else 'new'
            end as fate,
            coalesce(h.revision + 1, 0) as next_revision,
            case when h.awaiting_id is null
                then $first_id + row_number() over (order by period_id, reporter_id) - 1
                else h.awaiting_id end as submission_id
        from content c left join held h using (reporter_id, period_id)
        """,
        {"collection": collection.id, "first_id": first_id},
    )
    connection.execute(
        """
        update fct_submission s set has_data = true, row_count = i.row_count,
            control_row_count = i.control_row_count, content_hash = i.content_hash,
            layout_id = $layout, load_id = $load_id
        from incoming i where i.fate <> 'unchanged' and s.submission_id = i.awaiting_id
        """,
        {"layout": layout_id, "load_id": load_id},
    )
    connection.execute(
        f"""
        insert into fct_submission
        select submission_id, reporter_id, $collection, period_id, next_revision,
            $received, case when $received::timestamp is null then 'unknown' else $bound end,
            null,
            coalesce($received::timestamp, greatest({PERIOD_END}, held_known_at)),
            null, $channel, true, true, row_count, control_row_count, content_hash,
            $layout, $load_id
        from incoming where fate <> 'unchanged' and awaiting_id is null
        """,
        {
            "collection": collection.id,
            "received": receipt.received_at,
            "bound": receipt.bound,
            "channel": receipt.channel,
            "layout": layout_id,
            "load_id": load_id,
        },
    )
    connection.execute(
        "insert into new_submission select submission_id from incoming where fate <> 'unchanged'"
    )


def insert_facts(connection: duckdb.DuckDBPyConnection) -> None:
    """Write the rows of new and revised submissions.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
        Connection to a workshop, with ``conformed`` and ``incoming`` in it.
    """
    connection.execute("""
        insert into fct_trade
        select i.submission_id, c.reporter_id, c.partner_id, c.period_id, c.flow_code,
            c.commodity_code, c.hs_level, c.hs_edition, c.value_usd, c.mass_kg, c.quantity,
            c.quantity_unit, c.is_estimated
        from conformed c join incoming i using (reporter_id, period_id)
        where c.problem is null and c.kind = 'trade' and i.fate <> 'unchanged'
        order by c.period_id, c.reporter_id, c.flow_code, c.commodity_code, c.partner_id;
        insert into fct_control_total
        select i.submission_id, c.reporter_id, c.partner_id, c.period_id, c.flow_code,
            c.commodity_code, c.kind, c.value_usd, c.mass_kg
        from conformed c join incoming i using (reporter_id, period_id)
        where c.problem is null and c.kind <> 'trade' and i.fate <> 'unchanged'
        order by c.period_id, c.reporter_id, c.flow_code, c.commodity_code, c.partner_id;
    """)
