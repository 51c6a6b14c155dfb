"""Every shared trade file loads, each row is accounted for, and totals equal those of pandas.

The oracle reads the files again by pandas, with its own few lines on what the columns mean;
it shares nothing with the loader.
"""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest

from dashboard.framework import read_framework
from dashboard.warehouse.report import FileReport
from dashboard.warehouse.workshop import open_scratch
from tests.support import file_findings
from tests.support.real_data import RECEIPTS, SCORES, RealWarehouse
from tests.support.trade_files import Bench

ROOT = Path(__file__).resolve().parents[2]
FISH_ROWS = {2021: 384_614, 2022: 405_789, 2023: 384_214, 2024: 130_140}
WORLD_ROWS = {"2011_2015": 1_709, "2016_2020": 1_642, "2021_2024": 1_062}
MOST_KILOBYTES = 2_000_000

# Codes of the old layout that are one area with a present code, from UN Comtrade's area list.
PRESENT = {280: 276, 278: 276, 736: 729, 720: 887, 886: 887, 841: 842, 381: 380, 230: 231}
FLOWS = {"Import": "M", "Export": "X", "Re-Import": "RM", "Re-Export": "RX"}


@dataclass
class Loaded:
    """All shared trade files, loaded once."""

    bench: Bench
    files: tuple[FileReport, ...]
    folder: Path

    def file(self, name: str) -> FileReport:
        """Return what became of one file."""
        (found,) = (one for one in self.files if one.file_name == name)
        return found

    def totals(self, collection: str, table: str = "fct_trade", where: str = "true") -> pd.Series:
        """Return values by reporter, period and flow."""
        frame = self.bench.connection.execute(
            f"select t.reporter_id, t.period_id, t.flow_code, sum(t.value_usd) as value_usd "
            f"from {table} t join fct_submission s using (submission_id) "
            f"where s.collection_id = ? and {where} group by all",
            [collection],
        ).df()
        return frame.set_index(["reporter_id", "period_id", "flow_code"])["value_usd"]


@pytest.fixture(scope="module")
def loaded(
    shared_data: Path, real_warehouse: RealWarehouse, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Loaded]:
    """What was published of the trade files alone, as a copy that may be written."""
    path = tmp_path_factory.mktemp("real") / "scratch.duckdb"
    shutil.copyfile(real_warehouse.trade_generation, path)
    connection = open_scratch(path)
    framework, _ = read_framework(ROOT / "examples" / "comtrade" / "framework.toml")
    told = [dict(file) for file in real_warehouse.load_report["files"]]
    files = [(file.pop("adds_up"), FileReport(**file)) for file in told]
    assert [one.file_name for adds_up, one in files if adds_up != one.adds_up()] == []
    folder = shared_data / "trade"
    yield Loaded(Bench(connection, framework), tuple(one for _, one in files), folder)
    connection.close()


def assert_same(found: pd.Series, expected: pd.Series) -> None:
    """Same keys, and values to a relative 1e-12."""
    expected = expected.rename_axis(found.index.names)
    assert set(found.index) == set(expected.index)
    np.testing.assert_allclose(found.sort_index(), expected.sort_index(), rtol=1e-12)


def test_every_file_loads_and_every_row_is_accounted_for(loaded: Loaded) -> None:
    files = loaded.files
    assert len(files) == len(list(loaded.folder.iterdir())) == 39
    assert [file.file_name for file in files if file.status != "loaded"] == []
    assert [file.file_name for file in files if not file.adds_up()] == []
    assert sum(file.rows_read for file in files) == 3_543_080


def test_no_row_of_the_shared_files_is_left_out(loaded: Loaded) -> None:
    assert [(file.file_name, dict(file.problems)) for file in loaded.files if file.problems] == []


def test_rows_read_are_those_that_the_readme_counts(loaded: Loaded) -> None:
    for year, rows in FISH_ROWS.items():
        assert loaded.file(f"comtrade_monthly_hs6_fish_{year}.parquet").rows_read == rows
    for years, rows in WORLD_ROWS.items():
        assert loaded.file(f"comtrade_total_world_{years}.csv").rows_read == rows
    assert loaded.file("comtrade_annual_chapters_mena_1990_2021.parquet").rows_read == 1_690_161
    assert loaded.file("comtrade_annual_hs4_eu_imports_2018_2022.parquet").rows_read == 173_358
    fuels = [file for file in loaded.files if "hs27" in file.file_name]
    assert (len(fuels), sum(file.rows_read for file in fuels)) == (30, 370_391)


