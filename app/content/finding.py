"""What the drafts of the working copy are found by: columns that are worked out from a draft whenever it is written.

So a list of drafts reads one narrow part of each row and no draft, however many parts it is asked about.
"""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from app.content.content_type import ContentType
from app.content.mapping import Children, Draft, Field, Group, Mapped, Row, Text
from app.search.words import words
from app.shapes.invisible import as_seen
from app.shapes.languages import DEFAULT_LANGUAGE, LANGUAGES, in_language, to_translations

TRANSLATION = "translation:"
"""Before a language: the part that a draft lacks where one of its texts is not in that language."""

TRANSLATIONS = tuple(TRANSLATION + language for language in LANGUAGES if language != DEFAULT_LANGUAGE)


def found_by(content_type: ContentType, draft: Draft) -> Row:
    """The columns of a draft: its sort key, the words of its names and slugs, and the parts that it lacks."""
    title = draft[content_type.title_key]
    names = [text for name in (title, *draft.get("aliases", ())) for text in to_translations(name).values()]
    found = dict.fromkeys(
        word for text in (draft["slug"], *draft.get("former_slugs", ()), *names) for word in words(text)
    )
    return {
        "sort_name": sort_name(in_language(title, DEFAULT_LANGUAGE)),
        "words": " ".join(found),
        "missing": "".join(f" {part} " for part in missing_parts(content_type, draft)),
    }


def missing_parts(content_type: ContentType, draft: Draft) -> list[str]:
    """The parts of its kind that a draft lacks, and `translation:es` where one of its texts is not in Spanish."""
    lacking = [part for part, is_there in content_type.parts.items() if not is_there(draft)]
    written = list(texts(content_type.mapped, draft))
    return lacking + [
        part for part in TRANSLATIONS if any(part.removeprefix(TRANSLATION) not in text for text in written)
    ]


def texts(mapped: Mapped, draft: Draft) -> Iterator[Mapping[str, str]]:
    """The translations of every text of a draft that may have some."""
    yield from _texts(mapped.fields, draft)
    for extension in mapped.extensions:
        if draft.get(extension.key) == extension.value:
            yield from _texts(extension.fields, draft)
    yield from _texts_of_lists(mapped.children, draft)


def _texts(fields: Sequence[Field], holder: Mapping[str, Any]) -> Iterator[Mapping[str, str]]:
    for part in fields:
        value = holder.get(part.key)
        if isinstance(part, Group):
            yield from _texts(part.fields, value or {})
        elif isinstance(part, Text) and value is not None:
            yield to_translations(value)


def _texts_of_lists(lists: Sequence[Children], holder: Mapping[str, Any]) -> Iterator[Mapping[str, str]]:
    for child in lists:
        for entry in child.entries(holder):
            yield from _texts(child.fields, {"": entry} if child.bare else entry)
            yield from _texts_of_lists(child.children, entry if child.children else {})


def sort_name(name: str) -> str:
    """A name's sort key: without case and accents, the same order on both stores."""
    decomposed = unicodedata.normalize("NFKD", as_seen(name).casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))[:200]
