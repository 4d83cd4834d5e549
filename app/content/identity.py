"""Who an entity is, whatever its slug: its `id`, a UUID that a rename, an export and an import keep.

An entity whose draft gives no `id` gets the UUIDv5 (RFC 9562, section 5.5) of its kind and its first slug, so that
deployments that are seeded from the same files agree. `docs/seed-files.md` tells the same to whoever makes ids.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid5

from app.content import canonical_json

NAMESPACE = UUID("695f0f2f-326e-596a-a9d4-f0bdb42d828f")
"""The namespace of all ids that Limber makes: the UUIDv5 of `https://limber.example/id` in the namespace of URLs."""


def made_id(kind: str, slug: str, number: int = 1) -> str:
    """The UUIDv5 of `exercise/chin-tuck`; of `exercise/chin-tuck/2` where another entity has that id already."""
    return str(uuid5(NAMESPACE, f"{kind}/{slug}" if number == 1 else f"{kind}/{slug}/{number}"))


def draft_digest(draft: Mapping[str, Any]) -> str:
    """The SHA-256 of a canonical draft without its `id`, which no edit changes: what tells whether one was made."""
    return canonical_json.digest({key: value for key, value in draft.items() if key != "id"})
