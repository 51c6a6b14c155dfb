"""One test per journey of a user, in a real browser against the real server."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Browser, Page, expect

from callbacks import VIEWS
from dashboard import ids
from tests.browser.journeys import (
    click_mark,
    open_view,
    panel,
    shown,
    wait_until_drawn,
)
from tests.conftest import Server

OVERVIEW_PANELS = ("timeliness", "quality", "matrix", "ranking")
CLICKS = (
    ("timeliness", "region"),
    ("quality", "member"),
    ("matrix", "pair"),
    ("map", "member"),
    ("ranking", "member"),
)


@pytest.mark.parametrize(("name", "kind"), CLICKS)
def test_a_click_in_each_overview_panel_changes_the_others_and_the_address(
    page: Page, name: str, kind: str
) -> None:
    open_view(page, "/")
    others = [other for other in OVERVIEW_PANELS if other != name]
    before = {other: shown(page, "overview", other) for other in others}
    click_mark(page, "overview", name, kind)
    page.wait_for_function("() => location.search.length > 1")
    wait_until_drawn(page)
    changed = [other for other in others if shown(page, "overview", other) != before[other]]
    assert changed == others
    assert page.locator(f"#{ids.CHIPS} .chip").count() >= 1


def test_a_link_pasted_elsewhere_shows_the_same_and_back_undoes(
    page: Page, browser: Browser, server: Server
) -> None:
    open_view(page, "/")
    plain = {name: shown(page, "overview", name) for name in OVERVIEW_PANELS}
    click_mark(page, "overview", "timeliness", "region")
    page.wait_for_function("() => location.search.length > 1")
    wait_until_drawn(page)
    chosen = {name: shown(page, "overview", name) for name in OVERVIEW_PANELS}
    elsewhere = browser.new_context(viewport={"width": 1366, "height": 768}, locale="en")
    other = elsewhere.new_page()
    open_view(other, page.url)
    assert {name: shown(other, "overview", name) for name in OVERVIEW_PANELS} == chosen
    elsewhere.close()
    page.go_back()
    page.wait_for_function("() => location.search === ''")
    wait_until_drawn(page)
    assert {name: shown(page, "overview", name) for name in OVERVIEW_PANELS} == plain


def test_the_same_click_again_releases_and_a_chip_is_removed(page: Page) -> None:
    open_view(page, "/?region=europe")
    chip = page.locator(f"#{ids.CHIPS} .chip").first
    expect(chip).to_contain_text("Europe")
    chip.click()
    page.wait_for_function("() => location.search === ''")
    click_mark(page, "overview", "timeliness", "region")
    page.wait_for_function("() => location.search.length > 1")
    wait_until_drawn(page)
    assert "region=" in page.url


def test_the_keyboard_alone_chooses_a_region_a_member_and_removes_them(page: Page) -> None:
    open_view(page, "/")
    page.locator(f"#{ids.REGION}").focus()
    page.keyboard.type("Eur")
    page.keyboard.press("Enter")
    page.wait_for_function("() => location.search.includes('region=europe')")
    page.locator(f"#{ids.MEMBER}").focus()
    page.keyboard.type("Kenya")
    page.keyboard.press("Enter")
    page.wait_for_function("() => location.search.includes('member=KEN')")
    wait_until_drawn(page)
    page.locator(f"#{ids.CHIPS} .chip--clear").focus()
    page.keyboard.press("Enter")
    page.wait_for_function("() => location.search === ''")
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement !== document.body")


def test_the_slider_puts_all_panels_back_by_keyboard_and_back_undoes(page: Page) -> None:
    open_view(page, "/")
    plain = {name: shown(page, "overview", name) for name in OVERVIEW_PANELS}
    slider = page.locator(f"#{ids.PAST}")
    slider.focus()
    latest = slider.get_attribute("aria-valuetext") or ""
    for _ in range(6):
        page.keyboard.press("PageDown")
    page.keyboard.press("ArrowLeft")
    spoken = slider.get_attribute("aria-valuetext") or ""
    assert spoken != latest
    page.wait_for_function("() => location.search.includes('asof=')")
    wait_until_drawn(page)
    # The keys were pressed in one go: one step in the history, not seven.
    past = {name: shown(page, "overview", name) for name in OVERVIEW_PANELS}
    assert [name for name in OVERVIEW_PANELS if past[name] == plain[name]] == []
    chip = page.locator(f"#{ids.CHIPS} .chip--past")
    expect(chip).to_contain_text(spoken)
    day = page.evaluate("() => new URLSearchParams(location.search).get('asof')")
    assert page.locator(f"#{ids.AS_OF}").input_value() == day
    page.go_back()
    page.wait_for_function("() => location.search === ''")
    wait_until_drawn(page)
    assert {name: shown(page, "overview", name) for name in OVERVIEW_PANELS} == plain
    page.wait_for_function(
        "(id) => ((slider) => slider.value === slider.max)(document.getElementById(id))",
        arg=ids.PAST,
    )
    page.go_forward()
    chip.focus()
    page.keyboard.press("Enter")
    page.wait_for_function("() => location.search === ''")
    expect(chip).to_have_count(0)


def test_every_view_is_reached_by_its_link_and_keeps_the_selection(page: Page) -> None:
    open_view(page, "/?region=europe")
    for view in VIEWS:
        page.locator(f"#{ids.navigation(view.id)}").click()
        page.wait_for_function("(path) => location.pathname === path", arg=view.path)
        page.wait_for_selector(f".view--{view.id}")
        wait_until_drawn(page)
        assert "region=europe" in page.url
        assert page.locator(".state--error").count() == 0


def test_a_bad_address_gets_a_notice_and_a_page(page: Page) -> None:
    open_view(page, "/?member=XXX&from=9999-99&nonsense=1&weights=a:b")
    notices = page.locator(f"#{ids.NOTICES} p")
    assert notices.count() >= 3
    assert page.locator(".state--error").count() == 0


def test_the_table_of_a_panel_opens_by_keyboard_and_has_the_same_numbers(page: Page) -> None:
    open_view(page, "/timeliness")
    menu = page.locator(f"{panel('timeliness', 'regions')} details.menu summary")
    menu.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    table = page.locator(f"{panel('timeliness', 'regions')} .data-table")
    expect(table).to_be_visible()
    rows = page.request.get("/data/on_time_by_region.json").json()["rows"]
    assert table.locator("tbody tr").count() == len(rows)


def test_the_stage_steps_with_the_arrow_keys(page: Page) -> None:
    open_view(page, "/present/overview")
    first = page.url
    page.keyboard.press("ArrowRight")
    page.wait_for_function("(url) => location.href !== url", arg=first)
    wait_until_drawn(page)
    assert page.locator(".stage .panel").count() == 1
    assert not page.locator(f"#{ids.SELECTION_BAR}").is_visible()
    page.keyboard.press("ArrowLeft")
    page.wait_for_function("() => location.pathname.startsWith('/present/overview')")
    page.keyboard.press("Escape")
    page.wait_for_function("() => !location.pathname.startsWith('/present')")


def test_the_other_language_keeps_the_selection(page: Page) -> None:
    open_view(page, "/timeliness?region=europe")
    page.locator(f"#{ids.LANGUAGE_LINK}").click()
    page.wait_for_function("() => location.search.includes('lang=fr')")
    wait_until_drawn(page)
    assert page.evaluate("() => document.documentElement.lang") == "fr"
    expect(page.locator("h1")).to_contain_text("temps")
    assert "region=europe" in page.url


def test_the_theme_is_kept_and_figures_follow(page: Page) -> None:
    open_view(page, "/timeliness")
    page.locator(f"#{ids.THEME_BUTTON}").click()
    page.wait_for_function("() => document.documentElement.dataset.bsTheme === 'dark'")
    wait_until_drawn(page)
    page.reload()
    wait_until_drawn(page)
    assert page.evaluate("() => document.documentElement.dataset.bsTheme") == "dark"
    colour = page.evaluate("() => document.querySelector('.js-plotly-plot').layout.font.color")
    assert colour == "#e8ecf4"


def test_an_officer_writes_to_a_member_and_takes_the_list_away(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    open_view(page, "/chase?region=west_central_africa")
    second = page.locator(f"{panel('chase', 'list')} .mark").nth(1)
    name = second.inner_text()
    second.focus()
    page.keyboard.press("Enter")
    expect(page.locator(f"{panel('chase', 'note')} .panel__title")).to_contain_text(name)
    wait_until_drawn(page)
    page.locator(f"{panel('chase', 'note')} .letter summary").nth(1).click()
    note = page.locator(f"#{ids.note('fr')}")
    copy = page.locator(f"button[data-copies='{ids.note('fr')}']")
    copy.focus()
    page.keyboard.press("Enter")
    expect(copy).to_have_text("Copied")
    copied = page.evaluate("() => navigator.clipboard.readText()")
    assert copied == note.evaluate("(element) => element.textContent")
    rows = page.request.get("/data/chase_note.json" + page.evaluate("() => location.search"))
    assert rows.json()["rows"][1]["text"] in copied
    with page.expect_download() as download:
        page.locator("a[data-format=xlsx]").click()
    assert download.value.suggested_filename.endswith(".xlsx")
    assert download.value.path().read_bytes().startswith(b"PK")


def test_the_address_of_a_calendar_is_copied_and_answers(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    open_view(page, "/due-dates?member=KEN&lang=fr")
    page.locator("button[data-copy-address]").focus()
    page.keyboard.press("Enter")
    expect(page.locator("button[data-copy-address]")).to_have_text("Copié")
    address = page.evaluate("() => navigator.clipboard.readText()")
    assert address.endswith("/calendar/member/KEN.ics?lang=fr")
    assert page.request.get(address).text().startswith("BEGIN:VCALENDAR")
    # A program for calendars is asked by its own scheme; the browser itself stays where it is.
    link = page.locator("a[data-webcal]")
    link.evaluate("(a) => { a.addEventListener('click', (click) => click.preventDefault()) }")
    link.click()
    assert str(link.get_attribute("href")).startswith("webcal://127.0.0.1")


def test_maps_draw_their_outlines(page: Page) -> None:
    open_view(page, "/flows")
    count = page.evaluate(
        "() => document.querySelectorAll('.js-plotly-plot .choroplethlayer path').length"
    )
    assert count > 150


def test_a_phone_folds_the_selection_and_stacks_the_panels(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    open_view(page, "/?member=COD&lang=fr")
    fold = page.locator(f"#{ids.FOLD_BUTTON}")
    expect(fold).to_be_visible()
    expect(fold).to_contain_text("Congo")
    expect(page.locator(f"#{ids.REGION}")).to_be_hidden()
    fold.click()
    expect(page.locator(f"#{ids.REGION}")).to_be_visible()
    width = page.evaluate("() => document.documentElement.scrollWidth")
    assert width <= 390


@pytest.mark.parametrize("view", [view.id for view in VIEWS])
@pytest.mark.parametrize("search", ["", "?member=KEN&lang=fr"])
def test_every_view_draws_with_an_empty_console(lasting_page: Page, view: str, search: str) -> None:
    path = next(one.path for one in VIEWS if one.id == view)
    open_view(lasting_page, path + search)
    assert lasting_page.locator(".state--error").count() == 0
    overflow = lasting_page.evaluate(
        "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    assert overflow <= 0


def test_the_overview_fits_a_laptop_screen(page: Page) -> None:
    open_view(page, "/")
    bottom = page.evaluate(
        """() => Math.max(...Array.from(document.querySelectorAll('.panel'))
              .map((panel) => panel.getBoundingClientRect().bottom))"""
    )
    assert bottom <= 768


def test_the_data_of_a_chart_is_at_its_menus_address(page: Page) -> None:
    open_view(page, "/timeliness?region=europe")
    menu = page.locator(f"{panel('timeliness', 'regions')} details.menu")
    menu.locator("summary").click()
    with page.expect_download() as download:
        menu.locator("a[data-format=csv]").click()
    text = download.value.path().read_text(encoding="utf-8")
    body = page.request.get("/data/on_time_by_region.json?region=europe").json()
    assert len(text.strip().splitlines()) - 1 == len(body["rows"])
    assert "synthetic" in download.value.suggested_filename
    assert json.dumps(body["warehouse"]["is_synthetic"]) == "true"
