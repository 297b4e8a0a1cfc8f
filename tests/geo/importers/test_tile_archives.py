"""PMTiles archives: what is known of them, their tiles, and what is refused."""

import gzip
from pathlib import Path

import pytest
from pmtiles.tile import Compression, Entry, TileType, serialize_directory

from geo.errors import InputError, ResourceError
from geo.importers.tile_archives import archive_tile, read_archive
from tests.tile_archives import archive, picture


@pytest.mark.parametrize(
    ("kind", "driver", "media_type"),
    [
        (TileType.PNG, "PNG", "image/png"),
        (TileType.JPEG, "JPEG", "image/jpeg"),
        (TileType.WEBP, "WEBP", "image/webp"),
    ],
)
def test_pictures_of_each_kind_are_read(
    tmp_path: Path, kind: TileType, driver: str, media_type: str
) -> None:
    content = picture(driver=driver)
    path = archive(
        tmp_path / "a.pmtiles", {(5, 25, 14): content, (6, 50, 28): content + b" "}, kind,
        min_lon_e7=1020000000, min_lat_e7=80000000, max_lon_e7=1100000000, max_lat_e7=235000000,
    )  # fmt: skip
    found = read_archive(path)
    assert (found.media_type, found.min_zoom, found.max_zoom) == (media_type, 5, 6)
    assert found.bounds == (102, 8, 110, 23.5)
    assert archive_tile(path, (5, 25, 14)) == content
    assert archive_tile(path, (6, 50, 28)) == content + b" "
    assert archive_tile(path, (5, 25, 15)) is None
    assert archive_tile(path, (12, 0, 0)) is None


def test_tiles_are_found_through_directories_below_the_first(tmp_path: Path) -> None:
    # So many entries do not fit in a root directory of 16 KB.
    tiles = {
        (8, x, y): b"\x89PNG\r\n\x1a\n" + f"{x} {y} {'.' * (x * 37 % 500)}".encode()
        for x in range(150)
        for y in range(150)
    }
    path = archive(tmp_path / "a.pmtiles", tiles)
    assert read_archive(path).max_zoom == 8
    for place in ((8, 0, 0), (8, 149, 149), (8, 77, 3)):
        assert archive_tile(path, place) == tiles[place]
    assert archive_tile(path, (8, 200, 200)) is None


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"kind": TileType.MVT}, "basemap.kind"),
        ({"kind": TileType.AVIF}, "basemap.kind"),
        ({"kind": TileType.WEBP}, "basemap.broken"),
        ({"tile_compression": Compression.GZIP}, "basemap.compression"),
        ({"min_lon_e7": 1100000000, "max_lon_e7": 1020000000}, "basemap.broken"),
        ({"max_lat_e7": 2000000000}, "basemap.broken"),
    ],
)
def test_what_is_no_archive_of_pictures_is_refused(
    tmp_path: Path, change: dict[str, object], code: str
) -> None:
    with pytest.raises(InputError) as caught:
        read_archive(archive(tmp_path / "a.pmtiles", **change))  # type: ignore[arg-type]
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "basemap.not_pmtiles"),
        (b"GIF89a" + bytes(200), "basemap.not_pmtiles"),
        (b"PMTiles\x02" + bytes(200), "basemap.not_pmtiles"),
        (b"PMTiles\x03" + b"\xff" * 200, "basemap.not_pmtiles"),
    ],
)
def test_other_files_are_named_as_such(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "a.pmtiles"
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_archive(path)
    assert caught.value.code == code


def test_a_file_that_was_not_copied_whole_is_refused(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.pmtiles")
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(InputError) as caught:
        read_archive(path)
    assert caught.value.code == "basemap.broken"
    with pytest.raises(InputError) as missing:
        read_archive(tmp_path / "none.pmtiles")
    assert missing.value.code == "basemap.file"


def test_directories_that_lie_are_an_error_and_no_endless_walk(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.pmtiles")
    content = bytearray(path.read_bytes())
    content[130:160] = bytes(30)
    path.write_bytes(content)
    with pytest.raises(InputError):
        read_archive(path)
    with pytest.raises(ResourceError) as caught:
        archive_tile(path, (0, 0, 0))
    assert caught.value.code == "basemap.damaged"


BOMB = gzip.compress(bytes(2**27))


@pytest.mark.parametrize(
    "leaf",
    [BOMB, serialize_directory([Entry(5, 0, 10, 1)]) + BOMB],
    ids=["alone", "behind an honest one"],
)
def test_a_directory_that_unpacks_to_more_than_any_is_not_unpacked(
    tmp_path: Path, leaf: bytes
) -> None:
    """The first directories are honest, so that the archive was taken; this one is behind them."""
    path = archive(tmp_path / "a.pmtiles")
    content = path.read_bytes()
    tiles = int.from_bytes(content[56:64], "little")
    first = serialize_directory([Entry(0, 0, 8 + len(picture()), 1)])
    root = serialize_directory([Entry(0, 0, len(first), 0), Entry(5, len(first), len(leaf), 0)])
    start = len(content)
    places = {8: start, 16: len(root), 40: start + len(root), 48: len(first) + len(leaf)}
    changed = bytearray(content + root + first + leaf)
    for at, value in places.items():
        changed[at : at + 8] = value.to_bytes(8, "little")
    path.write_bytes(changed)
    assert read_archive(path).max_zoom == 3
    assert archive_tile(path, (0, 0, 0)) == content[tiles : tiles + 8 + len(picture())]
    with pytest.raises(ResourceError) as caught:
        archive_tile(path, (2, 0, 0))
    assert caught.value.code == "basemap.damaged"
