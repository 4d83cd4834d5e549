"""Writing what a release changes: published drafts, documents, facets, versions and tombstones."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, exists, insert, literal, select, update

from app.content import canonical_json
from app.content.content_type import Catalogue, EntityKey
from app.content.documents import compose, publish
from app.content.finding import sort_name
from app.content.mapping import Draft
from app.content.published import EMBEDS, Published
from app.content.working_copy import batches, batches_by_kind
from app.models import tables
from app.releasing.digests import ChangedDocument, body_digest
from app.releasing.rendering import RenderingContext
from app.search.index import Coordinates, IndexWriter, entry_row
from app.shapes.languages import LANGUAGES
from app.shapes.moments import moment_text

DOCUMENT_KEY = ("kind", "slug", "language")


class Publisher:
    """Collects rendered documents and writes them a batch at a time.

    An entity that this release publishes for the first time has no stored rows yet, so none are read or deleted.
    """

    def __init__(self, connection: Connection, catalogue: Catalogue, revision: int, now: datetime) -> None:
        self.connection, self.catalogue, self.revision = connection, catalogue, revision
        self.published_at = moment_text(now)
        self._ids: dict[EntityKey, int] = {}
        self._fresh: set[int] = set()
        self._index = IndexWriter(connection)
        self._forget()

    def _forget(self) -> None:
        self._digests: dict[tuple[int, str], str] = {}
        self._documents: list[dict[str, Any]] = []
        self._facets: list[dict[str, Any]] = []
        self._embedded: dict[EntityKey, set[EntityKey]] = {}
        self._entries: list[dict[str, Any]] = []
        self._coordinates: dict[int, Coordinates | None] = {}

    def take_away(self, keys: Sequence[EntityKey]) -> list[ChangedDocument]:
        """Unpublishes entities: deletes their rows and leaves a tombstone for each of their documents."""
        changes: list[ChangedDocument] = []
        for kind, slugs in batches_by_kind(keys):
            entities = tables.published_entity.c.kind == kind, tables.published_entity.c.slug.in_(slugs)
            columns = (tables.document.c[name] for name in DOCUMENT_KEY)
            of_entities = tables.document.c.entity_id.in_(select(tables.published_entity.c.id).where(*entities))
            gone = self.connection.execute(select(*columns).where(of_entities)).all()
            changes += [ChangedDocument(row.kind, row.slug, row.language, None) for row in gone]
            self.connection.execute(delete(tables.published_entity).where(*entities))
            self.connection.execute(
                delete(tables.reference).where(tables.reference.c.kind == kind, tables.reference.c.slug.in_(slugs))
            )
        for table, rows in (
            (tables.draft_version, [{"kind": kind, "slug": slug, "draft": None} for kind, slug in keys]),
            (
                tables.document_version,
                [{**dict(zip(DOCUMENT_KEY, change[:3], strict=True)), "deleted": True} for change in changes],
            ),
        ):
            if rows:
                self.connection.execute(insert(table), [{**row, "revision": self.revision} for row in rows])
        return changes

    def replace_drafts(self, kind: str, published: Mapping[str, tuple[str, Draft]]) -> None:
        """Publishes the drafts of a kind, given as (digest, draft) by slug, and records them in the history."""
        slugs = list(published)
        self._find_ids([(kind, slug) for slug in slugs])
        fresh, kept = [], []
        for slug, (digest, draft) in published.items():
            row = {"draft": draft, "draft_digest": digest, "revision": self.revision}
            if (kind, slug) in self._ids:
                kept.append(row | {"entity_id": self._ids[kind, slug]})
            else:
                fresh.append(row | {"kind": kind, "slug": slug})
        if kept:
            values: dict[str, Any] = {name: bindparam(name) for name in ("draft", "draft_digest", "revision")}
            statement = update(tables.published_entity).where(tables.published_entity.c.id == bindparam("entity_id"))
            self.connection.execute(statement.values(values), kept)
        if fresh:
            inserted = insert(tables.published_entity).returning(
                tables.published_entity.c.slug, tables.published_entity.c.id
            )
            ids = {(kind, row.slug): row.id for row in self.connection.execute(inserted, fresh)}
            self._ids |= ids
            self._fresh |= set(ids.values())
            self._keep_slugs(kind, {slug: published[slug][1]["id"] for _, slug in ids})
        copied = ("revision", "kind", "slug", "draft")
        published_rows = select(*(tables.published_entity.c[name] for name in copied)).where(
            tables.published_entity.c.kind == kind, tables.published_entity.c.slug.in_(slugs)
        )
        self.connection.execute(insert(tables.draft_version).from_select(copied, published_rows))

    def _keep_slugs(self, kind: str, ids: Mapping[str, str]) -> None:
        """Notes that these slugs belong to the entities with these ids from now on, unless they do already."""
        rows = [
            {"kind": kind, "slug": slug, "uuid": identifier, "since": self.revision} for slug, identifier in ids.items()
        ]
        columns = tables.released_slug.c
        fresh = select(*(bindparam(column.name, type_=column.type) for column in columns)).where(
            ~exists().where(columns.kind == bindparam("kind"), columns.slug == bindparam("slug"))
        )
        self.connection.execute(insert(tables.released_slug).from_select(columns.keys(), fresh), rows)

    def published_before(self, kind: str, slugs: Sequence[str]) -> list[str]:
        """The slugs whose entities were published before this release. `replace_drafts` must have had them."""
        return [slug for slug in slugs if self._ids[kind, slug] not in self._fresh]

    def _find_ids(self, keys: Sequence[EntityKey]) -> None:
        for kind, slugs in batches_by_kind([key for key in keys if key not in self._ids]):
            columns = (tables.published_entity.c.slug, tables.published_entity.c.id)
            wanted = tables.published_entity.c.kind == kind, tables.published_entity.c.slug.in_(slugs)
            self._ids |= {(kind, row.slug): row.id for row in self.connection.execute(select(*columns).where(*wanted))}

    def prepare(self, keys: Sequence[EntityKey]) -> None:
        """Reads the digests of the entities' present documents, so that `render` can tell which documents changed."""
        self._find_ids(keys)
        columns = (tables.document.c.entity_id, tables.document.c.language, tables.document.c.content_digest)
        for batch in batches(self._not_fresh(self._ids[key] for key in keys)):
            for row in self.connection.execute(select(*columns).where(tables.document.c.entity_id.in_(batch))):
                self._digests[row.entity_id, row.language] = row.content_digest

    def _not_fresh(self, identifiers: Iterable[int]) -> list[int]:
        return [identifier for identifier in identifiers if identifier not in self._fresh]

    def render(self, key: EntityKey, published: Published) -> Iterator[ChangedDocument]:
        """Renders a prepared entity in every language and collects the documents that changed.

        Raises `MissingReference` when its draft names something unpublished.
        """
        content_type, draft = self.catalogue[key[0]], published.draft(key)
        identifier = self._ids[key]
        embedded: set[EntityKey] = set()
        for language in LANGUAGES:
            context = RenderingContext(published, self.catalogue, key, language)
            rendered = content_type.render(draft, context)
            embedded |= context.embedded
            document = compose(content_type, draft, language, rendered.document)
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
            yield ChangedDocument(key[0], key[1], language, body_digest(body))
        # Facets are the same in every language.
        self._facets += [{"entity_id": identifier, **value._asdict()} for value in rendered.facets]
        self._embedded[key] = embedded - {key}

    def flush(self) -> None:
        """Writes what was collected since the last flush."""
        known = self._not_fresh(self._coordinates)
        for identifiers in batches(known):
            self.connection.execute(delete(tables.facet).where(tables.facet.c.entity_id.in_(identifiers)))
        self._index.write(self._entries, self._coordinates, known)
        self._write_documents()
        self._write_embedded()
        if self._facets:
            self.connection.execute(insert(tables.facet), self._facets)
        self._forget()

    def _write_documents(self) -> None:
        """Replaces the documents that changed, and appends copies of the new ones to the log."""
        for language in LANGUAGES:
            identifiers = [row["entity_id"] for row in self._documents if row["language"] == language]
            spoken = tables.document.c.language == language
            for batch in batches(self._not_fresh(identifiers)):
                self.connection.execute(delete(tables.document).where(tables.document.c.entity_id.in_(batch), spoken))
        if self._documents:
            self.connection.execute(insert(tables.document), self._documents)
        copied = ("revision", *DOCUMENT_KEY, "body")
        columns = (*(tables.document.c[name] for name in copied), literal(False))
        for batch in batches(list(dict.fromkeys(row["entity_id"] for row in self._documents))):
            written = tables.document.c.entity_id.in_(batch), tables.document.c.revision == self.revision
            documents = select(*columns).where(*written)
            self.connection.execute(insert(tables.document_version).from_select((*copied, "deleted"), documents))

    def _write_embedded(self) -> None:
        for kind, slugs in batches_by_kind([key for key in self._embedded if self._ids[key] not in self._fresh]):
            embeds = (
                tables.reference.c.kind == kind,
                tables.reference.c.slug.in_(slugs),
                tables.reference.c.relation == EMBEDS,
            )
            self.connection.execute(delete(tables.reference).where(*embeds))
        rows = [
            {"kind": kind, "slug": slug, "relation": EMBEDS, "target_kind": target_kind, "target_slug": target_slug}
            for (kind, slug), targets in self._embedded.items()
            for target_kind, target_slug in sorted(targets)
        ]
        if rows:
            self.connection.execute(insert(tables.reference), rows)
