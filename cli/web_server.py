"""The web server itself, and how it ends."""

import socket
from typing import Any

import uvicorn

from geo.settings import Settings
from web.app import create_app


class WebServer(uvicorn.Server):
    """Serves the application; `options` are those of uvicorn's Config."""

    def __init__(self, settings: Settings, **options: Any) -> None:
        self._app = create_app(settings)
        super().__init__(uvicorn.Config(self._app, **options))

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End what never ends by itself first: what is open is waited for."""
        self._app.state.changes.close()
        await super().shutdown(sockets)
