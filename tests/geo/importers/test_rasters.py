"""Rasters from files: what is made of good ones, and what hostile ones meet, in the sandbox."""

import math
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
import shapely
from pyproj import Transformer
from rasterio import Affine
from rasterio.enums import ColorInterp

from geo.crs import equal_area_crs
from geo.errors import InputError
from geo.importers.rasters import MadeRaster, figures_by_zone, make_raster
from geo.importers.sandbox import Limits
from tests.raster_files import NORTH_WEST, geotiff, slope

SECRET = b"MAT-4711" * 1_000


@contextmanager
def opened(made: MadeRaster) -> Iterator[rasterio.DatasetReader]:
    with rasterio.MemoryFile(made.content) as file, file.open() as source:
        yield source


def refusal(path: Path, **options: Any) -> InputError:
    """The error that a file meets, in both languages."""
    with pytest.raises(InputError) as refused:
        make_raster(path, **{"is_picture": False} | options)
    assert refused.value.vi != refused.value.en
    assert "MAT-4711" not in refused.value.vi + refused.value.en
    return refused.value


def test_values_become_a_cloud_optimised_geotiff_of_floats(tmp_path: Path) -> None:
    cells = slope(1_200, 1_000)
    cells[:120] = -32768
    made = make_raster(geotiff(tmp_path / "any.name", cells, nodata=-32768), is_picture=False)
    assert (made.width, made.height, made.bands) == (1_000, 1_200, 1)
    assert (made.crs, made.nodata) == ("EPSG:4326", -32768)
    assert made.bounds == pytest.approx((104, 8, 114, 20))
    assert (made.minimum, made.maximum, made.known) == (0, 999, 0.9)
    # Columns are 0 to 999, each as often as the others.
    assert made.low == pytest.approx(20, abs=1.5)
    assert made.high == pytest.approx(979, abs=1.5)
    with opened(made) as source:
        assert source.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        assert source.overviews(1)
        assert source.dtypes == ("float32",)
        assert math.isnan(source.nodata)
        read = source.read(1, masked=True)
        assert read.mask[:120].all()
        assert (read[120:] == cells[120:]).all()


@pytest.mark.parametrize(
    ("marked", "options"),
    [
        (np.nan, {"nodata": np.nan}),
        (np.inf, {}),
        (-3.4028234663852886e38, {}),
        (-9999.0, {"nodata": -9999}),
    ],
)
def test_what_has_no_value_has_none_however_it_is_marked(
    tmp_path: Path, marked: float, options: dict[str, Any]
) -> None:
    cells = slope().astype(np.float32)
    cells[:50] = marked
    made = make_raster(geotiff(tmp_path / "a.tif", cells, **options), is_picture=False)
    assert (made.minimum, made.maximum, made.known) == (0, 99, 0.5)


def test_scale_and_offset_of_a_file_are_applied(tmp_path: Path) -> None:
    path = geotiff(tmp_path / "a.tif", slope())
    with rasterio.open(path, "r+") as file:
        file.scales, file.offsets = (0.5,), (100,)
    made = make_raster(path, is_picture=False)
    assert (made.minimum, made.maximum) == (100, 149.5)


def test_a_density_of_our_own_comes_in_as_it_is(tmp_path: Path) -> None:
    """Its system has no EPSG code, and it is known by a definition alone."""
    path = geotiff(
        tmp_path / "density.tif",
        slope().astype(np.float32),
        crs=rasterio.CRS.from_wkt(equal_area_crs().to_wkt()),
        transform=Affine(1_000, 0, -100_000, 0, -1_000, 300_000),
        nodata=-9999,
    )
    made = make_raster(path, is_picture=False)
    assert made.crs == equal_area_crs().name
    # 100 km to 0 km west of 107° E, and 200 to 300 km north of 16° N, at 110.7 km a degree.
    west, south, east, north = made.bounds
    assert (west, east) == pytest.approx((106.05, 107), abs=0.01)
    assert (south, north) == pytest.approx((17.807, 18.71), abs=0.01)


