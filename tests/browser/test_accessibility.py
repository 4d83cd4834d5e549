"""axe-core over every page and card, light and dark, wide and narrow; and nothing runs over the edge."""

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


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("path", PAGES + CARDS)
def test_axe_finds_no_violation(open_page: OpenPage, origin: str, path: str, width: int, scheme: str) -> None:
    page = open_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.goto(origin + path)
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true; })")
    found = Axe().run(page).response["violations"]
    assert [(each["id"], [node["html"][:200] for node in each["nodes"]]) for each in found] == []


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
