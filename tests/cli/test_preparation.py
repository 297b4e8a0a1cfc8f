"""Preparing an outside database, as `make up` does it with DATABASE_URL."""

from pathlib import Path

from cli import demo_sign_ins
from cli.preparation import prepare
from geo.demo.accounts import remove_demo_accounts
from geo.demo.loading import load_demo
from geo.settings import Settings
from geo.store.database import create_engine, transaction
from geo.store.sessions import Attempt, sign_in


def test_an_empty_store_gets_demonstration_accounts_once(
    boundaries_url: str, tmp_path: Path
) -> None:
    settings = Settings(database_url=boundaries_url, state_directory=tmp_path / "state")
    prepare(settings)
    told = demo_sign_ins.read(settings)
    engine = create_engine(boundaries_url)
    for line in told.splitlines():
        assert sign_in(engine, Attempt(*line.split()[:2], "here"))
    prepare(settings)
    assert demo_sign_ins.read(settings) == told
    # Passwords that open nothing any more are not kept.
    remove_demo_accounts(engine)
    prepare(settings)
    assert demo_sign_ins.read(settings) == ""
    engine.dispose()


def test_a_store_with_records_gets_none(boundaries_url: str, tmp_path: Path) -> None:
    engine = create_engine(boundaries_url)
    load_demo(engine)
    settings = Settings(database_url=boundaries_url, state_directory=tmp_path / "state")
    prepare(settings)
    assert demo_sign_ins.read(settings) == ""
    with transaction(engine) as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM account").scalar() == 0
    engine.dispose()
