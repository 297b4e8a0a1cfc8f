"""Swapping boundaries from the command line, and what becomes of the hotspots over them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geopandas
import pytest
import shapely
from sqlalchemy import Engine, text
from typer.testing import CliRunner, Result

from cli.main import app
from geo.pipeline import with_staleness
from geo.store.database import create_engine, transaction
from geo.store.hotspots import list_runs


@pytest.fixture(scope="module")
def engine(demo_url: str) -> Iterator[Engine]:
    """The embedded editions with demonstration data and their standard runs."""
    engine = create_engine(demo_url)
    yield engine
    engine.dispose()


def districts(project_root: Path, target: Path, tolerance: float) -> Path:
    """The districts that ship, with somewhat coarser edges."""
    units = geopandas.read_file(project_root / "data" / "boundaries" / "2024" / "districts.fgb")
    units.geometry = shapely.coverage_simplify(units.geometry.to_numpy(), tolerance)
    units.to_file(target, driver="FlatGeobuf")
    return target


def swap(engine: Engine, monkeypatch: pytest.MonkeyPatch, file: Path, *options: str) -> Result:
    monkeypatch.setenv("DATABASE_URL", engine.url.render_as_string(hide_password=False))
    of_districts = ("--edition", "2024", "--level", "district", "--parent-field", "parent_code")
    command = ["boundaries", "import", str(file), *of_districts, "--language", "en", *options]
    return CliRunner().invoke(app, command)


def standard(engine: Engine, edition: str, level: str) -> list[dict[str, Any]]:
    """The newest standard run of the country and that of the border, as the API lists them."""
    with transaction(engine) as connection:
        runs = with_staleness(connection, list_runs(connection, edition, level, True))
    newest = {run["parameters"]["border_only"]: run for run in reversed(runs)}
    assert newest.keys() == {False, True}
    return list(newest.values())


def test_a_swap_without_hotspots_leaves_them_marked_as_stale(
    engine: Engine, project_root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not any(run["stale"] for run in standard(engine, "2024", "district"))
    file = districts(project_root, tmp_path / "districts.fgb", 0.0005)
    done = swap(engine, monkeypatch, file, "--no-hotspots")
    assert done.exit_code == 0, done.output
    assert "696 units swapped in" in done.output
    assert "hotspots of edition 2024 were not computed anew (--no-hotspots)" in done.output
    for run in standard(engine, "2024", "district"):
        assert (run["stale"], run["stale_reason"]) == (True, "boundaries")
    assert not any(run["stale"] for run in standard(engine, "2025", "commune"))


def test_a_swap_computes_the_standard_runs_of_that_edition_anew(
    engine: Engine, project_root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {run["id"] for run in standard(engine, "2024", "district")}
    untouched = standard(engine, "2025", "commune")
    file = districts(project_root, tmp_path / "districts.fgb", 0.001)
    done = swap(engine, monkeypatch, file)
    assert done.exit_code == 0, done.output
    assert "4 standard hotspot runs of edition 2024 computed anew" in done.output
    after = standard(engine, "2024", "district")
    assert not any(run["stale"] for run in after)
    assert before.isdisjoint(run["id"] for run in after)
    assert standard(engine, "2025", "commune") == untouched


def test_records_that_change_make_the_runs_over_their_period_stale(engine: Engine) -> None:
    with transaction(engine) as connection:
        connection.execute(
            text(
                "DELETE FROM incident WHERE id = (SELECT incident.id FROM incident"
                " JOIN unit_set ON unit_set.id = unit_set_id"
                " WHERE is_countable(status, deleted_at) AND occurred_from >= '2026-01-01'"
                " AND commune_2025 IS NOT NULL ORDER BY occurred_from LIMIT 1)"
            )
        )
    communes = standard(engine, "2025", "commune")
    assert {run["stale_reason"] for run in communes} == {"data"}
    # The incident was later than the edition of 2024 was in force.
    assert not any(run["stale"] for run in standard(engine, "2024", "district"))
