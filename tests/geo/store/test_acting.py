"""Transactions in somebody's name: through one connection for all, and by the index of points."""

import random
from collections.abc import Iterator
from uuid import UUID

import pytest
from sqlalchemy import Engine, text

from geo.errors import BienmapError
from geo.store.database import acting, transaction
from tests.geo.store.conftest import SOUTH, WEST
from tests.geo.store.row_matrix import PEOPLE, fill, identity, superuser
from tests.people import as_server

REQUESTS, SEED = 200, 20261127
INCIDENTS = text("SELECT id FROM incident")
MANY = 20_000


@pytest.fixture(scope="module")
def server(toy_engine: Engine, cluster_url: str) -> Iterator[Engine]:
    """The server's engine with a single connection, on records in two provinces."""
    with superuser(toy_engine, cluster_url) as connection:
        fill(connection)
    engine = as_server(toy_engine, pool_size=1)
    yield engine
    engine.dispose()


class Given(Exception):  # noqa: N818  no error of anybody
    """What a request fails with."""


def test_a_connection_shows_nothing_of_who_had_it_before(server: Engine) -> None:
    chosen = random.Random(SEED)
    for _ in range(REQUESTS):
        person = chosen.choice(PEOPLE)
        ending = chosen.choice(["commit", "exception", "cancel", "fault"])
        account = person.id if person.role else None
        try:
            with acting(server, account) as connection:
                seen = set(connection.scalars(INCIDENTS))
                assert seen == {identity(1, number) for number in person.sees_incidents}, person
                if ending == "exception":
                    raise Given
                if ending == "cancel":
                    connection.execute(text("SET LOCAL statement_timeout = 1"))
                    connection.execute(text("SELECT pg_sleep(1)"))
                if ending == "fault":
                    connection.execute(text("SELECT 1 / 0"))
        except (Given, BienmapError):
            assert ending != "commit"
        else:
            assert ending == "commit"
        with transaction(server) as connection:
            assert connection.scalars(INCIDENTS).all() == []


@pytest.mark.parametrize("account", [None, UUID(int=1)])
def test_nobody_and_unknown_accounts_see_nothing(server: Engine, account: UUID | None) -> None:
    with acting(server, account) as connection:
        assert connection.scalars(INCIDENTS).all() == []


def test_the_index_of_points_serves_the_servers_role(toy_engine: Engine, server: Engine) -> None:
    spread = (
        "INSERT INTO incident (kind, occurred_from, occurred_to, source, external_id, content_hash,"
        " precision, point, unit_set_id, assignment) SELECT 'rescue', '2025-08-01', '2025-08-01',"
        " 'spread', n, '', 'exact', ST_Point(:west + (n * 0.618) % 0.4,"
        " :south + 0.1 * ((n * 0.414) % 1), 4326), -1 - n % 2, 'inside'"
        " FROM generate_series(1, :many) AS n"
    )
    with transaction(toy_engine) as connection:
        connection.execute(text(spread), {"west": WEST, "south": SOUTH, "many": MANY})
    with toy_engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE incident"))
    with acting(server, PEOPLE[0].id) as connection:
        within = f"point && ST_MakeEnvelope({WEST}, {SOUTH}, {WEST + 0.02}, {SOUTH + 0.02}, 4326)"
        plan = "\n".join(
            connection.scalars(text(f"EXPLAIN SELECT id FROM incident WHERE {within}"))
        )
        assert "ix_incident_point" in plan, plan
        # Once in a statement, not once in a row.
        assert "hashed SubPlan" in plan, plan
        assert "InitPlan" in plan, plan
        found = connection.scalars(text(f"SELECT id FROM incident WHERE {within}")).all()
        assert 0 < len(found) < MANY / 10
