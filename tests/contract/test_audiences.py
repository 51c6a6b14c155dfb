"""Nobody hidden from an audience is named to it on any route, and the walk would see it if.

The same walk over an app for everybody names nearly all: what finds nothing below can find.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from itertools import chain
from typing import Any

import pytest

from callbacks import FRAMES, VIEWS
from callbacks.disclosing import DISCLOSURES
from callbacks.named import NamedFrame
from dashboard.audience import EVERYTHING, Audience
from dashboard.disclosure import Anonymous, Named
from dashboard.errors import ClosedError
from dashboard.frames import Column
from dashboard.selection import Selection
from dashboard.words import read_words
from queries.catalogue import all_members
from tests.support.app import test_app
from tests.support.audiences import LANGUAGES, Answer, Finder, Walker

MODES = ("region:europe", "member:KEN", "tiers")
HIDDEN = "USA"
"""A member that none of the modes names, and of which there is much to tell."""

NOBODY = "ZZZ"
EVERY_VIEW = [view.id for view in VIEWS]
STATIC = "\n".join(" ".join(read_words(language).texts.values()) for language in LANGUAGES)


@pytest.fixture(scope="module")
def apps(sample_warehouse_url: str) -> Iterator[dict[str, Any]]:
    """An app for each audience, by its text."""
    found = {
        mode: test_app(
            sample_warehouse_url,
            query_deadline_seconds=60,
            cache_megabytes=512,
            audience=Audience.parse(mode),
            is_casework_writable=mode != "everything",
        )
        for mode in (*MODES, "everything")
    }
    # What is read whole is computed once for all; and what is cut must not be taken for it.
    for app in found.values():
        _services(app).cache = _services(found["everything"]).cache
    yield found
    for app in found.values():
        app.server.config["WCO_SERVICES"].close()


def _services(app: Any) -> Any:
    return app.server.config["WCO_SERVICES"]


def _hidden(app: Any, mode: str) -> set[str]:
    members = _services(app).catalogue.members
    audience = Audience.parse(mode)
    assert audience is not None
    return set(members) - audience.named(members)


def _routes(
    walker: Walker, language: str, staged: Collection[str] = ()
) -> Iterator[tuple[str, Answer]]:
    """Every route, by its kind; of the views in ``staged`` also the stage and the tables."""

    def kind(name: str, answers: Iterable[Answer]) -> Iterator[tuple[str, Answer]]:
        return ((name, answer) for answer in answers)

    yield from kind("frames", walker.frames(lang=language))
    yield from kind("files", walker.files(hidden=HIDDEN, region="americas", lang=language))
    yield from kind("layout", [walker.layout(lang=language)])
    for view in VIEWS:
        yield from kind("panels", walker.panels(view.id, lang=language))
        yield from kind("pages", walker.page(view.path, lang=language))
        if view.id in staged:
            yield from kind("stage", walker.panels(view.id, True, lang=language))
            yield from kind("stage", walker.page(f"/present/{view.id}", lang=language))
            yield from kind("tables", walker.tables(view.id, lang=language))


FORGED = (
    {"member": HIDDEN},
    {"member": f"KEN,{HIDDEN}"},
    {"partner": HIDDEN},
    {"compare": HIDDEN},
    {"region": "americas"},
    {"towards": "americas"},
    {"case": f"{HIDDEN}.X.27.202403"},
    {HIDDEN: "1"},
    {"tactic": HIDDEN, "weights": HIDDEN, "asof": HIDDEN, "hs": HIDDEN, "source": "mirror"},
    {"audience": "everything"},
    {"audience": f"member:{HIDDEN}"},
    {"audience": "region:americas"},
    {"audience": "x" * 5000},
)


def _forged(walker: Walker) -> Iterator[tuple[str, Answer]]:
    """Routes asked for what may not be had, and errors."""
    for parts in FORGED:
        for name in ("ranking", "key_figures", "timeliness_totals", "member_profiles"):
            yield "forged", walker.get(f"/data/{name}.json", **parts)
        for answer in walker.panels("incentives", False, **parts):
            yield "forged", answer
        for answer in walker.page("/members", None, **parts):
            yield "pages", answer
    for kind, value in (("member", HIDDEN), ("compared", HIDDEN), ("pair", f"{HIDDEN}|KEN")):
        event = {"mark": f"{kind}:{value}", "additive": True, "removal": False}
        for answer in walker.page("/", event):
            yield "forged", answer
    for path in (f"/data/{HIDDEN}.csv", f"/data/ranking.{HIDDEN}", "/data/case_log.csv"):
        yield "forged", walker.get(path)


def _named(
    answers: Iterable[tuple[str, Answer]], finder: Finder, hidden: set[str]
) -> dict[str, dict[str, set[str]]]:
    """Hidden members by route and way in which it names them."""
    told: dict[str, dict[str, set[str]]] = {}
    for _, answer in answers:
        for way, members in finder.found(answer).items():
            if members & hidden:
                told.setdefault(answer.where, {})[way] = members & hidden
    return told


@pytest.fixture(scope="module")
def finder(apps: dict[str, Any]) -> Finder:
    return Finder(_services(apps["everything"]).generation.members, STATIC)


@pytest.mark.parametrize("mode", MODES)
def test_no_route_of_a_process_names_a_hidden_member(
    apps: dict[str, Any], finder: Finder, mode: str
) -> None:
    walker = Walker(apps[mode], None)
    hidden = _hidden(apps[mode], mode)
    assert HIDDEN in hidden
    for language in LANGUAGES:
        # What the stage and the tables tell differs by language alone.
        answers = list(_routes(walker, language, EVERY_VIEW if language == "fr" else ()))
        answers += _forged(walker) if language == "en" else []
        assert _named(answers, finder, hidden) == {}
        assert [one.where for _, one in answers if one.status >= 500] == []
        errors = [one.where for _, one in answers if "state state--error" in one.texts]
        assert errors == []


Told = dict[tuple[str, str], set[str]]


@pytest.fixture(scope="module")
def told(apps: dict[str, Any], finder: Finder) -> Told:
    """Whom the walk finds in an app for everybody, by kind of route and way of telling.

    The stage and the tables of one view name nearly all, so those of the others are left out.
    """
    walker = Walker(apps["everything"], None)
    found: Told = defaultdict(set)
    for kind, answer in chain(_routes(walker, "fr", ["overview"]), _forged(walker)):
        for way, members in finder.found(answer).items():
            found[kind, way] |= members
    return found


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.usefixtures("told")
def test_no_route_of_a_link_names_a_hidden_member(
    apps: dict[str, Any], finder: Finder, mode: str
) -> None:
    """What everybody sees is in the cache already, for the very pictures that are asked for."""
    app = apps["everything"]
    answers = [one for one in _routes(Walker(app, mode), "fr") if "casework" not in one[1].where]
    assert _named(answers, finder, _hidden(app, mode)) == {}


def test_the_same_walk_names_nearly_everybody_to_everybody(
    apps: dict[str, Any], told: Told
) -> None:
    everybody = set(_services(apps["everything"]).catalogue.members)
    share = Counter({key: len(members) / len(everybody) for key, members in told.items()})
    for kind in ("frames", "files", "panels", "stage", "tables"):
        assert share[kind, "name"] > 0.8, kind
    for kind in ("frames", "panels", "stage"):
        assert share[kind, "iso3"] > 0.9, kind
    assert share["panels", "place"] > 0.1
    assert share["layout", "name"] > 0.9
    assert HIDDEN in told["forged", "iso3"]
    assert HIDDEN in told["pages", "name"]


def test_the_finder_finds_every_way_of_telling_a_member(finder: Finder) -> None:
    def found(*texts: str, **numbers: tuple[float, ...]) -> dict[str, set[str]]:
        told = finder.found(Answer("", 200, texts, numbers))
        return {way: members for way, members in told.items() if members}

    assert found("trade of Côte d'Ivoire")["name"] == {"CIV"}
    assert found("Papua New Guinea and Niger") == {"name": {"PNG", "NER"}}
    assert found("member:OMN") == {"iso3": {"OMN"}}
    assert found("WOMEN, Chadian, Nigerien, the malice") == {}
    assert found("KE") == {"iso2": {"KEN"}}
    assert found(member_id=(404.0,)) == {"number": {"KEN"}}
    place = next(place for place, iso3 in finder.places.items() if iso3 == "KEN")
    assert found(lon=(0.0, place[0]), lat=(0.0, place[1])) == {"place": {"KEN"}}


WALKED = {
    "/",
    "/<path:path>",
    "/_dash-layout",
    "/_dash-dependencies",
    "/_dash-update-component",
    "/data/",
    "/data/<name>.<form>",
    "/data/chase.xlsx",
    "/calendar/region/<key>.ics",
    "/calendar/member/<key>.ics",
    "/calendar/check-ins.ics",
    "/casework/<collection>/<case_id>",
    "/certificate/<int:run>/<member>/<award>.pdf",
    "/check-in/<key_result>",
    "/healthz",
}
"""Every route that tells of data: those of a view are told by the callbacks."""

OF_FILES = (
    "/static/",
    "/assets/",
    "/vendor/",
    "/_dash-component-suites/",
    "/_favicon.ico",
    "/_reload-hash",
)
"""Beginnings of the routes of files that are the same for everybody."""


def test_there_is_no_route_that_the_walk_leaves_out(apps: dict[str, Any]) -> None:
    rules = {str(rule) for rule in apps["tiers"].server.url_map.iter_rules()}
    assert {rule for rule in rules if not rule.startswith(OF_FILES)} == WALKED


@pytest.mark.parametrize("mode", MODES)
def test_a_hidden_member_is_answered_like_one_that_does_not_exist(
    apps: dict[str, Any], mode: str
) -> None:
    client = apps[mode].server.test_client()
    addresses = (
        "/data/ranking.json?member={}",
        "/data/key_figures.csv?partner={}",
        "/data/key_figures.json?compare={}&lang=fr",
        "/data/timeliness_totals.json?case={}.X.27.202403",
        "/data/{}.csv",
        "/calendar/member/{}.ics",
        "/certificate/1/{}/gold.pdf",
    )
    for address in addresses:
        answers = [client.get(address.format(one)) for one in (HIDDEN, NOBODY)]
        first, second = ((one.status, one.get_data()) for one in answers)
        assert first == second, address


@pytest.mark.parametrize("mode", MODES)
def test_an_answer_says_for_whom_it_was_made(apps: dict[str, Any], mode: str) -> None:
    for app, search in ((apps[mode], ""), (apps["everything"], f"?audience={mode}")):
        client = app.server.test_client()
        answer = client.get(f"/data/key_results.csv{search}")
        assert answer.headers["X-Audience"] == mode
        assert mode.replace(":", "-") in answer.headers["Content-Disposition"]
        body = client.get(f"/data/key_results.json{search}").get_json()
        assert body["warehouse"]["audience"] == mode
        walker = Walker(app, mode if search else None)
        badge = {"region": "by name, others without", "member": "others without"}.get(
            mode.partition(":")[0], "Tiers only"
        )
        for path in ("/", "/incentives", "/present/strategy"):
            said = " ".join(text for one in walker.page(path) for text in one.texts)
            assert badge in said, path


def test_everybody_is_told_that_nobody_is_hidden(apps: dict[str, Any]) -> None:
    client = apps["everything"].server.test_client()
    assert client.get("/data/ranking.csv").headers["X-Audience"] == "everything"


@pytest.mark.parametrize("mode", MODES)
def test_every_link_keeps_a_narrower_audience(apps: dict[str, Any], mode: str) -> None:
    walker = Walker(apps["everything"], mode)
    pages = [walker.layout()]
    for view in VIEWS:
        pages += [*walker.panels(view.id), *walker.page(view.path)]
        pages += walker.page(f"/present/{view.id}")
    # The menu of audiences leads to the wider one on purpose, a panel's files get theirs on click.
    leading = ("/data/", "/calendar/", "/present/", *(view.path for view in VIEWS))
    lost = [
        (page.where, text)
        for page in pages
        for text in page.texts
        if text.startswith(leading) and "?" in text and "audience=" not in text
    ]
    assert {text for _, text in lost} <= _of_the_menu(walker)


def _of_the_menu(walker: Walker) -> set[str]:
    """Addresses by which the menu of audiences leads back to everybody."""
    return {view.path + Selection(members=("KEN",)).search() for view in VIEWS}


@pytest.mark.parametrize("mode", MODES)
def test_a_view_with_nothing_to_show_is_not_linked(apps: dict[str, Any], mode: str) -> None:
    client = apps[mode].server.test_client()
    told = client.get("/_dash-layout").get_json()
    hidden = {name for name, style in _styles(told) if style.get("display") == "none"}
    assert {"go-outliers", "go-mirror", "go-chase"} <= hidden
    assert not {"go-overview", "go-strategy"} & hidden
    everybody = apps["everything"].server.test_client().get("/_dash-layout").get_json()
    assert [name for name, style in _styles(everybody) if style.get("display") == "none"] == []


def _styles(part: Any) -> Iterator[tuple[str, dict[str, str]]]:
    if isinstance(part, dict):
        if str(part.get("id", "")).startswith("go-"):
            yield part["id"], part.get("style") or {}
        for inner in part.values():
            yield from _styles(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from _styles(inner)


@pytest.mark.parametrize("mode", MODES)
def test_frames_that_are_not_declared_are_closed(apps: dict[str, Any], mode: str) -> None:
    client = apps[mode].server.test_client()
    listed = {one["name"] for one in client.get("/data/").get_json()["frames"]}
    assert listed <= set(DISCLOSURES) <= set(FRAMES)
    for name in set(FRAMES) - set(DISCLOSURES):
        assert client.get(f"/data/{name}.csv").status_code == 403, name


def test_a_new_frame_is_closed_and_a_statement_outside_a_frame_is_refused(
    apps: dict[str, Any],
) -> None:
    services = _services(apps["tiers"])
    fresh = NamedFrame(
        "fresh", (Column("iso3"),), lambda found, _: found.frame(all_members())[["iso3"]]
    )
    selection = Selection().resolve(services.catalogue)
    with pytest.raises(ClosedError):
        fresh.read(services, selection)
    with pytest.raises(ClosedError):
        services.frame(all_members())


def test_tiers_show_no_row_of_a_member_and_no_region(apps: dict[str, Any]) -> None:
    client = apps["tiers"].server.test_client()
    for one in client.get("/data/").get_json()["frames"]:
        disclosure = DISCLOSURES[one["name"]]
        assert not isinstance(disclosure, Named | Anonymous), one["name"]
        rows = client.get(f"/data/{one['name']}.json").get_json()["rows"]
        regions = {row[key] for row in rows for key in row if key.endswith("region_id")}
        assert regions <= {"all"}, one["name"]


def test_the_ranking_of_a_region_has_its_members_and_the_places_of_the_others(
    apps: dict[str, Any],
) -> None:
    whole = apps["everything"].server.test_client().get("/data/ranking.json").get_json()["rows"]
    client = apps["region:europe"].server.test_client()
    cut = client.get("/data/ranking.json").get_json()["rows"]
    named = _services(apps["region:europe"]).catalogue.seen_by(Audience("region", "europe")).members
    own = {row["member_iso3"]: row for row in whole if row["member_iso3"] in named}
    assert {row["member_iso3"]: row for row in cut if row["member_iso3"] in named} == own
    places = [sorted(str(row["rank"]) for row in rows) for rows in (whole, cut)]
    assert places[0] == places[1]
    others = [row for row in cut if row["member_iso3"] not in named]
    assert {row["region_id"] for row in others} == {""}
    assert {row["timeliness_pillar"] for row in others} == {None}
    assert client.get("/data/ranking.json").get_json()["rows"] == cut, "the same picture"
    later = client.get("/data/ranking.json?to=2024-12").get_json()["rows"]
    numbers = [
        [row["member_iso3"] for row in rows if row["region_id"] == ""] for rows in (cut, later)
    ]
    assert numbers[0] != numbers[1], "another picture has other numbers"


def test_an_audience_of_another_warehouse_is_a_sentence(sample_warehouse_url: str) -> None:
    app = test_app(sample_warehouse_url, audience=Audience("region", "atlantis"))
    try:
        answer = app.server.test_client().get("/data/key_results.json")
        assert answer.status_code == 503
        assert "names no region of this warehouse" in answer.get_json()["found"]
        assert Audience.parse("everything") == EVERYTHING
    finally:
        _services(app).close()
