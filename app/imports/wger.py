"""wger: a folder of Django dumps, exercises with translations. What becomes of each field stands in docs/imports.md."""

import re
from collections import defaultdict
from collections.abc import Mapping
from functools import partial
from typing import Any

from marshmallow import ValidationError

from app.content.working_copy import Progress
from app.imports.conversion import Conversion, watched
from app.imports.known import Known, Origin
from app.imports.records import Record
from app.imports.texts import by_key, slug_of, word_key
from app.imports.wger_tables import EQUIPMENT, LICENCES, MUSCLES, REGIONS, Table, joined_licence, rows, unique
from app.imports.wger_texts import Remark, Translation, attribution, by_place, gather, steps_of
from app.shapes.fields import LIST_LENGTH
from app.shapes.language_tags import checked_language
from app.shapes.languages import DEFAULT_LANGUAGE

ORIGIN = Origin(
    {
        "slug": "wger",
        "type": "online",
        "title": "wger Workout Manager",
        "summary": "An open workout manager whose users write a catalogue of exercises in many languages.",
        "url": "https://wger.de",
        "publisher": "wger",
    }
)

_REGION_BY_KEY, _MUSCLE_BY_KEY = by_key(REGIONS), by_key(MUSCLES)
_EQUIPMENT_BY_KEY, _LICENCE_BY_KEY = by_key(EQUIPMENT), by_key(LICENCES)
_STRETCH = re.compile(r"\bstretch", re.IGNORECASE)


def convert(content: Mapping[str, Any], files: Mapping[str, str], known: Known, progress: Progress) -> Conversion:
    """The exercises of a dump as drafts. `content` and `files` have the keys of `FILES`. Faults are collected."""
    conversion = Conversion(ORIGIN, known)
    run = _Run(content, files, conversion)
    for key, record in watched(run.exercises.items(), len(run.exercises), progress):
        run.convert(key, record)
    conversion.report.read = len(run.exercises)
    conversion.finish()
    return conversion


