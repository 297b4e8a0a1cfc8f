"""Commands on the chain of what was written."""

import json
from pathlib import Path
from typing import Annotated

import typer

from geo.settings import load_settings
from geo.store import audit as store
from geo.store.database import create_engine, transaction

app = typer.Typer(no_args_is_help=True)

MOST_FLAWS = 50


@app.callback()
def audit() -> None:
    """Nhật ký không sửa được / the chain of what was written."""


@app.command()
def verify(
    anchor: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="tệp mốc đã lưu / anchors kept elsewhere"),
    ] = None,
) -> None:
    """Kiểm tra toàn bộ nhật ký / verify the whole chain; exit code 1 if it does not hold."""
    anchors = store.read_anchors(anchor.read_text(encoding="utf-8")) if anchor else []
    with transaction(create_engine(load_settings().database_url)) as connection:
        verdict = store.verify(connection, anchors)
    for flaw in verdict.flaws[:MOST_FLAWS]:
        typer.echo(f"✗ {flaw.vi} / {flaw.en}")
    if verdict.flaws:
        count = len(verdict.flaws)
        typer.echo(f"Nhật ký không còn nguyên vẹn / the chain does not hold: {count}")
        raise typer.Exit(1)
    checked = f" ({len(anchors)} mốc / anchors)" if anchors else ""
    typer.echo(f"Nhật ký nguyên vẹn / the chain holds: {verdict.links} mắt xích / links{checked}")


@app.command()
def anchor() -> None:
    """In mốc hiện tại, để lưu ở nơi khác / print the newest link, to be kept elsewhere."""
    with transaction(create_engine(load_settings().database_url)) as connection:
        newest = store.head(connection)
    if newest is None:
        typer.echo("Nhật ký còn trống / nothing was written yet", err=True)
        raise typer.Exit(1)
    typer.echo(json.dumps({"sequence": newest.sequence, "hash": newest.hash}))


@app.command()
def show(
    count: Annotated[int, typer.Option("--last", min=1, max=1000, help="số mục / entries")] = 20,
) -> None:
    """Những mục mới nhất, không có nội dung / the newest entries without what they hold."""
    with transaction(create_engine(load_settings().database_url)) as connection:
        entries = store.newest(connection, count)
    for entry in entries:
        row = entry.get("after") or entry.get("before") or {}
        many = entry.get("rows", len(entry.get("ids", ())))
        alone = row.get("id") or "".join(entry.get("ids", ())[:1])
        what = f"{many} hàng / rows" if many > 1 else alone
        typer.echo(
            f"{entry['sequence']:>8}  {entry['at']}  {entry['actor']}  {entry['action']}"
            f"  {entry['object']}  {what}"
        )
