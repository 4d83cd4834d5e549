"""Alembic's environment: migrations run on the connection that `app.store.migrating` or a test gives."""

from alembic import context

from app import models  # noqa: F401  # its import fills the metadata
from app.config import load_settings
from app.store.database import Base
from app.store.engines import make_engine
from app.store.migrating import is_declared


def run_on(connection) -> None:
    """Runs the migrations in the transaction of the connection."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        include_object=is_declared,
        render_as_batch=connection.dialect.name == "sqlite",
        transaction_per_migration=False,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is None:
    with make_engine(load_settings()).connect() as connection, connection.begin():
        run_on(connection)
elif hasattr(given, "connect"):
    with given.connect() as connection, connection.begin():
        run_on(connection)
else:
    run_on(given)
