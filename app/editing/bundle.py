"""Bundles: the drafts of a folder, a request or another catalogue, with the place where each is written."""

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, Generic, TypeVar

from marshmallow import Schema, ValidationError

from app.content.content_type import Catalogue, ContentType, EntityKey
from app.content.mapping import Draft, canonical
from app.errors import Fault, InvalidDrafts
from app.shapes.faults import faults_of

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


def in_the_catalogue(catalogue: Catalogue, faults: Iterable[tuple[EntityKey, Fault]]) -> list[Fault]:
    """The faults, with the path of the draft before each place: `/exercises/chin-tuck/harder/0`."""
    return [Fault(f"/{catalogue[kind].collection}/{slug}{fault.place}", fault.detail) for (kind, slug), fault in faults]


@cache
def _schema(schema: type[Schema]) -> Schema:
    """A schema's only instance. It can be shared, and making it takes longer than loading a draft."""
    return schema()
