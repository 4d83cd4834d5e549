"""The routine player: plays to the end under a fake clock, by keyboard alone, and stands when nobody looks."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage, PartnerSite
from tests.browser.test_elements import ROUTINE, script, wait_for_fit

CARD = "/embed/routines/desk-break-three-minutes"
PREPARING = 6 * 5
SESSION = 178
"""Seconds of the routine, as its document says."""


@pytest.fixture
def player(open_page: OpenPage, origin: str) -> Page:
    page = open_page()
    page.clock.install()
    page.goto(origin + CARD)
    expect(page.get_by_role("button", name="Start")).to_be_visible()
    return page


def shown(page: Page, part: str) -> str:
    return page.locator(f"[data-{part}]").inner_text()


class TestPlaying:
    def test_counts_preparation_and_repetitions_down(self, player: Page) -> None:
        player.get_by_role("button", name="Start").click()
        assert (shown(player, "clock"), shown(player, "phase-name")) == ("5", "Get ready")
        player.clock.run_for(2_000)
        assert shown(player, "clock") == "3"
        player.clock.run_for(3_200)
        assert (shown(player, "phase-name"), shown(player, "count")) == ("Move", "Repetition 1 of 8")
        player.clock.run_for(4_000)
        assert shown(player, "count") == "Repetition 2 of 8"

    def test_reaches_the_end_after_the_sessions_time(self, player: Page) -> None:
        player.get_by_role("button", name="Start").click()
        player.clock.run_for((SESSION + PREPARING - 2) * 1000)
        assert shown(player, "phase-name") != "Done"
        player.clock.run_for(3_000)
        assert shown(player, "phase-name") == "Done"
        expect(player.get_by_role("button", name="Start again")).to_be_visible()
        expect(player.get_by_role("status")).to_have_text("Well done. You have finished.")

    def test_pauses_and_goes_on_where_it_stood(self, player: Page) -> None:
        player.get_by_role("button", name="Start").click()
        player.clock.run_for(2_000)
        player.get_by_role("button", name="Pause").click()
        player.clock.run_for(60_000)
        assert (shown(player, "clock"), shown(player, "phase-name")) == ("3", "Paused")
        player.get_by_role("button", name="Go on").click()
        player.clock.run_for(1_000)
        assert shown(player, "clock") == "2"

    def test_skips_and_goes_back_by_exercise(self, player: Page) -> None:
        player.get_by_role("button", name="Skip").click()
        assert shown(player, "name") == "Neck rotation"
        player.get_by_role("button", name="Previous").click()
        assert shown(player, "name") == "Shoulder rolls"
        for _ in range(6):
            player.get_by_role("button", name="Skip").click()
        assert shown(player, "phase-name") == "Done"
        player.get_by_role("button", name="Previous").click()
        assert shown(player, "name") == "Long exhale breathing"

    def test_stands_when_the_page_is_hidden(self, player: Page) -> None:
        player.get_by_role("button", name="Start").click()
        player.clock.run_for(1_000)
        player.evaluate(
            "() => { Object.defineProperty(document, 'hidden', {get: () => true, configurable: true});"
            " document.dispatchEvent(new Event('visibilitychange')); }"
        )
        player.clock.run_for(30_000)
        assert (shown(player, "clock"), shown(player, "phase-name")) == ("4", "Paused")

    def test_tells_screen_readers_phases_and_not_seconds(self, player: Page) -> None:
        status = player.get_by_role("status")
        player.get_by_role("button", name="Start").click()
        expect(status).to_have_text("Get ready. Shoulder rolls. 8 repetitions")
        player.clock.run_for(5_200)
        expect(status).to_have_text("Move. Repetition 1 of 8")
        player.clock.run_for(12_000)
        expect(status).to_have_text("Move. Repetition 1 of 8")
        player.get_by_role("button", name="Skip").click()
        player.clock.run_for(5_200)
        expect(status).to_have_text(re.compile("Hold. Repetition 1 of 6 · First side. 2 seconds"))


class TestKeyboard:
    def test_alone_plays_a_routine(self, player: Page) -> None:
        player.locator("body").press("Tab")
        for _ in range(12):
            if player.evaluate("document.activeElement.matches('[data-toggle]')"):
                break
            player.keyboard.press("Tab")
        player.keyboard.press("Enter")
        player.clock.run_for(1_200)
        assert shown(player, "clock") == "4"
        player.keyboard.press("Space")
        assert shown(player, "phase-name") == "Paused"
        player.keyboard.press("Space")
        player.clock.run_for((SESSION + PREPARING) * 1000)
        assert shown(player, "phase-name") == "Done"


class TestMotion:
    def test_is_left_out_where_people_ask_for_less(self, open_page: OpenPage, origin: str) -> None:
        durations = []
        for wish in ("reduce", "no-preference"):
            page = open_page(reduced_motion=wish)
            page.goto(origin + CARD)
            durations.append(page.locator(".ring-run").evaluate("ring => getComputedStyle(ring).transitionDuration"))
        assert durations == ["0s", "0.25s"]


class TestStages:
    def test_are_chosen_and_played_one_by_one(self, open_page: OpenPage, origin: str) -> None:
        page = open_page()
        page.goto(f"{origin}/embed/routines/rounded-shoulders-programme")
        first = shown(page, "name")
        page.get_by_label("Stage").select_option("Strengthen")
        expect(page.get_by_role("heading", name="Strengthen")).to_be_visible()
        expect(page.get_by_role("heading", name="Open", exact=True)).to_be_hidden()
        assert first


class TestFramed:
    def test_plays_to_its_end_on_a_partners_page(
        self, open_page: OpenPage, partner_site: PartnerSite, origin: str, said: list[str]
    ) -> None:
        page = open_page(viewport={"width": 500, "height": 2500})
        page.clock.install()
        page.goto(partner_site.add("/player", ROUTINE + script(origin), origin=origin))
        wait_for_fit(page, "limber-routine")
        inside = page.frame_locator("iframe")
        inside.get_by_role("button", name="Start").click()
        for _ in range(SESSION + PREPARING + 2):
            page.clock.run_for(1_000)
        expect(inside.locator("[data-phase-name]")).to_have_text("Done")
        assert said == []
