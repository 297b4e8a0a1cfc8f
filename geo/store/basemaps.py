"""Basemaps in the store: rows for what is known of them, archives of tiles beside it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, func, insert, select, update

from geo.errors import InputError, NotFoundError
from geo.store.kept_files import KeptFiles
from geo.store.tables import Basemap

TABLE = Basemap.__table__
COLUMNS = (
    "id", "name", "title_vi", "title_en", "attribution", "url", "media_type", "file_name",
    "fingerprint", "min_zoom", "max_zoom", "west", "south", "east", "north",
)  # fmt: skip


def basemap_files(folder: Path) -> KeptFiles:
    """The archives of basemaps in a folder, by the basemap's id."""
    return KeptFiles(folder, ".pmtiles", "basemap", "basemaps")


def list_basemaps(connection: Connection) -> list[dict[str, Any]]:
    """Those that are configured, by name; they are for everybody."""
    rows = connection.execute(
        select(*(TABLE.c[name] for name in COLUMNS))
        .where(TABLE.c.deleted_at.is_(None))
        .order_by(TABLE.c.name)
    )
    return [dict(row) for row in rows.mappings()]


def get_archive(connection: Connection, identifier: UUID) -> Row[Any]:
    """One that is an archive: its media type and fingerprint.

    Raises:
        NotFoundError: there is none.
    """
    row = connection.execute(
        select(TABLE.c.media_type, TABLE.c.fingerprint)
        .where(TABLE.c.id == identifier)
        .where(TABLE.c.media_type.is_not(None))
        .where(TABLE.c.deleted_at.is_(None))
    ).first()
    if row is None:
        raise NotFoundError(
            "basemap.unknown",
            "Không có nền bản đồ này. Hãy tải lại trang.",
            "There is no such basemap. Reload the page.",
        )
    return row


def require_free_name(connection: Connection, name: str) -> None:
    """Refuse a name that a basemap has.

    Raises:
        InputError: one has it.
    """
    taken = select(TABLE.c.id).where(TABLE.c.name == name).where(TABLE.c.deleted_at.is_(None))
    if connection.scalar(taken):
        raise InputError(
            "basemap.name_taken",
            f"Đã có nền bản đồ tên “{name}”. Hãy chọn tên khác, hoặc bỏ nền cũ trước"
            f" (`bienmap basemaps remove {name}`).",
            f"There is a basemap “{name}” already. Choose another name, or remove that one first"
            f" (`bienmap basemaps remove {name}`).",
            name=name,
        )


def add_basemap(connection: Connection, values: Mapping[str, Any]) -> None:
    """Write what is known of a basemap."""
    connection.execute(insert(Basemap).values(**values))


def remove_basemap(connection: Connection, name: str, reason: str) -> UUID:
    """Take a basemap away; what was known of it stays, and is in the audit.

    Returns:
        Its id.

    Raises:
        NotFoundError: there is none of that name.
    """
    removed = connection.scalar(
        update(Basemap)
        .where(Basemap.name == name)
        .where(Basemap.deleted_at.is_(None))
        .values(
            deleted_at=func.now(),
            deleted_reason=reason,
            updated_at=func.now(),
            version=Basemap.version + 1,
        )
        .returning(Basemap.id)
    )
    if removed is None:
        known = ", ".join(one["name"] for one in list_basemaps(connection))
        raise NotFoundError(
            "basemap.unknown_name",
            f"Không có nền bản đồ tên “{name}”. Các nền có: {known or 'chưa có nền nào'}.",
            f"There is no basemap “{name}”. There are: {known or 'none yet'}.",
        )
    return removed
