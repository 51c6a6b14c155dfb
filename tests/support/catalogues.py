"""A small catalogue and its names, for tests that need no warehouse."""

from __future__ import annotations

from datetime import date

from dashboard.selection import Catalogue
from layouts.scene import Names

REGIONS = (
    "americas",
    "asia_pacific",
    "east_southern_africa",
    "europe",
    "north_africa_middle_east",
    "west_central_africa",
)

CATALOGUE = Catalogue(
    version="20260101t000000x000000",
    known_from=date(2016, 2, 11),
    data_on=date(2026, 1, 15),
    months=("2016-01", "2025-12"),
    collections={"trade_monthly": "M", "trade_annual": "A", "revenue_monthly": "M"},
    trade_collections=("trade_monthly", "trade_annual"),
    default_collection="trade_monthly",
    regions=REGIONS,
    members={
        "KEN": "east_southern_africa",
        "UGA": "east_southern_africa",
        "UKR": "europe",
        "FRA": "europe",
        "NAM": "east_southern_africa",
        "USA": "americas",
    },
    partners=frozenset({"KEN", "UGA", "UKR", "FRA", "NAM", "USA", "GRL", "_X"}),
    sections=tuple(range(1, 22)),
    dimensions=("completeness", "validity", "consistency", "coherence", "stability"),
    rules=frozenset({"negative_value"}),
    tactics=frozenset({"1.1", "3.7"}),
    pillars={"timeliness": 30.0, "quality": 30.0, "coverage": 20.0, "improvement": 20.0},
    periods={
        "trade_monthly": (201601, 202512),
        "trade_annual": (2016, 2024),
        "revenue_monthly": (201901, 202512),
    },
    traded={"trade_monthly": (201601, 202512), "trade_annual": (2016, 2024)},
    key_results={"portal_submissions": "1.1", "tool_users": "1.1", "upper_tiers": "3.7"},
    schemes={
        "official": {"timeliness": 30.0, "quality": 30.0, "coverage": 20.0, "improvement": 20.0},
        "equal": dict.fromkeys(("timeliness", "quality", "coverage", "improvement"), 1.0),
        "variance": None,
        "europe": {"timeliness": 25.0, "quality": 35.0, "coverage": 20.0, "improvement": 20.0},
    },
    indicators={"spi_overall": "points", "clearance_hours": "hours"},
)

NAMES = Names(
    members={
        "KEN": "Kenya",
        "UGA": "Uganda",
        "UKR": "Ukraine",
        "FRA": "France",
        "NAM": "Namibia",
        "USA": "United States",
    },
    partners={"GRL": "Greenland", "_X": "Areas, not elsewhere specified"},
    regions={region: region.replace("_", " ").title() for region in REGIONS},
    short_regions={region: region.replace("_", " ").title() for region in REGIONS},
    collections={
        "trade_monthly": "Monthly merchandise trade",
        "trade_annual": "Annual merchandise trade",
        "revenue_monthly": "Monthly customs revenue",
    },
    sections={1: "Live animals"},
    chapters={"03": "Fish"},
    chapter_sections={"03": 1},
    coordinates={"KEN": (37.9, 0.5)},
)
