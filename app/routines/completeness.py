"""What a routine must have before it is released, and which parts of one are looked for where they are missing."""

from collections.abc import Iterator

from app.content.completeness import Parts, gap, has, is_reviewed
from app.content.content_type import Lookup
from app.content.mapping import Draft
from app.errors import Fault
from app.timelines.durations import is_timed


def gaps(draft: Draft, lookup: Lookup) -> Iterator[Fault]:
    """What a routine lacks: stages, items in each, a timed dose of each item (its own or its level's), a licence."""
    if "stages" not in draft:
        yield gap("/stages", "A routine needs stages.")
    if "licence" not in draft:
        yield gap("/licence", "A routine needs the licence of its texts.")
    for number, stage in enumerate(draft.get("stages", ())):
        if not stage.get("items"):
            yield gap(f"/stages/{number}/items", "A stage needs items.")
        for position, item in enumerate(stage.get("items", ())):
            if not _is_timed(item, lookup):
                yield gap(
                    f"/stages/{number}/items/{position}/dose",
                    f"An item needs a dose with times; level {item['intensity']} of '{item['exercise']}' has none.",
                )


def _is_timed(item: Draft, lookup: Lookup) -> bool:
    if "dose" in item:
        return is_timed(item["dose"])
    exercise = lookup.draft("exercise", item["exercise"])
    if exercise is None:
        # That is a fault of its own.
        return True
    levels = [level for level in exercise.get("levels", ()) if level["intensity"] == item["intensity"]]
    return any(is_timed(level.get("dose")) for level in levels)


PARTS: Parts = {
    **has("summary", "conditions", "regions", "citations", "licence"),
    "stages": lambda draft: "stages" in draft and all(stage.get("items") for stage in draft["stages"]),
    "review": is_reviewed,
}
