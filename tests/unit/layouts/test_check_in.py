"""The form, the lists and the reminders as they are drawn, and what stands in their place."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import pytest
from plotly.utils import PlotlyJSONEncoder

from dashboard.framework import read_framework
from dashboard.reminders import next_due
from dashboard.selection import Selection
from dashboard.warehouse.check_ins import COLUMNS
from dashboard.words import read_words
from layouts import check_in as drawings
from layouts.check_in.reminders import calendar_address
from layouts.palette import LIGHT
from layouts.panels import Drawing
from layouts.scene import Scene
from tests.support.catalogues import CATALOGUE, NAMES

TODAY = CATALOGUE.data_on


def scene(language: str = "en", **changes: Any) -> Scene:
    chosen = changes.pop("chosen", Selection(language=language))
    made = Scene(
        selection=chosen.resolve(CATALOGUE),
        chosen=chosen,
        words=read_words(language),
        names=NAMES,
        palette=LIGHT,
        catalogue=CATALOGUE,
        framework=read_framework()[0],
        info={"source": "As loaded", "source_fr": "Tel que chargé", "version": "v1"},
        path="/check-in",
    )
    return replace(made, **changes)


def results(**changes: Any) -> pd.DataFrame:
    rows = []
    for place, (name, source) in enumerate(
        (("tool_users", "check_in"), ("portal_submissions", "warehouse"))
    ):
        rows.append(
            {
                "key_result_id": name,
                "strategy_id": "1",
                "tactic_id": "1.3",
                "name_en": f"Result of {name}",
                "name_fr": f"Résultat de {name}",
                "source": source,
                "unit": "count",
                "target": 400.0,
                "value": 210.0,
                "status": "at_risk",
                "owner": "Analytics" if place == 0 else "Data Collection",
                "last_check_in_on": pd.Timestamp("2020-01-01") if place == 0 else pd.NaT,
                "started_on": pd.Timestamp("2019-01-01"),
                "cadence_days": 91,
                **changes,
            }
        )
    return pd.DataFrame(rows)


def reports(*rows: dict[str, Any]) -> pd.DataFrame:
    frame = pd.DataFrame([{**dict.fromkeys(COLUMNS), **row} for row in rows], columns=list(COLUMNS))
    return frame.astype(dict(COLUMNS))


def typed(**changes: Any) -> dict[str, Any]:
    return {
        "key_result_id": "tool_users",
        "checked_in_on": pd.Timestamp("2020-01-01"),
        "value": 210.0,
        "confidence": 0.7,
        "analysis": "<b>Two</b> regions",
        "next_step": "Train the third",
        "author": "Ann Lee",
        "channel": "typed",
        "number": 3,
        "written_at": pd.Timestamp("2020-01-02 09:30"),
        "warehouse_version": "v1",
        "known_value": 180.0,
        "known_status": "off_track",
        **changes,
    }


def frames(listed: pd.DataFrame | None = None, said: pd.DataFrame | None = None) -> dict[str, Any]:
    listed = results() if listed is None else listed
    return {
        "key_results": listed,
        "check_ins": reports() if said is None else said,
        "check_ins_due": next_due(listed, TODAY),
        "check_in_reminders": pd.DataFrame(columns=["owner", "language", "title", "text"]),
    }


def text(drawing: Drawing) -> str:
    return json.dumps(drawing.children, cls=PlotlyJSONEncoder, ensure_ascii=False)


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("draw", [drawings.draw_owed, drawings.draw_entry, drawings.draw_history])
def test_without_key_results_each_panel_says_so(draw: Any, language: str) -> None:
    drawing = draw(frames(results().iloc[:0]), scene(language))
    assert drawing.empty == read_words(language)("strategy.none")


def test_a_reported_result_takes_a_value_and_a_computed_one_says_why_not() -> None:
    for name, has_value in (("tool_users", True), ("portal_submissions", False)):
        chosen = Selection(result=name)
        drawn = text(drawings.draw_entry(frames(), scene(chosen=chosen)))
        assert ('"name": "value"' in drawn) is has_value
        assert ("computed from the warehouse" in drawn) is not has_value
        for field in ("confidence", "analysis", "next_step", "author", "checked_in_on"):
            assert f'"name": "{field}"' in drawn


def test_the_form_knows_the_last_entry_that_it_shows() -> None:
    chosen = Selection(result="tool_users")
    drawn = text(drawings.draw_entry(frames(), scene(chosen=chosen)))
    assert '"data-seen": "0"' in drawn
    said = reports(typed(), typed(number=2), {**typed(), "channel": "file", "number": None})
    drawn = text(drawings.draw_entry(frames(said=said), scene(chosen=chosen)))
    assert '"data-seen": "3"' in drawn


def test_without_a_choice_it_is_the_one_that_is_due_first() -> None:
    drawing = drawings.draw_entry(frames(), scene())
    # Nobody ever checked in on it: due 91 days after it began.
    assert drawing.title == "Result of portal_submissions"
    assert drawing.note
    drawing = drawings.draw_entry(frames(), scene(chosen=Selection(tactic="1.3")))
    assert drawing.title == "Result of portal_submissions"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"can_write": False}, "check-in.writing_off"),
        ({"chosen": Selection(as_of=date(2025, 1, 1))}, "check-in.write_in_present"),
    ],
)
def test_where_nothing_can_be_written_there_is_no_form(
    changes: dict[str, Any], sentence: str
) -> None:
    drawn = text(drawings.draw_entry(frames(), scene(**changes)))
    assert read_words("en")(sentence) in drawn
    assert "data-check-in" not in drawn


def test_the_history_tells_both_kinds_and_the_status_of_then() -> None:
    file = {
        **typed(analysis=None, next_step=None, known_status=None, known_value=None),
        "channel": "file", "number": None, "written_at": None, "author": "Analytics",
    }  # fmt: skip
    drawn = text(
        drawings.draw_history(
            frames(said=reports(typed(), file)), scene(chosen=Selection(result="tool_users"))
        )
    )
    assert "Two</b> regions" in drawn  # as text: Dash escapes what is a string
    assert "Train the third" in drawn
    assert "2 Jan 2020 09:30 UTC" in drawn
    assert "off track" in drawn
    assert "from a file" in drawn
    assert "nan" not in drawn.lower().replace("finance", "")


def test_the_list_goes_by_owner_and_links_the_form() -> None:
    drawing = drawings.draw_owed(frames(), scene())
    drawn = text(drawing)
    assert drawn.index("Data Collection: 1") < drawn.index("Analytics: 1")
    assert "result:tool_users" in drawn
    assert "never" in drawn
    assert drawing.subtitle is not None
    assert drawing.subtitle.startswith("2 overdue, 0 due")
    assert "Write a check-in" not in drawn
    assert "Write a check-in" in text(drawings.draw_owed(frames(), scene(path="/strategy")))


def test_where_nobody_owes_the_next_one_is_named() -> None:
    calm = results(last_check_in_on=pd.Timestamp(TODAY), cadence_days=300)
    assert "Nobody" in text(drawings.draw_owed(frames(calm), scene()))
    assert "Nobody needs a reminder" in text(drawings.draw_reminders(frames(calm), scene()))


def test_a_reminder_shows_the_language_of_the_page_first() -> None:
    letters = pd.DataFrame(
        {
            "owner": ["Analytics"] * 2,
            "language": ["en", "fr"],
            "overdue_check_ins": [1, 1],
            "soon_check_ins": [0, 0],
            "title": ["Title", "Titre"],
            "text": ["Dear", "Chers"],
        }
    )
    given = {**frames(), "check_in_reminders": letters}
    drawn = text(drawings.draw_reminders(given, scene("fr")))
    assert drawn.index("Chers") < drawn.index("Dear")
    assert "/calendar/check-ins.ics?owner=Analytics&lang=fr" in drawn


def test_a_calendar_has_one_address() -> None:
    assert calendar_address(None, "en") == "/calendar/check-ins.ics"
    assert calendar_address("A & B", "fr") == "/calendar/check-ins.ics?owner=A+%26+B&lang=fr"
