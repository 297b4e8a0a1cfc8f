"""PMTiles archives of pictures: checked when they come, then read tile by tile.

What an archive states of itself is believed only as far as it lies within the file.
"""

import gzip
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from zlib import MAX_WBITS, decompressobj
from zlib import error as zlib_error

from pmtiles.tile import (
    Compression,
    MagicNumberNotFound,
    SpecVersionUnsupported,
    TileType,
    deserialize_directory,
    deserialize_header,
    find_tile,
    zxy_to_tileid,
)

from geo.errors import InputError, ResourceError

HEADER_LENGTH = 127
# Directories of archives of the whole world take tens of kilobytes.
LARGEST_DIRECTORY, LARGEST_TILE = 2**19, 2**22
LARGEST_UNPACKED = 2**20
# For zlib: the data begin with a head of gzip.
_GZIP = 16 + MAX_WBITS
DEEPEST_DIRECTORY = 4
DEEPEST_ZOOM = 22
# By kind of tile: its media type, and how each of its files begins.
KINDS = {
    TileType.PNG: ("image/png", b"\x89PNG\r\n\x1a\n"),
    TileType.JPEG: ("image/jpeg", b"\xff\xd8\xff"),
    TileType.WEBP: ("image/webp", b"RIFF"),
}
_BROKEN = (EOFError, gzip.BadGzipFile, zlib_error, IndexError, ValueError, OverflowError)


@dataclass(frozen=True, slots=True)
class TileArchive:
    """What is known of an archive; `bounds` are west, south, east, north in degrees (EPSG:4326)."""

    media_type: str
    min_zoom: int
    max_zoom: int
    bounds: tuple[float, float, float, float]


def read_archive(path: Path) -> TileArchive:
    """Check an archive as far as its head, its first directories and its first tile.

    Raises:
        InputError: it is none, is broken, or holds something else than pictures.
        ResourceError: it cannot be read.
    """
    header = _stated(path)
    _require_pictures(header)
    size = path.stat().st_size
    sections = ("root", "metadata", "leaf_directory", "tile_data")
    is_within = all(header[f"{one}_offset"] + header[f"{one}_length"] <= size for one in sections)
    zooms = header["min_zoom"], header["max_zoom"]
    bounds = tuple(
        header[f"{name}_e7"] / 1e7 for name in ("min_lon", "min_lat", "max_lon", "max_lat")
    )
    west, south, east, north = bounds
    is_place = -180 <= west < east <= 180 and -90 <= south < north <= 90
    if not (is_within and is_place and zooms[0] <= zooms[1] <= DEEPEST_ZOOM):
        raise _broken()
    media_type, beginning = KINDS[header["tile_type"]]
    try:
        first = _first_tile(path, header)
    except (ResourceError, *_BROKEN) as error:
        raise _broken() from error
    if not first.startswith(beginning):
        raise _broken()
    return TileArchive(media_type, *zooms, (west, south, east, north))


def archive_tile(path: Path, tile: tuple[int, int, int]) -> bytes | None:
    """A tile (zoom, column, row) of an archive that was checked, or None where it has none.

    The file must never change under its name: its directories are kept in memory.

    Raises:
        ResourceError: the file was damaged since.
    """
    try:
        header = _header(path)
        wanted = zxy_to_tileid(*tile)
        offset, length = header["root_offset"], header["root_length"]
        for _ in range(DEEPEST_DIRECTORY):
            entry = find_tile(_directory(path, offset, length), wanted)
            if entry is None:
                return None
            if entry.run_length:
                place = header["tile_data_offset"] + entry.offset
                return _bytes(path, place, entry.length, LARGEST_TILE)
            offset, length = header["leaf_directory_offset"] + entry.offset, entry.length
    except _BROKEN as error:
        raise _damaged(path) from error
    raise _damaged(path)


