"""`expand`: whole documents where references stand, all of them read in one query for each kind."""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, select

from app.content.content_type import Document, Expansion
from app.content.working_copy import batches
from app.models.tables import document


def expand(
    connection: Connection, documents: Sequence[Document], expansions: Sequence[Expansion], language: str
) -> None:
    """Replaces the references that the expansions name in parsed documents by the whole documents they refer to.

    A reference to something that is not published stays as it is.
    """
    wanted: dict[str, dict[str, None]] = defaultdict(dict)
    places = [
        (expansion.kind, holder, key)
        for expansion in expansions
        for path in expansion.paths
        for parsed in documents
        for holder, key in _holders(parsed, path)
    ]
    for kind, holder, key in places:
        wanted[kind][holder[key]["slug"]] = None
    referred = {kind: documents_of(connection, kind, list(slugs), language) for kind, slugs in wanted.items()}
    for kind, holder, key in places:
        holder[key] = referred[kind].get(holder[key]["slug"], holder[key])


def _holders(value: Any, path: Sequence[str]) -> Iterator[tuple[dict[str, Any], str]]:
    """Each object that holds a reference at the end of the path, and the reference's key. Lists are searched."""
    if isinstance(value, list):
        for entry in value:
            yield from _holders(entry, path)
    elif isinstance(value, dict) and value.get(path[0]) is not None:
        if len(path) > 1:
            yield from _holders(value[path[0]], path[1:])
        else:
            yield value, path[0]


def documents_of(connection: Connection, kind: str, slugs: Sequence[str], language: str) -> dict[str, Document]:
    """The published documents of a kind with these slugs, parsed, by slug."""
    by_slug: dict[str, Document] = {}
    for batch in batches(slugs):
        statement = select(document.c.slug, document.c.body).where(
            document.c.kind == kind, document.c.language == language, document.c.slug.in_(batch)
        )
        by_slug |= {row.slug: json.loads(row.body) for row in connection.execute(statement)}
    return by_slug
