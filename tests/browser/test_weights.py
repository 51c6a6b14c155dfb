"""The sliders of the ranking: they add up to 100, and the browser ranks as the server does."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.journeys import open_view, panel, wait_until_drawn

PILLARS = ("timeliness", "quality", "coverage", "improvement", "engagement")
STEP_MS_AT_MOST = 100
"""What one step of a slider may take to re-rank and redraw, milliseconds of the browser."""

MOVE = """([pillar, value]) => {
  const input = document.querySelector(`[data-slider="${pillar}"] input`);
  input.value = value;
  input.dispatchEvent(new Event("input", { bubbles: true }));
}"""


def _move(page: Page, pillar: str, value: int) -> None:
    page.evaluate(MOVE, [pillar, str(value)])


def _weights(page: Page) -> dict[str, int]:
    # All at once: between two questions the page may hear from the server.
    found: dict[str, str] = page.evaluate(
        """() => Object.fromEntries(Array.from(
          document.querySelectorAll("[data-slider] input"), (input) => [input.name, input.value]
        ))"""
    )
    return {pillar: int(value) for pillar, value in found.items()}


def _browser_ranks(page: Page) -> dict[str, str]:
    text = page.locator("[data-weights]").get_attribute("data-ranks") or ""
    return dict(pair.split(":") for pair in text.split(","))


def _server_ranks(page: Page, search: str) -> dict[str, str]:
    answer = page.request.get(f"/data/ranking.json{search}")
    rows: list[dict[str, Any]] = json.loads(answer.text())["rows"]
    return {row["member_iso3"]: str(row["rank"]) for row in rows if row["rank"] is not None}


@pytest.mark.parametrize("aggregation", ["arithmetic", "geometric", "copeland"])
def test_the_ranking_follows_a_slider_at_once_and_as_the_server_ranks(
    page: Page, aggregation: str
) -> None:
    open_view(page, f"/incentives?aggregation={aggregation}")
    wait_until_drawn(page)
    steps = []
    for value in (35, 50, 65):
        _move(page, "timeliness", value)
        assert sum(_weights(page).values()) == 100
        assert _weights(page)["timeliness"] == value
        expect(page.locator(".live-heads")).to_have_count(1)
        steps.append(float(str(page.locator("[data-weights]").get_attribute("data-step-ms"))))
    weights = _weights(page)
    pairs = ",".join(f"{pillar}:{weights[pillar]}" for pillar in PILLARS)
    ranks = _browser_ranks(page)
    assert len(ranks) > 100
    server = _server_ranks(page, f"?aggregation={aggregation}&weights={pairs}")
    assert {iso3: server[iso3] for iso3 in ranks} == ranks
    # The median: a machine under load may stall for one step.
    assert sorted(steps)[1] < STEP_MS_AT_MOST

    # When it rests the address has the weights and the bands are back.
    page.wait_for_function(
        "(text) => decodeURIComponent(location.search).includes(text)", arg=pairs
    )
    ranking = page.locator(panel("incentives", "ranking"))
    expect(ranking.locator(".live-heads")).to_have_count(0)
    expect(ranking.locator(".panel__subtitle")).to_contain_text("weights: your own")


def test_a_locked_weight_stays_and_the_others_share_the_rest(page: Page) -> None:
    open_view(page, "/incentives")
    wait_until_drawn(page)
    before = _weights(page)
    page.locator('[data-lock="quality"]').press("Enter")
    _move(page, "timeliness", 60)
    after = _weights(page)
    assert after["quality"] == before["quality"] == 30
    assert sum(after.values()) == 100
    # Coverage had twice the weight of improvement and of engagement.
    assert (after["coverage"], after["improvement"], after["engagement"]) == (5, 3, 2)
    # No more than what the lock leaves.
    _move(page, "timeliness", 100)
    assert _weights(page)["timeliness"] == 70


def test_a_scheme_by_name_sets_the_sliders_and_the_link(page: Page) -> None:
    open_view(page, "/incentives?region=europe")
    wait_until_drawn(page)
    expect(page.locator('[data-scheme="europe"]')).to_be_visible()
    expect(page.locator('[data-scheme="americas"]')).to_be_hidden()
    page.locator('[data-scheme="equal"]').press("Enter")
    page.wait_for_function("() => location.search.includes('scheme=equal')")
    wait_until_drawn(page)
    expect(page.locator('[data-scheme="equal"]')).to_have_attribute("aria-pressed", "true")
    page.wait_for_function(
        "() => document.querySelector('[data-slider=\"timeliness\"] input').value === '20'"
    )
    assert _weights(page) == dict.fromkeys(PILLARS, 20)
