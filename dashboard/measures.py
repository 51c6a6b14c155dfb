"""The catalogue of measures: unit, format, direction and rule of combination of each.

The one place they are declared; axis titles, hover text, table headers,
exports and documents are derived from here. Labels are words
(``measure.<id>``), so that they exist in both languages.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

METHOD_VERSION: Final = "3"
"""Version of the formulas; a change of any indicator raises it."""

Unit = Literal["share", "days", "score", "usd", "kg", "count", "ratio", "index", "rank", "points"]
Direction = Literal["higher", "lower", "none"]
Combination = Literal["sum", "ratio", "none"]


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure.

    ``unit`` says what the stored number is (a share is 0 to 1, a score 0 to
    100); ``direction`` which way is better; ``combination`` how it may be
    combined over members or periods: added, rebuilt as a sum over a sum, or
    not at all.
    """

    id: str
    unit: Unit
    direction: Direction
    combination: Combination


def _measures(*rows: tuple[str, Unit, Direction, Combination]) -> Mapping[str, Measure]:
    return {row[0]: Measure(*row) for row in rows}


MEASURES: Final[Mapping[str, Measure]] = _measures(
    ("on_time_share", "share", "higher", "ratio"),
    ("received_share", "share", "higher", "ratio"),
    ("days_late", "days", "lower", "none"),
    ("median_delay_days", "days", "lower", "none"),
    ("by_due_share", "share", "higher", "none"),
    ("by_month_end_share", "share", "higher", "none"),
    ("within_90_days_share", "share", "higher", "none"),
    ("expected_late", "count", "lower", "sum"),
    ("brier_score", "index", "lower", "none"),
    ("forecast_skill", "share", "higher", "none"),
    ("overdue_count", "count", "lower", "sum"),
    ("held_back", "ratio", "lower", "sum"),
    ("obligation_count", "count", "none", "sum"),
    ("submission_count", "count", "none", "sum"),
    ("quality_score", "score", "higher", "none"),
    ("completeness", "score", "higher", "none"),
    ("validity", "score", "higher", "none"),
    ("consistency", "score", "higher", "none"),
    ("coherence", "score", "higher", "none"),
    ("stability", "score", "higher", "none"),
    ("failed_share", "share", "lower", "ratio"),
    ("precision", "share", "higher", "ratio"),
    ("finding_count", "count", "lower", "sum"),
    ("value_usd", "usd", "none", "sum"),
    ("export_usd", "usd", "none", "sum"),
    ("import_usd", "usd", "none", "sum"),
    ("mass_kg", "kg", "none", "sum"),
    ("growth", "share", "none", "none"),
    ("trade_share", "share", "none", "ratio"),
    ("balance_usd", "usd", "none", "sum"),
    ("hhi", "index", "none", "none"),
    ("mirror_ratio", "ratio", "none", "ratio"),
    ("estimated_share", "share", "lower", "ratio"),
    ("incentive_score", "score", "higher", "none"),
    ("rank", "rank", "lower", "none"),
    ("timeliness_pillar", "score", "higher", "none"),
    ("quality_pillar", "score", "higher", "none"),
    ("coverage_pillar", "score", "higher", "none"),
    ("improvement_pillar", "score", "higher", "none"),
    ("engagement_pillar", "score", "higher", "none"),
    ("progress", "share", "higher", "none"),
    ("key_result_value", "count", "none", "none"),
    ("rmar", "share", "lower", "ratio"),
    ("relative_mean_revision", "share", "none", "ratio"),
    ("revised_share", "share", "none", "ratio"),
    ("indicator_value", "index", "none", "none"),
)
