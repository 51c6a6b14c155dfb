"""The slider over the days that the warehouse knows of, and how a past day is told."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from plotly.utils import PlotlyJSONEncoder

from dashboard import ids
from dashboard.framework import read_framework
from dashboard.selection import Selection
from dashboard.words import read_words
from layouts.chips import chips
from layouts.palette import LIGHT
from layouts.panels import Panel, View
from layouts.past import past_slider
from layouts.scene import Scene
from layouts.shell import stage_page
from tests.support.catalogues import CATALOGUE, NAMES

DAY = date(2024, 3, 12)


def _json(value: Any) -> str:
    return json.dumps(value, cls=PlotlyJSONEncoder, ensure_ascii=False)


def _scene(chosen: Selection) -> Scene:
    framework, _ = read_framework()
    return Scene(
        selection=chosen.resolve(CATALOGUE),
        chosen=chosen,
        words=read_words(chosen.language),
        names=NAMES,
        palette=LIGHT,
        catalogue=CATALOGUE,
        framework=framework,
        info={},
    )


def test_the_slider_reaches_from_the_first_receipt_to_the_last_day_and_has_a_label() -> None:
    text = _json(past_slider(CATALOGUE, read_words("en")))
    assert '"data-past-from": "2016-02-11"' in text
    assert '"data-past-to": "2026-01-15"' in text
    assert f'"htmlFor": "{ids.PAST}"' in text
    assert f'"data-past-slot": "{ids.PAST}"' in text
    assert text.count('"aria-label": "One month') == 2


@pytest.mark.parametrize(("language", "march"), [("en", "Mar"), ("fr", "mars")])
def test_the_browser_is_told_the_months_of_the_language(language: str, march: str) -> None:
    slider = past_slider(CATALOGUE, read_words(language))
    months = slider.to_plotly_json()["props"]["data-past-months"].split("|")
    assert len(months) == 12
    assert months[2] == march


def test_without_a_second_day_there_is_a_sentence_and_no_slider() -> None:
    text = _json(past_slider(replace(CATALOGUE, known_from=CATALOGUE.data_on), read_words("en")))
    assert "no past day can be shown" in text
    assert "data-past-slot" not in text


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "as known on 12 Mar 2024"), ("fr", "tel que connu le 12 mars 2024")],
)
def test_a_past_day_is_a_chip_that_can_be_removed(language: str, said: str) -> None:
    chip = chips(_scene(Selection(as_of=DAY, language=language)))[0].to_plotly_json()["props"]
    assert said in _json(chip["children"])
    assert chip["className"] == "chip chip--past"
    assert (chip["data-event"], chip["data-removal"]) == ("as_of:", "1")
    assert "chip--past" not in _json(chips(_scene(Selection(regions=("europe",)))))


def test_the_stage_says_that_it_shows_a_past_day() -> None:
    view = View("overview", (Panel("figures", (), lambda *_: None),))  # type: ignore[arg-type,return-value]
    past = _json(stage_page(view, 0, _scene(Selection(as_of=DAY)), "/a", "/b", ""))
    assert "as known on 12 Mar 2024" in past
    assert "as known on" not in _json(stage_page(view, 0, _scene(Selection()), "/a", "/b", ""))
