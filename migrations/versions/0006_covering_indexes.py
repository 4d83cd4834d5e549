"""Indexes that hold all that a list reads of documents and facets, so that a long list needs no row of theirs."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

INDEXES = {
    "ix_document_name": ("document", ("kind", "language", "sort_name", "slug"), ("entity_id",)),
    "ix_document_published": ("document", ("kind", "language", "published_at", "slug"), ("entity_id",)),
    "ix_facet_value": ("facet", ("name", "value"), ("qualifier", "number", "entity_id")),
}


def upgrade() -> None:
    for name, (table, columns, more) in INDEXES.items():
        op.drop_index(name, table)
        op.create_index(name, table, [*columns, *more])


def downgrade() -> None:
    for name, (table, columns, _more) in INDEXES.items():
        op.drop_index(name, table)
        op.create_index(name, table, [*columns, "entity_id"] if table == "facet" else list(columns))
