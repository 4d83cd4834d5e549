"""PostgreSQL's lexemes begin with language and field, so that its index alone says which entries have a word where.

Weights are not in a GIN index: each row that has the word was read for them, and rows of other languages as well.
"""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

FIELDS = {"A": "names", "B": "aliases", "C": "terms", "D": "texts"}
WEIGHTED = " || ".join(f"setweight(to_tsvector('simple', {field}), '{label}')" for label, field in FIELDS.items())
PREFIXED = " || ".join(
    f"string_to_array(language || '.{label}.' || replace({field}, ' ', ' ' || language || '.{label}.'), ' ')"
    for label, field in FIELDS.items()
)
# The planner does not know what a tsvector costs to match, and would read the whole table for a frequent word.
ENTRIES_WITH = """
CREATE FUNCTION search_entries_with(sought tsquery, sought_kind text) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE SET enable_seqscan = off SET jit = off AS $$
    SELECT string_agg(CAST(id AS text), ',') FROM search_entry
    WHERE vector @@ sought AND (sought_kind IS NULL OR kind = sought_kind)
$$"""


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        index(f"array_to_tsvector({PREFIXED})")
        op.execute(ENTRIES_WITH)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION search_entries_with")
        index(WEIGHTED)


def index(vector: str) -> None:
    op.execute("ALTER TABLE search_entry DROP COLUMN vector")
    op.execute(f"ALTER TABLE search_entry ADD COLUMN vector tsvector GENERATED ALWAYS AS ({vector}) STORED")
    op.execute("CREATE INDEX search_text_vector ON search_entry USING gin (vector)")
