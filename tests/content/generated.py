"""Hypothesis strategies for whole catalogues of drafts, of every kind, with texts that break careless code."""

from functools import partial
from operator import or_
from typing import Any

from hypothesis import strategies as st

from app.models.dose import SIDE_ORDERS
from app.models.exercise import (
    ASSESSORS,
    DEMANDS,
    EVIDENCE_LEVELS,
    PARTS,
    POSITIONS,
    PROFESSIONAL,
    PURPOSES,
    REVIEW_STATUSES,
    ROLES,
    TYPES,
)
from app.models.place import PLACE_TYPES
from app.models.routine import GOALS, SECTIONS
from app.models.vocabulary import URGENCIES, VOCABULARIES
from app.shapes.invisible import is_seen

Draft = dict[str, Any]
Drafts = st.SearchStrategy[Draft]

NASTY = (
    "no", "yes", "null", "~", "1.10", "12:30:45", "0x1F", "1e3", "-0", ".5", "=", "<<", "2026-01-01", "- a", "a: b",
    "# c", "a # b", "'", '"', "''", "\\", "\\n", "|", ">-", "%a", "@a", "`", "*a", "&a", "!a", "? a", "[a]", "{a}",
    "a,b", "---", "...", "a\nb", "a\n\nb", "a\n  b", "a \nb", "a\n---\nb", "a\n# b\n", "a\tb", "a  b", "\u2028a",
    "a\u2028b", "a\u2029b\nc", "\ufeffa", "a\ufeffb", "é", "e\u0301", "💪🏽", "\U0010ffff", "\u00a0a\u00a0b",
    "x" * 190, ("word " * 38).strip(), "\u202eevil", "%s %(a)s {a} ${a}", "<script>", "NaN", "true", "ﬁ", "İ",
    "\u201ca\u201d", "\u2018a\u2019", "a - b " * 30, "a # b " * 30, "a \u2028\nb", "=======\nb", "a\n=======\nb \nc",
)  # fmt: skip

SLUGS = st.from_regex(r"[a-z0-9]{1,6}(-[a-z0-9]{1,4}){0,2}", fullmatch=True)
ALLOWED = st.characters(
    exclude_categories=("Cs", "Cc", "Cn"), include_characters="\t\n", exclude_characters="\ufffe\uffff"
)
TEXTS = st.one_of(st.sampled_from(NASTY), st.text(ALLOWED, min_size=1, max_size=40)).filter(is_seen)
LANGUAGES = st.sampled_from(("no", "es", "pt-BR", "zh-Hant-TW", "yue", "de"))
TRANSLATED = st.one_of(
    TEXTS,
    st.builds(lambda text, others: {**others, "en": text}, TEXTS, st.dictionaries(LANGUAGES, TEXTS, max_size=3)),
)
DAYS = st.dates().map(lambda day: day.isoformat())
URLS = st.sampled_from(("https://example.org/a?b=c&d=%20#e", "http://[::1]:8080/", "https://ex.org/" + "x" * 1900))
ISBNS = st.sampled_from((None, "978-0-13-110362-7", "0-306-40615-2"))


def numbers(high: int, low: int = 1) -> st.SearchStrategy[int]:
    return st.integers(low, high)


def optional(fields: dict[str, st.SearchStrategy[Any]], required: dict[str, st.SearchStrategy[Any]]) -> Drafts:
    return st.fixed_dictionaries(required, optional=fields)


def some(slugs: list[str], limit: int = 3) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(slugs), unique=True, max_size=limit)


DOSE: dict[str, st.SearchStrategy[Any]] = {
    "sets": numbers(4),
    "repetitions": numbers(10),
    "rest_seconds": numbers(90),
    "times_per_day": numbers(24),
    "days_per_week": numbers(7),
}
SECONDS = numbers(60)
SIDES: dict[str, st.SearchStrategy[Any]] = {
    "per_side": st.just(True),
    "side_order": st.sampled_from(SIDE_ORDERS),
}
TIMES = {"move_seconds": SECONDS, "hold_seconds": SECONDS, "return_seconds": SECONDS, "pause_seconds": SECONDS}
BREATHS = optional({"hold_seconds": SECONDS, "pause_seconds": SECONDS}, {"in_seconds": SECONDS, "out_seconds": SECONDS})
DOSES = st.one_of(
    optional(DOSE | TIMES | {"per_side": st.booleans()}, {}),
    optional(DOSE | TIMES, SIDES),
    optional(DOSE, {"breaths": BREATHS}),
)
REVIEWS = optional(
    {"reviewer": TEXTS, "next_review_on": DAYS}, {"status": st.sampled_from(REVIEW_STATUSES), "reviewed_on": DAYS}
)
TEXT_LISTS = st.lists(TRANSLATED, max_size=4)


