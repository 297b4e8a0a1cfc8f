"""Preparing an outside database, as `make up` does it with DATABASE_URL."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from cli import demo_sign_ins
from cli.preparation import prepare
from geo.settings import Settings
from geo.store.accounts import set_active
from geo.store.database import create_engine, transaction
from geo.store.sessions import Attempt, sign_in


def settings_of(engine: Engine, directory: Path) -> Settings:
    """Settings on the engine's database, with a state directory of the test's own."""
    url = engine.url.render_as_string(hide_password=False)
    return Settings(database_url=url, state_directory=directory / "state")


@pytest.fixture
def demo_store(own_demo_url: str) -> Iterator[Engine]:
    """Engine on a store of synthetic records without accounts."""
    engine = create_engine(own_demo_url)
    yield engine
    engine.dispose()


def accounts_of(engine: Engine) -> list[str]:
    with transaction(engine) as connection:
        return list(connection.scalars(text("SELECT username FROM account ORDER BY username")))


def assert_sign_ins_work(engine: Engine, told: str) -> None:
    assert len(told.splitlines()) == 3
    for line in told.splitlines():
        assert sign_in(engine, Attempt(*line.split()[:2], "here"))


def test_an_empty_store_gets_demonstration_accounts_once(
    boundaries_engine: Engine, tmp_path: Path
) -> None:
    store, settings = boundaries_engine, settings_of(boundaries_engine, tmp_path)
    prepare(settings)
    told = demo_sign_ins.read(settings)
    assert_sign_ins_work(store, told)
    prepare(settings)
    assert demo_sign_ins.read(settings) == told
    # Passwords that open nothing any more are not kept, and who shut the door wants it shut.
    names = accounts_of(store)
    with transaction(store) as connection:
        for name in names:
            set_active(connection, name, active=False)
    prepare(settings)
    assert demo_sign_ins.read(settings) == ""
    assert accounts_of(store) == names


def test_a_store_of_synthetic_records_without_accounts_gets_them(
    demo_store: Engine, tmp_path: Path
) -> None:
    settings = settings_of(demo_store, tmp_path)
    assert accounts_of(demo_store) == []
    prepare(settings)
    told = demo_sign_ins.read(settings)
    assert_sign_ins_work(demo_store, told)
    prepare(settings)
    assert demo_sign_ins.read(settings) == told


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE incident SET is_demo = false, source = 'own' WHERE id = (SELECT id FROM incident"
        " LIMIT 1)",
        "INSERT INTO account (username, display_name, role, password_hash) VALUES ('demo-leader',"
        " 'Người thật', 'leader', 'x')",
    ],
    ids=["a real record", "a name that is taken"],
)
def test_other_stores_get_none(demo_store: Engine, tmp_path: Path, change: str) -> None:
    settings = settings_of(demo_store, tmp_path)
    with transaction(demo_store) as connection:
        connection.execute(text(change))
    before = accounts_of(demo_store)
    prepare(settings)
    assert demo_sign_ins.read(settings) == ""
    assert accounts_of(demo_store) == before
