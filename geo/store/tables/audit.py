"""The chain of what was written."""

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from geo.store.tables.base import Base


class AuditEntry(Base):
    """One write, or many of one statement; never changed, never deleted."""

    __tablename__ = "audit_entry"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    content: Mapped[str] = mapped_column(
        comment="JSON: at, actor, action, object, before, after;"
        " or a count and a digest of many rows"
    )


class AuditLink(Base):
    """An entry's place in the chain, given as its transaction commits."""

    __tablename__ = "audit_link"
    __table_args__ = (CheckConstraint("length(hash) = 32", name="hash"),)

    sequence: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    entry_id: Mapped[int] = mapped_column(ForeignKey("audit_entry.id"), unique=True)
    hash: Mapped[bytes] = mapped_column(
        LargeBinary,
        comment="SHA-256 of the hash before, the sequence (8 bytes, big-endian) and the content"
        " in UTF-8",
    )
