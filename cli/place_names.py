"""Names that people add to the place box."""

from typing import Annotated, Literal
from uuid import UUID

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli.import_reports import File, Language, Origin, Rejected, tell
from geo import pipeline
from geo.settings import load_settings
from geo.store.database import create_engine, transaction
from geo.store.place_names import NameFilter, list_names

app = typer.Typer(no_args_is_help=True)
DEFAULT_SOURCE = "dòng lệnh / command line"

Kind = Literal["hamlet", "border_post", "market", "alternative", "other"]
Source = Annotated[str, typer.Option(help="nguồn của tên / where the names come from")]


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="tên, ví dụ “bản Búng” / the name")],
    kind: Annotated[Kind, typer.Option(help="loại / kind")] = "hamlet",
    latitude: Annotated[float | None, typer.Option(help="vĩ độ / degrees")] = None,
    longitude: Annotated[float | None, typer.Option(help="kinh độ / degrees")] = None,
    commune: Annotated[
        str | None, typer.Option(help="mã xã, nếu không có tọa độ / code, without a point")
    ] = None,
    source: Source = DEFAULT_SOURCE,
) -> None:
    """Thêm một tên vào ô tìm địa điểm / add a name."""
    cells = {
        "name": name,
        "kind": kind,
        "lon": None if longitude is None else f"{longitude:.9f}",
        "lat": None if latitude is None else f"{latitude:.9f}",
        "stated_code": commune,
    }
    engine = create_engine(load_settings().database_url)
    identifier, is_new = pipeline.add_place_name(engine, cells, source, personal_data_checked=True)
    said = "Đã thêm / added" if is_new else "Đã có từ trước / known already"
    typer.echo(f"{said}: {name} ({identifier})")


@app.command("list")
def listing(
    kind: Annotated[Kind | None, typer.Option(help="loại / kind")] = None,
    province: Annotated[
        str | None, typer.Option(help="mã tỉnh từ 7/2025 / code of a province of 2025")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="số dòng / how many")] = 100,
) -> None:
    """Các tên đã thêm / names that were added."""
    unit = ("2025", "province", province) if province else None
    with transaction(create_engine(load_settings().database_url)) as connection:
        found = list_names(connection, NameFilter((kind,) if kind else (), unit, limit=limit))
    table = Table("id", "tên / name", "loại / kind", "ở đâu / where", "nguồn / source", "ai / who")
    for one in found:
        where = one["unit_name"]
        if one["latitude"] is not None:
            where += f"\n{one['latitude']:.5f}; {one['longitude']:.5f}"
        texts = (one["name"], one["kind"], where, one["source"], one["created_by"] or "")
        table.add_row(str(one["id"]), *map(Text, texts))
    Console().print(table)


@app.command()
def remove(
    identifier: UUID,
    reason: Annotated[str, typer.Option(help="lý do / why", prompt="Lý do / why")],
) -> None:
    """Bỏ một tên; vẫn lưu trong nhật ký / take a name away; it stays in the audit."""
    engine = create_engine(load_settings().database_url)
    pipeline.remove_place_name(engine, identifier, reason, personal_data_checked=True)
    typer.echo(f"Đã bỏ / removed: {identifier}")


@app.command("import")
def import_file(
    file: File,
    source: Origin = None,
    language: Language = "vi",
    rejected: Rejected = None,
) -> None:
    """Nhập tên từ tệp: tên, loại, tọa độ hoặc xã / import names: name, kind, point or commune."""
    engine = create_engine(load_settings().database_url)
    report = pipeline.import_place_names(engine, file, source or file.name)
    tell(report, language, rejected)
