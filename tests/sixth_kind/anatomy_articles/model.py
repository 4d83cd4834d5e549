"""Articles on anatomy, in tables of their own metadata: they belong to one test and to no store of the product."""

from sqlalchemy import ForeignKey, Integer, MetaData
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from app.models.entity import Entity
from app.models.tables import table_of
from app.models.types import OptionalTranslations, Translations, owner, slug_check
from app.models.vocabulary import Term
from app.store.database import NAMING_CONVENTION


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING_CONVENTION)


class AnatomyArticle(Entity, Base):
    """An article."""

    __tablename__ = "anatomy_article"
    __table_args__ = (slug_check(),)
    name: Mapped[Translations]
    summary: Mapped[OptionalTranslations]
    text: Mapped[Translations]


class AnatomyArticleRegion(Base):
    """A region of the body that an article is about."""

    __tablename__ = "anatomy_article_region"
    article_id: Mapped[int] = mapped_column(Integer, owner("anatomy_article"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    term_id: Mapped[int] = mapped_column(
        ForeignKey(table_of(Term).c.id, deferrable=True, initially="DEFERRED"), index=True
    )
