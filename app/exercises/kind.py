"""The declaration of the kind `exercise`."""

from collections.abc import Iterator

from app.content.common_fields import RED_FLAGS, SAFETY_FILTERS, term_filter
from app.content.content_type import ContentType, Examples, Expansion, Filter, Lookup
from app.content.mapping import Draft
from app.errors import Fault
from app.exercises.completeness import PARTS, gaps
from app.exercises.document import render
from app.exercises.draft import MAPPED
from app.exercises.routes import EXAMPLE, add_routes
from app.exercises.schemas import ExerciseDocument, ExerciseDraft
from app.models.exercise import LYING, POSITIONS, PROFESSIONAL, PURPOSES, TYPES
from app.models.source import SOURCE_TYPES

FILTERS: tuple[Filter, ...] = (
    term_filter("region", "Works on one of these regions.", "region", "regions"),
    term_filter("muscle", "Works on one of these muscles.", "muscle", "muscles"),
    term_filter("equipment", "Needs one of these things.", "equipment", "equipment"),
    term_filter("condition", "Helps with one of these conditions.", "condition", "conditions", warns=RED_FLAGS),
    Filter(
        "purpose",
        "Relieves or prevents; with `condition`, that very condition.",
        "condition",
        column="qualifier",
        choices=PURPOSES,
    ),
    term_filter("benefit", "Has one of these benefits.", "benefit", "benefits"),
    Filter("type", "Is of one of these types.", "type", choices=TYPES),
    Filter(
        "position",
        "Starts from one of these positions; `lying` stands for supine, prone and side-lying.",
        "position",
        choices=POSITIONS,
        aliases=(("lying", LYING),),
    ),
    Filter("source", "Cites one of these sources.", "source", kind="source"),
    Filter("source_type", "Cites a source of one of these types.", "source_type", choices=SOURCE_TYPES),
    Filter("professional", "Whether a professional should go through it first.", "professional", choices=PROFESSIONAL),
    Filter("min_intensity", "Has a level of at least this intensity.", "level", operator=">=", bounds=(1, 5)),
    Filter(
        "max_intensity",
        "Has a level of at most this intensity; with `min_intensity` and `max_seconds`, one level meets all.",
        "level",
        operator="<=",
        bounds=(1, 5),
    ),
    Filter(
        "max_seconds",
        "Has a level of which one session takes at most so many seconds.",
        "level",
        column="number",
        operator="<=",
        bounds=(1, 86_400),
    ),
    *SAFETY_FILTERS,
)


def check(draft: Draft, lookup: Lookup) -> Iterator[Fault]:
    """Progressions make no circle: nothing is, by whatever steps, harder than itself."""
    start = draft["slug"]
    path: list[tuple[str, Iterator[str]]] = [(start, iter(_harder(start, lookup)))]
    seen = {start}
    while path:
        following = next(path[-1][1], None)
        if following is None:
            path.pop()
        elif following == start:
            circle = " → ".join([*(slug for slug, _ in path), following])
            yield Fault("/harder" if "harder" in draft else "/easier", f"Progressions make a circle: {circle}.")
            return
        elif following not in seen:
            seen.add(following)
            path.append((following, iter(_harder(following, lookup))))


def _harder(slug: str, lookup: Lookup) -> list[str]:
    """What is harder than an exercise: what it says itself, and what says that this one is easier."""
    return [*lookup.named("exercise", "harder", slug), *lookup.naming("exercise", "easier", slug)]


EXERCISE = ContentType(
    kind="exercise",
    collection="exercises",
    description="Exercises with their steps, intensity levels, safety, tips and sources.",
    examples=Examples(
        slug=EXAMPLE,
        query="region=upper-back&max_intensity=2&equipment=chair",
        draft={"type": "stretch", "name": "Wall lean", "guidance": {"professional": "recommended"}},
    ),
    draft_schema=ExerciseDraft,
    document_schema=ExerciseDocument,
    mapped=MAPPED,
    render=render,
    filters=FILTERS,
    shows=frozenset({("exercise", "easier"), ("exercise", "harder")}),
    check=check,
    checks=frozenset({"exercise"}),
    gaps=gaps,
    parts=PARTS,
    expansions=(Expansion("sources", "source", (("citations", "source"), ("tips", "source"))),),
    pages=True,
    routes=add_routes,
)
