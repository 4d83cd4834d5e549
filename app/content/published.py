"""The published drafts as releases and edits read them: by key, by the entities that they name, by digest."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection, select

from app.content.content_type import Catalogue, ContentType, EntityKey
from app.content.mapping import Draft, mentions
from app.content.working_copy import batches_by_kind
from app.models.tables import draft_version, published_entity, reference

EMBEDS = "embeds"
"""The relation of an entity to another one of which its document shows something."""


class MissingReference(Exception):
    """A draft names an entity that is not published. The release catches this and reports it."""

    def __init__(self, key: EntityKey) -> None:
        super().__init__(f"{key[0]} '{key[1]}' is not published")
        self.key = key


class Published:
    """The published drafts, read in batches and remembered while a batch is rendered.

    `at_hand` holds drafts that the caller has already, which need not be read.
    """

    def __init__(self, connection: Connection, catalogue: Catalogue, at_hand: Mapping[EntityKey, Draft] = {}) -> None:
        self._connection = connection
        self.catalogue = catalogue
        self._at_hand = at_hand
        self._drafts: dict[EntityKey, Draft | None] = {}
        self._naming: dict[EntityKey, dict[tuple[str, str], list[str]]] = {}

    def draft(self, key: EntityKey) -> Draft:
        """The published draft of an entity.

        Raises `MissingReference` when it is not published.
        """
        draft = self.find(key)
        if draft is None:
            raise MissingReference(key)
        return draft

    def find(self, key: EntityKey) -> Draft | None:
        """The published draft of an entity, or None."""
        if key not in self._drafts:
            self.read([key])
        return self._drafts[key]

    def naming(self, key: EntityKey, kind: str, relation: str) -> Sequence[str]:
        """The slugs of the published entities of a kind that name `key` by a field, in order."""
        if key not in self._naming:
            self._read_naming([key])
        return self._naming[key].get((kind, relation), ())

    def prefetch(self, keys: Sequence[EntityKey]) -> None:
        """Reads what rendering asks for: the drafts that these entities name, that those name, and that name these."""
        self.read(keys)
        named = self._named_by(keys)
        self.read(named)
        self.read(self._named_by(named))
        self._read_naming([key for key in keys if self.catalogue[key[0]].shows])
        self.read(
            [
                (naming[0], slug)
                for key in keys
                for naming, slugs in self._naming.get(key, {}).items()
                if naming not in self.catalogue[key[0]].counts
                for slug in slugs
            ]
        )

    def _named_by(self, keys: Iterable[EntityKey]) -> list[EntityKey]:
        named: dict[EntityKey, None] = {}
        for key in keys:
            draft = self._drafts.get(key)
            for mention in mentions(self.catalogue[key[0]].mapped, draft) if draft else ():
                named[mention.kind, mention.slug] = None
        return list(named)

    def read(self, keys: Iterable[EntityKey]) -> None:
        """Reads the drafts that are not known yet."""
        unknown = [key for key in keys if key not in self._drafts]
        self._drafts |= {key: self._at_hand[key] for key in unknown if key in self._at_hand}
        for kind, slugs in batches_by_kind(key for key in unknown if key not in self._at_hand):
            self._drafts |= {(kind, slug): None for slug in slugs}
            columns = (published_entity.c.slug, published_entity.c.draft)
            statement = select(*columns).where(published_entity.c.kind == kind, published_entity.c.slug.in_(slugs))
            for row in self._connection.execute(statement):
                self._drafts[kind, row.slug] = row.draft

    def _read_naming(self, keys: Iterable[EntityKey]) -> None:
        for target, slugs in batches_by_kind(key for key in keys if key not in self._naming):
            self._naming |= {(target, slug): defaultdict(list) for slug in slugs}
            statement = (
                select(
                    reference.c.kind,
                    reference.c.slug,
                    reference.c.relation,
                    reference.c.target_slug,
                )
                .where(
                    reference.c.target_kind == target,
                    reference.c.target_slug.in_(slugs),
                    reference.c.relation.in_(sorted({relation for _, relation in self.catalogue[target].shows})),
                )
                .order_by(reference.c.kind, reference.c.slug)
            )
            for row in self._connection.execute(statement):
                self._naming[target, row.target_slug][row.kind, row.relation].append(row.slug)


def published_digests(connection: Connection, content_type: ContentType) -> dict[str, str]:
    """The digests of the published drafts of a kind, by slug."""
    statement = (
        select(published_entity.c.slug, published_entity.c.draft_digest)
        .where(published_entity.c.kind == content_type.kind)
        .order_by(published_entity.c.slug)
    )
    return {row.slug: row.draft_digest for row in connection.execute(statement)}


def was_published(connection: Connection, key: EntityKey) -> bool:
    """Whether an entity was ever published under a slug."""
    statement = select(draft_version.c.revision).where(draft_version.c.kind == key[0], draft_version.c.slug == key[1])
    return connection.execute(statement.limit(1)).scalar() is not None
