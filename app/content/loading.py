"""From what was written to a canonical draft: every error at once, each with its JSON pointer."""

from functools import cache
from typing import Any

from marshmallow import Schema, ValidationError

from app.content.content_type import ContentType
from app.content.mapping import Draft, canonical
from app.errors import InvalidDrafts
from app.shapes.faults import faults_of


def load_draft(content_type: ContentType, written: Any) -> Draft:
    """The canonical draft of what was written.

    Raises `InvalidDrafts` with every fault; their places are JSON pointers into `written`.
    """
    try:
        loaded = _schema(content_type.draft_schema).load(written)
    except ValidationError as error:
        raise InvalidDrafts(list(faults_of(error.messages))) from None
    draft: Draft = canonical(loaded)
    return {key: draft[key] for key in content_type.mapped.keys if key in draft}


@cache
def _schema(schema: type[Schema]) -> Schema:
    """The schema, made once: it keeps nothing of what it loads, and making it takes longer than loading a draft."""
    return schema()
