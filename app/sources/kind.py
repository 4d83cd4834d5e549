"""The declaration of the kind `source`."""

from app.content.completeness import has, has_of
from app.content.content_type import ContentType, Examples, Filter
from app.models.source import SOURCE_TYPES
from app.sources.document import render
from app.sources.draft import MAPPED
from app.sources.routes import add_routes
from app.sources.schemas import SourceDocument, SourceDraft

SOURCE = ContentType(
    kind="source",
    collection="sources",
    description="Sources: books, videos, professionals and online pages.",
    examples=Examples(slug="light-on-yoga", query="type=book", draft={"type": "book", "title": "A book"}),
    draft_schema=SourceDraft,
    document_schema=SourceDocument,
    mapped=MAPPED,
    render=render,
    filters=(
        Filter("type", "Is of one of these types.", "type", choices=SOURCE_TYPES),
        Filter("exercise", "Is cited by one of these exercises.", "exercise", kind="exercise"),
    ),
    group_key="type",
    title_key="title",
    unique=("isbn",),
    shows=frozenset({("exercise", "citations"), ("routine", "citations"), ("place", "professionals")}),
    counts=frozenset({("exercise", "citations"), ("routine", "citations")}),
    parts={**has("summary", "url"), **has_of("type", "book", "authors", "isbn")},
    routes=add_routes,
)
