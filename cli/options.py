"""Options that several commands share, and what is refused of them before anything is computed."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Literal, overload

import typer

from geo.records.code_lists import code_list

Edition = Annotated[Literal["2024", "2025"], typer.Option(help="phiên bản / boundary edition")]
Level = Annotated[Literal["province", "district", "commune"], typer.Option(help="cấp / level")]
First = Annotated[
    datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="từ ngày / first day")
]
Last = Annotated[
    datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="đến hết / last day")
]
Kinds = Annotated[list[str] | None, typer.Option(help="loại vụ việc / kind of incident")]


@overload
def days(first: datetime, last: datetime) -> tuple[date, date]:
    """Of days that are both given."""


@overload
def days(first: datetime | None, last: datetime | None) -> tuple[date | None, date | None]:
    """Of days that need not be given."""


def days(first: datetime | None, last: datetime | None) -> tuple[date | None, date | None]:
    """The period [first, last) of a first and a last day, where they are given."""
    if first and last and last < first:
        raise typer.BadParameter("--to đứng trước --from / --to lies before --from")
    return first and first.date(), last and last.date() + timedelta(days=1)


def check_level(edition: str, level: str) -> None:
    """Refuse the districts of an edition that has none."""
    if (edition, level) == ("2025", "district"):
        raise typer.BadParameter("từ 01/7/2025 không còn cấp huyện / districts ended in 2025")


def check_codes(name: str, codes: Iterable[str]) -> None:
    """Refuse codes that a code list does not have."""
    if unknown := set(codes) - set(code_list(name)):
        raise typer.BadParameter(f"không có mã / no such code: {', '.join(sorted(unknown))}")


def file_of(*endings: str) -> Callable[[Path | None], Path | None]:
    """A check of the file that an option names: its ending, and that its folder is there."""

    def check(path: Path | None) -> Path | None:
        if path and path.suffix.lower() not in endings:
            raise typer.BadParameter(f"tệp / file: {', '.join(endings)}")
        if path and not path.parent.is_dir():
            raise typer.BadParameter(f"không có thư mục / no such folder: {path.parent}")
        return path

    return check
