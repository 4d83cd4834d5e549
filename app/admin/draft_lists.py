"""What a list of drafts may be asked for, and the page that answers it."""

from collections.abc import Callable, Mapping
from dataclasses import astuple
from functools import cache
from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate

from app.admin.operations import answer_page
from app.content.content_type import Catalogue, ContentType
from app.delivery import cursors
from app.delivery.query_schemas import QuerySchema, cursor_parameter, limit_parameter
from app.delivery.routes import installed_catalogue
from app.editing.drafts import STATES, Item
from app.editing.listing import MOST_READ, SORT_KEYS, Wanted, count_items, known_parts, read_items, words_of
from app.shapes.fields import Choice, PlainText
from app.shapes.lists import BoundedList
from app.shapes.query_fields import SearchedText
from app.web.installed import database


@cache
def draft_list_query(kinds: Catalogue) -> type[Schema]:
    """The parameters of a list of drafts, of any of these kinds: their parts are the values of `missing`."""
    declared: dict[str, fields.Field[Any]] = {
        "q": SearchedText(
            metadata={
                "description": "Any text: only entities with all of its words in a name, another name or the slug."
                f" The first {MOST_READ} characters are read."
            }
        ),
        "state": BoundedList(
            Choice(STATES),
            validate=validate.Length(max=50),
            metadata={"description": "Only entities in one of these states."},
        ),
        "changed_by": PlainText(metadata={"description": "Only entities that the key of this name edited last."}),
        "missing": BoundedList(
            Choice(known_parts(kinds)),
            validate=validate.Length(max=50),
            metadata={
                "description": "Only entities that lack one of these parts. A part that the kind does not have matches"
                " nothing. `levels` is lacking where one has no dose with times, `review` where nobody reviewed it,"
                " `translation:es` where one text is not in Spanish."
            },
        ),
        "sort": Choice(
            tuple(sign + key for key in SORT_KEYS for sign in ("", "-")),
            metadata={"description": "The order, `-` for descending; by slug where nothing is said."},
        ),
        "limit": limit_parameter(),
        "cursor": cursor_parameter(),
    }
    return type("DraftListQuery", (QuerySchema,), {"__doc__": "Which drafts.", **declared})


def answer_list(content_type: ContentType, query: Mapping[str, Any], shown: Callable[[Item], Any]) -> Response:
    """A page of a kind's drafts; `shown` makes the JSON of an item."""
    wanted, limit = _wanted(query), query["limit"]
    fingerprint = cursors.fingerprint("admin", content_type.kind, astuple(wanted))
    after = cursors.decode(query["cursor"], fingerprint, 2 if wanted.sort else 1) if "cursor" in query else None
    with database().reading() as connection:
        total = count_items(connection, content_type, wanted)
        items = read_items(connection, installed_catalogue(), content_type, wanted, after=after, limit=limit + 1)
    more = len(items) > limit
    following = cursors.encode(fingerprint, wanted.position(items[limit - 1])) if more else None
    return answer_page([*map(shown, items[:limit])], limit=limit, total=total, following=following)


def _wanted(query: Mapping[str, Any]) -> Wanted:
    sort = query.get("sort", "")
    return Wanted(
        words=words_of(query.get("q", "")),
        state=tuple(sorted(set(query.get("state", ())))),
        changed_by=query.get("changed_by"),
        missing=tuple(sorted(set(query.get("missing", ())))),
        sort=sort.removeprefix("-"),
        descending=sort.startswith("-"),
    )
