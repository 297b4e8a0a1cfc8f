"""Boundary files, good and hostile, through the sandbox."""

import contextlib
import json
import os
import tarfile
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pyarrow.ipc
import pyogrio
import pytest
import shapely

from geo.errors import InputError
from geo.importers import vectors
from geo.importers.sandbox import Limits, run_sandboxed
from geo.importers.vector_formats import gdal_environment
from geo.importers.vectors import check_boundaries, prepare, read_boundaries
from tests.boundary_files import (
    UNITS,
    feature,
    geojson,
    geopackage,
    geoparquet,
    shapefile_parts,
    squares,
    zipped,
)
from tests.hostile_files import HOSTILE, Canary

__all__ = ["prepare"]  # the sandbox calls it in the child, before parse_each

REAL = Path(__file__).parents[3].parent / "shared" / "boundaries"
# Those that end the child, never reach it, or reach for what lies around it.
EACH_BY_ITSELF = {
    "absent",
    "collections_nested_in_wkb",
    "device",
    "empty_file",
    "folder",
    "geojson_crs_link",
    "geopackage_endless_view",
    "vrt_inside_shapefile_zip",
    "vrt_named_geojson",
    "zip_slip",
}
FIELDS = {"level": "province", "code_field": "code", "name_field": "name"}


