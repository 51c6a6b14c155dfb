"""The chase list as it is drawn, and the facts of a note in both languages."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import pytest
from plotly.utils import PlotlyJSONEncoder

from dashboard import ids
from dashboard.framework import read_framework
from dashboard.selection import Selection
from dashboard.words import read_words
from layouts import chase as drawings
from layouts.charts import rows
from layouts.chase.note import Subject, note, runs
from layouts.palette import LIGHT
from layouts.panels import Drawing, message_children
from layouts.scene import Scene
from tests.support.catalogues import CATALOGUE, NAMES

AS_OF = date(2025, 6, 30)
ALL = Selection(first="2024-11", last="2025-05", as_of=AS_OF)
INFO = {"source": "As loaded", "source_fr": "Tel que chargé", "version": "v1"}
MONTHS = {
    "en": ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
    "fr": [
        "janv.",
        "févr.",
        "mars",
        "avr.",
        "mai",
        "juin",
        "juil.",
        "août",
        "sept.",
        "oct.",
        "nov.",
        "déc.",
    ],
}


def _obligations(*rows: tuple[str, int, str, int, str | None, str]) -> pd.DataFrame:
    """Rows: collection, period, due day, newest period held (0: none), its day, its bound."""
    names = ["collection_id", "period_id", "due_on", "latest_period_id", "latest_received_on"]
    frame = pd.DataFrame(rows, columns=[*names, "latest_bound"])
    due_on = pd.to_datetime(frame["due_on"])
    return frame.assign(
        rank=1,
        member_iso3="KEN",
        region_id="east_southern_africa",
        reason="overdue",
        due_on=due_on,
        days_late=(pd.Timestamp(AS_OF) - due_on).dt.days,
        latest_period_id=frame["latest_period_id"].astype("Int64").replace({0: pd.NA}),
        latest_received_on=pd.to_datetime(frame["latest_received_on"]),
    )


# Two runs of months, a year, and a collection of which nothing has ever come.
CASE = _obligations(
    ("trade_monthly", 202412, "2025-02-14", 202503, "2025-05-20", "exact"),
    ("trade_monthly", 202501, "2025-03-17", 202503, "2025-05-20", "exact"),
    ("trade_monthly", 202504, "2025-06-14", 202503, "2025-05-20", "exact"),
    ("trade_annual", 2024, "2025-06-29", 2023, "2024-08-24", "upper"),
    ("revenue_monthly", 202504, "2025-05-30", 0, None, "unknown"),
)


def _scene(chosen: Selection = ALL, **more: Any) -> Scene:
    framework, _ = read_framework()
    return Scene(
        selection=chosen.resolve(CATALOGUE),
        chosen=chosen,
        words=read_words(chosen.language),
        names=NAMES,
        palette=LIGHT,
        catalogue=CATALOGUE,
        framework=framework,
        info=INFO,
        **more,
    )


def _note(language: str, frame: pd.DataFrame = CASE, name: str | None = "A. Nelago") -> str:
    subject = Subject("Kenya", name)
    words = read_words(language)
    written = note(rows(frame), subject, words, NAMES.collections, AS_OF, INFO)
    return f"{written.title}\n{written.text}"


def _days(text: str, language: str) -> list[date]:
    """Every day that a text names, read by its own rule."""
    months = MONTHS[language]
    names = "|".join(re.escape(month) for month in months)
    found = re.findall(rf"\b(\d{{1,2}}) ({names}) (\d{{4}})", text)
    return [date(int(year), months.index(month) + 1, int(day)) for day, month, year in found]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_days_of_a_note_are_those_of_the_frame(language: str) -> None:
    text = _note(language)
    due = [day.date() for day in CASE["due_on"]]
    received = [date(2025, 5, 20), date(2024, 8, 24)]
    # December and January are one run, named by its ends: all due days stand in the text.
    assert set(_days(text, language)) == {*due, *received, AS_OF}


@pytest.mark.parametrize(("language", "unit"), [("en", "days? ago"), ("fr", "jours?")])
def test_the_counts_of_a_note_are_those_of_the_frame(language: str, unit: str) -> None:
    text = _note(language)
    days = {int(count) for count in re.findall(rf"(\d+) {unit}", text)}
    # Of a run the first, so of January there is none.
    assert days == set(CASE["days_late"]) - {(AS_OF - date(2025, 3, 17)).days}
    assert "5" in text.splitlines()[0]
    assert "(2 " in text


SOON = CASE.assign(
    reason=["overdue", "overdue", "likely_late", "likely_late", "overdue"],
    due_on=pd.to_datetime(["2025-02-14", "2025-03-17", "2025-07-15", "2025-06-30", "2025-05-30"]),
)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_what_falls_due_soon_stands_apart_from_what_is_overdue(language: str) -> None:
    text = _note(language, SOON)
    overdue, soon = text.split("fall due soon" if language == "en" else "bientôt à échéance")[:2]
    assert date(2025, 2, 14) in _days(overdue, language)
    assert date(2025, 7, 15) not in _days(overdue, language)
    assert ("in 15 days" if language == "en" else "dans 15 jours") in soon
    assert ("due today, 30 Jun 2025" if language == "en" else "aujourd'hui, 30 juin 2025") in soon
    assert "3" in text.splitlines()[0]


@pytest.mark.parametrize(("language", "said"), [("en", "falls due soon"), ("fr", "bientôt due")])
def test_a_note_of_nothing_overdue_says_what_is_coming(language: str, said: str) -> None:
    text = _note(language, SOON.iloc[[2]])
    assert said in text.splitlines()[0]
    assert ("had not reached us" if language == "en" else "parvenues") not in text


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("2024, received by 24 Aug", "Monthly customs revenue: none yet", "a derogation")),
        ("fr", ("reçue au plus tard le 24 août", "aucune à ce jour", "une dérogation")),
    ],
)
def test_a_note_tells_what_came_last_and_what_a_derogation_needs(
    language: str, words: tuple[str, ...]
) -> None:
    text = _note(language).replace("2023, received by", "2024, received by")
    assert [word for word in words if word not in text] == []


def test_a_receipt_of_unknown_day_says_so() -> None:
    frame = CASE.head(1).assign(latest_received_on=pd.NaT, latest_bound="unknown")
    assert "day of receipt not recorded" in _note("en", frame)
    assert "one submission awaited" in _note("en", frame)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_without_a_correspondent_the_note_is_to_the_administration(language: str) -> None:
    assert "A. Nelago" in _note(language)
    text = _note(language, name=None)
    assert ("the administration, Kenya" if language == "en" else "l'administration, Kenya") in text


def test_a_synthetic_note_says_so() -> None:
    words = read_words("en")
    info = {**INFO, "is_synthetic": "true"}
    text = note(rows(CASE), Subject("Kenya", None), words, NAMES.collections, AS_OF, info).text
    assert "SYNTHETIC DATA" in text
    assert "SYNTHETIC" not in _note("en")


def test_runs_follow_months_over_the_year_and_stop_at_gaps_and_collections() -> None:
    found = [(run[0].collection_id, [row.period_id for row in run]) for run in runs(rows(CASE))]
    assert found == [
        ("revenue_monthly", [202504]),
        ("trade_annual", [2024]),
        ("trade_monthly", [202412, 202501]),
        ("trade_monthly", [202504]),
    ]


# -- The list --------------------------------------------------------------------


def _list(*rows: tuple[str, float | None, int]) -> pd.DataFrame:
    """Rows: member, held back, obligations overdue."""
    frame = pd.DataFrame(rows, columns=["member_iso3", "held_back", "overdue_count"])
    return frame.assign(
        rank=range(1, len(frame) + 1),
        region_id="europe",
        trade_share=frame["held_back"].astype("float64"),
        held_back=frame["held_back"].astype("float64"),
        likely_late_count=1,
        within_90_days_share=0.25,
        days_late=40,
        correspondent=["A. Nelago", *[None] * len(frame)][: len(frame)],
        named_on=pd.NaT,
    )


def _drawn(frame: pd.DataFrame, scene: Scene) -> Drawing:
    obligations = pd.DataFrame(
        {"member_iso3": frame["member_iso3"].repeat(2), "collection_id": "trade_monthly"}
    )
    return drawings.draw_list({"chase_list": frame, "chase_obligations": obligations}, scene)


def _text(drawing: Drawing) -> str:
    parts = [drawing.children, drawing.title, drawing.note, drawing.empty]
    return json.dumps(parts, cls=PlotlyJSONEncoder, ensure_ascii=False)


def test_the_title_counts_the_members_that_make_up_half() -> None:
    frame = _list(("KEN", 0.4, 3), ("FRA", 0.3, 2), ("UGA", 0.2, 2), ("USA", 0.1, 1))
    assert _drawn(frame, _scene()).title == (
        "Half of what is held back lies with the first 2 of 4 members"
    )
    one = _list(("KEN", 0.5, 3), ("FRA", 0.3, 2), ("UGA", 0.2, 2))
    assert "lies with Kenya, of 3 members" in str(_drawn(one, _scene()).title)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_member_without_trade_data_or_correspondent_says_so(language: str) -> None:
    scene = _scene(replace(ALL, language=language))
    text = _text(_drawn(_list(("KEN", 0.4, 3), ("FRA", None, 2)), scene))
    assert scene.words("chase.no_trade") in text
    assert text.count(scene.words("chase.nobody_named")) == 1
    assert "A. Nelago" in text
    assert "Monthly merchandise trade ×2" in text


def test_nobody_with_trade_data_is_still_a_list() -> None:
    frame = _list(("KEN", None, 3), ("FRA", None, 2), ("UGA", None, 1))
    assert _drawn(frame, _scene()).title == "3 members, 9 submissions overdue or likely late"


def test_the_list_has_its_exports_and_each_member_opens_its_note() -> None:
    frame = _list(("KEN", 0.4, 3), ("FRA", 0.3, 2))
    text = _text(_drawn(frame, _scene(replace(ALL, regions=("europe",)))))
    assert "/data/chase.xlsx?asof=2025-06-30&from=2024-11&region=europe&to=2025-05" in text
    assert "/data/chase_obligations.csv?" in text
    assert '"data-event": "member:FRA"' in text
    staged = _text(_drawn(frame, _scene(is_present=True)))
    assert "/data/" not in staged


@pytest.mark.parametrize("language", ["en", "fr"])
def test_nothing_overdue_is_a_sentence(language: str) -> None:
    scene = _scene(replace(ALL, language=language))
    nobody = _drawn(_list().astype({"member_iso3": "str"}), scene)
    assert nobody.empty
    assert nobody.is_good
    told = str(message_children(scene.words, nobody.empty, is_good=nobody.is_good))
    assert scene.words("common.good_title") in told
    assert scene.words("common.empty_title") not in told
    none = pd.DataFrame(columns=["member_iso3", "language", "correspondent", "title", "text"])
    assert drawings.draw_note({"chase_note": none}, scene).empty
    chosen = _scene(replace(ALL, language=language, members=("KEN",)))
    assert "Kenya" in str(drawings.draw_note({"chase_note": none}, chosen).empty)


def test_the_note_is_there_in_both_languages_the_pages_own_open() -> None:
    frame = pd.DataFrame(
        {
            "member_iso3": "KEN",
            "language": ["en", "fr"],
            "correspondent": [None, None],
            "title": ["A title", "Un titre"],
            "text": ["A text", "Un texte"],
        }
    )
    drawing = drawings.draw_note({"chase_note": frame}, _scene(replace(ALL, language="fr")))
    first, second = drawing.children.children
    assert (first.open, second.open) == (True, False)
    text = _text(drawing)
    assert text.index("Un texte") < text.index("A text")
    for language in ("en", "fr"):
        assert f'"data-copies": "{ids.note(language)}"' in text


def test_without_any_probability_the_list_says_why() -> None:
    frame = _list(("KEN", 0.4, 3), ("FRA", 0.3, 2))
    assert "under 50 %" in str(_drawn(frame, _scene()).note)
    unknown = frame.assign(within_90_days_share=float("nan"))
    assert "no receipt" in str(_drawn(unknown, _scene()).note)


def test_the_stage_names_no_persons() -> None:
    frame = _list(("KEN", 0.4, 3), ("FRA", 0.3, 2))
    assert "A. Nelago" in _text(_drawn(frame, _scene()))
    assert "A. Nelago" not in _text(_drawn(frame, _scene(is_present=True)))


def test_a_chosen_member_is_seen_however_far_down_it_stands() -> None:
    codes = [*(f"X{number:02d}" for number in range(50)), "KEN"]
    frame = _list(*((code, 1.0 - place / 100, 1) for place, code in enumerate(codes)))
    assert "member:KEN" not in _text(_drawn(frame, _scene()))
    text = _text(_drawn(frame, _scene(replace(ALL, members=("KEN",)))))
    assert '"data-event": "member:KEN"' in text
    assert "10 more members" in text
