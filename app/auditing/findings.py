"""What a rule finds, and the content that rules are asked about."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from app.content.content_type import Catalogue, EntityKey
from app.content.mapping import Draft


@dataclass(frozen=True)
class Finding:
    """One place at which a draft breaks a rule, or at which an editor should look once more.

    `pointer` is the JSON pointer of the field in the draft. A finding that only `warns` breaks nothing: the rule cannot
    be sure, or nothing wrong is said. `rule` is the rule's name in `docs/content.md`.
    """

    pointer: str
    rule: str
    message: str
    warns: bool = False


Findings = Iterator[Finding]


@dataclass(frozen=True)
class Content:
    """The drafts that rules are asked about, and further ones that those may name.

    `elsewhere` holds drafts that are not audited themselves: the stored terms that a file of exercises is weighed by.
    """

    catalogue: Catalogue
    drafts: Mapping[EntityKey, Draft]
    elsewhere: Mapping[EntityKey, Draft] = field(default_factory=dict)

    def draft(self, kind: str, slug: str) -> Draft | None:
        """The draft of an entity, or None where nobody has it."""
        return self.drafts.get((kind, slug)) or self.elsewhere.get((kind, slug))

    def of_kind(self, kind: str) -> dict[str, Draft]:
        """The audited drafts of a kind by slug."""
        return {slug: draft for (other, slug), draft in self.drafts.items() if other == kind}

    @cached_property
    def conditions(self) -> tuple[str, ...]:
        """Every condition that exercises are weighed for: those of the vocabulary that are no symptoms."""
        return tuple(slug for slug, draft in self._all_conditions if not draft.get("symptom"))

    @cached_property
    def symptoms(self) -> frozenset[str]:
        """The conditions that are to be looked into first, for which nothing is weighed."""
        return frozenset(slug for slug, draft in self._all_conditions if draft.get("symptom"))

    @cached_property
    def _all_conditions(self) -> list[tuple[str, Draft]]:
        terms = {**self.elsewhere, **self.drafts}
        return [
            (slug, draft)
            for (kind, slug), draft in terms.items()
            if kind == "term" and draft.get("vocabulary") == "conditions"
        ]


def levels_of(exercise: Draft) -> list[Draft]:
    """The levels of an exercise, from gentle to strong."""
    levels: list[Draft] = exercise.get("levels") or []
    return levels


def listing(names: list[str], most: int = 8) -> str:
    """The names, the last ones only counted: `a, b, c and 66 more`."""
    shown, more = names[:most], len(names) - most
    return f"{', '.join(shown)} and {more} more" if more > 0 else ", ".join(shown)
