"""Checks of unit sets on shapes whose faults and areas are known by construction."""

from pathlib import Path

import geopandas
import numpy as np
import pandas
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.boundaries.report import Finding, ValidationReport
from geo.boundaries.validation import validate

REAL = Path(__file__).parents[3].parent / "shared" / "boundaries"
HOANG_SA = shapely.box(111.5, 16, 112, 16.5)
TRUONG_SA = shapely.box(114, 8, 115, 9)
# One hundredth of a degree at 16 N: 1.0700 km east to west, 1.1066 km south to north.
CELL_KM2 = 1.0700 * 1.1066


def cell(column: int, row: int) -> shapely.Polygon:
    west, south = 105 + column / 100, 16 + row / 100
    return shapely.box(west, south, west + 0.01, south + 0.01)


def grid(size: int = 3) -> list[shapely.Geometry]:
    cells = [cell(column, row) for row in range(size) for column in range(size)]
    return [*cells, HOANG_SA, TRUONG_SA]


def frame(geometries: list[shapely.Geometry | None]) -> geopandas.GeoDataFrame:
    codes = [f"{number:02d}" for number in range(1, len(geometries) + 1)]
    return geopandas.GeoDataFrame(
        {"code": codes, "name": codes}, geometry=geometries, crs="EPSG:4326"
    )


def check(units: geopandas.GeoDataFrame, **options: object) -> ValidationReport:
    options.setdefault("expected_codes", units["code"].dropna().unique().tolist())
    return validate(units, edition="2025", level="province", **options)  # type: ignore[arg-type]


def by_code(findings: list[Finding]) -> dict[str, Finding]:
    return {finding.code: finding for finding in findings}


def test_clean_units_pass_and_stay_what_they_were() -> None:
    units = frame(grid())
    report = check(units)
    assert report.accepted
    assert report.warnings == []
    assert set(report.units.geom_type) == {"MultiPolygon"}
    assert shapely.equals(report.units.geometry.array, units.geometry.array).all()
    assert set(units.geom_type) == {"Polygon"}


def test_bow_tie_is_an_error_at_its_crossing() -> None:
    geometries = grid()
    geometries[0] = shapely.from_wkt(
        "POLYGON ((104 16, 104.02 16.02, 104.02 16, 104 16.02, 104 16))"
    )
    finding = by_code(check(frame(geometries)).errors)["geometry_invalid"]
    assert finding.units == ("01",)
    assert finding.place == pytest.approx((104.01, 16.01))
    assert "kinh độ 104,01000, vĩ độ 16,01000" in finding.message("vi")
    assert "(tự cắt)" in finding.message("vi")


def test_spike_is_repaired_and_said() -> None:
    geometries = grid()
    # A spike without area leaves the western edge of the first cell and comes back.
    geometries[0] = shapely.from_wkt(
        "POLYGON ((105 16, 105.01 16, 105.01 16.01, 105 16.01, 104.995 16.01, 105 16.01, 105 16))"
    )
    report = check(frame(geometries))
    assert report.accepted
    assert by_code(report.warnings)["geometry_repaired"].units == ("01",)
    assert report.units.geometry.iloc[0].equals(cell(0, 0))


def test_rings_inside_each_other_are_not_taken_for_valid() -> None:
    geometries = grid()
    inner = shapely.box(105.002, 16.002, 105.006, 16.006)
    geometries[0] = shapely.MultiPolygon([cell(0, 0), inner])
    assert "geometry_invalid" in by_code(check(frame(geometries)).errors)


@pytest.mark.parametrize(
    ("geometry", "code"),
    [
        (None, "geometry_empty"),
        (shapely.Polygon(), "geometry_empty"),
        (shapely.Point(105, 16), "geometry_not_polygon"),
        (shapely.LineString([(105, 16), (106, 17)]), "geometry_not_polygon"),
        (shapely.GeometryCollection([cell(5, 5), shapely.Point(1, 1)]), "geometry_not_polygon"),
        (shapely.transform(cell(5, 5), lambda xy: xy[:, ::-1]), "axes_swapped"),
        (shapely.box(500_000, 1_700_000, 600_000, 1_800_000), "not_degrees"),
        (shapely.box(-3, 50, 2, 52), "outside_vietnam"),
        (shapely.box(105, 16, 105.1, 91), "outside_vietnam"),
        (shapely.from_wkt("POLYGON ((105 16, 106 16, 106 1e308, 105 16))"), "not_degrees"),
    ],
)
def test_geometry_that_cannot_be_a_unit(geometry: shapely.Geometry | None, code: str) -> None:
    report = check(frame([geometry, *grid()]))
    assert {finding.code for finding in report.errors} == {code}
    assert report.errors[0].units == ("01",)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_coordinates_must_be_finite(value: float) -> None:
    broken = shapely.Polygon([(105, 16), (value, 16), (106, 17), (105, 16)])
    report = check(frame([broken, *grid()]))
    assert {finding.code for finding in report.errors} == {"coordinate_not_finite"}


