"""Open maps hear within a second that something was stored, and ask for what they show again.

What they are told is a kind of thing, for the whole country: what of it they may see, the answers
to their questions decide. Whoever has not signed in is told nothing: for him, the moment at which
something was stored would be more than the public counts say.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from time import monotonic
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.sse import EventSourceResponse, ServerSentEvent
from sqlalchemy import Engine
from starlette.responses import Response

from api.actors import Actor, session_token, signed_in_here
from api.app import warmed
from geo.errors import ResourceError
from geo.store.changes import Kind, changes
from geo.store.database import transaction
from geo.store.sessions import session_holds

# Listeners at once, and those of one account: each is an open file of the server, of which a
# process usually has 1024. It is not counted by address, since whole posts share one.
MOST, MOST_OF_ACCOUNT = 400, 12
# In seconds: between two messages to one listener, and between two looks at his session.
PAUSE = 1.0
LOOK = 60.0


class Listener:
    """One open page: what it has yet to be told. However much happens, that is a few kinds."""

    def __init__(self, account: UUID) -> None:
        self.account = account
        self.dismissed = asyncio.Event()
        self._kinds: set[Kind] = set()
        self._woken = asyncio.Event()

    def tell(self, kinds: frozenset[Kind]) -> None:
        """There are new things of these kinds."""
        self._kinds |= kinds
        self._woken.set()

    def dismiss(self) -> None:
        """There will be no more."""
        self.dismissed.set()
        self._woken.set()

    async def hear(self) -> list[Kind]:
        """What is new since the last time, in order; nothing after LOOK seconds of silence."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._woken.wait(), LOOK)
        self._woken.clear()
        kinds, self._kinds = self._kinds, set()
        return sorted(kinds)


class Changes:
    """Hands what the database tells on to all listeners of this process."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._listeners: set[Listener] = set()
        self._is_closed = False

    @contextmanager
    def listener(self, account: UUID) -> Iterator[Listener]:
        """A place for one more listener.

        Raises:
            ResourceError: there are too many.
        """
        own = sum(other.account == account for other in self._listeners)
        if len(self._listeners) >= MOST or own >= MOST_OF_ACCOUNT:
            raise ResourceError(
                "changes.full",
                "Quá nhiều trang đang chờ tin mới. Bản đồ vẫn dùng được; hãy tải lại khi cần.",
                "Too many pages wait for news. The map works without; reload it where needed.",
                retry_after=60,
            )
        listener = Listener(account)
        if self._is_closed:
            listener.dismiss()
        self._listeners.add(listener)
        try:
            yield listener
        finally:
            self._listeners.discard(listener)

    @asynccontextmanager
    async def heard(self, app: FastAPI) -> AsyncIterator[None]:
        """Lifespan of a server that listens to the database."""
        task = asyncio.create_task(self._hand_on())
        async with warmed(app):
            yield
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    async def _hand_on(self) -> None:
        async for kinds in changes(self._url):
            for listener in self._listeners:
                listener.tell(kinds)

    def close(self) -> None:
        """End the answers to all listeners: the server would wait for them when it stops."""
        self._is_closed = True
        for listener in self._listeners:
            listener.dismiss()


def create_changes(engine: Engine, hub: Changes) -> APIRouter:
    """The route that tells pages what changed."""
    router = APIRouter(include_in_schema=False)

    # A coroutine, since listeners belong to the loop's thread.
    async def listening(
        actor: Annotated[Actor, Depends(signed_in_here)], response: Response
    ) -> AsyncIterator[Listener]:
        response.headers["Cache-Control"] = "no-store"
        with hub.listener(actor.account_id) as listener:
            yield listener

    def holds(token: str) -> bool:
        try:
            with transaction(engine) as connection:
                return session_holds(connection, token)
        except ResourceError:
            # The database is away, and with it all that could be told.
            return True

    @router.get("/changes", response_class=EventSourceResponse)
    async def tell(
        request: Request, listener: Annotated[Listener, Depends(listening)]
    ) -> AsyncIterator[ServerSentEvent]:
        yield ServerSentEvent(comment="listening")
        looked = monotonic()
        while not listener.dismissed.is_set():
            if kinds := await listener.hear():
                yield ServerSentEvent(data=kinds)
            if monotonic() - looked >= LOOK:
                looked = monotonic()
                if not await run_in_threadpool(holds, session_token(request) or ""):
                    yield ServerSentEvent(event="ended", data=True)
                    return
            with suppress(TimeoutError):
                await asyncio.wait_for(listener.dismissed.wait(), PAUSE)

    return router
