"""Raster layers through the API and the command line: brought, drawn, told by unit, for whom."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from sqlalchemy import Engine, text
from starlette.testclient import TestClient
from typer.testing import CliRunner

from api.app import create_api
from cli.main import app
from geo import pipeline
from geo.settings import Settings, load_settings
from geo.store import audit
from geo.store.database import transaction
from tests.api.conftest import Joining
from tests.api.test_bad_input import assert_problem
from tests.people import NGHE_AN, as_server, make_account, signed_in
from tests.raster_files import geotiff, relief, slope

LAYERS = "/api/v1/raster-layers"
# Of Nghệ An's middle.
TILE = "7/101/57"
LIMIT = 2**20


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A folder of this module's own, and a server that takes rasters of 1 MB."""
    state = tmp_path_factory.mktemp("state")
    return load_settings().model_copy(update={"state_directory": state, "raster_max_bytes": LIMIT})


@pytest.fixture(scope="module")
def keeper(api_engine: Engine, settings: Settings) -> Iterator[TestClient]:
    """An administrator."""
    api = create_api(settings, as_server(api_engine))
    with TestClient(api, raise_server_exceptions=False) as client:
        yield signed_in(client, make_account(api_engine, "administrator"))


@pytest.fixture(scope="module")
def anybody(api_engine: Engine, settings: Settings) -> Iterator[TestClient]:
    """Nobody in particular, at the same server."""
    api = create_api(settings, as_server(api_engine))
    with TestClient(api, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture(scope="module")
def officer(api_engine: Engine, settings: Settings) -> Iterator[TestClient]:
    """An officer of Nghệ An, at the same server."""
    api = create_api(settings, as_server(api_engine))
    with TestClient(api, raise_server_exceptions=False) as client:
        yield signed_in(client, make_account(api_engine, "officer", NGHE_AN))


def sent(client: TestClient, path: Path, **texts: str) -> Any:
    """The answer to a file that is sent."""
    words = {"name": "do-cao", "title_vi": "Độ cao", "title_en": "Elevation"} | texts
    with path.open("rb") as file:
        return client.post(LAYERS, data=words, files={"file": ("../../độ cao.tif", file)})


@pytest.fixture(scope="module")
def east(keeper: TestClient, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """A layer for everyone over the whole country."""
    path = relief(tmp_path_factory.mktemp("files") / "east.tif")
    answer = sent(keeper, path, name="east", unit="m", style="elevation", audience="everyone")
    assert answer.status_code == 201, answer.text
    return answer.json()


@pytest.fixture(scope="module")
def hidden(keeper: TestClient, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """A layer for those who have signed in, of whole people in some cells."""
    path = relief(tmp_path_factory.mktemp("files") / "people.tif")
    answer = sent(keeper, path, name="people", unit="người", style="population")
    assert answer.status_code == 201, answer.text
    return answer.json()


def names(client: TestClient) -> list[str]:
    return [one["name"] for one in client.get(LAYERS).json()["raster_layers"]]


def pixels(content: bytes) -> Any:
    """Bands, rows and columns of a PNG."""
    with rasterio.MemoryFile(content) as file, file.open() as picture:
        return picture.read()


def test_a_layer_is_told_with_what_its_legend_needs(
    east: dict[str, Any], anybody: TestClient
) -> None:
    (listed,) = [
        one for one in anybody.get(LAYERS).json()["raster_layers"] if one["name"] == "east"
    ]
    assert listed == east
    assert (east["title_vi"], east["unit"], east["style"]) == ("Độ cao", "m", "elevation")
    assert (east["minimum"], east["maximum"]) == pytest.approx((1020, 1099.5))
    assert (east["west"], east["north"]) == (102, 24)
    assert "file_name" not in east


def test_who_may_see_and_bring_layers(
    east: dict[str, Any],
    hidden: dict[str, Any],
    anybody: TestClient,
    officer: TestClient,
    tmp_path: Path,
) -> None:
    assert names(anybody) == ["east"]
    assert names(officer) == ["east", "people"]
    unseen = f"{LAYERS}/{hidden['id']}/tiles/{TILE}.png"
    assert_problem(anybody.get(unseen), 404)
    assert officer.get(unseen).status_code == 200
    path = geotiff(tmp_path / "a.tif", slope())
    assert_problem(sent(anybody, path, name="mine"), 401)
    assert_problem(sent(officer, path, name="mine"), 403)
    assert_problem(officer.delete(f"{LAYERS}/{east['id']}?reason=thu"), 403)
    assert names(officer) == ["east", "people"]


def test_a_tile_shows_the_colours_of_its_values(east: dict[str, Any], anybody: TestClient) -> None:
    answer = anybody.get(f"{LAYERS}/{east['id']}/tiles/{TILE}.png")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    colours = pixels(answer.content)
    assert colours.shape == (4, 256, 256)
    assert (colours[3] == 255).all()
    # Values rise to the east, and the ramp falls from light to dark.
    brightness = colours[:3].astype(int).sum(axis=0).mean(axis=0)
    assert brightness[0] - brightness[-1] > 50
    assert (np.diff(brightness) <= 1).all()


def test_a_tile_is_kept_and_asked_for_again_costs_nothing(
    east: dict[str, Any], hidden: dict[str, Any], anybody: TestClient, officer: TestClient
) -> None:
    tag = f'"{east["fingerprint"]}"'
    address = f"{LAYERS}/{east['id']}/tiles/{TILE}.png"
    assert anybody.get(address).headers["etag"] == tag
    again = anybody.get(address, headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    own = f"{LAYERS}/{hidden['id']}/tiles/{TILE}.png"
    answer = officer.get(own)
    assert answer.headers["cache-control"] == "private, no-cache"
    assert "Cookie" in answer.headers["vary"]
    # Whoever kept it and signs out is refused, and not told that it still holds.
    kept = {"If-None-Match": answer.headers["etag"]}
    assert officer.get(own, headers=kept).status_code == 304
    assert_problem(anybody.get(own, headers=kept), 404)


def test_outside_of_the_raster_a_tile_is_empty(east: dict[str, Any], anybody: TestClient) -> None:
    answer = anybody.get(f"{LAYERS}/{east['id']}/tiles/7/1/1.png")
    assert answer.status_code == 200
    assert pixels(answer.content).shape[1:] == (256, 256)
    assert not pixels(answer.content)[-1].any()


@pytest.mark.parametrize("tile", ["7/128/57", "7/-1/57", "7/101/128", "40/1/1", "-1/0/0", "15/0/0"])
def test_what_is_no_tile_is_refused(east: dict[str, Any], anybody: TestClient, tile: str) -> None:
    assert_problem(anybody.get(f"{LAYERS}/{east['id']}/tiles/{tile}.png"), 404)


def test_a_unit_is_told_its_figures(
    east: dict[str, Any], hidden: dict[str, Any], anybody: TestClient, officer: TestClient
) -> None:
    (figure,) = anybody.get(f"{LAYERS}/figures/commune/17263").json()["figures"]
    assert figure["id"] == east["id"]
    # Môn Sơn lies at 104.8° E: its cells are ten times that.
    assert figure["mean"] == pytest.approx(1048, abs=2)
    assert figure["least"] < figure["mean"] < figure["most"]
    assert figure["covered"] == pytest.approx(1)
    of_both = officer.get(f"{LAYERS}/figures/province/40").json()["figures"]
    assert [one["name"] for one in of_both] == ["east", "people"]
    assert_problem(anybody.get(f"{LAYERS}/figures/commune/99999"), 422)


def test_figures_of_boundaries_of_before_are_not_told(
    east: dict[str, Any], anybody: TestClient, api_engine: Engine, settings: Settings
) -> None:
    address = f"{LAYERS}/figures/commune/17263"
    before = anybody.get(address).json()["figures"]
    change = text(
        "UPDATE boundary_layer SET fingerprint = :now WHERE edition = '2025' AND level = 'commune'"
    )
    known = text(
        "SELECT fingerprint FROM boundary_layer WHERE edition = '2025' AND level = 'commune'"
    )
    with transaction(api_engine) as connection:
        fingerprint = connection.scalar(known)
        connection.execute(change, {"now": "other"})
    try:
        assert anybody.get(address).json()["figures"] == []
        measured = pipeline.measure_rasters(api_engine, settings.raster_directory)
        assert measured >= 1
        assert anybody.get(address).json()["figures"] == before
        assert pipeline.measure_rasters(api_engine, settings.raster_directory) == 0
    finally:
        with transaction(api_engine) as connection:
            connection.execute(change, {"now": fingerprint})
        pipeline.measure_rasters(api_engine, settings.raster_directory)


@pytest.mark.parametrize(
    ("texts", "code"),
    [
        ({"name": "Độ cao"}, "raster.name"),
        ({"name": "a" * 41}, "raster.name"),
        ({"title_vi": " "}, "raster.text"),
        ({"title_en": "a" * 121}, "raster.text"),
        ({"title_en": "a\u202eb"}, "raster.text"),
        ({"unit": "m" * 31}, "raster.text"),
        ({"style": "rainbow"}, "raster.choice"),
        ({"audience": "nobody"}, "raster.choice"),
        ({"crs": "file:///etc/passwd"}, "crs_unknown"),
        ({"other": "x"}, "raster.form"),
        ({"name": "east"}, "raster.name_taken"),
        # Of the layer that is made of the boundaries, and is drawn and explained by its name.
        ({"name": "cach-bien-gioi"}, "raster.name_reserved"),
    ],
)
def test_what_is_said_of_a_layer_is_checked(
    east: dict[str, Any],
    keeper: TestClient,
    settings: Settings,
    tmp_path: Path,
    texts: dict[str, str],
    code: str,
) -> None:
    before = sorted(settings.raster_directory.iterdir())
    answer = sent(keeper, geotiff(tmp_path / "a.tif", slope()), **texts)
    assert_problem(answer, 422)
    assert answer.json()["code"] == code
    assert sorted(settings.raster_directory.iterdir()) == before


def test_what_is_no_raster_or_too_large_is_refused_and_leaves_nothing(
    keeper: TestClient, settings: Settings, tmp_path: Path
) -> None:
    before = sorted(settings.raster_directory.glob("*"))
    path = tmp_path / "a.tif"
    path.write_bytes(b"<VRTDataset/>")
    answer = sent(keeper, path)
    assert_problem(answer, 422)
    assert answer.json()["code"] == "raster_format"
    large = io.BytesIO(bytes(LIMIT + 3 * 2**20))
    words = {"name": "a", "title_vi": "a", "title_en": "a"}
    assert_problem(keeper.post(LAYERS, data=words, files={"file": ("a.tif", large)}), 413)
    assert_problem(keeper.post(LAYERS, data=words), 422)
    assert_problem(keeper.post(LAYERS, json=words), 422)
    assert sorted(settings.raster_directory.glob("*")) == before


def test_a_layer_goes_with_its_file_and_the_audit_keeps_what_it_was(
    keeper: TestClient, api_engine: Engine, settings: Settings, tmp_path: Path
) -> None:
    made = sent(keeper, geotiff(tmp_path / "a.tif", slope()), name="gone").json()
    file = settings.raster_directory / f"{made['id']}.tif"
    assert file.is_file()
    address = f"{LAYERS}/{made['id']}"
    assert_problem(keeper.delete(address), 422)
    assert keeper.delete(f"{address}?reason=sai").status_code == 204
    assert not file.exists()
    assert "gone" not in names(keeper)
    assert_problem(keeper.get(f"{address}/tiles/{TILE}.png"), 404)
    assert_problem(keeper.delete(f"{address}?reason=sai"), 404)
    with transaction(api_engine) as connection:
        written = [one for one in audit.newest(connection, 50) if one["object"] == "raster_layer"]
        flaws = audit.verify(connection).flaws
    assert [one["action"] for one in written[:2]] == ["UPDATE", "INSERT"]
    assert {one["actor"] for one in written[:2]} == {written[0]["after"]["created_by"]}
    assert written[0]["after"]["deleted_reason"] == "sai"
    assert written[1]["after"]["file_name"] == "độ cao.tif"
    assert flaws == ()
    # Its name is free again.
    again = sent(keeper, geotiff(tmp_path / "a.tif", slope()), name="gone")
    assert again.status_code == 201
    assert keeper.delete(f"{LAYERS}/{again.json()['id']}?reason=sai").status_code == 204


def test_a_file_that_is_gone_is_said(
    keeper: TestClient, settings: Settings, tmp_path: Path
) -> None:
    made = sent(keeper, geotiff(tmp_path / "a.tif", slope()), name="lost").json()
    (settings.raster_directory / f"{made['id']}.tif").unlink()
    answer = keeper.get(f"{LAYERS}/{made['id']}/tiles/{TILE}.png")
    assert_problem(answer, 503)
    assert answer.json()["code"] == "raster.file_missing"
    assert "bienmap rasters remove" in answer.json()["detail"]
    assert keeper.delete(f"{LAYERS}/{made['id']}?reason=sai").status_code == 204


def test_a_failure_after_the_file_was_kept_leaves_no_file(
    keeper: TestClient,
    settings: Settings,
    api_engine: Engine,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = sorted(settings.raster_directory.glob("*"))

    def fail(*_values: object) -> None:
        raise RuntimeError("the machine fell")

    monkeypatch.setattr("geo.pipeline.rasters.add_raster", fail)
    assert sent(keeper, geotiff(tmp_path / "a.tif", slope())).status_code == 500
    assert sorted(settings.raster_directory.glob("*")) == before


def test_the_command_brings_lists_and_removes(
    api_engine: Engine,
    anybody: TestClient,
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DATABASE_URL", api_engine.url.render_as_string(hide_password=False))
    monkeypatch.setenv("BIENMAP_STATE", str(settings.state_directory))
    run = CliRunner().invoke
    path = geotiff(tmp_path / "people.tif", slope(), crs=None)
    asked = ["rasters", "import", str(path), "--name", "dan-so", "--title-vi", "Dân số",
             "--title-en", "People", "--style", "population", "--audience", "everyone"]  # fmt: skip
    refused = run(app, asked)
    assert refused.exit_code == 1
    assert "These fit its coordinates: EPSG:4326" in refused.output
    made = run(app, [*asked, "--crs", "EPSG:4326"])
    assert made.exit_code == 0, made.output
    assert "100 x 100" in made.output
    assert "0 – 99" in made.output
    assert "dan-so" in run(app, ["rasters", "list"], env={"COLUMNS": "200"}).output
    assert "dan-so" in names(anybody)
    assert run(app, ["rasters", "measure"]).exit_code == 0
    gone = run(app, ["rasters", "remove", "dan-so", "--reason", "thử xong"])
    assert gone.exit_code == 0, gone.output
    assert "dan-so" not in names(anybody)
    unknown = run(app, ["rasters", "remove", "dan-so", "--reason", "thử xong"])
    assert unknown.exit_code == 1
    assert "dan-so" in unknown.output


def test_a_picture_is_drawn_as_it_is_and_measured_as_nothing(
    keeper: TestClient, tmp_path: Path
) -> None:
    colours = np.zeros((3, 400, 400), np.uint8)
    colours[0], colours[2] = 180, 40
    made = sent(
        keeper, geotiff(tmp_path / "a.tif", colours, photometric="RGB"), name="anh",
        style="imagery",
    ).json()  # fmt: skip
    assert (made["minimum"], made["low"]) == (None, None)
    drawn = pixels(keeper.get(f"{LAYERS}/{made['id']}/tiles/8/203/114.png").content)
    inside = drawn[:, drawn[3] == 255]
    assert inside.shape[1] > 100
    assert (inside[:3] == np.array([[180], [0], [40]])).all()
    figures = keeper.get(f"{LAYERS}/figures/province/40").json()["figures"]
    assert "anh" not in [one["name"] for one in figures]
    assert keeper.delete(f"{LAYERS}/{made['id']}?reason=sai").status_code == 204


def test_tiles_wait_for_each_other_and_not_for_ever(
    keeper: TestClient, east: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.rasters.LONGEST_WAIT_FOR_TILE", 0.1)
    turns = keeper.app.state.raster_tiles
    held = [turns.acquire(timeout=1) for _ in range(4)]
    try:
        answer = keeper.get(f"{LAYERS}/{east['id']}/tiles/{TILE}.png")
        assert_problem(answer, 429)
        assert answer.headers["retry-after"]
    finally:
        for _ in held:
            turns.release()
    assert keeper.get(f"{LAYERS}/{east['id']}/tiles/{TILE}.png").status_code == 200


def test_layers_of_another_server_are_joined_by_nobody(joining: Joining) -> None:
    """A program's token that may only read brings none."""
    client = joining("administrator")
    token = client.post("/api/v1/tokens", json={"name": "đọc", "scopes": ["read"]}).json()["token"]
    client.cookies.clear()
    answer = client.post(LAYERS, headers={"Authorization": f"Bearer {token}"})
    assert_problem(answer, 403)