@pytest.mark.parametrize(("places", "smallest"), [("communes", "11"), ("points and communes", "5")])
def test_a_density_of_incidents_is_not_taken(tmp_path: Path, places: str, smallest: str) -> None:
    path = geotiff(tmp_path / "a.tif", slope())
    with rasterio.open(path, "r+") as file:
        file.update_tags(BIENMAP_PLACES=places, BIENMAP_SMALLEST_COUNT=smallest)
    assert refusal(path).code == "raster_density"


def test_a_rotated_raster_keeps_its_place(tmp_path: Path) -> None:
    turned = NORTH_WEST @ Affine.rotation(30)
    path = geotiff(tmp_path / "a.tif", slope(), transform=turned)
    made = make_raster(path, is_picture=False)
    corners = [turned @ corner for corner in ((0, 0), (100, 0), (0, 100), (100, 100))]
    longitudes, latitudes = zip(*corners, strict=True)
    assert made.bounds == pytest.approx(
        (min(longitudes), min(latitudes), max(longitudes), max(latitudes))
    )
    file = tmp_path / "made.tif"
    file.write_bytes(made.content)
    # Cells 40 to 50 by 10 to 20 of the turned raster, as a square of the ground.
    square = shapely.Polygon([turned @ one for one in ((40, 10), (50, 10), (50, 20), (40, 20))])
    figures = figures_by_zone(file, {"a": square})["a"]
    assert figures.mean == pytest.approx(44.5, abs=0.01)
    assert figures.total == pytest.approx(100 * 44.5, rel=1e-3)


def test_pictures_become_colours_and_opacity(tmp_path: Path) -> None:
    colours = np.zeros((4, 20, 20), np.uint8)
    colours[0], colours[1], colours[2], colours[3, :10] = 200, 100, 50, 255
    path = geotiff(tmp_path / "a.tif", colours, photometric="RGB", alpha="YES")
    made = make_raster(path, is_picture=True)
    assert (made.minimum, made.high, made.known) == (None, None, 0.5)
    with opened(made) as source:
        read = source.read()
    assert read[:, 5, 5].tolist() == [200, 100, 50, 255]
    assert read[3, 15, 5] == 0


def test_sixteen_bits_are_spread_over_bytes(tmp_path: Path) -> None:
    cells = np.stack([slope().astype(np.uint16) * 100] * 3)
    made = make_raster(geotiff(tmp_path / "a.tif", cells), is_picture=True)
    with opened(made) as source:
        row = source.read(1)[50]
    assert row[0] == 0
    assert int(row[50]) == pytest.approx(128, abs=3)
    assert row[99] == 255


def test_a_palette_is_looked_up_and_what_it_does_not_name_is_transparent(tmp_path: Path) -> None:
    cells = np.zeros((10, 10), np.uint8)
    cells[:, 5:] = 7
    path = geotiff(tmp_path / "a.tif", cells, photometric="palette")
    with rasterio.open(path, "r+") as file:
        file.write_colormap(1, {0: (10, 20, 30, 255), 7: (200, 0, 0, 255)})
    with opened(make_raster(path, is_picture=True)) as source:
        read = source.read()
        assert source.colorinterp[3] == ColorInterp.alpha
    assert read[:, 0, 0].tolist() == [10, 20, 30, 255]
    assert read[:, 0, 9].tolist() == [200, 0, 0, 255]
    # As values they would measure nothing.
    assert refusal(path).code == "raster_palette"


def test_figures_are_those_of_a_sum_by_hand(tmp_path: Path) -> None:
    cells = slope().astype(np.float32)
    cells[:10] = np.nan
    file = tmp_path / "made.tif"
    file.write_bytes(make_raster(geotiff(tmp_path / "a.tif", cells), is_picture=False).content)
    zones = {
        # Columns 10 and 11, and half of column 12; of rows 20 to 29.
        "a": shapely.box(104.10, 19.70, 104.125, 19.80),
        # Half of it above row 10, where there are no values.
        "b": shapely.box(104.00, 19.80, 104.10, 20.00),
        "no values": shapely.box(104.00, 19.95, 104.10, 20.00),
        "elsewhere": shapely.box(107, 10, 108, 11),
    }
    found = figures_by_zone(file, zones)
    assert found.keys() == {"a", "b"}
    assert found["a"].total == pytest.approx(10 * (10 + 11 + 12 / 2), rel=1e-4)
    assert found["a"].mean == pytest.approx((10 + 11 + 12 / 2) / 2.5, rel=1e-4)
    assert (found["a"].least, found["a"].most) == (10, 12)
    assert found["a"].covered == pytest.approx(1, abs=1e-6)
    assert found["b"].covered == pytest.approx(0.5, abs=1e-6)
    assert found["b"].mean == pytest.approx(4.5, rel=1e-4)


