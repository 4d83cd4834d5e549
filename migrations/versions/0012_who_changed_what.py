"""Drafts say who changed them last, what seed files last had of them, and what they are found by.

Who changed what is there already is not known. Everything that is there counts as what the seed files have: nobody
could tell before. What drafts are found by is worked out by `flask database upgrade`, after the migrations.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

CODE = sa.String().with_variant(sa.String(collation="C"), "postgresql")
KINDS = ("exercise", "routine", "source", "place", "term")
COLUMNS = {
    "changed_by": sa.String(),
    "seed_digest": CODE,
    "sort_name": CODE,
    "words": sa.String(),
    "missing": sa.String(),
}


def upgrade() -> None:
    check_at_once()
    for kind in KINDS:
        for name, column_type in COLUMNS.items():
            op.add_column(kind, sa.Column(name, column_type, nullable=True))
        op.execute(f"UPDATE {kind} SET seed_digest = draft_digest")  # noqa: S608  # the names stand above


def downgrade() -> None:
    check_at_once()
    for kind in KINDS:
        for name in reversed(COLUMNS):
            op.drop_column(kind, name)


def check_at_once() -> None:
    """Has PostgreSQL check foreign keys with each statement: it alters no table whose rows it has yet to check."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET CONSTRAINTS ALL IMMEDIATE")
