"""Basemaps of the map beside the built-in one: tiles of a host, or a PMTiles archive."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from geo.pipeline.basemaps import (
    NewBasemap,
    add_tile_source,
    import_tile_archive,
    remove_basemap,
)
from geo.settings import load_settings
from geo.store.basemaps import list_basemaps
from geo.store.database import create_engine, transaction

app = typer.Typer(no_args_is_help=True)

Name = Annotated[str, typer.Option(help="tên ngắn, ví dụ anh-ve-tinh / short name")]
TitleVi = Annotated[str, typer.Option(help="tên trên bản đồ / title in Vietnamese")]
TitleEn = Annotated[str, typer.Option(help="tên tiếng Anh / title in English")]
Attribution = Annotated[
    str, typer.Option(help="ghi công, hiện trên bản đồ / whose data it is, shown on the map")
]


@app.command()
def add(
    url: Annotated[
        str,
        typer.Argument(
            metavar="URL",
            help="XYZ: https://…/{z}/{x}/{y}.png; WMTS: {TileMatrix}, {TileRow}, {TileCol};"
            " GoogleMapsCompatible (EPSG:3857)",
        ),
    ],
    name: Name,
    title_vi: TitleVi,
    title_en: TitleEn,
    attribution: Attribution,
    min_zoom: Annotated[int, typer.Option(help="mức nhỏ nhất / least zoom of the source")] = 0,
    max_zoom: Annotated[int, typer.Option(help="mức lớn nhất / greatest zoom of the source")] = 18,
) -> None:
    """Thêm nguồn ô ảnh XYZ hoặc WMTS / add an XYZ or WMTS source of tiles."""
    new = NewBasemap(name, title_vi, title_en, attribution)
    engine = create_engine(load_settings().database_url)
    template = add_tile_source(engine, new, url, min_zoom, max_zoom)
    typer.echo(f"Đã thêm / added: {name} ({template})")
    typer.echo(
        "Trình duyệt của người chọn nền này sẽ hỏi máy chủ đó, và máy chủ đó biết họ xem nơi nào.\n"
        "Browsers of those who choose it will ask that host, which learns what places they look at."
    )


@app.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="tệp PMTiles / a PMTiles file")],
    name: Name,
    title_vi: TitleVi,
    title_en: TitleEn,
    attribution: Attribution,
) -> None:
    """Thêm tệp PMTiles gồm ảnh PNG, JPEG, WebP / add a PMTiles archive of pictures."""
    settings = load_settings()
    new = NewBasemap(name, title_vi, title_en, attribution)
    engine = create_engine(settings.database_url)
    archive = import_tile_archive(engine, settings.basemap_directory, new, file)
    typer.echo(
        f"Đã thêm / added: {name} ({archive.media_type}, z {archive.min_zoom}-{archive.max_zoom})"
    )


@app.command("list")
def listing() -> None:
    """Các nền bản đồ đã cấu hình / the basemaps that are configured."""
    with transaction(create_engine(load_settings().database_url)) as connection:
        found = list_basemaps(connection)
    table = Table()
    for heading in ("tên / name", "trên bản đồ / titles", "nguồn / source", "z",
                    "ghi công / attribution"):  # fmt: skip
        table.add_column(heading, overflow="fold")
    for one in found:
        texts = (one["name"], f"{one['title_vi']}\n{one['title_en']}",
                 one["url"] or one["file_name"], f"{one['min_zoom']}-{one['max_zoom']}",
                 one["attribution"])  # fmt: skip
        table.add_row(*map(Text, texts))
    Console().print(table)


@app.command()
def remove(
    name: Annotated[str, typer.Argument(help="tên ngắn / its short name")],
    reason: Annotated[str, typer.Option(help="lý do / why", prompt="Lý do / why")],
) -> None:
    """Bỏ một nền bản đồ và tệp của nó / take a basemap and its file away."""
    settings = load_settings()
    engine = create_engine(settings.database_url)
    remove_basemap(engine, settings.basemap_directory, name, reason)
    typer.echo(f"Đã bỏ / removed: {name}")
