"""Commands on boundary editions."""

import shutil
import tempfile
import urllib.request
from pathlib import Path
from typing import Annotated, Literal
from uuid import UUID

import typer

from geo import pipeline
from geo.errors import InputError
from geo.pipeline.boundaries import BoundaryFile
from geo.settings import load_settings
from geo.store.database import create_engine

app = typer.Typer(no_args_is_help=True)

LONGEST_DOWNLOAD = 500 * 1024**2
Language = Annotated[Literal["vi", "en"], typer.Option(help="ngôn ngữ báo cáo / report language")]


@app.command("load-embedded")
def load_embedded() -> None:
    """Nạp địa giới gần đúng đi kèm, nếu chưa có / load the approximate boundaries that ship."""
    settings = load_settings()
    loaded = pipeline.load_embedded_boundaries(create_engine(settings.database_url), settings)
    typer.echo(
        "Đã nạp địa giới gần đúng. / Approximate boundaries loaded."
        if loaded
        else "Đã có địa giới, không thay đổi. / Boundaries are there already, nothing changed."
    )


@app.command("import")
def import_command(
    files: Annotated[list[str], typer.Argument(metavar="FILE…", help="tệp hoặc URL / file or URL")],
    edition: Annotated[Literal["2024", "2025"], typer.Option(help="phiên bản / edition")],
    level: Annotated[
        Literal["province", "district", "commune"], typer.Option(help="cấp / level of the units")
    ],
    code_field: Annotated[str, typer.Option(help="trường chứa mã / field with the code")] = "code",
    name_field: Annotated[str, typer.Option(help="trường chứa tên / field with the name")] = "name",
    parent_field: Annotated[
        str | None, typer.Option(help="trường mã cấp trên / field with the parent's code")
    ] = None,
    layer: Annotated[str | None, typer.Option(help="lớp trong tệp / layer of the file")] = None,
    crs: Annotated[str | None, typer.Option(help="EPSG:…, nếu tệp không ghi / if unstated")] = None,
    source: Annotated[str, typer.Option(help="nguồn / where they come from")] = "",
    licence: Annotated[str, typer.Option(help="giấy phép / licence")] = "",
    dry_run: Annotated[bool, typer.Option(help="chỉ kiểm tra / check only")] = False,
    hotspots: Annotated[
        bool, typer.Option(help="tính lại điểm nóng / compute the hotspots anew")
    ] = True,
    language: Language = "vi",
) -> None:
    """Nhập địa giới thật từ tệp / check real boundaries and swap them in, in one transaction."""
    settings = load_settings()
    engine = create_engine(settings.database_url)
    with tempfile.TemporaryDirectory() as folder:
        result = pipeline.import_boundaries(
            engine,
            BoundaryFile(
                paths=[_local(file, Path(folder) / str(n)) for n, file in enumerate(files)],
                edition=edition,
                level=level,
                code_field=code_field,
                name_field=name_field,
                optional_fields={"parent_code": parent_field} if parent_field else {},
                layer=layer,
                crs=crs,
                source=source or ", ".join(files),
                licence=licence,
            ),
            dry_run=dry_run,
        )
    typer.echo(result.report.render(language))
    if not result.report.accepted:
        raise typer.Exit(1)
    if result.swapped:
        typer.echo(_summary(result, language))
        # The swap is done and stays: what follows from it for the map is said as it happens.
        runs = pipeline.run_standard(engine, edition) if hotspots else None
        typer.echo(_hotspots_summary(runs, edition, language))
        pipeline.measure_rasters(engine, settings.raster_directory)
        pipeline.derive_border_distance(engine, settings.raster_directory, only_again=True)


def _summary(result: pipeline.BoundaryImport, language: str) -> str:
    moved = sum(result.moved.values())
    if language == "vi":
        return (
            f"Đã thay {len(result.report.units)} đơn vị; {result.land_border_units} đơn vị giáp "
            f"biên giới đất liền; {moved} bản ghi đổi đơn vị."
        )
    return (
        f"{len(result.report.units)} units swapped in; {result.land_border_units} on the land "
        f"border; {moved} records changed their units."
    )


def _hotspots_summary(runs: list[UUID] | None, edition: str, language: str) -> str:
    if runs is None:
        return {
            "vi": f"Điểm nóng của địa giới {edition} chưa được tính lại (--no-hotspots): bản đồ "
            "báo là đã cũ cho đến khi chạy `bienmap hotspots run`.",
            "en": f"The hotspots of edition {edition} were not computed anew (--no-hotspots): the "
            "map marks them as outdated until you run `bienmap hotspots run`.",
        }[language]
    return {
        "vi": f"Đã tính lại {len(runs)} lần điểm nóng chuẩn của địa giới {edition}.",
        "en": f"{len(runs)} standard hotspot runs of edition {edition} computed anew.",
    }[language]


def _local(file: str, target: Path) -> Path:
    """The file itself, or what a URL holds: the only thing in Bienmap that asks another host."""
    if not file.startswith(("https://", "http://")):
        return Path(file)
    with urllib.request.urlopen(file, timeout=60) as answer, target.open("wb") as copy:  # noqa: S310
        if int(answer.headers.get("Content-Length") or 0) > LONGEST_DOWNLOAD:
            raise InputError(
                "boundaries.download_too_large",
                f"Tệp ở {file} lớn hơn 500 MB. Hãy tải về và cắt bớt trước.",
                f"The file at {file} is larger than 500 MB. Download and reduce it first.",
            )
        shutil.copyfileobj(answer, copy)
    return target
