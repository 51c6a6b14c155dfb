"""Numbers on the screen, on the published data, against an independent route from the files.

The warehouse is built by the commands of ``examples/comtrade/README.md``. The other route reads
the files with pandas alone and knows nothing of the loader, the schema or the queries; who is a
member of which region it takes from the published list, not from the product's reference.
"""

from __future__ import annotations

import csv
import gzip
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from sqlalchemy import select

from callbacks import FRAMES
from callbacks.services import Services
from dashboard.selection import Selection
from dashboard.warehouse import schema
from tests.support.real_data import JOINED_LATER, month_end

pytestmark = pytest.mark.data

LOG_BEGAN = date(2024, 8, 24)
DUE_DAYS = 60

Read = Callable[..., pd.DataFrame]

# --- The other route -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def fuels(shared_data: Path) -> pd.DataFrame:
    """All rows of the HS 27 files, World rows left out."""
    parts = []
    for path in sorted((shared_data / "trade").glob("comtrade_annual_hs27_*.csv.gz")):
        with gzip.open(path, "rt", encoding="utf-8-sig") as file:
            parts.append(pd.read_csv(file, keep_default_na=False, low_memory=False))
    table = pd.concat(parts)
    return table[table["Partner Code"] != 0]


@pytest.fixture(scope="module")
def fish(shared_data: Path) -> pd.DataFrame:
    """All rows of the monthly fish files, flows M and X."""
    columns = ["period", "reporter_code", "reporter_iso", "flow_code", "partner_code"]
    columns += ["partner_iso", "cmd_code", "primary_value", "legacy_estimation_flag"]
    parts = [
        pd.read_parquet(path, columns=columns)
        for path in sorted((shared_data / "trade").glob("comtrade_monthly_hs6_fish_*.parquet"))
    ]
    table = pd.concat(parts)
    table["period"] = table["period"].astype(int)
    return table[table["flow_code"].isin(["M", "X"])]


def expected_status(seen: date | None, period: int, today: date) -> str:
    """Status as the indicators page has it: an upper bound after the due day proves nothing."""
    due = month_end(period) + timedelta(days=DUE_DAYS)
    if seen is not None and seen <= today:
        return "on_time" if seen <= due else "unknown"
    return "pending" if today <= due else "overdue"


PERIODS = [*range(202301, 202313), *range(202401, 202409)]


# --- Timeliness ----------------------------------------------------------------------------------


@pytest.mark.parametrize("today", [date(2024, 8, 27), date(2024, 9, 23)])
def test_statuses_are_those_of_the_availability_table(
    read: Read, regions: dict[str, str], first_seen: dict[tuple[str, int], date], today: date
) -> None:
    frame = read(
        "obligation_status", collection="fish_monthly", first="2023-01", last="2024-08", as_of=today
    )
    found = Counter(zip(frame["period_id"], frame["status"], strict=True))
    expected: Counter[tuple[int, str]] = Counter()
    for iso3 in regions:
        for period in PERIODS:
            begins = month_end(period).replace(day=1)
            if month_end(period) >= today or begins < JOINED_LATER.get(iso3, date.min):
                continue
            status = expected_status(first_seen.get((iso3, period)), period, today)
            expected[period, status] += 1
    assert found == expected


def test_each_members_newest_month_is_that_of_the_availability_table(
    read: Read, regions: dict[str, str], first_seen: dict[tuple[str, int], date]
) -> None:
    today = date(2024, 8, 27)
    frame = read(
        "obligation_status", collection="fish_monthly", first="2019-01", last="2024-08", as_of=today
    )
    there = frame[frame["status"].isin(["on_time", "late", "unknown"])]
    found = there.groupby("member_iso3")["period_id"].max().to_dict()
    expected: dict[str, int] = {}
    for (iso3, period), seen in first_seen.items():
        if iso3 in regions and seen <= today:
            expected[iso3] = max(period, expected.get(iso3, 0))
    late = {iso3 for iso3 in JOINED_LATER if iso3 in expected}
    assert {k: v for k, v in found.items() if k not in late} == {
        k: v for k, v in expected.items() if k not in late
    }
    newest = Counter(expected.values())
    assert newest[202407] <= 4  # the published facts count non-members too
    assert newest[202406] <= 24


