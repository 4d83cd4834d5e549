"""The declaration of the kind `routine`."""

from collections.abc import Iterator

from app.content.common_fields import RED_FLAGS, SAFETY_FILTERS, term_filter
from app.content.content_type import ContentType, Examples, Expansion, Filter, Lookup
from app.content.mapping import Draft
from app.errors import Fault
from app.models.routine import GOALS
from app.routines.document import render
from app.routines.draft import MAPPED
from app.routines.routes import EXAMPLE, add_routes
from app.routines.schemas import RoutineDocument, RoutineDraft

FILTERS: tuple[Filter, ...] = (
    term_filter("condition", "Is for one of these conditions.", "condition", "conditions", warns=RED_FLAGS),
    term_filter("region", "Works on one of these regions.", "region", "regions"),
    Filter("goal", "Has one of these goals.", "goal", choices=GOALS),
    Filter("exercise", "Has one of these exercises.", "exercise", kind="exercise"),
    Filter("max_intensity", "Has no item above this intensity.", "level", operator="<=", bounds=(1, 5)),
    Filter(
        "max_seconds",
        "Has no session longer than this, in seconds.",
        "level",
        column="number",
        operator="<=",
        bounds=(1, 86_400),
    ),
    *SAFETY_FILTERS,
)


def check(draft: Draft, lookup: Lookup) -> Iterator[Fault]:
    """Every item's intensity is one of its exercise's levels; no stage is endless; the names of composing stay free."""
    for reserved in ("compose", "composed"):
        if reserved in (draft["slug"], *draft.get("former_slugs", ())):
            yield Fault("/slug", f"Must not be '{reserved}': composed routines have this name.")
    for number, stage in enumerate(draft.get("stages", ())):
        for position, item in enumerate(stage.get("items", ())):
            exercise = lookup.draft("exercise", item["exercise"])
            levels = [level["intensity"] for level in exercise.get("levels", ())] if exercise else []
            if exercise and item["intensity"] not in levels:
                allowed = ", ".join(map(str, levels)) or "none; it has no levels"
                yield Fault(
                    f"/stages/{number}/items/{position}/intensity",
                    f"'{item['exercise']}' has no level of intensity {item['intensity']}. Allowed: {allowed}.",
                )


ROUTINE = ContentType(
    kind="routine",
    collection="routines",
    description="Routines: stages of exercises with doses and times.",
    examples=Examples(
        slug=EXAMPLE,
        query="condition=desk-strain&max_seconds=300",
        draft={"goal": "relieve", "name": "Short break"},
    ),
    draft_schema=RoutineDraft,
    document_schema=RoutineDocument,
    mapped=MAPPED,
    render=render,
    filters=FILTERS,
    check=check,
    checks=frozenset({"exercise"}),
    expansions=(Expansion("exercises", "exercise", (("stages", "items", "exercise"),)),),
    pages=True,
    routes=add_routes,
)
