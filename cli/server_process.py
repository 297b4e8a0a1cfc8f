"""The web server as a background process: its port, its pid file, its log."""

import errno
import json
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from ipaddress import ip_network
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from geo.errors import InputError, ResourceError
from geo.settings import Settings, listed

PORTS_TRIED = 50
START_TIMEOUT_SECONDS = 90
STOP_TIMEOUT_SECONDS = 15
PACKAGES = ("cli", "geo", "layers", "api", "web")


@dataclass(frozen=True)
class Server:
    """A started server.

    `begun` tells it from a later process that was given the same pid, `state` from the server of
    another checkout that this one was copied from.
    """

    pid: int
    begun: str
    host: str
    port: int
    sources: float
    state: str

    @property
    def address(self) -> str:
        """Where a browser of this machine finds it."""
        return f"http://{self.host}:{self.port}"


def listen(host: str, first: int, tried: int = PORTS_TRIED) -> socket.socket:
    """A listening socket on the first free port of `tried`, counted from `first`.

    It listens at once: of two servers that start together, both could bind one port.
    Raises ResourceError if all are taken or the host is not of this machine.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for port in range(first, min(first + tried, 65536)):
        # The protocol is named, or asyncio would leave Nagle's delay on: 40 ms for each answer.
        candidate = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        candidate.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            candidate.bind((host, port))
            candidate.listen(2048)
        except OSError as error:
            candidate.close()
            if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise ResourceError(
                    "address-unusable",
                    f"Không mở được {host}:{port}: {error.strerror}. Kiểm tra BIENMAP_HOST.",
                    f"Cannot listen on {host}:{port}: {error.strerror}. Check BIENMAP_HOST.",
                ) from error
        else:
            return candidate
    raise ResourceError(
        "ports-taken",
        f"Các cổng {first}-{first + tried - 1} trên {host} đều đang bận. Dừng bớt chương trình, "
        "hoặc chọn cổng khác bằng BIENMAP_PORT.",
        f"The ports {first}-{first + tried - 1} of {host} are all taken. Stop something, or choose "
        "another port with BIENMAP_PORT.",
    )


def trusted_proxies(settings: Settings) -> list[str]:
    """Whose word on a visitor's address and on https counts; nobody's if the list is empty.

    Raises InputError for what is no address: uvicorn would take it for a name that never matches,
    and `*` for everybody, who could then name any address as his own.
    """
    addresses = listed(settings.trusted_proxies)
    for address in addresses:
        try:
            ip_network(address)
        except ValueError as error:
            raise InputError(
                "settings.trusted_proxies",
                f"BIENMAP_TRUSTED_PROXIES: “{address}” không phải địa chỉ IP hay mạng con. Ví dụ:"
                " 127.0.0.1,10.0.0.0/8.",
                f"BIENMAP_TRUSTED_PROXIES: “{address}” is no IP address or network. Such as:"
                " 127.0.0.1,10.0.0.0/8.",
            ) from error
    return addresses


def start_time(pid: int) -> str | None:
    """When a process began, as the system writes it; None if there is none, or only its remains."""
    if Path("/proc/self/stat").exists():
        try:
            # The name in parentheses may hold spaces and parentheses of its own.
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return None
        return None if fields[0] in "ZX" else fields[19]
    said = subprocess.run(
        ["ps", "-o", "lstart=", "-p", str(pid)], check=False, capture_output=True, text=True
    )
    return said.stdout.strip() or None


def newest_source(root: Path) -> float:
    """When the product's files last changed, in seconds since 1970."""
    kinds = {".py", ".sql", ".html", ".js", ".css", ".csv", ".json"}
    files = [path for package in PACKAGES for path in (root / package).rglob("*.*")]
    locks = [root / "requirements.lock", root / "package-lock.json"]
    return max(
        path.stat().st_mtime for path in [*files, *locks] if path.suffix in {*kinds, ".lock"}
    )


def _pid_file(settings: Settings) -> Path:
    return settings.state_directory / "server.json"


def log_file(settings: Settings) -> Path:
    """Where the background server writes what it has to say."""
    return settings.state_directory / "server.log"


def running(settings: Settings) -> Server | None:
    """The server that was started from this checkout, if it still runs."""
    try:
        server = Server(**json.loads(_pid_file(settings).read_text()))
    except (FileNotFoundError, ValueError, TypeError):
        return None
    own = server.state == str(settings.state_directory)
    return server if own and start_time(server.pid) == server.begun else None


def start(settings: Settings) -> Server:
    """Start the server and wait until it answers.

    Raises ResourceError with the end of the log if it ends or does not answer in time, InputError
    for a wrong setting.
    """
    # A setting that the server would refuse is told here, not by the end of its log.
    trusted_proxies(settings)
    sources = newest_source(settings.project_root)
    with listen(settings.host, settings.port) as door, log_file(settings).open("ab") as log:
        log_file(settings).chmod(0o600)
        process = subprocess.Popen(
            [sys.executable, "-m", "cli.main", "serve", "--inherited-socket", str(door.fileno())],
            cwd=settings.project_root,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=[door.fileno()],
            start_new_session=True,
        )
        port = door.getsockname()[1]
    begun = start_time(process.pid)
    server = Server(
        process.pid, begun or "", settings.host, port, sources, str(settings.state_directory)
    )
    _pid_file(settings).write_text(json.dumps(asdict(server)))
    _wait_until_healthy(settings, server, process)
    return server


def _wait_until_healthy(
    settings: Settings, server: Server, process: subprocess.Popen[bytes]
) -> None:
    deadline = time.monotonic() + START_TIMEOUT_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urlopen(f"{server.address}/api/v1/health", timeout=5) as answer:  # noqa: S310
                if answer.status == 200:
                    return
        except (URLError, OSError):
            time.sleep(0.1)
    stop(settings)
    lines = log_file(settings).read_text(errors="replace").splitlines()
    tail = "\n".join(lines[-20:])
    raise ResourceError(
        "server-failed",
        f"Máy chủ không khởi động được. Cuối nhật ký {log_file(settings)}:\n{tail}",
        f"The server did not start; the end of {log_file(settings)} is printed above.",
        log=tail,
    )


def stop(settings: Settings) -> bool:
    """Ask the server to end, and make it end if it does not; False if it did not run."""
    server = running(settings)
    if server is not None:
        os.kill(server.pid, signal.SIGTERM)
        deadline = time.monotonic() + STOP_TIMEOUT_SECONDS
        while running(settings) and time.monotonic() < deadline:
            time.sleep(0.05)
        if running(settings):
            os.kill(server.pid, signal.SIGKILL)
    _pid_file(settings).unlink(missing_ok=True)
    return server is not None
