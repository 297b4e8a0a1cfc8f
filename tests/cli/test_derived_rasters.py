"""The layer of the distance from the border: made once for the boundaries, true on the ground."""

import pytest
import rasterio
from pyproj import Geod
from rasterio.warp import transform
from sqlalchemy import Engine, text
from typer.testing import CliRunner

from cli.main import app
from geo.settings import load_settings
from geo.store.database import transaction
from geo.store.rasters import BORDER_DISTANCE, KEPT, list_rasters
from layers.rasters import raster_overlay

DERIVE = ["rasters", "derive", "distance"]
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


def test_it_is_made_once_and_tells_the_distance(
    module_boundaries_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = module_boundaries_engine
    monkeypatch.setenv("DATABASE_URL", engine.url.render_as_string(hide_password=False))
    result = CliRunner().invoke(app, DERIVE)
    assert result.exit_code == 0, result.output
    assert "made" in result.output
    with transaction(engine) as connection:
        (layer,) = list_rasters(connection, KEPT)
    assert (layer["name"], layer["unit"], layer["audience"]) == (BORDER_DISTANCE, "km", "everyone")
    assert "ê-líp-xô-ít" in raster_overlay(layer).hint.vi
    with rasterio.open(load_settings().raster_directory / f"{layer['id']}.tif") as opened:
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
    again = CliRunner().invoke(app, DERIVE)
    assert "still true" in again.output
    with transaction(engine) as connection:
        assert [one["id"] for one in list_rasters(connection)] == [layer["id"]]
        connection.execute(text("UPDATE border_gate SET point = ST_Translate(point, 0.0001, 0)"))
    # Other boundaries: the layer takes the place of the one before.
    assert "made" in CliRunner().invoke(app, DERIVE).output
    with transaction(engine) as connection:
        (newer,) = list_rasters(connection, KEPT)
    assert newer["id"] != layer["id"]
    assert not (load_settings().raster_directory / f"{layer['id']}.tif").exists()
