"""Random resolved selections, drawn by a seed, for the contract tests."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from typing import Any

from dashboard.measures import TRADE_MEASURES
from dashboard.selection import (
    AGGREGATIONS,
    FLOWS,
    SOURCES,
    Catalogue,
    Selection,
    latest_base,
    shift_month,
)


def random_selection(catalogue: Catalogue, draw: random.Random) -> Selection:
    """Draw a selection that a user could have made."""
    collection = draw.choice([*catalogue.collections, catalogue.default_collection])
    _, high = catalogue.periods[collection]
    is_annual = catalogue.collections[collection] == "A"
    last_month = f"{high}-12" if is_annual else f"{high // 100:04d}-{high % 100:02d}"
    values: dict[str, Any] = {"collection": collection}
    if draw.random() < 0.7:
        values["last"] = shift_month(last_month, -draw.randrange(0, 24))
        values["first"] = shift_month(values["last"], -draw.randrange(0, 30))
    values |= _scope(catalogue, draw)
    if draw.random() < 0.4:
        values["as_of"] = catalogue.data_on - timedelta(days=draw.randrange(1, 700))
    if draw.random() < 0.3:
        chapter = f"{draw.choice([3, 8, 27, 52, 84, 87]):02d}"
        section = f"S{draw.choice(catalogue.sections)}"
        values["commodity"] = draw.choice([chapter, section])
    if draw.random() < 0.3:
        pillars = list(catalogue.pillars)
        values["weights"] = tuple((pillar, draw.randrange(1, 100)) for pillar in pillars)
    for name, choices in (
        ("flow", FLOWS[:2]),
        ("source", SOURCES),
        ("measure", TRADE_MEASURES),
        ("aggregation", AGGREGATIONS),
    ):
        if draw.random() < 0.4:
            values[name] = draw.choice(choices)
    choices_of = (
        ("rule", catalogue.rules),
        ("tactic", catalogue.tactics),
        ("result", catalogue.key_results),
        ("indicator", catalogue.indicators),
        ("dimension", catalogue.dimensions),
    )
    for name, known in choices_of:
        if known and draw.random() < 0.2:
            values[name] = draw.choice(sorted(known))
    found = Selection(**values).resolve(catalogue)
    if draw.random() < 0.2:
        earlier = shift_month(latest_base(found, catalogue), -draw.randrange(0, 12))
        found = replace(found, base=max(earlier, catalogue.months[0]), scale="index")
        found = (
            found
            if (found.base or "") <= latest_base(found, catalogue)
            else replace(found, base=None)
        )
    return found


def _scope(catalogue: Catalogue, draw: random.Random) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if draw.random() < 0.4:
        values["regions"] = tuple(draw.sample(catalogue.regions, draw.choice([1, 1, 2])))
    if draw.random() < 0.4:
        values["members"] = tuple(draw.sample(sorted(catalogue.members), draw.choice([1, 1, 3])))
    if draw.random() < 0.2:
        values["partner_regions"] = (draw.choice(catalogue.regions),)
    if draw.random() < 0.2:
        values["partners"] = tuple(draw.sample(sorted(catalogue.members), 2))
    return values