def test_figures_of_a_raster_in_metres_are_of_the_same_ground(tmp_path: Path) -> None:
    path = geotiff(
        tmp_path / "a.tif",
        slope(),
        crs="EPSG:3405",
        transform=Affine(1_000, 0, 500_000, 0, -1_000, 2_200_000),
    )
    file = tmp_path / "made.tif"
    file.write_bytes(make_raster(path, is_picture=False).content)
    back = Transformer.from_crs("EPSG:3405", "EPSG:4326", always_xy=True)
    corners = (
        (510_000, 2_150_000),
        (520_000, 2_150_000),
        (520_000, 2_160_000),
        (510_000, 2_160_000),
    )
    square = shapely.Polygon([back.transform(*corner) for corner in corners])
    figures = figures_by_zone(file, {"a": square})["a"]
    assert figures.mean == pytest.approx(14.5, abs=0.02)
    assert figures.total == pytest.approx(1_450, rel=2e-3)


def claiming(path: Path, width: int, height: int) -> Path:
    """A small GeoTIFF whose header claims to be larger."""
    geotiff(path, slope())
    data = bytearray(path.read_bytes())
    (start,) = struct.unpack_from("<I", data, 4)
    (entries,) = struct.unpack_from("<H", data, start)
    for entry in range(entries):
        place = start + 2 + 12 * entry
        (tag,) = struct.unpack_from("<H", data, place)
        if tag in {256, 257}:
            # A LONG, once.
            value = width if tag == 256 else height
            struct.pack_into("<HII", data, place + 2, 4, 1, value)
    path.write_bytes(data)
    return path


def test_a_claim_of_a_million_by_a_million_is_refused_unread(tmp_path: Path) -> None:
    error = refusal(claiming(tmp_path / "a.tif", 1_000_000, 1_000_000))
    assert error.code == "raster_too_large"
    assert "1000000 x 1000000" in error.vi
    assert "gdalwarp" in error.en


@pytest.mark.parametrize(
    ("cells", "options", "code"),
    [
        (slope(), {"crs": None}, "crs_missing"),
        (slope(), {"transform": Affine.identity()}, "raster_not_placed"),
        (slope(), {"transform": Affine(0, 0, 104, 0, 0, 20)}, "raster_not_placed"),
        (slope(), {"transform": Affine(0.01, 0, -74, 0, -0.01, 40)}, "raster_elsewhere"),
        (np.full((9, 9), -1, np.int16), {"nodata": -1}, "raster_empty"),
        (np.full((9, 9), np.nan, np.float32), {}, "raster_empty"),
        (np.zeros((9, 9), np.complex64), {}, "raster_type"),
        (np.zeros((2, 9, 9), np.uint8), {}, "raster_bands"),
        (np.zeros((300, 4, 4), np.uint8), {}, "raster_bands"),
    ],
)
def test_what_cannot_be_put_on_a_map_is_said(
    tmp_path: Path, cells: Any, options: dict[str, Any], code: str
) -> None:
    assert refusal(geotiff(tmp_path / "a.tif", cells, **options)).code == code


@pytest.mark.parametrize("bands", [2, 300])
def test_a_picture_has_three_bands_or_one(tmp_path: Path, bands: int) -> None:
    path = geotiff(tmp_path / "a.tif", np.zeros((bands, 4, 4), np.uint8))
    assert refusal(path, is_picture=True).code == "raster_bands"


def test_a_system_can_be_stated_and_those_that_fit_are_named(tmp_path: Path) -> None:
    metres = Affine(1_000, 0, 500_000, 0, -1_000, 2_200_000)
    path = geotiff(tmp_path / "a.tif", slope(), crs=None, transform=metres)
    assert "EPSG:3405" in refusal(path).vi
    made = make_raster(path, is_picture=False, crs="EPSG:3405")
    assert made.crs == "EPSG:3405"
    assert refusal(path, crs="https://example.org/crs").code == "crs_unknown"


