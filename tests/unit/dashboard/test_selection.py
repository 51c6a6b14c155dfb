"""The selection: its URL form, what it refuses, and how events change it."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.measures import TRADE_MEASURES
from dashboard.selection import (
    AGGREGATIONS,
    CHOSEN_AT_MOST,
    COMPARED_AT_MOST,
    FLOWS,
    LANGUAGES,
    NORMALISATIONS,
    PEERS,
    SCALES,
    SEARCH_LENGTH_AT_MOST,
    SORTS,
    SOURCES,
    STATUSES,
    Event,
    Selection,
    months_between,
    reduce,
    shift_month,
)
from tests.support.catalogues import CATALOGUE, REGIONS

MEMBERS = sorted(CATALOGUE.members)
PARTNERS = sorted(CATALOGUE.partners)
FIRST_DAY = CATALOGUE.known_from


def lists(values: Any, most: int = CHOSEN_AT_MOST) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(list(values)), unique=True, max_size=most).map(tuple)


def maybe(values: Any) -> st.SearchStrategy[str | None]:
    return st.none() | st.sampled_from(list(values))


MONTHS = st.integers(0, 119).map(lambda count: shift_month("2016-01", count))
RANGES = st.tuples(MONTHS | st.none(), MONTHS | st.none()).map(
    lambda pair: tuple(sorted(pair)) if None not in pair else pair  # type: ignore[type-var]
)
WEIGHTS = st.just(()) | st.lists(
    st.integers(0, 100), min_size=len(CATALOGUE.pillars), max_size=len(CATALOGUE.pillars)
).filter(any).map(lambda drawn: tuple(zip(CATALOGUE.pillars, drawn, strict=True)))


@st.composite
def selections(draw: st.DrawFn) -> Selection:
    first, last = draw(RANGES)
    days = (CATALOGUE.data_on - FIRST_DAY).days
    chosen = Selection(first=first, last=last).resolve(CATALOGUE)
    assert chosen.first is not None and chosen.last is not None
    # A base range is as long as the selected one and lies wholly before it.
    latest = shift_month(chosen.first, -months_between(chosen.first, chosen.last))
    weights = draw(WEIGHTS)
    bases = ["2016-01"] if first and last and latest >= "2016-01" else []
    return Selection(
        first=first,
        last=last,
        base=draw(maybe(bases)) if bases else None,
        # The last day itself is the default and is left out of the URL.
        as_of=draw(st.none() | st.integers(0, days - 1).map(lambda n: FIRST_DAY + timedelta(n))),
        collection=draw(maybe(CATALOGUE.collections)),
        regions=draw(lists(REGIONS)),
        members=draw(lists(MEMBERS)),
        partners=draw(lists(PARTNERS)),
        partner_regions=draw(lists(REGIONS)),
        flow=draw(maybe(FLOWS)),
        commodity=draw(maybe(["S1", "S21", "03", "8703", "870323"])),
        measure=draw(maybe(TRADE_MEASURES)),
        source=draw(maybe(SOURCES)),
        status=draw(maybe(STATUSES)),
        sort=draw(maybe(SORTS)),
        scale=draw(maybe(SCALES)),
        dimension=draw(maybe(CATALOGUE.dimensions)),
        rule=draw(maybe(CATALOGUE.rules)),
        tactic=draw(maybe(CATALOGUE.tactics)),
        result=draw(maybe(sorted(CATALOGUE.key_results))),
        indicator=draw(maybe(CATALOGUE.indicators)),
        weights=weights,
        scheme=None if weights else draw(maybe(CATALOGUE.schemes)),
        normalisation=draw(maybe(NORMALISATIONS)),
        aggregation=draw(maybe(AGGREGATIONS)),
        peers=draw(maybe(PEERS)),
        compared=draw(lists(MEMBERS, COMPARED_AT_MOST)),
        language=draw(st.sampled_from(LANGUAGES)),
    )


# --- The URL -----------------------------------------------------------------------------------


@given(selections())
def test_a_selection_comes_back_from_its_url(selection: Selection) -> None:
    assert Selection.from_search(selection.search(), CATALOGUE) == (selection, ())


@given(selections())
def test_the_keys_of_a_url_are_sorted_and_defaults_left_out(selection: Selection) -> None:
    keys = [pair.partition("=")[0] for pair in selection.search().lstrip("?").split("&") if pair]
    assert keys == sorted(keys)
    chosen = [f.name for f in fields(selection) if getattr(selection, f.name) != f.default]
    assert len(keys) == len(chosen)


def test_the_default_selection_has_no_url() -> None:
    assert Selection().search() == ""


KEY_TEXT = (
    "from to base asof collection region member partner towards flow hs measure source status "
    "sort scale dimension rule tactic result indicator weights scheme normalisation aggregation "
    "peers compare lang other"
)
KEYS = st.sampled_from(KEY_TEXT.split())


@given(st.text(max_size=200) | st.lists(st.tuples(KEYS, st.text(max_size=20))).map(repr))
def test_no_text_at_all_raises(text: str) -> None:
    selection, notices = Selection.from_search(text, CATALOGUE)
    assert Selection.from_search(selection.search(), CATALOGUE)[0] == selection
    assert len(notices) < 100


@given(st.lists(st.tuples(KEYS, st.text(max_size=30)), max_size=30))
def test_no_values_of_known_keys_raise(pairs: list[tuple[str, str]]) -> None:
    from urllib.parse import urlencode

    selection, _ = Selection.from_search("?" + urlencode(pairs), CATALOGUE)
    assert Selection.from_search(selection.search(), CATALOGUE) == (selection, ())


@pytest.mark.parametrize(
    ("search", "key"),
    [
        ("?nonsense=1", "unknown_key"),
        ("?member=XXX", "refused"),
        ("?sort=size", "refused"),
        ("?status=lost", "refused"),
        ("?from=2020-13", "refused"),
        ("?from=1999-01", "month_outside"),
        ("?asof=yesterday", "refused"),
        ("?asof=1999-01-01", "day_outside"),
        ("?asof=2016-02-10", "day_outside"),  # the day before the first receipt
        ("?asof=2024-02-30", "refused"),
        ("?asof=2999-01-01", "day_outside"),
        ("?from=2020-01&to=2020-06&base=2019-08", "base_impossible"),
        ("?base=1999-01", "month_outside"),
        ("?base=last", "refused"),
        ("?weights=timeliness:0", "weights_zero"),
        ("?weights=luck:3,timeliness:1", "weights_refused"),
        ("?weights=timeliness:-3,quality:1", "weights_refused"),
        ("?weights=timeliness:nan,quality:1", "weights_refused"),
        ("?weights=timeliness:inf", "weights_refused"),
        ("?weights=timeliness:101", "weights_refused"),
        ("?weights=timeliness:1e1", "weights_refused"),
        ("?weights=timeliness:٣", "weights_refused"),
        ("?weights=timeliness", "weights_refused"),
        ("?weights=" + ",".join(["timeliness:1"] * 200), "weights_many"),
        ("?weights=" + ",".join(["timeliness:1"] * 10_000), "too_long"),
        ("?weights=timeliness:1&scheme=equal", "scheme_overruled"),
        ("?scheme=best", "refused"),
        ("?normalisation=none", "refused"),
        ("?aggregation=harmonic", "refused"),
        ("?peers=friends", "refused"),
        ("?from=2020-05&to=2020-01", "range_reversed"),
        ("?compare=" + ",".join([*MEMBERS, "KEN"]) + "&hs=S99", "refused"),
        ("?member=" + "A" * SEARCH_LENGTH_AT_MOST, "too_long"),
        ("?" + "&".join(f"k{i}=1" for i in range(70)), "unreadable"),
    ],
)
def test_what_is_refused_is_said(search: str, key: str) -> None:
    _, notices = Selection.from_search(search, CATALOGUE)
    assert key in [notice.key for notice in notices]


def test_a_month_outside_becomes_the_nearest_held() -> None:
    selection, _ = Selection.from_search("?from=1999-01&to=2999-01", CATALOGUE)
    assert (selection.first, selection.last) == CATALOGUE.months


def test_a_reversed_range_is_swapped() -> None:
    selection, _ = Selection.from_search("?from=2020-05&to=2020-01", CATALOGUE)
    assert (selection.first, selection.last) == ("2020-01", "2020-05")


def test_the_last_day_of_the_data_is_the_default() -> None:
    selection, notices = Selection.from_search(f"?asof={CATALOGUE.data_on}", CATALOGUE)
    assert (selection.as_of, notices) == (None, ())


def test_the_first_receipt_is_the_first_day_that_can_be_gone_back_to() -> None:
    selection, notices = Selection.from_search("?asof=2016-02-11", CATALOGUE)
    assert (selection.as_of, notices) == (date(2016, 2, 11), ())


def test_a_past_day_has_the_range_it_would_have_had() -> None:
    past = Selection(as_of=date(2024, 3, 12))
    months = past.resolve(CATALOGUE)
    assert (months.first, months.last) == ("2021-03", "2024-02")
    years = replace(past, collection="trade_annual").resolve(CATALOGUE)
    assert (years.first, years.last) == ("2016-01", "2023-12")
    chosen = replace(past, last="2025-06").resolve(CATALOGUE)
    assert chosen.last == "2025-06"
    first = Selection(as_of=CATALOGUE.known_from).resolve(CATALOGUE)
    assert (first.first, first.last) == ("2016-01", "2016-01")
    # No range reaches beyond what is held.
    late = replace(past, as_of=CATALOGUE.data_on, collection="trade_annual").resolve(CATALOGUE)
    assert late.last == "2024-12"


def test_too_many_values_are_cut_and_said() -> None:
    many = {f"A{i:02d}": "europe" for i in range(CHOSEN_AT_MOST + 5)}
    catalogue = replace(CATALOGUE, members=many)
    selection, notices = Selection.from_search("?member=" + ",".join(many), catalogue)
    assert selection.members == tuple(many)[:CHOSEN_AT_MOST]
    assert [notice.key for notice in notices] == ["too_many"]


def test_weights_are_put_into_the_order_of_the_pillars() -> None:
    selection, _ = Selection.from_search("?weights=quality:100,timeliness:5", CATALOGUE)
    assert selection.weights == (
        *(("timeliness", 5), ("quality", 100)),
        *(("coverage", 0), ("improvement", 0)),
    )


def test_one_bad_weight_refuses_all_of_them() -> None:
    """The others alone would be another scheme than the one asked for."""
    selection, _ = Selection.from_search("?weights=quality:60,timeliness:-5", CATALOGUE)
    assert selection.weights == ()


def test_weights_win_over_a_scheme() -> None:
    selection, _ = Selection.from_search("?scheme=equal&weights=quality:60", CATALOGUE)
    assert (selection.scheme, dict(selection.weights)["quality"]) == (None, 60)


# --- only and resolve --------------------------------------------------------------------------


@given(selections(), st.sets(st.sampled_from([f.name for f in fields(Selection)])))
def test_only_keeps_the_named_fields_and_no_other(selection: Selection, names: set[str]) -> None:
    kept = selection.only(frozenset(names))
    for field in fields(Selection):
        expected = selection if field.name in names else Selection()
        assert getattr(kept, field.name) == getattr(expected, field.name)


@given(selections())
def test_resolving_fills_every_default_and_overrides_nothing(selection: Selection) -> None:
    resolved = selection.resolve(CATALOGUE)
    for name in ("collection", "first", "last", "as_of", "flow", "measure", "source", "sort"):
        assert getattr(resolved, name) is not None
        if getattr(selection, name) is not None and name != "first":
            assert getattr(resolved, name) == getattr(selection, name)
    follows = CATALOGUE.schemes.get(resolved.scheme or "", {}) is None
    assert [pillar for pillar, _ in resolved.weights] == ([] if follows else [*CATALOGUE.pillars])
    assert (resolved.scheme is None) == bool(selection.weights)
    assert resolved.first is not None and resolved.last is not None
    assert resolved.first <= resolved.last
    assert resolved.resolve(CATALOGUE) == resolved


@pytest.mark.parametrize(
    ("scheme", "weights"),
    [
        (None, CATALOGUE.pillars),
        ("official", CATALOGUE.pillars),
        ("equal", dict.fromkeys(CATALOGUE.pillars, 1.0)),
        ("variance", {}),  # they follow from the scores
    ],
)
def test_a_scheme_gives_its_weights(scheme: str | None, weights: dict[str, float]) -> None:
    assert dict(Selection(scheme=scheme).resolve(CATALOGUE).weights) == weights


def test_months_default_to_the_last_thirty_six() -> None:
    resolved = Selection().resolve(CATALOGUE)
    assert (resolved.first, resolved.last) == ("2023-01", "2025-12")
    assert months_between("2023-01", "2025-12") == 36


def test_years_default_to_the_last_ten_that_are_held() -> None:
    resolved = Selection(collection="trade_annual").resolve(CATALOGUE)
    assert (resolved.first, resolved.last) == ("2016-01", "2024-12")  # held since 2016


def test_the_range_begins_where_the_collection_does() -> None:
    resolved = Selection(collection="revenue_monthly", last="2020-06").resolve(CATALOGUE)
    assert (resolved.first, resolved.last) == ("2019-01", "2020-06")


# --- Events ------------------------------------------------------------------------------------


def heard(selection: Selection, kind: str, *values: str, **how: bool) -> Selection:
    return reduce(selection, Event(kind, values, **how), CATALOGUE)


def test_a_click_selects_and_the_same_click_releases() -> None:
    once = heard(Selection(), "member", "KEN")
    assert once.members == ("KEN",)
    assert heard(once, "member", "KEN") == Selection()


def test_another_click_replaces() -> None:
    assert heard(Selection(members=("KEN",)), "member", "UGA").members == ("UGA",)


def test_an_additive_click_adds_and_takes_away() -> None:
    both = heard(Selection(members=("KEN",)), "member", "UGA", is_additive=True)
    assert both.members == ("KEN", "UGA")
    assert heard(both, "member", "KEN", is_additive=True).members == ("UGA",)


def test_a_lasso_adds_those_that_are_new() -> None:
    before = Selection(members=("KEN",))
    after = heard(before, "member", "KEN", "UGA", "NAM", is_additive=True)
    assert after.members == ("KEN", "UGA", "NAM")


def test_a_cross_removes_one() -> None:
    before = Selection(members=("KEN", "UGA"))
    assert heard(before, "member", "KEN", is_removal=True).members == ("UGA",)
    assert heard(before, "member", "FRA", is_removal=True) == before


def test_comparing_always_adds_up_to_six() -> None:
    selection = Selection()
    for iso3 in MEMBERS:
        selection = heard(selection, "compared", iso3)
    assert selection.compared == tuple(MEMBERS)
    assert len(MEMBERS) == COMPARED_AT_MOST
    assert heard(selection, "compared", "KEN").compared == tuple(m for m in MEMBERS if m != "KEN")


def test_a_pair_sets_both_sides_and_releases_them() -> None:
    once = heard(Selection(), "pair", "europe", "americas")
    assert (once.regions, once.partner_regions) == (("europe",), ("americas",))
    assert heard(once, "pair", "europe", "americas") == Selection()
    assert heard(once, "pair", "europe", "europe").partner_regions == ("europe",)


def test_months_make_a_range_and_release_it() -> None:
    once = heard(Selection(), "month", "2021-05", "2021-02")
    assert (once.first, once.last) == ("2021-02", "2021-05")
    assert heard(once, "month", "2021-02", "2021-05") == Selection()
    assert heard(once, "month", "2021-03", is_removal=True) == Selection()
    assert heard(once, "month", "soon") == once


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("status", "overdue"),
        ("sort", "share"),
        ("flow", "M"),
        ("tactic", "1.1"),
        ("result", "tool_users"),
    ],
)
def test_a_single_value_is_set_and_released(kind: str, value: str) -> None:
    once = heard(Selection(), kind, value)
    assert getattr(once, kind) == value
    assert heard(once, kind, value) == Selection()
    assert heard(once, kind) == Selection()
    assert heard(once, kind, is_removal=True) == Selection()


def test_a_collection_stays_when_it_is_chosen_again() -> None:
    once = heard(Selection(), "collection", "trade_annual")
    assert heard(once, "collection", "trade_annual") == once


def test_a_base_may_touch_the_range_and_stays_when_it_is_chosen_again() -> None:
    search = "?base=2019-07&from=2020-01&to=2020-06"
    selection, notices = Selection.from_search(search, CATALOGUE)
    assert (selection.base, notices) == ("2019-07", ())
    assert heard(selection, "base", "2019-07") == selection
    assert heard(selection, "base", "2018-01").base == "2018-01"
    assert heard(selection, "base").base is None


def test_ends_of_a_range_that_cross_are_swapped() -> None:
    after = heard(Selection(last="2020-01"), "first", "2021-01")
    assert (after.first, after.last) == ("2020-01", "2021-01")


def test_a_cleared_or_bad_as_of_means_today() -> None:
    before = Selection(as_of=date(2024, 5, 1))
    assert heard(before, "as_of") == Selection()
    assert heard(before, "as_of", "nonsense") == Selection()
    assert heard(before, "as_of", "2024-06-01").as_of == date(2024, 6, 1)


def test_weights_are_set_and_cleared() -> None:
    once = heard(Selection(), "weights", "timeliness:10,quality:0")
    assert once.weights[:2] == (("timeliness", 10), ("quality", 0))
    assert heard(once, "weights", "timeliness:0") == once
    # A slider that comes back to where it was sends the same weights twice.
    assert heard(once, "weights", "timeliness:10,quality:0") == once
    assert heard(once, "weights", is_removal=True) == Selection()


def test_of_weights_and_scheme_the_last_that_is_heard_holds() -> None:
    equal = heard(heard(Selection(), "weights", "quality:1"), "scheme", "equal")
    assert equal == Selection(scheme="equal")
    own = heard(equal, "weights", "quality:1")
    assert own.scheme is None and own.weights
    assert heard(equal, "scheme", "best") == equal
    assert heard(equal, "scheme") == Selection()


def test_clearing_keeps_the_language() -> None:
    before = Selection(members=("KEN",), status="late", sort="share", language="fr")
    assert heard(before, "clear") == Selection(language="fr")


@given(selections(), st.text(max_size=12), st.lists(st.text(max_size=12), max_size=3))
def test_no_event_raises_or_breaks_the_url(
    selection: Selection, kind: str, values: list[str]
) -> None:
    for name in (kind, "member", "region", "pair", "month", "status", "weights", "as_of", "first"):
        after = heard(selection, name, *values)
        assert Selection.from_search(after.search(), CATALOGUE) == (after, ())


@pytest.mark.parametrize("kind", ["member", "region", "status", "sort", "month"])
def test_unknown_values_choose_nothing(kind: str) -> None:
    assert heard(Selection(), kind, "atlantis") == Selection()


# --- Months ------------------------------------------------------------------------------------


@given(MONTHS, st.integers(-60, 60))
def test_shifting_and_counting_months_agree(month: str, count: int) -> None:
    other = shift_month(month, count)
    assert shift_month(other, -count) == month
    assert months_between(min(month, other), max(month, other)) == abs(count) + 1


def test_states_and_ids_of_cases_are_read_from_the_address() -> None:
    selection, notices = Selection.from_search("?status=asked&case=KEN.X.27.202403", CATALOGUE)
    assert (selection.status, selection.case, notices) == ("asked", "KEN.X.27.202403", ())
    selection, notices = Selection.from_search("?status=revised&case=KEN.X.271.2024", CATALOGUE)
    assert (selection.status, selection.case) == (None, None)
    assert [notice.key for notice in notices] == ["refused", "refused"]


# --- The day to compare with -------------------------------------------------------------------


def test_the_day_to_compare_with_is_six_months_before_unless_chosen() -> None:
    assert Selection(as_of=date(2024, 8, 31)).resolve(CATALOGUE).since == date(2024, 2, 29)
    chosen = Selection(since=date(2020, 1, 1))
    assert chosen.resolve(CATALOGUE).since == date(2020, 1, 1)
    first = CATALOGUE.known_from
    assert Selection(as_of=first + timedelta(days=30)).resolve(CATALOGUE).since == first


def test_the_day_to_compare_with_travels_in_the_address() -> None:
    chosen = Selection(since=date(2024, 3, 1))
    assert chosen.search() == "?since=2024-03-01"
    assert Selection.from_search("?since=2024-03-01", CATALOGUE) == (chosen, ())


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("yesterday", "refused"),
        ("2024-02-30", "refused"),
        ("0001-01-01", "since_outside"),
        ("2999-01-01", "since_outside"),
        (str(CATALOGUE.data_on), "since_outside"),
    ],
)
def test_a_day_that_nothing_can_be_compared_with_is_refused_with_a_notice(
    text: str, key: str
) -> None:
    selection, notices = Selection.from_search(f"?since={text}", CATALOGUE)
    assert selection.since is None
    assert [notice.key for notice in notices] == [key]


def test_the_day_to_compare_with_must_lie_before_the_as_of_day() -> None:
    search = "?asof=2024-03-01&since=2024-03-01"
    selection, notices = Selection.from_search(search, CATALOGUE)
    assert (selection.as_of, selection.since) == (date(2024, 3, 1), None)
    assert [notice.key for notice in notices] == ["since_outside"]
    later = reduce(Selection(since=date(2024, 3, 1)), Event("as_of", ("2024-02-01",)), CATALOGUE)
    assert (later.as_of, later.since) == (date(2024, 2, 1), None)


def test_hearing_a_day_to_compare_with_twice_keeps_it() -> None:
    chosen = Selection(since=date(2024, 3, 1))
    assert reduce(chosen, Event("since", ("2024-03-01",)), CATALOGUE) == chosen
    assert reduce(chosen, Event("since", is_removal=True), CATALOGUE) == Selection()
