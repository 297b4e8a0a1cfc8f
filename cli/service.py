"""From a checkout with its packages to a running product, and back: up, down, status, serve."""

import fcntl
import gc
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from cli import cluster, demo_sign_ins, prepared, server_process
from cli.background import WORKER, newest_source
from cli.cluster_directories import make_state_directory
from cli.server_process import SERVER
from geo.settings import Settings, load_settings
from geo.store.sealing import make_key

app = typer.Typer(no_args_is_help=True)


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    """One `up` or `down` at a time in one checkout; the second waits."""
    make_state_directory(settings)
    with (settings.state_directory / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _prepare_if_needed(settings: Settings, sources: float) -> None:
    # An outside database may have been changed by others: it is looked at every time.
    if cluster.is_private() and prepared.is_prepared(settings, sources):
        return
    # Two seconds of imports, which an `up` of a prepared product does without.
    from cli.preparation import prepare  # noqa: PLC0415

    prepared.forget(settings)
    prepare(settings)
    prepared.remember(settings, sources)


@app.command()
def up() -> None:
    """Chuẩn bị và khởi động / prepare everything, start the server, print its address."""
    settings = load_settings()
    with _alone(settings):
        make_key(settings)
        sources = newest_source(settings.project_root)
        if cluster.is_private():
            cluster.start(settings)
        _prepare_if_needed(settings, sources)
        server = SERVER.running(settings)
        if server is not None and server.sources != sources:
            SERVER.stop(settings)
            server = None
        server = server or server_process.start(settings)
        worker = WORKER.running(settings)
        if worker is not None and worker.sources != sources:
            WORKER.stop(settings)
            worker = None
        if worker is None:
            WORKER.start(settings, ["worker"])
    typer.echo(f"\nBienmap: {server.address}")
    if sign_ins := demo_sign_ins.read(settings):
        typer.echo(
            "Tài khoản minh họa (tên, mật khẩu) / demonstration accounts (name, password),"
            f" {demo_sign_ins.file_of(settings)}:\n{sign_ins.rstrip()}"
        )
    typer.echo(
        "Bản đồ điểm nóng: không cần đăng nhập; bản ghi: cần đăng nhập. / The hotspot map is open,"
        " on this machine only; records need a sign-in.\n"
        "Dừng / stop: make down"
    )


@app.command()
def down() -> None:
    """Dừng máy chủ, rồi cơ sở dữ liệu; giữ dữ liệu / stop all, keep the data."""
    settings = load_settings()
    with _alone(settings):
        WORKER.stop(settings)
        SERVER.stop(settings)
        cluster.stop(settings)
    typer.echo("Bienmap: đã dừng / stopped")


@app.command()
def status() -> None:
    """Đang chạy gì, ở đâu / what runs, and where."""
    settings = load_settings()
    server = SERVER.running(settings)
    typer.echo(f"Bienmap: {server.address if server else 'đã dừng / stopped'}")
    typer.echo(cluster.describe(settings) if cluster.is_private() else "PostgreSQL: DATABASE_URL")
    worker = WORKER.running(settings)
    state = f"đang chạy / running, pid {worker.pid}" if worker else "đã dừng / stopped"
    typer.echo(f"Máy tính toán / worker: {state}, {WORKER.log_file(settings)}")
    typer.echo(f"Nhật ký / log: {SERVER.log_file(settings)}")


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="địa chỉ / address")] = None,
    port: Annotated[int | None, typer.Option(help="cổng / port", min=1, max=65535)] = None,
    inherited_socket: Annotated[int | None, typer.Option(hidden=True)] = None,
) -> None:
    """Chạy máy chủ ở tiền cảnh / serve in the foreground, on one port or not at all."""
    settings = load_settings()
    proxies = server_process.trusted_proxies(settings)
    if inherited_socket is not None:
        door = socket.socket(fileno=inherited_socket)
    else:
        door = server_process.listen(host or settings.host, port or settings.port, tried=1)
    # Seconds of imports, which the other commands do without. What they load stays: to look through
    # it for garbage would delay the start, and later stop everybody for a third of a second.
    gc.disable()
    from cli.web_server import WebServer  # noqa: PLC0415

    server = WebServer(
        settings,
        # Addresses hold what people ask about; errors are logged with or without it.
        access_log=False,
        server_header=False,
        # Off without a proxy: by default uvicorn would believe every program of this machine.
        proxy_headers=bool(proxies),
        forwarded_allow_ips=proxies,
        timeout_graceful_shutdown=10,
    )
    gc.freeze()
    gc.enable()
    server.run(sockets=[door])
