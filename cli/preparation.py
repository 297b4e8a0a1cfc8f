"""What the database needs before the map can be shown.

Apart from `cli.service`, so that commands on a running product do not import the numerics.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple

import typer

from cli import application_role, cluster, demo_sign_ins
from cli.cluster_directories import make_state_directory
from geo import pipeline
from geo.demo.accounts import lacks_demo_accounts, make_demo_accounts
from geo.demo.loading import has_records, load_demo
from geo.settings import Settings, load_settings
from geo.store.accounts import has_demo_accounts
from geo.store.database import create_engine, migrate, transaction
from geo.store.sealing import make_key

app = typer.Typer(no_args_is_help=True)


def prepare(settings: Settings) -> None:
    """Bring the database to where the map can be shown; what is there already is left alone."""
    with _step("Lược đồ / schema"):
        migrate(settings.database_url)
        if not cluster.is_private():
            application_role.provide(settings)
    engine = create_engine(settings.database_url)
    with _step("Địa giới / boundaries"):
        pipeline.load_embedded_boundaries(engine, settings)
    with transaction(engine) as connection:
        occupied = has_records(connection)
        lacks_accounts = lacks_demo_accounts(connection)
        if not has_demo_accounts(connection):
            # Another database may have been here before: its passwords would open nothing now.
            demo_sign_ins.forget(settings)
    # Accounts first: if this is cut short, the store is still empty and all is done again.
    if not occupied or lacks_accounts:
        with _step("Tài khoản minh họa / demonstration accounts"):
            make_state_directory(settings)
            made = make_demo_accounts(engine)
            demo_sign_ins.write(settings, map(astuple, made))
    if not occupied:
        with _step("Dữ liệu minh họa / demonstration data"):
            load_demo(engine)
            with transaction(engine) as connection:
                pipeline.find_misfits(connection, pipeline.Looked())
    with _step("Điểm nóng / hotspots"):
        runs = pipeline.run_standard(engine)
    with transaction(engine) as connection:
        # How the classes hold takes minutes: the worker finds out while people look at the map.
        if pipeline.unexamined(connection, runs):
            pipeline.ask_standard(connection)
    engine.dispose()


@contextmanager
def _step(title: str) -> Iterator[None]:
    """Say what is being done, and how long it took."""
    begun = time.monotonic()
    typer.echo(f"• {title} …", nl=False)
    yield
    typer.echo(f" {time.monotonic() - begun:.1f} s")


@app.command("prepare")
def prepare_command() -> None:
    """Chỉ chuẩn bị dữ liệu / prepare the data, start no server."""
    settings = load_settings()
    make_state_directory(settings)
    make_key(settings)
    if cluster.is_private():
        cluster.start(settings)
    prepare(settings)
