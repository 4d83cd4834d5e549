"""A store's tables as plain data that can be compared."""

import re
from typing import Any

from sqlalchemy import Connection, inspect

from app.store import migrating

VERSIONS = "alembic_version"

Schema = dict[str, dict[str, Any]]


def schema_of(connection: Connection) -> Schema:
    """Everything that the store says of its tables, but for Alembic's own."""
    inspector = inspect(connection)
    return {
        table: {
            "columns": sorted(
                (each["name"], _type(connection, each["type"]), each["nullable"], each["default"])
                for each in inspector.get_columns(table)
                if migrating.is_declared(None, each["name"], "column", True, None)
            ),
            "primary key": inspector.get_pk_constraint(table),
            "foreign keys": _by_name(inspector.get_foreign_keys(table)),
            "unique": _by_name(inspector.get_unique_constraints(table)),
            "indexes": _by_name(
                each
                for each in inspector.get_indexes(table)
                if migrating.is_declared(None, each["name"], "index", True, None)
            ),
            "checks": _by_name(inspector.get_check_constraints(table)),
        }
        for table in inspector.get_table_names()
        if table != VERSIONS and migrating.is_declared(None, table, "table", True, None)
    }


def _type(connection: Connection, column_type: Any) -> str:
    return str(column_type.compile(dialect=connection.dialect))


def _by_name(entries: Any) -> dict[str, Any]:
    return {each["name"]: {key: _one_line(value) for key, value in each.items()} for each in entries}


def _one_line(value: Any) -> Any:
    return re.sub(r"\s+", " ", value) if isinstance(value, str) else value
