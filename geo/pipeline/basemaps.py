"""Basemaps that administrators configure: tiles of a host, or an archive of tiles of our own."""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import uuid_utils.compat
from sqlalchemy import Engine

from geo.errors import InputError
from geo.importers.tile_archives import DEEPEST_ZOOM, TileArchive, read_archive
from geo.importers.tile_templates import read_template
from geo.pipeline.layer_texts import LONGEST_TITLE, check_name, check_text
from geo.store import basemaps as store
from geo.store.database import transaction

LONGEST_ATTRIBUTION = 200
# What the map page can show; the layers' own limits are the same.
SHOWN_ZOOMS = (4, 14)
WORLD = (-180.0, -90.0, 180.0, 90.0)


@dataclass(frozen=True, slots=True)
class NewBasemap:
    """What is said of a basemap on the map: short name, titles, whose data it is."""

    name: str
    title_vi: str
    title_en: str
    attribution: str


def add_tile_source(
    engine: Engine, new: NewBasemap, url: str, min_zoom: int = 0, max_zoom: int = 18
) -> str:
    """Configure tiles of a host (XYZ or WMTS); nothing of it is asked for here.

    Returns:
        The template that browsers will use.

    Raises:
        InputError: a text, the address or the zooms cannot be used, or the name is taken.
    """
    _check_texts(new)
    template = read_template(url)
    least, most = SHOWN_ZOOMS
    if not (0 <= min_zoom <= most and max(min_zoom, least) <= max_zoom <= DEEPEST_ZOOM):
        raise InputError(
            "basemap.zoom",
            f"Mức thu phóng phải theo thứ tự từ 0 đến {DEEPEST_ZOOM}, và có phần chung với mức của"
            f" bản đồ ({least}-{most}).",
            f"Zooms must be in order from 0 to {DEEPEST_ZOOM}, and overlap those of the map"
            f" ({least}-{most}).",
        )
    west, south, east, north = WORLD
    values = {
        "url": template, "min_zoom": min_zoom, "max_zoom": max_zoom,
        "west": west, "south": south, "east": east, "north": north,
    }  # fmt: skip
    with transaction(engine) as connection:
        store.require_free_name(connection, new.name)
        store.add_basemap(connection, _told(new) | values)
    return template


def import_tile_archive(engine: Engine, folder: Path, new: NewBasemap, path: Path) -> TileArchive:
    """Check a PMTiles archive of pictures, and keep a copy of it in `folder`.

    The row is written last: after a failure there is no file either, unless the process was killed
    between both.

    Raises:
        InputError: a text or the file cannot be used or read, or the name is taken.
        ResourceError: there is no room, or no right to write.
    """
    _check_texts(new)
    archive = read_archive(path)
    with transaction(engine) as connection:
        store.require_free_name(connection, new.name)
    identifier = UUID(str(uuid_utils.compat.uuid7()))
    files = store.basemap_files(folder)
    with path.open("rb") as source:
        fingerprint = files.write(identifier, source, path.stat().st_size)
    west, south, east, north = archive.bounds
    values = {
        "id": identifier, "media_type": archive.media_type, "file_name": path.name,
        "fingerprint": fingerprint, "min_zoom": archive.min_zoom, "max_zoom": archive.max_zoom,
        "west": west, "south": south, "east": east, "north": north,
    }  # fmt: skip
    try:
        with transaction(engine) as connection:
            store.require_free_name(connection, new.name)
            store.add_basemap(connection, _told(new) | values)
    except BaseException:
        files.remove(identifier)
        raise
    return archive


def remove_basemap(engine: Engine, folder: Path, name: str, reason: str) -> None:
    """Take a basemap off the map, its archive too; the audit keeps what was known of it.

    Raises:
        NotFoundError: there is none of that name.
    """
    with transaction(engine) as connection:
        identifier = store.remove_basemap(connection, name, reason)
    # What stays behind where this fails is a file that nobody asks for.
    with suppress(OSError):
        store.basemap_files(folder).remove(identifier)


def _told(new: NewBasemap) -> dict[str, str]:
    return {
        "name": new.name,
        "title_vi": new.title_vi,
        "title_en": new.title_en,
        "attribution": new.attribution.strip(),
    }


def _check_texts(new: NewBasemap) -> None:
    check_name("basemap", new.name, "anh-ve-tinh")
    check_text("basemap", "title_vi", new.title_vi, LONGEST_TITLE)
    check_text("basemap", "title_en", new.title_en, LONGEST_TITLE)
    check_text("basemap", "attribution", new.attribution, LONGEST_ATTRIBUTION)