class _Run:
    """The conversion of one dump: its tables, and the records that refer to them."""

    def __init__(self, content: Mapping[str, Any], files: Mapping[str, str], conversion: Conversion) -> None:
        self.conversion, faults = conversion, conversion.faults

        def read(key: str, *models: str) -> dict[str, list[tuple[int, Record]]]:
            return rows(files[key], content[key], faults, models)

        self.exercises = unique(read("exercises", "exercise")["exercise"])
        self.categories = Table(unique(read("categories", "exercisecategory")["exercisecategory"]))
        self.muscles = Table(unique(read("muscles", "muscle")["muscle"]))
        self.equipment = Table(unique(read("equipment", "equipment")["equipment"]))
        self.languages = Table(unique(read("languages", "language")["language"]))
        self.licences = Table(unique(read("licences", "license")["license"]))
        texts = read("translations", "translation", "exercisecomment", "alias")
        self.comments = gather(texts["exercisecomment"], "comment")
        self.aliases = gather(texts["alias"], "alias")
        self.translations: dict[int, list[tuple[int, Record]]] = defaultdict(list)
        for key, record in unique(texts["translation"]).items():
            exercise = record.number("exercise")
            if exercise is not None and exercise not in self.exercises:
                conversion.report.remark("translation left out: its exercise is not in the files", str(key))
            elif exercise is not None:
                self.translations[exercise].append((key, record))

    def convert(self, number: int, record: Record) -> None:
        """Adds the draft of the exercise with this primary key, or remarks why it is left out."""
        identifier = record.text("uuid", required=True)
        if identifier is None or not self.conversion.meets(identifier, f"{record.place}/uuid"):
            return
        remark = partial(self.conversion.report.remark, record=str(number))
        licence = self._licence(record)
        translations = self._translations(self.translations[number], licence, remark)
        english = next((text for text in translations if text.language == DEFAULT_LANGUAGE), None)
        if licence is None:
            remark("left out: its licence is not given or not known")
            return
        if english is None:
            remark(f"left out: no translation in {DEFAULT_LANGUAGE} that may be used")
            return
        exercise_type = "stretch" if _STRETCH.search(english.name) else "strengthening"
        self.conversion.report.map("name", "stretch" if exercise_type == "stretch" else "other", exercise_type)
        joined = joined_licence([licence, *(text.licence for text in translations)])
        aliases = {text.language: text.aliases for text in translations}
        comments = {text.language: text.comments for text in translations}
        tips = by_place(comments, join=True, remark=remark, what="comments")
        main, secondary = (self._names(self.muscles, record, key) for key in ("muscles", "muscles_secondary"))
        is_stretch = exercise_type == "stretch"
        muscles, regions = self.conversion.muscles(main, secondary, stretches=is_stretch, find=_muscle, in_latin=True)
        content = {
            "name": {text.language: text.name for text in translations},
            "aliases": by_place(aliases, join=False, remark=remark, what="aliases")[:LIST_LENGTH],
            "type": exercise_type,
            "regions": list(dict.fromkeys((*self._category(record), *regions))),
            "muscles": muscles,
            "equipment": self._equipment(record, str(number)),
            "steps": steps_of(translations, remark),
            "tips": [{"text": text, "source": self.conversion.source} for text in tips[:LIST_LENGTH]],
            "licence": {
                "slug": self.conversion.terms.brought(joined or licence),
                "attribution": attribution(record.text("license_author"), licence, translations),
            },
        }
        slug = f"{ORIGIN.prefix}{number}-{slug_of(english.name, limit=80)}".rstrip("-")
        self.conversion.add(identifier, slug, record.place, content)

    def _licence(self, record: Record) -> str | None:
        """The slug of a record's licence, None where it has none or one that is not known."""
        name = self.licences.name(record, "license", record.number("license", required=False), "short_name")
        return _LICENCE_BY_KEY.get(word_key(name or ""))

    def _translations(self, rows: list[tuple[int, Record]], licence: str | None, remark: Remark) -> list[Translation]:
        """The translations that may be used, the default language first, one for each language."""
        usable: dict[str, Translation] = {}
        for key, record in rows:
            language = self._language(record, remark)
            name, steps = record.text("name"), record.steps("description")
            author, own = record.text("license_author"), self._licence(record)
            if language is None:
                continue
            if name is None:
                remark("translation left out: it has no name")
            elif own is None:
                remark("translation left out: its licence is not given or not known")
            elif language in usable:
                remark("translation left out: a second one in its language")
            else:
                comments, aliases = self.comments.get(key, []), self.aliases.get(key, [])
                usable[language] = Translation(language, name, steps, own, author, aliases, comments)
        return self._joinable(usable, licence, remark)

    def _joinable(self, usable: dict[str, Translation], licence: str | None, remark: Remark) -> list[Translation]:
        """The translations whose licences can be joined with the record's."""
        joined, kept = licence, []
        for language in sorted(usable, key=lambda tag: (tag != DEFAULT_LANGUAGE, tag)):
            together = joined_licence([joined, usable[language].licence]) if joined else None
            if together is None and licence is not None:
                remark("translation left out: its licence cannot be joined with the record's")
            elif together is not None:
                joined = together
                kept.append(usable[language])
        return [text for text in kept if _corresponds(text, kept[0], remark)]

    def _language(self, record: Record, remark: Remark) -> str | None:
        tag = self.languages.name(record, "language", record.number("language"), "short_name")
        if tag is None:
            return None
        try:
            return checked_language(tag)
        except ValidationError:
            remark("translation left out: its language is not known")
            return None

    def _category(self, record: Record) -> list[str]:
        name = self.categories.name(record, "category", record.number("category", required=False))
        region = _REGION_BY_KEY.get(word_key(name or ""))
        if name:
            self.conversion.report.map("category", name, region or "(told by the muscles)")
        return [self.conversion.terms.brought(region)] if region else []

    def _equipment(self, record: Record, identifier: str) -> list[str]:
        names = self._names(self.equipment, record, "equipment")
        return self.conversion.equipment(names, identifier, lambda name: _EQUIPMENT_BY_KEY.get(word_key(name), ""))

    def _names(self, table: Table, record: Record, key: str) -> list[str | None]:
        """The names of the rows of a table that a record's list refers to."""
        return [table.name(record, place, number) for place, number in record.numbers(key)]


def _corresponds(text: Translation, default: Translation, remark: Remark) -> bool:
    """Whether a translation may stand beside the original: only one with as many steps tells the same technique."""
    same = text is default or not text.steps or len(text.steps) == len(default.steps)
    if not same:
        remark("translation left out: its steps do not correspond to the original's")
    return same


def _muscle(name: str) -> tuple[str, str] | None:
    return _MUSCLE_BY_KEY.get(word_key(name))
