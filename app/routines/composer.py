"""A routine composed for what somebody asks: candidates are read, a session is composed, a routine is rendered."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, func, select

from app.content.content_type import Catalogue, Document, Filter
from app.content.delivery import check_values
from app.content.documents import ORIGIN_MARK, compose
from app.content.mapping import Draft
from app.content.published import Published, RenderingContext
from app.content.selection import Condition, document, where
from app.content.tables import table_of
from app.errors import Fault, InvalidParameters
from app.exercises.content import EXERCISE
from app.models.publication import Release
from app.routines.composing import (
    EASING_TYPES,
    GENTLE,
    MAIN_TYPES,
    Candidate,
    Chosen,
    TooLong,
    TooShort,
    candidate,
    compose_session,
)
from app.routines.content import ROUTINE
from app.routines.reasons import listed, say
from app.vocabularies.content import TERM

STRONGEST = 5
STRONGER = f"Only if used to very strong exercise, ask for up to {STRONGEST}"
CONSIDERED = 150
"""Exercises of each section that are looked at, chosen by the seed."""

KINDS = Catalogue((TERM, EXERCISE, ROUTINE))
SLUG = "composed"
release_table = table_of(Release)
filters = {each.parameter: each for each in EXERCISE.filters}


NOT_WITHOUT_HELP = Condition(Filter("professional", "", "professional"), ("none", "recommended"))
"""An exercise that a professional must go through first is nobody's to be given by a machine."""


@dataclass(frozen=True)
class Wish:
    """What is asked for. `can_do_with` None is whatever it needs."""

    conditions: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    minutes: int = 10
    max_intensity: int = 3
    can_do_with: tuple[str, ...] | None = None
    safe_for: tuple[str, ...] = ()
    seed: int = 0
    language: str = "en"

    @property
    def avoided(self) -> tuple[str, ...]:
        """What no exercise may be contraindicated with: what was named, and the conditions themselves."""
        return tuple(dict.fromkeys((*self.safe_for, *self.conditions)))

    def given(self) -> Sequence[Condition]:
        """What was named, each parameter with its values."""
        values = (("condition", self.conditions), ("region", self.regions), ("safe_for", self.safe_for))
        found = [Condition(filters[name], each) for name, each in values if each]
        return found if self.can_do_with is None else [*found, Condition(filters["can_do_with"], self.can_do_with)]

    def limits(self) -> list[Condition]:
        """What every exercise must meet."""
        found = [NOT_WITHOUT_HELP, Condition(filters["max_intensity"], (self.max_intensity,))]
        if self.avoided:
            found.append(Condition(filters["safe_for"], self.avoided))
        if self.can_do_with is not None:
            found.append(Condition(filters["can_do_with"], self.can_do_with))
        return found

    def purposes(self) -> list[Condition]:
        """What an exercise of the main part is for."""
        return [each for each in self.given() if each.filter.parameter in ("condition", "region")]

    def loosened(self) -> "Mapping[str, Wish]":
        """The same wish without each of its constraints, by parameter; what must be avoided never changes.

        Who has a condition has it still when nothing relieves it: without `condition` it is named by `safe_for`.
        """
        changes: dict[str, dict[str, Any]] = {
            "condition": {"conditions": (), "safe_for": tuple(sorted(self.avoided))},
            "region": {"regions": ()},
            "can_do_with": {"can_do_with": None},
            "max_intensity": {"max_intensity": STRONGEST},
        }
        others = {name: replace(self, **change) for name, change in changes.items()}
        return {name: other for name, other in others.items() if other != self}

    def freest(self) -> "Wish":
        """The same wish with nothing left of it but what must be avoided."""
        return Wish(safe_for=tuple(sorted(self.avoided)), max_intensity=STRONGEST, language=self.language)


def compose_routine(connection: Connection, wish: Wish, self_link: str) -> Document:
    """The routine, in the shape of a routine's document, each item with its `reasons`.

    Deterministic for a revision and a seed.
    Raises `InvalidParameters` that says which constraint to loosen.
    """
    check_values(connection, wish.given())
    pools, fillers = _pools(connection, wish)
    regions = wish.regions or _common_regions(pools["main"])
    try:
        chosen = compose_session(pools, fillers, seconds=wish.minutes * 60, regions=regions)
    except TooShort:
        detail = "No warm-up, main part and cool-down fit into this time. Ask for more minutes."
        raise InvalidParameters([Fault("minutes", detail)]) from None
    except TooLong as error:
        raise InvalidParameters(list(_too_long(wish, error.seconds))) from None
    return _render(connection, wish, chosen, regions, self_link)


