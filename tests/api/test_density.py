"""The density as a file and by unit: what is in it, for whom, and what of it is not shown."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from rasterio.io import MemoryFile
from rasterio.warp import transform
from sqlalchemy import Engine, text
from starlette.testclient import TestClient
from typer.testing import CliRunner

from cli.main import app
from geo.store.actors import COUNTRY, Jurisdiction
from geo.store.database import transaction
from tests.api.conftest import HANOI_POINT, Joining
from tests.api.test_bad_input import assert_problem
from tests.people import MON_SON, NGHE_AN

RASTER, BY_UNIT = "/api/v1/density.tif", "/api/v1/density"
# 365 days; the twenty incidents are of August 2025.
YEAR = "from=2025-01-01&to=2025-12-31"
NARROW = f"{YEAR}&bandwidth=4000"
YEARS = 365 / 365.25


@contextmanager
def raster(client: TestClient, query: str) -> Iterator[rasterio.DatasetReader]:
    """The file that is answered, opened."""
    answer = client.get(f"{RASTER}?{query}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "image/tiff"
    assert answer.headers["cache-control"] == "private, no-store"
    with MemoryFile(answer.content) as file, file.open() as opened:
        yield opened


def value_at(opened: rasterio.DatasetReader, point: tuple[float, float]) -> float | None:
    """What the file says of a place in degrees; None where it says nothing."""
    x, y = transform("EPSG:4326", opened.crs, [point[0]], [point[1]])
    (value,) = next(opened.sample([(x[0], y[0])], masked=True))
    return None if np.ma.is_masked(value) else float(value)


def by_unit(client: TestClient, query: str) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """The answer, and its units by code."""
    answer = client.get(f"{BY_UNIT}?{query}")
    assert answer.status_code == 200, answer.text
    told = answer.json()
    return told, {unit["code"]: unit for unit in told["units"]}


def test_the_file_is_a_cloud_optimised_geotiff_that_says_how_it_was_made(
    client: TestClient,
) -> None:
    with raster(client, f"{YEAR}&cell=2000&bandwidth=20000&kind=rescue") as opened:
        assert opened.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        assert opened.overviews(1)
        assert opened.block_shapes == [(256, 256)]
        assert (opened.count, opened.dtypes, opened.nodata) == (1, ("float32",), -9999)
        assert "Lambert azimuthal" in opened.crs.to_wkt()
        assert opened.crs.linear_units == "metre"
        assert opened.res == (2_000, 2_000)
        tags = opened.tags()
        assert tags["BIENMAP_UNITS"] == "incidents per km2 and year"
        assert tags["BIENMAP_BANDWIDTH_M"] == "20000"
        assert tags["BIENMAP_PERIOD_BEFORE"] == "2026-01-01"
        assert (tags["BIENMAP_RECORDS_USED"], tags["BIENMAP_KINDS"]) == ("20", "rescue")
        # Hoàng Sa and Trường Sa are on it.
        west, south, east, north = opened.bounds
        x, y = transform("EPSG:4326", opened.crs, [112.34, 111.92], [16.83, 8.64])
        assert all(west < one < east for one in x)
        assert all(south < one < north for one in y)


def test_it_adds_up_to_the_incidents_where_all_of_them_are_shown(client: TestClient) -> None:
    told, units = by_unit(client, f"{NARROW}&level=province")
    assert (told["used"], told["bandwidth_chosen"], told["candidates"]) == (20, False, [])
    # Ten incidents in one spot in either place: where one is under the kernel, ten are.
    assert units["40"]["total"] == pytest.approx(10 / YEARS, rel=2e-3)
    assert units["01"]["total"] == pytest.approx(10 / YEARS, rel=2e-3)
    assert units["79"] == {
        "code": "79", "full_name": units["79"]["full_name"],
        "mean": None, "most": None, "total": None, "shown": 0,
    }  # fmt: skip
    with raster(client, NARROW) as opened:
        peak = value_at(opened, HANOI_POINT)
        assert peak == pytest.approx(units["01"]["most"], rel=0.01)
        # 3 / (pi h2) of ten incidents, at the middle of a cell at most 0.7 km from the place.
        assert peak == pytest.approx(30 / np.pi / 4**2 / YEARS, rel=0.03)
        assert value_at(opened, (106.7, 10.8)) is None


def test_fewer_than_the_threshold_leave_no_mark(joining: Joining) -> None:
    officer = joining("officer", NGHE_AN)
    # Four in Môn Sơn until the 8th, five until the 9th.
    with raster(officer, "from=2025-08-01&to=2025-08-08&bandwidth=4000") as opened:
        assert opened.tags()["BIENMAP_RECORDS_USED"] == "4"
        assert not opened.read(1, masked=True).count()
    with raster(officer, "from=2025-08-01&to=2025-08-09&bandwidth=4000") as opened:
        assert opened.tags()["BIENMAP_RECORDS_USED"] == "5"
        # Within 4 km are 50 km2, part of them in Laos.
        assert 20 < opened.read(1, masked=True).count() <= 52


def test_each_sees_the_own_units(joining: Joining, stranger: TestClient) -> None:
    officer = joining("officer", NGHE_AN)
    told, units = by_unit(officer, f"{NARROW}&level=province")
    assert (told["used"], set(units)) == (10, {"40"})
    assert told["left_out"] == [
        {"reason": "unplaced", "incidents": 0}, {"reason": "beyond_region", "incidents": 0},
    ]  # fmt: skip
    # Môn Sơn alone keeps all ten: what the kernel has beyond its edge is not lost.
    told, units = by_unit(joining("officer", MON_SON), f"{NARROW}&cell=500")
    assert set(units) == {"17263"}
    assert units["17263"]["total"] == pytest.approx(10 / YEARS, rel=5e-3)
    assert_problem(stranger.get(f"{RASTER}?{YEAR}"), 401)
    assert_problem(stranger.get(f"{BY_UNIT}?{YEAR}"), 401)
    assert_problem(joining("administrator", COUNTRY).get(f"{BY_UNIT}?{YEAR}"), 403)
    assert_problem(joining("administrator", COUNTRY).get(f"{RASTER}?{YEAR}"), 403)
    assert_problem(joining("officer").get(f"{RASTER}?{YEAR}"), 422)


def test_planners_have_victims_spread_over_the_commune(joining: Joining) -> None:
    with raster(joining("officer", NGHE_AN), NARROW) as opened:
        exact = opened.read(1, masked=True)
    with raster(joining("planner", NGHE_AN), NARROW) as opened:
        planned = opened.read(1, masked=True)
        assert opened.tags()["BIENMAP_RECORDS_USED"] == "10"
    with raster(joining("leader", NGHE_AN), f"{NARROW}&by_commune=true") as opened:
        spread = opened.read(1, masked=True)
    np.testing.assert_array_equal(planned.filled(), spread.filled())
    # Over 400 km2 no cell has five under it.
    assert exact.max() > 0.3
    assert not planned.count()
    with raster(joining("planner", NGHE_AN), f"{YEAR}&bandwidth=30000") as opened:
        assert 0 < opened.read(1, masked=True).max() < exact.max() / 10


def test_the_bandwidth_is_chosen_and_reported(client: TestClient) -> None:
    told, _ = by_unit(client, f"{YEAR}&cell=5000&level=province&adaptive=true")
    assert told["bandwidth_chosen"]
    scores = {one["bandwidth_m"]: one["score"] for one in told["candidates"]}
    assert scores[told["bandwidth_m"]] == max(scores.values())
    # All are at two points, so that the narrowest is the best and a narrower would be better yet.
    assert (told["bandwidth_m"], told["bandwidth_at_edge"]) == (15_000, True)
    with raster(client, f"{YEAR}&cell=5000&adaptive=true") as opened:
        tags = opened.tags()
        assert tags["BIENMAP_BANDWIDTH_CHOSEN"] == "likelihood cross-validation"
        assert tags["BIENMAP_KERNEL"] == "quartic, adaptive (Abramson)"
        assert "BIENMAP_BANDWIDTH_AT_EDGE" in tags


def test_what_is_known_by_commune_or_less_is_told_apart(
    client: TestClient, api_engine: Engine
) -> None:
    change = text("UPDATE incident SET precision = :precision WHERE external_id = ANY (:ids)")
    before = by_unit(client, f"{NARROW}&level=province")[1]
    with transaction(api_engine) as connection:
        connection.execute(change, {"precision": "commune", "ids": ["T-2", "T-4"]})
        connection.execute(change, {"precision": "legacy_district", "ids": ["T-6"]})
    try:
        told, after = by_unit(client, f"{NARROW}&level=province")
    finally:
        with transaction(api_engine) as connection:
            connection.execute(change, {"precision": "exact", "ids": ["T-2", "T-4", "T-6"]})
    assert told["used"] == 19
    assert {one["reason"]: one["incidents"] for one in told["left_out"]} == {
        "unplaced": 1, "beyond_region": 0,
    }  # fmt: skip
    assert after["01"]["most"] < before["01"]["most"] * 0.95
    assert after["40"] == before["40"]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        (f"{YEAR}&bandwidth=2000", "density.bandwidth"),
        (f"{YEAR}&cell=500&bandwidth=4000", "density.too_fine"),
        (f"{YEAR}&kind=tip", "density.too_few"),
        ("from=2025-02-01&to=2025-01-01", "period.reversed"),
        (f"{YEAR}&kind=nonsense", "kind.unknown"),
    ],
)
def test_what_cannot_be_made_is_said(client: TestClient, query: str, code: str) -> None:
    assert_problem(client.get(f"{RASTER}?{query}"), 422)
    assert client.get(f"{RASTER}?{query}").json()["code"] == code
    assert client.get(f"{BY_UNIT}?{query}").json()["code"] == code


def test_a_period_and_a_level_with_units_must_be_given(client: TestClient) -> None:
    assert_problem(client.get(RASTER), 422)
    assert_problem(client.get(f"{BY_UNIT}?{YEAR}&level=district"), 422)
    old = f"{YEAR}&cell=10000&bandwidth=30000&edition=2024&level=commune"
    assert_problem(client.get(f"{BY_UNIT}?{old}"), 404)


def test_an_answer_is_kept_by_its_reader_alone(joining: Joining) -> None:
    hanoi = Jurisdiction("2025", "province", "01")
    first, other = joining("leader", hanoi), joining("leader", hanoi)
    tag = first.get(f"{BY_UNIT}?{NARROW}&level=province").headers["etag"]
    again = f"{BY_UNIT}?{NARROW}&level=province"
    assert first.get(again, headers={"If-None-Match": tag}).status_code == 304
    assert other.get(again, headers={"If-None-Match": tag}).status_code == 200


def test_the_command_keeps_the_threshold_of_what_leaves_the_system(
    api_engine: Engine, client: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = api_engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("DATABASE_URL", url)
    path, table = tmp_path / "density.tif", tmp_path / "by-unit.csv"
    days = ["--from", "2025-01-01", "--to", "2025-12-31", "--cell", "5000", "--level", "province"]
    asked = ["density", *days, "--output", str(path), "--zonal", str(table), "--bandwidth"]
    result = CliRunner().invoke(app, [*asked, "15000"])
    assert result.exit_code == 0, result.output
    assert "20" in result.output
    # Ten in either place are fewer than eleven.
    with rasterio.open(path) as opened:
        assert opened.tags()["BIENMAP_SMALLEST_COUNT"] == "11"
        assert not opened.read(1, masked=True).count()
    lines = table.read_text(encoding="utf-8-sig").splitlines()
    for said in ("# period_from,2025-01-01", "# level,province", "# bandwidth_m,15000.0"):
        assert said in lines
    assert any(line.startswith("# data_fingerprint,") for line in lines)
    rows = [line for line in lines if not line.startswith("# ")]
    assert rows[0] == "code,full_name,mean,most,total,shown"
    assert len(rows) == 35
    assert rows[1].endswith(",,,,0.0")
    assert CliRunner().invoke(app, [*asked, "1000"]).exit_code == 1
    with raster(client, f"{YEAR}&cell=5000&bandwidth=15000") as opened:
        assert opened.read(1, masked=True).count()
