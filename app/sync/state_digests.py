"""The digest of a state: the sum, modulo 2**256, of the SHA-256 of every document as it is sent.

A sum does not depend on the order, so a client can keep it up to date document by document. This module does the same:
it remembers the sums of the newest states, by kind, and adds to them what a release changed. `docs/sync.md` shows how a
client computes the digest. The digest finds mistakes, and with its signature
mirrors that lie (`releasing.signing`).
"""

import hashlib
from collections import OrderedDict
from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, select

from app.content.documents import with_origin
from app.content.working_copy import batches
from app.models.tables import document, document_version
from app.store.state import State
from app.sync.changes import FEW, PAIRS
from app.sync.history import chain_at, changes_between, horizon, newest_versions
from app.sync.long_work import LongWork

MODULUS = 2**256
KEPT = 8
"""How many states are remembered."""

BUFFERED_ROWS = 500


class StateDigests:
    """The digests of a store's newest states. Threads can share it."""

    def __init__(self, origin: str) -> None:
        self._origin = origin
        self._work = LongWork("The digest of the whole catalogue is computed")
        self._sums: OrderedDict[tuple[State, str], dict[str, int]] = OrderedDict()

    def at(self, connection: Connection, state: State, kinds: Sequence[str], language: str) -> str:
        """The digest of the current state, as the connection sees it, in hexadecimal.

        Raises `Crowded` if another thread has been computing one for a while.
        """
        # A digest that is known already is given without waiting for other threads.
        sums = self._sums.get((state, language))
        if sums is None:
            with self._work.alone():
                sums = self._sums_of(connection, state, language)
        return f"{sum(sums.get(kind, 0) for kind in kinds) % MODULUS:064x}"

    def _sums_of(self, connection: Connection, state: State, language: str) -> dict[str, int]:
        key = (state, language)
        if key not in self._sums:
            known = self._nearest(connection, state, language)
            self._sums[key] = (
                self._forward(connection, known, state, language) if known else self._whole(connection, language)
            )
            while len(self._sums) > KEPT:
                self._sums.popitem(last=False)
        return self._sums[key]

    def _nearest(self, connection: Connection, state: State, language: str) -> State | None:
        """A slightly older state of the same history whose sums are known."""
        oldest = horizon(connection)
        for known, of in reversed(self._sums):
            near = of == language and oldest <= known.revision < state.revision
            if near and changes_between(connection, known.revision, state.revision) <= FEW:
                return known if chain_at(connection, known.revision) == known.digest else None
        return None

    def _whole(self, connection: Connection, language: str) -> dict[str, int]:
        statement = select(document.c.kind, document.c.body).where(document.c.language == language)
        sums: dict[str, int] = {}
        for row in connection.execution_options(yield_per=BUFFERED_ROWS).execute(statement):
            sums[row.kind] = (sums.get(row.kind, 0) + self._number(row.body)) % MODULUS
        return sums

    def _forward(self, connection: Connection, known: State, state: State, language: str) -> dict[str, int]:
        sums = dict(self._sums[known, language])
        changed = select(document_version.c.kind, document_version.c.slug).where(
            document_version.c.revision > known.revision,
            document_version.c.revision <= state.revision,
            document_version.c.language == language,
        )
        keys = [(row.kind, row.slug) for row in connection.execute(changed.distinct())]
        for until, sign in ((known.revision, -1), (state.revision, 1)):
            for kind, body in self._bodies(connection, keys, until, language):
                sums[kind] = (sums.get(kind, 0) + sign * self._number(body)) % MODULUS
        return sums

    def _bodies(
        self, connection: Connection, keys: Sequence[tuple[str, str]], until: int, language: str
    ) -> Iterator[tuple[str, bytes]]:
        """The kinds and bodies of the documents that were published under these keys at a revision."""
        for batch in batches(keys, PAIRS):
            columns = (document_version.c.kind, document_version.c.body)
            statement = newest_versions(columns, batch, language, until)
            for row in connection.execute(statement.where(document_version.c.body.is_not(None))):
                yield row.kind, row.body

    def _number(self, body: bytes) -> int:
        return int.from_bytes(hashlib.sha256(with_origin(bytes(body), self._origin)).digest())
