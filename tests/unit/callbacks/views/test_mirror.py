"""What the frames of the mirror workbench add to the queries, and what they depend on."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from callbacks.views import mirror_frames as frames
from callbacks.views.mirror import FRAMES, VIEW
from dashboard.selection import Event, Selection, reduce
from tests.support.catalogues import CATALOGUE

BY_NAME = {frame.name: frame for frame in FRAMES}
SERVICES: Any = SimpleNamespace(catalogue=CATALOGUE)


def _pairs() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "reporter_iso3": ["KEN", "KEN", "UGA"],
            "partner_iso3": ["FRA", "USA", "FRA"],
            "gap_usd": [5.0, -70.0, 20.0],
        }
    )


@pytest.fixture
def matrix(monkeypatch: pytest.MonkeyPatch) -> None:
    found = SimpleNamespace(read=lambda services, selection: _pairs())
    monkeypatch.setattr(frames, "MATRIX", found)


@pytest.mark.usefixtures("matrix")
def test_without_a_member_the_pair_furthest_apart_is_compared() -> None:
    found = frames.focus(SERVICES, Selection().resolve(CATALOGUE))
    assert (found.members, found.partners) == (("KEN",), ("USA",))


@pytest.mark.usefixtures("matrix")
def test_a_partner_without_a_member_narrows_the_pairs() -> None:
    found = frames.focus(SERVICES, Selection(partners=("FRA",)).resolve(CATALOGUE))
    assert (found.members, found.partners) == (("UGA",), ("FRA",))


@pytest.mark.usefixtures("matrix")
def test_chosen_members_are_compared_whatever_the_matrix_says() -> None:
    chosen = Selection(members=("NAM",), collection="revenue_monthly").resolve(CATALOGUE)
    found = frames.focus(SERVICES, chosen)
    assert (found.members, found.partners) == (("NAM",), ())
    assert found.collection == "trade_monthly"


def test_an_empty_matrix_compares_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    empty = SimpleNamespace(read=lambda services, selection: _pairs().head(0))
    monkeypatch.setattr(frames, "MATRIX", empty)
    assert frames.focus(SERVICES, Selection().resolve(CATALOGUE)).members == ("",)


@pytest.mark.parametrize(
    ("chosen", "first"),
    [
        (Selection(first="2023-01", last="2025-06"), "2024-07"),
        (Selection(first="2025-03", last="2025-06"), "2025-03"),
        (Selection(first="2018-01", last="2024-12", collection="trade_annual"), "2018-01"),
    ],
    ids=["months", "few months", "years"],
)
def test_the_matrix_is_of_the_last_twelve_months(chosen: Selection, first: str) -> None:
    assert frames.matrix_range(SERVICES, chosen.resolve(CATALOGUE)).first == first


def test_what_is_chosen_of_partners_does_not_change_the_matrix_or_the_standings() -> None:
    for name in ("mirror_matrix", "mirror_standings"):
        assert not BY_NAME[name].fields & {"partners", "partner_regions"}
    assert not BY_NAME["mirror_standings"].fields & {"members", "regions"}


def test_the_measure_and_the_source_change_nothing() -> None:
    assert all(not frame.fields & {"measure", "source"} for frame in FRAMES)
    assert all(set(panel.frames) <= set(BY_NAME) for panel in VIEW.panels)


def test_a_click_on_the_matrix_selects_a_member_and_a_partner_and_releases_them() -> None:
    before = Selection(partner_regions=("europe",), commodity="03")
    event = Event("pair", ("KEN", "GRL"))
    after = reduce(before, event, CATALOGUE)
    assert after == replace(before, members=("KEN",), partners=("GRL",), partner_regions=())
    assert reduce(after, event, CATALOGUE) == replace(after, members=(), partners=())
    # Areas that report nothing have no record of their own to start from.
    assert reduce(before, Event("pair", ("GRL", "KEN")), CATALOGUE).members == ()
