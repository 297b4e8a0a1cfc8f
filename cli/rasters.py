"""Raster layers of the map: elevation, population, imagery and other GeoTIFFs."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from geo import pipeline
from geo.pipeline.rasters import RasterAudience, RasterStyle
from geo.settings import load_settings
from geo.store.database import create_engine, transaction
from geo.store.rasters import BORDER_DISTANCE, KEPT, list_rasters

app = typer.Typer(no_args_is_help=True)


@app.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="tệp GeoTIFF / a GeoTIFF")],
    name: Annotated[str, typer.Option(help="tên ngắn, ví dụ do-cao / short name")],
    title_vi: Annotated[str, typer.Option(help="tên trên bản đồ / title in Vietnamese")],
    title_en: Annotated[str, typer.Option(help="tên tiếng Anh / title in English")],
    style: Annotated[RasterStyle, typer.Option(help="cách vẽ / how it is drawn")] = "sequential",
    unit: Annotated[str, typer.Option(help="đơn vị của giá trị, ví dụ m / unit of values")] = "",
    audience: Annotated[
        RasterAudience, typer.Option(help="ai được xem / who may see it")
    ] = "signed-in",
    crs: Annotated[str | None, typer.Option(help="EPSG:…, nếu tệp không ghi / if unstated")] = None,
) -> None:
    """Đưa một tệp GeoTIFF lên bản đồ / put a GeoTIFF on the map, and measure it by unit."""
    settings = load_settings()
    kept = pipeline.import_raster(
        create_engine(settings.database_url),
        settings.raster_directory,
        pipeline.NewRaster(file, file.name, name, title_vi, title_en, style, unit, audience, crs),
    )
    size = f"{kept['width']} x {kept['height']}"
    typer.echo(f"Đã nạp lớp ảnh / raster layer imported: {name} ({size}, {kept['crs']})")
    if kept["minimum"] is not None:
        values = f"{kept['minimum']:g} – {kept['maximum']:g} {unit}".strip()
        typer.echo(f"giá trị / values: {values}; có giá trị / known: {kept['known']:.1%}")


@app.command()
def derive_distance() -> None:
    """Tạo lớp khoảng cách đến biên giới / make a layer of the distance from the border."""
    settings = load_settings()
    engine = create_engine(settings.database_url)
    if pipeline.derive_border_distance(engine, settings.raster_directory):
        typer.echo(f"Đã tạo lớp ảnh / raster layer made: {BORDER_DISTANCE}")
    else:
        typer.echo(f"Lớp ảnh vẫn đúng với ranh giới / still true: {BORDER_DISTANCE}")


@app.command("list")
def listing() -> None:
    """Các lớp ảnh đang có / the raster layers that there are."""
    with transaction(create_engine(load_settings().database_url)) as connection:
        found = list_rasters(connection, KEPT)
    table = Table()
    # A name is typed again to remove the layer, so that it is never cut short.
    table.add_column("tên / name", overflow="fold")
    for heading in ("trên bản đồ / titles", "kiểu, giá trị / style, values", "ai xem / audience",
                    "tệp, ai nạp / file, who"):  # fmt: skip
        table.add_column(heading, overflow="fold")
    for one in found:
        values = ""
        if one["minimum"] is not None:
            values = f"{one['minimum']:g} – {one['maximum']:g} {one['unit']}"
        titles = f"{one['title_vi']}\n{one['title_en']}"
        texts = (one["name"], titles, f"{one['style']}\n{values}", one["audience"],
                 f"{one['file_name']}\n{one['created_by'] or ''}")  # fmt: skip
        table.add_row(*map(Text, texts))
    Console().print(table)


@app.command()
def remove(
    name: Annotated[str, typer.Argument(help="tên ngắn / its short name")],
    reason: Annotated[str, typer.Option(help="lý do / why", prompt="Lý do / why")],
) -> None:
    """Bỏ một lớp ảnh và tệp của nó / take a raster layer and its file away."""
    settings = load_settings()
    engine = create_engine(settings.database_url)
    identifier = pipeline.raster_of_name(engine, name)
    pipeline.remove_raster_layer(engine, settings.raster_directory, identifier, reason=reason)
    typer.echo(f"Đã bỏ / removed: {name}")


@app.command()
def measure() -> None:
    """Đo lại theo đơn vị sau khi thay địa giới / measure again after boundaries were replaced."""
    settings = load_settings()
    done = pipeline.measure_rasters(create_engine(settings.database_url), settings.raster_directory)
    typer.echo(f"Đã đo lại / measured again: {done}")
