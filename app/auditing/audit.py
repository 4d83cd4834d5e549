"""The audit: every rule asked about every draft, and the figures of a catalogue."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from app.auditing import citing, completeness, reading, routines, safety, timing, whole, wording
from app.auditing.findings import Content, Finding, Findings, levels_of
from app.auditing.texts import texts_of
from app.content.content_type import EntityKey
from app.content.mapping import Draft
from app.shapes.languages import LANGUAGES

Rule = Callable[[Draft, Content], Findings]

RULES: Mapping[str, tuple[Rule, ...]] = {
    "exercise": (
        *safety.RULES,
        *timing.RULES,
        completeness.check_exercise,
        citing.check_citations,
        citing.check_tips,
        wording.check_one_action,
    ),
    "routine": (*routines.RULES, completeness.check_routine, citing.check_citations),
    "source": (citing.check_source,),
    "term": (completeness.check_term,),
}
"""The rules of each kind. Reading grade, translations and needed fields are asked of every kind."""


def findings_of(key: EntityKey, content: Content, today: str) -> list[Finding]:
    """Everything that the rules find in one draft; `today` is an ISO date."""
    return list(_findings(key, content, today))


def _findings(key: EntityKey, content: Content, today: str) -> Findings:
    kind, draft = key[0], content.drafts[key]
    yield from completeness.check_fields(kind, draft)
    for rule in RULES.get(kind, ()):
        yield from rule(draft, content)
    texts = list(texts_of(content.catalogue[kind].mapped, draft))
    yield from reading.check_reading(texts)
    yield from wording.check_translated(texts)
    yield from wording.check_same_amounts(texts)
    yield from wording.check_glossary(texts)
    yield from completeness.check_overdue(draft, today)


@dataclass
class Audit:
    """What the rules found, by entity, and the figures that say how large and how complete the catalogue is."""

    content: Content
    findings: dict[EntityKey, list[Finding]] = field(default_factory=dict)
    orphans: list[EntityKey] = field(default_factory=list)

    @property
    def broken(self) -> int:
        """How many findings break a rule."""
        return sum(not finding.warns for _key, finding in self.all())

    @property
    def broken_drafts(self) -> int:
        """In how many drafts a rule is broken."""
        return len({key for key, finding in self.all() if not finding.warns})

    @property
    def warnings(self) -> int:
        """How many findings only warn."""
        return sum(finding.warns for _key, finding in self.all())

    def all(self) -> Iterator[tuple[EntityKey, Finding]]:
        """Every finding with the entity that it is about."""
        for key, findings in self.findings.items():
            for finding in findings:
                yield key, finding

    def of_rule(self, rule: str) -> int:
        """How many findings a rule has."""
        return sum(finding.rule == rule for _key, finding in self.all())


def audit(content: Content, today: str) -> Audit:
    """Asks every rule about every draft of the content; `today` is an ISO date."""
    found: dict[EntityKey, list[Finding]] = defaultdict(list)
    for key in content.drafts:
        found[key] = findings_of(key, content, today)
    for key, finding in whole.duplicates(content):
        found[key].append(finding)
    return Audit(content, {key: findings for key, findings in found.items() if findings}, whole.orphans(content))


def translated(content: Content) -> tuple[int, Counter[str]]:
    """How many texts there are, and how many of them each language has."""
    total, counted = 0, Counter(dict.fromkeys(LANGUAGES, 0))
    for (kind, _slug), draft in content.drafts.items():
        for _pointer, text in texts_of(content.catalogue[kind].mapped, draft):
            total += 1
            counted.update(language for language in text if language in LANGUAGES)
    return total, counted


def intensities(content: Content) -> Counter[int]:
    """How many levels of exercises there are at each intensity."""
    return Counter(level["intensity"] for draft in content.of_kind("exercise").values() for level in levels_of(draft))
