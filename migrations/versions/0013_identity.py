"""Every entity has an id, a UUID that stays when it is renamed, and the slugs that were published are its own for ever.

An entity gets the UUIDv5 of its kind and the slug that it was published under first, or else its first slug; where two
claim one, the one that is retired gets a numbered one. The drafts of what is published, and of its history, get the
ids too. Documents have them after `flask catalogue rerender`.
"""

import json
from uuid import UUID, uuid5

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

CODE = sa.String().with_variant(sa.String(collation="C"), "postgresql")
NAMESPACE = UUID("695f0f2f-326e-596a-a9d4-f0bdb42d828f")
KINDS = ("exercise", "place", "routine", "source", "term")


def upgrade() -> None:
    check_at_once()
    op.create_table(
        "released_slug",
        sa.Column("kind", CODE, nullable=False),
        sa.Column("slug", CODE, nullable=False),
        sa.Column("uuid", CODE, nullable=False),
        sa.Column("since", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "slug", name=op.f("pk_released_slug")),
    )
    op.create_index(op.f("ix_released_slug_uuid"), "released_slug", ["uuid"])
    for kind in KINDS:
        op.add_column(kind, sa.Column("uuid", CODE, nullable=True))
    owners = fill()
    rewrite_drafts(lambda kind, slug, draft: with_id(draft, owners[kind, slug]))
    for kind in KINDS:
        not_null(kind)
        op.create_index(op.f(f"ix_{kind}_uuid"), kind, ["uuid"], unique=True)


def downgrade() -> None:
    check_at_once()
    rewrite_drafts(lambda _kind, _slug, draft: {key: value for key, value in draft.items() if key != "id"})
    for kind in KINDS:
        op.drop_index(op.f(f"ix_{kind}_uuid"), kind)
        op.drop_column(kind, "uuid")
    op.drop_index(op.f("ix_released_slug_uuid"), "released_slug")
    op.drop_table("released_slug")


def fill() -> dict:
    """Gives ids to the entities and to the slugs that were published; answers the latter, by kind and slug."""
    connection = op.get_bind()
    since = {
        (row.kind, row.slug): row.since
        for row in connection.execute(
            sa.text("SELECT kind, slug, min(revision) AS since FROM draft_version GROUP BY kind, slug")
        )
    }
    owners: dict = {}
    taken: set = set()
    for kind in KINDS:
        for entity in entities(kind):
            slugs = [entity.slug, *entity.former_slugs]
            published = sorted((since[kind, slug], slug) for slug in slugs if (kind, slug) in since)
            first = published[0][1] if published else [*entity.former_slugs, entity.slug][0]
            made = made_id(kind, first, taken)
            for slug in slugs:
                owners.setdefault((kind, slug), made)
            table = sa.table(kind, sa.column("id"), sa.column("uuid"))
            connection.execute(sa.update(table).where(table.c.id == entity.id).values(uuid=made))
    for kind, slug in sorted(since):
        if (kind, slug) not in owners:
            owners[kind, slug] = made_id(kind, slug, taken)
    released = sa.table("released_slug", *map(sa.column, ("kind", "slug", "uuid", "since")))
    rows = [
        {"kind": kind, "slug": slug, "uuid": owners[kind, slug], "since": first}
        for (kind, slug), first in sorted(since.items())
    ]
    if rows:
        connection.execute(sa.insert(released), rows)
    return owners


def entities(kind: str) -> list:
    """The entities of a kind, active ones first: what they claim is theirs."""
    table = sa.table(
        kind,
        *map(sa.column, ("id", "slug")),
        sa.column("former_slugs", sa.JSON()),
        sa.column("retired", sa.Boolean()),
    )
    return list(op.get_bind().execute(sa.select(*table.c).order_by(table.c.retired, table.c.slug)))


def made_id(kind: str, slug: str, taken: set) -> str:
    """The UUIDv5 of kind and slug, or the first numbered one that nobody has."""
    number = 1
    while (made := str(uuid5(NAMESPACE, f"{kind}/{slug}" + (f"/{number}" if number > 1 else "")))) in taken:
        number += 1
    taken.add(made)
    return made


def with_id(draft: dict, made: str) -> dict:
    return {"slug": draft["slug"], "id": made, **draft}


def rewrite_drafts(change) -> None:
    """Changes the drafts of what is published, and of its history, a revision or an entity at a time."""
    connection = op.get_bind()
    for table, keys in (("published_entity", ("id",)), ("draft_version", ("revision", "kind", "slug"))):
        columns = [sa.column(key) for key in dict.fromkeys((*keys, "kind", "slug"))]
        drafts = sa.table(table, *columns, sa.column("draft", sa.JSON()))
        rows = connection.execute(sa.select(*columns, drafts.c.draft).select_from(drafts)).all()
        changed = [
            {**{f"at_{key}": getattr(row, key) for key in keys}, "to": change(row.kind, row.slug, row.draft)}
            for row in rows
            if row.draft is not None
        ]
        if changed:
            same = sa.and_(*(sa.column(key) == sa.bindparam(f"at_{key}") for key in keys))
            statement = sa.update(drafts).where(same).values(draft=sa.bindparam("to", type_=sa.JSON()))
            connection.execute(statement, changed)


def not_null(table: str) -> None:
    """Makes the ids of a table required. In SQLite the table's declaration is written anew, as in migration 0011."""
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        op.alter_column(table, "uuid", nullable=False)
        return
    declared = connection.execute(
        sa.text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = :name"), {"name": table}
    ).scalar_one()
    if "uuid VARCHAR" not in declared:
        raise ValueError(json.dumps(declared))
    version = connection.execute(sa.text("PRAGMA schema_version")).scalar_one()
    connection.execute(sa.text("PRAGMA writable_schema = ON"))
    connection.execute(
        sa.text("UPDATE sqlite_master SET sql = :sql WHERE type = 'table' AND name = :name"),
        {"sql": declared.replace("uuid VARCHAR", "uuid VARCHAR NOT NULL", 1), "name": table},
    )
    connection.execute(sa.text(f"PRAGMA schema_version = {version + 1}"))
    connection.execute(sa.text("PRAGMA writable_schema = OFF"))


def check_at_once() -> None:
    """Has PostgreSQL check foreign keys with each statement: it alters no table whose rows it has yet to check."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET CONSTRAINTS ALL IMMEDIATE")
