"""`bienmap population`: inhabitants by unit and year from files of people, listed, and kept."""

import csv
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pandas
import pytest
from sqlalchemy import Engine, text
from typer.testing import CliRunner, Result

from cli.main import app
from geo.dates import today
from geo.pipeline import Question, run_hotspots, with_staleness
from geo.store.database import transaction
from geo.store.hotspots import list_runs, populations
from geo.store.populations import replace_shipped
from geo.store.statistics import Selection, unit_counts
from geo.store.unit_sets import UnitIndex

AWKWARD = """BÁO CÁO DÂN SỐ;;;;;;;
Cấp;Mã ĐVHC;Xã;Tỉnh;Năm;Dân số (người);Ước tính;Nguồn
;17263;;;2023;1.234;;Cục Thống kê
;;Môn Sơn;Nghệ An;2024;1,234;có;
;;;;;;;
;;xã môn sơn;TỈNH NGHE AN;2022;12 345,0;không;
tỉnh;40;;;2024;3.831.694;;
;;Môn Sờm;Nghệ An;2024;500;;
;17263;;;2023;1.235;;Cục Thống kê
;17263;;;2023;1234;;Cục Thống kê
;17263;;;1978;900;;
;17263;;;{late};900;;
;17263;;;2021;12,5;;
;17263;;;2020;15.000.001;;
;17263;;;2019;;;
;40;;;2024;900;;
;99999;;;2024;900;;
;;;Nghệ An;2024;900;;
ấp;17263;;;2018;900;;
;;;;2017;900;;
;17263;;;2016;=1+1;;
;17263;;;2015;-5;;
;17263;;;2014;900;chắc vậy;
"""
REASONS = {
    8: ("unit_unknown", "Xã Môn Sơn, Tỉnh Nghệ An"),
    9: ("population_repeated", "Hàng 3 đã ghi 1234 người"),
    11: ("year_range", "từ 1979 đến"),
    12: ("year_range", "từ 1979 đến"),
    13: ("people_unreadable", "không phải nghìn người"),
    14: ("people_too_many", "15.000.000"),
    15: ("value_missing", ""),
    16: ("unit_level", "Tỉnh Nghệ An (mã 40) là cấp tỉnh"),
    17: ("unit_unknown", "Địa giới 2025 không có cấp xã mang mã “99999”"),
    18: ("unit_level", "cần cấp xã"),
    19: ("level_unknown", "xã, huyện hoặc tỉnh"),
    20: ("unit_unnamed", "tên xã và tỉnh"),
    21: ("people_unreadable", ""),
    22: ("count_negative", ""),
    23: ("flag_unreadable", "“có” hoặc “không”"),
}
FIGURES = text(
    "SELECT year, value, estimated, source FROM population"
    " WHERE (edition, level, code) = ('2025', :level, :code) ORDER BY year"
)


@pytest.fixture
def command(boundaries_url: str, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setenv("DATABASE_URL", boundaries_url)
    return CliRunner()


def send(command: CliRunner, path: Path, content: str, *options: str) -> Result:
    path.write_text(content, encoding="utf-8-sig")
    result = command.invoke(app, ["population", "import", str(path), *options])
    assert result.exit_code == 0, result.output
    return result


def figures(engine: Engine, code: str, level: str = "commune") -> dict[int, tuple[Any, ...]]:
    with transaction(engine) as connection:
        rows = connection.execute(FIGURES, {"level": level, "code": code}).all()
    return {row.year: (row.value, row.estimated, row.source) for row in rows}


def test_an_awkward_file_gives_its_figures_and_a_reason_for_every_other_row(
    command: CliRunner, boundaries_engine: Engine, tmp_path: Path
) -> None:
    shipped = figures(boundaries_engine, "17263")[2025]
    path, rejected = tmp_path / "dan-so.csv", tmp_path / "loi.csv"
    content = AWKWARD.format(late=today().year + 2)
    said = send(command, path, content, "--source", "UBND", "--rejected", str(rejected)).output
    counted = f"Đã đọc 20 hàng: thêm 4, thay đổi 0, không đổi 1, từ chối {len(REASONS)}."
    assert counted in said
    assert "bienmap hotspots run" in said
    assert figures(boundaries_engine, "17263") == {
        2022: (12345, False, "UBND"),
        2023: (1234, False, "Cục Thống kê"),
        2024: (1234, True, "UBND"),
        2025: shipped,
    }
    assert figures(boundaries_engine, "40", "province")[2024] == (3831694, False, "UBND")
    with transaction(boundaries_engine) as connection:
        kept = connection.execute(text("SELECT row_number, problems FROM rejected_row")).all()
        assert populations(connection, "2025", "commune", ["17263"], 2021) == [12345]
    assert {row.row_number: [one["code"] for one in row.problems] for row in kept} == {
        number: [code] for number, (code, _) in REASONS.items()
    }
    with rejected.open(encoding="utf-8-sig") as file:
        explained = {int(row["Hàng trong tệp"]): row for row in csv.DictReader(file)}
    for number, (_, hint) in REASONS.items():
        assert hint in explained[number]["Lỗi / cách sửa"]
    assert explained[13]["Dân số (người)"] == "12,5"


def test_sent_again_a_file_changes_nothing_and_another_value_is_a_change(
    command: CliRunner, boundaries_engine: Engine, tmp_path: Path
) -> None:
    path = tmp_path / "a.csv"
    rows = "edition,level,code,year,value,source\n2025,commune,17263,2025,{},sổ\n"
    rows += "2024,district,422,2023,120000,sổ\n"
    assert (
        "1 added, 1 changed, 0 unchanged, 0 rejected"
        in send(command, path, rows.format(13000), "--language", "en").output
    )
    again = send(command, path, rows.format(13000), "--language", "en").output
    assert "0 added, 0 changed, 2 unchanged, 0 rejected" in again
    assert "hotspots run" not in again
    assert (
        "0 added, 1 changed, 1 unchanged"
        in send(command, path, rows.format(13001), "--language", "en").output
    )
    assert figures(boundaries_engine, "17263")[2025] == (13001, False, "sổ")
    with transaction(boundaries_engine) as connection:
        before = connection.scalar(
            text(
                "SELECT content::jsonb -> 'before' ->> 'value' FROM audit_entry"
                " WHERE content::jsonb ->> 'object' = 'population'"
                " AND content::jsonb ->> 'action' = 'UPDATE' ORDER BY id DESC LIMIT 1"
            )
        )
    assert before == "13000"


def test_a_workbook_without_a_column_for_communes_is_of_provinces(
    command: CliRunner, boundaries_engine: Engine, tmp_path: Path
) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        ("Tỉnh/Thành phố", "Năm", "Số dân"),
        ("Nghệ An", 2023, 3_400_000),
        ("Quảng Trị", 2023, "=B2*2"),  # never computed: nothing is stored beside it
        ("Lạng Sơn", 2023, "802.090"),
    ):
        sheet.append(row)
    path = tmp_path / "tinh.xlsx"
    book.save(path)
    said = command.invoke(app, ["population", "import", str(path)]).output
    assert "thêm 2, thay đổi 0, không đổi 0, từ chối 1." in said
    assert "Công thức chưa có kết quả: 1" in said
    assert figures(boundaries_engine, "40", "province")[2023] == (3_400_000, False, "tinh.xlsx")
    shown = command.invoke(
        app, ["population", "list", "--level", "province", "--year", "2023"],
        env={"COLUMNS": "200"},
    ).output  # fmt: skip
    assert "3.400.000" in shown
    assert "802.090" in shown
    assert "tinh.xlsx" in shown
    assert "2025" in command.invoke(app, ["population", "list", "--limit", "1"]).output