def test_rows_in_the_warehouse_are_those_of_the_report(loaded: Loaded) -> None:
    files = loaded.files
    count = loaded.bench.value
    assert count("select count(*) from fct_trade") == sum(file.rows_loaded for file in files)
    assert count("select count(*) from fct_control_total") == sum(
        file.rows_control for file in files
    )
    assert count("select sum(row_count + control_row_count) from fct_submission") == 3_543_080


@pytest.mark.parametrize(
    ("collection", "layout"),
    [
        ("fish_monthly", "comtrade_current"),
        ("total_annual", "comtrade_current"),
        ("fuels_annual", "comtrade_old"),
        ("chapters_annual", "names_only"),
        ("wood_paper_annual", "iso3_brief"),
    ],
)
def test_each_collection_is_found_by_itself(loaded: Loaded, collection: str, layout: str) -> None:
    found = {one.layout_id for one in loaded.files if one.collection_id == collection}
    assert found == {layout}


def test_encodings_are_found(loaded: Loaded) -> None:
    found = {file.file_name: file.encoding for file in loaded.files}
    assert {kind for name, kind in found.items() if "total_world" in name} == {"latin-1"}
    assert {kind for name, kind in found.items() if "hs27" in name} == {"utf-8-sig"}
    assert {kind for name, kind in found.items() if name.endswith(".parquet")} == {""}


def test_fish_by_reporter_month_and_flow(loaded: Loaded) -> None:
    columns = ["reporter_code", "period", "flow_code", "primary_value"]
    frame = pd.concat(
        pd.read_parquet(
            loaded.folder / f"comtrade_monthly_hs6_fish_{year}.parquet", columns=columns
        )
        for year in FISH_ROWS
    ).astype({"period": int})
    assert loaded.bench.value(
        "select count(*) from fct_submission where collection_id = 'fish_monthly'"
    ) == len(frame[["reporter_code", "period"]].drop_duplicates())
    flows = frame[frame["flow_code"].isin(["M", "X", "RM", "RX"])]
    expected = flows.groupby(["reporter_code", "period", "flow_code"])["primary_value"].sum()
    assert_same(loaded.totals("fish_monthly"), expected)
    parts = frame[~frame["flow_code"].isin(["M", "X", "RM", "RX"])]
    expected = parts.groupby(["reporter_code", "period", "flow_code"])["primary_value"].sum()
    assert_same(loaded.totals("fish_monthly", "fct_control_total"), expected)


def test_fuels_by_reporter_year_and_flow(loaded: Loaded) -> None:
    frame = pd.concat(
        pd.read_csv(
            path,
            usecols=["Period", "Trade Flow", "Reporter Code", "Partner Code", "Trade Value (US$)"],
            encoding="utf-8-sig",
        )
        for path in sorted(loaded.folder.glob("comtrade_annual_hs27_*.csv.gz"))
    )
    frame["flow"] = frame["Trade Flow"].map(FLOWS)
    frame["reporter"] = frame["Reporter Code"].replace(PRESENT)
    keys = ["reporter", "Period", "flow"]
    is_world = frame["Partner Code"] == 0
    partners = frame[~is_world].groupby(keys)["Trade Value (US$)"].sum()
    assert_same(loaded.totals("fuels_annual"), partners.astype(float))
    world = frame[is_world].groupby(keys)["Trade Value (US$)"].sum()
    assert_same(loaded.totals("fuels_annual", "fct_control_total"), world.astype(float))


