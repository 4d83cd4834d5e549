"""Refused requests to the management face, in the audit: who was turned away from what, and how often.

A flood of refusals must fill neither the store nor the memory, so they are counted in each process, for an hour at a
time: by key and operation where there is a live key, by address where there is none. The audit gets an entry for the
first refusal, the tenth, the hundredth and so on, with the count so far.
"""

import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import Flask, Response, g, request

from app.access import audit, limiting
from app.access.key_store import Holder
from app.access.keys import ID_LENGTH
from app.errors import StoreUnavailable
from app.shapes.fields import SLUG_MAX_LENGTH, SLUG_PATTERN
from app.web.declarations import declared
from app.web.installed import Installed, database

REFUSED = (401, 403, 409, 429)
ACTION = "refused"
HOUR_SECONDS = 3600
MOST_COUNTED = 1000
"""How many addresses are told apart in an hour, and how many pairs of key and operation; more are counted together."""

_NAME = re.compile(rf"(?=.{{1,{SLUG_MAX_LENGTH}}}\Z)(?:{SLUG_PATTERN[1:-1]}|[A-Za-z0-9]{{{ID_LENGTH}}})")
"""What an entry may repeat of a path: slugs and the ids of keys, but no text in which a secret may stand."""


@dataclass(frozen=True)
class Refusal:
    """One refused request, as it is audited. Without a holder, it is known by its address, which is in the detail."""

    holder: Holder | None
    target: str
    request_id: str | None
    detail: dict[str, Any]

    @property
    def group(self) -> tuple[object, ...]:
        """What it is counted with."""
        who = (self.detail["address"],) if self.holder is None else (self.holder.id, self.target)
        return (*who, self.detail["status"])


class Refusals:
    """The refusals of the present hour, counted. Safe to share between threads."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock, self._lock, self._writing = clock, threading.Lock(), threading.Lock()
        self._hour = -1
        # Told apart by whether there is a key, so that a flood from many addresses hides nothing that keys do.
        self._counts: dict[bool, dict[tuple[object, ...], int]] = {}
        self._due: dict[tuple[object, ...], Refusal] = {}

    def count(self, refusal: Refusal) -> None:
        """Counts a refusal, and keeps it to be written where an entry is due."""
        with self._lock:
            hour = int(self._clock()) // HOUR_SECONDS
            if hour != self._hour:
                self._hour, self._counts = hour, {True: {}, False: {}}
            counts = self._counts[refusal.holder is None]
            if refusal.group not in counts and len(counts) >= MOST_COUNTED:
                others = {"status": refusal.detail["status"], "address": "others"}
                refusal = Refusal(None, "others", None, others)
            times = counts[refusal.group] = counts.get(refusal.group, 0) + 1
            if str(times).strip("0") == "1":
                refusal.detail["times"] = times
                self._due[refusal.group] = refusal

    def write(self) -> None:
        """Writes what is due, if anything is. One thread does; while the store is busy, it waits for the next time."""
        if not self._due or not self._writing.acquire(blocking=False):
            return
        with self._lock:
            due, self._due = self._due, {}
        try:
            with database().transaction() as connection:
                for refusal in due.values():
                    audit.record(
                        connection,
                        refusal.holder,
                        ACTION,
                        refusal.target,
                        now=datetime.now(UTC),
                        request_id=refusal.request_id,
                        detail=refusal.detail,
                    )
        except StoreUnavailable:
            with self._lock:
                self._due = due | self._due
        finally:
            self._writing.release()


_refusals: Installed[Refusals] = Installed("limber_refusals")


def install(app: Flask) -> None:
    """Has the application audit what it refuses."""
    _refusals.install(app, Refusals())
    app.after_request(_note)


def _note(response: Response) -> Response:
    if response.status_code in REFUSED and declared().private:
        _refusals().count(_refusal(response.status_code))
        _refusals().write()
    return response


def _refusal(status: int) -> Refusal:
    # With 401 there is no holder: what `g` may hold in a test or a command is of a request before.
    holder: Holder | None = None if status == 401 else g.get("holder")
    detail: dict[str, Any] = {"status": status, "method": request.method}
    if named := [str(value) for value in (request.view_args or {}).values() if _NAME.fullmatch(str(value))]:
        detail["of"] = "/".join(named)
    if holder is None:
        detail["address"] = limiting.address()
    return Refusal(holder, (request.endpoint or "").rpartition(".")[2], g.get("request_id"), detail)
