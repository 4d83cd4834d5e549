"""The Core table behind a model, typed."""

from typing import cast

from sqlalchemy import Table

from app.db import Base


def table_of(model: type[Base]) -> Table:
    """The model's own table; for a joined subclass, the table of its own columns."""
    return cast("Table", model.__table__)
