"""The history of releases: their digests, and how far back their changes are kept."""

from sqlalchemy import Connection, func, select

from app.models.tables import release, sync_horizon
from app.store.state import GENESIS


def horizon(connection: Connection) -> int:
    """The oldest revision to sync from: changes before it may have been pruned, all later ones are kept."""
    return int(connection.execute(select(sync_horizon.c.revision)).scalar_one())


def chain_at(connection: Connection, revision: int) -> str | None:
    """The chained digest of a revision; None where there was no such release."""
    if revision == 0:
        return GENESIS
    return connection.execute(select(release.c.digest).where(release.c.revision == revision)).scalar()


def changes_between(connection: Connection, since: int, until: int) -> int:
    """How many documents, in all languages, the releases in (since, until] wrote or deleted."""
    total = func.coalesce(func.sum(release.c.changed + release.c.deleted), 0)
    statement = select(total).where(release.c.revision > since, release.c.revision <= until)
    return int(connection.execute(statement).scalar_one())
