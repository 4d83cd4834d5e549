"""The horizon of the change feed."""

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('sync_horizon',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.CheckConstraint('id = 1', name=op.f('ck_sync_horizon_one_row')),
    sa.CheckConstraint('revision >= 0', name=op.f('ck_sync_horizon_from_zero')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sync_horizon'))
    )
    op.execute('INSERT INTO sync_horizon (id, revision) VALUES (1, 0)')


def downgrade() -> None:
    op.drop_table('sync_horizon')
