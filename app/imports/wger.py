"""wger: a folder of Django dumps, exercises with translations. What becomes of each field stands in docs/imports.md."""

import re
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError

from app.imports.conversion import Conversion, Progress
from app.imports.known import Known, Origin
from app.imports.records import Record
from app.imports.texts import slug_of
from app.imports.wger_tables import EQUIPMENT, LICENCES, MUSCLES, REGIONS, Table, joined_licence, rows, unique
from app.imports.wger_texts import Translation, attribution, by_place, gather, steps_of
from app.shapes.fields import LIST_LENGTH, checked_language
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

NOT_STATED = "equipment-not-stated"
EVERY = 100
_STRETCH = re.compile(r"\bstretch", re.IGNORECASE)


def convert(content: Mapping[str, Any], files: Mapping[str, str], known: Known, progress: Progress) -> Conversion:
    """The exercises of the dump as drafts; `content` and `files` are by the keys of `FILES`. Faults are collected."""
    conversion = Conversion(ORIGIN, known)
    run = _Run(content, files, conversion)
    exercises = list(run.exercises.items())
    for number, (key, record) in enumerate(exercises, start=1):
        run.convert(key, record)
        if number % EVERY == 0 or number == len(exercises):
            progress("Converting records", number, len(exercises))
    conversion.report.read = len(exercises)
    conversion.finish()
    return conversion


class _Run:
    """The tables of one dump."""

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

    def convert(self, key: int, record: Record) -> None:
        """Adds the draft of one exercise, or says why not."""
        identifier = record.text("uuid", required=True)
        if identifier is None or not self.conversion.meets(identifier, f"{record.place}/uuid"):
            return
        name_of_record = f"{key}"

        def remark(what: str) -> None:
            self.conversion.report.remark(what, name_of_record)

        licence = self._licence(record)
        translations = self._translations(self.translations[key], licence, remark)
        english = next((each for each in translations if each.language == DEFAULT_LANGUAGE), None)
        if licence is None:
            remark("left out: its licence is not given or not known")
            return
        if english is None:
            remark(f"left out: no translation in {DEFAULT_LANGUAGE} that may be used")
            return
        exercise_type = "stretch" if _STRETCH.search(english.name) else "strengthening"
        self.conversion.report.map("name", "stretch" if exercise_type == "stretch" else "other", exercise_type)
        joined = joined_licence([licence, *(each.licence for each in translations)])
        tips = by_place(
            {each.language: each.comments for each in translations}, join=True, remark=remark, what="comments"
        )
        muscles, regions = self._muscles(record, exercise_type)
        content = {
            "name": {each.language: each.name for each in translations},
            "aliases": by_place(
                {each.language: each.aliases for each in translations}, join=False, remark=remark, what="aliases"
            )[:LIST_LENGTH],
            "type": exercise_type,
            "regions": list(dict.fromkeys((*self._category(record), *regions))),
            "muscles": muscles,
            "equipment": self._equipment(record, remark),
            "steps": steps_of(translations, remark),
            "tips": [{"text": text, "source": self.conversion.source} for text in tips[:LIST_LENGTH]],
            "licence": {
                "slug": self.conversion.terms.brought(joined or licence),
                "attribution": attribution(record.text("license_author"), licence, translations),
            },
        }
        slug = f"{ORIGIN.prefix}{key}-{slug_of(english.name, limit=80)}".rstrip("-")
        self.conversion.add(identifier, slug, record.place, content)

    def _licence(self, record: Record) -> str | None:
        """The slug of a record's licence, None where it has none or one that is not known."""
        name = self.licences.name(record, "license", record.number("license", required=False), "short_name")
        return LICENCES.get(name or "")

    def _translations(self, found: list[tuple[int, Record]], licence: str | None, remark: Any) -> list[Translation]:
        """The translations that may be used, the default language first, one for each language."""
        usable: dict[str, Translation] = {}
        for key, record in found:
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

    def _joinable(self, usable: dict[str, Translation], licence: str | None, remark: Any) -> list[Translation]:
        """Those whose licences can be joined with the record's."""
        joined, kept = licence, []
        for language in sorted(usable, key=lambda each: (each != DEFAULT_LANGUAGE, each)):
            together = joined_licence([joined, usable[language].licence]) if joined else None
            if together is None and licence is not None:
                remark("translation left out: its licence cannot be joined with the record's")
            elif together is not None:
                joined = together
                kept.append(usable[language])
        return kept

    def _language(self, record: Record, remark: Any) -> str | None:
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
        region = REGIONS.get((name or "").casefold())
        if name:
            self.conversion.report.map("category", name, region or "(told by the muscles)")
        return [self.conversion.terms.brought(region)] if region else []

    def _muscles(self, record: Record, exercise_type: str) -> tuple[list[dict[str, str]], list[str]]:
        """The muscles with what happens to them, and the regions of the main ones."""
        roles = ("stretched", "stretched") if exercise_type == "stretch" else ("strengthened", "stabilising")
        terms = self.conversion.terms
        muscles: dict[str, str] = {}
        regions: dict[str, None] = {}
        for key, role in zip(("muscles", "muscles_secondary"), roles, strict=True):
            for place, number in record.numbers(key):
                name = self.muscles.name(record, place, number)
                if not name:
                    continue
                slug, region = MUSCLES.get(name.casefold(), (None, None))
                muscle = terms.brought(slug) if slug else terms.for_word(name, "muscles", latin_name=name)
                self.conversion.report.map("muscle", name, muscle)
                muscles.setdefault(muscle, role)
                if region and key == "muscles":
                    regions[terms.brought(region)] = None
        return [{"slug": slug, "role": role} for slug, role in muscles.items()], list(regions)

    def _equipment(self, record: Record, remark: Any) -> list[str]:
        needed: dict[str, None] = {}
        given = record.numbers("equipment")
        if not given:
            remark(f"equipment not stated; imported with the term {NOT_STATED}")
            return [self.conversion.terms.brought(NOT_STATED)]
        for place, number in given:
            name = self.equipment.name(record, place, number)
            if not name:
                continue
            slug, terms = EQUIPMENT.get(name.casefold(), ""), self.conversion.terms
            if slug is None:
                self.conversion.report.map("equipment", name, "none")
                continue
            term = terms.brought(slug) if slug else terms.for_word(name, "equipment")
            self.conversion.report.map("equipment", name, term)
            needed[term] = None
        return list(needed)
