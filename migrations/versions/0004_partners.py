"""Partners and the origins that may frame their cards."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

CODE = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade():
    op.create_table(
        "partner",
        sa.Column("slug", CODE, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "trim(slug, 'abcdefghijklmnopqrstuvwxyz0123456789-') = '' AND slug <> '' AND length(slug) <= 120"
            " AND slug NOT LIKE '-%' AND slug NOT LIKE '%-' AND slug NOT LIKE '%--%'",
            name=op.f("ck_partner_slug_form"),
        ),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_partner")),
    )
    op.create_table(
        "partner_origin",
        sa.Column("partner_slug", CODE, nullable=False),
        sa.Column("origin", CODE, nullable=False),
        sa.CheckConstraint("origin LIKE 'http%://%'", name=op.f("ck_partner_origin_origin_form")),
        sa.ForeignKeyConstraint(
            ["partner_slug"], ["partner.slug"], name=op.f("fk_partner_origin_partner_slug"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("partner_slug", "origin", name=op.f("pk_partner_origin")),
    )


def downgrade():
    op.drop_table("partner_origin")
    op.drop_table("partner")
