"""Articles on anatomy"""

import sqlalchemy as sa
from alembic import op

revision = "anatomy_articles_0001"
down_revision = None
branch_labels = None
depends_on = "0001"

CODE = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "anatomy_article",
        sa.Column("name", sa.JSON(), nullable=False),
        sa.Column("summary", sa.JSON(), nullable=True),
        sa.Column("text", sa.JSON(), nullable=False),
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("uuid", CODE, nullable=False, unique=True, index=True),
        sa.Column("slug", CODE, nullable=False, unique=True),
        sa.Column("former_slugs", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("draft_digest", CODE, nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(), nullable=True),
        sa.Column("seed_digest", CODE, nullable=True),
        sa.Column("sort_name", CODE, nullable=True),
        sa.Column("words", sa.String(), nullable=True),
        sa.Column("missing", sa.String(), nullable=True),
    )
    op.create_table(
        "anatomy_article_region",
        sa.Column(
            "article_id", sa.Integer(), sa.ForeignKey("anatomy_article.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("position", sa.Integer(), primary_key=True),
        sa.Column(
            "term_id",
            sa.Integer(),
            sa.ForeignKey("term.id", deferrable=True, initially="DEFERRED"),
            nullable=False,
            index=True,
        ),
    )


def downgrade() -> None:
    op.drop_table("anatomy_article_region")
    op.drop_table("anatomy_article")
