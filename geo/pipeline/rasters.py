"""Rasters from files onto the map: checked, kept as files of our own, and measured by unit."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, Literal
from uuid import UUID

import uuid_utils.compat
from sqlalchemy import Connection, Engine, text

from geo.errors import InputError, NotFoundError, ResourceError
from geo.importers.rasters import figures_by_zone, make_raster
from geo.pipeline.layer_texts import LONGEST_TITLE, check_name, check_text
from geo.store.actors import Actor
from geo.store.boundaries import stored_units
from geo.store.database import acting, transaction
from geo.store.rasters import (
    BORDER_DISTANCE,
    EDITION,
    KEPT,
    LEVELS,
    add_raster,
    forget_figures,
    get_raster,
    list_rasters,
    raster_files,
    remove_raster,
    require_free_name,
    save_figures,
    unmeasured,
)

RasterStyle = Literal["elevation", "population", "sequential", "imagery"]
RasterAudience = Literal["everyone", "signed-in"]
LONGEST_UNIT = 30
FINGERPRINT = text(
    "SELECT fingerprint FROM boundary_layer WHERE edition = :edition AND level = :level"
)
_Figures = dict[str, tuple[str, dict[str, dict[str, float]]]]


@dataclass(frozen=True, slots=True)
class NewRaster:
    """A file to be put on the map, and what is said of it there.

    `file_name` is what it is called, `path` where it lies; `crs` ("EPSG:…") goes before the file's
    own; `unit` is that of its values, such as m.
    """

    path: Path
    file_name: str
    name: str
    title_vi: str
    title_en: str
    style: RasterStyle = "sequential"
    unit: str = ""
    audience: RasterAudience = "signed-in"
    crs: str | None = None


def import_raster(
    engine: Engine, folder: Path, new: NewRaster, actor: Actor | None = None
) -> dict[str, Any]:
    """Put a file that somebody brings on the map, as `put_raster` does.

    Args:
        actor: an administrator; None for the machine's own command line.

    Raises:
        InputError: the name is taken or kept for ourselves, a text or the file cannot be used.
        ResourceError: there is no room, or no right to write.
    """
    _check_texts(new)
    # What the map says of it, and how it draws it, would not be true of another layer.
    if new.name == BORDER_DISTANCE:
        raise InputError(
            "raster.name_reserved",
            f"Tên “{new.name}” dành cho lớp do Bienmap tính từ ranh giới"
            " (`bienmap rasters derive-distance`). Hãy chọn tên khác.",
            f"The name “{new.name}” is that of the layer that Bienmap makes of the boundaries"
            " (`bienmap rasters derive-distance`). Choose another one.",
            name=new.name,
        )
    with acting(engine, _names(actor)[0]) as connection:
        require_free_name(connection, new.name)
    return put_raster(engine, folder, new, actor)


def put_raster(
    engine: Engine,
    folder: Path,
    new: NewRaster,
    actor: Actor | None = None,
    replaced: UUID | None = None,
) -> dict[str, Any]:
    """Check a file, keep it as a Cloud-Optimised GeoTIFF in `folder`, and measure it by unit.

    The row is written last: until then nobody sees anything of it, and after a failure there is no
    file either, unless the process was killed between both.

    Args:
        actor: as of `import_raster`.
        replaced: the layer in whose place it comes, which stays after a failure.

    Returns:
        What is known of the layer.

    Raises:
        InputError: the name is taken, or the file cannot be used.
        NotFoundError: what it should replace is gone.
        ResourceError: there is no room, or no right to write.
    """
    account, username = _names(actor)
    made = make_raster(new.path, is_picture=new.style == "imagery", crs=new.crs)
    identifier = UUID(str(uuid_utils.compat.uuid7()))
    files = raster_files(folder)
    fingerprint = files.write(identifier, BytesIO(made.content), len(made.content))
    west, south, east, north = made.bounds
    values = {
        "id": identifier, "name": new.name, "title_vi": new.title_vi, "title_en": new.title_en,
        "style": new.style, "unit": new.unit, "audience": new.audience,
        "file_name": new.file_name, "fingerprint": fingerprint,
        "bands": made.bands, "width": made.width, "height": made.height, "crs": made.crs,
        "west": west, "south": south, "east": east, "north": north, "nodata": made.nodata,
        "minimum": made.minimum, "maximum": made.maximum, "low": made.low, "high": made.high,
        "known": made.known,
    }  # fmt: skip
    try:
        figures = {} if new.style == "imagery" else _measure(engine, files.path(identifier), LEVELS)
        with acting(engine, account) as connection:
            if replaced:
                remove_raster(connection, replaced, username, "thay bằng bản mới / replaced")
            require_free_name(connection, new.name)
            add_raster(connection, values, username)
            _save(connection, identifier, figures)
            kept = dict(get_raster(connection, identifier)._mapping)
    except BaseException:
        files.remove(identifier)
        raise
    if replaced:
        _drop_file(folder, replaced)
    return kept


def remove_raster_layer(
    engine: Engine, folder: Path, identifier: UUID, actor: Actor | None = None, reason: str = ""
) -> None:
    """Take a layer off the map, its file too; the audit keeps what was known of it.

    Raises:
        NotFoundError: there is none.
    """
    account, username = _names(actor)
    with acting(engine, account) as connection:
        remove_raster(connection, identifier, username, reason or None)
    _drop_file(folder, identifier)


def raster_of_name(engine: Engine, name: str) -> UUID:
    """The id of the layer of a name.

    Raises:
        NotFoundError: there is none.
    """
    with transaction(engine) as connection:
        known = {one["name"]: one["id"] for one in list_rasters(connection, KEPT)}
    if name not in known:
        raise NotFoundError(
            "raster.unknown_name",
            f"Không có lớp ảnh tên “{name}”. Các lớp có: {', '.join(known) or 'chưa có lớp nào'}.",
            f"There is no raster layer “{name}”. There are: {', '.join(known) or 'none yet'}.",
        )
    return known[name]


def measure_rasters(engine: Engine, folder: Path) -> int:
    """Measure again what was measured in boundaries of before; how many layers and levels.

    A layer whose file is missing says so itself, and keeps no figures of other boundaries.
    """
    with transaction(engine) as connection:
        wanted = unmeasured(connection)
    done = 0
    for row in wanted:
        figures: _Figures = {}
        with suppress(ResourceError):
            figures = _measure(engine, raster_files(folder).path(row.id), (row.level,))
            done += 1
        with transaction(engine) as connection:
            forget_figures(connection, row.id, row.level)
            _save(connection, row.id, figures)
    return done


def _drop_file(folder: Path, identifier: UUID) -> None:
    # What stays behind where this fails is a file that nobody asks for.
    with suppress(OSError):
        raster_files(folder).remove(identifier)


def _names(actor: Actor | None) -> tuple[UUID | None, str | None]:
    return (actor.account_id, actor.username) if actor else (None, None)


def _measure(engine: Engine, path: Path, levels: tuple[str, ...]) -> _Figures:
    """By level the fingerprint of its boundaries, and figures by code; levels that are loaded."""
    found: _Figures = {}
    for level in levels:
        with transaction(engine) as connection:
            fingerprint = connection.scalar(FINGERPRINT, {"edition": EDITION, "level": level})
            units = stored_units(connection, EDITION, level)
        if fingerprint is not None and not units.empty:
            zones = dict(zip(units["code"], units.geometry, strict=True))
            figures = figures_by_zone(path, zones)
            found[level] = fingerprint, {code: one._asdict() for code, one in figures.items()}
    return found


def _save(connection: Connection, identifier: UUID, figures: Mapping[str, Any]) -> None:
    for level, (fingerprint, of_level) in figures.items():
        save_figures(connection, identifier, level, fingerprint, of_level)


def _check_texts(new: NewRaster) -> None:
    check_name("raster", new.name, "do-cao")
    check_text("raster", "title_vi", new.title_vi, LONGEST_TITLE)
    check_text("raster", "title_en", new.title_en, LONGEST_TITLE)
    check_text("raster", "unit", new.unit, LONGEST_UNIT, may_be_empty=True)
