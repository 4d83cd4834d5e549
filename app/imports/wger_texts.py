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

    The default language decides how many there are. The texts of the other languages are paired with its texts by their
    places. Where another language has more texts, they are joined to its last one (`join`) or left out with a remark;
    where the default language has no text, all are left out.

    Example: `{"en": ["Stand.", "Bend."], "es": ["De pie."]}` becomes `[{"en": "Stand.", "es": "De pie."}, {"en":
    "Bend."}]`.
    """
    default = list(of_language.get(DEFAULT_LANGUAGE, ()))
    texts: list[Texts] = [{DEFAULT_LANGUAGE: text} for text in default]
    for language, translated in sorted(of_language.items()):
        if language == DEFAULT_LANGUAGE or not translated:
            continue
        if not default:
            remark(f"{what} left out: none in {DEFAULT_LANGUAGE}")
            continue
        fitting, beyond = list(translated[: len(default)]), translated[len(default) :]
        if beyond and join:
            fitting[-1] = " ".join((fitting[-1], *beyond))
        elif beyond:
            remark(f"{what} left out: more than in {DEFAULT_LANGUAGE}")
        for text, translation in zip(texts, fitting, strict=False):
            text[language] = translation
        if join and len(translated) < len(default):
            remark(f"fewer {what} than in {DEFAULT_LANGUAGE}; the last are shown in {DEFAULT_LANGUAGE}")
    return texts


def steps_of(translations: Sequence[Translation], remark: Remark) -> list[dict[str, Texts]]:
    """The steps of a draft."""
    steps = {translation.language: folded(translation.steps) for translation in translations}
    if not steps.get(DEFAULT_LANGUAGE):
        remark(f"imported without steps: the record has none in {DEFAULT_LANGUAGE}")
    return [{"instruction": text} for text in by_place(steps, join=True, remark=remark, what="steps of a translation")]


def attribution(record_author: str | None, record_licence: str, translations: Sequence[Translation]) -> str:
    """The credit of a record and its translations: who is to be named for which part, and the part's licence."""
    parts: dict[tuple[str | None, str], list[str]] = defaultdict(list)
    parts[record_author, record_licence].append("record")
    for translation in translations:
        parts[translation.author, translation.licence].append(translation.language)
    texts = [
        f"{', '.join(part)} by {author or 'an author not named'} ({_spdx(licence)})"
        for (author, licence), part in parts.items()
    ]
    return "wger: " + "; ".join(texts)


def _spdx(licence: str) -> str:
    return str(BROUGHT[licence]["spdx"])


def gather(rows: Sequence[tuple[int, Record]], key: str) -> dict[int, list[str]]:
    """The texts of comments or aliases by the translation that they belong to, each once."""
    by_translation: dict[int, dict[str, None]] = defaultdict(dict)
    for _, record in rows:
        translation, text = record.number("translation"), record.text(key, limit=4000 if key == "comment" else 200)
        if translation is not None and text:
            by_translation[translation][text] = None
    return {translation: list(texts) for translation, texts in by_translation.items()}
