"""What the import commands share: their options, and telling what became of a file."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from geo.importers.report import ImportReport

File = Annotated[Path, typer.Argument(metavar="FILE", help="tệp CSV hoặc XLSX / CSV or XLSX file")]
Origin = Annotated[str | None, typer.Option(help="nguồn; mặc định tên tệp / file name")]
Language = Annotated[Literal["vi", "en"], typer.Option(help="ngôn ngữ báo cáo / report language")]
Rejected = Annotated[
    Path | None, typer.Option(help="ghi hàng bị từ chối vào CSV / write rejected rows as CSV")
]


def tell(report: ImportReport, language: Literal["vi", "en"], rejected: Path | None) -> None:
    """Print the report, and write rejected rows where somebody wants them."""
    typer.echo(report.render(language))
    if rejected and report.rejected:
        report.write_rejected(rejected, language)
        said = "Đã ghi các hàng bị từ chối vào" if language == "vi" else "Rejected rows are in"
        typer.echo(f"{said} {rejected}")