def test_world_totals_by_reporter_year_and_flow(loaded: Loaded) -> None:
    records = []
    for years in WORLD_ROWS:
        path = loaded.folder / f"comtrade_total_world_{years}.csv"
        with path.open(encoding="latin-1", newline="") as file:
            header, *rows = csv.reader(file)
            # a trailing comma may leave a nameless field at the end
            names = [name.lower() for name in header if name]
            records += [dict(zip(names, one, strict=False)) for one in rows]
    frame = pd.DataFrame(records)[["reportercode", "period", "flowcode", "primaryvalue"]]
    frame = frame.astype({"reportercode": int, "period": int, "primaryvalue": float})
    frame["reportercode"] = frame["reportercode"].replace(PRESENT)
    expected = frame.groupby(["reportercode", "period", "flowcode"])["primaryvalue"].sum()
    assert_same(loaded.totals("total_annual", "fct_control_total"), expected)
    assert loaded.totals("total_annual").empty
    reporters = loaded.bench.rows(
        "select period_id, count(*) from fct_submission where collection_id = 'total_annual' "
        "and period_id in (2011, 2023, 2024) group by 1 order by 1"
    )
    assert reporters == [(2011, 175), (2023, 152), (2024, 53)]


def test_chapters_by_reporter_year_and_flow(loaded: Loaded) -> None:
    frame = pd.read_parquet(loaded.folder / "comtrade_annual_chapters_mena_1990_2021.parquet")
    codes = pd.read_csv(ROOT / "dashboard" / "reference" / "areas.csv", keep_default_na=False)
    names = dict(zip(codes["name_en"], codes["area_id"], strict=True)) | {
        "Turkey": 792,
        "Syria": 760,
        "Fmr Sudan": 729,
        "State of Palestine": 275,
    }
    frame["reporter"] = frame["rtTitle"].map(names)
    assert frame["reporter"].notna().all()
    frame["flow"] = frame["rgDesc"].map(FLOWS)
    # a single country repeats its name as its region
    is_country = frame["Region"].str.strip() == frame["Subregion"]
    is_world = frame["Subregion"] == "World"
    keys = ["reporter", "yr", "flow"]
    countries = frame[is_country & ~is_world].groupby(keys)["TradeValue"].sum().astype(float)
    assert_same(loaded.totals("chapters_annual"), countries)
    for kind, chosen in (("world", is_world), ("aggregate_partner", ~is_country)):
        expected = frame[chosen].groupby(keys)["TradeValue"].sum().astype(float)
        found = loaded.totals("chapters_annual", "fct_control_total", f"kind = '{kind}'")
        assert_same(found, expected)
    assert loaded.bench.rows(
        "select min(commodity_code), max(commodity_code), min(length(commodity_code)) "
        "from fct_trade join fct_submission using (submission_id) "
        "where collection_id = 'chapters_annual'"
    ) == [("01", "99", 2)]


def test_wood_and_paper_by_reporter_and_year(loaded: Loaded) -> None:
    frame = pd.read_parquet(loaded.folder / "comtrade_annual_hs4_eu_imports_2018_2022.parquet")
    members = pd.read_csv(ROOT / "dashboard" / "reference" / "members.csv", keep_default_na=False)
    codes = dict(zip(members["iso3"], members["member_id"], strict=True))
    frame["reporter"] = frame["reporter_iso"].map(codes)
    frame["flow"] = "M"
    expected = frame.groupby(["reporter", "ref_year", "flow"])["primary_value"].sum()
    assert_same(loaded.totals("wood_paper_annual"), expected)


def test_mixed_levels_of_wood_and_paper_count_nothing_twice(loaded: Loaded) -> None:
    codes = {
        code
        for (code,) in loaded.bench.rows(
            "select distinct commodity_code from fct_trade "
            "join fct_submission using (submission_id) where collection_id = 'wood_paper_annual'"
        )
    }
    assert {len(code) for code in codes} == {2, 4, 6}
    nested = {(a, b) for a in codes for b in codes if a != b and b.startswith(a)}
    assert nested == set()


def test_world_row_of_fuels_is_the_sum_of_partners_as_the_readme_says(loaded: Loaded) -> None:
    world = loaded.totals("fuels_annual", "fct_control_total")
    partners = loaded.totals("fuels_annual").reindex(world.index)
    gap = (world - partners).abs()
    # the README counts 9,085 of 9,090 within a thousandth; in four of the five others the two
    # differ by one dollar, which is rounding
    assert (len(world), (gap > 0.001 * world).sum()) == (9_090, 5)
    assert ((gap > 0.001 * world) & (gap > 1)).sum() == 1
    assert loaded.bench.rows(
        "select sum(rows_checked), sum(rows_failed) from fct_check "
        "join fct_submission using (submission_id) "
        "where rule_id = 'world_total' and collection_id = 'fuels_annual'"
    ) == [(9_090, 1)]


