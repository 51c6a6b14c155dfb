"""The totals and parts that submissions state beside their rows, a few of them wrong.

It must not write a flow: what is summed here is never shown as trade.
"""

# ruff: noqa: S608 -- the statements are put together from constants of this package

from __future__ import annotations

from dashboard.warehouse.sample.expansion import Expansion, uniform


def write_control_totals(expansion: Expansion) -> None:
    """Write the totals that submissions state beside their rows, a few of them wrong.

    Parameters
    ----------
    expansion : Expansion
        Connection and seed.
    """
    slip = expansion.hash(
        21, "stated.reporter_id", "period_id", "hash(flow_code, commodity_code) >> 1"
    )
    factor = f"""CASE WHEN {uniform(slip)} < total_slip
        THEN 1.01 + 0.3 * {uniform(slip, 1)} ELSE 1.0 END"""
    expansion.connection.execute(f"""
        INSERT INTO fct_control_total BY NAME
        WITH detailed AS (SELECT reporter_id FROM sample_reporter WHERE is_detailed),
        by_partner AS (
            SELECT submission_id, reporter_id, partner_id, period_id, flow_code,
                'TOTAL' AS commodity_code, 'aggregate_commodity' AS kind,
                sum(value_usd) AS value_usd, sum(mass_kg) AS mass_kg
            FROM fct_trade SEMI JOIN detailed USING (reporter_id)
            WHERE period_id < 10000
            GROUP BY ALL
        ), by_chapter AS (
            SELECT submission_id, reporter_id, 0 AS partner_id, period_id, flow_code,
                left(commodity_code, 2) AS commodity_code, 'world' AS kind,
                sum(value_usd) AS value_usd, sum(mass_kg) AS mass_kg
            FROM fct_trade
            WHERE period_id < 10000
            GROUP BY ALL
        ), by_flow AS (
            SELECT submission_id, reporter_id, 0 AS partner_id, period_id, flow_code,
                'TOTAL' AS commodity_code, 'world' AS kind,
                sum(value_usd) AS value_usd, sum(mass_kg) AS mass_kg
            FROM fct_trade
            GROUP BY ALL
        ), parts AS (
            SELECT a.submission_id, a.reporter_id, a.partner_id, a.period_id,
                CASE a.flow_code WHEN 'X' THEN 'DX' ELSE 'FM' END AS flow_code,
                a.commodity_code, 'part' AS kind, a.value_usd - p.value_usd AS value_usd,
                a.mass_kg - p.mass_kg AS mass_kg
            FROM fct_trade AS a
            JOIN (SELECT * FROM fct_trade WHERE flow_code IN ('RX', 'RM')) AS p
                ON p.submission_id = a.submission_id AND p.partner_id = a.partner_id
                    AND p.commodity_code = a.commodity_code AND p.flow_code = 'R' || a.flow_code
            SEMI JOIN detailed ON detailed.reporter_id = a.reporter_id
        ), stated AS (
            FROM by_flow UNION ALL BY NAME FROM by_chapter
            UNION ALL BY NAME FROM by_partner UNION ALL BY NAME FROM parts
        )
        SELECT submission_id, stated.reporter_id, partner_id, period_id, flow_code,
            commodity_code, kind,
            CASE WHEN kind = 'world' THEN round(value_usd * {factor}) ELSE value_usd END
                AS value_usd,
            mass_kg
        FROM stated JOIN sample_reporter USING (reporter_id)
        ORDER BY period_id, reporter_id, flow_code, commodity_code, partner_id, submission_id
    """)
