"""What an entity was at a revision is looked up, not sought among the drafts of all."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_draft_version_entity", "draft_version", ["kind", "slug", "revision"])


def downgrade() -> None:
    op.drop_index("ix_draft_version_entity", "draft_version")
