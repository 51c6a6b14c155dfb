"""What the next revision did with the findings of a submission: the basis of a rule's precision.

It must not judge a rule: shares and intervals are made when a view is drawn.
"""

# ruff: noqa: S608 - only numbers of this package make up the statement

from __future__ import annotations

from datetime import date
from typing import Final

import duckdb

from dashboard.framework import Framework
from dashboard.warehouse.rules import EXAMPLES, NOTE_EXAMPLES
from dashboard.warehouse.tables import refill

_REVISIONS: Final = f"""
    WITH chain AS (
        SELECT submission_id, collection_id, period_id, reporter_id,
            lead(submission_id) OVER obligation AS next_id,
            lead(known_at) OVER obligation AS revised_at
        FROM fct_submission WHERE is_accepted AND has_data
        WINDOW obligation AS (
            PARTITION BY reporter_id, collection_id, period_id ORDER BY revision)
    ),
    revised AS (SELECT * FROM chain WHERE next_id IS NOT NULL),
    -- A finding is the same if rule, field and the key of the row are.
    listed AS (
        SELECT DISTINCT submission_id, rule_id, coalesce(field, '') AS field,
            coalesce(flow_code, '') AS flow_code, coalesce(partner_id, -1) AS partner_id,
            coalesce(commodity_code, '') AS commodity_code
        FROM fct_finding
        WHERE submission_id IN (SELECT submission_id FROM revised UNION SELECT next_id FROM revised)
    ),
    -- Examples are capped: where the next revision fails more often than it lists, a finding that
    -- is not among its examples may be there all the same.
    next_check AS (
        SELECT k.submission_id AS next_id, k.rule_id,
            k.rows_failed <= count(l.rule_id)
                OR count(l.rule_id) < if(r.severity = 'note', {NOTE_EXAMPLES}, {EXAMPLES})
                AS is_complete
        FROM fct_check AS k JOIN dim_rule AS r USING (rule_id)
        LEFT JOIN listed AS l ON l.submission_id = k.submission_id AND l.rule_id = k.rule_id
        WHERE k.submission_id IN (SELECT next_id FROM revised)
        GROUP BY k.submission_id, k.rule_id, k.rows_failed, r.severity
    ),
    judged AS (
        SELECT v.collection_id, v.period_id, v.reporter_id, f.rule_id,
            CAST(v.revised_at AS DATE) AS revised_on,
            coalesce(c.is_complete, false) AS is_decided, n.rule_id IS NULL AS is_gone
        FROM revised AS v JOIN listed AS f USING (submission_id)
        LEFT JOIN next_check AS c ON c.next_id = v.next_id AND c.rule_id = f.rule_id
        LEFT JOIN listed AS n ON n.submission_id = v.next_id AND n.rule_id = f.rule_id
            AND n.field = f.field AND n.flow_code = f.flow_code AND n.partner_id = f.partner_id
            AND n.commodity_code = f.commodity_code
    )
    SELECT collection_id, period_id, reporter_id, rule_id, revised_on, count(*),
        count(*) FILTER (is_decided AND is_gone), count(*) FILTER (NOT is_decided)
    FROM judged GROUP BY ALL ORDER BY ALL
"""


def fill(connection: duckdb.DuckDBPyConnection, framework: Framework, day: date) -> None:  # noqa: ARG001 -- every builder has the same arguments
    """Compute ``agg_rule_revision`` anew.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
        A workshop's; checks and findings are there.
    framework : Framework
        Not used: severities are in ``dim_rule``.
    day : date
        Not used: each row carries the day from which it is known.
    """
    refill(connection, "agg_rule_revision", _REVISIONS)
