"""The catalogue of measures: unit, format, direction and rule of combination of each.

The one place they are declared; axis titles, hover text, table headers,
exports and documents are derived from here. Labels are words
(``measure.<id>``), so that they exist in both languages.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

METHOD_VERSION: Final = "4"
"""Version of the formulas; a change of any indicator raises it."""

Unit = Literal[
    "share",
    "days",
    "months",
    "score",
    "usd",
    "kg",
    "count",
    "ratio",
    "index",
    "rank",
    "points",
    "usd_per_kg",
]
Direction = Literal["higher", "lower", "none"]
Combination = Literal["sum", "ratio", "none"]
Level = Literal["region", "member", "partner", "section", "chapter", "heading", "subheading"]

LEVELS: Final[tuple[Level, ...]] = (
    *("region", "member", "partner"),
    *("section", "chapter", "heading", "subheading"),
)
"""The levels of trade, from the world down to one line of the tariff: what is listed at each."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure.

    ``unit`` says what the stored number is (a share is 0 to 1, a score 0 to
    100); ``direction`` which way is better; ``combination`` how it may be
    combined over members or periods: added, rebuilt as a sum over a sum, or
    not at all. ``levels`` are those of trade where it makes sense; a measure
    that has any is one to switch to.
    """

    id: str
    unit: Unit
    direction: Direction
    combination: Combination
    levels: tuple[Level, ...] = ()


_WHO: Final[tuple[Level, ...]] = ("region", "member")
_OF_TRADE: Final[Mapping[str, tuple[Level, ...]]] = {
    "value_usd": LEVELS,
    "mass_kg": LEVELS,
    # Above a chapter goods are too mixed for a price.
    "unit_value": ("chapter", "heading", "subheading"),
    "growth": LEVELS,
    "trade_share": LEVELS,
    "balance_usd": LEVELS,
    "hhi": _WHO,
    "hhi_chapters": _WHO,
    # Nothing sums what all members export of a heading.
    "balassa_index": (*_WHO, "section", "chapter"),
    "grubel_lloyd": LEVELS,
    "usd_per_head": _WHO,
    "gdp_share": _WHO,
}
"""Measures of trade in the order of the switch, with the levels where each makes sense."""


def _measures(*rows: tuple[str, Unit, Direction, Combination]) -> Mapping[str, Measure]:
    return {row[0]: Measure(*row, levels=_OF_TRADE.get(row[0], ())) for row in rows}


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
    ("hhi_chapters", "index", "none", "none"),
    ("unit_value", "usd_per_kg", "none", "ratio"),
    ("balassa_index", "ratio", "none", "ratio"),
    ("grubel_lloyd", "share", "none", "ratio"),
    ("usd_per_head", "usd", "none", "ratio"),
    ("gdp_share", "share", "none", "ratio"),
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

TRADE_MEASURES: Final = tuple(_OF_TRADE)
"""Measures of trade that can be switched to."""

SUMMED_MEASURES: Final = ("value_usd", "mass_kg")
"""Those of them that every figure of trade can show."""
