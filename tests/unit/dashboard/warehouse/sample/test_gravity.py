"""Who trades what with whom."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from dashboard.warehouse.sample.gravity import (
    WORLD_TRADE_USD,
    Areas,
    great_circle_km,
    pair_values,
    trade_lines,
    trading_areas,
)
from dashboard.warehouse.sample.products import Products, sample_products
from dashboard.warehouse.sample.scales import SCALES
from dashboard.warehouse.sample.sides import reported_sides
from dashboard.warehouse.sample.traits import member_traits, sample_members

SEED = 3


@pytest.fixture(scope="module")
def areas() -> Areas:
    return trading_areas(sample_members())


@pytest.fixture(scope="module")
def products() -> Products:
    return sample_products(SEED)


@pytest.fixture(scope="module")
def lines(areas: Areas, products: Products) -> pd.DataFrame:
    traits = member_traits(sample_members(), SEED)
    return trade_lines(areas, products, traits, SCALES["small"], SEED)


@pytest.fixture(scope="module")
def sides(areas: Areas, products: Products, lines: pd.DataFrame) -> pd.DataFrame:
    return reported_sides(lines, areas, products, member_traits(sample_members(), SEED), SEED)


def test_great_circles_have_known_lengths() -> None:
    # Paris (48.8566 N, 2.3522 E) to New York (40.7128 N, 74.0060 W): about 5,837 km.
    distances = great_circle_km(np.array([2.3522, -74.0060]), np.array([48.8566, 40.7128]))
    assert distances[0, 1] == pytest.approx(5837, abs=5)
    assert distances[0, 0] == 0
    assert distances[0, 1] == distances[1, 0]


def test_pairs_trade_more_when_large_and_less_when_far(areas: Areas) -> None:
    distances = great_circle_km(areas.longitude, areas.latitude)
    values = pair_values(areas, distances, SEED)
    assert values.sum() == pytest.approx(WORLD_TRADE_USD)
    assert (np.diag(values) == 0).all()
    off = ~np.eye(len(areas), dtype=bool)
    size = np.log(areas.gdp_usd)
    both = (size[:, None] + size[None, :])[off]
    design = np.column_stack([np.ones(off.sum()), both, np.log(distances[off] + 300)])
    elasticity = np.linalg.lstsq(design, np.log(values[off]), rcond=None)[0]
    assert 0.7 < elasticity[1] < 1.0
    assert -1.3 < elasticity[2] < -0.8


def test_lines_are_distinct_and_nobody_trades_with_itself(lines: pd.DataFrame) -> None:
    assert not lines.duplicated(["exporter", "importer", "product"]).any()
    assert (lines["exporter"] != lines["importer"]).all()
    assert (lines["usd_month"] > 0).all()


def test_every_member_has_a_line_on_either_side_that_never_pauses(
    lines: pd.DataFrame, areas: Areas
) -> None:
    anchors = lines[lines["anchor"]]
    reporters = set(np.flatnonzero(areas.is_reporter))
    assert set(anchors["exporter"]) >= reporters
    assert set(anchors["importer"]) >= reporters
    assert (anchors["active"] == 1).all()


def test_every_chapter_is_traded(lines: pd.DataFrame, products: Products) -> None:
    assert set(products.frame["chapter"].iloc[lines["product"]]) == set(products.frame["chapter"])


def test_codes_of_products_exist_in_the_edition_that_they_are_given_for(
    products: Products,
) -> None:
    from dashboard import reference

    editions = reference.hs_validity().set_index("code")["editions"]
    for column, place in (("code_h5", 5), ("code_h6", 6)):
        codes = products.frame[column]
        assert (editions[codes[codes != ""]].str[place] == "1").all()
        assert not codes[codes != ""].duplicated().any()
    # 8517.12, telephones for cellular networks, went on under new numbers in HS 2022.
    phone = products.frame.set_index("code_h5").loc["851712", "code_h6"]
    assert phone.startswith("8517")
    assert phone != "851712"


def test_no_reporter_states_a_key_twice(sides: pd.DataFrame) -> None:
    keys = ["reporter_id", "partner_id", "flow_code", "code_h5", "code_h6"]
    assert not sides.duplicated(keys).any()


def test_imports_are_valued_above_exports_by_freight(sides: pd.DataFrame) -> None:
    exports = sides[sides["flow_code"] == "X"].set_index("line_id")["usd_month"]
    imports = sides[sides["flow_code"] == "M"].set_index("line_id")["usd_month"]
    ratio = (imports / exports).dropna()
    assert len(ratio) > 300
    assert 1.0 < ratio.median() < 1.15


def test_each_re_export_shares_the_noise_of_its_export(sides: pd.DataFrame) -> None:
    again = sides[sides["flow_code"] == "RX"]
    whole = sides[sides["flow_code"] == "X"].set_index("noise_key")["usd_month"]
    assert len(again) > 5
    assert (again["usd_month"].to_numpy() < whole[again["noise_key"]].to_numpy()).all()
