"""Tables and receipts open and close by their own buttons alone."""

from __future__ import annotations

import json

import pytest
from dash import no_update
from plotly.utils import PlotlyJSONEncoder

from callbacks import FRAMES, VIEWS
from callbacks.tables import turned_over
from dashboard.words import read_words
from layouts.panels import panel_frame
from layouts.receipts import receipt_of

ONE, TWO = {"part": "b", "panel": "one"}, {"part": "b", "panel": "two"}


def test_a_press_opens_and_the_next_one_closes() -> None:
    assert turned_over([ONE, TWO], [1, 0], ONE, lambda place: place["panel"]) == ["one", no_update]
    assert turned_over([ONE, TWO], [2, 1], ONE, lambda place: place["panel"]) == [None, no_update]


def test_another_selection_draws_anew_what_is_open_and_leaves_the_rest() -> None:
    shown = turned_over([ONE, TWO], [1, None], None, lambda place: place["panel"])
    assert shown == ["one", no_update]


def test_another_kind_of_button_touches_nothing() -> None:
    pressed = {"part": "a", "panel": "one"}
    assert turned_over([ONE], [1], pressed, lambda place: place["panel"]) == [no_update]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_receipt_tells_figures_selection_and_origin(language: str) -> None:
    frame = FRAMES["on_time_by_region"]
    facts = {"framework": "default 4", "method_version": "3", "version": "v1", "as_of": None}
    receipt = receipt_of(frame.name, frame.columns, facts, "?region=europe", read_words(language))
    text = json.dumps(receipt, cls=PlotlyJSONEncoder, ensure_ascii=False)
    for told in ("?region=europe", "default 4", "v1", "docs/indicators.md#on_time_share"):
        assert told in text
    assert "/data/on_time_by_region.json" in text


def test_every_panel_with_data_offers_its_receipt_and_its_place() -> None:
    words = read_words("en")
    for view in VIEWS:
        for panel in view.panels:
            text = json.dumps(panel_frame(view, panel, words), cls=PlotlyJSONEncoder)
            assert ('"receipt-button"' in text) == bool(panel.frames)
            assert ('"part": "receipt"' in text) == bool(panel.frames)
            staged = panel_frame(view, panel, words, is_present=True)
            assert '"part": "receipt' not in json.dumps(staged, cls=PlotlyJSONEncoder)