def _stated(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            return dict(deserialize_header(file.read(HEADER_LENGTH)))
    except OSError as error:
        raise InputError(
            "basemap.file",
            f"Không đọc được {path} ({error.strerror}).",
            f"Cannot read {path} ({error.strerror}).",
        ) from error
    except (MagicNumberNotFound, SpecVersionUnsupported, *_BROKEN) as error:
        raise InputError(
            "basemap.not_pmtiles",
            f"{path.name} không phải tệp PMTiles phiên bản 3. Tệp MBTiles hay thư mục ô ảnh có thể"
            " đổi bằng công cụ `pmtiles convert`.",
            f"{path.name} is no PMTiles file of version 3. An MBTiles file or a folder of tiles can"
            " be turned into one by the tool `pmtiles convert`.",
        ) from error


def _require_pictures(header: dict[str, Any]) -> None:
    if header["tile_type"] not in KINDS:
        kind = header["tile_type"].name
        raise InputError(
            "basemap.kind",
            f"Tệp chứa ô {kind}; chỉ dùng được tệp PMTiles gồm ảnh PNG, JPEG hoặc WebP. Tệp véc-tơ"
            " (MVT) cần được vẽ thành ảnh trước, ví dụ bằng TileServer GL rồi `pmtiles convert`.",
            f"The file holds {kind} tiles; only PMTiles of pictures (PNG, JPEG, WebP) can be used."
            " Vector tiles (MVT) must be drawn to pictures first, for example by TileServer GL and"
            " `pmtiles convert`.",
            kind=kind,
        )
    if header["internal_compression"] != Compression.GZIP or header["tile_compression"] not in {
        Compression.NONE,
        Compression.UNKNOWN,
    }:
        raise InputError(
            "basemap.compression",
            "Tệp PMTiles này nén theo cách khác thường: thư mục phải nén gzip, ảnh không nén thêm."
            " Hãy tạo lại bằng `pmtiles convert`.",
            "This PMTiles file is packed in an unusual way: directories must be gzip, pictures not"
            " packed again. Make it anew by `pmtiles convert`.",
        )


def _first_tile(path: Path, header: dict[str, Any]) -> bytes:
    offset, length = header["root_offset"], header["root_length"]
    for _ in range(DEEPEST_DIRECTORY):
        entry = _entries(path, offset, length)[0]
        if entry.run_length:
            place = header["tile_data_offset"] + entry.offset
            return _bytes(path, place, entry.length, LARGEST_TILE)
        offset, length = header["leaf_directory_offset"] + entry.offset, entry.length
    raise _broken()


@lru_cache(maxsize=32)
def _header(path: Path) -> dict[str, Any]:
    return dict(deserialize_header(_bytes(path, 0, HEADER_LENGTH, HEADER_LENGTH)))


@lru_cache(maxsize=64)
def _directory(path: Path, offset: int, length: int) -> list[Any]:
    return _entries(path, offset, length)


def _entries(path: Path, offset: int, length: int) -> list[Any]:
    """What a directory lists, which is first unpacked as far as an honest one reaches."""
    packed = _bytes(path, offset, length, LARGEST_DIRECTORY)
    unpacker = decompressobj(_GZIP)
    unpacker.decompress(packed, LARGEST_UNPACKED)
    # Another part behind the first would be unpacked along with it.
    if not unpacker.eof or unpacker.unused_data:
        raise _damaged(path)
    return list(deserialize_directory(packed))


def _bytes(path: Path, offset: int, length: int, longest: int) -> bytes:
    if length > longest:
        raise _damaged(path)
    try:
        with path.open("rb") as file:
            file.seek(offset)
            content = file.read(length)
    except OSError as error:
        raise _damaged(path) from error
    if len(content) != length:
        raise _damaged(path)
    return content


def _damaged(path: Path) -> ResourceError:
    return ResourceError(
        "basemap.damaged",
        f"Tệp nền bản đồ {path.name} bị hỏng. Quản trị viên: `bienmap basemaps remove` rồi nạp"
        " lại.",
        f"The basemap's file {path.name} is damaged. Administrator: `bienmap basemaps remove` it"
        " and import it again.",
    )


def _broken() -> InputError:
    return InputError(
        "basemap.broken",
        "Tệp PMTiles bị hỏng hoặc chưa tải hết. Hãy kiểm tra bằng `pmtiles verify` và chép lại.",
        "The PMTiles file is broken, or was not copied whole. Check it by `pmtiles verify`, and"
        " copy it again.",
    )
