"""The command that makes a density of incidents."""

import csv
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Literal

import typer

from geo import pipeline
from geo.records.code_lists import code_list
from geo.settings import load_settings
from geo.store.database import create_engine, transaction

app = typer.Typer(no_args_is_help=True)


@app.command()
def density(
    period_from: Annotated[
        datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="từ ngày / first day")
    ],
    period_to: Annotated[
        datetime, typer.Option("--to", formats=["%Y-%m-%d"], help="đến hết / last day")
    ],
    output: Annotated[Path, typer.Option(dir_okay=False, help="tệp GeoTIFF / the file")],
    kind: Annotated[list[str] | None, typer.Option(help="loại vụ việc / kind of incident")] = None,
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
        Path | None, typer.Option(dir_okay=False, help="bảng CSV theo đơn vị / table by unit")
    ] = None,
    edition: Annotated[
        Literal["2024", "2025"], typer.Option(help="của bảng / of the table")
    ] = "2025",
    level: Annotated[
        Literal["province", "district", "commune"], typer.Option(help="của bảng / of the table")
    ] = "commune",
) -> None:
    """Mật độ vụ việc trên km2 mỗi năm, tệp GeoTIFF / incidents per km2 and year, as a GeoTIFF."""
    if (edition, level) == ("2025", "district"):
        raise typer.BadParameter("từ 01/7/2025 không còn cấp huyện / districts ended in 2025")
    if unknown := set(kind or ()) - set(code_list("incident_kind")):
        raise typer.BadParameter(f"không có loại / no such kind: {', '.join(sorted(unknown))}")
    if period_to < period_from:
        raise typer.BadParameter("--to đứng trước --from / --to lies before --from")
    for path in filter(None, (output, zonal)):
        if not path.parent.is_dir():
            raise typer.BadParameter(f"không có thư mục / no such folder: {path.parent}")
    settings = load_settings()
    days = period_from.date(), period_to.date() + timedelta(days=1)
    asked = pipeline.DensityQuestion(
        *days, tuple(kind or ()), cell, bandwidth, adaptive, by_commune
    )
    with transaction(create_engine(settings.database_url)) as connection:
        # A file may go anywhere: the threshold is that of what leaves the system.
        found = pipeline.density(connection, asked, settings.smallest_public_count)
        output.write_bytes(pipeline.raster(found))
        if zonal:
            _write_table(zonal, pipeline.zones(connection, found, edition, level))
    _tell(found)


def _write_table(path: Path, rows: list[dict[str, object]]) -> None:
    """A table of units, with a mark at its head by which spreadsheets know UTF-8."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        table = csv.DictWriter(file, ("code", "full_name", "mean", "most", "total", "shown"))
        table.writeheader()
        table.writerows(rows)


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
