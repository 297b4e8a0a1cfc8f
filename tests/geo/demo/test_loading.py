"""Demonstration data in a real store."""

import json
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, text
from typer.testing import CliRunner

from cli.demo import app
from geo.demo import published
from geo.demo.loading import has_records, load_demo, remove_demo
from geo.errors import NotFoundError
from geo.store.database import transaction
from geo.store.tables import SupportMeasure


@pytest.fixture(scope="module")
def loaded(module_boundaries_engine: Engine) -> Engine:
    """A database with the embedded boundaries and the demonstration data."""
    load_demo(module_boundaries_engine)
    return module_boundaries_engine


def count(engine: Engine, statement: str) -> int:
    with transaction(engine) as connection:
        return int(connection.execute(text(statement)).scalar_one())


def test_every_record_goes_in_and_is_marked(loaded: Engine) -> None:
    marked = "SELECT count(*) FROM {} WHERE is_demo AND source = 'demo'"
    assert count(loaded, marked.format("incident")) == 6_000
    assert count(loaded, marked.format("outreach_event")) == 1_500
    assert count(loaded, marked.format("network")) == 40
    assert count(loaded, marked.format("prevention_model")) == 80
    assert count(loaded, "SELECT count(*) FROM incident WHERE NOT is_demo") == 0
    held = (
        "SELECT count(*) FROM outreach_event AS event JOIN prevention_model AS model"
        " ON model.id = event.prevention_model_id WHERE model.kind {} event.prevention_model"
    )
    assert count(loaded, held.format("=")) >= 80
    assert count(loaded, held.format("<>")) == 0
    assert count(loaded, "SELECT count(*) FROM incident WHERE network_id IS NOT NULL") > 50


def test_points_are_assigned_to_communes(loaded: Engine) -> None:
    outside = (
        "SELECT count(*) FROM incident JOIN unit_set ON unit_set.id = unit_set_id"
        " WHERE point IS NOT NULL AND commune_2025 IS NULL"
    )
    assert count(loaded, outside) == 0
    flagged = "SELECT count(*) FROM incident WHERE location_flags <> '{}'"
    assert count(loaded, flagged) == 0


def test_loading_again_changes_nothing(loaded: Engine) -> None:
    for outcome in load_demo(loaded).loaded.values():
        assert (outcome.added, outcome.changed, outcome.outside) == (0, 0, [])
    assert count(loaded, "SELECT count(*) FROM record_history") == 0


def test_published_figures_are_there_and_are_no_demonstration_data(loaded: Engine) -> None:
    with transaction(loaded) as connection:
        stored = {
            (row.programme, row.measure, row.edition, row.code): (row.value, row.value_by)
            for row in connection.execute(
                select(SupportMeasure.__table__).where(
                    SupportMeasure.published, ~SupportMeasure.is_demo
                )
            )
        }
        event = connection.execute(
            text(
                "SELECT is_demo, assignment, commune_2025, commune_2024, district_2024,"
                " province_2024 FROM outreach_event JOIN unit_set ON unit_set.id = unit_set_id"
                " WHERE source = :source"
            ),
            {"source": published.SOURCE},
        ).one()
    assert stored == {
        (one.programme, one.measure, one.edition, one.code): (one.value, one.value_by)
        for one in published.FIGURES
    }
    # Môn Sơn, Con Cuông, Nghệ An.
    assert tuple(event) == (False, "stated", "17263", "17263", "422", "40")


def test_removal_leaves_the_published_figures_alone(loaded: Engine) -> None:
    measures = count(loaded, "SELECT count(*) FROM support_measure")
    assert remove_demo(loaded) == {
        "incident": 6_000,
        "outreach_event": 1_500,
        "network": 40,
        "prevention_model": 80,
    }
    with transaction(loaded) as connection:
        assert not has_records(connection)
    assert count(loaded, "SELECT count(*) FROM outreach_event") == 1
    assert count(loaded, "SELECT count(*) FROM support_measure") == measures
    assert (
        count(loaded, "SELECT count(*) FROM incident_cell WHERE 0 <> ANY (incidents || victims)")
        == 0
    )
    assert count(loaded, "SELECT count(*) FROM network_node") == 0


def test_without_communes_it_says_what_to_do(engine: Engine) -> None:
    with pytest.raises(NotFoundError, match="load-embedded"):
        load_demo(engine)


def test_commands(boundaries_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", boundaries_url)
    runner = CliRunner()
    first = runner.invoke(app, ["load", "--if-empty"], catch_exceptions=False)
    assert "incident: +6000" in first.output
    second = runner.invoke(app, ["load", "--if-empty"], catch_exceptions=False)
    assert "nothing changed" in second.output
    written = runner.invoke(app, ["write", str(tmp_path)], catch_exceptions=False)
    assert written.exit_code == 0
    planted = json.loads((tmp_path / "planted.json").read_text(encoding="utf-8"))
    assert [cluster["key"] for cluster in planted["clusters"]][-1] == "tan-phu"
    assert planted["synthetic"] is True
    assert (tmp_path / "incidents.csv").read_bytes().count(b"\r\n") == 6_001
    removed = runner.invoke(app, ["remove"], catch_exceptions=False)
    assert "incident: -6000" in removed.output
