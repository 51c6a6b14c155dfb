"""The tables of the warehouse, declared explicitly.

The one description of what a generation holds. It must not open a connection,
and nothing here may depend on an engine: both engines get the same tables.

Conventions: ``*_id`` are keys; areas (reporters and partners) are numbered by
UN Comtrade's area codes, so a member's ``member_id`` is also its
``partner_id``; months are numbered 202301, years 2023, so the two never
collide in ``period_id``; instants are UTC without an offset.
"""

from __future__ import annotations

from dashboard.warehouse.schema.columns import OUTSIDE_REGION, SCHEMA_VERSION, metadata
from dashboard.warehouse.schema.dimensions import (
    dim_collection,
    dim_commodity,
    dim_indicator,
    dim_key_result,
    dim_member,
    dim_partner,
    dim_period,
    dim_region,
    dim_rule,
    dim_section,
    warehouse_info,
)
from dashboard.warehouse.schema.facts import (
    fct_activity,
    fct_check,
    fct_check_in,
    fct_control_total,
    fct_finding,
    fct_indicator,
    fct_key_result_value,
    fct_obligation,
    fct_quality,
    fct_submission,
    fct_trade,
    load_log,
)
from dashboard.warehouse.schema.forecasts import agg_arrival, agg_forecast_test
from dashboard.warehouse.schema.key_results import agg_key_result_part, dim_key_result_query
from dashboard.warehouse.schema.mirror import agg_mirror_reporter
from dashboard.warehouse.schema.outliers import agg_outlier, agg_outlier_series
from dashboard.warehouse.schema.quality import SCORED_DIMENSIONS, agg_quality
from dashboard.warehouse.schema.reconciled import (
    agg_reconciled_pair,
    agg_reconciled_section,
    agg_record_distance,
)
from dashboard.warehouse.schema.revisions import agg_submission_trade
from dashboard.warehouse.schema.rollups import (
    agg_area,
    agg_obligation,
    agg_past_chapter,
    agg_past_section,
    agg_trade_chapter,
    agg_trade_partner,
    agg_trade_partner_chapter,
    agg_trade_region,
    agg_trade_reporter,
    agg_trade_section,
)
from dashboard.warehouse.schema.rules import agg_rule_revision
from dashboard.warehouse.schema.training import agg_training_effect
from dashboard.warehouse.schema.trends import agg_trend_chance, agg_trend_chance_place

__all__ = [
    "OUTSIDE_REGION",
    "SCHEMA_VERSION",
    "SCORED_DIMENSIONS",
    "agg_area",
    "agg_arrival",
    "agg_forecast_test",
    "agg_key_result_part",
    "agg_mirror_reporter",
    "agg_obligation",
    "agg_outlier",
    "agg_outlier_series",
    "agg_past_chapter",
    "agg_past_section",
    "agg_quality",
    "agg_reconciled_pair",
    "agg_reconciled_section",
    "agg_record_distance",
    "agg_rule_revision",
    "agg_submission_trade",
    "agg_trade_chapter",
    "agg_trade_partner",
    "agg_trade_partner_chapter",
    "agg_trade_region",
    "agg_trade_reporter",
    "agg_trade_section",
    "agg_training_effect",
    "agg_trend_chance",
    "agg_trend_chance_place",
    "dim_collection",
    "dim_commodity",
    "dim_indicator",
    "dim_key_result",
    "dim_key_result_query",
    "dim_member",
    "dim_partner",
    "dim_period",
    "dim_region",
    "dim_rule",
    "dim_section",
    "fct_activity",
    "fct_check",
    "fct_check_in",
    "fct_control_total",
    "fct_finding",
    "fct_indicator",
    "fct_key_result_value",
    "fct_obligation",
    "fct_quality",
    "fct_submission",
    "fct_trade",
    "load_log",
    "metadata",
    "warehouse_info",
]
