"""The boundary files that ship: whole, honest about themselves, and with every island in place."""

import hashlib
import json
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

SHIPPED = Path(__file__).parents[2] / "data" / "boundaries"
# domain.md 2.1: units in force before and since 2025-07-01.
COUNTS = {
    ("2024", "province"): 63,
    ("2024", "district"): 696,
    ("2025", "province"): 34,
    ("2025", "commune"): 3321,
}
METRIC = "EPSG:32648"
LEVELS = sorted(COUNTS)


def read(edition: str, level: str) -> gpd.GeoDataFrame:
    return gpd.read_file(SHIPPED / edition / f"{level}s.fgb")


def manifest(edition: str) -> dict:
    return json.loads((SHIPPED / edition / "manifest.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("edition", "level"), LEVELS)
def test_files_agree_with_their_manifest(edition: str, level: str) -> None:
    entry = next(file for file in manifest(edition)["files"] if file["level"] == level)
    path = SHIPPED / edition / entry["path"]
    assert hashlib.sha256(path.read_bytes()).hexdigest() == entry["sha256"]
    assert len(read(edition, level)) == entry["count"] == COUNTS[edition, level]


@pytest.mark.parametrize("edition", ["2024", "2025"])
def test_editions_say_that_they_are_approximate(edition: str) -> None:
    about = manifest(edition)
    assert about["approximate"] is True
    assert "OpenStreetMap" in about["source"]
    assert "ODbL" in about["licence"]
    assert about["accuracy"]


@pytest.mark.parametrize(("edition", "level"), LEVELS)
def test_units_are_a_coverage_of_valid_polygons(edition: str, level: str) -> None:
    units = read(edition, level)
    assert units.crs.to_epsg() == 4326
    assert set(units.geom_type) == {"MultiPolygon"}
    assert units.is_valid.all()
    assert not units.is_empty.any()
    assert shapely.coverage_is_valid(units.geometry.to_numpy())


def test_communes_leave_no_hole_in_the_mainland() -> None:
    country = shapely.coverage_union_all(read("2025", "commune").geometry.to_numpy())
    mainland = max(country.geoms, key=shapely.area)
    assert len(mainland.interiors) == 0


@pytest.mark.parametrize(("edition", "level"), LEVELS)
def test_codes_are_unique_text_of_the_right_length(edition: str, level: str) -> None:
    codes = read(edition, level)["code"]
    assert codes.is_unique
    assert set(codes.str.len()) == {{"province": 2, "district": 3, "commune": 5}[level]}


@pytest.mark.parametrize(("edition", "level"), [("2024", "district"), ("2025", "commune")])
def test_every_unit_lies_in_its_parent(edition: str, level: str) -> None:
    units, parents = read(edition, level), read(edition, "province")
    assert set(units["parent_code"]) == set(parents["code"])
    unions = units.dissolve("parent_code").to_crs(METRIC).area
    areas = parents.set_index("code").to_crs(METRIC).area
    assert (unions / areas.loc[unions.index] - 1).abs().max() < 1e-6


@pytest.mark.parametrize(
    ("edition", "level", "code", "parent", "around"),
    [
        ("2025", "commune", "20333", "48", (111.0, 15.5, 113.0, 17.5)),
        ("2025", "commune", "22736", "56", (111.0, 6.5, 118.0, 12.5)),
        ("2024", "district", "498", "48", (111.0, 15.5, 113.0, 17.5)),
        ("2024", "district", "576", "56", (111.0, 6.5, 118.0, 12.5)),
        ("2025", "commune", "31078", "91", (103.7, 9.8, 104.2, 10.6)),
        ("2025", "commune", "26732", "79", (106.3, 8.5, 106.9, 8.9)),
    ],
    ids=["Hoàng Sa", "Trường Sa", "H. Hoàng Sa", "H. Trường Sa", "Phú Quốc", "Côn Đảo"],
)
def test_islands_are_in_place(
    edition: str, level: str, code: str, parent: str, around: tuple[float, float, float, float]
) -> None:
    unit = read(edition, level).set_index("code").loc[code]
    assert unit["parent_code"] == parent
    assert shapely.box(*around).contains(unit.geometry)


def test_country_holds_hoang_sa_and_truong_sa() -> None:
    country = gpd.read_file(SHIPPED / "country.fgb")
    communes = read("2025", "commune").set_index("code")
    assert country["code"].tolist() == ["VNM"]
    for code in ("20333", "22736"):
        assert country.geometry[0].contains(communes.geometry[code].representative_point())


def population(edition: str, level: str) -> pd.Series:
    table = pd.read_csv(SHIPPED / "population.csv", dtype={"edition": str, "code": str})
    rows = table[(table["edition"] == edition) & (table["level"] == level)]
    assert (rows["value"] >= 0).all()
    return rows.set_index("code")["value"]


def test_population_of_the_parts_sums_to_the_published_figures() -> None:
    provinces = population("2025", "province")
    assert provinces["08"] == 1_865_270  # Tuyên Quang, Resolution 202/2025/QH15
    parents = read("2025", "commune").set_index("code")["parent_code"]
    communes = population("2025", "commune")
    assert len(communes) == 3321
    assert communes.groupby(parents.loc[communes.index]).sum().to_dict() == provinces.to_dict()
    assert population("2024", "district").sum() == provinces.sum()
    districts = read("2024", "district").set_index("code")["parent_code"]
    old = population("2024", "district")
    summed = old.groupby(districts.loc[old.index]).sum()
    assert summed.to_dict() == population("2024", "province").to_dict()


def test_only_the_published_province_figures_are_not_estimates() -> None:
    table = pd.read_csv(SHIPPED / "population.csv", dtype={"edition": str, "code": str})
    published = (table["edition"] == "2025") & (table["level"] == "province")
    assert (table["estimated"] == ~published).all()


def test_crosswalk_knows_every_code_on_both_sides() -> None:
    pairs = pd.read_csv(SHIPPED / "crosswalk-2024-2025.csv", dtype=str)
    assert not pairs.duplicated(["old_code", "new_code"]).any()
    assert set(pairs["new_code"]) <= set(read("2025", "commune")["code"])
    assert set(pairs["old_district_code"]) <= set(read("2024", "district")["code"])
    assert set(pairs["kind"]) == {"whole", "part"}
    shares = pairs["share_area"].astype(float).groupby(pairs["old_code"]).sum()
    assert (shares - 1).abs().max() < 0.002
    assert pairs["old_code"].nunique() == 10_035


def test_no_new_unit_takes_a_part_of_two_namesakes_far_apart() -> None:
    pairs = pd.read_csv(SHIPPED / "crosswalk-2024-2025.csv", dtype=str)
    taken = pairs.set_index("old_code")["new_code"]
    # Ward 4 of Mỹ Tho, and the ward of that name in Cao Lãnh, where nothing of the other lies.
    assert taken["28252"] == "28249"
    assert taken["29872"] == "29869"
    centres = read("2025", "commune").set_index("code").to_crs(METRIC).centroid
    shared = pairs[pairs.duplicated(["new_code", "old_name"], keep=False)]
    parts = shared[shared["kind"] == "part"]
    home = pairs[pairs["kind"] == "whole"].groupby("old_district_code")["new_code"].agg(list)
    for row in parts.itertuples():
        near = centres[home[row.old_district_code]].distance(centres[row.new_code]).min()
        assert near < 25_000, (row.old_code, row.new_code)


def test_land_border_runs_along_the_three_neighbours() -> None:
    border = gpd.read_file(SHIPPED / "land-border.fgb").set_index("neighbour")
    lengths = border.to_crs(METRIC).length / 1000
    # Official lengths (domain.md 2.3): 1,450, 2,337 and 1,137 km; a 100 m outline is shorter.
    assert 1250 < lengths["CHN"] < 1450
    assert 2050 < lengths["LAO"] < 2337
    assert 1050 < lengths["KHM"] < 1250


def test_gates_stand_by_their_communes_and_the_border() -> None:
    table = pd.read_csv(SHIPPED / "border-gates.csv", dtype={"commune_2025": str})
    places = gpd.points_from_xy(table["lon"], table["lat"], crs="EPSG:4326")
    gates = gpd.GeoDataFrame(table, geometry=places).to_crs(METRIC)
    communes = read("2025", "commune").set_index("code").to_crs(METRIC)
    own = communes.loc[gates["commune_2025"]].geometry
    away = gates.distance(own, align=False)
    assert gates.loc[away > 3000, "name_vi"].tolist() == []
    border = gpd.read_file(SHIPPED / "land-border.fgb").set_index("neighbour").to_crs(METRIC)
    lines = border.loc[gates["neighbour"]].geometry
    assert (gates.distance(lines, align=False) < 5000).all()


def test_names_stand_in_both_languages() -> None:
    communes = read("2025", "commune").set_index("code")
    row = communes.loc["17263"]
    assert (row["name"], row["full_name"], row["name_en"], row["unit_type"]) == (
        "Môn Sơn",
        "Xã Môn Sơn",
        "Mon Son Commune",
        "Xã",
    )
    assert communes["name_en"].str.isascii().all()


def test_amendments_are_those_of_2026() -> None:
    """Totals: domain.md, section 2.1."""
    table = pd.read_csv(SHIPPED / "amendments.csv", dtype=str)
    for level, kind in (("province", "Thành phố"), ("commune", "Phường")):
        units, changes = read("2025", level).set_index("code"), table[table["level"] == level]
        assert set(changes["unit_type"]) == {kind}
        types = units["unit_type"].copy()
        types.loc[changes["code"]] = changes["unit_type"].to_numpy()
        counted = types.value_counts().to_dict()
        expected = {
            "province": {"Thành phố": 9, "Tỉnh": 25},
            "commune": {"Xã": 2599, "Phường": 709, "Đặc khu": 13},
        }[level]
        assert counted == expected


def test_the_whole_set_stays_small() -> None:
    files = [path for path in SHIPPED.rglob("*") if path.suffix in {".fgb", ".csv", ".json"}]
    assert sum(path.stat().st_size for path in files) < 6_000_000


def test_the_land_around_holds_nothing_of_the_archipelagos() -> None:
    around = gpd.read_file(SHIPPED / "surroundings.json").set_index("kind").geometry
    assert set(around.index) == {"land", "border"}
    assert around.is_valid.all()
    for box in ((111, 15.5, 113, 17.5), (111.5, 7.1, 116.9, 12)):
        assert not around["land"].intersects(shapely.box(*box))
    # Vientiane, Phnom Penh, Nam Ninh, Bangkok.
    for place in ((102.6, 18.1), (104.9, 11.6), (108.3, 22.8), (100.5, 14.0)):
        assert around["land"].contains(shapely.Point(place))


@pytest.mark.parametrize("name", ["border-gates.csv", "amendments.csv", "names.csv"])
def test_a_rebuild_gives_the_tables_that_ship(name: str) -> None:
    """The recipe hands these on as they are: what was added to one belongs in both."""
    assert (SHIPPED / "recipe" / "inputs" / name).read_bytes() == (SHIPPED / name).read_bytes()


def test_rivers_are_small_lie_near_the_country_and_have_their_names_on_them() -> None:
    streams = gpd.read_file(SHIPPED / "streams.json").geometry[0]
    files = [SHIPPED / "rivers.json", SHIPPED / "streams.json"]
    assert sum(file.stat().st_size for file in files) < 300_000
    features = json.loads(files[0].read_text(encoding="utf-8"))["features"]
    shapes = {one["properties"].get("name"): shapely.geometry.shape(one["geometry"])
              for one in features}  # fmt: skip
    assert shapely.box(99.9, 7.9, 110.1, 24.6).contains(
        shapely.union_all([streams, *shapes.values()])
    )
    for feature in features:
        for place in feature["properties"].get("labels", []):
            name = feature["properties"]["name"]
            assert shapes[name].distance(shapely.Point(place)) < 0.03, name
    # Places at the water, in degrees east and north: so each name is on its own river.
    for name, *place in (
        ("Sông Hồng", 105.86, 21.05),  # Hà Nội, cầu Long Biên
        ("Sông Hồng", 103.97, 22.50),  # Lào Cai
        ("Sông Đà", 105.33, 20.83),  # Hòa Bình
        ("Sông Kỳ Cùng", 106.76, 21.85),  # Lạng Sơn
        ("Sông Mã", 105.79, 19.83),  # Thanh Hóa, cầu Hàm Rồng
        ("Sông Cả", 104.88, 19.05),  # Con Cuông
        ("Sê San", 107.47, 13.97),  # Ia O, at the border
        ("Sông Đồng Nai", 106.81, 10.94),  # Biên Hòa
        ("Sông Hậu", 105.79, 10.03),  # Cần Thơ
        ("Sông Tiền", 106.36, 10.35),  # Mỹ Tho
        ("Sông Mê Công", 104.75, 16.55),  # Savannakhet
    ):
        assert shapes[name].distance(shapely.Point(place)) < 0.06, name
    # A course that went back on itself would be far longer than the river.
    assert shapes["Sông Hồng"].length * 108 < 600
    assert shapes["Sông Hậu"].length * 108 < 260


def test_further_names_are_of_units_that_exist() -> None:
    table = pd.read_csv(SHIPPED / "names.csv", dtype=str, keep_default_na=False)
    assert not table.duplicated(["kind", "name", "edition", "level", "code"]).any()
    assert set(table["kind"]) == {"alternative", "gate", "protected_area"}
    old_communes = set(pd.read_csv(SHIPPED / "crosswalk-2024-2025.csv", dtype=str)["old_code"])
    for (edition, level), rows in table.groupby(["edition", "level"]):
        # The communes of 2024 are known by the crosswalk alone.
        is_listed = (edition, level) == ("2024", "commune")
        known = old_communes if is_listed else set(read(edition, level)["code"])
        assert set(rows["code"]) <= known
    parks = table[table["name"] == "Pù Mát"]
    assert "422" in set(parks["code"]), "Pù Mát is taken for Con Cuông's name in the article"
