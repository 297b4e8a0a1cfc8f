"""Inhabitants of units by year."""

from typing import Annotated, Literal

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli.import_reports import File, Language, Origin, Rejected, tell
from geo import pipeline
from geo.settings import load_settings
from geo.store.database import create_engine, transaction
from geo.store.populations import list_populations

app = typer.Typer(no_args_is_help=True)

Level = Literal["province", "district", "commune"]


@app.command("import")
def import_file(
    file: File,
    source: Origin = None,
    language: Language = "vi",
    rejected: Rejected = None,
) -> None:
    """Nhập số dân: đơn vị, năm, số dân, nguồn / import inhabitants: unit, year, number, source."""
    engine = create_engine(load_settings().database_url)
    report = pipeline.import_populations(engine, file, source or file.name)
    tell(report, language, rejected)
    if report.added or report.changed:
        typer.echo(
            "Điểm nóng tính từ số dân cũ nay được ghi là đã cũ: hãy chạy `bienmap hotspots run`."
            if language == "vi"
            else "Hotspots computed from other figures are marked as outdated: run `bienmap"
            " hotspots run`."
        )


@app.command("list")
def listing(
    level: Annotated[Level | None, typer.Option(help="cấp / level")] = None,
    year: Annotated[int | None, typer.Option(help="năm / year")] = None,
    limit: Annotated[int, typer.Option(min=1, help="số dòng / how many")] = 100,
) -> None:
    """Số dân đang dùng, năm mới nhất trước / the figures in use, the newest year first."""
    with transaction(create_engine(load_settings().database_url)) as connection:
        found = list_populations(connection, level=level, year=year, limit=limit)
    table = Table("địa giới / edition", "cấp / level", "mã / code", "đơn vị / unit", "năm / year",
                  "số dân / population", "nguồn / source", "tệp / file")  # fmt: skip
    for one in found:
        people = f"{one['value']:,}".replace(",", ".")
        if one["estimated"]:
            people += "\nước tính / estimated"
        file = one["file_name"] or "đi kèm / shipped"
        texts = (one["edition"], one["level"], one["code"], one["full_name"] or "",
                 str(one["year"]), people, one["source"], file)  # fmt: skip
        table.add_row(*map(Text, texts))
    Console().print(table)
    if found and found[0]["total"] > len(found):
        typer.echo(f"{len(found)} / {found[0]['total']} (--limit, --level, --year)")
