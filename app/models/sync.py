"""What the change feed stores beside the history itself."""

from sqlalchemy import CheckConstraint, Integer
from sqlalchemy.orm import Mapped, mapped_column

from app.store.database import Base


class SyncHorizon(Base):
    """One row: the oldest revision from which a client can still be told every change. Pruning moves it on."""

    __tablename__ = "sync_horizon"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"), CheckConstraint("revision >= 0", name="from_zero"))
    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    revision: Mapped[int] = mapped_column(Integer)
