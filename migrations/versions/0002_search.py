"""Search: words, names and coordinates of published documents

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.exc import ProgrammingError

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None

CODE = sa.String().with_variant(sa.String(collation='C'), 'postgresql')
FIELDS = ('names', 'aliases', 'terms', 'texts')
MISSING_GRANT = """\
PostgreSQL's extension pg_trgm is not installed in this database, and this role may not install it.
Either let the role do it:    GRANT CREATE ON DATABASE "{database}" TO "{role}";
or install it as a superuser: CREATE EXTENSION pg_trgm;
and then migrate again."""


def upgrade() -> None:
    op.create_table('search_entry',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('entity_id', sa.Integer(), nullable=False),
    sa.Column('language', CODE, nullable=False),
    sa.Column('kind', CODE, nullable=False),
    sa.Column('slug', CODE, nullable=False),
    sa.Column('titles', sa.JSON(), nullable=False),
    sa.Column('folded', CODE, nullable=False),
    sa.Column('name_words', sa.Integer(), nullable=False),
    *(sa.Column(field, sa.String(), nullable=False) for field in FIELDS),
    sa.ForeignKeyConstraint(['entity_id'], ['published_entity.id'], name=op.f('fk_search_entry_entity_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_search_entry'))
    )
    op.create_index('uq_search_entry_entity_language', 'search_entry', ['entity_id', 'language'], unique=True)
    op.create_index('ix_search_entry_slug', 'search_entry', ['kind', 'language', 'slug'])
    op.create_table('search_word',
    sa.Column('language', CODE, nullable=False),
    sa.Column('word', CODE, nullable=False),
    sa.PrimaryKeyConstraint('language', 'word', name=op.f('pk_search_word'))
    )
    op.create_table('location',
    sa.Column('entity_id', sa.Integer(), nullable=False),
    sa.Column('latitude', sa.Float(), nullable=False),
    sa.Column('longitude', sa.Float(), nullable=False),
    sa.ForeignKeyConstraint(['entity_id'], ['published_entity.id'], name=op.f('fk_location_entity_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('entity_id', name=op.f('pk_location'))
    )
    op.create_index('ix_location_coordinates', 'location', ['latitude', 'longitude'])
    if op.get_bind().dialect.name == 'sqlite':
        index_with_fts5()
    else:
        index_with_tsvector()


def index_with_fts5() -> None:
    fields = ', '.join(FIELDS)
    op.execute(
        f"CREATE VIRTUAL TABLE search_text USING fts5({fields}, content='search_entry', content_rowid='id',"
        " tokenize='unicode61', prefix='2 3', detail='column')"
    )
    old = ', '.join(f'old.{field}' for field in FIELDS)
    new = ', '.join(f'new.{field}' for field in FIELDS)
    forget = f"INSERT INTO search_text(search_text, rowid, {fields}) VALUES ('delete', old.id, {old});"
    learn = f'INSERT INTO search_text(rowid, {fields}) VALUES (new.id, {new});'
    op.execute(f'CREATE TRIGGER search_entry_insert AFTER INSERT ON search_entry BEGIN {learn} END')
    op.execute(f'CREATE TRIGGER search_entry_delete AFTER DELETE ON search_entry BEGIN {forget} END')
    op.execute(f'CREATE TRIGGER search_entry_update AFTER UPDATE ON search_entry BEGIN {forget} {learn} END')


def index_with_tsvector() -> None:
    create_extension('pg_trgm')
    vector = ' || '.join(f"setweight(to_tsvector('simple', {field}), '{weight}')" for field, weight in zip(FIELDS, 'ABCD'))
    op.execute(f'ALTER TABLE search_entry ADD COLUMN vector tsvector GENERATED ALWAYS AS ({vector}) STORED')
    op.execute('CREATE INDEX search_text_vector ON search_entry USING gin (vector)')
    op.execute('CREATE INDEX search_text_word ON search_word USING gin (word gin_trgm_ops)')


def create_extension(name: str) -> None:
    connection = op.get_bind()
    try:
        with connection.begin_nested():
            op.execute(f'CREATE EXTENSION IF NOT EXISTS {name}')
    except ProgrammingError as error:
        role, database = connection.execute(sa.text('SELECT current_user, current_database()')).one()
        raise RuntimeError(MISSING_GRANT.format(role=role, database=database)) from error


def downgrade() -> None:
    if op.get_bind().dialect.name == 'sqlite':
        for event in ('insert', 'delete', 'update'):
            op.execute(f'DROP TRIGGER search_entry_{event}')
        op.execute('DROP TABLE search_text')
    op.drop_table('location')
    op.drop_table('search_word')
    op.drop_table('search_entry')
