"""Real files: every area and commodity they name is known, every listed member is kept."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from dashboard import reference

OLD_LAYOUT = {
    "id": ("Reporter Code", "Partner Code"),
    "iso3": ("Reporter ISO", "Partner ISO"),
    "name": ("Reporter", "Partner"),
}
MONTHLY_LAYOUT = {
    "id": ("reporter_code", "partner_code", "partner2code"),
    "iso3": ("reporter_iso", "partner_iso", "partner2iso"),
    "name": ("reporter_desc", "partner_desc", "partner2desc"),
}
TOTAL_LAYOUT = {
    "id": ("reportercode", "partnercode"),
    "iso3": ("reporteriso", "partneriso"),
    "name": ("reporterdesc", "partnerdesc"),
}
EU_LAYOUT = {
    "iso3": ("reporter_iso", "partner_iso"),
    "name": ("reporter_desc", "partner_desc"),
}
NAMES_LAYOUT = {"name": ("rtTitle", "Subregion", "Region")}
# Files with codes may name an area as UN Comtrade no longer does; the code is what counts there.
WITHOUT_CODES = ("comtrade_annual_chapters_mena", "comtrade_annual_hs4_eu")


def parquet(path: Path, layout: dict[str, tuple[str, ...]]) -> pd.DataFrame:
    return pd.read_parquet(path, columns=[name for group in layout.values() for name in group])


@cache
def frame_of(path: Path) -> tuple[pd.DataFrame, dict[str, tuple[str, ...]]]:
    """The columns of a trade file that name areas, and which they are."""
    if path.name.startswith("comtrade_monthly"):
        return parquet(path, MONTHLY_LAYOUT), MONTHLY_LAYOUT
    if path.name.startswith("comtrade_annual_chapters_mena"):
        return parquet(path, NAMES_LAYOUT), NAMES_LAYOUT
    if path.name.startswith("comtrade_annual_hs4_eu"):
        return parquet(path, EU_LAYOUT), EU_LAYOUT
    if path.name.startswith("comtrade_annual_hs27"):
        frame = pd.read_csv(path, encoding="utf-8-sig", dtype=str, keep_default_na=False)
        return frame, OLD_LAYOUT
    assert path.name.startswith("comtrade_total_world"), f"{path.name}: a layout without a test"
    # A nameless last column in the rows, not always in the header: name it in every case.
    header = pd.read_csv(path, encoding="latin-1", nrows=0).columns
    names = [name.lower() for name in header if not name.startswith("Unnamed")] + ["empty"]
    frame = pd.read_csv(
        path,
        encoding="latin-1",
        dtype=str,
        keep_default_na=False,
        header=None,
        skiprows=1,
        names=names[: 48 if is_ragged(path) else 47],
    )
    return frame, TOTAL_LAYOUT


def is_ragged(path: Path) -> bool:
    """Does a row of the file end with a comma."""
    with path.open(encoding="latin-1") as lines:
        next(lines)
        return next(lines).rstrip().endswith(",")


def trade_files(shared_data: Path) -> list[Path]:
    files = sorted((shared_data / "trade").glob("*.*"))
    assert len(files) == 39, "a file was added: look what it calls its areas"
    return files


def found(shared_data: Path, scheme: str) -> dict[str, set[str]]:
    """Every distinct text of a scheme, with the files that use it."""
    texts: dict[str, set[str]] = {}
    for path in trade_files(shared_data):
        frame, layout = frame_of(path)
        for column in layout.get(scheme, ()):
            for text in frame[column].drop_duplicates().astype(str):
                texts.setdefault(text, set()).add(path.name)
    return texts


def keys(scheme: str) -> pd.Series:
    aliases = reference.area_aliases()
    return aliases[aliases["scheme"] == scheme].set_index("key")["area_id"]


def test_every_area_code_of_the_trade_files_is_known(shared_data: Path) -> None:
    known = set(reference.areas()["area_id"].astype(str))
    codes = found(shared_data, "id")
    assert {code: files for code, files in codes.items() if code not in known} == {}
    assert len(codes) > 250


@pytest.mark.parametrize("scheme", ["name", "iso3"])
def test_every_name_and_letter_code_of_the_trade_files_is_known(
    shared_data: Path, scheme: str
) -> None:
    known = set(keys(scheme).index)
    texts = found(shared_data, scheme)
    unknown = {
        text: files
        for text, files in texts.items()
        if text.strip() and reference.area_key(text) not in known
    }
    assert unknown == {}
    assert len(texts) > 250


def test_names_lead_where_the_codes_beside_them_lead(shared_data: Path) -> None:
    successor = reference.successions().set_index("area_id")["successor_area_id"]
    names = keys("name")
    for path in trade_files(shared_data):
        frame, layout = frame_of(path)
        for code, name in zip(layout.get("id", ()), layout["name"], strict=False):
            for row in frame[[code, name]].drop_duplicates().itertuples(index=False):
                area_id = int(row[0])
                by_name = int(names[reference.area_key(str(row[1]))])
                assert by_name in {area_id, successor.get(area_id)}, (path.name, row)


def test_letter_codes_lead_where_the_names_lead_in_files_without_codes(shared_data: Path) -> None:
    path = next((shared_data / "trade").glob("comtrade_annual_hs4_eu*"))
    frame, layout = frame_of(path)
    letters, names = keys("iso3"), keys("name")
    for iso3, name in zip(layout["iso3"], layout["name"], strict=True):
        for row in frame[[iso3, name]].drop_duplicates().itertuples(index=False):
            by_letters = letters[reference.area_key(str(row[0]))]
            assert by_letters == names[reference.area_key(str(row[1]))], row


def test_every_area_of_the_comtrade_lists_is_kept(shared_data: Path) -> None:
    areas = reference.areas().set_index("area_id")
    for name in ("comtrade_reporter.csv", "comtrade_partner.csv"):
        listed = pd.read_csv(shared_data / "reference" / name, keep_default_na=False)
        assert set(listed["id"]) <= set(areas.index)


def test_every_member_of_the_published_list_keeps_region_and_date(shared_data: Path) -> None:
    listed = pd.read_csv(
        shared_data / "reference" / "wco_members_2019.csv", keep_default_na=False
    ).set_index("iso3")
    listed = listed[listed["name_as_listed"] != "European Union"].rename({"": "CUW"})
    members = reference.members().set_index("iso3")
    regions = reference.regions().set_index("name_en")["region_id"]
    later = {"GNQ", "SLB", "PLW"}
    assert set(members.index) == set(listed.index) | later | {"EUR"}
    same = members.loc[listed.index]
    assert same["region_id"].tolist() == regions.loc[listed["wco_region"]].tolist()
    dates = same["joined_on"].dt.strftime("%Y-%m-%d")
    expected = listed["accession_date"].mask(listed["accession_date"] == "2018", "2018-01-01")
    assert dates.tolist() == expected.tolist()


def test_every_commodity_code_of_the_monthly_files_is_valid_in_its_edition(
    shared_data: Path,
) -> None:
    editions = reference.hs_validity().set_index("code")["editions"]
    place = reference.hs_editions().set_index("edition_id")["position"] - 1
    for path in sorted((shared_data / "trade").glob("comtrade_monthly*")):
        columns = ["classification_code", "cmd_code"]
        for edition, code in (
            pd.read_parquet(path, columns=columns).drop_duplicates().itertuples(index=False)
        ):
            assert editions[code][place[edition]] == "1", (path.name, edition, code)
