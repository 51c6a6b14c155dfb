"""Rules that one row of a submission keeps or breaks by itself."""

# ruff: noqa: S608 - names and constants of this package make up statements; values are bound

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyarrow as pa

from dashboard import reference
from dashboard.framework import Framework
from dashboard.warehouse.rules.declaring import Check

if TYPE_CHECKING:
    import duckdb

TABLES: Final = (
    *("united", "row_counts", "retired", "repeated", "hs_validity", "required", "required_field"),
    *("row_suspects", "main_edition", "not_specified"),
)

MOST_USD: Final = 1e12
"""A row of more is no trade of two countries in one commodity: all goods of the largest pair of
countries came to about 0.6 trillion dollars in a year."""

MOST_KG: Final = 1e13
"""Five times the crude oil that the world trades in a year."""

KILOGRAM: Final = "('kg', 'kilogram', 'kilograms', 'weight in kilograms')"
WEIGHT_TOLERANCE: Final = 0.01
"""A quantity in kilograms and the weight may differ by a hundredth, for rounding."""

OTHER_ASIA: Final = 490
"""In UN Comtrade this special area stands for one reporter, so it is specified."""

CONDITIONS: Final = {
    "negative_value": "t.value_usd < 0",
    "zero_value": "t.value_usd = 0",
    "absurd_value": f"(t.value_usd >= {MOST_USD} or t.mass_kg < 0 or t.quantity < 0 "
    f"or t.mass_kg >= {MOST_KG})",
    "own_partner": "t.partner_id = t.reporter_id",
    "unspecified_partner": "t.partner_id in (select partner_id from not_specified)",
    "unspecified_commodity": "left(t.commodity_code, 2) = '99'",
    "quantity_without_unit": "(t.quantity > 0 and t.quantity_unit is null)",
    "weight_mismatch": f"(t.quantity > 0 and t.mass_kg > 0 and lower(t.quantity_unit) in {KILOGRAM}"
    f" and abs(t.quantity - t.mass_kg) > greatest(1, {WEIGHT_TOLERANCE} * greatest(t.quantity, "
    "t.mass_kg)))",
    "estimated_weight": "t.is_estimated",
}
"""What makes a row fail, by rule, over ``fct_trade`` as ``t``."""

WITH_BOTH_WEIGHTS: Final = (
    f"t.quantity > 0 and t.mass_kg > 0 and lower(t.quantity_unit) in {KILOGRAM}"
)

FIELD_CONDITIONS: Final = {
    # a weight of 0 stands for a missing one in published files; trade of some value weighs
    "mass_kg": "(mass_kg is null or (mass_kg = 0 and value_usd > 0))",
    "quantity": "quantity is null",
    "quantity_unit": "quantity_unit is null",
    "hs_edition": "hs_edition is null",
}
"""Required fields that a loaded row can lack; it cannot lack the others."""


def prepare(connection: duckdb.DuckDBPyConnection, framework: Framework) -> None:
    """Count all row rules in one pass over the facts.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
        Connection to a workshop with ``checking`` and ``hs_validity``.
    framework : Framework
        Declares the required fields.
    """
    connection.execute("""
        create or replace temp table retired as
        select v.code as commodity_code, 'H' || e.i as hs_edition
        from hs_validity v, range(7) as e(i)
        where substr(v.editions, (e.i + 1)::integer, 1) = '0'
    """)
    united = reference.successions().dropna(subset="until_year")
    connection.register(
        "united_source",
        pa.table(
            {
                "partner_id": pa.array(united["successor_area_id"].astype(int), pa.int32()),
                "until_year": pa.array(united["until_year"].astype(int), pa.int32()),
            }
        ),
    )
    connection.execute("create or replace temp table united as select * from united_source")
    connection.unregister("united_source")
    connection.execute("""
        create or replace temp table required (collection_id varchar, fields integer);
        create or replace temp table required_field (collection_id varchar, field varchar);
    """)
    for collection in framework.collections:
        connection.execute(
            "insert into required values (?, ?)", [collection.id, len(collection.required_fields)]
        )
        for field in collection.required_fields:
            connection.execute("insert into required_field values (?, ?)", [collection.id, field])
    _prepare_counts(connection, framework)