def test_the_on_time_share_counts_only_what_fell_due_after_the_log_began(
    read: Read, regions: dict[str, str], first_seen: dict[tuple[str, int], date]
) -> None:
    today = date(2024, 9, 23)
    frame = read("on_time_by_region", collection="fish_monthly", first="2023-01", as_of=today)
    # Only June 2024 was due (29 August) after 24 August and before 23 September.
    on_time: Counter[str] = Counter()
    counted: Counter[str] = Counter()
    for iso3, region in regions.items():
        for period in PERIODS:
            due = month_end(period) + timedelta(days=DUE_DAYS)
            if due <= LOG_BEGAN or month_end(period) >= today:
                continue
            status = expected_status(first_seen.get((iso3, period)), period, today)
            on_time[region] += status == "on_time"
            counted[region] += status in ("on_time", "overdue")
    for row in frame.itertuples():
        assert row.on_time == on_time[row.region_id]
        assert row.counted == counted[row.region_id]
        assert row.on_time_share == pytest.approx(on_time[row.region_id] / counted[row.region_id])


@pytest.fixture(scope="module")
def totals_2023(shared_data: Path) -> set[str]:
    """Who has a total for 2023; read by record, since rows have a comma more than the header."""
    path = shared_data / "trade" / "comtrade_total_world_2021_2024.csv"
    with path.open(encoding="latin-1", newline="") as file:
        header, *records = csv.reader(file)
    names = [name.lower() for name in header if name]
    rows = (dict(zip(names, record, strict=False)) for record in records)
    return {row["reporteriso"] for row in rows if row["refyear"] == "2023"}


def test_the_chase_list_weighs_what_is_overdue_by_the_trade_of_its_member(
    read: Read,
    regions: dict[str, str],
    first_seen: dict[tuple[str, int], date],
    fish: pd.DataFrame,
    totals_2023: set[str],
) -> None:
    today = date(2024, 9, 23)
    owed: Counter[str] = Counter()
    for iso3 in regions:
        for period in PERIODS:
            begins = month_end(period).replace(day=1)
            if month_end(period) < today and begins >= JOINED_LATER.get(iso3, date.min):
                status = expected_status(first_seen.get((iso3, period)), period, today)
                owed[iso3] += status == "overdue"
        is_owed = date(2023, 1, 1) >= JOINED_LATER.get(iso3, date.min)
        owed[iso3] += is_owed and iso3 not in totals_2023
    traded = fish[fish["period"].between(202309, 202408) & fish["reporter_iso"].isin(list(regions))]
    value = traded.groupby("reporter_iso")["primary_value"].sum()
    whole = value.groupby(value.index.map(regions)).sum()
    share = {str(iso3): value[iso3] / whole[regions[str(iso3)]] for iso3 in value.index}
    expected = {i: n * share.get(i, np.nan) for i, n in owed.items() if n}
    found = read("chase_list", first="2023-01", last="2024-08", as_of=today)
    held_back = dict(zip(found["member_iso3"], found["held_back"], strict=True))
    assert held_back == pytest.approx(expected, rel=1e-9, nan_ok=True)
    by_weight = sorted((i for i in share if expected.get(i)), key=lambda i: -expected[i])
    assert found["member_iso3"].tolist()[: len(by_weight)] == by_weight
    assert found["overdue_count"].sum() == sum(owed.values())
    # No receipt has a known day, so nothing can be said of what is not yet due.
    assert found["likely_late_count"].sum() == 0
    assert found["within_90_days_share"].isna().all()


def test_nothing_is_forecast_from_receipts_without_a_day(
    read: Read, regions: dict[str, str], first_seen: dict[tuple[str, int], date]
) -> None:
    today = date(2024, 9, 23)
    found = read("arrival_forecast", first="2024-06", last="2024-08", as_of=today)
    missing = {
        (iso3, period)
        for iso3 in regions
        for period in (202406, 202407, 202408)
        if first_seen.get((iso3, period), date.max) > today
    }
    assert set(zip(found["member_iso3"], found["period_id"], strict=True)) == missing
    # Months due on 29 August are late for sure; of the others nothing is known.
    is_over = found["period_id"] == 202406
    assert (found.loc[is_over, "by_due_share"] == 0).all()
    assert found.loc[~is_over, "by_due_share"].isna().all()
    assert found["within_90_days_share"].isna().all()
    for collection in ("fish_monthly", "total_annual"):
        scores = read("forecast_scores", collection=collection, as_of=today)
        assert scores["n"].tolist() == [0, 0]
    month = read("due_next_month", as_of=today)
    assert set(month["period_id"]) == {202408}
    assert month["by_due_share"].isna().all()


