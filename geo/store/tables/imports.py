"""What was sent in files, and which rows of it could not be used."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, text
from sqlalchemy.orm import Mapped, mapped_column

from geo.store.tables.base import Base, empty_array


class ImportBatch(Base):
    """One file that was imported: what it was, and what became of its rows.

    `units` are those of who sent it, such as "commune_2025 17263"; empty for the machine's own
    commands. `notes` and `warnings` are lists of objects {code, vi, en}, warnings with row_number.
    """

    __tablename__ = "import_batch"

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=text("uuid_v7()"))
    record_type: Mapped[str]
    file_name: Mapped[str]
    file_sha256: Mapped[str] = mapped_column(index=True)
    source: Mapped[str]
    imported_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    imported_by: Mapped[str | None]
    rows_read: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    rows_added: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    rows_changed: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    rows_unchanged: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    rows_rejected: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    rows_doubtful: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    units: Mapped[list[str]] = empty_array()
    notes: Mapped[dict[str, object]] = mapped_column(server_default=text("'[]'"))
    warnings: Mapped[dict[str, object]] = mapped_column(server_default=text("'[]'"))


class RejectedRow(Base):
    """A row that did not go in, as it was written, with every reason and the way to mend it.

    `problems` is a list of objects {column, value, code, vi, en}. `mended_at` is set when a later
    file brought a good row of the same source and external id.
    """

    __tablename__ = "rejected_row"
    __table_args__ = (Index("ix_rejected_row_batch", "import_batch_id", "row_number"),)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    import_batch_id: Mapped[UUID] = mapped_column(ForeignKey("import_batch.id"))
    row_number: Mapped[int] = mapped_column(Integer)
    external_id: Mapped[str | None]
    content: Mapped[dict[str, object]]
    problems: Mapped[dict[str, object]]
    mended_at: Mapped[datetime | None]
