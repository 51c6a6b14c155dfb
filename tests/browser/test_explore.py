"""The way down through trade and back, by mouse and by keyboard, in a real browser."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page

from tests.browser.journeys import open_view, panel, wait_until_drawn

FIELDS = ("region", "member", "partner", "hs")
ITEM = f"{panel('explore', 'items')} .drill th .mark"
STEP = f"{panel('explore', 'path')} a.path__step"
HERE = f"{panel('explore', 'path')} [aria-current]"
DOWN = ("region", "member", "partner", "hs", "hs", "hs", "hs")
"""Field of the address that each step down sets, from the world to one subheading."""


def _chosen(page: Page) -> dict[str, str]:
    found = parse_qs(urlsplit(page.url).query)
    return {name: found[name][0] for name in FIELDS if name in found}


def _wait(page: Page, chosen: dict[str, str], steps: int) -> None:
    """Wait until the address is right and the path, which is drawn with the list, has its steps."""
    page.wait_for_function(
        """([fields, wanted, selector, steps]) => {
          const found = new URLSearchParams(location.search);
          return fields.every((name) => (found.get(name) || '') === (wanted[name] || ''))
            && document.querySelectorAll(selector).length === steps;
        }""",
        arg=[list(FIELDS), chosen, STEP, steps],
    )


def _act(page: Page, selector: str, index: int, *, by_keyboard: bool) -> None:
    target = page.locator(selector).nth(index)
    if by_keyboard:
        target.focus()
        page.keyboard.press("Enter")
        # The step that is reached takes the focus: the next Tab goes on from there.
        page.wait_for_function("() => document.activeElement.getAttribute('aria-current')")
    else:
        target.click()


def _down(page: Page, *, by_keyboard: bool) -> list[dict[str, str]]:
    """Go down by the first item of each level; return what the address said at each."""
    gone: list[dict[str, str]] = [{}]
    for field in DOWN:
        event = page.locator(ITEM).first.get_attribute("data-event") or ""
        expected: dict[str, Any] = {**gone[-1], field: event.partition(":")[2]}
        _act(page, ITEM, 0, by_keyboard=by_keyboard)
        _wait(page, expected, len(gone))
        gone.append(expected)
    return gone


@pytest.mark.parametrize("by_keyboard", [False, True], ids=["mouse", "keyboard"])
def test_from_the_world_to_one_line_and_back(page: Page, by_keyboard: bool) -> None:
    open_view(page, "/explore")
    gone = _down(page, by_keyboard=by_keyboard)
    assert [len(gone[-1]["hs"]), gone[-1]["region"] != ""] == [6, True]
    assert page.locator(ITEM).first.get_attribute("aria-pressed") == "true"
    # The last step is where the page stands; the one before it leads one level up, and so on.
    for count in range(len(DOWN) - 1, -1, -1):
        assert page.locator(STEP).count() == count + 1
        _act(page, STEP, count, by_keyboard=by_keyboard)
        _wait(page, gone[count], count)
        assert _chosen(page) == gone[count]
    assert page.locator(HERE).text_content() == "World"
    # The history has every step: back is one level down again.
    page.go_back()
    _wait(page, gone[1], 1)
    wait_until_drawn(page)


def test_a_line_around_dots_chooses_their_members(page: Page) -> None:
    open_view(page, "/explore?region=europe")
    plot = page.locator(f"{panel('explore', 'scatter')} .nsewdrag").first
    plot.scroll_into_view_if_needed()
    box = plot.bounding_box()
    assert box is not None
    corners = [(0.02, 0.02), (0.98, 0.02), (0.98, 0.98), (0.02, 0.98), (0.02, 0.02)]
    points = [(box["x"] + box["width"] * x, box["y"] + box["height"] * y) for x, y in corners]
    page.mouse.move(*points[0])
    page.mouse.down()
    for x, y in points[1:]:
        page.mouse.move(x, y, steps=4)
    page.mouse.up()
    page.wait_for_function("() => location.search.includes('member=')")
    wait_until_drawn(page)
    assert len(_chosen(page)["member"].split(",")) > 1
    assert _chosen(page)["region"] == "europe"
