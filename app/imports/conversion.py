"""A conversion under way: the drafts that it makes, and what it has to say about them at the end."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from app.content.content_type import EntityKey
from app.content.mapping import Draft
from app.content.working_copy import Progress
from app.errors import Fault
from app.imports.known import Known, Origin, name_key
from app.imports.terms import Terms
from app.shapes.fields import LIST_LENGTH, SLUG_MAX_LENGTH
from app.shapes.languages import DEFAULT_LANGUAGE, in_language, to_translations

NOT_STATED = "equipment-not-stated"
EVERY = 100
"""After how many records an import's progress is told."""

GUIDANCE = {
    "professional": "recommended",
    "note": (
        "This exercise was taken over from another catalogue, and nobody has reviewed it here. Let a physiotherapist"
        " or trainer tell you whether it suits you, and go through it with them first."
    ),
}
"""The guidance of every imported exercise. An import never makes up precautions and the like."""

SITE = re.compile(
    r"https?://|\bwww\.|\b[a-z0-9][a-z0-9-]{1,40}\.(?:com|org|net|info|io|de|fr|es|co\.uk)\b", re.IGNORECASE
)
"""The name of a site in a text. Each alternative is bounded, so that no text costs more than its length."""

T = TypeVar("T")
Find = Callable[[str], tuple[str, str] | None]

CITATION_NOTE = "The name and the steps come from this catalogue. They were converted without a review."


@dataclass
class Report:
    """What a conversion did. `remarks` has the records that were left out or changed, by what became of them."""

    read: int = 0
    converted: int = 0
    mapped: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    remarks: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def map(self, what: str, word: str, target: str) -> None:
        """Counts one use of a file's word that became a word of this catalogue."""
        self.mapped[what, word, target] += 1

    def remark(self, what: str, record: str) -> None:
        """Notes what became of a record, by its identifier."""
        self.remarks[what].append(record)


