"""What the database tells whoever listens: kinds, once for each transaction, and nothing else."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from sqlalchemy import Engine, text

from geo.store.changes import KINDS, Kind, changes

RUN = (
    "INSERT INTO hotspot_run (method, edition, level, period_from, period_to, parameters,"
    " data_fingerprint, boundary_fingerprint, software_version, records_used, records_left_out,"
    " is_restricted, standard_at) VALUES ('gi_star', '2025', 'commune', '2025-01-01', '2026-01-01',"
    " '{}', '', '', '0', 0, 0, false, CAST(:standard_at AS timestamptz)) RETURNING id"
)


@pytest.fixture
def listening(database_url: str) -> Iterator[psycopg.Connection]:
    """A connection that listens as the server does."""
    address = database_url.replace("postgresql+psycopg://", "postgresql://")
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("LISTEN bienmap_changes")
        yield connection


def told(listening: psycopg.Connection) -> list[str]:
    return [note.payload for note in listening.notifies(timeout=0.3)]


def test_a_run_is_told_once_it_is_standard(engine: Engine, listening: psycopg.Connection) -> None:
    with engine.begin() as connection:
        own = connection.scalar(text(RUN), {"standard_at": None})
    assert told(listening) == []
    with engine.begin() as connection:
        connection.execute(text("UPDATE hotspot_run SET records_used = 1"))
    assert told(listening) == []
    with engine.begin() as connection:
        connection.execute(text(RUN), {"standard_at": "2026-02-01"})
        connection.execute(
            text("UPDATE hotspot_run SET standard_at = now() WHERE id = :id"), {"id": own}
        )
    assert told(listening) == ["hotspot_run"]


def test_what_is_rolled_back_is_not_told(engine: Engine, listening: psycopg.Connection) -> None:
    with engine.connect() as connection:
        connection.execute(text("DELETE FROM incident"))
        connection.rollback()
        assert told(listening) == []
        connection.execute(text("DELETE FROM incident"))
        connection.execute(text("DELETE FROM network"))
        connection.commit()
    assert sorted(told(listening)) == ["incident", "network"]


def test_a_lost_connection_is_made_anew_and_all_is_told(engine: Engine, database_url: str) -> None:
    heard: list[frozenset[Kind]] = []

    async def until(number: int) -> None:
        while len(heard) < number:
            await asyncio.sleep(0.02)

    async def follow() -> None:
        async for kinds in changes(database_url):
            heard.append(kinds)

    def run(statement: str) -> None:
        with engine.begin() as connection:
            connection.execute(text(statement))

    async def scenario() -> None:
        task = asyncio.create_task(follow())
        async with asyncio.timeout(10):
            await until(1)
            await asyncio.to_thread(run, "DELETE FROM outreach_event")
            await until(2)
            await asyncio.to_thread(
                run,
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND application_name = 'bienmap-changes'",
            )
            await until(3)
            await asyncio.to_thread(run, "DELETE FROM prevention_model")
            await until(4)
        task.cancel()

    # Aside, since a driver of browsers may hold this thread's loop.
    with ThreadPoolExecutor() as aside:
        aside.submit(asyncio.run, scenario()).result()
    assert heard == [KINDS, {"outreach_event"}, KINDS, {"prevention_model"}]
