"""axe-core over every page and card, light and dark, wide and narrow; and nothing runs over the edge."""

from itertools import product
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import OpenPage

CARDS = (
    "/embed/exercises/open-arm-upper-back-stretch",
    "/embed/routines/four-week-upper-back-progression",
    "/embed/exercises/nope",
)
BEYOND = """
[...document.querySelectorAll('body *')].some((element) => {
  const box = element.getBoundingClientRect();
  return !element.closest('svg, .out-of-sight, .skip') && box.width > 0 && box.right > innerWidth + 1;
})
"""
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
PAGES = (
    "/",
    "/?q=zzzz",
    "/exercises/open-arm-upper-back-stretch",
    "/routines/four-week-upper-back-progression",
    "/embed",
    "/exercises/nope",
    "/problems",
    "/problems/not-found",
)


@pytest.mark.parametrize("path", PAGES + CARDS)
def test_axe_finds_no_violation(open_page: OpenPage, origin: str, path: str) -> None:
    page = open_page()
    page.goto(origin + path)
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true; })")
    violations = []
    axe = Axe()
    for width, scheme in product((320, 1280), SCHEMES):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        # Colours that are on their way to others are there.
        page.evaluate("document.getAnimations().forEach(each => each.finish())")
        violations += [
            (width, scheme, found["id"], [node["html"][:200] for node in found["nodes"]])
            for found in axe.run(page).response["violations"]
        ]
        axe = Axe("0")  # the page has the script
    assert violations == []


@pytest.mark.parametrize(("paths", "widths"), [(PAGES, (320, 768, 1280)), (CARDS, (240, 320, 768))])
def test_nothing_runs_over_the_edge(
    open_page: OpenPage, origin: str, paths: tuple[str, ...], widths: tuple[int, ...]
) -> None:
    page = open_page()
    over = []
    for path in paths:
        page.goto(origin + path)
        for width in widths:
            page.set_viewport_size({"width": width, "height": 800})
            if page.evaluate(BEYOND):
                over.append((path, width))
    assert over == []
