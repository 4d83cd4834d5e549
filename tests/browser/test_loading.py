"""What pages and cards load, how much that weighs, and what shows before and without scripts."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import OpenPage

CARDS = ("/embed/exercises/open-arm-upper-back-stretch", "/embed/routines/four-week-upper-back-progression")
PAGES = ("/", "/exercises/open-arm-upper-back-stretch", "/routines/desk-break-three-minutes", "/embed")
MOST_BYTES = 40 * 1024


def loaded(page: Page, address: str) -> tuple[list[str], int]:
    """The addresses that a page asks for, and their bytes over the wire, headers included."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    total, asked = 0, []

    def count(event: dict[str, float]) -> None:
        nonlocal total
        total += int(event["encodedDataLength"])

    session.on("Network.loadingFinished", count)
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address, wait_until="networkidle")
    return asked, total


@pytest.mark.parametrize("path", CARDS + PAGES)
def test_nothing_is_asked_of_another_origin_and_cards_weigh_at_most_40_kib(
    open_page: OpenPage, origin: str, path: str, said: list[str]
) -> None:
    asked, total = loaded(open_page(), origin + path)
    assert [url for url in asked if not url.startswith(origin)] == []
    assert said == []
    if path in CARDS:
        assert len(asked) >= 3
        assert 5_000 < total <= MOST_BYTES


# Not `wait_for_function`: it evaluates a string in the page, which our policy forbids.
PAINTED = """() => new Promise((done) => new PerformanceObserver((list) => {
    if (list.getEntriesByName("first-contentful-paint").length) done();
}).observe({ type: "paint", buffered: true }))"""


@pytest.mark.parametrize("path", CARDS)
def test_first_paint_does_not_wait_for_scripts(open_page: OpenPage, origin: str, path: str) -> None:
    page = open_page()
    held: list[Route] = []
    page.route(re.compile(r"\.js$"), lambda route: held.append(route))  # noqa: PLW0108  # playwright looks at the function
    page.goto(origin + path, wait_until="commit")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.evaluate(PAINTED)
    assert held
    for route in held:
        route.abort()


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_whole_without_scripts(open_page: OpenPage, origin: str, path: str) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(origin + path)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert len(page.locator("main").inner_text()) > 300


class TestBrowsing:
    def test_finds_as_one_types(self, open_page: OpenPage, origin: str, said: list[str]) -> None:
        page = open_page()
        page.goto(origin)
        page.get_by_label("Search").press_sequentially("wall angel")
        expect(page.locator("[data-tiles] > li")).to_have_count(1)
        expect(page.get_by_role("link", name="Wall angel")).to_be_visible()
        assert page.url.endswith("/?q=wall+angel")
        page.get_by_label("Search").fill("")
        expect(page.locator("[data-tiles] > li")).to_have_count(24)
        page.get_by_label("Equipment").select_option("Foam roller")
        expect(page.get_by_role("status")).to_have_text(re.compile(r"^\d exercises?$"))
        assert said == []


class TestLevels:
    def test_are_a_control_without_scripts_too(self, open_page: OpenPage, origin: str) -> None:
        page = open_page(java_script_enabled=False)
        page.goto(f"{origin}/embed/exercises/wall-angel")
        expect(page.get_by_text("Arms off the wall")).to_be_visible()
        page.get_by_label("Strong").check()
        expect(page.get_by_text("Elbows and hands on the wall", exact=False).first).to_be_visible()
        expect(page.get_by_text("Arms off the wall")).to_be_hidden()


class TestBuilder:
    def test_shows_and_copies_what_is_chosen(self, open_page: OpenPage, origin: str, said: list[str]) -> None:
        page = open_page(permissions=["clipboard-read", "clipboard-write"])
        page.goto(f"{origin}/embed")
        page.get_by_label("Show").select_option("routine:desk-break-three-minutes")
        page.get_by_label("Theme").select_option("Dark")
        expect(page.frame_locator("iframe").locator("html")).to_have_attribute("data-theme", "dark")
        page.get_by_role("button", name="Copy").first.click()
        expect(page.get_by_role("button", name="Copied")).to_be_visible()
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied.startswith('<limber-routine slug="desk-break-three-minutes" theme="dark">')
        assert said == []


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/exercises/open-arm-upper-back-stretch", 1),
        ("/exercises/overhead-upper-back-stretch", 1),
        ("/exercises/downward-facing-dog", 1),
        ("/exercises/cat-cow?lang=es", 1),
        ("/routines/desk-break-three-minutes", 1),
        ("/routines/morning-mobility?lang=es", 1),
        # Courses of several stages may need a second one.
        ("/routines/four-week-upper-back-progression", 2),
        ("/routines/rounded-shoulders-programme", 2),
    ],
)
def test_handout_is_one_page(open_page: OpenPage, origin: str, path: str, most: int) -> None:
    page = open_page()
    page.goto(origin + path)
    for size in ("A4", "Letter"):
        printed = page.pdf(format=size)
        assert len(re.findall(rb"/Type /Page\b", printed)) <= most, size
    page.emulate_media(media="print")
    expect(page.get_by_role("img", name="QR code")).to_be_visible()
    expect(page.locator(".red-flags li").first).to_be_visible()
    expect(page.get_by_role("heading", name=re.compile("^(Stop if|Detente si)$"))).to_be_visible()
    expect(page.get_by_role("navigation")).to_be_hidden()