def test_imported_figures_stay_when_boundaries_are_loaded_again(
    command: CliRunner, boundaries_engine: Engine, tmp_path: Path, project_root: Path
) -> None:
    send(command, tmp_path / "a.csv", "Mã,Năm,Số dân\n17263,2025,13000\n17263,2024,12900\n")
    assert command.invoke(app, ["boundaries", "load-embedded"]).exit_code == 0
    folder = project_root / "data" / "boundaries"
    swapped = command.invoke(
        app,
        ["boundaries", "import", str(folder / "2024" / "provinces.fgb"), "--edition", "2024",
         "--level", "province", "--no-hotspots"],
    )  # fmt: skip
    assert swapped.exit_code == 0, swapped.output
    shipped = pandas.read_csv(folder / "population.csv", dtype={"edition": str, "code": str})
    with transaction(boundaries_engine) as connection:
        # As when the editions of a database are loaded anew.
        replace_shipped(connection, shipped)
        count = connection.scalar(text("SELECT count(*) FROM population"))
    assert count == len(shipped) + 1
    kept = figures(boundaries_engine, "17263")
    assert {year: value for year, (value, *_) in kept.items()} == {2024: 12900, 2025: 13000}


def test_runs_become_stale_and_parts_of_records_follow_the_new_inhabitants(
    command: CliRunner, boundaries_engine: Engine, tmp_path: Path
) -> None:
    records = "Loại,Ngày,Tỉnh\n"
    for number, province in enumerate(["Nghệ An"] * 8 + ["Quảng Trị", "Lạng Sơn"] * 3):
        records += f"tip,{date(2026, 1, 1) + timedelta(days=number)},{province}\n"
    (tmp_path / "vu-viec.csv").write_text(records, encoding="utf-8")
    done = command.invoke(app, ["import", "incidents", str(tmp_path / "vu-viec.csv")])
    assert done.exit_code == 0, done.output
    period = date(2026, 1, 1), date(2026, 7, 1)
    run_hotspots(boundaries_engine, Question("2025", "province", *period))
    index = UnitIndex()

    def state() -> tuple[str | None, float]:
        with transaction(boundaries_engine) as connection:
            runs = list_runs(connection, "2025", "province", also_restricted=True)
            (run,) = with_staleness(connection, runs)
            selection = Selection("2025", "commune", date(2026, 1, 1), date(2026, 12, 31))
            parts = unit_counts(connection, selection, "incidents", index).apportioned
        return run["stale_reason"], parts["17263"]

    reason, part = state()
    assert reason is None
    # Of a commune alone: the run is of provinces, and only shares are others.
    send(command, tmp_path / "a.csv", "Mã,Năm,Số dân\n17263,2026,500.000\n")
    reason, larger = state()
    assert reason is None
    assert larger > 20 * part
    send(command, tmp_path / "b.csv", "Cấp,Mã,Năm,Số dân\ntỉnh,40,2026,5.000.000\n")
    assert state() == ("data", larger)
