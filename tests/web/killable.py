"""The product's server as a process that can be killed and started again within a second.

A first process loads the software once and forks a server each time it is asked to; what stands
between browser and server can lose an answer on its way.
"""

import http.client
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType

MOTHER = """
import os, socket, sys
import uvicorn
from geo.settings import Settings
from web import assets
from web.app import create_app
for line in sys.stdin:
    url, release = line.split()
    door = socket.create_server(("127.0.0.1", 0))
    child = os.fork()
    if child == 0:
        if release != "1":
            assets.VENDOR["vendor/of-release.json"] = "leaflet/package.json"
        app = create_app(Settings(database_url=url, secret_key="A" * 43 + "="))
        uvicorn.Server(uvicorn.Config(app, log_level="error")).run(sockets=[door])
        os._exit(0)
    print(child, door.getsockname()[1], flush=True)
    door.close()
    os.waitpid(child, 0)
"""
HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length"}


class Killable:
    """A server behind a proxy of a fixed address; `on_write` hears of each POST, PUT and DELETE.

    It is called with "before" and "after" the server answered, and may raise ConnectionError: then
    the browser gets no answer.
    """

    def __init__(self, database_url: str) -> None:
        self.database_url = database_url
        self.on_write: Callable[[str, str], None] = lambda _moment, _path: None
        self.writes: list[str] = []
        self.is_cut = False
        self.pid = 0
        self.port = 0
        self._mother = subprocess.Popen(
            [sys.executable, "-c", MOTHER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._proxy = ThreadingHTTPServer(
            ("127.0.0.1", 0), type("Bound", (_Forward,), {"server_behind": self})
        )
        self._proxy.daemon_threads = True
        self.address = f"http://127.0.0.1:{self._proxy.server_address[1]}"

    def __enter__(self) -> "Killable":
        threading.Thread(target=self._proxy.serve_forever, daemon=True).start()
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.kill()
        self._proxy.shutdown()
        self._proxy.server_close()
        assert self._mother.stdin
        assert self._mother.stdout
        self._mother.stdin.close()
        self._mother.wait(timeout=120)
        self._mother.stdout.close()

    def start(self, release: str = "1") -> None:
        """Start a server, if none runs; it takes connections at once."""
        if self.pid:
            return
        assert self._mother.stdin
        assert self._mother.stdout
        print(self.database_url, release, file=self._mother.stdin, flush=True)
        self.pid, self.port = map(int, self._mother.stdout.readline().split())

    def kill(self) -> None:
        """End the server at once, as a power cut would."""
        pid, self.pid = self.pid, 0
        if pid:
            os.kill(pid, signal.SIGKILL)


class _Forward(BaseHTTPRequestHandler):
    server_behind: Killable
    protocol_version = "HTTP/1.1"

    def forward(self) -> None:
        """Pass one request on, and its answer back."""
        is_write = self.command != "GET" and not self.path.startswith("/api/v1/session")
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        try:
            if is_write:
                self.server_behind.on_write("before", self.path)
            status, headers, content = self.answer(body)
            if is_write:
                self.server_behind.writes.append(f"{self.command} {self.path}")
                self.server_behind.on_write("after", self.path)
            self.pass_on(status, headers, content)
        except (OSError, http.client.HTTPException):
            # The browser sees a connection that ends, or has gone itself.
            self.close_connection = True

    do_GET = do_POST = do_PUT = do_DELETE = forward  # noqa: N815

    def answer(self, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        """What the server says, read to the end."""
        if self.server_behind.is_cut or not self.server_behind.pid:
            raise ConnectionError
        behind = http.client.HTTPConnection("127.0.0.1", self.server_behind.port, timeout=60)
        try:
            behind.request(self.command, self.path, body, dict(self.headers))
            answer = behind.getresponse()
            return answer.status, answer.getheaders(), answer.read()
        finally:
            behind.close()

    def pass_on(self, status: int, headers: list[tuple[str, str]], content: bytes) -> None:
        """Send it to the browser."""
        self.send_response_only(status)
        for name, value in headers:
            if name.lower() not in HOP_BY_HOP:
                self.send_header(name, value)
        if status not in {204, 304}:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *_values: object) -> None:  # noqa: A002
        """Nothing to say."""
