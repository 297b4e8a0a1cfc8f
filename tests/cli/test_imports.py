"""The import commands, from the command line to the database."""

from pathlib import Path

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from cli.main import app
from geo.store.database import create_engine, transaction
from tests.geo.store.conftest import load_toy_country

GOOD = "kind,date,lon,lat\ntip,2025-08-15,107.05,16.05\n"


@pytest.fixture
def url(database_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """A database with the toy country, which commands find by the environment."""
    engine = create_engine(database_url)
    with transaction(engine) as connection:
        load_toy_country(connection)
    engine.dispose()
    monkeypatch.setenv("DATABASE_URL", database_url)
    return database_url


def stored(url: str) -> int:
    engine = create_engine(url)
    with transaction(engine) as connection:
        count: int = connection.execute(text("SELECT count(*) FROM incident")).scalar_one()
    engine.dispose()
    return count


def test_import_reports_and_writes_rejected_rows(url: str, tmp_path: Path) -> None:
    file, out = tmp_path / "a.csv", tmp_path / "out.csv"
    file.write_text(GOOD + "tip,31/02/2024,107.05,16.05\n")
    arguments = ["import", "incidents", str(file), "--rejected", str(out)]
    tried = CliRunner().invoke(app, [*arguments, "--dry-run"])
    assert tried.exit_code == 0, tried.output
    assert stored(url) == 0
    done = CliRunner().invoke(app, [*arguments, "--language", "en"])
    assert done.exit_code == 0, done.output
    assert "2 rows read: 1 added, 0 changed, 0 unchanged, 1 rejected." in done.output
    assert "There is no such date as 31/02/2024" in done.output
    assert stored(url) == 1
    assert "31/02/2024" in out.read_text(encoding="utf-8-sig")


def test_file_that_cannot_be_used_ends_with_the_reason(url: str, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("kind,lon,lat\n")
    result = CliRunner().invoke(app, ["import", "incidents", str(file)])
    assert result.exit_code == 1
    assert "“Ngày”" in result.output
    assert "“Date”" in result.output
    file.write_text(GOOD)
    result = CliRunner().invoke(app, ["import", "incidents", str(file), "--max-bytes", "9"])
    assert result.exit_code == 1
    assert "--max-bytes" in result.output
