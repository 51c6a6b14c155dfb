"""What the browser tests do with a page: wait until it has drawn, read figures, click marks."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

from dashboard import ids

DRAWN = """
([views]) => {
  const panels = Array.from(document.querySelectorAll('.panel'));
  if (!panels.length) return false;
  if (document.querySelector('[data-dash-is-loading="true"]')) return false;
  return panels.every((panel) => {
    const message = panel.querySelector('.panel__message');
    if (message && message.textContent) return true;
    const block = panel.querySelector('.block');
    if (block) return block.childNodes.length > 0;
    const gd = panel.querySelector('.js-plotly-plot');
    return !!(gd && gd.data && gd.data.length && gd.querySelector('.main-svg'));
  });
}
"""


def open_view(page: Page, path: str) -> None:
    """Go to an address and wait until every panel shows something."""
    page.goto(path)
    wait_until_drawn(page)


def wait_until_drawn(page: Page) -> None:
    """Wait until no callback runs and every panel shows a figure, a block or a sentence."""
    page.wait_for_function(DRAWN, arg=[[]])
    page.wait_for_timeout(150)
    page.wait_for_function(DRAWN, arg=[[]])


def panel(view: str, name: str) -> str:
    """Return the CSS selector of a panel."""
    return f"#{ids.css_id(view, name)}"


def shown(page: Page, view: str, name: str) -> str:
    """Return what a panel shows, as text that changes when the panel does."""
    return str(
        page.evaluate(
            """(selector) => {
              const panel = document.querySelector(selector);
              const gd = panel.querySelector('.js-plotly-plot');
              const layout = gd ? gd.layout : {};
              return JSON.stringify([
                panel.querySelector('.panel__caption').textContent,
                panel.querySelector('.panel__message').textContent,
                gd ? gd.data : panel.querySelector('.block').innerHTML,
                layout.annotations || [],
                layout.yaxis ? layout.yaxis.ticktext || [] : [],
                layout.shapes || [],
              ]);
            }""",
            panel(view, name),
        )
    )


def mark_point(page: Page, view: str, name: str, kind: str) -> dict[str, Any]:
    """Return the page position of a mark of a kind in a chart, found by hovering.

    The chart's own hit testing is asked, so that what is found can be clicked.
    """
    box = page.locator(f"{panel(view, name)} .js-plotly-plot").bounding_box()
    assert box is not None
    steps = 14
    for row in range(1, steps):
        for column in range(1, steps):
            x = box["x"] + box["width"] * column / steps
            y = box["y"] + box["height"] * row / steps
            page.mouse.move(x, y)
            page.wait_for_timeout(15)
            found = page.evaluate(
                """(selector) => {
                  const gd = document.querySelector(selector + ' .js-plotly-plot');
                  const points = gd._hoverdata || [];
                  const data = points.length ? points[0].customdata : null;
                  return Array.isArray(data) ? data[0] : data;
                }""",
                panel(view, name),
            )
            if isinstance(found, str) and found.startswith(f"{kind}:"):
                return {"x": x, "y": y, "mark": found}
    raise AssertionError(f"no mark of kind {kind!r} was found in {view}/{name}")


def click_mark(page: Page, view: str, name: str, kind: str, *, shift: bool = False) -> str:
    """Click a mark of a kind in a chart; return what it stands for."""
    point = mark_point(page, view, name, kind)
    if shift:
        page.keyboard.down("Shift")
    page.mouse.click(point["x"], point["y"])
    if shift:
        page.keyboard.up("Shift")
    return str(point["mark"])
