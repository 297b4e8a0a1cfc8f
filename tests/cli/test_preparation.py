"""Preparing an outside database, as `make up` does it with DATABASE_URL."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from cli import demo_sign_ins
from cli.preparation import prepare
from geo.demo.loading import load_demo
from geo.settings import Settings
from geo.store.accounts import set_active
from geo.store.database import create_engine, transaction
from geo.store.sessions import Attempt, sign_in


@pytest.fixture
def settings(boundaries_url: str, tmp_path: Path) -> Settings:
    """Settings on a database with boundaries and nothing else."""
    return Settings(database_url=boundaries_url, state_directory=tmp_path / "state")


@pytest.fixture
def store(boundaries_url: str) -> Iterator[Engine]:
    """Engine on the same database."""
    engine = create_engine(boundaries_url)
    yield engine
    engine.dispose()


def accounts_of(engine: Engine) -> list[str]:
    with transaction(engine) as connection:
        return list(connection.scalars(text("SELECT username FROM account ORDER BY username")))


def assert_sign_ins_work(engine: Engine, told: str) -> None:
    assert len(told.splitlines()) == 3
    for line in told.splitlines():
        assert sign_in(engine, Attempt(*line.split()[:2], "here"))


def test_an_empty_store_gets_demonstration_accounts_once(settings: Settings, store: Engine) -> None:
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
    settings: Settings, store: Engine
) -> None:
    load_demo(store)
    prepare(settings)
    told = demo_sign_ins.read(settings)
    assert_sign_ins_work(store, told)
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
def test_other_stores_get_none(settings: Settings, store: Engine, change: str) -> None:
    load_demo(store)
    with transaction(store) as connection:
        connection.execute(text(change))
    before = accounts_of(store)
    prepare(settings)
    assert demo_sign_ins.read(settings) == ""
    assert accounts_of(store) == before