def test_parts_of_flows_add_up_in_over_99_percent_of_the_cells_of_2023(loaded: Loaded) -> None:
    ((checked, failed),) = loaded.bench.rows(
        "select sum(rows_checked), sum(rows_failed) from fct_check "
        "join fct_submission using (submission_id) where rule_id = 'sub_flows' "
        "and collection_id = 'fish_monthly' and period_id between 202301 and 202312"
    )
    assert checked == 41_773 + 29_078  # DX and FM rows of the file
    assert failed / checked < 0.01


def test_counts_of_the_readme_are_those_of_the_rules(loaded: Loaded) -> None:
    def failed(rule: str, collection: str) -> int:
        found: int = loaded.bench.value(
            "select sum(rows_failed)::bigint from fct_check "
            "join fct_submission using (submission_id) where rule_id = ? and collection_id = ?",
            rule,
            collection,
        )
        return found

    fish = pd.concat(
        pd.read_parquet(
            loaded.folder / f"comtrade_monthly_hs6_fish_{year}.parquet",
            columns=[
                "reporter_code",
                "partner_code",
                "flow_code",
                "net_wgt",
                "primary_value",
                "legacy_estimation_flag",
            ],
        )
        for year in FISH_ROWS
    )
    flows = fish[fish["flow_code"].isin(["M", "X", "RM", "RX"])]
    own = (flows["reporter_code"] == flows["partner_code"]).sum()
    assert failed("own_partner", "fish_monthly") == own
    missing = flows["net_wgt"].isna() | ((flows["net_wgt"] == 0) & (flows["primary_value"] > 0))
    assert failed("missing_required_field", "fish_monthly") == missing.sum()
    estimated = (flows["legacy_estimation_flag"] == 6).sum()
    assert failed("estimated_weight", "fish_monthly") == estimated
    assert failed("duplicate_key", "fish_monthly") == 0
    assert failed("duplicate_key", "chapters_annual") == 0


QUIRKS = {
    # what the README of the shared files says, and the rules that tell of it
    "fish": {"own_partner", "missing_required_field", "estimated_weight", "unspecified_partner"},
    "hs27": {"own_partner", "zero_value", "world_total", "part_exceeds_flow", "former_code"},
    "mena": {"zero_value", "world_total"},
    "eu_imports": {"unspecified_partner"},
}


@pytest.mark.parametrize("kind", ["fish", "hs27", "mena", "eu_imports", "total_world"])
def test_findings_in_each_file_are_those_of_another_computation_and_no_others(
    loaded: Loaded, kind: str
) -> None:
    reference = ROOT / "dashboard" / "reference"
    areas = pd.read_csv(reference / "areas.csv", keep_default_na=False)
    members = pd.read_csv(reference / "members.csv", keep_default_na=False)
    expected = {
        "fish": lambda: file_findings.of_fish(loaded.folder),
        "hs27": lambda: file_findings.of_fuels(loaded.folder),
        "mena": lambda: file_findings.of_chapters(
            loaded.folder, dict(zip(areas["name_en"], areas["area_id"], strict=True))
        ),
        "eu_imports": lambda: file_findings.of_wood(
            loaded.folder, dict(zip(members["iso3"], members["member_id"], strict=True))
        ),
        "total_world": lambda: file_findings.of_totals(loaded.folder),
    }[kind]()
    found: dict[str, dict[str, int]] = {}
    wanted: dict[str, dict[str, int]] = {}
    for name, period, rule, failed in loaded.bench.rows(
        "select g.file_name, s.period_id, k.rule_id, sum(k.rows_failed)::bigint "
        "from fct_check k join fct_submission s using (submission_id) "
        "join load_log g using (load_id) where k.rows_failed > 0 and contains(g.file_name, ?) "
        "group by all",
        kind,
    ):
        of_file = found.setdefault(name, {})
        of_file[rule] = of_file.get(rule, 0) + failed
        assert period in expected.get(rule, {}), (name, rule, period)
    files = dict(
        loaded.bench.rows(
            "select distinct s.period_id, g.file_name from fct_submission s "
            "join load_log g using (load_id) where contains(g.file_name, ?)",
            kind,
        )
    )
    for rule, counts in expected.items():
        for period, count in counts.items():
            of_file = wanted.setdefault(files[period], {})
            of_file[rule] = of_file.get(rule, 0) + count
    assert found == wanted
    told = {rule for rules_of_file in found.values() for rule in rules_of_file}
    assert told >= QUIRKS.get(kind, set())


