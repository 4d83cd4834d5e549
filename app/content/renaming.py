"""What names an entity follows it when its slug changes."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from app.content.checks import Key
from app.content.content_type import ContentType
from app.content.mapping import Draft, mentions


def renamed_draft(content_type: ContentType, draft: Draft, present: Mapping[Key, Key]) -> Draft:
    """The draft with the present slugs of the entities that it names under former ones."""
    renamed = deepcopy(draft)
    for mention in list(mentions(content_type.mapped, draft)):
        if (mention.kind, mention.slug) in present:
            set_at(renamed, mention.pointer, present[mention.kind, mention.slug][1])
    return renamed


def set_at(draft: Draft, pointer: str, value: Any) -> None:
    """Puts a value where a JSON pointer (without escapes) leads in a draft."""
    *steps, last = pointer.strip("/").split("/")
    place: Any = draft
    for step in steps:
        place = place[int(step)] if isinstance(place, list) else place[step]
    place[int(last) if isinstance(place, list) else last] = value
