"""The full-text indexes tell languages apart, and PostgreSQL's fields: each word is indexed with them before it.

An index of both languages finds twice what is sought. A GIN index holds no weights, so each row that has a word was
read to know in which field.
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
        replace_vector(f"array_to_tsvector({PREFIXED})")
        op.execute(ENTRIES_WITH)
    else:
        # Words are ASCII and codes of languages have two letters, so the prefixes of 2 and 3 letters are of 4 and 5.
        replace_fts5("{row}.language || replace({row}.{field}, ' ', ' ' || {row}.language)", prefixes="4 5")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION search_entries_with")
        replace_vector(WEIGHTED)
    else:
        replace_fts5("{row}.{field}", prefixes="2 3", content="search_entry")


def replace_vector(vector: str) -> None:
    op.execute("ALTER TABLE search_entry DROP COLUMN vector")
    op.execute(f"ALTER TABLE search_entry ADD COLUMN vector tsvector GENERATED ALWAYS AS ({vector}) STORED")
    op.execute("CREATE INDEX search_text_vector ON search_entry USING gin (vector)")


def replace_fts5(words: str, *, prefixes: str, content: str = "") -> None:
    for happening in ("insert", "delete", "update"):
        op.execute(f"DROP TRIGGER search_entry_{happening}")
    op.execute("DROP TABLE search_text")
    fields = ", ".join(FIELDS.values())
    rowid = ", content_rowid='id'" if content else ""
    op.execute(
        f"CREATE VIRTUAL TABLE search_text USING fts5({fields}, content='{content}'{rowid}, tokenize='unicode61',"
        f" prefix='{prefixes}', detail='column')"
    )
    of = {row: ", ".join(words.format(row=row, field=field) for field in FIELDS.values()) for row in ("old", "new", "e")}
    forget = f"INSERT INTO search_text(search_text, rowid, {fields}) VALUES ('delete', old.id, {of['old']});"
    learn = f"INSERT INTO search_text(rowid, {fields}) VALUES (new.id, {of['new']});"
    op.execute(f"CREATE TRIGGER search_entry_insert AFTER INSERT ON search_entry BEGIN {learn} END")
    op.execute(f"CREATE TRIGGER search_entry_delete AFTER DELETE ON search_entry BEGIN {forget} END")
    op.execute(f"CREATE TRIGGER search_entry_update AFTER UPDATE ON search_entry BEGIN {forget} {learn} END")
    op.execute(f"INSERT INTO search_text(rowid, {fields}) SELECT e.id, {of['e']} FROM search_entry AS e")
