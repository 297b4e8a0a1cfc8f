"""The migrations make what the models say."""

import importlib
import json

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Engine, text

from geo.store.database import migrate
from geo.store.tables import Base


def test_models_and_migrated_schema_agree(engine: Engine) -> None:
    own = set(Base.metadata.tables)

    def ours(_object: object, name: str | None, kind: str, *_rest: object) -> bool:
        return kind != "table" or name in own

    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"include_object": ours, "compare_type": True}
        )
        assert compare_metadata(context, Base.metadata) == []


def test_migrating_again_changes_nothing(engine: Engine, database_url: str) -> None:
    migrate(database_url)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM alembic_version")) == 1


# The schema as it was before runs said whether they are standard.
BEFORE_STANDARD_RUNS = (
    "DROP TABLE place_name",
    "DROP TRIGGER change_told ON hotspot_run",
    "ALTER TABLE hotspot_run DROP COLUMN standard_at, DROP COLUMN is_restricted",
    "DROP TRIGGER record_history_keep ON network",
    "DROP FUNCTION network_history_keep",
    "CREATE TRIGGER record_history_keep BEFORE UPDATE ON network FOR EACH ROW"
    " EXECUTE FUNCTION record_history_keep()",
)
RUN = (
    "INSERT INTO hotspot_run (method, edition, level, period_from, period_to, parameters,"
    " data_fingerprint, boundary_fingerprint, software_version, records_used, records_left_out)"
    " VALUES ('gi_star', '2025', 'commune', '2025-01-01', CAST(:last AS date),"
    " CAST(:parameters AS jsonb), '', '', '0', 0, 0) RETURNING id"
)


def test_runs_of_before_keep_what_was_standard(engine: Engine) -> None:
    usual = {"measure": "rate", "kinds": [], "permutations": 99_999, "seed": 20_250_701}
    runs = [
        ({}, "2026-01-01"),
        ({"kinds": ["rescue"]}, "2026-01-01"),
        ({"measure": "count"}, "2026-01-01"),
        ({"permutations": 99}, "2026-01-01"),
        ({}, "2025-02-01"),
    ]
    with engine.begin() as connection:
        for statement in BEFORE_STANDARD_RUNS:
            connection.execute(text(statement))
        made = [
            connection.scalar(
                text(RUN), {"last": last, "parameters": json.dumps(usual | parameters)}
            )
            for parameters, last in runs
        ]
    with (
        engine.begin() as connection,
        Operations.context(MigrationContext.configure(connection)),
    ):
        importlib.import_module("geo.store.migrations.versions.0006_standard_runs").upgrade()
    with engine.connect() as connection:
        kept = connection.execute(
            text("SELECT id, standard_at = created_at FROM hotspot_run ORDER BY id")
        ).all()
    assert {tuple(row) for row in kept} == {(made[0], True), *((other, None) for other in made[1:])}


def test_stored_runs_are_restricted_unless_sure_to_tell_of_nobody(engine: Engine) -> None:
    change = "UPDATE hotspot_run SET standard_at = now(), records_used = :used WHERE id = :id"
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE hotspot_run DROP COLUMN is_restricted"))
        many, few, odd, asked = (
            connection.scalar(text(RUN), {"last": last, "parameters": "{}"})
            for last in ("2026-01-01", "2026-01-01", "2025-12-31", "2026-01-01")
        )
        for run, used in ((many, 500), (few, 80), (odd, 500)):
            connection.execute(text(change), {"used": used, "id": run})
    with (
        engine.begin() as connection,
        Operations.context(MigrationContext.configure(connection)),
    ):
        importlib.import_module("geo.store.migrations.versions.0032_restricted_runs").upgrade()
    with engine.connect() as connection:
        kept = connection.execute(
            text("SELECT id, is_restricted, standard_at IS NOT NULL FROM hotspot_run")
        ).all()
    assert {tuple(row) for row in kept} == {
        (many, False, True),
        (few, True, False),
        (odd, True, False),
        (asked, True, False),
    }


def test_identifiers_are_version_7_and_rise(engine: Engine) -> None:
    with engine.connect() as connection:
        values = connection.scalars(
            text("SELECT uuid_v7() FROM generate_series(1, 5) CROSS JOIN pg_sleep(0.002)")
        ).all()
    assert {value.version for value in values} == {7}
    assert values[0] < values[-1] or values[0].bytes[:6] == values[-1].bytes[:6]
