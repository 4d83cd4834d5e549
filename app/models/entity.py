"""The columns that every entity of the working copy has, whatever its kind."""

from datetime import datetime

from sqlalchemy import JSON, Boolean, DateTime, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.types import Code


class Entity:
    """The columns that the engine reads: the identity, and a digest that tells whether the draft has been published.

    `uuid` is the draft's `id`, which never changes; `id` is only for rows of this store that name it. `version` counts
    the edits. `draft_digest` is that of the draft (`content.identity.draft_digest`). A retired entity leaves the
    published catalogue at the next release, but stays in the working copy, so that its slug keeps its history.

    `changed_by` is the name of the key that made the last edit, NULL where a command did. `seed_digest` is the digest
    of the draft that seed files last had: applied from them, or exported to them; NULL where they never had one.
    `sort_name`, `words` and `missing` are what drafts are found by (`content.finding`), NULL until it is worked out.
    """

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    uuid: Mapped[str] = mapped_column(Code, index=True, unique=True)
    slug: Mapped[str] = mapped_column(Code, unique=True)
    former_slugs: Mapped[list[str]] = mapped_column(JSON, default=list)
    version: Mapped[int] = mapped_column(Integer, default=1)
    draft_digest: Mapped[str] = mapped_column(Code)
    retired: Mapped[bool] = mapped_column(Boolean, default=False)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    changed_by: Mapped[str | None] = mapped_column(String)
    seed_digest: Mapped[str | None] = mapped_column(Code)
    sort_name: Mapped[str | None] = mapped_column(Code)
    words: Mapped[str | None] = mapped_column(String)
    missing: Mapped[str | None] = mapped_column(String)