@dataclass
class Conversion:
    """The drafts made so far, the place of each draft's record in the files, and every fault of the files."""

    origin: Origin
    known: Known
    report: Report = field(default_factory=Report)
    drafts: dict[EntityKey, Draft] = field(default_factory=dict)
    places: dict[EntityKey, str] = field(default_factory=dict)
    identifiers: dict[str, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.terms = Terms(self.known)
        self.source = self.known.sources.get(self.origin.slug, self.origin.slug)

    def meets(self, identifier: str, place: str) -> bool:
        """Notes that the file has a record of this identifier. False, and a fault, if it has had one before."""
        if identifier in self.identifiers:
            self.faults.append(Fault(place, f"The record stands already at {self.identifiers[identifier]}."))
            return False
        self.identifiers[identifier] = place
        return True

    def add(self, identifier: str, wanted_slug: str, place: str, content: dict[str, Any]) -> None:
        """Adds an exercise. `content` is its draft without the fields that all imported exercises have alike.

        An exercise that was imported before keeps its slug. One that an editor has taken over is left alone.
        """
        if identifier in self.known.adopted or self._is_adopted(wanted_slug):
            self.report.remark("renamed by an editor and so taken over; left alone", identifier)
            return
        present = self.known.imported.get(identifier)
        slug = present["slug"] if present else self._free(wanted_slug)
        draft: Draft = {
            "slug": slug,
            "former_slugs": present.get("former_slugs") if present else None,
            **content,
            "safety": {"assessed": False},
            "guidance": dict(GUIDANCE),
            "citations": [{"source": self.source, "locator": identifier, "note": CITATION_NOTE}],
        }
        key = ("exercise", slug)
        self._compare(identifier, content)
        self.drafts[key], self.places[key] = {name: value for name, value in draft.items() if value}, place
        self.report.converted += 1

    def _compare(self, identifier: str, content: Mapping[str, Any]) -> None:
        """Notes what an editor should look at before the exercise is released: a double, or a name of another site."""
        name = in_language(content["name"], DEFAULT_LANGUAGE)
        own = [slug for slug in self.known.named.get(name_key(name), ()) if not slug.startswith(self.origin.prefix)]
        if own:
            self.report.remark(f"may be the same as '{own[0]}', which is there already", identifier)
        texts = [text for step in content["steps"] for text in to_translations(step["instruction"]).values()]
        texts += [text for tip in content.get("tips", ()) for text in to_translations(tip["text"]).values()]
        if any(SITE.search(text) for text in texts):
            self.report.remark("names another site: check the rights of its texts before a release", identifier)

    def muscles(
        self, *names_by_rank: Sequence[str | None], stretches: bool, find: Find, in_latin: bool = False
    ) -> tuple[list[dict[str, str]], list[str]]:
        """The muscles of an exercise with their roles, and the regions of its main muscles.

        The file's names come in two lists, main and secondary muscles; a blank name is skipped. `find` knows (muscle,
        region) for a name; a name that it does not know becomes a term of its own.
        """
        roles = ("stretched", "stretched") if stretches else ("strengthened", "stabilising")
        muscles: dict[str, str] = {}
        regions: dict[str, None] = {}
        for names, role, is_main in zip(names_by_rank, roles, (True, False), strict=True):
            for name in filter(None, names):
                slug, region = find(name) or (None, None)
                more = {"latin_name": name} if in_latin else {}
                muscle = self.terms.brought(slug) if slug else self.terms.for_word(name, "muscles", **more)
                self.report.map("muscle", name, muscle)
                muscles.setdefault(muscle, role)
                if region and is_main:
                    regions[self.terms.brought(region)] = None
        return [{"slug": slug, "role": role} for slug, role in muscles.items()], list(regions)

    def equipment(self, names: Sequence[str | None], identifier: str, find: Callable[[str], str | None]) -> list[str]:
        """The terms for a record's equipment, of which the file has these names; a blank name is skipped.

        `find` knows the slug for a name: None for no equipment at all, an empty one for a name that becomes a term.
        """
        if not names:
            self.report.remark(f"equipment not stated; imported with the term {NOT_STATED}", identifier)
            return [self.terms.brought(NOT_STATED)]
        needed: dict[str, None] = {}
        for name in filter(None, names):
            slug = find(name)
            if slug is None:
                self.report.map("equipment", name, "none")
                continue
            term = self.terms.brought(slug) if slug else self.terms.for_word(name, "equipment")
            self.report.map("equipment", name, term)
            needed[term] = None
        return list(needed)

    def finish(self) -> None:
        """Adds the source and the terms that the store lacks."""
        if self.source not in self.known.sources.values():
            self.drafts["source", self.source] = dict(self.origin.source)
        self.drafts |= {("term", slug): draft for slug, draft in self.terms.drafts.items()}

    def _is_adopted(self, wanted_slug: str) -> bool:
        present = self.known.taken.get(wanted_slug, wanted_slug)
        return not present.startswith(self.origin.prefix)

    def _free(self, wanted: str) -> str:
        """The slug, or the next with a number that neither the store nor this import has."""
        slug, number = wanted[:SLUG_MAX_LENGTH].rstrip("-"), 1
        while slug in self.known.taken or ("exercise", slug) in self.drafts:
            number += 1
            slug = f"{wanted[: SLUG_MAX_LENGTH - 6].rstrip('-')}-{number}"
        return slug


def watched(records: Iterable[T], total: int, progress: Progress) -> Iterator[T]:
    """The records one by one; `progress` is told of every hundredth and of the last."""
    for number, record in enumerate(records, start=1):
        yield record
        if number % EVERY == 0 or number == total:
            progress("Converting records", number, total)


def folded(steps: list[str]) -> list[str]:
    """At most as many steps as a list may have: all that are too many are joined to the last."""
    return steps if len(steps) <= LIST_LENGTH else [*steps[: LIST_LENGTH - 1], " ".join(steps[LIST_LENGTH - 1 :])]
