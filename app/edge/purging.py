"""What a cache of nginx keeps in its folder, deleted after a release: the next request of each address asks Limber."""

import logging
import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from app.errors import StoreUnavailable
from app.store.state import State

KEPT = re.compile(r"[0-9a-f]{32}")
"""How nginx names the file of a kept answer: the MD5 of its key."""

SPARE_SECONDS = 0.5
"""How much longer than they may take for it the processes are given to notice a release."""

log = logging.getLogger(__name__)


def purge(folder: Path) -> int:
    """Deletes the files of kept answers below a folder; how many. No other file is touched.

    nginx takes a file that is gone for an answer that it does not have. A file that it has open it looks for again as
    `open_file_cache_valid` says, in `deploy/nginx` after a second. Raises `OSError` where a file may not be deleted.
    """
    files = [path for path in folder.rglob("*") if KEPT.fullmatch(path.name) and path.is_file()]
    for path in files:
        path.unlink(missing_ok=True)
    return len(files)


def releases_noticed(ask: Callable[[], State], seconds: float, stopped: threading.Event) -> Iterator[State]:
    """The released state and each one after it, once every process that looks for it each so many seconds knows it.

    The state is asked for as often; a store that does not answer is told in the log once and asked again. Several
    releases at once are one. Ends when `stopped` is set.
    """
    known: State | None = None
    is_away = False
    while not stopped.is_set():
        try:
            state = ask()
        except StoreUnavailable as error:
            if not is_away:
                log.warning("Releases are not noticed: %s", error)
            is_away = True
        else:
            if is_away:
                log.warning("Releases are noticed again.")
            is_away = False
            if state != known:
                stopped.wait(seconds + SPARE_SECONDS)
                yield state
            known = state
        stopped.wait(max(seconds, SPARE_SECONDS))
