"""The declaration of the kind `term`."""

from app.content.content_type import ContentType
from app.vocabularies.document import render
from app.vocabularies.draft import MAPPED
from app.vocabularies.schemas import TermDocument, TermDraft

TERM = ContentType(
    kind="term",
    collection="vocabularies",
    draft_schema=TermDraft,
    document_schema=TermDocument,
    mapped=MAPPED,
    render=render,
    group_key="vocabulary",
)
