"""What a run leaves out on this machine, which it says as it begins, and how to have it."""

import shutil

import pytest

BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""One engine. The first, which has no windows at all, opens a page in a quarter of the time."""

CHROMIUM = next(filter(None, map(shutil.which, BROWSERS)), None)
NO_CHROMIUM = (
    "LEFT OUT: tests/browser, pages and cards in a real browser. To have them: apt-get install chromium-headless-shell"
)


@pytest.hookimpl(trylast=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Says it once, whether the run is quiet or not."""
    is_worker = hasattr(session.config, "workerinput")
    if CHROMIUM is None and not is_worker:
        reporter = session.config.pluginmanager.get_plugin("terminalreporter")
        if reporter:
            reporter.write_line(NO_CHROMIUM)
