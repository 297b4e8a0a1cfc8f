"""What the database tells of changes: that there are new things of a kind, never which."""

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import Literal, get_args

import psycopg

from geo.settings import libpq_address

# Tables whose triggers tell (migration 0037).
Kind = Literal[
    "incident", "outreach_event", "network", "prevention_model", "hotspot_run", "hotspot_review"
]
KINDS: frozenset[Kind] = frozenset(get_args(Kind))
# In seconds: how long a connection may say nothing before it is asked whether it is still there,
# and how long to wait before the next attempt where there is none.
SILENCE = 30.0
SHORTEST_WAIT, LONGEST_WAIT = 0.5, 30.0

log = logging.getLogger(__name__)


async def changes(url: str) -> AsyncIterator[frozenset[Kind]]:
    """Kinds of what was stored since the last answer, for ever.

    It holds one connection of its own, which must be one session for as long as it lasts: LISTEN
    does not pass through a pool that lends a connection for each transaction. Where the connection
    is lost it is made anew; then all kinds are told, since nobody knows what was missed.
    """
    wait = SHORTEST_WAIT
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(
                libpq_address(url),
                autocommit=True,
                connect_timeout=10,
                application_name="bienmap-changes",
            ) as connection:
                await connection.execute("LISTEN bienmap_changes")
                wait = SHORTEST_WAIT
                yield KINDS
                while True:
                    yield await _heard(connection)
        except (psycopg.Error, TimeoutError) as error:
            log.warning("changes are not heard of, next attempt in %s s: %s", wait, error)
        await asyncio.sleep(wait)
        wait = min(2 * wait, LONGEST_WAIT)


async def _heard(connection: psycopg.AsyncConnection) -> frozenset[Kind]:
    """The next kinds told, or none after a silence in which the connection proved alive."""
    notes = [note.payload async for note in connection.notifies(timeout=SILENCE, stop_after=1)]
    if not notes:
        # A server that lost its power sends no farewell.
        async with asyncio.timeout(SILENCE):
            await connection.execute("SELECT 1")
    return frozenset(kind for kind in KINDS if kind in notes)
