"""The declaration of the kind `anatomy-article`: all that the engine is told of it."""

from pathlib import Path

from app.content.common_fields import term_filter
from app.content.content_type import ContentType, Examples
from tests.sixth_kind.anatomy_articles.document import render
from tests.sixth_kind.anatomy_articles.draft import MAPPED
from tests.sixth_kind.anatomy_articles.routes import add_routes
from tests.sixth_kind.anatomy_articles.schemas import AnatomyArticleDocument, AnatomyArticleDraft

ANATOMY_ARTICLE = ContentType(
    kind="anatomy-article",
    collection="anatomy-articles",
    description="Articles on anatomy.",
    examples=Examples(slug="the-neck", query="region=neck", draft={"name": "The neck", "text": "Seven vertebrae."}),
    draft_schema=AnatomyArticleDraft,
    document_schema=AnatomyArticleDocument,
    mapped=MAPPED,
    render=render,
    filters=(term_filter("region", "Is about one of these regions.", "region", "regions"),),
    routes=add_routes,
    migrations=Path(__file__).parent / "migrations",
)
