"""A file becomes one submission per reporter, period and collection; all rows are accounted for."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from dashboard.errors import ConfigError
from dashboard.warehouse.loading import find_collection
from tests.support.trade_files import (
    CURRENT,
    Bench,
    blank_bench,
    csv_text,
    row,
    write,
)


@pytest.fixture
def bench() -> Bench:
    return blank_bench()


def csv_file(path: Path, *rows: dict[str, str]) -> Path:
    return write(path, csv_text(rows))


@pytest.fixture
def two_months(tmp_path: Path) -> Path:
    return csv_file(
        tmp_path / "two.csv",
        row(partnerCode="710", primaryValue=100),
        row(partnerCode="24", primaryValue=40),
        row(period="202302", primaryValue=70),
        row(partnerCode="0", primaryValue=140),
    )


def test_file_becomes_one_submission_per_reporter_and_period(
    bench: Bench, two_months: Path
) -> None:
    report = bench.load_one(two_months)
    assert (report.layout_id, report.collection_id) == ("comtrade_current", "monthly")
    assert report.submissions_new == 2
    assert bench.rows(
        "select reporter_id, period_id, revision, row_count, control_row_count, has_data, "
        "is_accepted, received_bound, known_at from fct_submission order by period_id"
    ) == [
        (516, 202301, 0, 2, 1, True, True, "unknown", datetime.fromisoformat("2023-02-01")),
        (516, 202302, 0, 1, 0, True, True, "unknown", datetime.fromisoformat("2023-03-01")),
    ]


def test_world_rows_are_control_totals_and_never_flows(bench: Bench, two_months: Path) -> None:
    bench.load_one(two_months)
    assert bench.value("select sum(value_usd) from fct_trade") == 210
    assert bench.rows("select kind, partner_id, value_usd from fct_control_total") == [
        ("world", 0, 140.0)
    ]


def test_every_row_is_told_as_loaded_control_or_finding(bench: Bench, tmp_path: Path) -> None:
    bad = [
        row(reporterCode="", reporterISO="", reporterDesc="Atlantis"),
        row(period="202313"),
        row(flowCode="Q", flowDesc="Sideways"),
        row(partnerCode="999", partnerISO="", partnerDesc=""),
        row(cmdCode="00"),
        row(primaryValue=""),
        row(primaryValue="1,5"),
        row(primaryValue="-1"),
        row(primaryValue="nan"),
        row(classificationCode="S3"),
        row(motCode="1000", cmdCode="030299"),
        row(period="2023", freqCode="A"),
    ]
    good = [row(), row(partnerCode="0"), row(flowCode="DX")]
    text = csv_text([*good, *bad, row()], end="\n") + "too,short\n"
    report = bench.load_one(write(tmp_path / "f.csv", text))
    assert report.adds_up()
    assert (report.rows_read, report.rows_loaded, report.rows_control) == (17, 1, 2)
    assert dict(report.controls) == {"world": 1, "part": 1}
    assert dict(report.problems) == {
        "unknown_reporter": 1,
        "unknown_period": 2,
        "unknown_flow": 1,
        "unknown_partner": 1,
        "unknown_commodity": 2,
        "missing_required_field": 1,
        "unreadable_number": 2,
        "negative_value": 1,
        "breakdown_without_total": 1,
        "duplicate_key": 1,
        "ragged_row": 1,
    }


def test_finding_names_file_line_field_value_and_what_is_expected(
    bench: Bench, tmp_path: Path
) -> None:
    path = csv_file(
        tmp_path / "f.csv", row(), row(partnerCode="999", partnerISO="", partnerDesc="")
    )
    (found,) = (one for one in bench.load(path).findings if one.rule_id == "unknown_partner")
    (example,) = found.examples
    assert (example.file_name, example.line, example.field) == ("f.csv", 3, "partner")
    assert example.value is not None
    assert example.value.strip() == "999"
    assert example.expected == "a code, ISO code or name of an area"
    assert found.remedy


def test_rows_that_were_left_out_count_in_the_checks_of_their_submission(
    bench: Bench, tmp_path: Path
) -> None:
    bench.load_one(csv_file(tmp_path / "f.csv", row(), row(cmdCode="00"), row(cmdCode="x")))
    assert bench.rows(
        "select rows_checked, rows_failed from fct_check where rule_id = 'unknown_commodity'"
    ) == [(3, 2)]


def test_examples_are_capped_and_counts_are_not(bench: Bench, tmp_path: Path) -> None:
    path = csv_file(tmp_path / "f.csv", row(), *[row(cmdCode="00")] * 50)
    (found,) = (one for one in bench.load(path).findings if one.rule_id == "unknown_commodity")
    assert (found.count, len(found.examples)) == (50, 20)
    assert bench.value("select count(*) from fct_finding where rule_id = 'unknown_commodity'") == 20


def test_period_without_any_usable_row_is_a_finding_and_no_submission(
    bench: Bench, tmp_path: Path
) -> None:
    path = csv_file(tmp_path / "f.csv", row(), row(period="202302", primaryValue="?"))
    report = bench.load(path)
    assert bench.value("select count(*) from fct_submission") == 1
    assert {one.rule_id: one.count for one in report.findings}["empty_submission"] == 1


def test_same_file_again_changes_nothing(bench: Bench, two_months: Path) -> None:
    first = bench.load_one(two_months)
    again = bench.load(two_months)
    (file,) = again.files
    assert not again.has_changes
    assert file.status == "unchanged"
    assert (file.rows_read, file.rows_loaded, file.rows_control) == (
        first.rows_read,
        first.rows_loaded,
        first.rows_control,
    )
    assert bench.value("select count(*) from load_log") == 1


def test_same_content_in_another_order_and_spelling_changes_nothing(
    bench: Bench, tmp_path: Path
) -> None:
    rows = [row(partnerCode="710"), row(partnerCode="24"), row(partnerCode="0")]
    bench.load_one(csv_file(tmp_path / "a.csv", *rows))
    path = write(tmp_path / "b.csv", csv_text(rows[::-1], CURRENT[::-1], row_comma=True))
    report = bench.load(path)
    assert not report.has_changes
    assert (report.files[0].submissions_unchanged, report.files[0].rows_held) == (1, 3)
    assert bench.value("select count(*) from fct_trade") == 2


def test_changed_content_is_the_next_revision_and_the_old_one_stays(
    bench: Bench, tmp_path: Path
) -> None:
    bench.load_one(csv_file(tmp_path / "a.csv", row(), row(period="202302")))
    report = bench.load_one(
        csv_file(tmp_path / "b.csv", row(primaryValue=300), row(period="202302"))
    )
    assert (report.submissions_new, report.submissions_revised, report.submissions_unchanged) == (
        0,
        1,
        1,
    )
    assert bench.rows(
        "select s.revision, t.value_usd from fct_submission s join fct_trade t "
        "using (submission_id) where s.period_id = 202301 order by 1"
    ) == [(0, 250.5), (1, 300.0)]


def test_two_files_of_one_load_make_two_revisions(bench: Bench, tmp_path: Path) -> None:
    report = bench.load(
        csv_file(tmp_path / "a.csv", row()), csv_file(tmp_path / "b.csv", row(primaryValue=9))
    )
    assert [file.submissions_new for file in report.files] == [1, 0]
    assert [file.submissions_revised for file in report.files] == [0, 1]


def test_refused_file_leaves_nothing_and_stops_no_other(bench: Bench, tmp_path: Path) -> None:
    text = csv_text([row(period="202305")]) + '"open'
    report = bench.load(write(tmp_path / "bad.csv", text), csv_file(tmp_path / "good.csv", row()))
    assert [file.status for file in report.files] == ["refused", "loaded"]
    assert "line" in report.files[0].message
    assert bench.rows("select period_id from fct_submission") == [(202301,)]
    assert bench.rows("select file_name from load_log") == [("good.csv",)]


def test_received_at_is_kept_with_its_bound(bench: Bench, two_months: Path) -> None:
    bench.load_one(two_months, receipt="2023-04-05T06:07:08")
    moment = datetime.fromisoformat("2023-04-05T06:07:08")
    assert set(
        bench.rows("select received_at, received_bound, known_at, channel from fct_submission")
    ) == {(moment, "exact", moment, "file")}


def test_zero_weight_and_quantity_without_unit_are_kept_apart_from_missing(
    bench: Bench, tmp_path: Path
) -> None:
    bench.load_one(
        csv_file(
            tmp_path / "f.csv",
            row(partnerCode="24", netWgt="0", qty="0", qtyUnitAbbr="N/A"),
            row(partnerCode="72", netWgt="", qty="5", qtyUnitAbbr="u"),
        )
    )
    assert bench.rows(
        "select partner_id, mass_kg, quantity, quantity_unit from fct_trade order by 1"
    ) == [(24, 0.0, None, None), (72, None, 5.0, "u")]


@pytest.mark.parametrize(
    ("changes", "is_estimated"),
    [
        ({}, False),
        ({"isNetWgtEstimated": "true"}, True),
        ({"isQtyEstimated": "TRUE"}, True),
        ({"legacyEstimationFlag": "6"}, True),
    ],
)
def test_any_flag_of_estimation_counts(
    bench: Bench, tmp_path: Path, changes: dict[str, str], is_estimated: bool
) -> None:
    bench.load_one(csv_file(tmp_path / "f.csv", row(**changes)))
    assert bench.value("select is_estimated from fct_trade") is is_estimated


def test_commodity_is_counted_at_its_finest_level_only(bench: Bench, tmp_path: Path) -> None:
    bench.load_one(
        csv_file(
            tmp_path / "f.csv",
            row(cmdCode="TOTAL", primaryValue=100),
            row(cmdCode="03", primaryValue=70),
            row(cmdCode="0303", primaryValue=70),
            row(cmdCode="030354", primaryValue=50),
            row(cmdCode="030355", primaryValue=20),
            row(cmdCode="48", primaryValue=30),
            row(cmdCode="0303", primaryValue=8, partnerCode="24"),
        )
    )
    assert bench.rows(
        "select partner_id, commodity_code, hs_level, value_usd from fct_trade order by 1, 2"
    ) == [
        (24, "0303", 4, 8.0),
        (710, "030354", 6, 50.0),
        (710, "030355", 6, 20.0),
        (710, "48", 2, 30.0),
    ]
    assert bench.rows(
        "select commodity_code from fct_control_total where kind = 'aggregate_commodity' order by 1"
    ) == [("03",), ("0303",), ("TOTAL",)]


def test_breakdown_beside_its_total_is_a_part(bench: Bench, tmp_path: Path) -> None:
    report = bench.load_one(
        csv_file(tmp_path / "f.csv", row(primaryValue=9), row(primaryValue=4, motCode="2100"))
    )
    assert dict(report.controls) == {"part": 1}
    assert bench.value("select sum(value_usd) from fct_trade") == 9


def test_former_state_is_its_successor_and_a_code_past_its_end_is_noted(
    bench: Bench, tmp_path: Path
) -> None:
    path = csv_file(
        tmp_path / "f.csv", row(partnerCode="736"), row(partnerCode="736", period="202302")
    )
    report = bench.load(path)
    assert set(bench.rows("select partner_id from fct_trade")) == {(729,)}
    assert {one.rule_id: one.count for one in report.findings}["former_code"] == 2


def test_names_only_layout_needs_no_code(bench: Bench, tmp_path: Path) -> None:
    text = (
        "yr,rgDesc,rtTitle,cmdCode,cmdDescE,Subregion,Region,TradeValue\n"
        "2005,Export,Fmr Sudan,1,Live animals,World,World,90\n"
        "2005,Export,Fmr Sudan,1,Live animals,Egypt, Egypt,30\n"
        "2005,Export,Fmr Sudan,1,Live animals,Western Asia,Asia,60\n"
    )
    report = bench.load_one(write(tmp_path / "names.csv", text))
    assert (report.layout_id, report.collection_id) == ("names_only", "annual")
    assert bench.rows(
        "select reporter_id, period_id, flow_code, commodity_code, partner_id from fct_trade"
    ) == [(729, 2005, "X", "01", 818)]
    assert dict(report.controls) == {"world": 1, "aggregate_partner": 1}


def test_old_layout_is_read(bench: Bench, tmp_path: Path) -> None:
    text = (
        "Classification,Year,Period,Period Desc.,Aggregate Level,Is Leaf Code,Trade Flow Code,"
        "Trade Flow,Reporter Code,Reporter,Reporter ISO,Partner Code,Partner,Partner ISO,"
        "Commodity Code,Commodity,Qty Unit Code,Qty Unit,Qty,Netweight (kg),Trade Value (US$),Flag"
        '\r\nH0,1989,1989,1989,2,0,3,Re-Export,280,"Fmr Fed. Rep. of Germany",DEU,490,'
        '"Other Asia, nes",,27,"Fuels, oils; waxes",1,No Quantity,0,,77,0\r\n'
    )
    bench.load_one(write(tmp_path / "old.csv", text, "utf-8-sig"))
    assert bench.rows(
        "select reporter_id, partner_id, period_id, flow_code, commodity_code, hs_level, "
        "hs_edition, value_usd, mass_kg, quantity, quantity_unit from fct_trade"
    ) == [(276, 490, 1989, "RX", "27", 2, "H0", 77.0, None, None, None)]


def test_brief_layout_maps_iso_codes_with_trailing_blanks(bench: Bench, tmp_path: Path) -> None:
    text = (
        "reporter_iso,reporter_desc,flow_desc,partner_iso,partner_desc,cmd_code,cmd_desc,"
        "primary_value,ref_year\n"
        'FRA,France,Import,"_X ","Areas, nes",4403,Wood,5,2019\n'
    )
    bench.load_one(write(tmp_path / "brief.csv", text))
    assert bench.rows("select reporter_id, partner_id, commodity_code from fct_trade") == [
        (251, 899, "4403")
    ]


@pytest.mark.parametrize(
    ("layout_id", "frequency", "found"),
    [("comtrade_current", "M", "monthly"), ("names_only", "A", "annual")],
)
def test_collection_is_found_by_layout_and_frequency(
    bench: Bench, layout_id: str, frequency: str, found: str
) -> None:
    collection = find_collection(
        bench.framework, layout_id=layout_id, frequency=frequency, chapters=frozenset({"03"})
    )
    assert collection.id == found


def test_file_that_fits_no_collection_is_refused_with_those_there_are(
    bench: Bench, tmp_path: Path
) -> None:
    with pytest.raises(ConfigError, match=r"monthly \(frequency M.*annual \(frequency A"):
        find_collection(
            bench.framework, layout_id="names_only", frequency="M", chapters=frozenset()
        )


def test_file_that_fits_two_collections_is_refused_with_both(bench: Bench) -> None:
    twin = bench.framework.collections[0].model_copy(update={"id": "twin"})
    framework = bench.framework.model_copy(
        update={"collections": [*bench.framework.collections, twin]}
    )
    with pytest.raises(ConfigError, match=r"\['monthly', 'twin'\].*--collection"):
        find_collection(
            framework, layout_id="comtrade_current", frequency="M", chapters=frozenset()
        )


def test_declared_chapters_tell_two_collections_apart(bench: Bench) -> None:
    fish = bench.framework.collections[0].model_copy(update={"id": "fish", "chapters": ["03"]})
    fuel = fish.model_copy(update={"id": "fuel", "chapters": ["27"]})
    framework = bench.framework.model_copy(update={"collections": [fish, fuel]})
    for chapter, name in (("03", "fish"), ("27", "fuel")):
        found = find_collection(
            framework,
            layout_id="comtrade_current",
            frequency="M",
            chapters=frozenset({chapter}),
        )
        assert found.id == name


def test_named_collection_decides(bench: Bench, tmp_path: Path) -> None:
    path = csv_file(tmp_path / "f.csv", row(period="2023", freqCode="A"))
    report = bench.load_one(path, collection_id="monthly")
    assert dict(report.problems) == {"unknown_period": 1}


def test_collection_that_is_not_declared_is_an_error(bench: Bench, two_months: Path) -> None:
    with pytest.raises(ConfigError, match="nonsense"):
        bench.load(two_months, collection_id="nonsense")


def test_more_rows_do_not_take_more_memory_than_is_allowed(bench: Bench, tmp_path: Path) -> None:
    path = tmp_path / "big.parquet"
    cells = {name: f"'{value}'" for name, value in row().items()}
    cells["partnerCode"] = "(i % 200)::varchar"
    cells["primaryValue"] = "i::double"
    columns = ", ".join(f'{cells.get(name, "NULL")} as "{name}"' for name in CURRENT)
    with duckdb.connect() as connection:
        connection.execute(f"copy (select {columns} from range(200000) t(i)) to '{path}'")
    bench.connection.execute("set memory_limit = '120MB'")
    report = bench.load_one(path)
    assert (report.rows_read, report.adds_up()) == (200_000, True)
