"""What all tables share: the declarative base, naming of constraints, audit columns."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, Integer, MetaData, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Base of all tables; names of constraints are derived, so that migrations can name them."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {  # noqa: RUF012  SQLAlchemy reads this attribute from the class
        str: Text,
        datetime: DateTime(timezone=True),
        list[str]: ARRAY(Text),
        dict[str, object]: JSONB,
    }


class Audited:
    """Who wrote a row, when and why, its version, and its soft deletion with the reason."""

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=text("uuid_v7()"))
    created_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    created_by: Mapped[str | None]
    updated_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    updated_by: Mapped[str | None]
    updated_reason: Mapped[str | None]
    version: Mapped[int] = mapped_column(Integer, server_default=text("1"))
    deleted_at: Mapped[datetime | None]
    deleted_reason: Mapped[str | None]


def empty_array() -> Mapped[list[str]]:
    """A text array that is empty unless said otherwise."""
    return mapped_column(ARRAY(Text), server_default=text("'{}'"))
