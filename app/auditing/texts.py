"""The texts of a draft that can be translated, as its kind declares them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from app.content.mapping import Children, Draft, Field, Group, Mapped, Text
from app.shapes.languages import DEFAULT_LANGUAGE, to_translations


def texts_of(mapped: Mapped, draft: Draft) -> Iterator[tuple[str, dict[str, str]]]:
    """Every text of a draft with its JSON pointer, as `{language: text}`."""
    yield from _of_fields(mapped.fields, draft, "")
    for extension in mapped.extensions:
        if draft.get(extension.key) == extension.value:
            yield from _of_fields(extension.fields, draft, "")
    for child in mapped.children:
        yield from _of_children(child, draft, f"/{child.inside}" if child.inside else "")


def _of_children(child: Children, draft: Mapping[str, Any], pointer: str) -> Iterator[tuple[str, dict[str, str]]]:
    for index, entry in enumerate(child.entries(draft)):
        place = f"{pointer}/{child.key}/{index}"
        yield from _of_fields(child.fields, {"": entry} if child.bare else entry, place)
        for nested in child.children:
            yield from _of_children(nested, entry, place)


def _of_fields(fields: Sequence[Field], draft: Mapping[str, Any], pointer: str) -> Iterator[tuple[str, dict[str, str]]]:
    for part in fields:
        value = draft.get(part.key)
        if value is None:
            continue
        place = f"{pointer}/{part.key}" if part.key else pointer
        if isinstance(part, Group):
            yield from _of_fields(part.fields, value, place)
        elif isinstance(part, Text):
            yield place, to_translations(value)


def spoken(text: Any, language: str = DEFAULT_LANGUAGE) -> str:
    """A draft's text in exactly this language, or nothing: a rule about words reads no other language."""
    return to_translations(text).get(language, "") if text else ""
