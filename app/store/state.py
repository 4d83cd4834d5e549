"""Which released state is the current one. Every other room asks here."""

from typing import NamedTuple

from sqlalchemy import Connection, column, select, table

GENESIS = "0" * 64
"""The digest before the first release."""


class State(NamedTuple):
    """A released state: what was public from one release to the next.

    `digest` is the release's own, which chains all releases before it. It tells the revision of a restored or forked
    store from another of the same number. Before the first release, the state is `State(0, GENESIS)`.
    """

    revision: int
    digest: str


# The models of these tables lie above this room.
_counter = table("revision_counter", column("revision"))
_release = table("release", column("revision"), column("digest"))
_CURRENT = select(
    _counter.c.revision,
    select(_release.c.digest).where(_release.c.revision == _counter.c.revision).scalar_subquery().label("digest"),
)


def current_state(connection: Connection) -> State:
    """The newest released state that the connection's transaction sees, in one statement."""
    row = connection.execute(_CURRENT).one()
    return State(row.revision, row.digest or GENESIS)
