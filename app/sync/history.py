"""The history as a request sees it: the newest revision, its chained digest, and how far back changes are kept."""

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from app.models.tables import release, revision_counter, sync_horizon
from app.releasing.digests import GENESIS


@dataclass(frozen=True)
class Head:
    """`revision` is the newest, `chain` its digest; changes are kept since `horizon`."""

    revision: int
    chain: str
    horizon: int


def read_head(connection: Connection) -> Head:
    """The newest revision, in one query."""
    statement = select(
        revision_counter.c.revision,
        select(release.c.digest)
        .where(release.c.revision == revision_counter.c.revision)
        .scalar_subquery()
        .label("chain"),
        select(sync_horizon.c.revision).scalar_subquery().label("horizon"),
    )
    row = connection.execute(statement).one()
    return Head(row.revision, row.chain or GENESIS, row.horizon)


def chain_at(connection: Connection, revision: int) -> str | None:
    """The chained digest of a revision; None where there was no such release."""
    if revision == 0:
        return GENESIS
    return connection.execute(select(release.c.digest).where(release.c.revision == revision)).scalar()


def changes_between(connection: Connection, since: int, until: int) -> int:
    """How many documents, in all languages, the releases in (since, until] wrote or took away."""
    total = func.coalesce(func.sum(release.c.changed + release.c.deleted), 0)
    statement = select(total).where(release.c.revision > since, release.c.revision <= until)
    return int(connection.execute(statement).scalar_one())
