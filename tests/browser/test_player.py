"""The routine player: plays to the end under a fake clock, by keyboard alone, and stands when nobody looks."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage, PartnerSite
from tests.browser.test_elements import ROUTINE, script, wait_for_fit

CARD = "/embed/routines/desk-break-three-minutes"
SESSION = 175
"""Seconds of the routine, as its document says."""
FIRST_REST = 142
"""The second at which the first rest of the second stage of `three-day-prevention` begins."""
FINISHED = "Breathe normally for a while before you stand up. Done. Well done. You have finished."


@pytest.fixture
def player(open_page: OpenPage, origin: str) -> Page:
    page = open_page()
    at_rest(page, origin + CARD)
    return page


def at_rest(page: Page, address: str, start: str = "Start") -> None:
    """Opens a player whose clock only moves when the test says so."""
    page.clock.install(time="2026-11-26T08:00:00")
    page.goto(address)
    expect(page.get_by_role("button", name=start)).to_be_visible()
    page.clock.pause_at("2026-11-26T09:00:00")


def shown(page: Page, part: str) -> str:
    return page.locator(f"[data-{part}]").inner_text()


class TestPlaying:
    def test_shows_what_is_done_on_which_side_and_what_comes_next(self, player: Page) -> None:
        player.get_by_role("button", name="Start").click()
        assert (shown(player, "clock"), shown(player, "phase-name")) == ("6", "Get ready")
        assert shown(player, "text") == "Sit tall on a firm chair with both feet flat on the floor."
        assert shown(player, "following") == "Next: Look straight ahead with your chin level."
        player.clock.run_for(2_000)
        assert shown(player, "clock") == "4"
        player.clock.run_for(10_200)
        assert (shown(player, "phase-name"), shown(player, "clock")) == ("Move", "3")
        assert shown(player, "text") == "Turn your head slowly to one side."
        assert shown(player, "count") == "Repetition 1 of 3 · Left"
        assert shown(player, "whole") == "0:12 of 2:55"
        player.clock.run_for(5_000)
        assert shown(player, "phase-name") == "And back"
        assert shown(player, "following") == "Next: Right. Turn your head slowly to one side."
        player.clock.run_for(4_000)
        assert shown(player, "count") == "Repetition 1 of 3 · Right"

    def test_speaks_the_language_of_the_card(self, open_page: OpenPage, origin: str) -> None:
        page = open_page()
        at_rest(page, f"{origin}{CARD}?lang=es", start="Empezar")
        page.get_by_role("button", name="Empezar").click()
        page.clock.run_for(12_200)
        assert (shown(page, "phase-name"), shown(page, "count")) == ("Muévete", "Repetición 1 de 3 · Izquierda")
        expect(page.get_by_role("status")).to_have_text("Izquierda. Gira la cabeza despacio hacia un lado.")

    def test_counts_breaths(self, player: Page) -> None:
        for _ in range(2):
            player.get_by_role("button", name="Skip").click()
        player.get_by_role("button", name="Start").click()
        player.clock.run_for(12_200)
        assert (shown(player, "phase-name"), shown(player, "count")) == ("Breathe in", "Breath 1 of 5")
        player.clock.run_for(7_000)
        assert (shown(player, "phase-name"), shown(player, "count")) == ("Breathe in", "Breath 2 of 5")

    def test_reaches_the_end_after_the_sessions_time(self, player: Page) -> None:
        player.get_by_role("button", name="Start").click()
        player.clock.run_for((SESSION - 2) * 1000)
        assert shown(player, "phase-name") != "Done"
        player.clock.run_for(3_000)
        assert shown(player, "phase-name") == "Done"
        expect(player.get_by_role("button", name="Start again")).to_be_visible()
        expect(player.get_by_role("status")).to_have_text(FINISHED)
        assert shown(player, "text") == "Breathe normally for a while before you stand up. Done"
        assert shown(player, "whole") == "2:55 of 2:55"

    def test_pauses_and_goes_on_where_it_stood(self, player: Page) -> None:
        player.get_by_role("button", name="Start").click()
        player.clock.run_for(2_000)
        player.get_by_role("button", name="Pause").click()
        player.clock.run_for(60_000)
        assert (shown(player, "clock"), shown(player, "phase-name")) == ("4", "Paused")
        player.get_by_role("button", name="Go on").click()
        player.clock.run_for(1_000)
        assert shown(player, "clock") == "3"

    def test_skips_and_goes_back_by_exercise(self, player: Page) -> None:
        player.get_by_role("button", name="Skip").click()
        assert shown(player, "name") == "Shoulder blade squeeze"
        player.get_by_role("button", name="Previous").click()
        assert shown(player, "name") == "Neck rotation"
        for _ in range(3):
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
        assert (shown(player, "clock"), shown(player, "phase-name")) == ("5", "Paused")

    def test_tells_screen_readers_phases_and_not_seconds(self, player: Page) -> None:
        status = player.get_by_role("status")
        player.get_by_role("button", name="Start").click()
        instruction = "Sit tall on a firm chair with both feet flat on the floor."
        expect(status).to_have_text(f"Neck rotation. {instruction} 3 repetitions, hold 2 s, each side")
        player.clock.run_for(12_200)
        expect(status).to_have_text("Left. Turn your head slowly to one side.")
        player.clock.run_for(1_000)
        expect(status).to_have_text("Left. Turn your head slowly to one side.")
        player.clock.run_for(8_200)
        expect(status).to_have_text("Right. Turn your head slowly to one side.")

    def test_tells_screen_readers_how_long_a_hold_or_a_rest_is(self, open_page: OpenPage, origin: str) -> None:
        page = open_page()
        at_rest(page, f"{origin}/embed/routines/three-day-prevention")
        page.get_by_label("Stage").select_option(index=1)
        page.get_by_role("button", name="Start").click()
        page.clock.run_for(FIRST_REST * 1000 + 200)
        expect(page.get_by_role("status")).to_have_text("Rest. 45 seconds")
        page.clock.run_for(45_000)
        expect(page.get_by_role("status")).to_have_text("Set 2.")


class TestKeyboard:
    def test_alone_plays_a_routine(self, player: Page) -> None:
        player.locator("body").press("Tab")
        for _ in range(12):
            if player.evaluate("document.activeElement.matches('[data-toggle]')"):
                break
            player.keyboard.press("Tab")
        player.keyboard.press("Enter")
        player.clock.run_for(1_200)
        assert shown(player, "clock") == "5"
        player.keyboard.press("Space")
        assert shown(player, "phase-name") == "Paused"
        player.keyboard.press("Space")
        player.clock.run_for((SESSION) * 1000)
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
        for _ in range(SESSION + 2):
            page.clock.run_for(1_000)
        expect(inside.locator("[data-phase-name]")).to_have_text("Done")
        assert said == []

    def test_plays_in_a_frame_that_has_no_origin(
        self, open_page: OpenPage, partner_site: PartnerSite, origin: str
    ) -> None:
        page = open_page()
        frame = f'<iframe sandbox="allow-scripts" src="{origin}{CARD}"></iframe>'
        page.goto(partner_site.add("/sandbox", frame, origin=origin))
        page.frame_locator("iframe").get_by_role("button", name="Start").click()
        expect(page.frame_locator("iframe").locator("[data-name]")).to_have_text("Neck rotation")
