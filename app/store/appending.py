"""Tables to which rows can only be added: triggers refuse all else. Pruning one lifts that for its transaction."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, text

_TRIGGERS = text(
    "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :name AND name LIKE '%delete'"
)


@contextmanager
def deletions_allowed(connection: Connection, name: str) -> Iterator[None]:
    """Within the block, rows of the table of this name can be deleted; only in this transaction, and it is put back."""
    if connection.dialect.name == "sqlite":
        triggers = connection.execute(_TRIGGERS, {"name": name}).all()
        for trigger in triggers:
            connection.exec_driver_sql(f"DROP TRIGGER {trigger.name}")
        yield
        for trigger in triggers:
            connection.exec_driver_sql(trigger.sql)
    else:
        connection.exec_driver_sql(f"ALTER TABLE {name} DISABLE TRIGGER USER")
        yield
        connection.exec_driver_sql(f"ALTER TABLE {name} ENABLE TRIGGER USER")