def test_due_dates_count_what_the_availability_table_has(
    read: Read, regions: dict[str, str], first_seen: dict[tuple[str, int], date]
) -> None:
    today = date(2024, 9, 23)
    frame = read("due_calendar", as_of=today)
    rows = frame[frame["collection_id"] == "fish_monthly"].set_index("period_id")
    assert rows.index.tolist() == [202404, 202405, 202406, 202407, 202408]
    for period in rows.index:
        due = month_end(period) + timedelta(days=DUE_DAYS)
        assert rows.loc[period, "due_on"].date() == due
        seen = [first_seen.get((iso3, int(period)), date.max) for iso3 in regions]
        came = sum(day <= today for day in seen)
        assert rows.loc[period, "received"] == came
        assert rows.loc[period, "overdue"] == (len(regions) - came) * (due < today)
        assert rows.loc[period, "pending"] == (len(regions) - came) * (due >= today)


# --- Totals by reporter and year -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "iso3", "year", "flow"),
    [
        ("2011_2015", "NAM", 2012, "X"),
        ("2011_2015", "CIV", 2014, "M"),
        ("2016_2020", "USA", 2019, "M"),
        ("2016_2020", "FRA", 2017, "X"),
        ("2021_2024", "IND", 2022, "X"),
        ("2021_2024", "TUR", 2023, "M"),
    ],
)
def test_stated_totals_are_those_of_the_files(
    read: Read, shared_data: Path, file: str, iso3: str, year: int, flow: str
) -> None:
    path = shared_data / "trade" / f"comtrade_total_world_{file}.csv"
    with path.open(encoding="latin-1", newline="") as file:
        header, *records = csv.reader(file)
    # One of the files has a trailing comma on its rows and none on its header.
    names = [name.lower() for name in header if name]
    table = pd.DataFrame([record[: len(names)] for record in records], columns=names)
    table = table.astype({"refyear": int, "primaryvalue": float})
    row = table[
        (table["reporteriso"] == iso3) & (table["refyear"] == year) & (table["flowcode"] == flow)
    ]
    frame = read(
        "stated_totals",
        collection="total_annual",
        first=f"{year}-01",
        last=f"{year}-12",
        members=(iso3,),
    )
    found = frame.loc[frame["flow_code"] == flow, "stated_usd"]
    assert len(row) == len(found) == 1
    assert float(found.iloc[0]) == float(row["primaryvalue"].iloc[0])


@pytest.mark.parametrize(
    ("code", "iso3", "year", "flow"),
    [
        (842, "USA", 2016, "X"),
        (251, "FRA", 2010, "M"),
        (516, "NAM", 2010, "M"),
        (579, "NOR", 2017, "X"),
        (682, "SAU", 2000, "X"),
        (699, "IND", 2005, "M"),
    ],
)
def test_fuels_by_reporter_and_year(
    read: Read, fuels: pd.DataFrame, code: int, iso3: str, year: int, flow: str
) -> None:
    words = {"M": "Import", "X": "Export"}[flow]
    rows = fuels[
        (fuels["Reporter Code"] == code) & (fuels["Year"] == year) & (fuels["Trade Flow"] == words)
    ]
    frame = read(
        "member_trade", collection="fuels_annual", first=f"{year}-01", last=f"{year}-12", flow=flow
    )
    found = frame.loc[frame["member_iso3"] == iso3, "value_usd"].sum()
    assert found == pytest.approx(rows["Trade Value (US$)"].sum(), rel=1e-12)


# --- Region to region ----------------------------------------------------------------------------


def _matrix(frame: pd.DataFrame) -> dict[tuple[str, str], float]:
    return {
        (row.reporter_region_id, row.partner_region_id): float(row.value_usd)
        for row in frame.itertuples()
        if row.value_usd
    }


