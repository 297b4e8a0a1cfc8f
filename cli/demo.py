"""Commands on the synthetic demonstration data."""

import tempfile
from pathlib import Path
from typing import Annotated

import typer

from cli import demo_sign_ins
from geo import pipeline
from geo.demo import relief as made_up
from geo.demo.accounts import remove_demo_accounts
from geo.demo.files import write_files
from geo.demo.loading import has_records, load_demo, remove_demo, stored_demo
from geo.settings import load_settings
from geo.store.database import create_engine, transaction

app = typer.Typer(no_args_is_help=True)

Seed = Annotated[int, typer.Option(min=0, help="hạt giống ngẫu nhiên / random seed")]


@app.callback()
def demo() -> None:
    """Dữ liệu minh họa, không có thật / synthetic demonstration data."""


@app.command()
def load(
    if_empty: Annotated[
        bool, typer.Option("--if-empty", help="chỉ khi chưa có bản ghi / only into an empty store")
    ] = False,
    seed: Seed = 2024,
) -> None:
    """Nạp dữ liệu minh họa và số liệu công bố 2024 / load it, and the published 2024 figures."""
    engine = create_engine(load_settings().database_url)
    with transaction(engine) as connection:
        occupied = if_empty and has_records(connection)
    if occupied:
        typer.echo("Đã có bản ghi, không thay đổi. / There are records already, nothing changed.")
        return
    for name, outcome in load_demo(engine, seed=seed).loaded.items():
        typer.echo(
            f"{name}: +{outcome.added} mới / new, {outcome.changed} thay đổi / changed, "
            f"{outcome.unchanged} giữ nguyên / unchanged, {len(outcome.outside)} ngoài / outside"
        )
    with transaction(engine) as connection:
        pipeline.find_misfits(connection, pipeline.Looked())


@app.command()
def relief() -> None:
    """Đưa một lớp độ cao bịa lên bản đồ / put an invented relief on the map."""
    settings = load_settings()
    engine = create_engine(settings.database_url)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{made_up.NAME}.tif"
        with transaction(engine) as connection:
            made_up.write_relief(connection, path)
        new = pipeline.NewRaster(
            path, path.name, made_up.NAME, made_up.TITLE_VI, made_up.TITLE_EN, "elevation", "m",
            "everyone",
        )  # fmt: skip
        pipeline.import_raster(engine, settings.raster_directory, new)
    typer.echo(f"Đã nạp lớp ảnh / raster layer imported: {made_up.NAME}")


@app.command()
def remove() -> None:
    """Xóa hẳn bản ghi và tài khoản minh họa / delete synthetic records and accounts for good."""
    settings = load_settings()
    engine = create_engine(settings.database_url)
    for name, count in (remove_demo(engine) | {"account": remove_demo_accounts(engine)}).items():
        typer.echo(f"{name}: -{count}")
    demo_sign_ins.forget(settings)


@app.command()
def write(
    folder: Annotated[Path, typer.Argument(metavar="DIR", file_okay=False)], seed: Seed = 2024
) -> None:
    """Ghi dữ liệu minh họa ra tệp CSV, XLSX / write it as files that `bienmap import` reads."""
    engine = create_engine(load_settings().database_url)
    with transaction(engine) as connection:
        data = stored_demo(connection, seed)
    for path in write_files(data, folder):
        typer.echo(path)
