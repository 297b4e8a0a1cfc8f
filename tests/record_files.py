"""What tests of record files share: a few units, and short ways to read and to look."""

from datetime import date
from pathlib import Path
from typing import Any

from geo.boundaries.names import UnitNames
from geo.importers.tables import ReadResult, read_records
from geo.records.fields import RecordType

TODAY = date(2026, 11, 24)
NAMES = UnitNames(
    [
        ("2025", "province", "44", "Tỉnh Quảng Trị", "Quảng Trị", None),
        ("2025", "province", "46", "Thành phố Huế", "Huế", None),
        ("2025", "commune", "18904", "Xã Dân Hóa", "Dân Hóa", "44"),
        ("2025", "commune", "19001", "Xã Tân Lập", "Tân Lập", "44"),
        ("2025", "commune", "19002", "Phường Tân Lập", "Tân Lập", "46"),
        ("2025", "commune", "19003", "Xã A Lưới 1", "A Lưới 1", "46"),
        ("2024", "province", "45", "Tỉnh Quảng Trị", "Quảng Trị", None),
        ("2024", "district", "465", "Huyện Hướng Hóa", "Hướng Hóa", "45"),
    ]
)


def read(path: Path, record_type: RecordType = "incident", **options: Any) -> ReadResult:
    """Read a file as of TODAY."""
    return read_records(path, record_type, names=NAMES, today=TODAY, **options)


def row_of(result: ReadResult, index: int = 0) -> dict[str, Any]:
    """One of the good rows, where none was rejected."""
    assert result.rejected == []
    assert result.rows is not None
    row: dict[str, Any] = result.rows.to_pylist()[index]
    return row


def codes_of(result: ReadResult) -> list[list[str]]:
    """Codes of the problems of each rejected row."""
    return [[problem["code"] for problem in row.problems] for row in result.rejected]


def reason(result: ReadResult) -> dict[str, Any]:
    """The only problem of the only rejected row."""
    [row] = result.rejected
    [problem] = row.problems
    return problem
