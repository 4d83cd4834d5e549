"""The figures of a catalogue, as lines of text: how much there is, and how complete, safe and readable it is."""

from collections import Counter
from collections.abc import Iterator

from app.auditing.audit import Audit, intensities, translated
from app.auditing.findings import Content
from app.auditing.reading import MEASURES, SORTS, reading, texts_of_sort
from app.auditing.safety import cells
from app.auditing.texts import texts_of
from app.content.mapping import Draft
from app.shapes.languages import LANGUAGES


def lines(audit: Audit) -> Iterator[str]:
    """A line for each figure: kinds, languages, levels, citations, safety, red flags, reading, orphans, duplicates."""
    content = audit.content
    kinds = (f"{len(content.of_kind(each.kind))} {each.collection}" for each in content.catalogue)
    yield f"kinds: {', '.join(kinds)}"
    total, by_language = translated(content)
    yield f"languages: {', '.join(f'{language} {by_language[language]} of {total} texts' for language in LANGUAGES)}"
    levels = intensities(content)
    of_intensity = ", ".join(f"{count} at {intensity}" for intensity, count in sorted(levels.items()))
    yield f"levels: {levels.total()} ({of_intensity})"
    yield f"citations: {_citations(content)}"
    yield f"safety: {_safety(content)}"
    flags = Counter(flag["urgency"] for term in content.of_kind("term").values() for flag in _flags(term))
    yield f"red flags: {', '.join(f'{count} {urgency}' for urgency, count in flags.items()) or 'none'}"
    for sort in SORTS:
        yield f"reading, {sort}: {_reading(content, sort)}"
    orphans = ", ".join(f"{kind} {slug}" for kind, slug in audit.orphans)
    yield f"orphans: {len(audit.orphans)} that nothing names{f': {orphans}' if orphans else ''}"
    yield f"duplicates: {audit.of_rule('duplicates')}"


def _flags(term: Draft) -> list[Draft]:
    flags: list[Draft] = term.get("see_professional_if") or []
    return flags


def _citations(content: Content) -> str:
    cited = [
        citation
        for kind in ("exercise", "routine")
        for draft in content.of_kind(kind).values()
        for citation in draft.get("citations", ())
    ]
    located = sum("locator" in citation for citation in cited)
    evidence = Counter(
        draft["evidence"]["level"] for draft in content.of_kind("exercise").values() if "evidence" in draft
    )
    levels = ", ".join(f"{count} {level}" for level, count in evidence.most_common())
    sources = len({citation["source"] for citation in cited})
    return f"{len(cited)} of {sources} sources, {located} with their place; evidence of exercises: {levels or 'none'}"


def _safety(content: Content) -> str:
    exercises = list(content.of_kind("exercise").values())
    counted = cells(exercises, content)
    return (
        f"{counted['weighed']} of {counted['cells']} cells weighed ({len(exercises)} exercises,"
        f" {len(content.conditions)} conditions), {counted['ruled out']} ruled out,"
        f" {counted['ruled out from a level']} from a level up, {counted['exceptions']} exceptions"
    )


def _reading(content: Content, sort: str) -> str:
    """The reading of all texts of a sort together, and of the draft that is hardest to read, in each language."""
    parts = []
    for language, measure in MEASURES.items():
        of_draft = {
            slug: texts_of_sort(sort, list(texts_of(content.catalogue[kind].mapped, draft)), language)
            for (kind, slug), draft in content.drafts.items()
        }
        together = reading([text for texts in of_draft.values() for text in texts], language)
        graded = {slug: each for slug, texts in of_draft.items() if (each := reading(texts, language)) is not None}
        if together is None or not graded:
            continue
        hardest = (max if measure.higher_is_harder else min)(graded, key=lambda slug: graded[slug])
        bound = f"{'at most' if measure.higher_is_harder else 'at least'} {measure.bounds[sort]}"
        parts.append(f"{language} {together:.1f}, hardest {graded[hardest]:.1f} in {hardest} ({measure.name}, {bound})")
    return "; ".join(parts) or "too few words"
