"""Whether the store's files are whole, by what each kind of store has for it."""

from collections.abc import Iterator

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

MOST_REPORTED = 20
"""SQLite stops after so many damages."""

_RELATIONS = text(
    "SELECT c.oid::bigint AS oid, c.relname AS name, c.relkind = 'i' AS is_index FROM pg_class c"
    " LEFT JOIN pg_am a ON a.oid = c.relam"
    " WHERE c.relnamespace = current_schema()::regnamespace"
    " AND (c.relkind = 'r' OR (c.relkind = 'i' AND a.amname = 'btree')) ORDER BY c.relname"
)
_INSTALLED = text(
    "SELECT e.extnamespace::regnamespace::text FROM pg_extension e"
    " JOIN pg_proc p ON p.pronamespace = e.extnamespace AND p.proname = 'verify_heapam'"
    " WHERE e.extname = 'amcheck' AND has_function_privilege(p.oid, 'EXECUTE')"
)


def has_own_checks(connection: Connection) -> bool:
    """Whether the files can be checked: SQLite's always, PostgreSQL's where `amcheck` is there for this role."""
    return connection.dialect.name == "sqlite" or connection.execute(_INSTALLED).scalar() is not None


def file_damages(connection: Connection, *, quick: bool) -> Iterator[str]:
    """What is damaged, a line each; of PostgreSQL nothing where it is to be quick or `amcheck` is not installed.

    SQLite's quick form leaves out whether indexes have what their tables have. Raises `StoreCorrupt` where the damage
    is such that the check itself fails.
    """
    if connection.dialect.name == "sqlite":
        yield from _sqlite_damages(connection, quick=quick)
    elif not quick and (schema := connection.execute(_INSTALLED).scalar()):
        yield from _postgresql_damages(connection, schema)


def _sqlite_damages(connection: Connection, *, quick: bool) -> Iterator[str]:
    check = "quick_check" if quick else "integrity_check"
    for line in connection.exec_driver_sql(f"PRAGMA {check}({MOST_REPORTED})").scalars():
        if line != "ok":
            yield " ".join(line.split())
    if not quick:
        for row in connection.exec_driver_sql("PRAGMA foreign_key_check"):
            yield f"row {row[1]} of {row[0]} names a row of {row[2]} that is not there"


def _postgresql_damages(connection: Connection, schema: str) -> Iterator[str]:
    for relation in connection.execute(_RELATIONS).all():
        arguments = {"oid": relation.oid}
        try:
            with connection.begin_nested():
                if relation.is_index:
                    connection.execute(text(f"SELECT {schema}.bt_index_check(:oid, true)"), arguments)
                else:
                    rows = connection.execute(text(f"SELECT msg FROM {schema}.verify_heapam(:oid)"), arguments)
                    yield from (f"{relation.name}: {row.msg}" for row in rows)
        except DBAPIError as error:
            if error.connection_invalidated:
                raise
            yield f"{relation.name}: {str(error.orig).splitlines()[0]}"