def test_region_matrix_of_fuels_2016(
    read: Read, fuels: pd.DataFrame, regions: dict[str, str]
) -> None:
    rows = fuels[(fuels["Year"] == 2016) & (fuels["Trade Flow"] == "Export")]
    expected = rows.groupby(
        [
            rows["Reporter ISO"].map(regions).fillna("outside"),
            rows["Partner ISO"].map(regions).fillna("outside"),
        ]
    )["Trade Value (US$)"].sum()
    found = _matrix(
        read("region_flows", collection="fuels_annual", first="2016-01", last="2016-12", flow="X")
    )
    wanted = {key: float(value) for key, value in expected.items() if value}
    assert found == pytest.approx(wanted, rel=1e-12)
    assert len(found) >= 36


def test_region_matrix_of_fish_2023(
    read: Read, fish: pd.DataFrame, regions: dict[str, str]
) -> None:
    rows = fish[(fish["period"] // 100 == 2023) & (fish["flow_code"] == "M")]
    expected = rows.groupby(
        [
            rows["reporter_iso"].str.strip().map(regions).fillna("outside"),
            rows["partner_iso"].str.strip().map(regions).fillna("outside"),
        ]
    )["primary_value"].sum()
    found = _matrix(
        read("region_flows", collection="fish_monthly", first="2023-01", last="2023-12", flow="M")
    )
    assert found == pytest.approx({k: float(v) for k, v in expected.items() if v}, rel=1e-9)


# --- Partners, commodities, series ---------------------------------------------------------------


def test_partners_of_norways_fish_exports_2023(read: Read, fish: pd.DataFrame) -> None:
    rows = fish[
        (fish["period"] // 100 == 2023)
        & (fish["flow_code"] == "X")
        & (fish["reporter_code"] == 579)
    ]
    expected = rows.groupby(rows["partner_iso"].str.strip())["primary_value"].sum()
    frame = read(
        "partner_trade",
        collection="fish_monthly",
        first="2023-01",
        last="2023-12",
        flow="X",
        members=("NOR",),
    )
    found = dict(zip(frame["partner_iso3"], frame["value_usd"], strict=True))
    assert found["POL"] == pytest.approx(expected["POL"])
    assert found["CHN"] == pytest.approx(expected["CHN"])
    assert frame["value_usd"].sum() == pytest.approx(expected.sum())


def test_series_of_chiles_fish_exports(read: Read, fish: pd.DataFrame) -> None:
    rows = fish[(fish["flow_code"] == "X") & (fish["reporter_code"] == 152)]
    expected = rows.groupby("period")["primary_value"].sum()
    frame = read(
        "trade_series",
        collection="fish_monthly",
        first="2021-01",
        last="2024-08",
        members=("CHL",),
    )
    exports = frame[frame["flow_code"] == "X"].dropna(subset=["value_usd"])
    found = dict(zip(exports["period_id"], exports["value_usd"], strict=True))
    assert {int(k): float(v) for k, v in found.items() if v} == pytest.approx(
        {int(k): float(v) for k, v in expected.items()}
    )


def test_chapters_of_turkeys_exports_2019(read: Read, shared_data: Path) -> None:
    path = shared_data / "trade" / "comtrade_annual_chapters_mena_1990_2021.parquet"
    table = pd.read_parquet(path)
    rows = table[
        (table["rtTitle"] == "Turkey")
        & (table["yr"].astype(int) == 2019)
        & (table["rgDesc"].isin(["Export", "Exports"]))
    ]
    # Single countries carry their own name, with a leading blank, as their region.
    single = rows[rows["Region"].str.strip() == rows["Subregion"].str.strip()]
    single = single[single["Subregion"] != "World"]
    expected = single.groupby(single["cmdCode"].astype(str).str.zfill(2))["TradeValue"].sum()
    frame = read(
        "commodity_trade",
        collection="chapters_annual",
        first="2019-01",
        last="2019-12",
        flow="X",
        members=("TUR",),
    )
    found = frame.groupby(frame["commodity_code"].str[:2])["value_usd"].sum()
    assert found.get("87") == pytest.approx(expected["87"])
    assert found.sum() == pytest.approx(expected.sum())


def test_wood_imports_of_germany(read: Read, shared_data: Path) -> None:
    path = shared_data / "trade" / "comtrade_annual_hs4_eu_imports_2018_2022.parquet"
    table = pd.read_parquet(path)
    rows = table[(table["reporter_iso"] == "DEU") & (table["ref_year"].astype(int) == 2021)]
    frame = read(
        "member_trade", collection="wood_paper_annual", first="2021-01", last="2021-12", flow="M"
    )
    found = frame.loc[frame["member_iso3"] == "DEU", "value_usd"].sum()
    assert found == pytest.approx(rows["primary_value"].sum())


# --- Mirror --------------------------------------------------------------------------------------


def test_mirror_of_norway_and_poland_fish_2023(read: Read, fish: pd.DataFrame) -> None:
    year = fish[fish["period"] // 100 == 2023]
    ours = year[
        (year["reporter_code"] == 579) & (year["partner_code"] == 616) & (year["flow_code"] == "X")
    ]["primary_value"].sum()
    theirs = year[
        (year["reporter_code"] == 616) & (year["partner_code"] == 579) & (year["flow_code"] == "M")
    ]["primary_value"].sum()
    frame = read(
        "mirror_trade",
        collection="fish_monthly",
        first="2023-01",
        last="2023-12",
        flow="X",
        members=("NOR",),
    )
    row = frame[frame["partner_iso3"] == "POL"].iloc[0]
    assert row["reported_usd"] == pytest.approx(ours)
    assert row["mirrored_usd"] == pytest.approx(theirs)


def test_mirror_of_fuels_2016_between_canada_and_the_united_states(
    read: Read, fuels: pd.DataFrame
) -> None:
    year = fuels[fuels["Year"] == 2016]

    def value(reporter: int, partner: int, flow: str) -> float:
        chosen = year[
            (year["Reporter Code"] == reporter)
            & (year["Partner Code"] == partner)
            & (year["Trade Flow"] == flow)
        ]
        return float(chosen["Trade Value (US$)"].sum())

    frame = read(
        "mirror_trade",
        collection="fuels_annual",
        first="2016-01",
        last="2016-12",
        flow="X",
        members=("CAN",),
    )
    row = frame[frame["partner_iso3"] == "USA"].iloc[0]
    assert row["reported_usd"] == pytest.approx(value(124, 842, "Export"))
    assert row["mirrored_usd"] == pytest.approx(value(842, 124, "Import"))


# --- Submissions, scores, indicators -------------------------------------------------------------


def test_submissions_are_reporters_times_periods(
    services: Services, fish: pd.DataFrame, fuels: pd.DataFrame, shared_data: Path
) -> None:
    frame = FRAMES["collections_held"].read(services, Selection().resolve(services.catalogue))
    held = frame.set_index("collection_id")["submission_count"]
    path = shared_data / "timeliness" / "comtrade_monthly_availability_2019_2024.csv.gz"
    availability = pd.read_csv(path, keep_default_na=False)
    months = set(zip(availability["reporter_code"], availability["period"], strict=True))
    months |= set(zip(fish["reporter_code"], fish["period"], strict=True))
    assert int(held["fish_monthly"]) == len(months)
    years = fuels[["Reporter Code", "Year"]].drop_duplicates()
    assert int(held["fuels_annual"]) == len(years)


def test_mirror_coherence_of_one_member_is_the_value_weighted_asymmetry(
    read: Read, services: Services, fuels: pd.DataFrame
) -> None:
    year = fuels[fuels["Year"] == 2016]
    margin = services.framework.framework.cif_fob_margin
    keys = ["Reporter Code", "Partner Code"]
    exports = year[year["Trade Flow"] == "Export"].groupby(keys)["Trade Value (US$)"].sum()
    imports = year[year["Trade Flow"] == "Import"].groupby(keys)["Trade Value (US$)"].sum()
    imports.index = imports.index.swaplevel()
    pairs = pd.concat([exports, imports], axis=1, keys=["x", "m"]).dropna()
    pairs["m"] = pairs["m"] / (1 + margin)
    of_norway = pairs[
        (pairs.index.get_level_values(0) == 579) | (pairs.index.get_level_values(1) == 579)
    ]
    asymmetry = (of_norway["x"] - of_norway["m"]).abs().sum() / (
        (of_norway["x"] + of_norway["m"]) / 2
    ).sum()
    goal = next(d for d in services.framework.dimensions if d.id == "coherence")
    score = np.clip((asymmetry - goal.worst) / (goal.best - goal.worst), 0, 1) * 100
    frame = read("quality_by_member", collection="fuels_annual", first="2016-01", last="2016-12")
    found = frame.set_index("member_iso3").loc["NOR", "coherence"]
    assert float(found) == pytest.approx(float(score), rel=1e-6)


def test_indicator_of_kenya_is_that_of_the_published_file(
    services: Services, shared_data: Path
) -> None:
    path = shared_data / "quality" / "spi_index_2004_2019.csv.gz"
    table = pd.read_csv(path, keep_default_na=False, encoding="utf-8-sig")
    row = table[(table["iso3c"] == "KEN") & (table["date"].astype(int) == 2019)]
    from queries.indicators import indicators_of

    frame = services.frame(indicators_of(Selection(members=("KEN",)).resolve(services.catalogue)))
    found = frame[frame["year"] == 2019].set_index("indicator_id")["value"]
    assert found["spi_overall"] == pytest.approx(float(row["SPI.INDEX"].iloc[0]))
    assert found["spi_sources"] == pytest.approx(float(row["SPI.INDEX.PIL4"].iloc[0]))


# --- The cross-check -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def fuel_scores(services: Services) -> dict[str, float]:
    """Quality score of each member over 2008-2017, made from the stored parts step by step."""
    tables = schema.fct_submission, schema.fct_quality, schema.dim_member
    sent, parts, members = (services.frame(select(*table.c)) for table in tables)
    current = sent[
        (sent["collection_id"] == "fuels_annual")
        & sent["period_id"].between(2008, 2017)
        & sent["is_accepted"]
        & sent["superseded_at"].isna()
    ]
    merged = parts.merge(current, on="submission_id").merge(
        members, left_on="reporter_id", right_on="member_id"
    )
    goals = {one.id: one for one in services.framework.dimensions}
    found = {}
    for iso3, own in merged.groupby("iso3"):
        total = weight = 0.0
        for dimension, rows in own.groupby("dimension_id"):
            goal = goals[str(dimension)]
            if rows["rows_checked"].sum() >= services.framework.framework.minimum_checked_rows:
                ratio = rows["numerator"].sum() / rows["denominator"].sum()
                share = min(1.0, max(0.0, (ratio - goal.worst) / (goal.best - goal.worst)))
                total, weight = total + goal.weight * 100 * share, weight + goal.weight
        if weight:
            found[str(iso3)] = total / weight
    return found


@pytest.mark.parametrize(
    ("indicator", "file", "code", "column"),
    [
        ("spi_overall", "spi_index_2004_2019.csv.gz", "iso3c", "SPI.INDEX"),
        ("spi_infrastructure", "spi_index_2004_2019.csv.gz", "iso3c", "SPI.INDEX.PIL5"),
        ("statistical_capacity", "qog_std_cs_jan20.csv.gz", "ccodealp", "wdi_statcap"),
    ],
)
def test_rank_correlation_with_the_outside_is_that_of_the_published_files(
    read: Read,
    fuel_scores: dict[str, float],
    shared_data: Path,
    indicator: str,
    file: str,
    code: str,
    column: str,
) -> None:
    table = pd.read_csv(
        shared_data / "quality" / file, encoding="utf-8-sig", keep_default_na=False, dtype=str
    )
    if "date" in table:
        table = table[table["date"] == "2017"]  # the year nearest to the end of the range
    numbers = pd.to_numeric(table[column], errors="coerce")
    theirs = dict(zip(table[code].str.strip(), numbers, strict=True))
    pairs = [(score, theirs[iso3]) for iso3, score in fuel_scores.items() if iso3 in theirs]
    left, right = np.array([pair for pair in pairs if pair[1] == pair[1]]).T
    frame = read("outside_agreement", collection="fuels_annual", first="2008-01", last="2017-12")
    row = frame.set_index(["indicator_id", "score"]).loc[(indicator, "quality_score")]
    assert row["n"] == len(left)
    assert row["rho"] == pytest.approx(stats.spearmanr(left, right)[0], rel=1e-9)
    assert row["rho_low"] < row["rho"] < row["rho_high"]
