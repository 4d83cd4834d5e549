"""Writing what a release changes: published drafts, documents, facets, versions and tombstones."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, tuple_, update

from app.content import canonical_json
from app.content.content_type import Catalogue
from app.content.digests import ChangedDocument
from app.content.documents import compose, publish, sort_name
from app.content.mapping import Draft
from app.content.published import EMBEDS, Key, Published, RenderingContext, published_entity, reference
from app.content.tables import table_of
from app.content.working_copy import batches
from app.models.publication import Document, DocumentVersion, Facet
from app.search.index import Coordinates, IndexWriter, entry_row
from app.shapes.languages import LANGUAGES

document_table = table_of(Document)
document_version = table_of(DocumentVersion)
facet = table_of(Facet)

PAIRS = 200


class Publisher:
    """Collects what rendering gives and writes it a batch at a time."""

    def __init__(self, connection: Connection, catalogue: Catalogue, revision: int, now: datetime) -> None:
        self.connection, self.catalogue, self.revision = connection, catalogue, revision
        self.published_at = now.strftime("%Y-%m-%dT%H:%M:%SZ")
        self._ids: dict[Key, int] = {}
        self._digests: dict[tuple[int, str], str] = {}
        self._documents: list[dict[str, Any]] = []
        self._versions: list[dict[str, Any]] = []
        self._facets: dict[int, list[dict[str, Any]]] = {}
        self._embedded: dict[Key, set[Key]] = {}
        self._index = IndexWriter(connection)
        self._entries: list[dict[str, Any]] = []
        self._coordinates: dict[int, Coordinates | None] = {}

    def take_away(self, keys: Sequence[Key]) -> list[ChangedDocument]:
        """Unpublishes entities: a tombstone for each of their documents, and nothing else left of them."""
        changes: list[ChangedDocument] = []
        for batch in batches(keys, PAIRS):
            pairs = tuple_(document_table.c.kind, document_table.c.slug).in_(batch)
            columns = (document_table.c.kind, document_table.c.slug, document_table.c.language)
            gone = self.connection.execute(select(*columns).where(pairs)).all()
            changes += [ChangedDocument(row.kind, row.slug, row.language, None) for row in gone]
            entities = tuple_(published_entity.c.kind, published_entity.c.slug).in_(batch)
            self.connection.execute(delete(published_entity).where(entities))
            sources = tuple_(reference.c.kind, reference.c.slug).in_(batch)
            self.connection.execute(delete(reference).where(sources))
        rows = [{**change._asdict(), "deleted": True, "revision": self.revision} for change in changes]
        if rows:
            self.connection.execute(insert(document_version), rows)
        return changes

    def replace_drafts(self, kind: str, published: Sequence[tuple[str, str, Draft]]) -> None:
        """Makes these (slug, digest, draft) the published drafts of their entities."""
        slugs = [slug for slug, _, _ in published]
        self._find_ids([(kind, slug) for slug in slugs])
        fresh, kept = [], []
        for slug, digest, draft in published:
            row = {"kind": kind, "slug": slug, "draft": draft, "draft_digest": digest, "revision": self.revision}
            if (kind, slug) in self._ids:
                kept.append(row | {"entity_id": self._ids[kind, slug]})
            else:
                fresh.append(row)
        if kept:
            values: dict[str, Any] = {name: bindparam(name) for name in ("draft", "draft_digest", "revision")}
            statement = update(published_entity).where(published_entity.c.id == bindparam("entity_id"))
            changed = [{key: row[key] for key in (*values, "entity_id")} for row in kept]
            self.connection.execute(statement.values(values), changed)
        if fresh:
            inserted = insert(published_entity).returning(published_entity.c.slug, published_entity.c.id)
            self._ids |= {(kind, row.slug): row.id for row in self.connection.execute(inserted, fresh)}

    def _find_ids(self, keys: Sequence[Key]) -> None:
        for batch in batches([key for key in keys if key not in self._ids], PAIRS):
            pairs = tuple_(published_entity.c.kind, published_entity.c.slug).in_(batch)
            columns = (published_entity.c.kind, published_entity.c.slug, published_entity.c.id)
            for row in self.connection.execute(select(*columns).where(pairs)):
                self._ids[row.kind, row.slug] = row.id

    def prepare(self, keys: Sequence[Key]) -> None:
        """Reads what the entities' documents are now, so that rendering can tell which came out different."""
        self._find_ids(keys)
        columns = (document_table.c.entity_id, document_table.c.language, document_table.c.content_digest)
        for batch in batches([self._ids[key] for key in keys]):
            for row in self.connection.execute(select(*columns).where(document_table.c.entity_id.in_(batch))):
                self._digests[row.entity_id, row.language] = row.content_digest

    def render(self, key: Key, published: Published) -> Iterator[ChangedDocument]:
        """Renders a prepared entity in every language and collects the documents that came out different.

        Raises `published.MissingReference` when its draft names something unpublished.
        """
        content_type, draft = self.catalogue[key[0]], published.draft(key)
        identifier = self._ids[key]
        embedded: set[Key] = set()
        for language in LANGUAGES:
            context = RenderingContext(published, self.catalogue, key, language)
            rendered = content_type.render(draft, context)
            embedded |= context.embedded
            document = compose(content_type, draft, language, rendered.document)
            self._facets[identifier] = [{"entity_id": identifier, **value._asdict()} for value in rendered.facets]
            self._entries.append(entry_row(identifier, *key, language, rendered.search))
            self._coordinates[identifier] = rendered.coordinates
            digest = canonical_json.digest(document)
            if self._digests.get((identifier, language)) == digest:
                continue
            body = publish(document, self.revision, self.published_at)
            self._documents.append(
                {
                    "entity_id": identifier,
                    "language": language,
                    "kind": key[0],
                    "slug": key[1],
                    "body": body,
                    "content_digest": digest,
                    "sort_name": sort_name(document[content_type.title_key]),
                    "published_at": self.published_at,
                    "revision": self.revision,
                }
            )
            change = ChangedDocument(key[0], key[1], language, body)
            self._versions.append({**change._asdict(), "deleted": False, "revision": self.revision})
            yield change
        self._embedded[key] = embedded - {key}

    def flush(self) -> None:
        """Writes what was collected since the last time."""
        for identifiers in batches(list(self._facets)):
            self.connection.execute(delete(facet).where(facet.c.entity_id.in_(identifiers)))
        facets = [row for rows in self._facets.values() for row in rows]
        for documents in batches(self._documents):
            replaced = [(row["entity_id"], row["language"]) for row in documents]
            pairs = tuple_(document_table.c.entity_id, document_table.c.language).in_(replaced)
            self.connection.execute(delete(document_table).where(pairs))
        self._write_embedded()
        self._index.write(self._entries, self._coordinates)
        for table, rows in ((facet, facets), (document_table, self._documents), (document_version, self._versions)):
            if rows:
                self.connection.execute(insert(table), rows)
        self._facets, self._documents, self._versions, self._embedded = {}, [], [], {}
        self._entries, self._coordinates = [], {}

    def _write_embedded(self) -> None:
        for batch in batches(list(self._embedded), PAIRS):
            pairs = tuple_(reference.c.kind, reference.c.slug).in_(batch)
            self.connection.execute(delete(reference).where(reference.c.relation == EMBEDS, pairs))
        rows = [
            {"kind": kind, "slug": slug, "relation": EMBEDS, "target_kind": target_kind, "target_slug": target_slug}
            for (kind, slug), targets in self._embedded.items()
            for target_kind, target_slug in sorted(targets)
        ]
        if rows:
            self.connection.execute(insert(reference), rows)