def test_heights_are_flattened_and_said() -> None:
    geometries = [shapely.force_3d(geometry, 7.0) for geometry in grid()]
    report = check(frame(geometries))
    assert report.accepted
    assert len(by_code(report.warnings)["flattened"].units) == 11
    assert not report.units.geometry.has_z.any()


def test_duplicates_of_code_and_of_shape() -> None:
    units = frame([*grid(), cell(0, 0).reverse()])
    found = by_code(check(units).errors)
    assert found["geometry_duplicate"].units == ("01", "12")
    units.loc[11, "code"] = "01"
    assert by_code(check(units).errors)["code_duplicate"].units == ("01",)


@pytest.mark.parametrize(
    ("share", "kind"), [(0.5, "errors"), (0.02, "errors"), (0.005, "warnings"), (0.0005, None)]
)
def test_overlap_is_measured_and_weighed(share: float, kind: str | None) -> None:
    geometries = grid()
    # The last cell of the first row grows westwards over a share of its neighbour.
    geometries[2] = shapely.box(105.02 - 0.01 * share, 16, 105.03, 16.01)
    report = check(frame(geometries))
    overlaps = {
        side: [finding for finding in getattr(report, side) if finding.code == "overlap"]
        for side in ("errors", "warnings")
    }
    assert [side for side, found in overlaps.items() if found] == ([kind] if kind else [])
    if kind:
        (finding,) = overlaps[kind]
        assert finding.units == ("02", "03")
        assert f"{share * CELL_KM2:.3f} km2" in finding.en
        assert f"{share * CELL_KM2:.3f} km²".replace(".", ",") in finding.vi
        assert finding.place is not None
        assert 105.02 - 0.01 * share <= finding.place[0] <= 105.02


def test_gap_is_measured_and_placed() -> None:
    geometries = grid(5)
    del geometries[12]
    report = check(frame(geometries))
    assert report.accepted
    (gap,) = report.warnings
    assert gap.code == "gap"
    assert f"{CELL_KM2:.2f}" in gap.en
    assert gap.place == pytest.approx((105.025, 16.025))
    assert len(gap.units) == 8


def test_many_gaps_are_an_error() -> None:
    ring = shapely.box(105, 16, 106, 17) - shapely.box(105.2, 16.2, 105.8, 16.8)
    report = check(frame([ring, HOANG_SA, TRUONG_SA]))
    assert by_code(report.errors)["gap"].units == ("01",)


def test_island_unit_within_a_ring_of_another_is_no_gap() -> None:
    inner = shapely.box(105.2, 16.2, 105.8, 16.8)
    ring = shapely.box(105, 16, 106, 17) - inner
    report = check(frame([ring, inner, HOANG_SA, TRUONG_SA]))
    assert report.accepted
    assert report.warnings == []


@settings(max_examples=25, deadline=None)
@given(st.sets(st.integers(0, 35), max_size=35))
def test_gaps_are_exactly_what_was_taken_out(taken: set[int]) -> None:
    geometries = [shape for place, shape in enumerate(grid(6)) if place not in taken]
    report = check(frame(geometries))
    gaps = [f for f in report.errors + report.warnings if f.code == "gap"]
    rest = shapely.union_all(geometries[:-2])
    holes = [shapely.Polygon(ring) for part in shapely.get_parts(rest) for ring in part.interiors]
    assert len(gaps) == len(holes)
    assert not [f for f in report.errors + report.warnings if f.code == "overlap"]
    for gap in gaps:
        assert not shapely.intersects_xy(rest, *gap.place)


def test_codes_names_and_notes_are_checked() -> None:
    units = frame(grid())
    units["code"] = units["code"].replace({"01": "1", "02": "٠٢", "03": None})
    units["name"] = units["name"].replace({"05": " ", "06": None})
    note = {"code": "code_padded", "vi": "đã bổ sung", "en": "padded"}
    units.attrs["notes"] = [note]
    report = check(units)
    found = by_code(report.errors)
    assert found["code_malformed"].units == ("1", "٠٢", "∅")
    assert found["name_missing"].units == ("05", "06")
    assert by_code(report.warnings)["code_padded"].vi == "đã bổ sung"


def test_missing_units_are_refused_below_98_percent() -> None:
    units = frame(grid(10))  # 102 units
    codes = [*units["code"], "A1", "A2"]
    few = check(units, expected_codes=codes)
    assert by_code(few.warnings)["units_missing"].units == ("A1", "A2")
    many = by_code(check(units, expected_codes=[*codes, "A3"]).errors)["units_missing"]
    assert many.units == ("A1", "A2", "A3")
    assert "A3" in many.vi
    assert "QGIS" in many.vi


