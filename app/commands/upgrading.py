"""Bringing a store to this version: the migrations, and what they cannot work out."""

from app.content.content_type import Catalogue
from app.editing.listing import is_worked_out, work_out
from app.store import migrating
from app.store.database import Database


def upgrade_store(store: Database, kinds: Catalogue) -> None:
    """Makes the migrations, and works out what drafts are found by where a migration left that open."""
    migrating.upgrade(store, more=kinds.migrations)
    _work_out(store, kinds)


def prepare_store(store: Database, kinds: Catalogue, when: str) -> None:
    """Does the same where a start may, as the setting `MIGRATE` says.

    Raises `OtherSchema` where the tables are not those of this version and a start may not change them.
    """
    migrating.prepare(store, when, more=kinds.migrations)
    _work_out(store, kinds)


def _work_out(store: Database, kinds: Catalogue) -> None:
    with store.reading() as connection:
        if is_worked_out(connection, kinds):
            return
    with store.transaction(exclusive=True) as connection:
        work_out(connection, kinds)
