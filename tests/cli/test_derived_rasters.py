"""The layer of the distance from the border: made once for the boundaries, true on the ground."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import rasterio
from pyproj import Geod
from rasterio.warp import transform
from sqlalchemy import Engine, text
from typer.testing import CliRunner, Result

from cli.main import app
from geo.settings import load_settings
from geo.store.database import transaction
from geo.store.rasters import BORDER_DISTANCE, KEPT, list_rasters
from layers.rasters import raster_overlay

Run = Callable[[list[str]], Result]
DERIVE = ["rasters", "derive-distance"]
# Thác Bản Giốc on the border with China; Hà Nội; Vinh; Cà Mau; Hoàng Sa.
ON_THE_BORDER, HANOI, VINH, CA_MAU = (
    (106.705, 22.852), (105.834, 21.028), (105.68, 18.67), (105.15, 9.18),
)  # fmt: skip
PHU_LAM = (112.34, 16.83)


def measured(engine: Engine, place: tuple[float, float]) -> float:
    """Kilometres to the whole border by PostGIS, on the ellipsoid."""
    asked = text(
        "SELECT min(ST_Distance(geom::geography, ST_Point(:lon, :lat, 4326)::geography))"
        " FROM border_line"
    )
    with transaction(engine) as connection:
        metres = connection.scalar(asked, {"lon": place[0], "lat": place[1]})
    return float(metres) / 1000


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A state directory of this module's own."""
    return tmp_path_factory.mktemp("state")


@pytest.fixture(scope="module")
def folder(state: Path) -> Path:
    """Where the files of layers are."""
    return load_settings().model_copy(update={"state_directory": state}).raster_directory


@pytest.fixture(scope="module")
def run(module_boundaries_engine: Engine, state: Path) -> Run:
    """The command on this store and that directory."""
    url = module_boundaries_engine.url.render_as_string(hide_password=False)
    env = {"DATABASE_URL": url, "BIENMAP_STATE": str(state)}
    return lambda command: CliRunner().invoke(app, command, env=env)


@pytest.fixture(scope="module")
def layer(module_boundaries_engine: Engine, run: Run) -> dict[str, Any]:
    """The layer of the boundaries that ship."""
    result = run(DERIVE)
    assert result.exit_code == 0, result.output
    assert "made" in result.output
    with transaction(module_boundaries_engine) as connection:
        (made,) = list_rasters(connection, KEPT)
    return made


def test_it_is_made_once_and_tells_the_distance(
    module_boundaries_engine: Engine, run: Run, folder: Path, layer: dict[str, Any]
) -> None:
    engine = module_boundaries_engine
    assert (layer["name"], layer["unit"], layer["audience"]) == (BORDER_DISTANCE, "km", "everyone")
    assert "ê-líp-xô-ít" in raster_overlay(layer).hint.vi
    with rasterio.open(folder / f"{layer['id']}.tif") as opened:
        assert opened.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        for place in (ON_THE_BORDER, HANOI, VINH, CA_MAU):
            x, y = transform("EPSG:4326", opened.crs, [place[0]], [place[1]])
            (value,) = next(opened.sample([(x[0], y[0])], masked=True))
            row, column = opened.index(x[0], y[0])
            middle = opened.xy(row, column)
            lon, lat = transform(opened.crs, "EPSG:4326", [middle[0]], [middle[1]])
            true = measured(engine, (lon[0], lat[0]))
            assert value == pytest.approx(true, rel=0.002, abs=0.01), place
            # A cell is a kilometre wide: the place itself is within half its diagonal.
            off = Geod(ellps="WGS84").inv(lon[0], lat[0], *place)[2]
            assert off < 720
        x, y = transform("EPSG:4326", opened.crs, [PHU_LAM[0]], [PHU_LAM[1]])
        assert not (opened.bounds.left < x[0] < opened.bounds.right)
    assert "still true" in run(DERIVE).output
    with transaction(engine) as connection:
        assert [one["id"] for one in list_rasters(connection)] == [layer["id"]]


def test_that_of_other_boundaries_takes_its_place_and_not_before_it_is_made(
    module_boundaries_engine: Engine,
    run: Run,
    folder: Path,
    layer: dict[str, Any],
    project_root: Path,
) -> None:
    engine = module_boundaries_engine
    with transaction(engine) as connection:
        connection.execute(text("UPDATE border_gate SET point = ST_Translate(point, 0.0001, 0)"))
    # There is nowhere to put it.
    folder.rename(folder.with_suffix(".away"))
    folder.write_text("a file")
    failed = run(DERIVE)
    assert failed.exit_code == 1
    assert "Cannot write" in failed.output
    folder.unlink()
    folder.with_suffix(".away").rename(folder)
    with transaction(engine) as connection:
        assert [one["id"] for one in list_rasters(connection)] == [layer["id"]]
    assert (folder / f"{layer['id']}.tif").is_file()
    # An import of boundaries makes it of them.
    units = project_root / "data" / "boundaries" / "2024" / "districts.fgb"
    swap = ["boundaries", "import", str(units), "--edition", "2024", "--level", "district",
            "--parent-field", "parent_code", "--no-hotspots"]  # fmt: skip
    swapped = run(swap)
    assert swapped.exit_code == 0, swapped.output
    with transaction(engine) as connection:
        (newer,) = list_rasters(connection, KEPT)
    assert newer["id"] != layer["id"]
    assert newer["file_name"] != layer["file_name"]
    assert not (folder / f"{layer['id']}.tif").exists()
    assert "still true" in run(DERIVE).output
