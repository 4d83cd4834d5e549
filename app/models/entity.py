"""The columns that every entity of the working copy has, whatever its kind."""

from datetime import datetime

from sqlalchemy import JSON, Boolean, DateTime, Integer
from sqlalchemy.orm import Mapped, mapped_column

from app.models.types import Code


class Entity:
    """The columns that the engine reads: the identity, and a digest that tells whether the draft has been published.

    `uuid` is the draft's `id`, which never changes; `id` is only for rows of this store that name it. `version` counts
    the edits. `draft_digest` is that of the draft (`content.identity.draft_digest`). A retired entity leaves the
    published catalogue at the next release, but stays in the working copy, so that its slug keeps its history.
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
