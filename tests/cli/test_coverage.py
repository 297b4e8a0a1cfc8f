"""`bienmap coverage` and `bienmap plan`: tables, files, and what cannot be done."""

import json
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner

from cli.main import app

YEAR = ["--from", "2025-11-01", "--to", "2026-10-31", "--province", "40"]


@pytest.fixture
def command(demo_url: str, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setenv("DATABASE_URL", demo_url)
    return CliRunner()


def test_gaps_are_printed_and_written_in_every_format(command: CliRunner, tmp_path: Path) -> None:
    plain, book, places = (tmp_path / f"gaps.{suffix}" for suffix in ("csv", "xlsx", "geojson"))
    for path in (plain, book, places):
        asked = ["coverage", *YEAR, "--limit", "2", "--output", str(path)]
        result = command.invoke(app, asked)
        assert result.exit_code == 0, result.output
    assert len(result.stdout.splitlines()) == 3
    assert result.stdout.startswith("Mã ")
    features = json.loads(places.read_text("utf-8"))["features"]
    rows = list(openpyxl.load_workbook(book).worksheets[0].values)[1:]
    document = json.loads(places.read_text("utf-8"))["coverage"]
    said = plain.read_text("utf-8-sig").splitlines()
    for name in ("edition", "period_from", "period_to", "software_version", "data_fingerprint"):
        assert f"# {name},{document[name]}" in said
    lines = [line for line in said if not line.startswith("# ")][1:]
    assert len(features) == len(rows) == len(lines) > 100
    gaps = [feature["properties"]["gap"] for feature in features]
    assert gaps == sorted(gaps, reverse=True) == [row[4] for row in rows]


def test_a_plan_is_printed_with_what_it_is_worth(command: CliRunner, tmp_path: Path) -> None:
    path = tmp_path / "plan.geojson"
    post = ["--post", "17230", "--language", "en", "--output", str(path)]
    result = command.invoke(app, ["plan", "3", *YEAR, *post])
    assert result.exit_code == 0, result.output
    assert len(result.stdout.splitlines()) == 4
    assert "the best there is" in result.stderr
    document = json.loads(path.read_text("utf-8"))
    assert len(document["features"]) == document["plan"]["units_served"] == 3
    assert document["asked"]["posts"] == ["17230"]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["plan", "3", *YEAR, "--post", "nowhere"], "Nobody knows where the post “nowhere” lies"),
        (["plan", "3", "--output", "plan.pdf"], ".csv, .xlsx, .geojson"),
        (["coverage", "--province", "99"], "has no province of code 99"),
        (["coverage", "--from", "2026-02-01", "--to", "2026-01-01"], "lies before --from"),
    ],
)
def test_what_cannot_be_done_is_said(command: CliRunner, asked: list[str], said: str) -> None:
    result = command.invoke(app, asked)
    assert result.exit_code != 0
    assert said in result.output
