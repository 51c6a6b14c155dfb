"""What becomes of cases whose figures later revisions changed, and what a figure is made of."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pandas as pd
import pytest

from callbacks.services import Services
from callbacks.views.outliers_frames import OUTLIERS, chosen_case, part_changes
from dashboard.cases import Entry
from dashboard.selection import Selection
from dashboard.warehouse.casework import Casework
from dashboard.warehouse.ledger import Ledger
from dashboard.warehouse.publishing import publish
from tests.support.app import test_app
from tests.support.casework import judged
from tests.support.workshops import FRANCE, GERMANY, finish_by_hand, open_workshop

MAY = 202305
CASES = {
    "FRA.X.27.202305": (900.0, "asked"),  # the revision says 90
    "FRA.X.03.202305": (5.0, "asked"),  # the same in both
    "FRA.X.44.202305": (7.0, "explained"),  # gone from the revision
    "FRA.X.72.202305": (11.0, "explained"),  # the same in both
}
FIRST = [(27, 900), (3, 5), (44, 7), (72, 11)]
REVISED = [(27, 90), (3, 5), (72, 11)]


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    url = f"duckdb:///{tmp_path_factory.mktemp('revised') / 'w.duckdb'}"
    filler = open_workshop(url)
    for received, figures in (("2023-07-01", FIRST), ("2024-01-10", REVISED)):
        rows = [("X", GERMANY, f"{chapter:02d}0100", value) for chapter, value in figures]
        filler.submission(FRANCE, MAY, received, rows=rows)
    finish_by_hand(filler.workshop)
    publish(filler.workshop, url)
    log = Casework(Ledger(url))
    for place, (case, (value, state)) in enumerate(CASES.items()):
        at = datetime(2024, 1, 5, 9, place, tzinfo=UTC)
        entry = Entry(state, "", "Ann")
        log.write(judged(case, value=value), entry, seen=0, request_id=f"request-{place}", at=at)
    log.ledger.close()
    app: Any = test_app(url, query_deadline_seconds=60)
    found: Services = app.server.config["WCO_SERVICES"]
    yield found
    found.close()


def _listed(services: Services, **changes: Any) -> pd.DataFrame:
    chosen = Selection(first="2023-01", last="2023-12", flow="X", **changes)
    return OUTLIERS.read(services, chosen.resolve(services.catalogue)).set_index("case_id")


def test_a_case_whose_figure_a_revision_changed_is_corrected(services: Services) -> None:
    listed = _listed(services)
    assert listed["case_state"].to_dict() == {
        "FRA.X.27.202305": "revised",
        "FRA.X.03.202305": "settled",
        "FRA.X.44.202305": "revised",
        "FRA.X.72.202305": "explained",
    }
    # The figure that was judged is told, not the one that took its place.
    assert listed["value_usd"].to_dict() == {case: value for case, (value, _) in CASES.items()}
    assert not listed["is_candidate"].any()


def test_the_corrected_cases_are_those_that_a_revision_changed(services: Services) -> None:
    assert sorted(_listed(services, status="corrected").index) == [
        "FRA.X.27.202305",
        "FRA.X.44.202305",
    ]


def test_before_the_revision_nothing_was_corrected(services: Services) -> None:
    listed = _listed(services, as_of=date(2024, 1, 8))
    assert listed["case_state"].to_dict() == {case: state for case, (_, state) in CASES.items()}


def test_the_first_of_the_list_is_chosen(services: Services) -> None:
    for status in (None, "corrected", "open"):
        chosen = Selection(first="2023-01", last="2023-12", flow="X", status=status)
        listed = _listed(services, status=status).index
        case = chosen_case(services, chosen.resolve(services.catalogue))
        assert (case.id if case else None) == (listed[0] if len(listed) else None)


def test_a_part_is_compared_with_its_median_in_the_other_periods() -> None:
    parts = pd.DataFrame(
        {
            "period_id": pd.array([1, 1, 2, 3, 3, 3], dtype="Int64"),
            "partner_iso3": pd.array(["DEU", "DEU", "DEU", "DEU", "KEN", None], dtype="str"),
            "value_usd": [1.0, 2.0, 5.0, 40.0, 6.0, 9.0],
        }
    )
    changes = part_changes(parts, "partner_iso3", 3, [1, 2, 3])
    # Germany: 3 and 5 before; Kenya: nothing before; without a code: a part of no one.
    assert changes[["part_id", "value_usd", "usual_usd", "change_usd"]].to_numpy().tolist() == [
        ["DEU", 40.0, 4.0, 36.0],
        ["KEN", 6.0, 0.0, 6.0],
    ]
    alone = part_changes(parts, "partner_iso3", 3, [3])
    assert alone["usual_usd"].isna().all()
