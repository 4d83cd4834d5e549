"""What only the whole catalogue shows: terms and sources that nothing names, and drafts that say nearly the same."""

from collections import defaultdict
from collections.abc import Iterator

from app.auditing.findings import Content, Finding
from app.auditing.texts import spoken
from app.content.content_type import EntityKey
from app.content.mapping import mentions
from app.shapes.languages import DEFAULT_LANGUAGE, to_translations

SAME_STEPS = 0.6
"""From this share of common runs of words on, the steps of two exercises are nearly the same."""

RUN = 4
"""Words in a run."""

COMMON = 50
"""A run of words that more exercises have than these tells nothing, and is passed over."""

Found = Iterator[tuple[EntityKey, Finding]]


def orphans(content: Content) -> list[EntityKey]:
    """Terms and sources that no draft names. Symptoms are there for people who search, and need not be named."""
    named = {
        (mention.kind, mention.slug)
        for (kind, _slug), draft in content.drafts.items()
        for mention in mentions(content.catalogue[kind].mapped, draft)
    }
    unnamed = [key for key in content.drafts if key[0] in ("term", "source") and key not in named]
    return [(kind, slug) for kind, slug in unnamed if slug not in content.symptoms]


def duplicates(content: Content) -> Found:
    """Entities of a kind that share a name or another name, and exercises whose steps are nearly the same."""
    yield from _same_names(content)
    yield from _same_steps(content)


def _same_names(content: Content) -> Found:
    first: dict[tuple[str, ...], str] = {}
    for (kind, slug), draft in content.drafts.items():
        group = str(draft.get(content.catalogue[kind].group_key or "", ""))
        for text in (draft.get("name") or draft.get("title"), *draft.get("aliases", ())):
            for language, name in to_translations(text or {}).items():
                other = first.setdefault((kind, group, language, " ".join(name.casefold().split())), slug)
                if other != slug:
                    message = f"'{name}' ({language}) is a name of '{other}' too."
                    yield (kind, slug), Finding("/name", "duplicates", message, warns=True)


def _same_steps(content: Content) -> Found:
    runs = {slug: _runs(draft.get("steps", ())) for slug, draft in content.of_kind("exercise").items()}
    having: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for slug, own in runs.items():
        for run in own:
            having[run].append(slug)
    for slug, own in runs.items():
        shared: dict[str, int] = defaultdict(int)
        for run in own:
            for other in having[run] if len(having[run]) <= COMMON else ():
                shared[other] += other < slug
        for other, count in shared.items():
            if count and (share := count / len(own | runs[other])) >= SAME_STEPS:
                message = f"{share:.0%} of the words of its steps are those of '{other}'."
                yield ("exercise", slug), Finding("/steps", "duplicates", message, warns=True)


def _runs(steps: list[dict[str, str]]) -> set[tuple[str, ...]]:
    words = " ".join(spoken(step["instruction"], DEFAULT_LANGUAGE) for step in steps).casefold().split()
    return {tuple(words[start : start + RUN]) for start in range(len(words) - RUN + 1)}
