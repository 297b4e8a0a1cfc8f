"""XLSX workbooks, good and hostile, through the sandbox."""

import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from geo.errors import InputError
from tests.record_files import read, reason, row_of


def workbook(path: Path, *rows: list[Any], merge: tuple[str, ...] = ()) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for cells in merge:
        book.active.merge_cells(cells)
    book.save(path)
    return path


def test_workbook_with_title_merged_heading_and_excel_dates(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "a.xlsx",
        ["BÁO CÁO THÁNG 8"],
        [],
        ["Loại vụ việc", "Ngày", "Tọa độ", None, "Số nạn nhân", "Ghi riêng"],
        [None, None, "Kinh độ", "Vĩ độ", None, None],
        ["Giải cứu nạn nhân", datetime(2025, 8, 15), 106.6, 17.1, 2, "x"],  # noqa: DTZ001
        ["tip", datetime(2025, 8, 15, 9, 30), "106,7", 17.2, 2.0, "y"],  # noqa: DTZ001
        merge=("A1:F1", "A3:A4", "B3:B4", "C3:D3", "E3:E4"),
    )
    result = read(path)
    first, second = row_of(result), row_of(result, 1)
    assert (first["row_number"], first["lon"], first["victims"]) == (5, 106.6, 2)
    assert first["occurred_to"] == datetime(2025, 8, 15, 16, 59, 59, tzinfo=UTC)
    assert second["occurred_from"] == datetime(2025, 8, 15, 2, 30, tzinfo=UTC)
    assert [note.code for note in result.notes] == ["columns_unknown"]


def test_formulas_without_a_stored_result(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "a.xlsx",
        ["kind", "date", "lon", "lat", "victims"],
        ["tip", "2025-08-15", 106.6, 17.1, "=1+1"],
        ["tip", "2025-08-15", 106.6, 17.1, 1],
    )
    problem = reason(read(path))
    assert (problem["code"], problem["column"]) == ("formula_without_value", "victims")


@pytest.mark.parametrize("name", ["a.xlsm", "a.xlsx"])
def test_a_macro_is_left_out_and_said(tmp_path: Path, name: str) -> None:
    plain = workbook(
        tmp_path / "plain.xlsx",
        ["Tin báo", None, "Vị trí", None, "Nội dung"],
        ["Loại vụ việc", "Ngày", "Kinh độ", "Vĩ độ", None],
        ["giải cứu", "15/08/2025", "107,25", "16,45", "<b onclick=alert(1)>"],
        ["tip", "31/02/2024", "#N/A", 17.1, "=HYPERLINK(1)"],
        merge=("A1:B1", "C1:D1", "E1:E2"),
    )
    sheet_type = b"spreadsheetml.sheet.main+xml"
    macro_type = b"ms-excel.sheet.macroEnabled.main+xml"
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(tmp_path / name, "w") as archive:
        for entry in source.namelist():
            content = source.read(entry)
            if entry == "[Content_Types].xml" and name.endswith("m"):
                content = content.replace(
                    b"openxmlformats-officedocument." + sheet_type, macro_type
                )
            archive.writestr(entry, content)
        archive.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0")
    result = read(tmp_path / name)
    assert result.notes[0].code == "macros_ignored"
    assert result.rows is not None
    [row] = result.rows.to_pylist()
    assert (row["kind"], row["lon"], row["narrative"]) == ("rescue", 107.25, "<b onclick=alert(1)>")
    problems = sorted((one["column"], one["code"]) for one in result.rejected[0].problems)
    assert problems == [
        ("Kinh độ", "formula_failed"),
        ("Ngày", "date_impossible"),
        ("Nội dung", "formula_without_value"),
    ]


def test_workbooks_that_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * 30_000_000)
    with pytest.raises(InputError, match="over 100:1"):
        read(path)
    with zipfile.ZipFile(path, "w") as archive:
        for index in range(1_001):
            archive.writestr(str(index), b"")
    with pytest.raises(InputError, match="1000 parts"):
        read(path)
    path.write_bytes(b"PK\x03\x04 broken")
    with pytest.raises(InputError, match="damaged"):
        read(path)
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1")
    with pytest.raises(InputError, match="workbook_old"):
        read(path)