def _pools(connection: Connection, wish: Wish) -> tuple[Mapping[str, Sequence[Candidate]], Sequence[Candidate]]:
    """The candidates of each section, and those that may fill the main part up."""
    main = _candidates(_read(connection, wish, MAIN_TYPES, wish.purposes()), wish.max_intensity, strongest=True)
    if not main:
        raise InvalidParameters(list(_nothing_fits(connection, wish, MAIN_TYPES, main=True)))
    pools: dict[str, Sequence[Candidate]] = {"main": main}
    for section, types in EASING_TYPES.items():
        drafts = _read(connection, wish, types)
        drafts.sort(key=lambda draft: not _suits(draft, wish))
        pools[section] = _candidates(drafts, min(wish.max_intensity, GENTLE), strongest=section == "warm-up")
        if not pools[section]:
            raise InvalidParameters(list(_nothing_fits(connection, wish, types, main=False)))
    slugs = {each.slug for each in main}
    others = [draft for draft in _read(connection, wish, MAIN_TYPES) if draft["slug"] not in slugs]
    return pools, _candidates(others, wish.max_intensity, strongest=True)


def _candidates(drafts: Sequence[Draft], at_most: int, *, strongest: bool) -> list[Candidate]:
    made = [candidate(draft, at_most=at_most, strongest=strongest) for draft in drafts]
    return [each for each in made if each]


def _suits(draft: Draft, wish: Wish) -> bool:
    helped = {each["slug"] for each in draft.get("conditions", ())}
    return bool(helped & set(wish.conditions) or set(draft.get("regions", ())) & set(wish.regions))


def _conditions(wish: Wish, types: Sequence[str], purposes: Sequence[Condition] = ()) -> list[Condition]:
    return [*wish.limits(), *purposes, Condition(filters["type"], tuple(types))]


def _read(connection: Connection, wish: Wish, types: Sequence[str], purposes: Sequence[Condition] = ()) -> list[Draft]:
    """The drafts of the exercises that meet the wish, in the order of the seed, `CONSIDERED` at most."""
    conditions = _conditions(wish, types, purposes)
    statement = select(document.c.slug).where(where("exercise", wish.language, conditions))
    slugs = sorted(connection.execute(statement).scalars(), key=lambda slug: _shuffled(wish.seed, slug))
    published = Published(connection, KINDS)
    published.read([("exercise", slug) for slug in slugs[:CONSIDERED]])
    return [published.draft(("exercise", slug)) for slug in slugs[:CONSIDERED]]


def _shuffled(seed: int, slug: str) -> bytes:
    return hashlib.blake2b(f"{seed} {slug}".encode(), digest_size=8).digest()


def _common_regions(pool: Sequence[Candidate]) -> Sequence[str]:
    """Regions that at least a quarter of the candidates work on, by name."""
    counts: dict[str, int] = {}
    for each in pool:
        for region in each.exercise.get("regions", ()):
            counts[region] = counts.get(region, 0) + 1
    return sorted(region for region, number in counts.items() if number * 4 >= len(pool))


def _nothing_fits(connection: Connection, wish: Wish, types: Sequence[str], *, main: bool) -> Iterator[Fault]:
    """Which constraint, when left out, would let something fit. What must be avoided is never one of them."""

    def number(other: Wish) -> int:
        conditions = _conditions(other, types, other.purposes() if main else ())
        statement = select(func.count()).select_from(document).where(where("exercise", wish.language, conditions))
        return int(connection.execute(statement).scalar_one())

    numbers = {name: number(other) for name, other in wish.loosened().items()}
    if any(numbers.values()):
        for name, found in numbers.items():
            if found:
                fits = f"{found} exercises of the sort needed would fit"
                yield Fault(name, f"Nothing fits with this. {_instead(name, wish)}: {fits}.")
    elif number(wish.freest()):
        for name in numbers:
            detail = f"{_instead(name, wish)}: not enough alone. Loosen more than one."
            yield Fault(name, f"Nothing fits with this. {detail}")
    elif wish.avoided:
        for name, slugs in (("condition", wish.conditions), ("safe_for", wish.safe_for)):
            if slugs:
                yield Fault(name, f"No exercise of the sort needed is safe with {' and '.join(wish.avoided)}.")
    else:
        yield Fault("minutes", "There is no exercise of the sort needed yet.")


