"""A real server and a real Chromium: `visit()` opens a page as somebody, on a screen of some width.

Where no Chromium is found these tests are skipped, saying so; with CI=true that is a failure.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from accounts.models import User
from tests import build, clock

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
    # A process kept ready for a page that does not come costs a second one for every page. Of two such lists
    # Chromium heeds the last: after ours stands what matters here of playwright's own.
    "--disable-features=SpareRendererForSitePerProcess,AvoidUnnecessaryBeforeUnloadCheckSync,"
    "DestroyProfileOnBrowserClose,HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,LensOverlay,MediaRouter,PaintHolding,"
    "ThirdPartyStoragePartitioning,AvoidCorsURLLoaderRestartOnRedirect,OptimizationHints,NetworkTimeServiceQuerying,"
    "AimEnabled,PreconnectToSearch",
]
AXE = Path(__file__).parent / "axe.min.js"
PICTURES = "RUMAH_SCREENSHOTS"
"""Environment: a folder for pictures of what the tests saw. Without it none are kept."""

Visit = Callable[..., "object"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> Iterator[object]:
    """One browser for the session."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        message = "no Chromium was found: browser tests did not run"
        pytest.fail(message) if os.environ.get("CI") == "true" else pytest.skip(message)
    from playwright.sync_api import sync_playwright

    # Playwright keeps an event loop in this thread; the ORM is used here only between its steps.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> datetime:
    """Monday 23 November 2026, 08.00 WIB, for every page this test opens."""
    clock.stop(monkeypatch, build.MONDAY_8)
    return build.MONDAY_8


@pytest.fixture
def visit(chromium: object, live_server: object) -> Iterator[Visit]:
    """Return `visit(path, by=None, width=360, scripts=False, dark=False)`, which opens a page of the live server.

    Each call is a device of its own; `by` is signed in on it. Without `scripts` the
    device runs no JavaScript at all.
    """
    contexts = []

    def open_(path: str = "/", *, by: User | None = None, width: int = 360, scripts: bool = False, dark: bool = False):
        context = chromium.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": 800},
            java_script_enabled=scripts,
            color_scheme="dark" if dark else "light",
            locale="id-ID",
        )
        contexts.append(context)
        context.set_default_timeout(20_000)
        if by is not None:
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session_of(by), "url": live_server.url}])
        page = context.new_page()
        page.goto(path)
        return page

    yield open_
    for context in contexts:
        context.close()


@pytest.fixture
def on_screens(visit: Visit) -> Callable[..., Iterator[tuple]]:
    """Return `on_screens(path, screens, by)`: yields page, width and dark, the page loaded anew on every screen.

    One device that changes its screen: starting a browser's process for each costs more than looking at the page.
    """

    def each(path: str, screens: Iterable[tuple[int, bool]], *, by: User | None = None) -> Iterator[tuple]:
        page = visit("about:blank", by=by, scripts=True)
        for width, dark in screens:
            page.set_viewport_size({"width": width, "height": 800})
            page.emulate_media(color_scheme="dark" if dark else "light")
            page.goto(path)
            yield page, width, dark

    return each


def session_of(user: User) -> str:
    """Return the key of a new session of `user`."""
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client.cookies[settings.SESSION_COOKIE_NAME].value


@pytest.fixture(scope="session")
def assert_accessible() -> Callable[..., None]:
    """Return `assert_accessible(page)`: axe finds no violation of WCAG 2.2 A and AA. Needs a page with scripts.

    Like `fits_the_screen` it waits for the page: a click returns as soon as the next page has begun to arrive.
    """
    source = AXE.read_text()

    def check(page) -> None:
        page.wait_for_load_state()
        page.evaluate(source)
        # Only violations are described in full: describing what passed takes as long as all the rest.
        tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
        found = page.evaluate("tags => axe.run({runOnly: tags, resultTypes: ['violations']})", tags)["violations"]
        words = [f"{v['id']}: {v['help']}: {[n['html'][:160] for n in v['nodes'][:3]]}" for v in found]
        assert not words, f"{page.url}\n" + "\n".join(words)

    return check


@pytest.fixture(scope="session")
def fits_the_screen() -> Callable[..., None]:
    """Return `fits_the_screen(page)`: the page, once it is there whole, never scrolls sideways."""

    def check(page) -> None:
        page.wait_for_load_state()
        wide, screen = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert wide <= screen, f"{page.url} is {wide} px wide on a screen of {screen}"

    return check


@pytest.fixture(scope="session")
def picture() -> Callable[..., None]:
    """Return `picture(page, name)`: keep a picture of the whole page where RUMAH_SCREENSHOTS says, else nothing."""
    folder = os.environ.get(PICTURES)

    def take(page, name: str) -> None:
        if folder:
            page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)

    return take
