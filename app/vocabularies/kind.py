"""The declaration of the kind `term`."""

from app.content.completeness import has, has_of
from app.content.content_type import ContentType, Examples
from app.vocabularies.document import render
from app.vocabularies.draft import MAPPED
from app.vocabularies.routes import add_routes
from app.vocabularies.schemas import TermDocument, TermDraft

TERM = ContentType(
    kind="term",
    collection="vocabularies",
    plural="terms",
    description="The controlled words that exercises, routines, sources and places are described with.",
    examples=Examples(slug="upper-back-pain", query="limit=2", draft={"vocabulary": "regions", "name": "Upper back"}),
    draft_schema=TermDraft,
    document_schema=TermDocument,
    mapped=MAPPED,
    render=render,
    group_key="vocabulary",
    by_group=True,
    parts={**has("description"), **has_of("vocabulary", "conditions", "see_professional_if")},
    routes=add_routes,
)
