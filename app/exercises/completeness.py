"""What an exercise must have before it is released, and which parts of one are looked for where they are missing."""

from collections.abc import Iterator

from app.content.completeness import Parts, gap, has, is_reviewed
from app.content.content_type import Lookup
from app.content.mapping import Draft
from app.errors import Fault
from app.timelines.durations import is_timed

NEEDS = {
    "steps": "An exercise needs steps.",
    "levels": "An exercise needs levels, each with a dose.",
    "licence": "An exercise needs the licence of its texts.",
    "safety": "An exercise needs its safety stated; `assessed: false` says that nobody weighed it.",
}
NEEDS_TIMES = (
    "A level needs a dose with times: `move_seconds`, `hold_seconds`, `return_seconds` or `pause_seconds` of a"
    " repetition, or `breaths`."
)


def gaps(draft: Draft, _lookup: Lookup) -> Iterator[Fault]:
    """What an exercise lacks: steps, levels with timed doses, a licence, and its safety, assessed or not."""
    for part, need in NEEDS.items():
        if part not in draft:
            yield gap(f"/{part}", need)
    for index, level in enumerate(draft.get("levels", ())):
        if not is_timed(level.get("dose")):
            yield gap(f"/levels/{index}/dose", NEEDS_TIMES)


def _has_timed_levels(draft: Draft) -> bool:
    levels = draft.get("levels", ())
    return bool(levels) and all(is_timed(level.get("dose")) for level in levels)


PARTS: Parts = {
    **has("summary", "position", "regions", "muscles", "conditions", "benefits", "demands", "steps", "safety"),
    **has("precautions", "stop_if", "citations", "evidence", "licence"),
    "levels": _has_timed_levels,
    "review": is_reviewed,
}
