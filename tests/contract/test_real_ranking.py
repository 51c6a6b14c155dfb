"""The ranking of the published data against the files it comes from.

The other route reads the files with pandas alone; scores of the ranking itself are taken as they
are, what they are compared with is not.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from scipy import stats

from callbacks.services import Services

pytestmark = pytest.mark.data

Read = Callable[..., pd.DataFrame]

LAST_ANNUAL = 2023 * 12 + 12
"""Month number of the newest year that annual files can be of; newer data is monthly."""

FEWEST = 100
FEWEST_MONTHLY = 60
"""Members whose newest period is a month after the newest year."""


@pytest.fixture(scope="module")
def ranking(read: Read) -> pd.DataFrame:
    """Every member with its place."""
    return read("ranking")


def _month_number(period: int) -> int:
    return period // 100 * 12 + period % 100


def test_most_members_are_ranked_and_each_by_two_pillars_or_more(ranking: pd.DataFrame) -> None:
    ranked = ranking[ranking["standing"] == "ranked"]
    assert len(ranked) > FEWEST
    pillars = ranked[["timeliness_pillar", "quality_pillar", "coverage_pillar"]]
    assert (pillars.notna().sum(axis=1) >= 2).all()
    assert ranking[["improvement_pillar", "engagement_pillar"]].isna().all(axis=None)
    # A band is part of the rank, and here as well it holds it.
    assert (ranked["rank_low"] <= ranked["rank"]).all()
    assert (ranked["rank"] <= ranked["rank_high"]).all()


def test_months_behind_follow_from_the_days_on_which_months_were_seen(
    read: Read, services: Services, first_seen: dict[tuple[str, int], date]
) -> None:
    values = read("pillars")
    values = values[values["span"] == "selected"].set_index("member_iso3")
    as_of = services.catalogue.data_on
    newest: dict[str, int] = {}
    for (iso3, period), day in first_seen.items():
        if iso3 in values.index and day <= as_of:
            newest[iso3] = max(newest.get(iso3, 0), _month_number(period))
    monthly = {iso3: month for iso3, month in newest.items() if month > LAST_ANNUAL}
    behind = values["months_behind"].dropna()
    # Whoever is nearest to the front tells where the front is: at the newest month of anybody.
    front = max(monthly.values()) + int(behind.min())
    found = {iso3: int(behind[iso3]) for iso3 in monthly if iso3 in behind}
    assert len(found) > FEWEST_MONTHLY
    assert found == {iso3: front - monthly[iso3] for iso3 in found}


@pytest.mark.parametrize(
    ("indicator", "file", "column"),
    [
        ("spi_overall", "spi_index_2004_2019.csv.gz", "SPI.INDEX"),
        ("spi_infrastructure", "spi_index_2004_2019.csv.gz", "SPI.INDEX.PIL5"),
    ],
)
def test_the_correlation_with_statistical_performance_is_that_of_the_file(
    ranking: pd.DataFrame,
    read: Read,
    shared_data: Path,
    indicator: str,
    file: str,
    column: str,
) -> None:
    found = read("ranking_outside").set_index("indicator_id").loc[indicator]
    table = pd.read_csv(shared_data / "quality" / file, keep_default_na=False, na_values=[""])
    year = table[table["date"] == int(found["year"])].set_index("iso3c")[column]
    scores = ranking.set_index("member_iso3")["incentive_score"].dropna()
    theirs = pd.to_numeric(year.reindex(scores.index), errors="coerce").dropna()
    assert len(theirs) > FEWEST
    assert found["n"] == len(theirs)
    assert found["rho"] == pytest.approx(stats.spearmanr(scores[theirs.index], theirs).statistic)
    assert found["rho_low"] < found["rho"] < found["rho_high"]
    assert not found["is_part"]


def test_the_external_score_in_the_ranking_is_said_to_be_part_of_it(read: Read) -> None:
    found = read("ranking_outside").set_index("indicator_id")["is_part"]
    assert {name for name, is_part in found.items() if is_part} == {
        name for name in found.index if str(name).startswith("statistical_capacity")
    }
    assert not found["lpi_customs"]
