"""The outlier desk's journey: open it, take the top case, write about it, find it again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from dashboard.cases import NOTE_AT_MOST
from tests.browser.conftest import SECONDS_TO_ACT
from tests.browser.journeys import open_view, panel, wait_until_drawn
from tests.support.casework import own_warehouse


@pytest.fixture(scope="module")
def desk(
    sample_warehouse: Path,
    start_server: Callable[..., Any],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[str]:
    """The address of a server whose log of cases is its own."""
    folder = tmp_path_factory.mktemp("desk")
    with start_server(own_warehouse(sample_warehouse, folder), folder) as server:
        yield server.url


@pytest.fixture
def page(browser: Browser, desk: str) -> Iterator[Page]:
    """A page of that server; afterwards asserts an empty console."""
    context = browser.new_context(
        base_url=desk, locale="en", viewport={"width": 1366, "height": 768}
    )
    context.set_default_timeout(SECONDS_TO_ACT * 1000)
    console: list[str] = []
    context.on("console", lambda message: console.append(f"{message.type}: {message.text}"))
    context.on("weberror", lambda failure: console.append(f"uncaught: {failure.error}"))
    yield context.new_page()
    context.close()
    assert console == []


def test_an_officer_asks_about_the_top_case_and_finds_it_again(page: Page) -> None:
    open_view(page, "/outliers")
    top = page.locator(f"{panel('outliers', 'list')} tbody tr").first
    case = str(top.locator("button.mark").get_attribute("data-event")).removeprefix("case:")
    top.locator("button.mark").press("Enter")
    page.wait_for_function("(id) => location.search.includes(id)", arg=case)
    wait_until_drawn(page)
    desk = page.locator(panel("outliers", "case"))
    answer = desk.locator(".case__answer")

    # Without a name nothing is sent; an explanation needs a note.
    desk.get_by_role("button", name="Mark as asked").click()
    expect(answer).to_have_text("Type your name first.")
    desk.get_by_label("Your name").fill("Ann Lee")
    desk.get_by_role("button", name="Mark as explained").click()
    expect(answer).to_contain_text("Write a note first")

    desk.get_by_label("Note").fill("Asked by letter of 25 November")
    desk.get_by_role("button", name="Mark as asked").press("Enter")
    expect(desk.locator(".case__state .case-state")).to_have_text("Asked")
    expect(desk.locator(".case__log")).to_contain_text("Asked by letter of 25 November")
    expect(top.locator(".case-state")).to_have_text("Asked")
    expect(page.locator(panel("outliers", "log"))).to_contain_text("Ann Lee")

    page.reload()
    wait_until_drawn(page)
    expect(desk.locator(".case__state .case-state")).to_have_text("Asked")
    expect(desk.locator(".case__log li")).to_have_count(1)
    expect(desk.locator(".case__log")).to_contain_text("Ann Lee")
    # The name is asked for once, the note is not kept after it was sent.
    expect(desk.get_by_label("Your name")).to_have_value("Ann Lee")
    expect(desk.get_by_label("Note")).to_have_value("")

    page.get_by_role("group", name="State").get_by_role("button", name="Asked").click()
    expect(page.locator(f"{panel('outliers', 'list')} tbody tr")).to_have_count(1)


def test_of_two_officers_the_second_is_told_and_keeps_the_note(
    page: Page, browser: Browser, desk: str
) -> None:
    open_view(page, "/outliers")
    second = page.locator(f"{panel('outliers', 'list')} tbody tr").nth(1)
    case = str(second.locator("button.mark").get_attribute("data-event")).removeprefix("case:")
    open_view(page, f"/outliers?case={case}")
    elsewhere = browser.new_context(base_url=desk, locale="en")
    other = elsewhere.new_page()
    open_view(other, f"/outliers?case={case}")
    for one, name in ((page, "Ann"), (other, "Bob")):
        form = one.locator(f"{panel('outliers', 'case')} .case__form")
        form.get_by_label("Your name").fill(name)
        form.get_by_label("Note").fill(f"By {name}")
    page.get_by_role("button", name="Mark as asked").click()
    expect(page.locator(f"{panel('outliers', 'case')} .case__log")).to_contain_text("By Ann")
    other.get_by_role("button", name="Mark as asked").click()
    # What the first wrote is drawn, and the second's note is still there to be sent.
    expect(other.locator(f"{panel('outliers', 'case')} .case__log")).to_contain_text("By Ann")
    expect(other.locator(".case__form").get_by_label("Note")).to_have_value("By Bob")
    other.get_by_role("button", name="Mark as explained").click()
    log = other.locator(f"{panel('outliers', 'case')} .case__log")
    expect(log).to_contain_text("By Bob")
    expect(log.locator("li")).to_have_count(2)
    elsewhere.close()


def test_a_refusal_is_read_where_it_was_written_and_costs_nothing(
    page: Page, browser: Browser, desk: str
) -> None:
    open_view(page, "/outliers")
    third = page.locator(f"{panel('outliers', 'list')} tbody tr").nth(2)
    case = str(third.locator("button.mark").get_attribute("data-event")).removeprefix("case:")
    open_view(page, f"/outliers?case={case}")
    elsewhere = browser.new_context(base_url=desk, locale="en")
    other = elsewhere.new_page()
    open_view(other, f"/outliers?case={case}")
    form = other.locator(f"{panel('outliers', 'case')} .case__form")
    note, answer = form.get_by_label("Note"), form.locator(".case__answer")
    asked = form.get_by_role("button", name="Mark as asked")

    # A note that is too long: typing stops at the limit, but a script can paste more.
    form.get_by_label("Your name").fill("Bob")
    long = "x" * (NOTE_AT_MOST + 1)
    note.evaluate(
        "(field, text) => { field.value = text;"
        " field.dispatchEvent(new Event('input', {bubbles: true})); }",
        long,
    )
    asked.press("Enter")
    expect(answer).to_contain_text(f"a note has at most {NOTE_AT_MOST} characters")
    expect(asked).to_be_focused()
    expect(note).to_have_value(long)
    expect(other.locator(".case__log")).to_have_count(0)

    # Somebody else is quicker: the refusal outlasts the drawing of what was written meanwhile.
    note.fill("By Bob")
    own = page.locator(f"{panel('outliers', 'case')} .case__form")
    own.get_by_label("Your name").fill("Ann")
    own.get_by_label("Note").fill("By Ann")
    own.get_by_role("button", name="Mark as asked").press("Enter")
    expect(page.locator(f"{panel('outliers', 'case')} .case__log")).to_contain_text("By Ann")
    asked.press("Enter")
    log = other.locator(f"{panel('outliers', 'case')} .case__log")
    expect(log).to_contain_text("By Ann")
    expect(answer).to_contain_text("somebody else has just written")
    expect(note).to_have_value("By Bob")
    expect(form.locator(":focus")).to_have_count(1)

    # Sent again from where the focus is, it is written; the refusal goes.
    form.locator("[data-case-state]:focus, [data-case-state='explained']").first.press("Enter")
    expect(log.locator("li")).to_have_count(2)
    expect(log).to_contain_text("By Bob")
    expect(answer).not_to_contain_text("somebody else")
    elsewhere.close()
