"""The frames of revisions on releases written by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from callbacks.views import revisions_frames as frames
from callbacks.views.revisions import FRAMES
from dashboard.audience import EVERYTHING
from dashboard.selection import Selection
from tests.support.catalogues import CATALOGUE

AS_OF = date(2025, 6, 1)
RANGE = Selection(first="2025-01", last="2025-03", as_of=AS_OF).resolve(CATALOGUE)

ROWS = (
    # member, period, revision, known on, export, import
    ("KEN", 202501, 0, "2025-02-20", 100.0, 50.0),
    ("KEN", 202501, 1, "2025-04-01", 110.0, 50.0),
    ("KEN", 202502, 0, "2025-03-20", 100.0, 50.0),
    ("KEN", 202502, 1, "2025-03-30", 130.0, 40.0),
    ("UGA", 202501, 0, "2025-03-01", 7.0, None),
    ("FRA", 202501, 0, "2025-03-01", 9000.0, 9000.0),
    ("FRA", 202501, 1, "2025-05-01", 8000.0, 9000.0),
)


def releases(rows: tuple[Any, ...] = ROWS, *, bound: str = "exact") -> pd.DataFrame:
    """Releases as the builder gives them."""
    names = ["member_iso3", "period_id", "revision", "known_on", "export_usd", "import_usd"]
    frame = pd.DataFrame(rows, columns=names).assign(received_bound=bound)
    frame["region_id"] = frame["member_iso3"].map(CATALOGUE.members)
    frame["has_data"] = frame["export_usd"].notna() | frame["import_usd"].notna()
    ends = pd.to_datetime(frame["period_id"].astype(str), format="%Y%m") + pd.offsets.MonthEnd(0)
    frame["period_ends_on"] = ends
    order = [column.name for column in frames.RELEASES.columns]
    kinds = {"known_on": "datetime64[us]", "export_usd": "float64", "import_usd": "float64"}
    return frame.astype(kinds)[order]


def services(frame: pd.DataFrame) -> Any:
    """Services that answer every statement with one frame."""

    def through(_key: str, compute: Callable[[], pd.DataFrame]) -> pd.DataFrame:
        return compute()

    return SimpleNamespace(
        frame=lambda _statement: frame,
        key=lambda *parts: "key",
        cache=SimpleNamespace(frame=through),
        catalogue=CATALOGUE,
        audience=lambda _selection: EVERYTHING,
    )


def read(name: str, selection: Selection = RANGE, frame: pd.DataFrame | None = None) -> Any:
    """Read a frame over releases."""
    named = next(one for one in FRAMES if one.name == name)
    return named.read(services(releases() if frame is None else frame), selection)


def test_the_greatest_change_in_dollars_comes_first() -> None:
    found = read("revised_figures")
    assert found["member_iso3"].tolist() == ["FRA", "KEN", "KEN", "KEN", "FRA", "KEN"]
    assert found["revision_usd"].tolist() == [-1000.0, 30.0, 10.0, -10.0, 0.0, 0.0]
    assert found["relative_revision"].iloc[1] == pytest.approx(0.3)
    assert found["revision_days"].tolist()[:2] == [61, 10]


def test_sizes_by_member_and_flow() -> None:
    found = read("revision_sizes", replace(RANGE, members=("KEN",)))
    exports, imports = found.to_dict("records")
    assert (exports["flow_code"], exports["n"], exports["received"]) == ("X", 2, 2)
    assert exports["rmar"] == pytest.approx((10 + 30) / (110 + 130))
    assert exports["mean_absolute_revision"] == 20.0
    assert exports["moved_usd"] == 40.0
    assert imports["relative_mean_revision"] == pytest.approx(-10 / 90)


def test_how_often_all_and_each_region_revised() -> None:
    found = read("revision_regions").set_index("region_id")
    assert found.loc["all", ["received", "once", "revised"]].tolist() == [4, 3, 3]
    assert found.loc["east_southern_africa", "revised_share"] == pytest.approx(2 / 3)
    assert found.loc["europe", "export_rmar"] == pytest.approx(1000 / 8000)
    assert found.loc["europe", "import_rmar"] == 0.0


def test_the_share_revised_by_age() -> None:
    found = read("revision_ages")
    whole = found[found["group"] == "all"]
    # 10, 40 and 61 days; Uganda's has held for 92.
    steps = dict(zip(whole["days"], whole["revised_share"], strict=True))
    assert steps == pytest.approx({10.0: 0.25, 40.0: 0.5, 61.0: 0.75, 92.0: 0.75})
    assert set(found["group"]) == {"all", "east_southern_africa", "europe"}
    chosen = read("revision_ages", replace(RANGE, members=("UGA",)))
    assert chosen.loc[chosen["group"] == "selected", "revised_share"].tolist() == [0.0]


def test_the_triangle_is_of_the_member_chosen_else_of_the_most_revised() -> None:
    assert set(read("revision_triangle")["member_iso3"]) == {"FRA"}
    asked = replace(RANGE, regions=("east_southern_africa",))
    found = read("revision_triangle", asked)
    assert set(found["member_iso3"]) == {"KEN"}
    assert sorted(found["period_id"].unique()) == [202501, 202502, 202503]
    assert found.loc[found["period_id"] == 202503, "value_usd"].isna().all()
    assert set(read("revision_triangle", replace(RANGE, members=("UGA",)))["member_iso3"]) == {
        "UGA"
    }
    # A member that has sent nothing is all gaps, and nobody at all is no triangle.
    none = read("revision_triangle", replace(RANGE, members=("USA",)))
    assert none["value_usd"].isna().all()
    assert len(none) == 3
    assert read("revision_triangle", RANGE, releases().iloc[:0]).empty


def test_imports_have_a_triangle_of_their_own_and_a_part_of_a_flow_shows_exports() -> None:
    imports = read("revision_triangle", replace(RANGE, members=("KEN",), flow="M"))
    assert imports["value_usd"].dropna().tolist() == [50.0, 50.0, 40.0]
    assert frames.shown_flow(replace(RANGE, flow="RX")) == "X"


def test_years_have_their_own_periods() -> None:
    annual = replace(RANGE, first="2022-01", last="2025-12")
    assert frames.shown_periods(annual, "A")["period_id"].tolist() == [2022, 2023, 2024]
    assert frames.shown_periods(annual, "A")["end_month"].tolist()[-1] == 2024 * 12 + 12
    months = frames.shown_periods(replace(annual, first="2024-12"), "M")["period_id"].tolist()
    assert months == [202412, 202501, 202502, 202503, 202504, 202505]


@pytest.mark.parametrize("name", [frame.name for frame in FRAMES])
def test_no_release_gives_an_empty_frame(name: str) -> None:
    assert read(name, RANGE, releases().iloc[:0]).empty
