"""Whether a plan that was checked before the store's lock was taken is still right under it.

A plan is checked against entities that it reads, and against facts about all of them: which names are taken, and who
names whom. So what others wrote meanwhile leaves it right where they changed drafts that it did not read, and of these
only fields that are no such fact, such as a summary.
"""

from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from typing import Any

from app.content.content_type import Catalogue, ContentType, EntityKey
from app.content.mapping import naming

UPDATE = "update"
"""The action of a write that changes one draft and makes or ends none."""


def is_still_right(
    catalogue: Catalogue, read: Collection[EntityKey], written: Iterable[tuple[str, str, Mapping[str, Any]]]
) -> bool:
    """Whether a plan that read these entities is right after some writes: (action, target, detail) of the audit."""
    return all(
        action == UPDATE and _is_of_no_concern(catalogue, read, target, detail) for action, target, detail in written
    )


def _is_of_no_concern(
    catalogue: Catalogue, read: Collection[EntityKey], target: str, detail: Mapping[str, Any]
) -> bool:
    collection, _, slug = target.partition("/")
    content_type = next((each for each in catalogue if each.collection == collection), None)
    if content_type is None or "fields" not in detail:
        return False
    return (content_type.kind, slug) not in read and _own_fields(content_type).issuperset(detail["fields"])


@lru_cache(64)
def _own_fields(content_type: ContentType) -> frozenset[str]:
    """The fields of a draft that no rule compares with other drafts."""
    mapped = content_type.mapped
    parts = (*mapped.fields, *(part for extension in mapped.extensions for part in extension.fields))
    own = {part.key for part in parts if not naming([part])} | {
        child.key for child in mapped.children if not child.names
    }
    return frozenset(own - {"slug", "former_slugs", "id", content_type.group_key, *content_type.unique})
