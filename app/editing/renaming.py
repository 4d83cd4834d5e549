"""Renaming: when an entity's slug changes, the drafts that name it get the new slug."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from app.content.content_type import ContentType, EntityKey
from app.content.mapping import Draft, mentions
from app.editing.stored import StoredDrafts


def recognised_renames(stored: StoredDrafts, wanted: Mapping[EntityKey, Draft]) -> dict[EntityKey, EntityKey]:
    """The wanted entities that are stored under a former slug of theirs: the stored keys by the wanted ones.

    Example: no exercise `wall-slide` is stored, but its draft has the former slug `wall-angel`, which is stored and is
    not wanted itself. So `wall-angel` is renamed.
    """
    former = {key: [(key[0], slug) for slug in draft.get("former_slugs", ())] for key, draft in wanted.items()}
    stored.expect([*wanted, *(other for others in former.values() for other in others)])
    return {
        key: other
        for key, others in former.items()
        for other in others
        if stored.entry(key) is None and stored.entry(other) is not None and other not in wanted
    }


def following_drafts(
    stored: StoredDrafts, wanted: Mapping[EntityKey, Draft], renamed: Mapping[EntityKey, EntityKey]
) -> dict[EntityKey, Draft]:
    """The stored drafts outside `wanted` that name a renamed entity, with its new slug."""
    present = {former: key for key, former in renamed.items()}
    naming = sorted({reference.by for reference in stored.references_to(present) if not reference.is_retired})
    stored.expect(naming)
    return {
        key: renamed_draft(stored.catalogue[key[0]], draft, present)
        for key in naming
        if key not in wanted and key not in present and (draft := stored.draft(key)) is not None
    }


def renamed_draft(content_type: ContentType, draft: Draft, present: Mapping[EntityKey, EntityKey]) -> Draft:
    """The draft with the present slugs of the entities that it names under former ones."""
    renamed = deepcopy(draft)
    for mention in list(mentions(content_type.mapped, draft)):
        if (mention.kind, mention.slug) in present:
            _set_at(renamed, mention.pointer, present[mention.kind, mention.slug][1])
    return renamed


def _set_at(draft: Draft, pointer: str, value: Any) -> None:
    """Puts a value where a JSON pointer (without escapes) leads in a draft."""
    *steps, last = pointer.strip("/").split("/")
    place: Any = draft
    for step in steps:
        place = place[int(step)] if isinstance(place, list) else place[step]
    place[int(last) if isinstance(place, list) else last] = value
