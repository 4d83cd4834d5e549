"""An editor for tests: drafts in, releases out, on a real store and without files."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, select

from app.content.content_type import Catalogue, EntityKey
from app.content.mapping import Draft
from app.content.working_copy import drafts, entries
from app.editing.bundle import load_draft
from app.editing.plan import Plan, apply_plan, make_plan
from app.errors import Fault
from app.kinds import CATALOGUE
from app.models import tables
from app.releasing.release import Released, release
from app.shapes.languages import DEFAULT_LANGUAGE
from app.store.database import Database
from app.store.state import current_state

UNFINISHED = Catalogue([replace(content_type, gaps=lambda _draft, _lookup: iter(())) for content_type in CATALOGUE])
"""The kinds, but that nothing need be complete: for tests of the engine, whose drafts say no more than they must."""

Drafts = Mapping[str, Sequence[Draft]]


def loaded(given: Drafts) -> dict[EntityKey, Draft]:
    """Canonical drafts by kind and slug, from what an editor writes by collection."""
    found: dict[EntityKey, Draft] = {}
    for collection, written in given.items():
        content_type = CATALOGUE.of_collection(collection)
        assert content_type, collection
        for each in written:
            draft = load_draft(content_type, each)
            found[content_type.kind, draft["slug"]] = draft
    return found


class Refused(Exception):
    """The faults that stood against an edit."""

    def __init__(self, faults: Sequence[tuple[EntityKey, Fault]]) -> None:
        super().__init__("; ".join(fault.detail for _, fault in faults))
        self.faults = list(faults)


class Editor:
    """Edits, releases and reads one store."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def put(self, *, prune: bool = False, **given: Sequence[Draft]) -> Plan:
        """Brings the working copy to drafts by collection; raises `Refused`."""
        with self.database.transaction(exclusive=True) as connection:
            plan, faults = make_plan(connection, CATALOGUE, loaded(given), prune=prune)
            if faults:
                raise Refused(faults)
            apply_plan(connection, CATALOGUE, plan, datetime.now(UTC))
        return plan

    def release(self, note: str | None = None) -> Released:
        """Publishes everything that is pending."""
        with self.database.transaction(exclusive=True) as connection:
            return release(connection, UNFINISHED, note=note)

    def publish(self, *, prune: bool = False, **given: Sequence[Draft]) -> Released:
        """An edit and its release."""
        self.put(prune=prune, **given)
        return self.release()

    def draft(self, kind: str, slug: str) -> Draft:
        """The working copy's draft of an entity, retired or not."""
        content_type = CATALOGUE[kind]
        with self.database.reading() as connection:
            entry = entries(connection, content_type)[slug]
            return next(draft for _, draft in drafts(connection, CATALOGUE, content_type, [entry.id]))

    def working(self) -> dict[EntityKey, str]:
        """What the working copy holds: `active` or `retired`."""
        with self.database.reading() as connection:
            return {
                (each.kind, slug): "retired" if entry.retired else "active"
                for each in CATALOGUE
                for slug, entry in entries(connection, each).items()
            }

    def revision(self) -> int:
        """The newest revision."""
        with self.database.reading() as connection:
            return current_state(connection).revision

    def document(self, kind: str, slug: str) -> Any:
        """The published document in the default language, or None."""
        statement = select(tables.document.c.body).where(
            tables.document.c.kind == kind,
            tables.document.c.slug == slug,
            tables.document.c.language == DEFAULT_LANGUAGE,
        )
        with self.database.reading() as connection:
            body = connection.execute(statement).scalar()
        return json.loads(body) if body is not None else None

    def documents(self) -> dict[EntityKey, bytes]:
        """The bytes of every published document, in the default language."""
        columns = (tables.document.c.kind, tables.document.c.slug, tables.document.c.body)
        with self.database.reading() as connection:
            rows = connection.execute(select(*columns).where(tables.document.c.language == DEFAULT_LANGUAGE))
            return {(row.kind, row.slug): row.body for row in rows}

    def changed_by(self, revision: int) -> dict[EntityKey, bytes | None]:
        """What a release changed: bodies, and None for tombstones."""
        rows = (row for row in self.versions() if row.language == DEFAULT_LANGUAGE)
        return {(row.kind, row.slug): row.body for row in rows if row.revision == revision}

    def versions(self) -> Sequence[Row[Any]]:
        """The whole change log, oldest first."""
        order = (tables.document_version.c.revision, tables.document_version.c.kind, tables.document_version.c.slug)
        with self.database.reading() as connection:
            return connection.execute(
                select(tables.document_version).order_by(*order, tables.document_version.c.language)
            ).all()

    def releases(self) -> Sequence[Row[Any]]:
        """Every release, oldest first."""
        with self.database.reading() as connection:
            return connection.execute(select(tables.release).order_by(tables.release.c.revision)).all()

    def redirects(self) -> dict[EntityKey, str]:
        """Former slugs and the present one that each answers with."""
        with self.database.reading() as connection:
            rows = connection.execute(select(tables.redirect)).all()
        return {(row.kind, row.former_slug): row.slug for row in rows}
