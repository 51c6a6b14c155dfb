"""What a user waits for: first load, and click to last panel painted on the overview."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, sync_playwright

from benchmarks.table import Result
from tools.run.chromium import ARGUMENTS, find_chromium
from tools.screenshots import served, settle

WATCH = """
() => {
  window.painted = 0;
  window.clicked = 0;
  const note = () => requestAnimationFrame(() => setTimeout(() => {
    window.painted = performance.now();
  }, 0));
  document.querySelectorAll('.js-plotly-plot').forEach((gd) => gd.on('plotly_afterplot', note));
  new MutationObserver(note).observe(document.getElementById('page'),
    {childList: true, subtree: true, characterData: true});
  document.addEventListener('click', () => {
    window.clicked = performance.now();
    window.painted = 0;
  }, {capture: true});
}
"""
CLICK = """
(mark) => {
  // What app.js sends when the mark is clicked, from a real click event of the browser.
  const button = document.createElement('button');
  button.dataset.event = mark;
  button.style.position = 'fixed';
  document.body.append(button);
  button.click();
  button.remove();
}
"""
LOAD = """
() => {
  const all = performance.getEntriesByType('resource')
    .concat(performance.getEntriesByType('navigation'));
  return [all.reduce((sum, one) => sum + one.transferSize, 0) / 1000,
    Math.max(...all.map((one) => one.responseEnd))];
}
"""


def measure_browser(clicks: int) -> list[Result]:
    """Return first load, reload and click times of the overview in headless Chromium."""
    chromium = find_chromium()
    if chromium is None:
        raise RuntimeError("No Chromium found; ./run test browser installs one.")
    with served() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))
        loads, reloads, sizes = [], [], []
        for _ in range(5):
            context = browser.new_context(viewport={"width": 1366, "height": 768})
            page = context.new_page()
            loads.append(load_time(page, url))
            sizes.append(page.evaluate(LOAD)[0])
            reloads.append(load_time(page, url))
            context.close()
        page = browser.new_page(viewport={"width": 1366, "height": 768})
        page.goto(url)
        settle(page)
        page.evaluate(WATCH)
        cold = [click(page, mark) for mark in marks(page, clicks)]
        warm = [click(page, mark) for mark in marks(page, clicks)]
        browser.close()
    return [
        Result("Overview in the browser", "first load to last panel drawn", loads, aim="2,000"),
        Result("Overview in the browser", "first load, bytes sent", sizes, "kB"),
        Result("Overview in the browser", "reload to last panel drawn", reloads),
        Result("Overview in the browser", "click to last panel painted", cold, aim="350"),
        Result("Overview in the browser", "the same clicks again (cached)", warm),
    ]


def load_time(page: Page, url: str) -> float:
    """Return the milliseconds from navigation to the last panel drawn."""
    page.goto(url)
    page.wait_for_function(
        """() => {
          const panels = Array.from(document.querySelectorAll('.panel'));
          const done = panels.length > 0 && panels.every((panel) =>
            panel.querySelector('.panel__message').textContent ||
            (panel.querySelector('.block') ? panel.querySelector('.block').childNodes.length
              : panel.querySelector('.js-plotly-plot .main-svg')
                && panel.querySelector('.js-plotly-plot').data.length));
          if (done && !window.drawnAt) window.drawnAt = performance.now();
          return done;
        }""",
        polling="raf",
    )
    return float(page.evaluate("() => window.drawnAt"))


def marks(page: Page, count: int) -> list[str]:
    """Return marks of members to click, each another one."""
    rows: list[dict[str, Any]] = page.request.get(
        f"{page.url.split('?')[0]}data/ranking.json"
    ).json()["rows"]
    codes = sorted(row["member_iso3"] for row in rows)
    return [f"member:{codes[(7 * turn) % len(codes)]}" for turn in range(count)]


def click(page: Page, mark: str) -> float:
    """Return the milliseconds from a click on a mark to the last paint it caused."""
    page.evaluate(CLICK, mark)
    page.wait_for_function(
        "() => window.painted && performance.now() - window.painted > 400"
        " && !document.querySelector('[data-dash-is-loading=\"true\"]')"
    )
    return float(page.evaluate("() => window.painted - window.clicked"))
