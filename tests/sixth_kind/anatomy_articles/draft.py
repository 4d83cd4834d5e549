"""How an article's draft lies in tables."""

from typing import cast

from sqlalchemy import Table

from app.content.common_fields import term
from app.content.mapping import Children, Mapped, Text
from tests.sixth_kind.anatomy_articles.model import AnatomyArticle, AnatomyArticleRegion
from tests.sixth_kind.anatomy_articles.schemas import AnatomyArticleDraft

MAPPED = Mapped(
    table=cast("Table", AnatomyArticle.__table__),
    fields=(Text("name"), Text("summary"), Text("text")),
    children=(Children("regions", cast("Table", AnatomyArticleRegion.__table__), ("article_id",), term("regions")),),
    order=tuple(AnatomyArticleDraft().fields),
)
