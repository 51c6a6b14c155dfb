"""Two records brought to one table: levels, routes, who submitted, and both ways to look at it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.stats.mirror_cells import explained_cells, period_number, summed_cells
from dashboard.stats.mirror_gap import PARTS

KENYA, FRANCE, UGANDA = 404, 250, 800
SECTIONS = {"03": 1, "04": 1, "84": 16, "85": 16}
MARGIN = 0.06


def _records(*rows: tuple[Any, ...], ours: int = KENYA, theirs: int = FRANCE) -> pd.DataFrame:
    """Rows of period, commodity, our record, theirs, and re-exports."""
    columns = ["period_id", "commodity_code", "reported_usd", "mirrored_usd", "re_exported_usd"]
    frame = pd.DataFrame([(*row, None)[:5] for row in rows], columns=columns)
    values = dict.fromkeys(columns[2:], "float64")
    return frame.astype(values).assign(reporter_area_id=ours, partner_area_id=theirs)


def _routes(*rows: tuple[int, int, int, str, float]) -> pd.DataFrame:
    columns = ["exporter_area_id", "importer_area_id", "period_id", "chapter_code", "value_usd"]
    return pd.DataFrame(list(rows), columns=columns)


def _submitted(areas: tuple[int, ...], periods: tuple[int, ...]) -> pd.DataFrame:
    pairs = [(area, period) for area in areas for period in periods]
    return pd.DataFrame(pairs, columns=["reporter_area_id", "period_id"])


EVERYBODY = _submitted((KENYA, FRANCE), (202212, 202301, 202302, 2022, 2023))


def _explained(
    records: pd.DataFrame,
    routes: pd.DataFrame | None = None,
    submitted: pd.DataFrame = EVERYBODY,
    flow: str = "X",
) -> pd.DataFrame:
    return explained_cells(
        records,
        _routes() if routes is None else routes,
        submitted,
        flow=flow,
        margin=MARGIN,
        sections=SECTIONS,
    )


def test_both_sides_are_cut_to_the_coarser_level_of_the_chapter() -> None:
    cells = _explained(
        _records(
            (202301, "030214", 60.0, None),
            (202301, "030289", 40.0, None),
            (202301, "0302", None, 106.0),
            (202301, "840110", 7.0, None),
        )
    )
    assert cells["commodity_code"].tolist() == ["0302", "840110"]
    assert cells["reported_usd"].tolist() == [100.0, 7.0]
    assert cells["valuation"].tolist() == pytest.approx([6.0, 0.0])
    assert cells["unreported"].tolist() == pytest.approx([0.0, -7.0])


def test_chapters_close_within_their_section() -> None:
    cells = _explained(_records((202301, "84", 100.0, 53.0), (202301, "85", 50.0, 106.0)))
    assert cells["classification"].tolist() == pytest.approx([-50.0, 50.0])
    apart = _explained(_records((202301, "84", 100.0, 53.0), (202301, "03", 50.0, 106.0)))
    assert not apart["classification"].any()


def test_a_month_is_followed_by_the_next_across_the_year() -> None:
    records = _records((202212, "030214", 100.0, 0.0), (202301, "030214", 0.0, 106.0))
    cells = _explained(records)
    assert cells["timing"].tolist() == pytest.approx([-100.0, 100.0])
    years = _records((2022, "030214", 120.0, 0.0), (2023, "030214", 0.0, 127.2))
    assert _explained(years)["timing"].tolist() == pytest.approx([-10.0, 10.0])


def test_third_countries_count_for_their_pair_period_and_chapter_alone() -> None:
    records = _records((202301, "030214", 10.0, 42.4), (202302, "030214", 10.0, 42.4))
    right = (KENYA, FRANCE, 202301, "03", 20.0)
    for route in (
        (FRANCE, KENYA, 202301, "03", 20.0),
        (KENYA, UGANDA, 202301, "03", 20.0),
        (KENYA, FRANCE, 202301, "84", 20.0),
        (KENYA, FRANCE, 202303, "03", 20.0),
    ):
        assert not _explained(records, _routes(route))["attribution"].any()
        found = _explained(records, _routes(route, right))
        assert found["attribution"].tolist() == pytest.approx([20.0, 0.0])


def test_a_side_that_did_not_submit_is_told_from_one_that_recorded_nothing() -> None:
    records = _records((202301, "030214", 100.0, None, 40.0))
    assert _explained(records)["attribution"].tolist() == [-40.0]
    absent = _submitted((KENYA,), (202301,))
    cells = _explained(records, submitted=absent)
    assert not cells["is_compared"].any()
    assert cells["unreported"].tolist() == [-100.0]
    assert cells["attribution"].tolist() == [0.0]


def test_from_our_imports_the_partner_exports() -> None:
    cells = _explained(_records((202301, "030214", 106.0, 150.0, 30.0)), flow="M")
    assert cells["valuation"].tolist() == pytest.approx([-6.0])
    assert cells["attribution"].tolist() == pytest.approx([30.0])
    assert cells["unexplained"].tolist() == pytest.approx([20.0])


def test_no_records_give_no_cells() -> None:
    cells = _explained(_records())
    assert cells.empty
    summed = summed_cells(cells, ["chapter_code", "period_id"])
    assert summed.empty
    assert "timing_gross_usd" in summed.columns


def test_periods_of_both_frequencies_are_numbered() -> None:
    assert np.diff(period_number([202211, 202212, 202301])).tolist() == [1, 1]
    assert np.diff(period_number([2021, 2022])).tolist() == [1]


_ROWS = st.lists(
    st.tuples(
        st.sampled_from([202301, 202302, 202303]),
        st.sampled_from(["030214", "030289", "040110", "840110", "840120"]),
        st.floats(0, 1e6),
        st.floats(0, 1e6),
        st.just(0.0),
    ),
    max_size=12,
    unique_by=lambda row: row[:2],
)


@given(_ROWS)
def test_from_the_other_side_every_part_has_the_opposite_sign(rows: Any) -> None:
    there = _submitted((KENYA, FRANCE), (202301, 202302, 202303))
    ours = _explained(_records(*rows), submitted=there)
    swapped = [(period, code, m, x, again) for period, code, x, m, again in rows]
    theirs = _explained(_records(*swapped, ours=FRANCE, theirs=KENYA), submitted=there, flow="M")
    for part in PARTS:
        assert ours[part].tolist() == pytest.approx((-theirs[part]).tolist(), abs=1e-6)


@given(_ROWS)
def test_sums_keep_the_gap_and_its_parts(rows: Any) -> None:
    there = _submitted((KENYA, FRANCE), (202301, 202302, 202303))
    cells = _explained(_records(*rows), submitted=there)
    for by in (["chapter_code", "period_id"], ["partner_area_id"]):
        summed = summed_cells(cells, by)
        parts = summed[[f"{part}_usd" for part in PARTS]].sum(axis=1)
        assert parts.tolist() == pytest.approx(summed["gap_usd"].tolist(), abs=1e-5)
        gross = summed[[f"{part}_gross_usd" for part in PARTS]]
        net = summed[[f"{part}_usd" for part in PARTS]].abs()
        assert (gross.to_numpy() >= net.to_numpy() - 1e-6).all()
        assert summed["cell_count"].sum() == len(cells)
