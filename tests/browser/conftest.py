"""A headless Chromium without a way out, for the page and for Dagster's UI."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, sync_playwright

from tests.conftest import Clone

NAMES = ("chromium", "chromium-browser", "google-chrome")
OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, or whichever is installed."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.skip(f"no browser is installed: none of {', '.join(NAMES)} is on the path; apt-get install chromium")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=found, args=OPTIONS)
        yield opened
        opened.close()


class Watched:
    """A page, and what it said and asked for while it was open."""

    def __init__(self, context: BrowserContext) -> None:
        self.page: Page = context.new_page()
        self.errors: list[str] = []
        self.asked: list[str] = []
        self.page.on("console", lambda said: self.errors.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))

    def chart(self, name: str) -> Locator:
        """A chart of the page, scrolled to and drawn anew in this browser."""
        place = self.page.locator(f'[data-chart="{name}"]')
        place.scroll_into_view_if_needed()
        self.page.locator(f'[data-chart="{name}"][data-drawn=yes]').wait_for()
        return place

    def every_chart(self) -> None:
        """Draw all charts, as for print."""
        self.page.evaluate("dispatchEvent(new Event('beforeprint'))")
        self.page.wait_for_function("!document.querySelector('[data-chart]:not([data-drawn=yes])')")

    def outside(self, *allowed: str) -> list[str]:
        """The requests that went anywhere else than to the addresses allowed."""
        return [url for url in self.asked if not url.startswith(("file:", "data:", "blob:", *allowed))]


@pytest.fixture
def opened(browser: Browser) -> Iterator[Callable[..., Watched]]:
    """Opens a page file in a context of its own; `ready` waits until it answers."""
    contexts: list[BrowserContext] = []

    def open_page(path: Path, *, ready: bool = True, width: int = 1280, **options: object) -> Watched:
        context = browser.new_context(viewport={"width": width, "height": 900}, offline=True, locale="en-US", **options)
        contexts.append(context)
        watched = Watched(context)
        watched.page.goto(path.resolve().as_uri())
        if ready:
            watched.page.wait_for_selector("html[data-ready=yes]", state="attached")
        return watched

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def index(fresh: Clone) -> Path:
    """The page of the fresh clone."""
    return fresh.warehouse / "site" / "index.html"
