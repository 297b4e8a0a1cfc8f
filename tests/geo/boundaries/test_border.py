"""Land-border units on shapes whose edges are known by hand, and on the real set."""

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from shapely.affinity import rotate
from shapely.geometry import LineString, Polygon, box

from geo.boundaries.border import METRIC_CRS, land_border_units

ROOT = Path(__file__).parents[3]
SHARED = ROOT.parent / "shared"
KM = 1000.0
WEST, NORTH = 500 * KM, 2000 * KM


def squares(**places: tuple[int, int]) -> gpd.GeoDataFrame:
    """Make 10 km squares at (column, row), in the metric CRS."""
    shapes = [
        box(
            WEST + 10 * KM * column,
            NORTH + 10 * KM * row,
            WEST + 10 * KM * (column + 1),
            NORTH + 10 * KM * (row + 1),
        )
        for column, row in places.values()
    ]
    return gpd.GeoDataFrame({"code": list(places)}, geometry=shapes, crs=METRIC_CRS)


def border(**lines: LineString) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {"neighbour": list(lines)}, geometry=list(lines.values()), crs=METRIC_CRS
    )


def west_line(away: float, south: float = -50 * KM, north: float = 50 * KM) -> LineString:
    return LineString([(WEST - away, NORTH + south), (WEST - away, NORTH + north)])


def test_only_the_outer_edge_along_the_line_counts() -> None:
    units = squares(a=(0, 0), b=(0, 1), inland=(1, 0))
    found = land_border_units(units, border(LAO=west_line(600)))
    assert found["code"].tolist() == ["a", "b"]
    assert found["neighbour"].tolist() == ["LAO", "LAO"]
    # 10 km of west edge each; the south (a) and north (b) edges run straight away from the line,
    # and their first 400 m lie within 1 km of it.
    assert found["border_length_m"].tolist() == pytest.approx([10_400, 10_400], abs=50)


def test_line_beyond_the_tolerance_is_no_border() -> None:
    units = squares(a=(0, 0))
    assert land_border_units(units, border(LAO=west_line(1_100))).empty
    assert len(land_border_units(units, border(LAO=west_line(1_100)), tolerance=1_200)) == 1


def test_touching_at_a_corner_is_no_border() -> None:
    units = squares(a=(0, 0), b=(0, -1))
    line = border(CHN=LineString([(WEST, NORTH), (WEST - 30 * KM, NORTH - 1)]))
    found = land_border_units(units, line, minimum_length=2_500)
    assert found.empty


def test_unit_at_a_tripoint_has_both_neighbours() -> None:
    units = squares(a=(0, 0))
    lines = border(CHN=west_line(0, 5 * KM, 60 * KM), LAO=west_line(0, -60 * KM, 5 * KM))
    found = land_border_units(units, lines).set_index("neighbour")["border_length_m"]
    # Half of the west edge each, and the first kilometre of the north (CHN) and south (LAO) edge.
    assert found["CHN"] == pytest.approx(6_000, abs=100)
    assert found["LAO"] == pytest.approx(6_000, abs=100)


def test_hole_between_units_is_no_border() -> None:
    ring = Polygon(
        box(WEST, NORTH, WEST + 30 * KM, NORTH + 30 * KM).exterior,
        [box(WEST + 10 * KM, NORTH + 10 * KM, WEST + 20 * KM, NORTH + 20 * KM).exterior],
    )
    units = gpd.GeoDataFrame({"code": ["ring"]}, geometry=[ring], crs=METRIC_CRS)
    inside = LineString([(WEST + 10 * KM, NORTH + 10 * KM), (WEST + 20 * KM, NORTH + 10 * KM)])
    assert land_border_units(units, border(KHM=inside)).empty


def test_any_crs_and_rotation_give_the_same_lengths() -> None:
    units, line = squares(a=(0, 0)), west_line(500)
    plain = land_border_units(units, border(LAO=line))
    turned = units.set_geometry([rotate(units.geometry[0], 33, origin=(WEST, NORTH))])
    turned_line = border(LAO=rotate(line, 33, origin=(WEST, NORTH)))
    other = land_border_units(turned.to_crs(4326), turned_line.to_crs(4326))
    assert other["border_length_m"].tolist() == pytest.approx(
        plain["border_length_m"].tolist(), rel=0.005
    )


def test_empty_set_gives_an_empty_frame() -> None:
    found = land_border_units(squares(), border(LAO=west_line(0)))
    assert found.columns.tolist() == ["code", "neighbour", "border_length_m"]
    assert found.empty


@pytest.mark.parametrize("tolerance", [500.0, 1000.0, 2000.0])
def test_real_communes_give_the_published_number(tolerance: float) -> None:
    communes = gpd.read_file(SHARED / "boundaries" / "vn-communes-2025.fgb")
    lines = gpd.read_file(ROOT / "data" / "boundaries" / "land-border.fgb")
    found = land_border_units(communes, lines, tolerance=tolerance)
    provinces = communes.set_index("code")["province_code"]
    # SOURCES.md; 248 in 22 provinces is also the officially published number.
    assert found["code"].nunique() == 248
    assert provinces.loc[found["code"]].nunique() == 22
    assert found.groupby("neighbour").size().to_dict() == {"CHN": 79, "KHM": 69, "LAO": 102}
    reference = pd.read_csv(SHARED / "boundaries" / "communes-border-2025.csv", dtype={"code": str})
    pairs = set(zip(found["code"], found["neighbour"], strict=True))
    assert pairs == set(zip(reference["code"], reference["neighbour"], strict=True))


def test_real_districts_give_the_legacy_list() -> None:
    districts = gpd.read_file(SHARED / "boundaries" / "vn-districts-2024.fgb")
    lines = gpd.read_file(ROOT / "data" / "boundaries" / "land-border.fgb")
    found = set(land_border_units(districts, lines)["code"])
    legacy = pd.read_csv(SHARED / "domain" / "legacy_border_districts_computed.csv", dtype=str)
    # 106 Tam Đường is in the list because of a commune it gave away; the derived polygon of the
    # test set itself ends 13 km from the line, so no geometry can find it.
    assert found == set(legacy["district_code"]) - {"106"}


def test_real_communes_give_the_number_of_each_province() -> None:
    communes = gpd.read_file(SHARED / "boundaries" / "vn-communes-2025.fgb")
    lines = gpd.read_file(ROOT / "data" / "boundaries" / "land-border.fgb")
    found = set(land_border_units(communes, lines)["code"])
    counted = communes[communes["code"].isin(found)].groupby("province_code").size().to_dict()
    # domain.md 2.2; Nghệ An's 21 and Lạng Sơn's 11 are published lists.
    assert counted == {
        "04": 21,
        "08": 17,
        "11": 15,
        "12": 11,
        "14": 13,
        "15": 9,
        "20": 11,
        "22": 9,
        "38": 16,
        "40": 21,
        "42": 7,
        "44": 15,
        "46": 5,
        "48": 6,
        "51": 9,
        "52": 7,
        "66": 4,
        "68": 5,
        "75": 8,
        "80": 19,
        "82": 6,
        "91": 14,
    }
