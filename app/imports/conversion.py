"""A conversion under way: the drafts that it makes, and what it has to say about them at the end."""

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from app.content.content_type import EntityKey
from app.content.mapping import Draft
from app.errors import Fault
from app.imports.known import Known, Origin
from app.imports.terms import Terms
from app.shapes.fields import LIST_LENGTH, SLUG_MAX_LENGTH

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and of how much."""

GUIDANCE = {
    "professional": "recommended",
    "note": (
        "This exercise was taken over from another catalogue, and nobody has reviewed it here. Let a physiotherapist"
        " or trainer tell you whether it suits you, and go through it with them first."
    ),
}
"""What every imported exercise says. Precautions and the like are never made up."""

CITATION_NOTE = "The name and the steps come from this catalogue. They were converted without a review."


@dataclass
class Report:
    """What a conversion did. `remarks` are what was left out or done otherwise, and the records concerned."""

    read: int = 0
    converted: int = 0
    mapped: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    remarks: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def map(self, what: str, word: str, target: str) -> None:
        """Counts a word of the file that became one of ours."""
        self.mapped[what, word, target] += 1

    def remark(self, what: str, record: str) -> None:
        """Notes what became of a record, by its identifier."""
        self.remarks[what].append(record)


@dataclass
class Conversion:
    """The drafts made so far, the place of each one's record, and every fault found."""

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
        """Notes that the file has a record; False, with a fault, where it had it before."""
        if identifier in self.identifiers:
            self.faults.append(Fault(place, f"The record stands already at {self.identifiers[identifier]}."))
            return False
        self.identifiers[identifier] = place
        return True

    def add(self, identifier: str, wanted_slug: str, place: str, content: dict[str, Any]) -> None:
        """Adds an exercise: `content` is its draft but for what all imported exercises share.

        One that was imported before keeps the slug that it has. One that an editor has taken over is left alone.
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
            "guidance": dict(GUIDANCE),
            "citations": [{"source": self.source, "locator": identifier, "note": CITATION_NOTE}],
        }
        key = ("exercise", slug)
        self.drafts[key], self.places[key] = {name: value for name, value in draft.items() if value}, place
        self.report.converted += 1

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


def folded(steps: list[str]) -> list[str]:
    """At most as many as a list may have; the rest stands in the last."""
    return steps if len(steps) <= LIST_LENGTH else [*steps[: LIST_LENGTH - 1], " ".join(steps[LIST_LENGTH - 1 :])]
