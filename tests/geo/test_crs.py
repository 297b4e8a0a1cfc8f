"""CRS helpers: codes only, and figures that can be looked up."""

import geopandas
import numpy as np
import pytest
import shapely
from pyproj import CRS

from geo.crs import (
    VIETNAM_BOUNDS,
    candidate_crs,
    crs_of_file,
    geodesic_area_km2,
    metric_crs,
    parse_crs,
    reprojected,
    within_vietnam,
)
from geo.errors import InputError


@pytest.mark.parametrize("text", ["EPSG:3405", "epsg:3405", " 3405 ", "EPSG::3405"])
def test_codes_are_understood(text: str) -> None:
    assert parse_crs(text).to_epsg() == 3405


@pytest.mark.parametrize(
    "text",
    ["", "http://127.0.0.1/crs", "EPSG:999999", "+proj=longlat", "WGS 84", "ESRI:54009", "4326;x"],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="crs_unknown"):
        parse_crs(text)


def test_wkt_and_projjson_of_files_are_understood() -> None:
    crs = CRS.from_epsg(3405)
    assert crs_of_file(crs.to_wkt()).to_epsg() == 3405
    assert crs_of_file(crs.to_json()).to_epsg() == 3405
    assert crs_of_file(CRS.from_epsg(4979).to_wkt()).to_epsg() == 4326


@pytest.mark.parametrize(
    "definition",
    ["http://127.0.0.1/crs", "/etc/passwd", "{}", '{"type": 3}', 'LOCAL_CS["Undefined Cartesian"]'],
)
def test_other_definitions_of_files_are_refused(definition: str) -> None:
    with pytest.raises(InputError):
        crs_of_file(definition)


def test_reprojection_of_the_central_meridian() -> None:
    # On UTM's central meridian the easting is 500,000 m; zone 48's lies at 105 E. At the equator
    # the northing is 0.
    frame = geopandas.GeoDataFrame(geometry=[shapely.Point(500_000, 0)])
    point = reprojected(frame, CRS.from_epsg(32648)).geometry.iloc[0]
    assert (point.x, point.y) == pytest.approx((105, 0), abs=1e-9)


def test_storage_coordinates_keep_every_digit() -> None:
    frame = geopandas.GeoDataFrame(geometry=[shapely.Point(105.123456789012, 16.123456789012)])
    same = reprojected(frame, CRS.from_wkt(CRS.from_epsg(4326).to_wkt("WKT1_GDAL")))
    assert same.geometry.iloc[0].equals_exact(frame.geometry.iloc[0], 0)


def test_candidates_for_degrees_and_for_metres() -> None:
    assert candidate_crs((105.0, 20.0, 106.0, 21.0))[0][0] == "EPSG:4326"
    in_utm_48 = [code for code, _ in candidate_crs((585_000, 2_325_000, 586_000, 2_326_000))]
    assert in_utm_48[0] == "EPSG:3405"
    mercator = [code for code, _ in candidate_crs((11.7e6, 2.3e6, 11.8e6, 2.4e6))]
    assert mercator == ["EPSG:3857"]
    assert candidate_crs((-3.0, 50.0, 2.0, 52.0)) == []


def test_vietnam_has_its_archipelagos() -> None:
    assert within_vietnam(VIETNAM_BOUNDS)
    assert within_vietnam((111.2, 15.7, 112.7, 17.1))
    assert within_vietnam((109.4, 7.2, 117.9, 11.5))
    assert not within_vietnam((98.0, 16.0, 99.0, 17.0))
    assert not within_vietnam((float("nan"),) * 4)


@pytest.mark.parametrize(
    ("longitude", "latitude", "code"),
    [(102.5, 22, 32648), (105, 16, 32648), (108.5, 12, 32649), (101.9, 6, 32647), (105, -1, 32748)],
)
def test_metric_system_is_the_zone_of_the_place(
    longitude: float, latitude: float, code: int
) -> None:
    assert metric_crs(longitude, latitude).to_epsg() == code


def test_area_on_the_ellipsoid() -> None:
    # WGS 84: the cell of one degree at the equator measures 110.574 km x 111.320 km at its foot;
    # GeographicLib's Planimeter gives 12308.778361 km2.
    cell = shapely.box(0, 0, 1, 1)
    ring = shapely.Polygon(cell.exterior, [shapely.box(0.25, 0.25, 0.75, 0.75).exterior])
    areas = geodesic_area_km2(np.array([cell, cell.reverse(), shapely.Point(0, 0), ring]))
    assert areas[:3] == pytest.approx([12308.778, 12308.778, 0], abs=0.01)
    assert areas[3] == pytest.approx(0.75 * areas[0], rel=1e-4)
