"""Raster layers in the store: rows for what is known of them, files beside it for their cells."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from geo.errors import InputError, NotFoundError
from geo.store.database import query
from geo.store.kept_files import KeptFiles
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


def raster_files(folder: Path) -> KeptFiles:
    """The files of raster layers in a folder, by the layer's id."""
    return KeptFiles(folder, ".tif", "raster", "rasters")


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