def _instead(name: str, wish: Wish) -> str:
    """What to ask for where one constraint is loosened."""
    if name == "condition":
        return f"Ask with 'safe_for={','.join(wish.loosened()[name].safe_for)}' instead"
    return STRONGER if name == "max_intensity" else "Leave it out"


def _too_long(wish: Wish, seconds: int) -> Iterator[Fault]:
    yield Fault("minutes", f"What fits fills {seconds // 60} min {seconds % 60} s. Ask for fewer minutes.")
    for name in wish.loosened():
        if name not in ("condition", "region"):
            yield Fault(name, f"{_instead(name, wish)} to have more exercises for {wish.minutes} minutes.")


def _render(
    connection: Connection, wish: Wish, chosen: Sequence[Chosen], regions: Sequence[str], self_link: str
) -> Document:
    published = Published(connection, KINDS)
    draft = _draft(published, wish, chosen, regions)
    context = RenderingContext(published, KINDS, ("routine", SLUG), wish.language)
    published.read([("exercise", each.candidate.slug) for each in chosen])
    content = ROUTINE.render(draft, context).document
    for item, each in zip(content["stages"][0]["items"], chosen, strict=True):
        item["reasons"] = list(_reasons(each, wish, regions, context))
    newest = select(release_table.c.revision, release_table.c.released_at).order_by(release_table.c.revision.desc())
    release = connection.execute(newest.limit(1)).one()
    made = compose(ROUTINE, draft, wish.language, content)
    made |= {"revision": release.revision, "published_at": release.released_at.strftime("%Y-%m-%dT%H:%M:%SZ")}
    return made | {"links": {"self": ORIGIN_MARK + self_link, "html": None, "embed": None, "oembed": None}}


def _draft(published: Published, wish: Wish, chosen: Sequence[Chosen], regions: Sequence[str]) -> Draft:
    language = wish.language
    context = RenderingContext(published, KINDS, ("routine", SLUG), language)
    named = [context.named("term", slug)["name"] for slug in (wish.conditions or wish.regions)]
    subject = ", ".join(named) or say(language, "general")
    calming = all(each.candidate.exercise["type"] in ("breathing", "relaxation") for each in chosen)
    return {
        "slug": SLUG,
        "name": say(language, "name_of_one" if wish.minutes == 1 else "name", minutes=wish.minutes, subject=subject),
        "goal": "relax" if calming else "relieve",
        "conditions": list(wish.conditions),
        "regions": list(regions),
        "stages": [
            {
                "name": say(language, "stage"),
                "items": [
                    {
                        "section": each.section,
                        "exercise": each.candidate.slug,
                        "intensity": each.candidate.intensity,
                        "dose": dict(each.option.dose),
                    }
                    for each in chosen
                ],
            }
        ],
    }


def _reasons(each: Chosen, wish: Wish, regions: Sequence[str], context: RenderingContext) -> Iterator[str]:
    exercise, language = each.candidate.exercise, wish.language

    def names(slugs: Sequence[str]) -> list[Any]:
        return [context.named("term", slug)["name"] for slug in slugs]

    for purpose in ("relieve", "prevent"):
        helped = [one["slug"] for one in exercise.get("conditions", ()) if one["purpose"] == purpose]
        yield from listed(language, purpose, names([slug for slug in helped if slug in wish.conditions]))
    yield from listed(language, "regions", names([slug for slug in exercise.get("regions", ()) if slug in regions]))
    purposeful = _suits(exercise, wish) or not (wish.conditions or wish.regions)
    if each.section == "main" and not purposeful:
        yield say(language, "filler")
    yield say(language, each.section, intensity=each.candidate.intensity, limit=wish.max_intensity)
    if wish.can_do_with is not None:
        needed = names(exercise.get("equipment", ()))
        yield from listed(language, "equipment", needed)
        if not needed:
            yield say(language, "no_equipment")
    yield from listed(language, "safe", names(wish.safe_for))
    if each.option.seconds < each.candidate.longest:
        yield say(language, "shorter")
