"""Column types and constraints that many tables share."""

from typing import Annotated

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import mapped_column

from app.shapes.fields import SLUG_MAX_LENGTH

Code = String().with_variant(String(collation="C"), "postgresql")
"""A text that both stores order by code points: slugs, codes, sort keys."""

Translations = Annotated[dict[str, str], mapped_column(JSON)]
"""A text in one or more languages: `{language tag: text}`."""

OptionalTranslations = Annotated[dict[str, str] | None, mapped_column(JSON(none_as_null=True))]

SLUG_CHARACTERS = "abcdefghijklmnopqrstuvwxyz0123456789-"


def slug_check(column: str = "slug") -> CheckConstraint:
    """The constraint of a slug: `[a-z0-9]+(-[a-z0-9]+)*`, at most 120 characters, in SQL that both stores know."""
    return CheckConstraint(
        f"trim({column}, '{SLUG_CHARACTERS}') = '' AND {column} <> '' AND length({column}) <= {SLUG_MAX_LENGTH}"
        f" AND {column} NOT LIKE '-%' AND {column} NOT LIKE '%-' AND {column} NOT LIKE '%--%'",
        name=f"{column}_form",
    )


def one_of(column: str, values: tuple[str, ...]) -> CheckConstraint:
    """The constraint of a column that holds one of a fixed list of words (or NULL, if it is nullable)."""
    allowed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({allowed})", name=f"{column}_allowed")


def positive(*columns: str) -> tuple[CheckConstraint, ...]:
    """The constraints of columns that are above zero or NULL."""
    return tuple(CheckConstraint(f"{column} > 0", name=f"{column}_positive") for column in columns)


def owner(table: str) -> ForeignKey:
    """The foreign key to the entity that a row belongs to, and is deleted with."""
    return ForeignKey(f"{table}.id", ondelete="CASCADE")


def named(table: str) -> ForeignKey:
    """The foreign key to an entity that a row names. It is checked at commit, so that one change may bring both."""
    return ForeignKey(f"{table}.id", deferrable=True, initially="DEFERRED")
