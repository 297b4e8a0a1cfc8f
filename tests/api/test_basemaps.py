"""Basemaps from the command line to the tiles that the server sends."""

import os
import resource
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text
from starlette.testclient import TestClient
from typer.testing import CliRunner, Result

from api.app import create_api
from cli.main import app
from geo.importers.tile_archives import archive_tile
from geo.settings import Settings, load_settings
from geo.store import audit
from geo.store.basemaps import list_basemaps
from geo.store.database import transaction
from tests.api.test_bad_input import assert_problem
from tests.people import as_server
from tests.tile_archives import archive, picture

TEXTS = ["--title-vi", "Ảnh <b>đỏ</b>", "--title-en", "Red", "--attribution", "© Ai đó 2026"]
XYZ = "https://tiles.example.vn/{z}/{x}/{y}.png"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A folder of this module's own."""
    state = tmp_path_factory.mktemp("state")
    return load_settings().model_copy(update={"state_directory": state})


@pytest.fixture(scope="module")
def anybody(api_engine: Engine, settings: Settings) -> Iterator[TestClient]:
    """Nobody in particular, at a server with that folder."""
    api = create_api(settings, as_server(api_engine))
    with TestClient(api, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def run(api_engine: Engine, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The command on this store; what it configured is taken away afterwards."""
    monkeypatch.setenv("DATABASE_URL", api_engine.url.render_as_string(hide_password=False))
    monkeypatch.setenv("BIENMAP_STATE", str(settings.state_directory))

    def basemaps(*arguments: str) -> Result:
        return CliRunner().invoke(app, ["basemaps", *arguments])

    yield basemaps
    with transaction(api_engine) as connection:
        names = [one["name"] for one in list_basemaps(connection)]
    for name in names:
        assert basemaps("remove", name, "--reason", "hết").exit_code == 0


def stored(engine: Engine) -> list[dict[str, Any]]:
    """What is configured."""
    with transaction(engine) as connection:
        return list_basemaps(connection)


def test_sources_are_added_listed_and_removed(run: Any, api_engine: Engine) -> None:
    wmts = "https://maps.example.vn/nen/GoogleMapsCompatible/{TileMatrix}/{TileRow}/{TileCol}.jpg"
    added = run("add", XYZ, "--name", "do", *TEXTS)
    assert added.exit_code == 0, added.output
    assert XYZ in added.output
    assert "learns what places" in added.output
    assert (
        run("add", wmts, "--name", "nen", *TEXTS, "--min-zoom", "3", "--max-zoom", "12").exit_code
        == 0
    )
    first, second = stored(api_engine)
    assert (first["name"], first["url"], first["attribution"]) == ("do", XYZ, "© Ai đó 2026")
    assert second["url"] == "https://maps.example.vn/nen/GoogleMapsCompatible/{z}/{y}/{x}.jpg"
    assert (second["min_zoom"], second["max_zoom"]) == (3, 12)
    listed = run("list").output
    assert "3-12" in listed
    assert "Ảnh <b>đỏ</b>" in listed
    removed = run("remove", "do", "--reason", "hết hạn")
    assert removed.exit_code == 0, removed.output
    assert [one["name"] for one in stored(api_engine)] == ["nen"]
    # Its name is free again.
    assert run("add", XYZ, "--name", "do", *TEXTS).exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "vi", "en"),
    [
        ([XYZ, "--name", "Đỏ", *TEXTS], "chữ thường", "lower-case"),
        (
            [XYZ, "--name", "do", *TEXTS, "--attribution", " "],
            "attribution phải",
            "attribution must",
        ),
        ([XYZ, "--name", "do", *TEXTS, "--title-en", "a\u202eb"], "title_en phải", "title_en must"),
        ([XYZ, "--name", "do", *TEXTS, "--min-zoom", "9", "--max-zoom", "8"], "Mức thu", "Zooms"),
        ([XYZ, "--name", "do", *TEXTS, "--min-zoom", "15"], "Mức thu", "Zooms"),
        ([XYZ, "--name", "do", *TEXTS, "--max-zoom", "3"], "Mức thu", "Zooms"),
        ([XYZ, "--name", "do", *TEXTS, "--max-zoom", "23"], "Mức thu", "Zooms"),
        (["ftp://a.vn/{z}/{x}/{y}", "--name", "do", *TEXTS], "https://", "https://"),
        ([f"{XYZ}?token=1", "--name", "do", *TEXTS], "bí mật", "no secret"),
    ],
)
def test_what_cannot_be_used_is_said_in_both_languages_and_nothing_is_kept(
    run: Any, api_engine: Engine, arguments: list[str], vi: str, en: str
) -> None:
    refused = run("add", *arguments)
    assert refused.exit_code == 1
    assert vi in refused.output
    assert en in refused.output
    assert stored(api_engine) == []


def test_a_name_is_given_once_and_an_unknown_one_names_those_there_are(run: Any) -> None:
    assert run("add", XYZ, "--name", "do", *TEXTS).exit_code == 0
    again = run("add", XYZ, "--name", "do", *TEXTS)
    assert again.exit_code == 1
    assert "basemaps remove do" in again.output
    unknown = run("remove", "xanh", "--reason", "a")
    assert unknown.exit_code == 1
    assert "There are: do" in unknown.output


def test_an_archive_is_kept_and_its_tiles_are_sent_for_ever(
    run: Any, api_engine: Engine, anybody: TestClient, settings: Settings, tmp_path: Path
) -> None:
    file = archive(tmp_path / "nen-do.pmtiles")
    done = run("import", str(file), "--name", "do", *TEXTS)
    assert done.exit_code == 0, done.output
    assert "image/png, z 0-3" in done.output
    assert "nen-do.pmtiles" in run("list").output
    file.unlink()
    (one,) = stored(api_engine)
    kept = settings.basemap_directory / f"{one['id']}.pmtiles"
    assert kept.is_file()
    tiles = f"/api/v1/basemaps/{one['id']}/tiles"
    answer = anybody.get(f"{tiles}/2/3/1")
    assert answer.status_code == 200
    assert answer.content == picture() + b"2/3/1"
    assert answer.headers["content-type"] == "image/png"
    assert "immutable" in answer.headers["cache-control"]
    same = anybody.get(f"{tiles}/2/3/1", headers={"If-None-Match": answer.headers["etag"]})
    assert (same.status_code, same.content) == (304, b"")
    # Beyond its zooms it has none: transparent, and no error that would be told to readers.
    nothing = anybody.get(f"{tiles}/5/0/0")
    assert nothing.status_code == 200
    assert len(nothing.content) < 100
    assert run("remove", "do", "--reason", "hết").exit_code == 0
    assert not kept.exists()
    assert_problem(anybody.get(f"{tiles}/2/3/1"), 404)


def test_no_tile_and_no_archive_are_said(
    run: Any, api_engine: Engine, anybody: TestClient, settings: Settings, tmp_path: Path
) -> None:
    assert (
        run("import", str(archive(tmp_path / "a.pmtiles")), "--name", "do", *TEXTS).exit_code == 0
    )
    assert run("add", XYZ, "--name", "xa", *TEXTS).exit_code == 0
    own, other = stored(api_engine)
    for place in ("15/0/0", "3/8/0", "3/0/-1"):
        assert_problem(anybody.get(f"/api/v1/basemaps/{own['id']}/tiles/{place}"), 404)
    # Tiles of other hosts are never passed on by the server.
    assert_problem(anybody.get(f"/api/v1/basemaps/{other['id']}/tiles/1/0/0"), 404)
    (settings.basemap_directory / f"{own['id']}.pmtiles").unlink()
    words = {"Accept-Language": "en"}
    gone = anybody.get(f"/api/v1/basemaps/{own['id']}/tiles/1/0/0", headers=words)
    assert_problem(gone, 503)
    assert gone.json()["code"] == "basemap.file_missing"
    assert "basemaps remove" in gone.json()["detail"]


def test_no_connection_is_held_while_the_file_is_read(
    run: Any,
    api_engine: Engine,
    anybody: TestClient,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    file = archive(tmp_path / "a.pmtiles")
    assert run("import", str(file), "--name", "do", *TEXTS).exit_code == 0
    (one,) = stored(api_engine)
    pool = anybody.app.state.engine.pool  # type: ignore[attr-defined]
    held = []

    def reading(path: Path, tile: tuple[int, int, int]) -> bytes | None:
        held.append(pool.checkedout())
        return archive_tile(path, tile)

    idle = pool.checkedout()
    monkeypatch.setattr("api.basemaps.archive_tile", reading)
    assert anybody.get(f"/api/v1/basemaps/{one['id']}/tiles/2/3/1").status_code == 200
    assert held == [idle]


@contextmanager
def files_up_to(size: int) -> Iterator[None]:
    """No file of this process grows beyond: the disk stays whole where the check is missing."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_an_archive_larger_than_the_room_is_refused_before_it_is_copied(
    run: Any, api_engine: Engine, settings: Settings, tmp_path: Path
) -> None:
    file = archive(tmp_path / "a.pmtiles")
    # Empty to its end: it takes no room itself.
    os.truncate(file, shutil.disk_usage(tmp_path).free + 2**30)
    with files_up_to(2**26):
        refused = run("import", str(file), "--name", "do", *TEXTS)
    assert refused.exit_code == 1
    assert "The disk is full" in refused.output
    assert stored(api_engine) == []
    assert not list(settings.basemap_directory.glob("*"))


def test_a_file_that_is_no_archive_leaves_nothing_behind(
    run: Any, api_engine: Engine, settings: Settings, tmp_path: Path
) -> None:
    file = tmp_path / "a.pmtiles"
    file.write_bytes(b"GIF89a" + bytes(300))
    refused = run("import", str(file), "--name", "do", *TEXTS)
    assert refused.exit_code == 1
    assert "không phải tệp PMTiles" in refused.output
    missing = run("import", str(tmp_path / "none"), "--name", "do", *TEXTS)
    assert missing.exit_code == 1
    assert "Cannot read" in missing.output
    assert stored(api_engine) == []
    assert not list(settings.basemap_directory.glob("*"))


def test_what_is_configured_is_in_the_audit_and_the_server_cannot_configure(
    run: Any, api_engine: Engine
) -> None:
    assert run("add", XYZ, "--name", "do", *TEXTS).exit_code == 0
    with transaction(api_engine) as connection:
        written = [one for one in audit.newest(connection, 50) if one["object"] == "basemap"]
        assert audit.verify(connection).flaws == ()
    assert written
    with (
        as_server(api_engine).connect() as connection,
        pytest.raises(Exception, match="permission"),
    ):
        connection.execute(text("UPDATE basemap SET url = 'https://evil.example/{z}/{x}/{y}'"))


@pytest.mark.parametrize(
    "url",
    [
        "https://a.vn; script-src x/{z}",
        "https://a.vn 'unsafe-inline'/{z}",
        "//a.vn/",
        "ftp://a.vn/a",
    ],
)
def test_the_table_itself_takes_no_address_that_could_widen_the_policy(
    api_engine: Engine, url: str
) -> None:
    entry = text(
        "INSERT INTO basemap (name, title_vi, title_en, attribution, url, min_zoom, max_zoom, west,"
        " south, east, north) VALUES ('x', 'x', 'x', 'x', :url, 0, 9, 0, 0, 1, 1)"
    )
    with api_engine.connect() as connection, pytest.raises(Exception, match="ck_basemap_url"):
        connection.execute(entry, {"url": url})
