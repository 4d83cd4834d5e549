"""The custom elements on a partner's page of another origin, under a strict policy."""

import time
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from app.embed.elements import elements_integrity
from tests.applications import application
from tests.browser.conftest import OpenPage, PartnerSite
from tests.settings import settings_for
from tests.waiting import PATIENCE_SECONDS

EXERCISE = '<limber-exercise slug="wall-angel"><a href="#">Wall angel</a></limber-exercise>'
ROUTINE = '<limber-routine slug="desk-break-three-minutes"><a href="#">Desk break</a></limber-routine>'


def script(origin: str) -> str:
    return (
        f'<script src="{origin}/embed/v1/limber.js" integrity="{elements_integrity()}" crossorigin="anonymous"'
        " async></script>"
    )


def height(page: Page, element: str) -> float:
    found: float = page.locator(f"{element} >> iframe").evaluate("frame => frame.getBoundingClientRect().height")
    return found


def content_height(page: Page, element: str) -> float:
    card = page.frame_locator(f"{element} >> iframe").locator("main")
    found: float = card.evaluate("main => main.getBoundingClientRect().height")
    return found


def wait_for_fit(page: Page, element: str) -> None:
    card = page.frame_locator(f"{element} >> iframe").locator("main")
    expect(card).to_be_visible()
    wait_until(page, lambda: abs(height(page, element) - content_height(page, element)) <= 2)


def wait_until(page: Page, condition: Callable[[], bool]) -> None:
    """Waits for a state of a page, which goes on meanwhile."""
    until = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < until
        page.wait_for_timeout(50)


class TestBothElements:
    def test_appear_fit_and_are_silent(
        self, open_page: OpenPage, partner_site: PartnerSite, origin: str, said: list[str]
    ) -> None:
        address = partner_site.add("/both", f"{EXERCISE}{ROUTINE}{EXERCISE}{script(origin)}", origin=origin)
        page = open_page(viewport={"width": 500, "height": 4000})
        page.goto(address)
        for element in ("limber-exercise >> nth=0", "limber-routine", "limber-exercise >> nth=1"):
            wait_for_fit(page, element)
        before = height(page, "limber-exercise >> nth=0")
        page.frame_locator("limber-exercise >> nth=0 >> iframe").get_by_text("What it works on").click()
        wait_until(page, lambda: height(page, "limber-exercise >> nth=0") > before + 50)
        wait_for_fit(page, "limber-exercise >> nth=0")
        page.set_viewport_size({"width": 260, "height": 4000})
        wait_for_fit(page, "limber-routine")
        assert said == []

    def test_frames_are_named_for_screen_readers(
        self, open_page: OpenPage, partner_site: PartnerSite, origin: str
    ) -> None:
        page = open_page()
        page.goto(partner_site.add("/named", EXERCISE + script(origin), origin=origin))
        expect(page.locator("iframe")).to_have_attribute("title", "Wall angel")

    def test_leave_no_globals(self, open_page: OpenPage, partner_site: PartnerSite, origin: str) -> None:
        page = open_page()
        page.goto(partner_site.add("/bare", EXERCISE, origin=origin))
        before = page.evaluate("Object.getOwnPropertyNames(window)")
        page.goto(partner_site.add("/with", EXERCISE + script(origin), origin=origin))
        expect(page.locator("iframe")).to_be_attached()
        after = page.evaluate("Object.getOwnPropertyNames(window)")
        assert [name for name in set(after) - set(before) if not name.isdigit()] == []

    def test_are_a_plain_link_without_scripts(
        self, open_page: OpenPage, partner_site: PartnerSite, origin: str
    ) -> None:
        page = open_page(java_script_enabled=False)
        page.goto(partner_site.add("/plain", EXERCISE + script(origin), origin=origin))
        expect(page.get_by_role("link", name="Wall angel")).to_be_visible()

    def test_what_is_no_slug_stays_a_link(self, open_page: OpenPage, partner_site: PartnerSite, origin: str) -> None:
        no_slugs = ("", "../x", "a b", "//evil.example")
        elements = "".join(EXERCISE.replace("wall-angel", no_slug) for no_slug in no_slugs)
        page = open_page()
        page.goto(partner_site.add("/noslug", elements + script(origin), origin=origin))
        page.wait_for_function("() => Boolean(customElements.get('limber-exercise'))")
        expect(page.get_by_role("link", name="Wall angel")).to_have_count(len(no_slugs))
        for link in page.get_by_role("link", name="Wall angel").all():
            expect(link).to_be_visible()
        expect(page.locator("iframe")).to_have_count(0)


