"""A real browser, Debian's chromium, over a live server and over a partner's site on another origin.

Without chromium these tests are skipped, and the run says so as it begins.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.live_server import serving
from tests.left_out import CHROMIUM, NO_CHROMIUM
from tests.stores import MakeStore
from tests.waiting import PATIENCE_SECONDS

OpenPage = Callable[..., Page]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, started once."""
    if CHROMIUM is None:
        pytest.skip(NO_CHROMIUM)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        expect.set_options(timeout=PATIENCE_SECONDS * 1000)
        yield started
        started.close()


@pytest.fixture(scope="session")
def live_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the live server keeps its database."""
    return tmp_path_factory.mktemp("live")


@pytest.fixture(scope="session")
def origin(live_folder: Path, make_seeded_sqlite: MakeStore) -> Iterator[str]:
    """The origin of a live, seeded server."""
    shutil.copy(make_seeded_sqlite().removeprefix("sqlite:///"), live_folder / "live.db")
    with serving(live_folder) as started:
        yield started


class PartnerSite:
    """A site of somebody else's: pages by path, under a Content-Security-Policy of its own."""

    def __init__(self) -> None:
        self.pages: dict[str, tuple[str, str]] = {}
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body, policy = site.pages.get(self.path, ("", "default-src 'none'"))
                self.send_response(200 if self.path in site.pages else 404)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Security-Policy", policy)
                self.end_headers()
                with suppress(BrokenPipeError, ConnectionResetError):
                    self.wfile.write(body.encode())

            def log_message(self, *_arguments: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        Thread(target=self.server.serve_forever, daemon=True).start()

    def add(self, path: str, body: str, *, origin: str, host: str = "localhost") -> str:
        """Publishes a page that may run scripts of, and frame, nothing but `origin`; its address."""
        policy = f"default-src 'none'; script-src {origin}; frame-src {origin}; require-trusted-types-for 'script'"
        head = (
            '<!doctype html><html lang="en"><meta charset="utf-8"><title>Clinic</title><link rel="icon" href="data:,">'
        )
        self.pages[path] = (head + body, policy.replace("default-src 'none'", "default-src 'none'; img-src data:"))
        return f"http://{host}:{self.server.server_port}{path}"


@pytest.fixture(scope="session")
def partner_site() -> Iterator[PartnerSite]:
    """A partner's site, on another port, reached as `localhost` where the service is `127.0.0.1`."""
    site = PartnerSite()
    yield site
    site.server.shutdown()
    site.server.server_close()


@pytest.fixture
def said() -> list[str]:
    """What the consoles of the opened pages said, errors of scripts included."""
    return []


@pytest.fixture
def contexts() -> Iterator[list[BrowserContext]]:
    """The contexts that a test opened, which are closed after it."""
    opened: list[BrowserContext] = []
    yield opened
    for context in opened:
        context.close()


@pytest.fixture
def open_page(browser: Browser, contexts: list[BrowserContext], said: list[str]) -> OpenPage:
    """Opens an empty page in a context of its own; keyword arguments are the context's."""

    def opener(**options: Any) -> Page:
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_SECONDS * 1000)
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        return page

    return opener
