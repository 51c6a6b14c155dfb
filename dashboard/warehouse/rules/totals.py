"""Rules that hold the totals and parts of a submission against its rows."""

# ruff: noqa: S608 - names and constants of this package make up statements; values are bound

from __future__ import annotations

from typing import Final

from dashboard.warehouse.rules.declaring import Check

TABLES: Final = ("world_cells", "commodity_cells", "part_cells", "again_cells")

TOTAL_TOLERANCE: Final = 0.001
"""A total and its parts may differ by a thousandth: files round each row to a dollar or more."""

LEAST_DIFFERENCE_USD: Final = 1.0
"""A smaller difference is rounding, however small the total."""


def _cell_check(rule_id: str, table: str, prepare: str, expected: str) -> Check:
    """Declare a check over cells that hold a ``stated`` total and the ``summed`` parts."""
    broken = (
        "abs(stated - summed) > greatest("
        f"{LEAST_DIFFERENCE_USD}, {{threshold}} * greatest(abs(stated), abs(summed)))"
    )
    return Check(
        id=rule_id,
        threshold=TOTAL_TOLERANCE,
        prepare=(f"create or replace temp table {table} as {prepare}",),
        counts=f"""
            select submission_id, count(*) as rows_checked,
                count(*) filter (where {broken}) as rows_failed
            from {table} group by 1
        """,
        failing=f"""
            select submission_id, 'value_usd' as field, printf('%.2f', stated) as value,
                '{expected} ' || printf('%.2f', summed) as expected, partner_id, commodity_code,
                flow_code, abs(stated - summed) as effect_usd
            from {table} where {broken}
        """,
    )


_EXCEEDS: Final = f"part - whole > greatest({LEAST_DIFFERENCE_USD}, {{threshold}} * whole)"

CHECKS: Final = (
    _cell_check(
        "world_total",
        "world_cells",
        # Rows of area groups may stand beside those of their countries or in their place; the
        # World total is right if it is the sum with them or without.
        """
        with stated as (
            select c.submission_id, c.flow_code, c.commodity_code, sum(c.value_usd) as stated
            from fct_control_total c join checking using (submission_id)
            where c.kind = 'world' group by all
        ),
        listed as (
            select t.submission_id, t.flow_code, t.commodity_code, t.value_usd, false as is_group
            from fct_trade t
            where t.submission_id in (select submission_id from stated)
            union all
            select c.submission_id, c.flow_code, c.commodity_code, c.value_usd,
                c.kind = 'aggregate_partner'
            from fct_control_total c
            where c.submission_id in (select submission_id from stated)
                and c.kind in ('aggregate_partner', 'aggregate_commodity')
        ),
        summed as (
            select submission_id, flow_code, commodity_code, sum(value_usd) as with_groups,
                coalesce(sum(value_usd) filter (where not is_group), 0) as without_groups
            from listed group by all
        )
        select submission_id, flow_code, commodity_code, 0 as partner_id, stated,
            case when abs(stated - with_groups) <= abs(stated - without_groups)
                then with_groups else without_groups end as summed
        from stated join summed using (submission_id, flow_code, commodity_code)
        """,
        "the sum of the partners,",
    ),
    _cell_check(
        "commodity_total",
        "commodity_cells",
        """
        with stated as (
            select c.submission_id, c.flow_code, c.partner_id, c.commodity_code,
                case when c.commodity_code = 'TOTAL' then 0
                    else length(c.commodity_code) end as digits,
                sum(c.value_usd) as stated
            from fct_control_total c join checking using (submission_id)
            where c.kind = 'aggregate_commodity' group by all
        )
        select s.submission_id, s.flow_code, s.partner_id, s.commodity_code,
            any_value(s.stated) as stated, sum(t.value_usd) as summed
        from stated s join fct_trade t on t.submission_id = s.submission_id
            and t.flow_code = s.flow_code and t.partner_id = s.partner_id
            and left(t.commodity_code, s.digits) =
                case when s.digits = 0 then '' else s.commodity_code end
        group by s.submission_id, s.flow_code, s.partner_id, s.commodity_code
        """,
        "the sum of the finer rows,",
    ),
    _cell_check(
        "sub_flows",
        "part_cells",
        """
        with parts as (
            select c.submission_id, c.partner_id, c.commodity_code,
                case c.flow_code when 'DX' then 'X' else 'M' end as flow_code,
                sum(c.value_usd) as part
            from fct_control_total c join checking using (submission_id)
            where c.kind = 'part' and c.flow_code in ('DX', 'FM') group by all
        ),
        wholes as (
            select submission_id, partner_id, commodity_code,
                case flow_code when 'RX' then 'X' when 'RM' then 'M' else flow_code end as flow,
                coalesce(sum(value_usd) filter (where flow_code in ('M', 'X')), 0) as whole,
                coalesce(sum(value_usd) filter (where flow_code in ('RM', 'RX')), 0) as again
            from (
                select submission_id, partner_id, commodity_code, flow_code, value_usd
                from fct_trade where submission_id in (select submission_id from parts)
                union all
                select submission_id, partner_id, commodity_code, flow_code, value_usd
                from fct_control_total
                where submission_id in (select submission_id from parts) and kind <> 'part'
            ) group by all
        )
        select p.submission_id, p.flow_code, p.partner_id, p.commodity_code,
            coalesce(w.whole, 0) as stated, p.part + coalesce(w.again, 0) as summed
        from parts p left join wholes w on w.submission_id = p.submission_id
            and w.partner_id = p.partner_id and w.commodity_code = p.commodity_code
            and w.flow = p.flow_code
        """,
        "domestic or foreign part plus re-traded part,",
    ),
    Check(
        id="part_exceeds_flow",
        threshold=TOTAL_TOLERANCE,
        prepare=(
            """
            create or replace temp table again_cells as
            with again as (
                select t.submission_id, t.partner_id, t.commodity_code,
                    right(t.flow_code, 1) as flow_code, sum(t.value_usd) as part
                from fct_trade t join checking using (submission_id)
                where t.flow_code in ('RM', 'RX') group by all
            ),
            whole as (
                select submission_id, partner_id, commodity_code, flow_code,
                    sum(value_usd) as value_usd
                from fct_trade where flow_code in ('M', 'X')
                    and submission_id in (select submission_id from again) group by all
            )
            select a.*, coalesce(w.value_usd, 0) as whole from again a
                left join whole w using (submission_id, partner_id, commodity_code, flow_code)
            """,
        ),
        counts=f"""
            select submission_id, count(*) as rows_checked,
                count(*) filter (where {_EXCEEDS}) as rows_failed
            from again_cells group by 1
        """,
        failing=f"""
            select submission_id, 'value_usd' as field, printf('%.2f', part) as value,
                'at most the flow, ' || printf('%.2f', whole) as expected, partner_id,
                commodity_code, 'R' || flow_code as flow_code, part - whole as effect_usd
            from again_cells where {_EXCEEDS}
        """,
    ),
)
