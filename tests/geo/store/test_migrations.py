"""The migrations make what the models say."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
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


def test_identifiers_are_version_7_and_rise(engine: Engine) -> None:
    with engine.connect() as connection:
        values = connection.scalars(
            text("SELECT uuid_v7() FROM generate_series(1, 5) CROSS JOIN pg_sleep(0.002)")
        ).all()
    assert {value.version for value in values} == {7}
    assert values[0] < values[-1] or values[0].bytes[:6] == values[-1].bytes[:6]
