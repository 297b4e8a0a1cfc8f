"""The queue that hands jobs to workers: procrastinate's, in the database's schema `queue`."""

from typing import Any

import psycopg
from procrastinate import App, PsycopgConnector
from procrastinate.exceptions import ConnectorException

from geo.settings import libpq_address

SCHEMA = "queue"
# What procrastinate and its pool raise when the database is away, or has no queue yet.
AWAY = (ConnectorException, psycopg.Error)


def open_queue(url: str) -> App:
    """The queue in the database of `url`, that of its owner; nothing connects until it is opened.

    Only workers need it: to ask for a job is to enter a row in the table `job`.
    """

    async def prepare(connection: psycopg.AsyncConnection[Any]) -> None:
        # The library names its tables and functions without a schema.
        await connection.execute(f"SET search_path = {SCHEMA}")
        await connection.commit()

    return App(
        connector=PsycopgConnector(
            conninfo=libpq_address(url), min_size=1, max_size=4, timeout=10, configure=prepare
        )
    )
