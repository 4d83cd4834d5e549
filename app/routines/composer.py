"""A routine composed for what somebody asks: candidates are read, a session is composed, a routine is rendered."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, select

from app.columns.memory import Snapshot, snapshot
from app.content.content_type import Catalogue, Document
from app.content.documents import ORIGIN_MARK, compose
from app.content.mapping import Draft, mentions
from app.content.published import Published
from app.delivery.pages import check_values
from app.errors import Fault, InvalidParameters
from app.models import tables
from app.releasing.rendering import RenderingContext
from app.routines.candidates import NothingFits, number_of, pools
from app.routines.composing import Candidate, Chosen, TooLong, TooShort, compose_session
from app.routines.reasons import listed, say
from app.routines.wishes import STRONGEST, Wish

STRONGER = f"Only if used to very strong exercise, ask for up to {STRONGEST}"

SLUG = "composed"


def compose_routine(connection: Connection, catalogue: Catalogue, wish: Wish, self_link: str) -> Document:
    """The routine, in the shape of a routine's document, each item with its `reasons`.

    Deterministic for a revision and a seed.
    Raises `InvalidParameters` that says which constraint to loosen.
    """
    seen = snapshot(connection)
    check_values(connection, wish.given())
    try:
        found = pools(seen, wish)
        regions = wish.regions or _common_regions(found.sections["main"])
        chosen = compose_session(found.sections, found.fillers, seconds=wish.seconds, regions=regions)
    except NothingFits as error:
        raise InvalidParameters(list(_nothing_fits(seen, wish, error.section))) from None
    except TooShort:
        detail = "No warm-up, main part and cool-down fit into this time. Ask for more minutes."
        raise InvalidParameters([Fault("minutes", detail)]) from None
    except TooLong as error:
        raise InvalidParameters(list(_too_long(wish, error.seconds))) from None
    routine = _render(connection, catalogue, wish, chosen, regions)
    return routine | {"links": {"self": ORIGIN_MARK + self_link, "html": None, "embed": None, "oembed": None}}


def _suits(draft: Draft, wish: Wish) -> bool:
    helped = {each["slug"] for each in draft.get("conditions", ())}
    return bool(helped & set(wish.conditions) or set(draft.get("regions", ())) & set(wish.regions))


def _common_regions(pool: Sequence[Candidate]) -> Sequence[str]:
    """Regions that at least a quarter of the candidates work on, by name."""
    counts: dict[str, int] = {}
    for each in pool:
        for region in each.exercise.get("regions", ()):
            counts[region] = counts.get(region, 0) + 1
    return sorted(region for region, number in counts.items() if number * 4 >= len(pool))


def _nothing_fits(seen: Snapshot, wish: Wish, section: str) -> Iterator[Fault]:
    """Which constraint, when left out, would let something fit. What must be avoided is never one of them."""
    numbers = {name: number_of(seen, other, section) for name, other in wish.loosened().items()}
    if any(numbers.values()):
        for name, found in numbers.items():
            if found:
                fits = f"{found} exercises of the sort needed would fit"
                yield Fault(name, f"Nothing fits with this. {_instead(name, wish)}: {fits}.")
    elif number_of(seen, wish.freest(), section):
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
    connection: Connection,
    catalogue: Catalogue,
    wish: Wish,
    chosen: Sequence[Chosen],
    regions: Sequence[str],
) -> Document:
    exercise_fields, routine = catalogue["exercise"].mapped, catalogue["routine"]
    exercises = [each.candidate.exercise for each in chosen]
    published = Published(connection, catalogue, {("exercise", each["slug"]): each for each in exercises})
    named = {each.slug for exercise in exercises for each in mentions(exercise_fields, exercise) if each.kind == "term"}
    published.read([("term", slug) for slug in sorted(named.union(wish.avoided, wish.regions))])
    context = RenderingContext(published, catalogue, ("routine", SLUG), wish.language)
    draft = _draft(context, wish, chosen, regions)
    content = routine.render(draft, context).document
    for item, each in zip(content["stages"][0]["items"], chosen, strict=True):
        item["reasons"] = list(_reasons(each, wish, regions, context))
    newest = select(tables.release.c.revision, tables.release.c.released_at).order_by(tables.release.c.revision.desc())
    release = connection.execute(newest.limit(1)).one()
    made = compose(routine, draft, wish.language, content)
    return made | {"revision": release.revision, "published_at": release.released_at.strftime("%Y-%m-%dT%H:%M:%SZ")}


def _draft(context: RenderingContext, wish: Wish, chosen: Sequence[Chosen], regions: Sequence[str]) -> Draft:
    language = wish.language
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
