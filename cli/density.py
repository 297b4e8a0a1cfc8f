"""The command that makes a density of incidents."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from cli.options import Edition, Kinds, Level, check_codes, check_level, days, file_of
from geo import pipeline
from geo.pipeline.sheets import source_lines, to_csv
from geo.settings import load_settings
from geo.store.database import create_engine, transaction

app = typer.Typer(no_args_is_help=True)
OF_UNITS = ("code", "full_name", "mean", "most", "total", "shown")


@app.command()
def density(
    period_from: Annotated[
        datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="từ ngày / first day")
    ],
    period_to: Annotated[
        datetime, typer.Option("--to", formats=["%Y-%m-%d"], help="đến hết / last day")
    ],
    output: Annotated[
        Path,
        typer.Option(
            dir_okay=False, callback=file_of(".tif", ".tiff"), help="tệp GeoTIFF / the file"
        ),
    ],
    kind: Kinds = None,
    cell: Annotated[int, typer.Option(min=500, max=10_000, help="cỡ ô, mét / cell, metres")] = 1000,
    bandwidth: Annotated[
        float | None, typer.Option(help="bán kính, mét; không nêu thì tự chọn / metres, or chosen")
    ] = None,
    adaptive: Annotated[
        bool, typer.Option("--adaptive", help="hẹp hơn ở nơi dày / narrower where many")
    ] = False,
    by_commune: Annotated[
        bool,
        typer.Option("--by-commune", help="rải đều trong xã, để gửi đi / spread, to hand on"),
    ] = False,
    zonal: Annotated[
        Path | None,
        typer.Option(
            dir_okay=False, callback=file_of(".csv"), help="bảng CSV theo đơn vị / table by unit"
        ),
    ] = None,
    edition: Edition = "2025",
    level: Level = "commune",
) -> None:
    """Mật độ vụ việc trên km2 mỗi năm, tệp GeoTIFF / incidents per km2 and year, as a GeoTIFF."""
    check_level(edition, level)
    check_codes("incident_kind", kind or ())
    first, last = days(period_from, period_to)
    settings = load_settings()
    asked = pipeline.DensityQuestion(
        first, last, tuple(kind or ()), cell, bandwidth, adaptive, by_commune
    )
    with transaction(create_engine(settings.database_url)) as connection:
        # A file may go anywhere: the threshold is that of what leaves the system.
        found = pipeline.density(connection, asked, settings.smallest_public_count)
        output.write_bytes(pipeline.raster(found))
        if zonal:
            rows = pipeline.zones(connection, found, edition, level)
            table = [OF_UNITS, *([row[name] for name in OF_UNITS] for row in rows)]
            layer = {"edition": edition, "level": level}
            source = source_lines(layer | pipeline.density_source(found))
            zonal.write_bytes(to_csv(table, source))
    _tell(found)


def _tell(found: "pipeline.Density") -> None:
    chosen = "tự chọn / chosen" if found.choice else "đã nêu / given"
    typer.echo(f"bán kính / bandwidth: {found.bandwidth_m:g} m ({chosen})")
    if found.choice and found.choice.at_edge:
        typer.echo("Bán kính tốt nhất nằm ở đầu dãy đã thử / the best is the first or last tried")
    typer.echo(f"vụ việc đã dùng / incidents used: {found.used}")
    for reason, size in found.left_out.items():
        if size:
            typer.echo(f"bỏ ra / left out: {size} ({reason})")
    typer.echo(f"ô dưới {found.smallest} vụ để trống / cells under {found.smallest} have no data")