def terms(slug: str, vocabulary: str, regions: list[str]) -> Drafts:
    fields: dict[str, st.SearchStrategy[Any]] = {
        "aliases": TEXT_LISTS,
        "description": TRANSLATED,
    }
    required: dict[str, st.SearchStrategy[Any]] = {
        "slug": st.just(slug),
        "vocabulary": st.just(vocabulary),
        "name": TRANSLATED,
    }
    if vocabulary == "conditions":
        sign = st.fixed_dictionaries({"text": TRANSLATED, "urgency": st.sampled_from(URGENCIES)})
        code = optional({"url": URLS}, {"system": st.just("mesh"), "code": TEXTS.filter(lambda text: len(text) <= 50)})
        fields |= {"see_professional_if": st.lists(sign, max_size=3), "symptom": st.booleans()}
        fields |= {"codes": st.lists(code, max_size=1)}
    if vocabulary == "muscles":
        fields |= {"latin_name": TEXTS, "regions": some(regions)}
    if vocabulary == "licences":
        required |= {"spdx": st.sampled_from(("CC-BY-4.0", "MIT", "LicenseRef-own")), "url": URLS}
    return optional(fields, required)


def sources(slug: str, kind: str, services: list[str], places: list[str]) -> Drafts:
    own: dict[str, dict[str, st.SearchStrategy[Any]]] = {
        "book": {
            "authors": st.lists(TEXTS, max_size=3),
            "publisher": TEXTS,
            "year": numbers(2200, 1450),
            "edition": TEXTS,
        },
        "video": {"creator": TEXTS, "platform": TEXTS, "duration_seconds": numbers(360_000), "published_on": DAYS},
        "professional": {
            "profession": TEXTS,
            "organisation": TEXTS,
            "credentials": TEXTS,
            "services": some(services),
            "places": some(places),
        },
        "online": {"publisher": TEXTS, "published_on": st.just("2020-02-29"), "accessed_on": st.just("2020-03-01")},
    }
    return optional(
        {"summary": TRANSLATED, "url": URLS, **own[kind]},
        {"slug": st.just(slug), "type": st.just(kind), "title": TEXTS},
    )


def places(slug: str, services: list[str], professionals: list[str]) -> Drafts:
    address = optional(
        {"street": TEXTS, "locality": TEXTS, "region": TEXTS, "postal_code": TEXTS, "country": st.just("GB")}, {}
    )
    degrees = st.one_of(st.floats(-90, 90), st.integers(-90, 90), st.sampled_from((0.1 + 0.2, -0.0, 1e-7, 5e-324)))
    drafts = optional(
        {
            "summary": TRANSLATED,
            "address": address,
            "services": some(services),
            "url": URLS,
            "professionals": some(professionals),
            "phone": st.just("+44 20 7946 0000"),
            "coordinates": st.tuples(degrees, degrees),
        },
        {"slug": st.just(slug), "name": TRANSLATED, "type": st.sampled_from(PLACE_TYPES)},
    )
    return drafts.map(_with_coordinates)


def _with_coordinates(draft: Draft) -> Draft:
    given = draft.pop("coordinates", None)
    return draft | {"latitude": given[0], "longitude": given[1]} if given else draft


def exercises(slug: str, levels: list[int], harder: list[str], world: dict[str, list[str]]) -> Drafts:
    def named(vocabulary: str, **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Draft]]:
        entry = st.fixed_dictionaries({"slug": st.sampled_from(world[vocabulary]), **fields})
        return st.lists(entry, max_size=3, unique_by=lambda each: each["slug"])

    step = optional(
        {"cue": TRANSLATED, "breathing": TRANSLATED, "part": st.sampled_from(PARTS)}, {"instruction": TRANSLATED}
    )
    tip = optional(
        {"condition": st.sampled_from(world["conditions"]), "source": st.sampled_from(world["sources"])},
        {"text": TRANSLATED},
    )
    medium = optional(
        {"width": numbers(20_000), "height": numbers(20_000), "credit": TEXTS},
        {
            "url": st.one_of(URLS, st.just("/media/a_b~c.png")),
            "type": st.sampled_from(("image", "video", "animation")),
            "alt": TRANSLATED,
            "licence": st.sampled_from(world["licences"]),
        },
    )
    level = optional({"label": TRANSLATED, "adjustment": TRANSLATED, "sensation": TRANSLATED, "dose": DOSES}, {})
    ladder = st.tuples(*(level.map(partial(or_, {"intensity": at})) for at in levels)).map(list)
    return optional(
        {
            "former_slugs": st.just([f"{slug}-once"]),
            "aliases": TEXT_LISTS,
            "summary": TRANSLATED,
            "position": st.sampled_from(POSITIONS),
            "regions": some(world["regions"]),
            "muscles": named("muscles", role=st.sampled_from(ROLES)),
            "equipment": some(world["equipment"]),
            "conditions": named("conditions", purpose=st.sampled_from(PURPOSES)),
            "benefits": some(world["benefits"]),
            "demands": st.lists(
                st.fixed_dictionaries({"demand": st.sampled_from(DEMANDS), "from_intensity": numbers(levels[-1])}),
                max_size=2,
                unique_by=lambda each: each["demand"],
            ),
            "contraindications": named("conditions", note=TRANSLATED, from_intensity=numbers(levels[-1])),
            "safety": safety(world),
            "evidence": optional(
                {"citations": some(world["sources"])},
                {"level": st.sampled_from(EVIDENCE_LEVELS), "statement": TRANSLATED},
            ),
            "steps": st.lists(step, max_size=4),
            "guidance": optional({"note": TRANSLATED}, {"professional": st.sampled_from(PROFESSIONAL)}),
            "precautions": TEXT_LISTS,
            "stop_if": TEXT_LISTS,
            "tips": st.lists(tip, max_size=2),
            "harder": st.just([{"slug": each, "why": "Why"} for each in harder]),
            "citations": citations(world),
            "media": st.lists(medium, max_size=2),
            "licence": st.sampled_from(world["licences"]),
            "review": REVIEWS,
        },
        {"slug": st.just(slug), "name": TRANSLATED, "type": st.sampled_from(TYPES), "levels": ladder},
    )