def _prepare_counts(connection: duckdb.DuckDBPyConnection, framework: Framework) -> None:
    """Count in one pass, and keep the rows that fail a rule: later passes read only these."""
    areas = reference.areas()
    special = areas[(areas["kind"] == "special") & (areas["area_id"] != OTHER_ASIA)]
    connection.register(
        "special_source",
        pa.table({"partner_id": pa.array(special["area_id"].astype(int), pa.int32())}),
    )
    connection.execute("create or replace temp table not_specified as select * from special_source")
    connection.unregister("special_source")
    counted = ", ".join(
        f"count(*) filter (where {condition}) as {rule}" for rule, condition in CONDITIONS.items()
    )
    missing = missing_cells(framework)
    connection.execute(f"""
        create or replace temp table row_counts as
        select t.submission_id, count(*) as rows, sum({missing}) as missing_cells, {counted},
            count(*) filter (where quantity > 0) as with_quantity,
            count(*) filter (where {WITH_BOTH_WEIGHTS}) as with_both_weights,
            count(hs_edition) as with_edition,
            min(hs_edition) <> max(hs_edition) as is_mixed
        from fct_trade t join checking c using (submission_id)
        group by 1
    """)
    connection.execute(f"""
        create or replace temp table row_suspects as
        select t.*, c.collection_id from fct_trade t join checking c using (submission_id)
        where {" or ".join(CONDITIONS.values())} or ({missing}) > 0
    """)
    connection.execute("""
        create or replace temp table main_edition as
        select submission_id, mode(hs_edition) as hs_edition from fct_trade
        where hs_edition is not null
            and submission_id in (select submission_id from row_counts where is_mixed)
        group by 1
    """)


def missing_cells(framework: Framework) -> str:
    """Return the SQL that counts a row's required but empty cells.

    Parameters
    ----------
    framework : Framework
        Declares the required fields of each collection.

    Returns
    -------
    str
        An expression over ``fct_trade`` joined to ``checking`` as ``c``.
    """
    terms = []
    for name, condition in FIELD_CONDITIONS.items():
        owing = [c.id for c in framework.collections if name in c.required_fields]
        if owing:
            listed = ", ".join(f"'{collection_id}'" for collection_id in owing)
            terms.append(f"(c.collection_id in ({listed}) and {condition})::integer")
    return " + ".join(terms) or "0"


def _missing_failing() -> str:
    # the framework is known only when checks run, so each field asks the table it left
    return " union all by name ".join(
        f"""
        select t.submission_id, '{name}' as field, '' as value, 'a figure' as expected,
            t.partner_id, t.commodity_code, t.flow_code, t.value_usd as effect_usd
        from row_suspects t
            join required_field r on r.collection_id = t.collection_id and r.field = '{name}'
        where {condition}
        """
        for name, condition in FIELD_CONDITIONS.items()
    )


def _row_check(rule_id: str, *, value: str = "t.value_usd::varchar", **parts: str) -> Check:
    return Check(
        id=rule_id,
        counts=f"""
            select submission_id, {parts.get("checked", "rows")} as rows_checked,
                {rule_id} as rows_failed
            from row_counts
        """,
        failing=f"""
            select t.submission_id, '{parts.get("field", "value_usd")}' as field,
                {value} as value, '{parts["expected"]}' as expected, t.partner_id,
                t.commodity_code, t.flow_code, abs(t.value_usd) as effect_usd
            from row_suspects t where {CONDITIONS[rule_id]}
        """,
    )