def test_blocks_larger_than_any_memory_are_refused(tmp_path: Path) -> None:
    path = geotiff(tmp_path / "a.tif", slope(), tiled=True, blockxsize=128, blockysize=128)
    data = bytearray(path.read_bytes())
    (start,) = struct.unpack_from("<I", data, 4)
    (entries,) = struct.unpack_from("<H", data, start)
    for entry in range(entries):
        place = start + 2 + 12 * entry
        if struct.unpack_from("<H", data, place)[0] in {322, 323}:
            struct.pack_into("<HII", data, place + 2, 4, 1, 65_536)
    path.write_bytes(data)
    assert refusal(path).code == "raster_blocks"


@pytest.mark.parametrize(
    "content",
    [b"", b"II*\0", b"II*\0" + bytes(200), b"%PDF-1.7", b"MM\0*\0\0\0\x08\xff\xff" + b"\xff" * 90],
)
def test_what_is_no_geotiff_is_said(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.tif"
    path.write_bytes(content)
    assert refusal(path).code in {"file_empty", "raster_format", "file_unreadable"}


def test_a_truncated_file_is_refused(tmp_path: Path) -> None:
    path = geotiff(tmp_path / "a.tif", np.random.default_rng(0).random((500, 500)))
    path.write_bytes(path.read_bytes()[:40_000])
    assert refusal(path).code == "file_unreadable"


def raw_band(secret: Path) -> str:
    """A raster description (VRT) whose cells are the bytes of another file."""
    return (
        '<VRTDataset rasterXSize="80" rasterYSize="100"><SRS>EPSG:4326</SRS>'
        "<GeoTransform>104, 0.01, 0, 20, 0, -0.01</GeoTransform>"
        '<VRTRasterBand dataType="Byte" band="1" subClass="VRTRawRasterBand">'
        f'<SourceFilename relativetoVRT="0">{secret}</SourceFilename><ImageOffset>0</ImageOffset>'
        "<PixelOffset>1</PixelOffset><LineOffset>80</LineOffset></VRTRasterBand></VRTDataset>"
    )


def test_a_description_that_names_another_file_opens_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = tmp_path / "secret.bin"
    secret.write_bytes(SECRET)
    bait = tmp_path / "bait.tif"
    bait.write_text(raw_band(secret))
    assert refusal(bait).code == "raster_format"
    # Neither beside the file as a sidecar, nor as its overviews.
    path = geotiff(tmp_path / "a.tif", slope())
    for ending in (".aux.xml", ".ovr", ".msk"):
        path.with_name(path.name + ending).write_text(raw_band(secret))
    made = make_raster(path, is_picture=False)
    assert (made.minimum, made.maximum) == (0, 99)
    # The control: plain GDAL, let do as it likes, reads the other file.
    monkeypatch.setenv("GDAL_VRT_RAWRASTERBAND_ALLOWED_SOURCE", "ALL")
    with rasterio.open(bait) as source:
        assert bytes(source.read(1).ravel()[:8]) == b"MAT-4711"


def test_a_sidecar_tells_us_nothing_of_a_file(tmp_path: Path) -> None:
    path = geotiff(tmp_path / "a.tif", slope())
    path.with_name("a.tif.aux.xml").write_text(
        "<PAMDataset><GeoTransform>110, 0.01, 0, 10, 0, -0.01</GeoTransform>"
        '<PAMRasterBand band="1"><NoDataValue>5</NoDataValue></PAMRasterBand></PAMDataset>'
    )
    made = make_raster(path, is_picture=False)
    assert made.bounds[0] == 104
    assert (made.nodata, made.known) == (None, 1)


def test_a_raster_that_costs_too_much_says_how_to_make_it_smaller(tmp_path: Path) -> None:
    path = geotiff(tmp_path / "a.tif", np.random.default_rng(0).random((4_000, 4_000), np.float32))
    error = refusal(path, limits=Limits(wall_seconds=0.2))
    assert error.code == "file_too_slow"
    assert "gdalwarp" in error.vi
    assert refusal(path, limits=Limits(input_bytes=2**20)).code == "file_too_big"
