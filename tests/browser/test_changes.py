"""A base is chosen by mouse and by keyboard; the address has it, and all panels answer."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.journeys import open_view, panel, wait_until_drawn

pytestmark = pytest.mark.browser


def _chosen(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def test_two_ranges_are_compared_and_a_bar_selects_its_member(page: Page) -> None:
    open_view(page, "/changes?from=2024-01&to=2024-06")
    totals = page.locator(panel("changes", "totals"))
    expect(totals).to_contain_text("Jan 2024 – Jun 2024 against Jan 2023 – Jun 2023")
    totals.locator("select").select_option("Jun 2023 – Nov 2023")
    expect(totals).to_contain_text("against Jun 2023 – Nov 2023")
    assert _chosen(page)["base"] == ["2023-06"]
    expect(page.locator(panel("changes", "multiples"))).to_contain_text("All on one scale")

    totals.get_by_role("button", name="Just before").focus()
    page.keyboard.press("Enter")
    expect(totals).to_contain_text("against Jul 2023 – Dec 2023")
    expect(page.locator(panel("changes", "partners"))).to_contain_text("Jul 2023 – Dec 2023")
    wait_until_drawn(page)

    page.get_by_role("button", name="Base = 100").click()
    expect(page.locator(panel("changes", "multiples"))).to_contain_text(
        "mean of Jul 2023 – Dec 2023 is 100"
    )
    assert _chosen(page)["scale"] == ["index"]

    bars = page.locator(f"{panel('changes', 'members')} .barlayer .point path")
    bars.first.click(force=True)
    expect(page.locator(panel("changes", "members"))).to_contain_text("All of it is trade of")
    assert len(_chosen(page)["member"]) == 1
    page.go_back()
    expect(page.locator(panel("changes", "members"))).to_contain_text("moved it most")
    assert "member" not in _chosen(page)
