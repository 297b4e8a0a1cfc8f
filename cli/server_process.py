"""The web server as a background process: its port, and waiting until it answers."""

import errno
import socket
import subprocess
import time
from dataclasses import dataclass
from ipaddress import ip_network
from urllib.error import URLError
from urllib.request import urlopen

from cli.background import Background, Process
from geo.errors import InputError, ResourceError
from geo.settings import Settings, listed

PORTS_TRIED = 50
START_TIMEOUT_SECONDS = 90


@dataclass(frozen=True)
class Server(Process):
    """A started server."""

    host: str
    port: int

    @property
    def address(self) -> str:
        """Where a browser of this machine finds it."""
        return f"http://{self.host}:{self.port}"


SERVER = Background("server", Server)


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


def start(settings: Settings) -> Server:
    """Start the server and wait until it answers.

    Raises ResourceError with the end of the log if it ends or does not answer in time, InputError
    for a wrong setting.
    """
    # A setting that the server would refuse is told here, not by the end of its log.
    trusted_proxies(settings)
    with listen(settings.host, settings.port) as door:
        server, process = SERVER.start(
            settings,
            ["serve", "--inherited-socket", str(door.fileno())],
            pass_fds=[door.fileno()],
            host=settings.host,
            port=door.getsockname()[1],
        )
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
    SERVER.stop(settings)
    lines = SERVER.log_file(settings).read_text(errors="replace").splitlines()
    tail = "\n".join(lines[-20:])
    raise ResourceError(
        "server-failed",
        f"Máy chủ không khởi động được. Cuối nhật ký {SERVER.log_file(settings)}:\n{tail}",
        f"The server did not start; the end of {SERVER.log_file(settings)} is printed above.",
        log=tail,
    )
