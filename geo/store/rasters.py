"""Raster layers in the store: rows for what is known of them, files beside it for their cells."""

import errno
import os
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from geo.errors import InputError, NotFoundError, ResourceError
from geo.store.database import disk_full, query
from geo.store.tables import RasterFigure, RasterLayer

TABLE = RasterLayer.__table__
EDITION = "2025"
LEVELS = ("province", "commune")
# The layer that is made of the boundaries themselves, by its short name.
BORDER_DISTANCE = "cach-bien-gioi"
# What readers are told of a layer; who brought it, and of which file, the administrator is.
TOLD = (
    "id", "name", "title_vi", "title_en", "style", "unit", "audience", "fingerprint", "crs",
    "west", "south", "east", "north", "minimum", "maximum", "low", "high", "known", "width",
    "height", "created_at",
)  # fmt: skip
KEPT = (*TOLD, "bands", "nodata", "file_name", "created_by")


class RasterFiles:
    """The files of raster layers in a folder, by the layer's id; each is written once and whole."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, identifier: UUID) -> Path:
        """Where the file of a layer is.

        Raises:
            ResourceError: it is gone.
        """
        path = self._path(identifier)
        if not path.is_file():
            raise ResourceError(
                "raster.file_missing",
                f"Thiếu tệp {path.name} của lớp ảnh trong thư mục rasters. Quản trị viên: khôi phục"
                " tệp từ bản sao lưu, hoặc `bienmap rasters remove` rồi nạp lại.",
                f"The file {path.name} of the raster layer is missing in the folder rasters."
                " Administrator: restore it from the backup, or `bienmap rasters remove` it and"
                " import it again.",
            )
        return path

    def write(self, identifier: UUID, content: bytes) -> None:
        """Keep the file of a layer: after a failure, or a fall of the machine, there is none.

        Raises:
            ResourceError: the disk is full, or the folder cannot be written to.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            descriptor, name = tempfile.mkstemp(dir=self.folder, suffix=".part")
            try:
                with os.fdopen(descriptor, "wb") as file:
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
                # The server may run as another user than whoever imports at the command line.
                Path(name).chmod(0o644)
                Path(name).replace(self._path(identifier))
            except OSError:
                Path(name).unlink(missing_ok=True)
                raise
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise disk_full() from error
            raise ResourceError(
                "raster.folder",
                f"Không ghi được vào {self.folder} ({error.strerror}). Hãy cấp quyền ghi cho người"
                " dùng chạy máy chủ.",
                f"Cannot write to {self.folder} ({error.strerror}). Let the server's user write"
                " there.",
            ) from error

    def remove(self, identifier: UUID) -> None:
        """Take the file of a layer away, if it is there."""
        self._path(identifier).unlink(missing_ok=True)

    def _path(self, identifier: UUID) -> Path:
        return self.folder / f"{identifier}.tif"


def list_rasters(connection: Connection, columns: Iterable[str] = TOLD) -> list[dict[str, Any]]:
    """The layers that the actor may see, by name."""
    rows = connection.execute(
        select(*(TABLE.c[name] for name in columns))
        .where(TABLE.c.deleted_at.is_(None))
        .order_by(TABLE.c.name)
    )
    return [dict(row) for row in rows.mappings()]


def get_raster(connection: Connection, identifier: UUID) -> Row[Any]:
    """One layer with all that is known of it.

    Raises:
        NotFoundError: there is none, or the actor may not see it.
    """
    row = connection.execute(
        select(*(TABLE.c[name] for name in KEPT))
        .where(TABLE.c.id == identifier)
        .where(TABLE.c.deleted_at.is_(None))
    ).first()
    if row is None:
        raise NotFoundError(
            "raster.unknown",
            "Không có lớp ảnh này, hoặc nó chỉ dành cho người đã đăng nhập. Hãy tải lại trang.",
            "There is no such raster layer, or it is for those who have signed in. Reload the"
            " page.",
        )
    return row


def require_free_name(connection: Connection, name: str) -> None:
    """Refuse a name that a layer has.

    Raises:
        InputError: one has it.
    """
    taken = select(TABLE.c.id).where(TABLE.c.name == name).where(TABLE.c.deleted_at.is_(None))
    if connection.scalar(taken):
        raise InputError(
            "raster.name_taken",
            f"Đã có lớp ảnh tên “{name}”. Hãy chọn tên khác, hoặc bỏ lớp cũ trước"
            f" (`bienmap rasters remove {name}`).",
            f"There is a raster layer “{name}” already. Choose another name, or remove that one"
            f" first (`bienmap rasters remove {name}`).",
            name=name,
        )


def add_raster(connection: Connection, values: Mapping[str, Any], actor: str | None) -> None:
    """Write what is known of a layer, its id included."""
    connection.execute(insert(RasterLayer).values(**values, created_by=actor, updated_by=actor))


def remove_raster(
    connection: Connection, identifier: UUID, actor: str | None, reason: str | None
) -> None:
    """Take a layer away; what was known of it stays, and is in the audit.

    Raises:
        NotFoundError: there is none.
    """
    get_raster(connection, identifier)
    connection.execute(
        update(RasterLayer)
        .where(RasterLayer.id == identifier)
        .values(
            deleted_at=func.now(),
            deleted_reason=reason,
            updated_at=func.now(),
            updated_by=actor,
            version=RasterLayer.version + 1,
        )
    )


def unmeasured(connection: Connection) -> list[Row[Any]]:
    """Layers and levels whose figures are not of today's boundaries: id, level, fingerprint."""
    values = {"edition": EDITION, "levels": list(LEVELS)}
    return list(connection.execute(query("rasters_unmeasured"), values))


def save_figures(
    connection: Connection,
    identifier: UUID,
    level: str,
    boundaries: str,
    figures: Mapping[str, Mapping[str, float]],
) -> None:
    """Write figures of a level by code.

    Args:
        boundaries: the fingerprint of those that they were measured in.
    """
    key = {"raster_layer_id": identifier, "level": level, "boundaries": boundaries}
    rows = [key | {"code": code} | dict(values) for code, values in figures.items()]
    if rows:
        connection.execute(insert(RasterFigure), rows)


def forget_figures(connection: Connection, identifier: UUID, level: str) -> None:
    """Drop the figures of a level: for the owner of the tables alone."""
    connection.execute(
        delete(RasterFigure)
        .where(RasterFigure.raster_layer_id == identifier)
        .where(RasterFigure.level == level)
    )


def figures_of_unit(connection: Connection, level: str, code: str) -> list[dict[str, Any]]:
    """What the layers that the actor may see say of a unit of 2025, by their names."""
    values = {"edition": EDITION, "level": level, "code": code}
    return [
        dict(row) for row in connection.execute(query("raster_figures_of_unit"), values).mappings()
    ]
