"""The check-in's journey: choose what is owed, write it by keyboard, find it in list and series."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from dashboard import ids
from tests.browser.conftest import SECONDS_TO_ACT
from tests.browser.journeys import open_view, panel, wait_until_drawn
from tests.support.casework import own_warehouse

REPORTED = "tool_users"


@pytest.fixture(scope="module")
def desk(
    sample_warehouse: Path,
    start_server: Callable[..., Any],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[str]:
    """The address of a server whose log of check-ins is its own."""
    folder = tmp_path_factory.mktemp("check-in")
    with start_server(own_warehouse(sample_warehouse, folder), folder) as server:
        yield server.url


@pytest.fixture
def console() -> list[str]:
    """What the pages of this test said; a test may clear what it expects."""
    return []


@pytest.fixture
def page(browser: Browser, desk: str, console: list[str]) -> Iterator[Page]:
    """A page of that server; afterwards asserts an empty console."""
    context = browser.new_context(
        base_url=desk, locale="en", viewport={"width": 1366, "height": 768}
    )
    context.set_default_timeout(SECONDS_TO_ACT * 1000)
    context.on("console", lambda message: console.append(f"{message.type}: {message.text}"))
    context.on("weberror", lambda failure: console.append(f"uncaught: {failure.error}"))
    yield context.new_page()
    context.close()
    assert console == []


def _field(name: str) -> str:
    return f"#{ids.check_in_field(name)}"


def _typed(desk: str) -> list[dict[str, Any]]:
    with urllib.request.urlopen(f"{desk}/data/check_ins.json") as answer:
        rows = json.load(answer)["rows"]
    return [row for row in rows if row["channel"] == "typed"]


def test_an_owner_checks_in_by_keyboard_and_finds_it_again(
    page: Page, desk: str, console: list[str]
) -> None:
    open_view(page, "/check-in")
    # The first that is owed is chosen in the list by keyboard, and its form opens.
    owed = page.locator(f"{panel('check-in', 'owed')} tbody button.mark").first
    name = str(owed.get_attribute("data-event")).removeprefix("result:")
    owed.press("Enter")
    page.wait_for_function("(id) => location.search.includes(id)", arg=name)
    wait_until_drawn(page)
    form = page.locator("form[data-check-in]")
    expect(form).to_have_attribute("data-check-in", name)

    open_view(page, f"/check-in?result={REPORTED}")
    expect(form).to_have_attribute("data-check-in", REPORTED)
    answer = form.locator(".case__answer")
    page.locator(_field("value")).focus()
    page.keyboard.type("many")
    page.keyboard.press("Tab")
    page.keyboard.type("170")
    page.keyboard.press("Tab")
    page.keyboard.type("Two regions joined")
    page.keyboard.press("Tab")
    page.keyboard.type("Train the third")
    page.keyboard.press("Tab")
    page.keyboard.type("Ann Lee")
    page.keyboard.press("Enter")
    # Both numbers are refused, each beside its field; the first of them has the focus.
    expect(answer).to_contain_text("Not written")
    expect(page.locator(f"#{ids.check_in_error('value')}")).to_contain_text("“many” is no number")
    expect(page.locator(f"#{ids.check_in_error('confidence')}")).to_contain_text("0 % to 100 %")
    expect(page.locator(_field("value"))).to_be_focused()
    expect(page.locator(_field("value"))).to_have_attribute("aria-invalid", "true")
    # Nothing that was typed is lost, even over a reload.
    page.reload()
    wait_until_drawn(page)
    expect(page.locator(_field("value"))).to_have_value("many")
    expect(page.locator(_field("analysis"))).to_have_value("Two regions joined")
    expect(page.locator(_field("author"))).to_have_value("Ann Lee")

    page.locator(_field("value")).fill("1,250")
    page.locator(_field("confidence")).fill("70")
    page.locator(_field("confidence")).press("Enter")
    expect(page.locator(f"#{ids.ANNOUNCER}")).to_contain_text("Written: 1,250.0, 70 % sure")
    history = page.locator(panel("check-in", "history"))
    expect(history.locator("tbody tr").first).to_contain_text("Two regions joined")
    expect(history.locator("tbody tr").first).to_contain_text("Ann Lee")
    expect(page.locator(panel("check-in", "entry"))).to_contain_text("1,250")
    expect(form).to_have_attribute("data-seen", "1")
    # What was written is not kept as a draft; the name is.
    expect(page.locator(_field("analysis"))).to_have_value("")
    expect(page.locator(_field("value"))).to_have_value("")
    expect(page.locator(_field("author"))).to_have_value("Ann Lee")
    assert [row["value"] for row in _typed(desk)] == [1250.0]

    # A refusal is an answer of its own: the browser writes it into its console.
    assert [line for line in console if "422" not in line] == []
    console.clear()
    # The series and the evidence of the tactic have it.
    open_view(page, "/strategy?tactic=1.3")
    expect(page.locator(panel("strategy", "evidence"))).to_contain_text("Two regions joined")
    points = page.locator(f"{panel('strategy', 'series')} .scatterlayer .points path")
    assert points.count() > 0


def test_of_two_owners_the_second_is_told_and_keeps_the_text(
    page: Page, browser: Browser, desk: str, console: list[str]
) -> None:
    address = "/check-in?result=conforming_submissions"
    elsewhere = browser.new_context(base_url=desk, locale="en")
    other = elsewhere.new_page()
    for one, name in ((page, "Ann"), (other, "Bob")):
        open_view(one, address)
        # The number is computed: it has no field.
        expect(one.locator(_field("value"))).to_have_count(0)
        one.locator(_field("confidence")).fill("60")
        one.locator(_field("analysis")).fill(f"By {name}")
        one.locator(_field("author")).fill(name)
    page.get_by_role("button", name="Write the check-in").press("Enter")
    told = page.locator(panel("check-in", "history"))
    expect(told.locator("tbody tr").first).to_contain_text("By Ann")
    other.get_by_role("button", name="Write the check-in").press("Enter")
    theirs = other.locator(panel("check-in", "history"))
    answer = other.locator("form .case__answer")
    expect(answer).to_contain_text("somebody else")
    # That outlasts the form, which may be another one when what the first wrote is drawn.
    answer.evaluate(
        "(place) => { delete place.closest('form').dataset.filled; place.textContent = ''; }"
    )
    expect(answer).to_contain_text("somebody else")
    # What the first wrote is drawn, and the second's text is still there to be sent.
    expect(theirs.locator("tbody tr").first).to_contain_text("By Ann")
    expect(other.locator(_field("analysis"))).to_have_value("By Bob")
    other.get_by_role("button", name="Write the check-in").press("Enter")
    expect(theirs.locator("tbody tr").first).to_contain_text("By Bob")
    elsewhere.close()


def test_forged_requests_are_refused(desk: str) -> None:
    before = _typed(desk)
    body = {"confidence": "70", "analysis": "Forged", "author": "Eve", "seen": 0}
    for place, headers in enumerate(
        (
            {"Content-Type": "application/json"},
            {"Content-Type": "application/json", "X-Casework": "1", "Origin": "https://e.example"},
            {"Content-Type": "text/plain", "X-Casework": "1"},
            {"Content-Type": "application/x-www-form-urlencoded", "X-Casework": "1"},
        )
    ):
        request = urllib.request.Request(
            f"{desk}/check-in/{REPORTED}",
            data=json.dumps({**body, "request": f"forged-{place:04d}"}).encode(),
            headers=headers,
            method="POST",
        )
        with pytest.raises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(request)
        assert caught.value.code in {403, 415}
        caught.value.close()
    assert _typed(desk) == before
