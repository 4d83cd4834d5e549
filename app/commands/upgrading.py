"""Bringing a store to this version: the migrations, and what they cannot work out."""

from datetime import UTC, datetime

from app.commands.recording import record_release
from app.content.content_type import Catalogue
from app.editing.listing import is_worked_out, work_out
from app.releasing.release import rerender
from app.releasing.signing import read_signer
from app.store import migrating
from app.store.database import Database
from app.web.installed import settings

NOTE = "Documents of a new version"


def upgrade_store(store: Database, kinds: Catalogue) -> None:
    """Makes the migrations, and renders and works out anew what a migration left as it was."""
    migrating.upgrade(store, more=kinds.migrations)
    _work_out(store, kinds)


def prepare_store(store: Database, kinds: Catalogue, when: str) -> None:
    """Does the same where a start may, as the setting `MIGRATE` says.

    Raises `OtherSchema` where the tables are not those of this version and a start may not change them.
    """
    migrating.prepare(store, when, more=kinds.migrations)
    _work_out(store, kinds)


def _work_out(store: Database, kinds: Catalogue) -> None:
    """Works out what drafts are found by, and renders every published document in the form of this version.

    Pages and clients of this version could not read documents of the former one.
    """
    with store.reading() as connection:
        if is_worked_out(connection, kinds):
            return
    with store.transaction(exclusive=True) as connection:
        now = datetime.now(UTC)
        work_out(connection, kinds)
        released = rerender(connection, kinds, note=NOTE, now=now, signer=read_signer(settings().signing_key_file))
        if released is not None:
            record_release(connection, released, NOTE, now=now)
