"""From a click on a control to the last chart painted, the same way on every page.

A chart is touched when Plotly has drawn it again, or when anything inside it changes. A click is
over when as many charts as it must draw were touched, nothing was for 400 ms and no request is
under way. What is counted ends at the last of those paints, not at the end of the silence.
"""

from __future__ import annotations

from playwright.sync_api import Browser, Page

from benchmarks.browser import CLICK
from benchmarks.peers.contenders import Contender
from tools.screenshots import settle

VIEWPORT = {"width": 1366, "height": 768}
PATIENCE = 60_000  # milliseconds
WATCH = """
(() => {
  const watched = {painted: 0, clicked: 0, asked: 0, charts: new Set(), noting: false};
  window.watched = watched;
  const note = (chart) => {
    if (chart) watched.charts.add(chart);
    if (watched.noting) return;
    watched.noting = true;
    requestAnimationFrame(() => {
      watched.noting = false;
      setTimeout(() => { watched.painted = performance.now(); }, 0);
    });
  };
  const listen = (chart) => {
    if (chart.on && !chart.watchedHere) {
      chart.watchedHere = true;
      chart.on('plotly_afterplot', () => note(chart));
    }
    note(chart);
  };
  new MutationObserver((changes) => changes.forEach((change) => {
    const place = change.target.nodeType === 1 ? change.target : change.target.parentElement;
    const chart = place && place.closest('.js-plotly-plot');
    if (chart) listen(chart);
    else if (change.type === 'childList') {
      change.addedNodes.forEach((added) => {
        if (added.nodeType !== 1) return;
        if (added.matches('.js-plotly-plot')) listen(added);
        added.querySelectorAll('.js-plotly-plot').forEach(listen);
      });
      if (place && place.closest('#page .panel')) note(null);  // texts of the product's panels
    }
  })).observe(document, {childList: true, subtree: true, characterData: true, attributes: true});
  document.addEventListener('click', () => {
    if (!watched.clicked) {
      watched.clicked = performance.now();
      watched.painted = 0;
      watched.charts.clear();
    }
  }, {capture: true});
  const plain = window.fetch;
  window.fetch = (...given) => {
    watched.asked += 1;
    const over = () => { watched.asked -= 1; };
    const answer = plain.apply(window, given);
    answer.then(over, over);
    return answer;
  };
})()
"""
DRAWN = """
(count) => document.querySelectorAll('.js-plotly-plot .main-svg .plot, '
  + '.js-plotly-plot .main-svg .cartesianlayer .subplot').length >= count
"""
OVER = """
(count) => watched.painted && performance.now() - watched.painted > 400
  && watched.charts.size >= count && !watched.asked
  && !document.querySelector('[data-dash-is-loading="true"]')
  && !document.querySelector('[data-test-script-state="running"]')
"""


def opened(browser: Browser, url: str, contender: Contender) -> Page:
    """Return the page once all its charts are drawn and nothing moves."""
    context = browser.new_context(viewport=VIEWPORT)
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.add_init_script(WATCH)
    page.goto(url)
    if not contender.control:
        settle(page)
    else:
        page.wait_for_function(DRAWN, arg=contender.charts)
        page.wait_for_timeout(1000)
    return page


def click(page: Page, contender: Contender, place: int, region: str) -> float:
    """Return the milliseconds from the click on a region to the last paint it caused."""
    page.evaluate("() => { watched.clicked = 0; watched.painted = 0; }")
    if contender.control:
        page.locator(contender.control).nth(place + 1).click()
    else:
        page.evaluate(CLICK, f"region:{region}")
    page.wait_for_function(OVER, arg=contender.charts)
    return float(page.evaluate("() => watched.painted - watched.clicked"))
