"""Composing a routine for a wish: candidates are read, a session is composed of them, a routine is rendered."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import Connection, select

from app.columns.memory import StateReader, state_reader
from app.content import canonical_json
from app.content.content_type import Catalogue, Document
from app.content.documents import ORIGIN_MARK, compose
from app.content.identity import made_id
from app.content.mapping import Draft, mentions
from app.content.published import Published
from app.delivery.expanding import documents_of
from app.delivery.notices import notices
from app.delivery.slugs import present_slugs
from app.errors import Fault, InvalidParameters
from app.models import tables
from app.releasing.rendering import RenderingContext
from app.routines.candidates import NothingFits, number_of, pools
from app.routines.composing import SessionItem, TooLong, TooShort, compose_session
from app.routines.doses import Candidate
from app.routines.reasons import Reason, listed, reason, say
from app.routines.wishes import STRONGEST, Wish
from app.shapes.labels import label
from app.shapes.moments import moment_text
from app.timelines.timeline import stage_timeline

STRONGER = f"Only if used to very strong exercise, ask for up to {STRONGEST}"

SLUG = "composed"


def compose_routine(connection: Connection, catalogue: Catalogue, wish: Wish, self_link: str) -> Document:
    """A routine for a wish, in the shape of a routine's document, each item with its `reasons`.

    The same wish and seed get the same routine as long as the revision is the same.
    Raises `InvalidParameters`, which says which constraint to loosen.
    """
    reader = state_reader(connection)
    wish = wish.present(present_slugs(connection, wish.named()))
    try:
        considered = pools(reader, wish)
        regions = wish.regions or _common_regions(considered.sections["main"])
        chosen = compose_session(
            considered.sections, considered.fillers, seconds=wish.seconds, regions=regions, wanted=wish.regions
        )
    except NothingFits as error:
        raise InvalidParameters(list(_nothing_fits(reader, wish, error.section))) from None
    except TooShort:
        raise InvalidParameters(list(_too_short(wish))) from None
    except TooLong as error:
        raise InvalidParameters(list(_too_long(wish, error.seconds))) from None
    routine = _render(reader, catalogue, wish, chosen, regions)
    return routine | {
        "links": {
            "self": ORIGIN_MARK + self_link,
            "html": None,
            "embed": None,
            "oembed": None,
            "report": f"{ORIGIN_MARK}/report?{urlencode({'about': self_link})}",
        }
    }


def _suits(draft: Draft, wish: Wish) -> bool:
    helped = {condition["slug"] for condition in draft.get("conditions", ())}
    return bool(helped & set(wish.conditions) or set(draft.get("regions", ())) & set(wish.regions))


def _common_regions(pool: Sequence[Candidate]) -> Sequence[str]:
    """The regions that at least a quarter of the candidates work on, sorted by slug."""
    counts = Counter(region for candidate in pool for region in candidate.exercise.get("regions", ()))
    return sorted(region for region, number in counts.items() if number * 4 >= len(pool))


def _nothing_fits(reader: StateReader, wish: Wish, section: str) -> Iterator[Fault]:
    """A fault for each constraint without which some exercise would fit. What must be avoided is never left out."""
    numbers = {name: number_of(reader, other, section) for name, other in wish.loosened().items()}
    if any(numbers.values()):
        for name, number in numbers.items():
            if number:
                fits = f"{number} exercises of the sort needed would fit"
                yield Fault(name, f"Nothing fits with this. {_instead(name, wish)}: {fits}.", code="loosen")
    elif number_of(reader, wish.freest(), section):
        for name in numbers:
            detail = f"{_instead(name, wish)}: not enough alone. Loosen more than one."
            yield Fault(name, f"Nothing fits with this. {detail}", code="loosen-more")
    elif wish.avoided:
        for name, slugs in (("condition", wish.conditions), ("safe_for", wish.safe_for)):
            if slugs:
                detail = f"No exercise of the sort needed is known to be safe with {' and '.join(wish.avoided)}."
                yield Fault(name, detail, code="nothing-safe")
    else:
        yield Fault("minutes", "There is no exercise of the sort needed yet.", code="nothing-published")


def _instead(name: str, wish: Wish) -> str:
    """The advice for loosening one constraint."""
    if name == "condition":
        return f"Ask with 'safe_for={','.join(wish.loosened()[name].safe_for)}' instead"
    return STRONGER if name == "max_intensity" else "Leave it out"


def _too_short(wish: Wish) -> Iterator[Fault]:
    detail = "No warm-up, main part and cool-down that suit one another fit into this time. Ask for more minutes."
    yield Fault("minutes", detail, code="too-short")
    yield from _more(wish, ("can_do_with", "position"))


def _too_long(wish: Wish, seconds: int) -> Iterator[Fault]:
    detail = f"What fits fills {seconds // 60} min {seconds % 60} s. Ask for fewer minutes."
    yield Fault("minutes", detail, code="too-long")
    yield from _more(wish, ("can_do_with", "position", "max_intensity"))


def _more(wish: Wish, names: Sequence[str]) -> Iterator[Fault]:
    """What to loosen, of these constraints, to have more exercises to choose from."""
    for name in wish.loosened():
        if name in names:
            yield Fault(name, f"{_instead(name, wish)} to have more exercises for this time.", code="loosen")


def _render(
    reader: StateReader, catalogue: Catalogue, wish: Wish, chosen: Sequence[SessionItem], regions: Sequence[str]
) -> Document:
    exercise_fields, routine = catalogue["exercise"].mapped, catalogue["routine"]
    exercises = [each.candidate.exercise for each in chosen]
    published = Published(reader.connection, catalogue, {("exercise", each["slug"]): each for each in exercises})
    named = {each.slug for exercise in exercises for each in mentions(exercise_fields, exercise) if each.kind == "term"}
    published.read([("term", slug) for slug in sorted(named.union(wish.avoided, wish.regions))])
    context = RenderingContext(published, catalogue, ("routine", SLUG), wish.language)
    draft = _draft(context, wish, chosen, regions)
    draft["id"] = made_id("routine", f"{SLUG}/{canonical_json.digest(draft['stages'][0]['items'])}")
    content = routine.render(draft, context).document
    stage = content["stages"][0]
    for item, each in zip(stage["items"], chosen, strict=True):
        item["reasons"] = list(_reasons(each, wish, regions, context))
    slugs = [each.candidate.slug for each in chosen]
    stage["timeline"] = stage_timeline(
        stage["items"], documents_of(reader.connection, "exercise", slugs, wish.language), wish.language
    )
    content |= {"reasons": list(_reasons_of_all(chosen, wish, context))}
    content |= {"notices": notices(reader, wish.safety(), wish.language)}
    revision = reader.state.revision
    statement = select(tables.release.c.released_at).where(tables.release.c.revision == revision)
    released_at = reader.connection.execute(statement).scalar_one()
    made = compose(routine, draft, wish.language, content)
    return made | {"revision": revision, "published_at": moment_text(released_at)}


def _draft(context: RenderingContext, wish: Wish, chosen: Sequence[SessionItem], regions: Sequence[str]) -> Draft:
    language = wish.language
    named = [context.named("term", slug)["name"] for slug in (wish.conditions or wish.regions)]
    subject = ", ".join(named) or say(language, "general")
    calming = all(item.candidate.exercise["type"] in ("breathing", "relaxation") for item in chosen)
    items = [
        {
            "section": item.section,
            "exercise": item.candidate.slug,
            "intensity": item.candidate.intensity,
            "dose": dict(item.option.dose),
        }
        for item in chosen
    ]
    return {
        "slug": SLUG,
        "name": say(language, "name-of-one" if wish.minutes == 1 else "name", minutes=wish.minutes, subject=subject),
        "goal": "relax" if calming else "relieve",
        "conditions": list(wish.conditions),
        "regions": list(regions),
        "stages": [{"name": say(language, "stage"), "items": items}],
    }


def _reasons_of_all(chosen: Sequence[SessionItem], wish: Wish, context: RenderingContext) -> Iterator[Reason]:
    """Why the session is as it is: what holds for each of its exercises."""
    language = wish.language
    equipment = dict.fromkeys(slug for item in chosen for slug in item.candidate.exercise.get("equipment", ()))
    if wish.can_do_with is not None:
        needed = listed(language, "equipment", _names(context, list(equipment)))
        yield from needed or [reason(language, "no-equipment")]
    yield from listed(language, "safe", _names(context, wish.avoided))
    positions = dict.fromkeys(item.candidate.position for item in chosen)
    if len(positions) == 1 and wish.suiting_positions:
        yield reason(language, "position", position=label(str(*positions), language).lower())


def _names(context: RenderingContext, slugs: Sequence[str]) -> list[Any]:
    return [context.named("term", slug)["name"] for slug in slugs]


def _reasons(item: SessionItem, wish: Wish, regions: Sequence[str], context: RenderingContext) -> Iterator[Reason]:
    """Why an exercise stands in the session."""
    exercise, language = item.candidate.exercise, wish.language

    def names(slugs: Sequence[str]) -> list[Any]:
        return _names(context, slugs)

    for purpose in ("relieve", "prevent"):
        helped = [helps["slug"] for helps in exercise.get("conditions", ()) if helps["purpose"] == purpose]
        yield from listed(language, purpose, names([slug for slug in helped if slug in wish.conditions]))
    yield from listed(language, "regions", names([slug for slug in exercise.get("regions", ()) if slug in regions]))
    purposeful = _suits(exercise, wish) or not (wish.conditions or wish.regions)
    if item.section != "main" or not purposeful or not (wish.conditions or wish.regions):
        yield reason(language, item.section)
    if item.option.seconds < item.candidate.longest:
        yield reason(language, "shorter")
