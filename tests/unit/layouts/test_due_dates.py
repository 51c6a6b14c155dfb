"""Due dates: the calendar, its list, the calendar file read back, and an empty calendar."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import icalendar
import pandas as pd
import pytest
from plotly.utils import PlotlyJSONEncoder

from dashboard.framework import read_framework
from dashboard.selection import Selection
from dashboard.words import read_words
from layouts import due_dates as drawings
from layouts.due_dates.calendar_file import NAMES_AT_MOST, Subject, calendar_file
from layouts.due_dates.subscribing import calendar_path
from layouts.palette import LIGHT
from layouts.panels import Drawing
from layouts.scene import Scene
from tests.support.catalogues import CATALOGUE, NAMES

MONTHLY = CATALOGUE.default_collection
AS_OF = date(2025, 6, 1)
ALL = Selection(as_of=AS_OF)
INFO = {
    "framework_id": "hand",
    "built_at": "2025-06-02T10:30:00Z",
    "data_on": "2025-06-01",
    "version": "v1",
    "source": "Sent by administrations; as loaded",
    "source_fr": "Transmis par les administrations",
}


def _scene(chosen: Selection = ALL, *, is_present: bool = False) -> Scene:
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
        is_present=is_present,
    )


def _text(drawing: Drawing) -> str:
    parts = [drawing.children, drawing.title, drawing.note, drawing.empty]
    return json.dumps(parts, cls=PlotlyJSONEncoder, ensure_ascii=False)


def _calendar(*rows: tuple[str, int, int, int, int, int], **more: Any) -> pd.DataFrame:
    """Rows: due day, period, received, overdue, pending, waived."""
    names = ["due_on", "period_id", "received", "overdue", "pending", "waived"]
    frame = pd.DataFrame(rows, columns=names).assign(collection_id=MONTHLY, **more)
    owed = frame["received"] + frame["overdue"] + frame["pending"]
    return frame.assign(due_on=pd.to_datetime(frame["due_on"]), owed=owed)


CASE = _calendar(("2025-05-15", 202503, 7, 2, 0, 1), ("2025-06-14", 202504, 3, 0, 6, 1))


def test_the_title_tells_the_next_due_date_and_what_is_awaited() -> None:
    title = drawings.draw_calendar({"due_calendar": CASE}, _scene()).title
    assert title is not None
    assert "14 Jun 2025" in title
    assert "13 days" in title
    assert "6 of 9" in title


def test_a_day_is_a_button_with_its_counts_and_selects_its_collection() -> None:
    text = _text(drawings.draw_calendar({"due_calendar": CASE}, _scene()))
    assert text.count("due-event__count") == 2
    assert f'"data-event": "collection:{MONTHLY}"' in text
    assert "Due: 10 (7 received, 2 overdue, 1 waived)" in text


def test_what_is_not_of_the_chosen_collection_is_muted() -> None:
    other = next(one for one in CATALOGUE.collections if one != MONTHLY)
    frame = pd.concat([CASE, CASE.assign(collection_id=other)])
    text = _text(
        drawings.draw_calendar({"due_calendar": frame}, _scene(replace(ALL, collection=MONTHLY)))
    )
    assert text.count("is-muted") == 2


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize(
    "draw", [drawings.draw_calendar, drawings.draw_list, drawings.draw_regions]
)
def test_nothing_due_is_a_sentence(draw: Any, language: str) -> None:
    empty = CASE.iloc[:0].assign(region_id="europe")
    frames = {"due_calendar": empty, "due_by_region": empty, "due_obligations": empty}
    drawing = draw(frames, _scene(replace(ALL, language=language)))
    assert drawing.children is None
    assert drawing.empty


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (("2025-05-15", 202503, 0, 9, 0, 0), "9 overdue"),
        (("2025-05-15", 202503, 0, 0, 0, 9), "9 waived"),
    ],
)
def test_all_overdue_and_all_waived_are_drawn(row: Any, said: str) -> None:
    frame = _calendar(row, region_id="europe")
    for draw, name in (
        (drawings.draw_calendar, "due_calendar"),
        (drawings.draw_list, "due_calendar"),
        (drawings.draw_regions, "due_by_region"),
    ):
        drawing = draw({name: frame}, _scene())
        assert said in _text(drawing)
        assert drawing.empty is None


def test_the_list_of_one_member_gives_the_status_and_the_reason_of_a_derogation() -> None:
    member = next(iter(CATALOGUE.members))
    frame = _obligations([member], "waived", reason="Offices closed")
    chosen = replace(ALL, members=(member,))
    text = _text(drawings.draw_list({"due_obligations": frame}, _scene(chosen)))
    assert "– waived" in text
    assert "Offices closed" in text


def test_regions_show_received_of_owed_without_the_waived() -> None:
    frame = pd.concat(
        [CASE.assign(region_id="europe"), CASE.head(1).assign(region_id="americas", received=0)]
    )
    text = _text(drawings.draw_regions({"due_by_region": frame}, _scene()))
    assert "7 of 9" in text
    assert "3 of 9" in text
    assert "nobody owes it" in text


def test_derogations_say_until_when_and_whether_they_run() -> None:
    frame = pd.DataFrame(
        {
            "member_iso3": ["USA", "KEN", "FRA"],
            "region_id": ["americas", "east_southern_africa", "europe"],
            "collection_id": MONTHLY,
            "first_period_id": [202509, 202503, 202401],
            "last_period_id": [202510, 202508, 202403],
            "first_month": ["2025-09", "2025-03", "2024-01"],
            "last_month": ["2025-10", "2025-08", "2024-03"],
            "obligation_count": [0, 2, 3],
            "waiver_reason": ["A move", "A new system", "A storm"],
        }
    )
    drawing = drawings.draw_derogations({"derogations": frame}, _scene())
    text = _text(drawing)
    assert drawing.title == "3 derogations recorded, 1 still running"
    assert "Mar 2025 – Aug 2025 · still running" in text
    assert "Jan 2024 – Mar 2024 · ended" in text
    assert "Sep 2025 – Oct 2025 · not begun" in text
    assert "A storm" in text
    assert drawings.draw_derogations({"derogations": frame.iloc[:0]}, _scene()).empty


def test_subscriptions_follow_the_selection() -> None:
    everybody = _text(drawings.draw_subscriptions({}, _scene()))
    assert all(f"/calendar/region/{region}.ics" in everybody for region in CATALOGUE.regions)
    chosen = Selection(members=("KEN",), collection=MONTHLY, language="fr")
    text = _text(drawings.draw_subscriptions({}, _scene(chosen)))
    assert f"/calendar/member/KEN.ics?collection={MONTHLY}&lang=fr" in text
    assert "/calendar/region/" not in text


def test_the_same_calendar_has_one_address() -> None:
    assert calendar_path("region", "europe", None, "en") == "/calendar/region/europe.ics"


# -- The calendar file -----------------------------------------------------------


def _obligations(
    members: list[str],
    status: str,
    *,
    due: str = "2025-06-14",
    period: int = 202504,
    reason: str | None = None,
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "member_iso3": members,
            "region_id": "europe",
            "collection_id": MONTHLY,
            "period_id": period,
            "due_on": pd.Timestamp(due),
            "status": status,
            "days_left": 0,
            "waiver_reason": reason,
        }
    )


def _file(frame: pd.DataFrame, kind: str = "region", language: str = "en", **info: str) -> bytes:
    subject = Subject(kind, "europe" if kind == "region" else "FRA", "Côte d'Ivoire; été, hiver")
    return calendar_file(frame, subject, read_words(language), NAMES, {**INFO, **info})


def _events(text: bytes) -> list[Any]:
    return list(icalendar.Calendar.from_ical(text).walk("VEVENT"))


MIXED = pd.concat(
    [
        _obligations(["FRA", "KEN"], "pending"),
        _obligations(["DZA"], "on_time"),
        _obligations(["PLW"], "waived", reason="A storm"),
        _obligations(["FRA"], "overdue", due="2025-05-15", period=202503),
    ],
    ignore_index=True,
)


def test_the_file_is_read_back_with_one_all_day_entry_per_due_date() -> None:
    overdue, coming = _events(_file(MIXED))
    assert coming["DTSTART"].dt == date(2025, 6, 14)
    assert coming["DTEND"].dt == date(2025, 6, 15)
    assert "2 of 3" in coming["SUMMARY"]
    assert overdue["DTSTART"].dt == date(2025, 5, 15)
    assert "Waived (1)" in coming["DESCRIPTION"]
    assert "Received (1)" in coming["DESCRIPTION"]
    # A reminder a week before, for what is still to come alone.
    (alarm,) = coming.walk("VALARM")
    assert alarm["TRIGGER"].dt == timedelta(days=-7)
    assert overdue.walk("VALARM") == []


@pytest.mark.parametrize("language", ["en", "fr"])
def test_lines_end_with_cr_lf_and_are_folded_at_75_octets(language: str) -> None:
    text = _file(MIXED, language=language)
    assert text.count(b"\n") == text.count(b"\r\n")
    lines = text.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert any(line.startswith(b" ") for line in lines)
    calendar = icalendar.Calendar.from_ical(text)
    # The library leaves texts of later standards as they are written.
    assert "Côte d'Ivoire\\; été\\, hiver" in calendar["NAME"]
    assert calendar["METHOD"] == "PUBLISH"


def test_a_name_stays_while_the_due_date_and_the_generation_change() -> None:
    (before,) = _events(_file(_obligations(["FRA"], "pending")))
    moved = _obligations(["FRA"], "pending", due="2025-06-20")
    (after,) = _events(_file(moved, built_at="2025-06-03T10:30:00Z", version="v2"))
    assert before["UID"] == after["UID"]
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert after["DTSTAMP"].dt > before["DTSTAMP"].dt
    of_region, of_member = (_events(_file(MIXED, kind))[1]["UID"] for kind in ("region", "member"))
    assert of_region != of_member
    assert len({event["UID"] for event in _events(_file(MIXED))}) == 2


def test_a_long_list_of_members_is_cut_and_counted() -> None:
    members = [f"X{number:02d}" for number in range(NAMES_AT_MOST + 7)]
    (event,) = _events(_file(_obligations(members, "pending")))
    assert "and 7 more" in event["DESCRIPTION"]
    assert "Awaited (37)" in event["DESCRIPTION"]
    assert members[NAMES_AT_MOST] not in event["DESCRIPTION"]


@pytest.mark.parametrize(
    ("status", "summary"),
    [
        ("waived", "Waived: "),
        ("late", "Received: "),
        ("overdue", "Overdue: "),
        ("pending", "Due: "),
    ],
)
def test_an_entry_of_a_member_says_how_it_stands(status: str, summary: str) -> None:
    frame = _obligations(["FRA"], status, reason="A storm" if status == "waived" else None)
    (event,) = _events(_file(frame, "member"))
    assert event["SUMMARY"].startswith(summary)
    assert ("A storm" in event["DESCRIPTION"]) == (status == "waived")
    assert bool(event.walk("VALARM")) == (status == "pending")


def test_a_subject_that_owes_nothing_has_an_empty_calendar() -> None:
    assert _events(_file(MIXED.iloc[:0])) == []


def test_a_synthetic_calendar_says_so_in_its_name() -> None:
    calendar = icalendar.Calendar.from_ical(_file(MIXED, is_synthetic="true"))
    assert "synthetic" in calendar["X-WR-CALNAME"]