class TestChanges:
    def test_theme_switches_without_loading_anew(
        self, open_page: OpenPage, partner_site: PartnerSite, origin: str, said: list[str]
    ) -> None:
        page = open_page(color_scheme="light", viewport={"width": 500, "height": 2000})
        page.goto(partner_site.add("/theme", ROUTINE + script(origin), origin=origin))
        wait_for_fit(page, "limber-routine")
        inside = page.frame_locator("iframe")
        inside.get_by_role("button", name="Skip").click()
        second = inside.locator(".queue .name").nth(1).inner_text()
        card = inside.locator("main")
        light = card.evaluate("main => getComputedStyle(main).backgroundColor")
        page.locator("limber-routine").evaluate("element => element.setAttribute('theme', 'dark')")
        expect(inside.locator("html")).to_have_attribute("data-theme", "dark")
        assert card.evaluate("main => getComputedStyle(main).backgroundColor") != light
        expect(inside.locator("[data-name]")).to_have_text(second)
        assert said == []

    def test_another_slug_shows_another_card(self, open_page: OpenPage, partner_site: PartnerSite, origin: str) -> None:
        page = open_page()
        page.goto(partner_site.add("/slug", EXERCISE + script(origin), origin=origin))
        expect(page.frame_locator("iframe").locator("h1")).to_have_text("Wall angel")
        page.locator("limber-exercise").evaluate("element => element.setAttribute('slug', 'bird-dog')")
        expect(page.frame_locator("iframe").locator("h1")).to_have_text("Bird dog")

    def test_removed_elements_leave_nothing_and_may_come_back(
        self, open_page: OpenPage, partner_site: PartnerSite, origin: str, said: list[str]
    ) -> None:
        page = open_page(viewport={"width": 500, "height": 3000})
        page.goto(partner_site.add("/removed", EXERCISE + script(origin), origin=origin))
        wait_for_fit(page, "limber-exercise")
        page.evaluate(
            "() => { window.kept = document.querySelector('limber-exercise'); kept.remove();"
            " postMessage({limber: 'height', height: 9}, '*'); }"
        )
        assert page.evaluate("kept.shadowRoot.children.length") == 0
        assert len(page.frames) == 1
        page.evaluate("document.body.append(kept)")
        wait_for_fit(page, "limber-exercise")
        assert said == []


class TestMessages:
    def test_of_other_windows_are_ignored(self, open_page: OpenPage, partner_site: PartnerSite, origin: str) -> None:
        page = open_page(viewport={"width": 500, "height": 3000})
        page.goto(partner_site.add("/forged", EXERCISE + ROUTINE + script(origin), origin=origin))
        wait_for_fit(page, "limber-exercise")
        wait_for_fit(page, "limber-routine")
        before = height(page, "limber-exercise")
        page.evaluate("postMessage({limber: 'height', height: 9999}, '*')")
        exercise, routine = (
            next(frame for frame in page.frames if f"/{kind}/" in frame.url) for kind in ("exercises", "routines")
        )
        # Of the right origin, but not of its own frame: moves its own element alone.
        routine.evaluate("parent.postMessage({limber: 'height', height: 777}, '*')")
        # It was sent last: whatever the first one does is done by then.
        wait_until(page, lambda: height(page, "limber-routine") == 777)
        assert height(page, "limber-exercise") == before
        # To a card from a window that does not frame it; the last listener hears of it when the card's own has.
        exercise.evaluate(
            "() => new Promise(heard => {"
            " addEventListener('message', () => heard(), {once: true});"
            " postMessage({limber: 'theme', theme: 'dark'}, '*') })"
        )
        assert exercise.evaluate("document.documentElement.dataset.theme ?? null") is None

    def test_with_heights_that_are_none_change_nothing(
        self, open_page: OpenPage, partner_site: PartnerSite, origin: str
    ) -> None:
        page = open_page(viewport={"width": 500, "height": 3000})
        page.goto(partner_site.add("/heights", EXERCISE + script(origin), origin=origin))
        wait_for_fit(page, "limber-exercise")
        before = height(page, "limber-exercise")
        # The last listener hears of a message when the script's own has.
        page.evaluate("() => { window.heard = 0; addEventListener('message', () => { window.heard += 1 }) }")
        for number, sent in enumerate(("'1e9'", "-5", "0", "Infinity", "NaN", "{}", "100001", "null"), start=1):
            page.frames[1].evaluate(f"parent.postMessage({{limber: 'height', height: {sent}}}, '*')")
            page.frames[1].evaluate("parent.postMessage(null, '*')")
            wait_until(page, lambda number=number: page.evaluate("window.heard") >= 2 * number)  # type: ignore[misc]  # mypy knows no such default
            assert height(page, "limber-exercise") == before, sent


class TestPartners:
    def test_only_listed_origins_frame_a_partners_card(
        self, open_page: OpenPage, partner_site: PartnerSite, origin: str, live_folder: Path
    ) -> None:
        element = '<limber-exercise slug="wall-angel" partner="clinic"></limber-exercise>'
        listed = partner_site.add("/partner", element + script(origin), origin=origin)
        app = application(settings_for(f"sqlite:///{live_folder / 'live.db'}"))
        command = ["partners", "add", "clinic", "--name", "A clinic", "--origin", listed.removesuffix("/partner")]
        assert app.test_cli_runner().invoke(args=command).exit_code == 0
        app.extensions["limber_database"].dispose()
        page = open_page(viewport={"width": 500, "height": 3000})
        page.goto(listed)
        wait_for_fit(page, "limber-exercise")
        refused: list[str] = []
        other = open_page()
        other.on("console", lambda message: refused.append(message.text))
        other.goto(listed.replace("localhost", "127.0.0.1"))
        expect(other.locator("iframe")).to_be_attached()
        wait_until(other, lambda: any("frame-ancestors" in text for text in refused))
        wait_until(other, lambda: other.frames[1].url.startswith("chrome-error:"))
