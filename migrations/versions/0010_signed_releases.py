"""Releases are signed; public keys stay listed, so that what was signed before can be verified."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

CODE = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "signing_key",
        sa.Column("id", CODE, nullable=False),
        sa.Column("public_key", CODE, nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_key")),
    )
    op.add_column("release", sa.Column("signed_by", CODE, nullable=True))
    op.add_column("release", sa.Column("signature", CODE, nullable=True))


def downgrade() -> None:
    op.drop_column("release", "signature")
    op.drop_column("release", "signed_by")
    op.drop_table("signing_key")
