"""Codes and names lead to areas, periods and commodities."""

from __future__ import annotations

from datetime import date

import pytest

from dashboard.warehouse.resolving import FLOW_TOKENS, Areas, Commodities, parse_period

TODAY = date(2024, 10, 1)


@pytest.fixture(scope="module")
def areas() -> Areas:
    return Areas()


@pytest.fixture(scope="module")
def commodities() -> Commodities:
    return Commodities()


@pytest.mark.parametrize(
    ("code", "iso", "name", "area_id"),
    [
        ("842", "USA", "USA", 842),
        ("840", "", "", 842),
        ("", "USA", "", 842),
        ("251", "", "", 251),
        ("", "FRA", "", 251),
        ("", "NAM", "", 516),
        ("516", "NA", "", 516),
        ("", "_X ", "", 899),
        ("", "S19", "", 490),
        ("0", "WLD", "World", 0),
        ("", "", "Turkey", 792),
        ("", "", "  côte d'Ivoire ", 384),
        ("", "", "Fmr Sudan", 729),
        ("736", "SDN", "", 729),
        ("280", "DEU", "", 276),
        ("58", "BEL", "Belgium-Luxembourg", 58),
    ],
)
def test_area_is_found_by_code_then_iso_code_then_name(
    areas: Areas, code: str, iso: str, name: str, area_id: int
) -> None:
    found = areas.resolve(code, iso, name)
    assert found is not None
    assert found.area_id == area_id


@pytest.mark.parametrize("texts", [("", "", ""), ("12345", "", ""), ("", "ZZZ", "Nowhere")])
def test_area_that_is_not_known_is_none(areas: Areas, texts: tuple[str, str, str]) -> None:
    assert areas.resolve(*texts) is None


def test_former_state_keeps_the_code_that_was_stated(areas: Areas) -> None:
    found = areas.resolve("736")
    assert found is not None
    assert (found.area_id, found.stated_id, found.ended) == (729, 736, 2011)


@pytest.mark.parametrize(
    ("text", "frequency", "period_id"),
    [
        ("2023", "A", 2023),
        ("2023", "", 2023),
        ("202309", "M", 202309),
        ("2023-09", "M", 202309),
        ("202313", "M", None),
        ("202300", "M", None),
        ("2023", "M", None),
        ("202309", "A", None),
        ("1850", "A", None),
        ("2025", "A", None),
        ("202411", "M", None),
        ("", "", None),
        ("soon", "", None),
    ],
)
def test_period_is_a_year_or_a_month_that_has_begun(
    text: str, frequency: str, period_id: int | None
) -> None:
    assert parse_period(text, frequency, TODAY) == period_id


@pytest.mark.parametrize(
    ("text", "edition", "found"),
    [
        ("030354", "H6", ("030354", False)),
        ("30354", "H6", ("030354", False)),
        ("1", "", ("01", False)),
        ("27", "H0", ("27", False)),
        ("TOTAL", "H6", ("TOTAL", False)),
        ("9999AA", "H4", ("999999", False)),
        ("851713", "H6", ("851713", False)),
        ("851713", "H5", ("851713", True)),
        ("851713", "HS", ("851713", False)),
        ("00", "H6", None),
        ("03035499", "H6", None),
        ("AG6", "H6", None),
        ("", "", None),
    ],
)
def test_commodity_keeps_its_zeros_and_its_edition(
    commodities: Commodities, text: str, edition: str, found: tuple[str, bool] | None
) -> None:
    assert commodities.resolve(text, edition) == found


def test_flows_have_codes_numbers_and_names() -> None:
    assert [FLOW_TOKENS[token] for token in ("m", "1", "import")] == ["M", "M", "M"]
    assert [FLOW_TOKENS[token] for token in ("3", "re-export", "rx")] == ["RX", "RX", "RX"]
    assert [FLOW_TOKENS[token] for token in ("4", "re-import", "rm")] == ["RM", "RM", "RM"]
