"""Audiences are only ever narrowed; what they can select narrows with them."""

from __future__ import annotations

from dataclasses import fields, replace
from itertools import product
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.audience import EVERYTHING, TIERS, Audience
from dashboard.selection import Catalogue, Event, Selection, reduce
from tests.support.catalogues import CATALOGUE

MEMBERS = CATALOGUE.members
AUDIENCES = (
    EVERYTHING,
    TIERS,
    *(Audience("region", region) for region in sorted(set(MEMBERS.values()))),
    *(Audience("member", iso3) for iso3 in MEMBERS),
)
EUROPE = Audience("region", "europe")
FRANCE = Audience("member", "FRA")


def served(audience: Audience) -> Catalogue:
    """The catalogue of a process that serves an audience."""
    return replace(CATALOGUE, audience=audience)


@pytest.mark.parametrize("audience", AUDIENCES, ids=str)
def test_an_audience_is_read_back_from_its_text(audience: Audience) -> None:
    assert Audience.parse(str(audience)) == audience


@pytest.mark.parametrize(
    "text", ["", "region", "region:", "member:fra", "tiers:x", "everything:", "x", "member:FRANCE!"]
)
def test_other_texts_are_no_audience(text: str) -> None:
    assert Audience.parse(text) is None


def test_an_audience_holds_another_exactly_if_it_names_all_that_the_other_names() -> None:
    for one, other in product(AUDIENCES, AUDIENCES):
        names = other.named(MEMBERS) <= one.named(MEMBERS)
        # A region of one member names no more than that member, but shows its region's figures.
        if one.mode == "member" and other.mode == "region":
            assert not one.holds(other, MEMBERS)
        else:
            assert one.holds(other, MEMBERS) == names, f"{one} {other}"


@given(
    st.sampled_from(AUDIENCES),
    st.one_of(st.text(max_size=30), st.sampled_from([str(one) for one in AUDIENCES])),
    st.dictionaries(
        st.sampled_from(
            ["member", "partner", "compare", "region", "towards", "case", "lang", "weights", "asof"]
        ),
        st.text(max_size=12) | st.sampled_from([*MEMBERS, *CATALOGUE.regions, "fr"]),
        max_size=4,
    ),
)
def test_no_address_selects_or_names_whom_the_process_hides(
    widest: Audience, asked: str, other: dict[str, str]
) -> None:
    hidden = set(MEMBERS) - widest.named(MEMBERS)
    search = "?" + urlencode({**other, "audience": asked})
    selection, notices = Selection.from_search(search, served(widest))
    chosen = {*selection.members, *selection.partners, *selection.compared}
    assert chosen <= widest.named(MEMBERS)
    assert widest.holds(selection.audience_within(served(widest)), MEMBERS)
    said = "".join(f"{one.found}{one.accepted}" for one in notices)
    assert not [iso3 for iso3 in hidden if iso3 in said or iso3 in selection.search()]


@given(st.sampled_from(AUDIENCES), st.sampled_from(AUDIENCES))
def test_a_resolved_selection_has_the_narrower_of_both(widest: Audience, asked: Audience) -> None:
    catalogue = served(widest)
    chosen, notices = Selection.from_search(f"?audience={asked}", catalogue)
    resolved = chosen.resolve(catalogue)
    is_narrower = widest.holds(asked, MEMBERS)
    assert resolved.audience == str(asked if is_narrower else widest)
    assert [one.key for one in notices] == ([] if is_narrower else ["audience_wider"])
    narrowed = catalogue.seen_by(chosen.audience_within(catalogue))
    assert chosen.resolve(narrowed) == resolved, "reading it again changes nothing"


@pytest.mark.parametrize("text", ["region:nowhere", "member:ZZZ", "nonsense", ""])
def test_an_audience_that_is_not_known_shows_tiers_only(text: str) -> None:
    chosen, notices = Selection.from_search(f"?audience={text}", CATALOGUE)
    assert chosen.audience_within(CATALOGUE) == TIERS
    assert [one.key for one in notices] == ["audience_unknown"]


@pytest.mark.parametrize(
    "search", ["?audience=tiers&x=" + "y" * 5000, "?audience=tiers" + "&x=1" * 100]
)
def test_a_link_that_cannot_be_read_does_not_open_to_all(search: str) -> None:
    chosen, _ = Selection.from_search(search, CATALOGUE)
    assert chosen.audience_within(CATALOGUE) == TIERS


def test_the_audience_is_in_the_address_only_where_it_is_narrower_than_the_process() -> None:
    assert Selection.from_search("?audience=everything", CATALOGUE)[0].search() == ""
    assert Selection.from_search(f"?audience={EUROPE}", served(EUROPE))[0].search() == ""
    chosen, _ = Selection.from_search("?audience=member:FRA", served(EUROPE))
    assert chosen.search() == "?audience=member:FRA"


def test_only_and_clear_keep_the_audience() -> None:
    chosen = Selection(audience="tiers", flow="M", first="2020-01")
    assert chosen.only(frozenset()).audience == "tiers"
    assert reduce(chosen, Event("clear"), CATALOGUE) == Selection(audience="tiers")
    assert {field.name for field in fields(Selection)} >= {"audience"}


@pytest.mark.parametrize(
    "event",
    [
        Event("member", ("USA",)),
        Event("member", ("member-3",)),
        Event("compared", ("USA",)),
        Event("partner", ("USA",)),
        Event("region", ("americas",)),
        Event("pair", ("americas", "europe")),
        Event("pair", ("USA", "FRA")),
        Event("case", ("USA.X.27.202403",)),
    ],
    ids=lambda event: f"{event.kind} {event.values}",
)
def test_a_forged_event_on_a_hidden_member_changes_nothing(event: Event) -> None:
    before = Selection(audience=str(EUROPE), members=("FRA",), regions=("europe",))
    assert reduce(before, event, CATALOGUE) == before
    assert reduce(replace(before, audience=None), event, served(EUROPE)) == replace(
        before, audience=None
    )


def test_an_event_on_a_named_member_is_heard() -> None:
    before = Selection(audience=str(EUROPE))
    assert reduce(before, Event("member", ("FRA",)), CATALOGUE).members == ("FRA",)
    assert reduce(before, Event("region", ("europe",)), CATALOGUE).regions == ("europe",)


def test_peers_are_chosen_by_nobody_who_does_not_see_everybody() -> None:
    assert Selection.from_search("?peers=income", CATALOGUE)[0].peers == "income"
    for audience in (EUROPE, FRANCE, TIERS):
        chosen, notices = Selection.from_search("?peers=income", served(audience))
        assert chosen.peers is None
        assert [one.key for one in notices] == ["refused"]


def test_the_region_of_one_member_cannot_be_selected() -> None:
    assert served(FRANCE).seen_by(FRANCE).selectable_regions == ()
    assert served(EUROPE).selectable_regions == ("europe",)
    assert served(TIERS).selectable_regions == ()
    assert CATALOGUE.selectable_regions == CATALOGUE.regions
