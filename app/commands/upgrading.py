"""Bringing a store to this version: the migrations, and what they cannot work out."""

from app.content.content_type import Catalogue
from app.editing.listing import is_worked_out, work_out
from app.store import migrating
from app.store.database import Database


def upgrade_store(store: Database, kinds: Catalogue) -> None:
    """Makes the migrations, and works out what drafts are found by where a migration left that open."""
    migrating.upgrade(store, more=kinds.migrations)
    with store.reading() as connection:
        if is_worked_out(connection, kinds):
            return
    with store.transaction(exclusive=True) as connection:
        work_out(connection, kinds)
