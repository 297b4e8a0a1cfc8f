"""Places that a file's rows say in words alone: read by the rules of the place box."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from geo.importers.report import ImportReport
from geo.pipeline.records import RecordFile, import_records

HEADING = "Mã,Loại vụ việc,Ngày,Địa điểm\n"


def send(engine: Engine, folder: Path, *places: str) -> ImportReport:
    """Try a file of one row for each place; nothing of it is stored."""
    path = folder / "a.csv"
    rows = (f'A{at},tip,15/08/2025,"{place}"\n' for at, place in enumerate(places))
    path.write_text(HEADING + "".join(rows), encoding="utf-8")
    return import_records(engine, RecordFile(path, "incident"), dry_run=True)


@pytest.mark.parametrize(
    ("place", "taken", "said"),
    [
        (
            "bản Búng, xã Môn Sơn, huyện Pù Mát (Nghệ An)",
            "Xã Môn Sơn, Tỉnh Nghệ An",
            "Pù Mát là vườn quốc gia",
        ),
        ("xã Môn Sơn (Nghệ An)", "Xã Môn Sơn, Tỉnh Nghệ An", ""),
        ("Môn Sơn Nghệ An", "Xã Môn Sơn, Tỉnh Nghệ An", ""),
        ("Pù Mát / Môn Sơn / Nghệ An", "Xã Môn Sơn, Tỉnh Nghệ An", "Pù Mát là vườn quốc gia"),
        ("xã Lục Dạ, Con Cuông, Nghệ An", "Xã Môn Sơn, Tỉnh Nghệ An", "nay thuộc Xã Môn Sơn"),
        ("18.8885, 104.848", "18.88850; 104.84800", ""),
        ("cửa khẩu Nậm Cắn, Nghệ An", "19.45000; 104.08000", ""),
    ],
)
def test_what_enter_would_take_goes_in_with_what_did_not_fit(
    module_boundaries_engine: Engine, tmp_path: Path, place: str, taken: str, said: str
) -> None:
    report = send(module_boundaries_engine, tmp_path, place)
    assert (report.added, report.rejected) == (1, [])
    [warning] = report.warnings.listed
    assert warning.code == "place_described"
    assert f": {taken}." in warning.vi
    assert f": {taken}." in warning.en
    assert said in warning.vi


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("Môn Sơn, Sơn La", ("Xã Môn Sơn, Tỉnh Nghệ An", "“Sơn La” không khớp")),
        ("Con Cuông, Nghệ An", ("Xã Con Cuông, Tỉnh Nghệ An / Huyện Con Cuông",)),
        ("bản Búng, Con Cuông, Nghệ An", ("Huyện Con Cuông", "đã chia về")),
        ("Kỳ Sơn, Nghệ An", ("Huyện Kỳ Sơn", "Xã Tân Kỳ")),
        ("bản Búng", ("Không có nơi nào",)),
        ("Viêng Chăn", ("ở Lào",)),
    ],
)
def test_what_is_doubtful_is_rejected_with_the_candidates(
    module_boundaries_engine: Engine, tmp_path: Path, place: str, said: tuple[str, ...]
) -> None:
    report = send(module_boundaries_engine, tmp_path, place)
    assert report.added == 0
    [row] = report.rejected
    [problem] = row.problems
    assert problem["code"] == "place_unsure"
    assert [part for part in said if part not in problem["vi"]] == []
