"""Commands on jobs: what waits, what runs, what became of it."""

import json
from typing import Annotated, Any
from uuid import UUID

import typer

from geo.settings import load_settings
from geo.store import jobs as store
from geo.store.database import create_engine, transaction

app = typer.Typer(no_args_is_help=True)

Identifier = Annotated[UUID, typer.Argument(help="mã việc / id of the job")]


@app.callback()
def jobs() -> None:
    """Việc chờ tính và đang tính / queued and running jobs."""


@app.command("list")
def list_command(
    state: Annotated[
        store.State | None, typer.Option(help="chỉ trạng thái này / only in this state")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="nhiều nhất / at most")] = 20,
) -> None:
    """Các việc, mới nhất trước / the newest first."""
    with transaction(create_engine(load_settings().database_url)) as connection:
        found = store.list_jobs(connection, state, limit)
    for job in found:
        typer.echo("  ".join([str(job["id"]), f"{job['asked_at']:%Y-%m-%d %H:%M}", _line(job)]))
    if not found:
        typer.echo("Không có việc nào. / No jobs.")


@app.command()
def show(job: Identifier) -> None:
    """Một việc, dạng JSON / one job as JSON."""
    with transaction(create_engine(load_settings().database_url)) as connection:
        found = store.get_job(connection, job)
    typer.echo(json.dumps(found, default=str, ensure_ascii=False, indent=2))


@app.command()
def cancel(job: Identifier) -> None:
    """Hủy một việc / cancel a job: a running one ends at its next step."""
    with transaction(create_engine(load_settings().database_url)) as connection:
        found = store.cancel(connection, job)
    typer.echo(_line(found))


@app.command()
def resume(job: Identifier) -> None:
    """Tiếp tục việc đã hủy hoặc bị lỗi / go on with a cancelled or failed job."""
    with transaction(create_engine(load_settings().database_url)) as connection:
        found = store.resume(connection, job)
    typer.echo(f"{found['id']}  {_line(found)}")


def _line(job: dict[str, Any]) -> str:
    asked = job["question"]
    named = [asked[name] for name in ("edition", "level", "method") if name in asked]
    parts = [job["state"], f"{job['progress']:.0%}", " ".join(named) or job["kind"]]
    if job["cancel_requested"] and job["state"] == "running":
        parts.append("đang hủy / being cancelled")
    if told := job["reason"] or job["step"]:
        parts.append(f"{told['vi']} / {told['en']}")
    return "  ".join(parts)