@pytest.fixture(scope="module")
def canary(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Canary, list[str]]]:
    secret = tmp_path_factory.mktemp("secret") / "secret.geojson"
    geojson(secret, [feature({"type": "Point", "coordinates": [105, 16]}, code="77")])
    hits: list[str] = []

    class Listener(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            hits.append(self.path)
            self.send_error(404)

        def log_message(self, format: str, *values: object) -> None:  # noqa: A002
            """Quiet."""

    with HTTPServer(("127.0.0.1", 0), Listener) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield Canary(secret, f"http://127.0.0.1:{server.server_port}"), hits
        server.shutdown()
        thread.join()


def parse_each(path: Path, **request: Any) -> bytes:
    """In the child: parse every file of a tar in turn; the codes and texts that came, by name."""
    outcome = {}
    with tarfile.open(path) as archive:
        archive.extractall()  # noqa: S202 - made below, and opened in the sandbox
        names = archive.getnames()
    for name in names:
        try:
            answer = vectors.parse(Path(name), **request)
            metadata = pyarrow.ipc.open_stream(answer).schema.metadata
            errors = json.loads(metadata[b"report"])["errors"]
        except InputError as error:
            errors = [{"code": error.code, "vi": error.vi, "en": error.en}]
        except Exception as error:
            errors = [{"code": "file_unreadable", "vi": str(error), "en": str(error)}]
        outcome[Path(name).parent.name] = errors
    return json.dumps(outcome).encode()


@pytest.fixture(scope="module")
def outcomes(
    canary: tuple[Canary, list[str]], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Any]:
    """What became of the hostile files that go into one child together, which takes seconds."""
    home = tmp_path_factory.mktemp("hostile")
    with tarfile.open(home / "all.tar", "w") as archive:
        for name, (maker, _) in HOSTILE.items():
            if name not in EACH_BY_ITSELF:
                (home / name).mkdir()
                archive.add(maker(home / name, canary[0]), f"{name}/input")
    request = {"level": "province", "columns": {"code": "code", "name": "name"}}
    checks = {"edition": "2025", "level": "province"}
    answer = run_sandboxed(
        "tests.geo.importers.test_vectors:parse_each",
        home / "all.tar",
        arguments=request | {"layer": None, "crs": None, "checks": checks},
        environment=gdal_environment(),
    )
    outcome: dict[str, Any] = json.loads(answer)
    return outcome


@pytest.mark.parametrize("name", sorted(HOSTILE.keys() - EACH_BY_ITSELF))
def test_hostile_file_is_refused(
    name: str, outcomes: dict[str, Any], canary: tuple[Canary, list[str]]
) -> None:
    assert {error["code"] for error in outcomes[name]} & HOSTILE[name][1]
    assert "77" not in json.dumps(outcomes[name])
    assert canary[1] == []


@pytest.mark.parametrize("name", sorted(EACH_BY_ITSELF))
def test_hostile_file_by_itself_is_refused_and_reaches_nothing(
    name: str, canary: tuple[Canary, list[str]], tmp_path: Path
) -> None:
    bait, hits = canary
    maker, codes = HOSTILE[name]
    path = maker(tmp_path, bait)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(InputError) as refused:
        check_boundaries(path, edition="2025", **FIELDS)
    assert refused.value.code in codes
    assert "77" not in refused.value.vi + refused.value.en
    assert hits == []
    assert sorted(tmp_path.rglob("*")) == before
    assert not (tmp_path.parent / "escaped.shp").exists()


def test_baits_work_without_the_sandbox(canary: tuple[Canary, list[str]], tmp_path: Path) -> None:
    """The control: plain GDAL opens the secret and asks the server."""
    bait, hits = canary
    maker, _ = HOSTILE["vrt_named_geojson"]
    text = maker(tmp_path, bait).read_text().replace('name="units"', 'name="secret"')
    (tmp_path / "units.geojson").write_text(text)
    assert pyogrio.read_dataframe(tmp_path / "units.geojson")["code"].tolist() == ["77"]
    maker, _ = HOSTILE["vrt_to_network_named_fgb"]
    with contextlib.suppress(pyogrio.errors.DataSourceError):
        pyogrio.read_dataframe(maker(tmp_path, bait))
    assert hits
    hits.clear()


def test_polygon_that_is_costly_to_repair_meets_the_limits(tmp_path: Path) -> None:
    # A star of 20,001 chords crosses itself some 100 million times.
    turns = np.arange(20_002) * 10_000 * 2 * np.pi / 20_001
    ring = np.column_stack([105 + np.cos(turns), 16 + np.sin(turns)])
    ring[-1] = ring[0]
    star = {"type": "Polygon", "coordinates": [ring.tolist()]}
    path = geojson(tmp_path / "star.geojson", [feature(star)])
    limits = Limits(cpu_seconds=8, wall_seconds=30, memory_bytes=2 * 2**30)
    with pytest.raises(InputError) as refused:
        check_boundaries(path, edition="2025", limits=limits, **FIELDS)
    assert refused.value.code in {"file_too_slow", "file_too_heavy", "file_unreadable"}


def _in_every_format(folder: Path, crs: str) -> dict[str, Path]:
    units = squares().to_crs(crs)
    paths = {name: folder / f"units.{name}" for name in ("gpkg", "fgb", "parquet", "geojson")}
    units.to_file(paths["gpkg"])
    units.to_file(paths["fgb"])
    units.to_parquet(paths["parquet"])
    units.to_file(paths["geojson"], driver="GeoJSON")
    paths["zip"] = zipped(folder / "units.zip", shapefile_parts(folder, crs))
    return paths


@pytest.mark.parametrize("kind", ["gpkg", "fgb", "parquet", "geojson", "zip"])
def test_every_format_gives_the_same_units_whatever_its_name(kind: str, tmp_path: Path) -> None:
    path = _in_every_format(tmp_path, "EPSG:3405")[kind].rename(tmp_path / "misnamed.txt")
    units = read_boundaries(path, **FIELDS).sort_values("code", ignore_index=True)
    assert units.crs.to_epsg() == 4326
    assert units["name"].tolist() == squares()["name"].tolist()
    # One metre and a half: VN-2000 to WGS 84 is a seven-parameter shift, taken there and back.
    shapes = zip(units.geometry, squares().geometry, strict=True)
    assert max(shapely.hausdorff_distance(a, b) for a, b in shapes) < 1.5e-5


def test_shapefile_without_prj_names_systems_that_fit(tmp_path: Path) -> None:
    folder = tmp_path / "metres"
    folder.mkdir()
    # A commune's square kilometre near Hà Nội in VN-2000 / UTM 48N.
    box = shapely.box(585_000, 2_325_000, 586_000, 2_326_000)
    units = geopandas.GeoDataFrame({"code": ["01"], "name": ["A"]}, geometry=[box], crs="EPSG:3405")
    units.to_file(folder / "units.shp")
    parts = {part.suffix: part for part in folder.iterdir()}
    path = zipped(tmp_path / "units.zip", parts, without=".prj")
    with pytest.raises(InputError) as refused:
        read_boundaries(path, **FIELDS)
    assert refused.value.context["candidates"][0] == "EPSG:3405"
    assert "--crs EPSG:3405" in refused.value.vi
    read = read_boundaries(path, **FIELDS, crs="EPSG:3405")
    expected = units.to_crs(4326).geometry.iloc[0]
    assert shapely.hausdorff_distance(read.geometry.iloc[0], expected) < 1e-9


def test_crs_option_takes_codes_only(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="crs_unknown"):
        read_boundaries(tmp_path / "any", **FIELDS, crs="http://127.0.0.1/crs")


def test_unknown_field_lists_those_there_are(tmp_path: Path) -> None:
    path = tmp_path / "units.fgb"
    squares().to_file(path)
    with pytest.raises(InputError) as refused:
        read_boundaries(path, level="province", code_field="MA_XA", name_field="name")
    assert refused.value.context["fields"] == ["code", "name"]
    assert "MA_XA" in refused.value.vi


def test_lost_zeros_are_put_back_and_said(tmp_path: Path) -> None:
    units = squares()
    units["code"] = units["code"].astype(float)
    units["parent_code"] = range(1, UNITS + 1)
    path = tmp_path / "units.gpkg"
    units.to_file(path)
    read = read_boundaries(path, **FIELDS)
    assert read["code"].tolist() == squares()["code"].tolist()
    assert read["parent_code"].tolist() == squares()["code"].tolist()
    assert [note["code"] for note in read.attrs["notes"]] == ["code_padded", "code_padded"]
    assert "1 → 01" in read.attrs["notes"][0]["vi"]


def test_text_is_composed_and_hidden_characters_go(tmp_path: Path) -> None:
    polygon = {"type": "Polygon", "coordinates": [[[105, 16], [106, 16], [106, 17], [105, 16]]]}
    item = feature(polygon)
    item["properties"]["name"] = "  Xa\u0303\u202e\u0000 <b>Minh</b>\n Tân "
    read = read_boundaries(geojson(tmp_path / "a.json", [item]), **FIELDS)
    assert read["name"].tolist() == ["Xã <b>Minh</b> Tân"]


def test_shapefile_in_another_encoding_needs_its_cpg(tmp_path: Path) -> None:
    folder = tmp_path / "latin"
    folder.mkdir()
    units = squares().assign(name="Bình Long")
    units.to_file(folder / "units.shp", encoding="CP1252")
    parts = {part.suffix: part for part in folder.iterdir()}
    with pytest.raises(InputError, match="encoding_unknown"):
        read_boundaries(zipped(tmp_path / "bare.zip", parts, without=".cpg"), **FIELDS)
    parts[".cpg"].write_text("1252")
    read = read_boundaries(zipped(tmp_path / "units.zip", parts), **FIELDS)
    assert set(read["name"]) == {"Bình Long"}


def test_several_layers_need_a_choice(tmp_path: Path) -> None:
    path = geopackage(tmp_path)
    squares().head(3).to_file(path, layer="few", mode="a")
    with pytest.raises(InputError) as refused:
        read_boundaries(path, **FIELDS)
    assert sorted(refused.value.context["layers"]) == ["few", "units"]
    assert len(read_boundaries(path, **FIELDS, layer="few")) == 3


def test_trigger_in_a_geopackage_never_runs(tmp_path: Path) -> None:
    path = geopackage(
        tmp_path,
        "CREATE TRIGGER wipe AFTER UPDATE ON gpkg_contents BEGIN DELETE FROM units; END",
    )
    before = path.read_bytes()
    assert len(read_boundaries(path, **FIELDS)) == UNITS
    assert path.read_bytes() == before


def test_neighbouring_files_are_not_looked_at(tmp_path: Path) -> None:
    path = geopackage(tmp_path)
    for suffix in ("-wal", "-journal", ".aux.xml"):
        (tmp_path / f"units.gpkg{suffix}").write_bytes(os.urandom(4096))
    assert len(read_boundaries(path, **FIELDS)) == UNITS


def test_shapefile_in_a_folder_of_the_zip_with_mac_leftovers(tmp_path: Path) -> None:
    path = tmp_path / "units.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for suffix, part in shapefile_parts(tmp_path).items():
            archive.write(part, f"Ranh giới/UNITS{suffix.upper()}")
            archive.writestr(f"__MACOSX/Ranh giới/._UNITS{suffix}", b"\0")
    assert read_boundaries(path, **FIELDS)["name"].tolist() == squares()["name"].tolist()


def test_geoparquet_with_heights_and_measures_keeps_them_for_validation(tmp_path: Path) -> None:
    ring = "105 16 1 2, 106 16 1 2, 106 17 1 2, 105 16 1 2"
    shape = shapely.from_wkt(f"POLYGON ZM (({ring}))")
    path = geoparquet(tmp_path / "a.parquet", [shapely.to_wkb(shape, output_dimension=4)])
    report = check_boundaries(path, edition="2025", **FIELDS)
    assert "flattened" in {finding.code for finding in report.warnings}
    assert not report.units.geometry.has_z.any()


def test_too_big_a_file_is_not_parsed(tmp_path: Path) -> None:
    path = geojson(tmp_path / "a.json", [feature(None)] * 100)
    with pytest.raises(InputError, match="file_too_big"):
        check_boundaries(path, edition="2025", limits=Limits(input_bytes=1000), **FIELDS)


@pytest.mark.parametrize(
    ("file", "edition", "level", "count", "parent"),
    [
        ("vn-communes-2025.fgb", "2025", "commune", 3321, "province_code"),
        ("vn-provinces-2025.fgb", "2025", "province", 34, None),
        ("vn-districts-2024.fgb", "2024", "district", 696, "province_code"),
        ("vn-provinces-2024.fgb", "2024", "province", 63, None),
    ],
)
def test_real_boundaries_pass(
    file: str, edition: str, level: str, count: int, parent: str | None
) -> None:
    report = check_boundaries(
        REAL / file,
        edition=edition,
        level=level,
        code_field="code",
        name_field="name",
        optional_fields={"parent_code": parent} if parent else None,
    )
    assert report.accepted, report.render("en")
    assert len(report.units) == count
    assert set(report.units.geom_type) == {"MultiPolygon"}


def test_half_of_the_real_communes_are_refused_with_what_is_missing(tmp_path: Path) -> None:
    real = geopandas.read_file(REAL / "vn-communes-2025.fgb", columns=["code", "name"])
    kept = real.sort_values("code").iloc[::2]
    path = tmp_path / "half.fgb"
    kept.to_file(path)
    report = check_boundaries(
        path,
        edition="2025",
        level="commune",
        code_field="code",
        name_field="name",
        expected_codes=real["code"].tolist(),
    )
    missing = {finding.code: finding for finding in report.errors}["units_missing"]
    assert set(missing.units) == set(real["code"]) - set(kept["code"])
    assert "1660" in missing.vi
