"""Fixtures of the browser tests: one headless Chromium, a fresh context for each test.

A test fails at its end if the console said anything or a request went anywhere but the server.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect, sync_playwright

from tools.run.chromium import ARGUMENTS, find_chromium

if TYPE_CHECKING:
    from tests.conftest import Server

SECONDS_TO_ACT = 30  # a loaded machine is slow, not wrong
# No name resolves, so nothing leaves this machine. Playwright's own routing would do it too, but
# it turns the browser's cache off.
LOOPBACK_ONLY = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
LOCAL_SCHEMES = frozenset({"about", "blob", "data"})  # they leave no process


@dataclass
class BrowserLog:
    """What a test's pages did beside showing themselves; a test may clear what it expects."""

    console: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)

    def problems(self) -> list[str]:
        """Return every message and every request to another host, one line each."""
        return [f"console: {line}" for line in self.console] + [
            f"request to another host: {address}" for address in self.outside
        ]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One headless Chromium for all tests, with a profile of its own."""
    path = find_chromium()
    if path is None:
        pytest.fail("no Chromium found; './run test browser' installs one, CHROMIUM names one")
    expect.set_options(timeout=SECONDS_TO_ACT * 1000)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=path, args=[*ARGUMENTS, LOOPBACK_ONLY]
        )
        yield chromium
        chromium.close()


@pytest.fixture
def browser_log() -> BrowserLog:
    """What this test's pages have said and asked for so far."""
    return BrowserLog()


@pytest.fixture
def context(browser: Browser, server: Server, browser_log: BrowserLog) -> Iterator[BrowserContext]:
    """A browser without history, English, 1366 x 768, that reaches only the server."""
    with watched_context(browser, server, browser_log) as new:
        yield new


@contextmanager
def watched_context(
    browser: Browser, server: Server, browser_log: BrowserLog
) -> Iterator[BrowserContext]:
    """Open such a browser, whose pages' doings are written to a log."""
    new = browser.new_context(
        base_url=server.url, locale="en", viewport={"width": 1366, "height": 768}
    )
    new.set_default_timeout(SECONDS_TO_ACT * 1000)
    host = urlsplit(server.url).netloc

    def watch(request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in LOCAL_SCHEMES and address.netloc != host:
            browser_log.outside.append(request.url)

    new.on("request", watch)
    new.on("console", lambda message: browser_log.console.append(f"{message.type}: {message.text}"))
    new.on("weberror", lambda failure: browser_log.console.append(f"uncaught: {failure.error}"))
    yield new
    new.close()


@pytest.fixture
def page(context: BrowserContext, browser_log: BrowserLog) -> Iterator[Page]:
    """An empty page; afterwards asserts an empty console and no request to another host."""
    new = context.new_page()
    yield new
    assert browser_log.problems() == []


@pytest.fixture(scope="module")
def _lasting(browser: Browser, server: Server) -> Iterator[tuple[Page, BrowserLog]]:
    log = BrowserLog()
    with watched_context(browser, server, log) as context:
        yield context.new_page(), log


@pytest.fixture
def lasting_page(_lasting: tuple[Page, BrowserLog]) -> Iterator[Page]:
    """The page of all tests of a module that only look: a fresh one compiles Plotly for 2 s.

    Afterwards asserts what ``page`` does.
    """
    page, log = _lasting
    yield page
    problems = log.problems()
    log.console.clear()
    log.outside.clear()
    assert problems == []