CHECKS: Final = (
    Check(
        id="missing_required_field",
        counts="""
            select submission_id, rows * coalesce(q.fields, 0) as rows_checked,
                missing_cells as rows_failed
            from row_counts join checking using (submission_id)
                left join required q using (collection_id)
        """,
        failing=_missing_failing(),
    ),
    _row_check("negative_value", expected="0 or more"),
    _row_check("zero_value", expected="more than 0"),
    _row_check(
        "absurd_value",
        value="case when t.mass_kg < 0 or t.mass_kg >= 1e13 then 'mass_kg ' || t.mass_kg "
        "when t.quantity < 0 then 'quantity ' || t.quantity else t.value_usd::varchar end",
        expected="a possible figure",
    ),
    _row_check(
        "own_partner", field="partner", value="t.partner_id::varchar", expected="another area"
    ),
    _row_check(
        "unspecified_partner",
        field="partner",
        value="t.partner_id::varchar",
        expected="a country or territory",
    ),
    _row_check(
        "unspecified_commodity",
        field="commodity",
        value="t.commodity_code",
        expected="a code of chapters 01 to 97",
    ),
    _row_check(
        "quantity_without_unit",
        checked="with_quantity",
        field="quantity_unit",
        value="t.quantity::varchar",
        expected="a unit",
    ),
    _row_check(
        "weight_mismatch",
        checked="with_both_weights",
        field="quantity",
        value="t.quantity::varchar",
        expected="the weight, ' || printf('%.4g', t.mass_kg) || '",
    ),
    _row_check(
        "estimated_weight",
        field="mass_kg",
        value="t.mass_kg::varchar",
        expected="a measured figure",
    ),
    Check(
        id="mixed_editions",
        counts="""
            select submission_id, with_edition as rows_checked, coalesce(failed, 0) as rows_failed
            from row_counts left join (
                select t.submission_id, count(*) as failed
                from fct_trade t join main_edition m using (submission_id)
                where t.hs_edition <> m.hs_edition group by 1
            ) using (submission_id)
        """,
        failing="""
            select t.submission_id, 'hs_edition' as field, t.hs_edition as value,
                'the edition of most rows, ' || m.hs_edition as expected, t.partner_id,
                t.commodity_code, t.flow_code, abs(t.value_usd) as effect_usd
            from fct_trade t join main_edition m using (submission_id)
            where t.hs_edition <> m.hs_edition
        """,
    ),
    Check(
        id="retired_commodity",
        counts="""
            select submission_id, with_edition as rows_checked, coalesce(failed, 0) as rows_failed
            from row_counts left join (
                select t.submission_id, count(*) as failed
                from fct_trade t join checking using (submission_id)
                    join retired r using (commodity_code, hs_edition)
                group by 1
            ) using (submission_id)
        """,
        failing="""
            select t.submission_id, 'commodity' as field,
                t.hs_edition || ' ' || t.commodity_code as value,
                'a code of ' || t.hs_edition as expected, t.partner_id, t.commodity_code,
                t.flow_code, abs(t.value_usd) as effect_usd
            from fct_trade t join checking using (submission_id)
                join retired r using (commodity_code, hs_edition)
        """,
    ),
    Check(
        id="duplicate_key",
        prepare=(
            """
            create or replace temp table repeated as
            with suspects as (
                select submission_id, hash(flow_code, partner_id, commodity_code) as key
                from fct_trade t join checking using (submission_id)
                group by 1, 2 having count(*) > 1
            )
            select t.submission_id, t.flow_code, t.partner_id, t.commodity_code,
                count(*) as times, sum(t.value_usd) as value_usd
            from fct_trade t join suspects s on s.submission_id = t.submission_id
                and s.key = hash(t.flow_code, t.partner_id, t.commodity_code)
            -- two states that became one are two rows of one partner while both lasted
            where not exists (
                select 1 from united u where u.partner_id = t.partner_id
                    and left(t.period_id::varchar, 4)::integer <= u.until_year)
            group by all having count(*) > 1
            """,
        ),
        counts="""
            select submission_id, rows as rows_checked, coalesce(failed, 0) as rows_failed
            from row_counts left join (
                select submission_id, sum(times - 1) as failed from repeated group by 1
            ) using (submission_id)
        """,
        failing="""
            select submission_id, 'row' as field, times || ' rows' as value,
                'one row per flow, partner and commodity' as expected, partner_id,
                commodity_code, flow_code, value_usd as effect_usd
            from repeated
        """,
    ),
)