def safety(world: dict[str, list[str]]) -> Drafts:
    exception = st.fixed_dictionaries({"slug": st.sampled_from(world["conditions"]), "note": TRANSLATED})
    exceptions = st.lists(exception, max_size=2, unique_by=lambda each: each["slug"])
    return st.one_of(
        optional({"note": TRANSLATED}, {"assessed": st.just(False)}),
        optional(
            {"note": TRANSLATED, "conditions": some(world["conditions"]), "exceptions": exceptions},
            {"assessed": st.just(True), "assessed_on": DAYS, "by": st.sampled_from(ASSESSORS)},
        ),
    )


def citations(world: dict[str, list[str]]) -> st.SearchStrategy[list[Draft]]:
    citation = optional({"locator": TEXTS, "note": TRANSLATED}, {"source": st.sampled_from(world["sources"])})
    return st.lists(citation, max_size=2)


def routines(slug: str, items: list[tuple[str, int]], world: dict[str, list[str]]) -> Drafts:
    item = st.sampled_from(items).flatmap(
        lambda chosen: optional(
            {"dose": DOSES, "note": TRANSLATED, "section": st.sampled_from(SECTIONS)},
            {"exercise": st.just(chosen[0]), "intensity": st.just(chosen[1])},
        )
    )
    stage = optional(
        {
            "weeks": numbers(104),
            "times_per_day": numbers(24),
            "days_per_week": numbers(7),
            "items": st.lists(item, max_size=3),
        },
        {"name": TRANSLATED},
    )
    return optional(
        {
            "summary": TRANSLATED,
            "conditions": some(world["conditions"]),
            "regions": some(world["regions"]),
            "stages": st.lists(stage, max_size=2),
            "citations": citations(world),
            "licence": st.sampled_from(world["licences"]),
            "review": REVIEWS,
        },
        {"slug": st.just(slug), "name": TRANSLATED, "goal": st.sampled_from(GOALS)},
    )


@st.composite
def catalogues(draw: st.DrawFn) -> dict[str, list[Draft]]:
    """Drafts by collection: two terms of each vocabulary, a source of each type, and some of everything else."""
    world = {vocabulary: [f"{vocabulary}-1", f"{vocabulary}-2"] for vocabulary in VOCABULARIES}
    types = ("book", "video", "professional", "online")
    world |= {"sources": [f"a-{kind}" for kind in types], "places": ["place-1", "place-2"]}
    slugs = draw(st.lists(SLUGS, min_size=1, max_size=3, unique=True))
    ladders = {slug: sorted(draw(st.sets(numbers(5), min_size=1, max_size=3))) for slug in slugs}
    items = [(slug, intensity) for slug, ladder in ladders.items() for intensity in ladder]
    return {
        "vocabularies": [
            draw(terms(slug, vocabulary, world["regions"])) for vocabulary in VOCABULARIES for slug in world[vocabulary]
        ],
        "sources": [draw(sources(f"a-{kind}", kind, world["services"], world["places"])) for kind in types],
        "places": [draw(places(slug, world["services"], ["a-professional"])) for slug in world["places"]],
        "exercises": [
            draw(exercises(slug, ladders[slug], slugs[number + 1 :], world)) for number, slug in enumerate(slugs)
        ],
        "routines": [draw(routines("routine-1", items, world))],
    }
