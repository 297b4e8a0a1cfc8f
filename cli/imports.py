"""Commands that bring records in from files."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, SpinnerColumn, TextColumn

from cli.import_reports import File, Language, Rejected, tell
from geo import pipeline
from geo.importers.tables import DEFAULT_MAX_BYTES
from geo.pipeline.records import DEFAULT_SOURCE
from geo.records.fields import RecordType
from geo.settings import load_settings
from geo.store.database import create_engine

app = typer.Typer(no_args_is_help=True)

Source = Annotated[
    str, typer.Option(help="nguồn; cùng nguồn và mã là cùng bản ghi / whose records these are")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="chỉ kiểm tra / check only")]
MaxBytes = Annotated[int, typer.Option(min=1, help="dung lượng tệp tối đa / largest file, bytes")]


COMMANDS: dict[str, tuple[RecordType, str]] = {
    "incidents": ("incident", "Nhập vụ việc / import incidents."),
    "outreach": ("outreach_event", "Nhập hoạt động tuyên truyền / import outreach events."),
    "networks": (
        "network",
        "Nhập đường dây, mỗi hàng một điểm / import networks, one row for each place.",
    ),
    "support": (
        "support_measure",
        "Nhập số liệu hỗ trợ nạn nhân / import figures on the support of victims.",
    ),
    "models": (
        "prevention_model",
        "Nhập câu lạc bộ, mô hình phòng ngừa / import prevention clubs and models.",
    ),
}


def _command(record_type: RecordType) -> Callable[..., None]:
    def command(
        file: File,
        source: Source = DEFAULT_SOURCE,
        dry_run: DryRun = False,
        language: Language = "vi",
        rejected: Rejected = None,
        max_bytes: MaxBytes = DEFAULT_MAX_BYTES,
    ) -> None:
        _import(file, record_type, source, dry_run, language, rejected, max_bytes)

    return command


for name, (kind, description) in COMMANDS.items():
    app.command(name, help=description)(_command(kind))


def _import(
    file: Path,
    record_type: RecordType,
    source: str,
    dry_run: bool,
    language: Literal["vi", "en"],
    rejected: Path | None,
    max_bytes: int,
) -> None:
    engine = create_engine(load_settings().database_url)
    title = "Đang nhập" if language == "vi" else "Importing"
    # On standard error, so that the report can be piped.
    with Progress(
        SpinnerColumn(),
        TextColumn(f"{title} {{task.description}}"),
        BarColumn(),
        DownloadColumn(),
        console=Console(stderr=True),
        transient=True,
    ) as bar:
        task = bar.add_task(file.name.replace("[", "("), total=None)
        report = pipeline.import_records(
            engine,
            pipeline.RecordFile(file, record_type, source, max_bytes=max_bytes),
            dry_run=dry_run,
            progress=lambda done, total: bar.update(task, completed=done, total=total),
        )
    engine.dispose()
    tell(report, language, rejected)
