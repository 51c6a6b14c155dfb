"""The selected range moves through time: played, by keyboard and by button, in a real browser."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page

from tests.browser.journeys import open_view, wait_until_drawn

SLIDER = "#control-time"
PLAY = "[data-time-play]"
MONTHS = "[...document.querySelector('#control-last').options].map((one) => one.value).reverse()"


def _range(page: Page) -> tuple[str, str]:
    found = parse_qs(urlsplit(page.url).query)
    return found["from"][0], found["to"][0]


def _wait_for(page: Page, first: str, last: str) -> None:
    page.wait_for_function(
        """([first, last]) => {
          const found = new URLSearchParams(location.search);
          return found.get('from') === first && found.get('to') === last;
        }""",
        arg=[first, last],
    )


def _open(page: Page, before_the_end: int) -> list[str]:
    """Open three months that end so many steps before the last that is held; return all months."""
    open_view(page, "/flows")
    months: list[str] = page.evaluate(MONTHS)
    end = int(page.locator(SLIDER).get_attribute("max") or "")
    held = months[: end + 1]
    last = len(held) - 1 - before_the_end
    open_view(page, f"/flows?from={held[last - 2]}&to={held[last]}")
    page.wait_for_function(
        f"(last) => document.querySelector('{SLIDER}').value === last", arg=str(last)
    )
    return held


def test_play_moves_the_range_to_the_end_of_what_is_held_and_stops(page: Page) -> None:
    held = _open(page, before_the_end=2)
    page.locator(PLAY).click()
    assert page.locator(PLAY).get_attribute("aria-pressed") == "true"
    _wait_for(page, held[-4], held[-2])
    _wait_for(page, held[-3], held[-1])
    page.wait_for_function(f"() => document.querySelector('{PLAY}').ariaPressed === 'false'")
    wait_until_drawn(page)
    assert _range(page) == (held[-3], held[-1])
    chip = page.locator(".chips").text_content() or ""
    shown = page.locator("[data-time-range]").text_content() or ""
    assert shown.split(" – ")[1] in chip


def test_pause_leaves_the_range_where_it_is(page: Page) -> None:
    held = _open(page, before_the_end=9)
    page.locator(PLAY).click()
    _wait_for(page, held[-11], held[-9])
    page.locator(PLAY).click()
    page.wait_for_function(f"() => document.querySelector('{PLAY}').ariaPressed === 'false'")
    wait_until_drawn(page)
    # On a slow machine another step may have begun before the click was heard.
    paused = _range(page)
    assert paused[1] != held[-1]
    page.wait_for_timeout(2500)  # longer than a step is shown
    assert _range(page) == paused


def test_range_moves_by_keyboard_and_by_button(page: Page) -> None:
    held = _open(page, before_the_end=3)
    page.locator(SLIDER).focus()
    page.keyboard.press("ArrowLeft")
    _wait_for(page, held[-7], held[-5])
    page.locator("[data-time-step='1']").click()
    _wait_for(page, held[-6], held[-4])


def test_whole_range_cannot_be_moved_and_says_so(page: Page) -> None:
    open_view(page, "/flows")
    months: list[str] = page.evaluate(MONTHS)
    end = int(page.locator(SLIDER).get_attribute("max") or "")
    open_view(page, f"/flows?from={months[0]}&to={months[end]}")
    page.wait_for_function(f"() => document.querySelector('{SLIDER}').disabled")
    assert page.locator(PLAY).is_disabled()
    title = page.locator(".timeline").get_attribute("title") or ""
    assert "choose a shorter one" in title


def test_presenter_plays_by_a_key(page: Page) -> None:
    held = _open(page, before_the_end=9)
    open_view(page, f"/present/flows/map?from={held[-12]}&to={held[-10]}")
    page.keyboard.press("p")
    _wait_for(page, held[-11], held[-9])
    wait_until_drawn(page)
    page.keyboard.press("p")
    page.wait_for_function(f"() => document.querySelector('{PLAY}').ariaPressed === 'false'")
