"""Bundles: the drafts of a folder, a request or another catalogue, with the place where each is written."""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any, Generic, TypeVar

from marshmallow import Schema, ValidationError
from marshmallow.fields import Nested

from app.content.content_type import Catalogue, ContentType, EntityKey
from app.content.mapping import Draft, canonical
from app.errors import Fault, InvalidDrafts
from app.shapes.faults import faults_of, pointer_step
from app.shapes.fields import TranslatableText
from app.shapes.language_tags import checked_language

MOST_FAULTS = 1000
"""Faults after which a bundle is not read on: nobody mends more of them before the next attempt."""

Place = TypeVar("Place")
"""Where a draft stands, in whatever form its reader has: a JSON pointer, a file with line and column."""


class Bundle(Generic[Place]):
    """Drafts by kind and slug, with their places, and all faults, with the places of their drafts.

    `describe` says where a draft stands, for a person: `exercises/wall-slide.yaml:3:7`.
    """

    def __init__(self, describe: Callable[[Place], str]) -> None:
        self._describe = describe
        self.drafts: dict[EntityKey, Draft] = {}
        self.places: dict[EntityKey, Place] = {}
        self.faults: list[tuple[Place, Fault]] = []

    @property
    def is_hopeless(self) -> bool:
        """Whether it has so many faults that looking for more is of no use."""
        return len(self.faults) >= MOST_FAULTS

    def add(self, content_type: ContentType, written: Any, place: Place) -> None:
        """Adds the draft that `written` holds, or its faults."""
        try:
            draft = load_draft(content_type, written)
        except InvalidDrafts as error:
            self.faults += [(place, fault) for fault in error.faults]
            return
        key = (content_type.kind, draft["slug"])
        if key in self.places:
            other = self._describe(self.places[key])
            self.faults.append((place, Fault("/slug", f"'{key[1]}' stands already at {other}.")))
            return
        self.drafts[key], self.places[key] = draft, place


def load_draft(content_type: ContentType, written: Any) -> Draft:
    """The canonical draft that `written` holds.

    Raises `InvalidDrafts` with every fault; their places are JSON pointers into `written`.
    """
    try:
        loaded = _schema(content_type.draft_schema).load(written)
    except ValidationError as error:
        raise InvalidDrafts(list(faults_of(error.messages))) from None
    draft: Draft = canonical(loaded)
    return {key: draft[key] for key in content_type.mapped.keys if key in draft}


def canonical_patch(content_type: ContentType, patch: Mapping[str, Any]) -> dict[str, Any]:
    """A merge patch (RFC 7396) of a draft, with the languages of its texts as they are stored: `he` for `iw`.

    Raises `InvalidDrafts` with every language that is none or stands in a text twice.
    """
    faults: list[Fault] = []
    canonical_fields = _canonical_fields(_schemas_of(content_type.draft_schema), patch, "", faults)
    if faults:
        raise InvalidDrafts(faults)
    return canonical_fields


def _schemas_of(schema: type[Schema]) -> list[Schema]:
    """A schema's shapes; most have one."""
    return [_schema(shape) for shape in getattr(schema, "type_schemas", {"": schema}).values()]


def _canonical_fields(
    schemas: Iterable[Schema], patch: Mapping[str, Any], pointer: str, faults: list[Fault]
) -> dict[str, Any]:
    changed: dict[str, Any] = {}
    for name, value in patch.items():
        fields = [schema.fields[name] for schema in schemas if name in schema.fields]
        place = f"{pointer}/{pointer_step(name)}"
        if isinstance(value, dict) and any(isinstance(field, TranslatableText) for field in fields):
            changed[name] = _canonical_languages(value, place, faults)
        elif isinstance(value, dict):
            nested = [field.schema for field in fields if isinstance(field, Nested)]
            changed[name] = _canonical_fields(nested, value, place, faults)
        else:
            changed[name] = value
    return changed


def _canonical_languages(texts: Mapping[str, Any], pointer: str, faults: list[Fault]) -> dict[str, Any]:
    changed: dict[str, Any] = {}
    for tag, text in texts.items():
        try:
            language = checked_language(tag)
            if language in changed:
                raise ValidationError(f"'{language}' stands here twice.")
            changed[language] = text
        except ValidationError as error:
            faults += faults_of(error.messages, f"{pointer}/{pointer_step(tag)}")
    return changed


def in_the_catalogue(catalogue: Catalogue, faults: Iterable[tuple[EntityKey, Fault]]) -> list[Fault]:
    """The faults, with the path of the draft before each place: `/exercises/chin-tuck/harder/0`."""
    return [Fault(f"/{catalogue[kind].collection}/{slug}{fault.place}", fault.detail) for (kind, slug), fault in faults]


@cache
def _schema(schema: type[Schema]) -> Schema:
    """A schema's only instance. It can be shared, and making it takes longer than loading a draft."""
    return schema()