def test_namibia_is_there_and_not_taken_for_missing(loaded: Loaded) -> None:
    frame = pd.concat(
        pd.read_parquet(
            loaded.folder / f"comtrade_monthly_hs6_fish_{year}.parquet",
            columns=["reporter_code", "flow_code", "partner_code"],
        )
        for year in FISH_ROWS
    )
    flows = frame[frame["flow_code"].isin(["M", "X", "RM", "RX"])]
    for column, stored in (("reporter_code", "reporter_id"), ("partner_code", "partner_id")):
        expected = int((flows[column] == 516).sum())
        assert expected > 0
        assert (
            loaded.bench.value(
                "select count(*) from fct_trade join fct_submission using (submission_id) "
                f"where collection_id = 'fish_monthly' and fct_trade.{stored} = 516"
            )
            == expected
        )


def test_special_areas_keep_their_own_codes(loaded: Loaded) -> None:
    for code, iso in ((899, "_X"), (837, "X1"), (838, "X2"), (839, "XX")):
        with duckdb.connect() as connection:
            (expected,) = connection.execute(
                "select count(*) from read_parquet(?) where trim(partner_iso) = ? "
                "and flow_code in ('M', 'X', 'RM', 'RX')",
                [str(loaded.folder / "comtrade_monthly_hs6_fish_*.parquet"), iso],
            ).fetchone() or (None,)
        assert (
            loaded.bench.value(
                "select count(*) from fct_trade join fct_submission using (submission_id) "
                "where collection_id = 'fish_monthly' and partner_id = ?",
                code,
            )
            == expected
        )


def test_same_files_again_change_nothing(loaded: Loaded) -> None:
    paths = [
        loaded.folder / "comtrade_total_world_2011_2015.csv",
        loaded.folder / "comtrade_annual_hs4_eu_imports_2018_2022.parquet",
    ]
    assert not loaded.bench.load(*paths).has_changes
    again = loaded.bench.load(*paths, is_again=True)
    assert not again.has_changes
    assert [file.submissions_unchanged for file in again.files] == [860, 135]


def test_real_log_and_indicators_are_taken_in_whole(
    loaded: Loaded, real_warehouse: RealWarehouse
) -> None:
    made = real_warehouse.folder
    table = pd.read_csv(
        loaded.folder.parent / "timeliness" / "comtrade_monthly_availability_2019_2024.csv.gz",
        usecols=["reporter_code", "period", "retrieved_by"],
    )
    first = table.groupby(["reporter_code", "period"])["retrieved_by"].min()
    log = pd.read_csv(made / RECEIPTS).set_index(["member", "period"])["received_at"]
    assert log.sort_index().to_dict() == first.to_dict()
    scores = pd.read_csv(made / SCORES, keep_default_na=False)
    index = pd.read_csv(
        loaded.folder.parent / "quality" / "spi_index_2004_2019.csv.gz", encoding="utf-8-sig"
    )
    assert (scores["indicator"] == "spi_overall").sum() == index["SPI.INDEX"].notna().sum()
    namibia = scores[(scores["member"] == "NAM") & (scores["indicator"] == "spi_overall")]
    assert len(namibia) == 4
    customs = scores[scores["indicator"] == "lpi_customs"]
    germany = customs[(customs["member"] == "DEU") & (customs["year"] == 2018)]["value"]
    assert float(germany.iloc[0]) == pytest.approx(4.092256)
    assert (customs["year"] == 2014).sum() == 160


def test_monthly_rows_load_in_under_two_gigabytes(real_warehouse: RealWarehouse) -> None:
    """They are loaded with all other files, which takes no less."""
    assert real_warehouse.load_kilobytes < MOST_KILOBYTES
