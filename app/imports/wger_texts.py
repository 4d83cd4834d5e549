"""The translations of a wger exercise, joined into texts in several languages."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from app.imports.conversion import folded
from app.imports.records import Record
from app.imports.terms import BROUGHT
from app.shapes.languages import DEFAULT_LANGUAGE

Remark = Callable[[str], None]
Texts = dict[str, str]


@dataclass
class Translation:
    """An exercise in one language."""

    language: str
    name: str
    steps: list[str]
    licence: str
    author: str | None
    aliases: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)


def by_place(of_language: Mapping[str, Sequence[str]], *, join: bool, remark: Remark, what: str) -> list[Texts]:
    """Lists of texts, one for each language, as one list of texts in several languages.

    The default language says how many there are; the others are paired with it by their place. What another language
    has beyond that joins its last text (`join`), or is left out with a remark, as is all of it where the default
    language has none.
    """
    default = list(of_language.get(DEFAULT_LANGUAGE, ()))
    texts: list[Texts] = [{DEFAULT_LANGUAGE: text} for text in default]
    for language, given in sorted(of_language.items()):
        if language == DEFAULT_LANGUAGE or not given:
            continue
        if not default:
            remark(f"{what} left out: none in {DEFAULT_LANGUAGE}")
            continue
        fitting, beyond = list(given[: len(default)]), given[len(default) :]
        if beyond and join:
            fitting[-1] = " ".join((fitting[-1], *beyond))
        elif beyond:
            remark(f"{what} left out: more than in {DEFAULT_LANGUAGE}")
        for text, translated in zip(texts, fitting, strict=False):
            text[language] = translated
        if join and len(given) < len(default):
            remark(f"fewer {what} than in {DEFAULT_LANGUAGE}; the last are shown in {DEFAULT_LANGUAGE}")
    return texts


def steps_of(translations: Sequence[Translation], remark: Remark) -> list[dict[str, Texts]]:
    """The steps of a draft."""
    given = {each.language: folded(each.steps) for each in translations}
    if not given.get(DEFAULT_LANGUAGE):
        remark(f"imported without steps: the record has none in {DEFAULT_LANGUAGE}")
    return [{"instruction": text} for text in by_place(given, join=True, remark=remark, what="steps of a translation")]


def attribution(record_author: str | None, record_licence: str, translations: Sequence[Translation]) -> str:
    """Who is to be named for what, and the licence of each part."""
    parts: dict[tuple[str | None, str], list[str]] = defaultdict(list)
    parts[record_author, record_licence].append("record")
    for each in translations:
        parts[each.author, each.licence].append(each.language)
    texts = [
        f"{', '.join(part)} by {author or 'an author not named'} ({_spdx(licence)})"
        for (author, licence), part in parts.items()
    ]
    return "wger: " + "; ".join(texts)


def _spdx(licence: str) -> str:
    return str(BROUGHT[licence]["spdx"])


def gather(rows: Sequence[tuple[int, Record]], key: str) -> dict[int, list[str]]:
    """The texts of comments or aliases by the translation that they belong to, each once."""
    found: dict[int, dict[str, None]] = defaultdict(dict)
    for _, record in rows:
        translation, text = record.number("translation"), record.text(key, limit=4000 if key == "comment" else 200)
        if translation is not None and text:
            found[translation][text] = None
    return {translation: list(texts) for translation, texts in found.items()}
