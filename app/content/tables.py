"""The Core table behind a model, typed, and its rows by keys of several columns."""

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import Column, Select, Table, and_, column, values

from app.db import Base


def table_of(model: type[Base]) -> Table:
    """The model's own table; for a joined subclass, the table of its own columns."""
    return cast("Table", model.__table__)


def with_keys(statement: Select[Any], columns: Sequence[Column[Any]], keys: Sequence[Sequence[Any]]) -> Select[Any]:
    """The rows of a statement whose columns equal one of these different keys, each looked up in an index.

    For `(kind, slug) IN (VALUES …)` SQLite would read the whole table.
    """
    named = [column(each.name, each.type) for each in columns]
    wanted = values(*named, name="wanted").data([tuple(key) for key in keys]).cte("wanted")
    return statement.join(wanted, and_(*(each == wanted.c[each.name] for each in columns)))