def test_expected_count_serves_where_codes_are_not_known() -> None:
    units = frame(grid())
    report = validate(units, edition="2025", level="province")
    assert "23 of the 34 expected units are missing" in by_code(report.errors)["units_missing"].en
    surplus = validate(units, edition="2025", level="province", expected_count=10)
    assert "units_surplus" in by_code(surplus.warnings)


def test_unknown_codes_are_a_warning_while_few() -> None:
    units = frame(grid(10))
    known = units["code"].tolist()
    assert "code_unknown" in by_code(check(units, expected_codes=known[:-2]).warnings)
    assert "code_unknown" in by_code(check(units, expected_codes=known[:-3]).errors)


@pytest.mark.parametrize(("left_out", "name"), [(-2, "Hoàng Sa"), (-1, "Trường Sa")])
def test_no_map_without_the_archipelagos(left_out: int, name: str) -> None:
    geometries = grid()
    del geometries[left_out]
    (finding,) = check(frame(geometries)).errors
    assert finding.code == "archipelago_missing"
    assert name in finding.vi


def test_archipelago_communes_of_2025_must_be_there_by_code() -> None:
    units = frame(grid())
    units["code"] = [f"{number:05d}" for number in range(9)] + ["20333", "22736"]
    known = units["code"].tolist()
    options = {"edition": "2025", "level": "commune", "expected_codes": known}
    assert validate(units, **options).accepted
    units["code"] = units["code"].replace({"20333": "20334"})
    found = by_code(validate(units, **options).errors)
    assert found["archipelago_missing"].units == ("20333",)


def test_area_far_from_the_official_one_is_a_warning() -> None:
    units = frame(grid())
    units["official_area_km2"] = [CELL_KM2 * 3, CELL_KM2 / 3, CELL_KM2 * 1.5, *[np.nan] * 8]
    assert by_code(check(units).warnings)["area_differs"].units == ("01", "02")


def test_report_reads_in_both_languages_and_stays_short() -> None:
    units = frame([shapely.Point(105, 16)] * 30 + grid())
    units.loc[30, "geometry"] = None
    report = check(units)
    assert report.render("vi").startswith("Không đạt kiểm tra, chưa nhập gì: 41 đơn vị, 2 lỗi")
    english = report.render("en")
    assert english.startswith("Refused, nothing imported: 41 units, 2 errors, 0 warnings.")
    assert "01, 02, 03" in english
    assert "(+10)" in english


def test_missing_units_come_before_the_gaps_that_they_leave() -> None:
    ring = shapely.box(105, 16, 106, 17) - shapely.box(105.2, 16.2, 105.8, 16.8)
    known = ["01", "02", "03", "04"]
    report = check(frame([ring, HOANG_SA, TRUONG_SA]), expected_codes=known)
    assert {"gap", "units_missing"} <= by_code(report.errors).keys()
    lines = report.render("vi").splitlines()
    first, gap = lines.index("LỖI") + 1, next(i for i, line in enumerate(lines) if "[gap]" in line)
    assert lines[first].startswith("- Thiếu 1 trong 4 đơn vị dự kiến: 04.")
    assert gap > first
    assert "Tại kinh độ 105,50000, vĩ độ 16,50000. [gap]" in lines[gap]
    assert "At longitude 105.50000, latitude 16.50000. [gap]" in report.render("en")


def test_findings_of_one_kind_are_cut_after_twenty() -> None:
    findings = [Finding("overlap", f"cặp {n}", f"pair {n}") for n in range(25)]
    lines = ValidationReport(frame(grid()), [], findings).render("en").splitlines()
    assert len(lines) == 1 + 1 + 20 + 1
    assert lines[-1].strip() == "… and 5 more of these [overlap]"


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        (lambda c: c.iloc[::2], "units_missing"),
        (lambda c: pandas.concat([c, c.iloc[:3]]), "code_duplicate"),
        (lambda c: c[c["code"] != "20333"], "archipelago_missing"),
        (
            lambda c: c.assign(code=c["code"].sample(frac=1, random_state=1).str[:4]),
            "code_malformed",
        ),
    ],
)
def test_damage_to_the_real_communes_is_found(damage: object, code: str) -> None:
    real = geopandas.read_file(REAL / "vn-communes-2025.fgb", columns=["code", "name"])
    report = validate(
        damage(real),  # type: ignore[operator]
        edition="2025",
        level="commune",
        expected_codes=real["code"].tolist(),
    )
    assert code in by_code(report.errors)
