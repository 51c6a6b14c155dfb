"""The reference tables hold together: ids, names, regions, codes and dates."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from babel import Locale

from dashboard import reference

# The WCO's six regions as of 2024; the European Union is counted apart.
MEMBERS_BY_REGION = {
    "americas": 33,
    "asia_pacific": 35,
    "east_southern_africa": 24,
    "europe": 52,
    "north_africa_middle_east": 18,
    "west_central_africa": 24,
}
AREA_KINDS = {
    *("member", "union", "state", "territory"),
    *("former", "special", "group", "world"),
}
# Names for which the United Nations' French form is preferred to CLDR's.
FRENCH_UNLIKE_CLDR = {
    *("BLR", "BRN", "COD", "COG", "CPV", "HKG", "IRQ", "KGZ", "KOR", "LAO", "MAC"),
    *("MDA", "MMR", "PSE", "RUS", "SLV", "TLS", "TUR"),
}
# UN Comtrade's code is not the ISO number where the statistical territory is another one.
OWN_COMTRADE_CODES = {"CHE": 757, "FRA": 251, "IND": 699, "NOR": 579, "USA": 842}
# The United Nations' lists of early 2024 have 45 least developed countries, of which Kiribati and
# Tuvalu are not members, and 32 landlocked developing ones, all of which are.
LEAST_DEVELOPED, LANDLOCKED = 43, 32

TABLES: list[Callable[[], pd.DataFrame]] = [
    reference.regions,
    reference.members,
    reference.areas,
    reference.area_aliases,
    reference.successions,
    reference.sections,
    reference.chapters,
    reference.hs_codes,
    reference.hs_editions,
    reference.hs_validity,
    reference.economies,
]


def only_members() -> pd.DataFrame:
    frame = reference.members()
    return frame[frame["kind"] == "member"]


def test_there_are_186_members_in_six_regions() -> None:
    assert only_members().groupby("region_id").size().to_dict() == MEMBERS_BY_REGION
    assert sum(MEMBERS_BY_REGION.values()) == 186


def test_the_european_union_is_the_only_union() -> None:
    frame = reference.members()
    assert frame.loc[frame["kind"] != "member", ["name_en", "kind"]].to_numpy().tolist() == [
        ["European Union", "union"]
    ]


@pytest.mark.parametrize("column", ["member_id", "iso3", "iso2", "name_en", "name_fr"])
def test_members_are_told_apart_by(column: str) -> None:
    values = reference.members()[column]
    assert values.is_unique
    assert (values.astype(str).str.strip() != "").all()


def test_member_ids_are_those_of_comtrade() -> None:
    frame = reference.members().dropna(subset="m49")
    other = frame[frame["member_id"] != frame["m49"]]
    assert dict(zip(other["iso3"], other["member_id"], strict=True)) == OWN_COMTRADE_CODES


def test_only_kosovo_and_the_union_have_no_m49_number() -> None:
    frame = reference.members()
    assert set(frame.loc[frame["m49"].isna(), "name_en"]) == {"Kosovo", "European Union"}


@pytest.mark.parametrize("read", [reference.members, reference.areas])
def test_namibia_is_kept(read: Callable[[], pd.DataFrame]) -> None:
    assert read().set_index("iso3").loc["NAM", "iso2"] == "NA"


def test_every_member_has_a_place_on_the_map() -> None:
    frame = reference.members()
    assert frame["longitude"].between(-180, 180).all()
    assert frame["latitude"].between(-60, 75).all()
    assert not frame.duplicated(["longitude", "latitude"]).any()


def test_membership_begins_with_the_convention_at_the_earliest() -> None:
    joined = reference.members()["joined_on"]
    assert joined.between("1950-12-15", "2024-02-02").all()  # the convention was signed that day


def test_inexact_dates_of_joining_say_so() -> None:
    frame = reference.members()
    inexact = frame[frame["joined_precision"] != "day"]
    assert dict(zip(inexact["iso3"], inexact["joined_precision"], strict=True)) == {
        "GNQ": "month",
        "SUR": "year",
    }


def test_nobody_has_left() -> None:
    assert reference.members()["left_on"].isna().all()


def test_every_member_has_an_income_group_of_the_world_bank() -> None:
    assert set(only_members()["income_group"]) == {
        "Low income",
        "Lower middle income",
        "Upper middle income",
        "High income",
    }


def test_groups_of_the_united_nations_are_whole() -> None:
    frame = only_members()
    assert frame["is_ldc"].sum() == LEAST_DEVELOPED
    assert frame["is_lldc"].sum() == LANDLOCKED
    assert set(frame.loc[frame["is_sids"], "region_id"]) == {
        *("americas", "asia_pacific", "east_southern_africa", "west_central_africa")
    }


def test_french_names_are_those_of_cldr_unless_listed() -> None:
    cldr = Locale("fr").territories
    unlike = {
        row.iso3
        for row in reference.members().itertuples()
        if reference.area_key(row.name_fr) != reference.area_key(cldr[row.iso2])
    }
    assert unlike == FRENCH_UNLIKE_CLDR


def test_regions_name_those_of_the_members() -> None:
    frame = reference.regions()
    assert set(frame["region_id"]) == set(MEMBERS_BY_REGION)
    assert frame["position"].tolist() == [1, 2, 3, 4, 5, 6]
    for column in ("code", "name_en", "name_fr", "short_en", "short_fr"):
        assert frame[column].is_unique


def test_areas_are_of_known_kinds_and_regions() -> None:
    frame = reference.areas()
    assert frame["area_id"].is_unique
    assert set(frame["kind"]) == AREA_KINDS
    assert set(frame["region_id"]) == {"", *MEMBERS_BY_REGION}
    assert (frame[["name_en", "name_fr"]] != "").all(axis=None)
    assert frame["name_en"].is_unique


def test_area_of_a_member_repeats_the_member() -> None:
    shared = ["iso3", "iso2", "name_en", "name_fr", "kind", "region_id"]
    members = reference.members().set_index("member_id")[shared]
    areas = reference.areas().dropna(subset="member_id")
    assert (areas["area_id"] == areas["member_id"]).all()
    pd.testing.assert_frame_equal(
        areas.set_index("area_id")[shared], members, check_names=False, check_index_type=False
    )


@pytest.mark.parametrize("kind", ["special", "group", "world", "state"])
def test_areas_without_a_member_have_no_region(kind: str) -> None:
    frame = reference.areas()
    assert (frame.loc[frame["kind"] == kind, "region_id"] == "").all()


def test_taiwan_is_a_special_area_as_comtrade_names_it() -> None:
    row = reference.areas().set_index("area_id").loc[490]
    assert row[["name_en", "iso3", "kind", "region_id"]].tolist() == [
        *("Other Asia, nes", "S19", "special", "")
    ]


def test_letter_codes_have_no_blanks() -> None:
    for column in ("iso3", "iso2"):
        assert not reference.areas()[column].str.contains(r"\s").any()


def test_letter_codes_of_present_states_are_unique() -> None:
    frame = reference.areas()
    present = frame[frame["kind"].isin(["member", "union", "state"])]
    assert present["iso3"].is_unique


def test_validity_of_an_area_runs_forward() -> None:
    frame = reference.areas().dropna(subset=["valid_from", "valid_to"])
    assert (frame["valid_from"] <= frame["valid_to"]).all()


def test_aliases_lead_to_one_known_area() -> None:
    frame = reference.area_aliases()
    assert not frame.duplicated(["scheme", "key"]).any()
    assert set(frame["scheme"]) == {"name", "iso3"}
    assert frame["area_id"].isin(reference.areas()["area_id"]).all()


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_area_answers_to_its_own_name(language: str) -> None:
    aliases = reference.area_aliases()
    names = aliases[aliases["scheme"] == "name"].set_index("key")["area_id"]
    for row in reference.areas().itertuples():
        key = reference.area_key(str(getattr(row, f"name_{language}")))
        assert names[key] == row.area_id


@pytest.mark.parametrize(
    ("alias", "area_id"),
    [
        ("Turkey", 792),
        ("TÜRKIYE", 792),
        ("Syria", 760),
        ("Fmr Sudan", 736),
        ("Sudan", 729),
        ("Swaziland", 748),
        ("Macedonia", 807),
        ("Cape Verde", 132),
        (" Côte d’Ivoire ", 384),
        ("Sint Maarten", 534),
        ("Micronesia", 57),
        ("United States of America", 842),
        ("Switzerland", 757),
        ("Allemagne", 276),
        ("Congo, Dem. Rep.", 180),
        ("PR China", 156),
    ],
)
def test_alias_leads_to(alias: str, area_id: int) -> None:
    frame = reference.area_aliases()
    found = frame[(frame["scheme"] == "name") & (frame["key"] == reference.area_key(alias))]
    assert found["area_id"].tolist() == [area_id]


@pytest.mark.parametrize(
    ("iso3", "area_id"),
    [("_X ", 899), ("W00", 0), ("WLD", 0), ("S19", 490), ("XKX", 412), ("_KS", 412), ("DEU", 276)],
)
def test_letter_code_leads_to(iso3: str, area_id: int) -> None:
    frame = reference.area_aliases()
    found = frame[(frame["scheme"] == "iso3") & (frame["key"] == reference.area_key(iso3))]
    assert found["area_id"].tolist() == [area_id]


def test_successors_are_present_areas() -> None:
    frame = reference.successions()
    areas = reference.areas().set_index("area_id")
    assert frame["area_id"].is_unique
    assert not set(areas.loc[frame["successor_area_id"], "kind"]) & {"former", "group", "world"}
    assert not frame["successor_area_id"].isin(frame["area_id"]).any()
    assert (frame[["note", "source"]] != "").all(axis=None)


def test_former_area_with_a_successor_has_its_region() -> None:
    frame = reference.successions()
    region = reference.areas().set_index("area_id")["region_id"]
    former = frame[frame["relation"] != "part"]
    assert (
        region.loc[former["area_id"]].tolist() == region.loc[former["successor_area_id"]].tolist()
    )


def test_former_unions_have_no_single_successor() -> None:
    several = {58, 200, 530, 532, 711, 810, 890, 891}
    assert not several & set(reference.successions()["area_id"])
    areas = reference.areas().set_index("area_id")
    assert set(areas.loc[sorted(several), "kind"]) == {"former"}


def test_chapters_map_to_sections_in_order() -> None:
    frame = reference.chapters()
    ordinary = frame[frame["chapter_code"] <= "97"]
    assert ordinary["chapter_code"].tolist() == [f"{number:02d}" for number in range(1, 98)]
    assert ordinary["section_id"].is_monotonic_increasing
    assert set(ordinary["section_id"]) == set(range(1, 22))


def test_last_chapters_of_sections_are_those_of_the_nomenclature() -> None:
    last = reference.chapters().dropna().groupby("section_id")["chapter_code"].max().astype(int)
    assert last.tolist() == [
        *(5, 14, 15, 24, 27, 38, 40, 43, 46, 49, 63, 67, 70, 71, 83, 85, 89, 92, 93, 96, 97)
    ]


def test_chapter_77_is_reserved_and_98_and_99_have_no_section() -> None:
    frame = reference.chapters().set_index("chapter_code")
    assert frame.index[frame["kind"] == "reserved"].tolist() == ["77"]
    assert frame.index[frame["section_id"].isna()].tolist() == ["98", "99"]
    assert frame.index[frame["kind"] == "special"].tolist() == ["98", "99"]


def test_sections_are_numbered_in_roman() -> None:
    values = {"I": 1, "V": 5, "X": 10}
    for row in reference.sections().itertuples():
        digits = [values[letter] for letter in str(row.roman)]
        pairs = zip(digits, [*digits[1:], 0], strict=True)
        assert sum(-one if one < after else one for one, after in pairs) == row.section_id


def test_titles_are_short_in_both_languages() -> None:
    for frame in (reference.sections(), reference.chapters()):
        for column in ("title_en", "title_fr"):
            assert frame[column].str.len().between(3, 50).all()
            assert frame[column].is_unique


def test_hs_codes_are_whole() -> None:
    frame = reference.hs_codes()
    assert frame["code"].is_unique
    assert (frame["code"].str.len() == frame["level"]).all()
    assert set(frame["parent_code"]) - {""} <= set(frame["code"])
    assert (frame["title_en"].str.strip() != "").all()
    # HS 2022 has 1,228 headings and 5,612 subheadings (WCO), each here with one code for 99.
    assert frame["level"].value_counts().to_dict() == {2: 97, 4: 1229, 6: 5613}


def test_hs_codes_agree_with_the_last_edition() -> None:
    validity = reference.hs_validity()
    current = validity.loc[validity["editions"].str[-1] == "1", "code"]
    assert set(current) == set(reference.hs_codes()["code"])


def test_hs_validity_has_a_place_for_every_edition() -> None:
    width = len(reference.hs_editions())
    assert reference.hs_validity()["editions"].map(lambda text: len(text) == width).all()
    pattern = re.compile("[01]*1[01]*")
    assert reference.hs_validity()["editions"].map(pattern.fullmatch).notna().all()


def test_hs_editions_are_those_of_the_wco() -> None:
    assert reference.hs_editions()["year"].tolist() == [1988, 1996, 2002, 2007, 2012, 2017, 2022]


def test_every_member_has_an_economy() -> None:
    frame = reference.economies()
    assert set(frame["iso3"]) == set(only_members()["iso3"])
    assert (frame[["gdp_usd", "population"]] > 0).all(axis=None)
    assert (frame[["gdp_year", "population_year"]] <= 2022).all(axis=None)
    per_head = frame["gdp_usd"] / frame["population"]
    assert per_head.between(100, 200_000).all()


@pytest.mark.parametrize("read", TABLES, ids=lambda read: read.__name__)
def test_each_call_returns_its_own_frame(read: Callable[[], pd.DataFrame]) -> None:
    first = read()
    untouched = first.copy()
    first.iloc[:, 0] = first.iloc[0, 0]
    pd.testing.assert_frame_equal(read(), untouched)


def test_page_on_sources_counts_the_rows_of_every_table() -> None:
    root = Path(reference.__file__).parents[2]
    page = (root / "docs" / "sources.md").read_text(encoding="utf-8")
    counted = {
        name: int(rows.replace(",", ""))
        for name, rows in re.findall(r"^\| `(\w+\.csv)` \| ([\d,]+) \|", page, flags=re.MULTILINE)
    }
    tables = Path(reference.__file__).parent.glob("*.csv")
    assert counted == {
        path.name: len(path.read_text(encoding="utf-8").splitlines()) - 1 for path in tables
    }
